"""Budget, unit guard and provenance in LangChain's own agent."""

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st
from langchain.agents import create_agent
from langchain_core.messages import HumanMessage

from terrascope_sdk.agent.middleware import BudgetMiddleware, Provenance, UnitGuard
from terrascope_sdk.agent.stated_numbers import Known, agree, stated_in
from terrascope_sdk.agent.tools import terrascope_tools
from terrascope_sdk.engine.indices import IndexReasoner
from terrascope_sdk.plan.tool_budget import ToolBudget
from tests.agent.scripted_caller import ScriptedCaller, calls

QUESTION = "How many hectares of water are there?"
ASKED = {"messages": [HumanMessage(QUESTION)]}
ASK = calls(("answer_question", {"question": QUESTION, "aoi": "spain", "sensor": "optical"}))


@pytest.fixture(scope="module")
def tools(tmp_path_factory):
    return terrascope_tools(workspace=tmp_path_factory.mktemp("tools"), reasoner=IndexReasoner())


@pytest.fixture(scope="module")
def hectares(tools):
    found = tools[0].toolbox.call(ASK[0]["name"], ASK[0]["args"]).artifact["measurements"][0]
    return found["value"] / 1e4


def run(tools, middleware, *turns):
    return create_agent(ScriptedCaller(turns=list(turns)), tools, middleware=middleware).invoke(ASKED)["messages"]


# ----------------------------------------------------------------------------------------------------------- numbers


@pytest.mark.parametrize(
    ("text", "value", "dimension"),
    [
        ("631.1 ha", 6_311_000, "area"),
        ("631,1 ha", 6_311_000, "area"),
        ("1,234 m2", 1234, "area"),
        ("6.3 km²", 6_300_000, "area"),
        ("12 square kilometres", 12e6, "area"),
        ("31 %", 0.31, "share"),
        ("31 percent", 0.31, "share"),
        ("500 m", 500, "length"),
        ("1.5 km", 1500, "length"),
        ("12 patches", 12, "count"),
        ("10 acres", 40468.564224, "area"),
    ],
)
def test_numbers_are_read_with_their_units(text, value, dimension):
    (found,) = stated_in(f"It is about {text}, in 2019.")
    assert found.dimension == dimension
    assert any(v == pytest.approx(value) for v, _ in found.readings)


def test_what_is_no_quantity_is_left_alone():
    text = "On 2019-09-18 with Sentinel-2 in band B4 (mask-0123456789abcdef) at 10:30, model 3 may be 5 minutes late."
    assert list(stated_in(text)) == []


def test_both_ends_of_a_range_count():
    assert [s.number for s in stated_in("503.4 to 764.2 ha")] == ["503.4", "764.2"]


@given(st.floats(0.01, 1e6), st.integers(0, 4))
def test_rounding_agrees_and_another_scale_does_not(hectares, digits):
    known = [Known("area", hectares * 1e4)]
    (rounded,) = stated_in(f"{hectares:.{digits}f} ha")
    assert agree(rounded, known) is not None
    (wrong,) = stated_in(f"{hectares:.{digits}f} km2")
    assert agree(wrong, known) is None or hectares < 0.6


# ------------------------------------------------------------------------------------------------------------- guard


def test_a_right_number_passes_untouched(tools, hectares):
    for told in (f"{hectares:.1f} ha", f"{hectares / 100:.2f} km2", f"about {hectares:.0f} hectares"):
        final = run(tools, [UnitGuard()], lambda m: ASK, lambda m, told=told: f"There are {told} of water.")
        assert final[-1].content == f"There are {told} of water."
        assert len(final) == 4


def test_a_wrong_scale_is_sent_back_once_and_can_be_repaired(tools, hectares):
    final = run(
        tools, [UnitGuard()], lambda m: ASK, lambda m: f"{hectares:.1f} km2 of water.", lambda m: f"{hectares:.1f} ha."
    )
    assert final[-1].content == f"{hectares:.1f} ha."
    assert f"a tool gave {hectares:.1f} ha" in final[-2].content


def test_an_invented_number_that_stays_is_marked_for_all_to_see(tools):
    final = run(tools, [UnitGuard()], lambda m: ASK, lambda m: "Some 99.9 km2, I think.", lambda m: "It is 99.9 km2.")
    assert final[-1].content == "It is 99.9 km2.\n[Not measured by any tool: 99.9 km2 (no tool gave it)]"
    assert sum(isinstance(m, HumanMessage) for m in final) == 2


def test_a_number_of_the_question_is_no_measurement():
    asked = {"messages": [HumanMessage("Is it true that there are 42 ha of water?")]}
    agent = create_agent(ScriptedCaller(turns=[lambda m: "Yes, 42 ha."]), [], middleware=[UnitGuard()])
    assert "Not measured" in agent.invoke(asked)["messages"][-1].content


def test_a_parameter_of_a_call_may_be_repeated(tools):
    call = calls(("combine_masks", {"operation": "buffer", "masks": ["mask-0123456789abcdef"], "distance_m": 500}))
    final = run(tools, [UnitGuard()], lambda m: call, lambda m: "I looked within 500 m and failed.")
    assert final[-1].content == "I looked within 500 m and failed."


# ------------------------------------------------------------------------------------------------------------ budget


def test_calls_beyond_the_budget_are_refused_in_order_with_both_numbers(tools):
    two = calls(("find_imagery", {"aoi": "spain"}), ("find_imagery", {"aoi": "kampala"}))
    final = run(tools, [BudgetMiddleware(ToolBudget(calls=1))], lambda m: two, lambda m: two[:1], lambda m: "done")
    told = [m for m in final if m.type == "tool"]
    assert [m.status for m in told] == ["success", "error", "error"]
    assert "tool call 2, and 1 are allowed" in told[1].content
    assert told[1].content.startswith("This failed, go on without it:")


async def test_the_budget_holds_asynchronously(tools):
    two = calls(("find_imagery", {"aoi": "spain"}), ("find_imagery", {"aoi": "kampala"}))
    agent = create_agent(
        ScriptedCaller(turns=[lambda m: two, lambda m: "done"]),
        tools,
        middleware=[BudgetMiddleware(ToolBudget(calls=1))],
    )
    final = (await agent.ainvoke(ASKED))["messages"]
    assert sorted(m.status for m in final if m.type == "tool") == ["error", "success"]


def test_bytes_and_seconds_are_counted_from_the_messages(tools):
    budget = ToolBudget(load_bytes=1000, seconds=1000)
    final = run(tools, [BudgetMiddleware(budget)], lambda m: ASK, lambda m: ASK, lambda m: "done")
    told = [m for m in final if m.type == "tool"]
    assert [m.status for m in told] == ["success", "error"]
    assert "0.0 MB are allowed" in told[1].content


def test_each_question_has_its_own_budget(tools):
    once = calls(("find_imagery", {"aoi": "spain"}))
    middleware = [BudgetMiddleware(ToolBudget(calls=1))]
    agent = create_agent(
        ScriptedCaller(turns=[lambda m: once, lambda m: "one", lambda m: once, lambda m: "two"]), tools,
        middleware=middleware,
    )  # fmt: skip
    first = agent.invoke(ASKED)["messages"]
    second = agent.invoke({"messages": [*first, HumanMessage("And again?")]})["messages"]
    assert [m.status for m in second if m.type == "tool"] == ["success", "success"]


# -------------------------------------------------------------------------------------------------------- provenance


def test_the_final_message_says_where_its_numbers_come_from(tools, hectares):
    final = run(tools, [Provenance()], lambda m: ASK, lambda m: f"There are {hectares:.1f} ha.")[-1]
    behind = final.additional_kwargs["terrascope"]
    (number,) = behind["numbers"]
    assert number["value"] == pytest.approx(hectares * 1e4)
    assert number["unit"] == "m2"
    assert number["tool_call_id"] == ASK[0]["id"]
    assert behind["plans"] == [number["plan"]]
    assert all(m in tools[0].toolbox.workspace for m in behind["masks"])
    assert final.content.endswith(f"[Sources: {', '.join([*behind['plans'], *behind['masks']])}]")


def test_all_three_work_together_and_quietly(tools, hectares):
    middleware = [BudgetMiddleware(ToolBudget(calls=3)), UnitGuard(), Provenance(visible=False)]
    final = run(tools, middleware, lambda m: ASK, lambda m: "7 km2", lambda m: f"{hectares:.1f} ha")
    assert final[-1].content == f"{hectares:.1f} ha"
    assert final[-1].additional_kwargs["terrascope"]["plans"]


def test_a_text_without_tools_gets_no_sources(tools):
    final = run(tools, [Provenance()], lambda m: "Hello.")[-1]
    assert final.content == "Hello."
    assert "terrascope" not in final.additional_kwargs


def test_without_langchain_the_extra_is_named():
    code = """
import sys
sys.modules["langchain"] = None
from terrascope_sdk.errors import MissingDependency
try:
    import terrascope_sdk.agent.middleware
except MissingDependency as err:
    print(err)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "terrascope-sdk[agents]" in done.stdout
