"""A scripted chat model drives the tools through LangChain's own agent to a right answer."""

import asyncio
import json

import pytest
from langchain.agents import create_agent
from langgraph.checkpoint.memory import InMemorySaver

from terrascope_sdk.agent.tools import terrascope_tools
from terrascope_sdk.engine.indices import IndexReasoner
from tests.agent.scripted_caller import ScriptedCaller, artifacts, calls

ASKED = {"messages": [{"role": "user", "content": "How much water and how much vegetation is there in Spain?"}]}


@pytest.fixture(scope="module")
def tools(tmp_path_factory):
    return terrascope_tools(workspace=tmp_path_factory.mktemp("tools"), reasoner=IndexReasoner())


def last(messages, tool, key):
    return artifacts(messages, tool)[-1][key]


def measured(messages):
    numbers = [a["measurements"][0] for a in artifacts(messages, "measure_mask")]
    return " and ".join(f"{n['value'] / 1e4:.1f} ha of {n['subject'].split(',')[0]}" for n in numbers)


TURNS = [
    lambda m: calls(("find_imagery", {"aoi": "spain", "sensor": "optical"})),
    lambda m: calls(("load_imagery", {"imagery": last(m, "find_imagery", "imagery"), "scenes": [1]})),
    lambda m: calls(
        *(
            ("ground_concept", {"stack": last(m, "load_imagery", "stack"), "concept": c})
            for c in ("water", "vegetation")
        )
    ),
    lambda m: calls(
        *(("measure_mask", {"quantity": "area", "mask": a["mask"]}) for a in artifacts(m, "ground_concept"))
    ),
    measured,
]


def expected(tools, concept):
    box = tools[0].toolbox
    return box.call(
        "answer_question",
        {"question": f"How many hectares of {concept} are there?", "aoi": "spain", "sensor": "optical"},
    ).artifact["measurements"][0]["value"]


def test_a_model_reaches_the_right_answer_with_parallel_calls(tools):
    agent = create_agent(ScriptedCaller(turns=TURNS), tools, checkpointer=InMemorySaver())
    config = {"configurable": {"thread_id": "t"}}
    final = agent.invoke(ASKED, config)["messages"]
    assert f"{expected(tools, 'water') / 1e4:.1f} ha of water" in final[-1].content
    assert f"{expected(tools, 'vegetation') / 1e4:.1f} ha of" in final[-1].content
    both = [m for m in final if m.type == "tool" and m.name == "ground_concept"]
    assert [m.status for m in both] == ["success", "success"]
    assert both[0].artifact["mask"] != both[1].artifact["mask"]
    for message in agent.get_state(config).values["messages"]:
        if message.type == "tool":
            assert json.loads(json.dumps(message.artifact)) == message.artifact


async def test_the_same_asynchronously(tools):
    agent = create_agent(ScriptedCaller(turns=TURNS), tools)
    one, other = await asyncio.gather(agent.ainvoke(ASKED), agent.ainvoke(ASKED))
    assert one["messages"][-1].content == other["messages"][-1].content == agent.invoke(ASKED)["messages"][-1].content


def test_an_error_is_repaired_on_the_second_call(tools):
    def again(messages):
        refused = messages[-1]
        assert refused.status == "error"
        assert refused.content.startswith("Fix your arguments and call again:")
        place = next(name for name in ("spain", "kampala") if name in refused.content)
        return calls(("find_imagery", {"aoi": place}))

    turns = [
        lambda m: calls(("find_imagery", {"aoi": "./spain.geojson"})),
        again,
        lambda m: f"There are {len(m[-1].artifact['scenes'])} scenes.",
    ]
    final = create_agent(ScriptedCaller(turns=turns), tools).invoke(ASKED)["messages"]
    assert final[-1].content == "There are 2 scenes."
    assert [m.status for m in final if m.type == "tool"] == ["error", "success"]


def test_one_call_of_two_may_fail_without_the_other(tools):
    turns = [
        lambda m: calls(("find_imagery", {"aoi": "spain"}), ("find_imagery", {"aoi": "/etc/passwd"})),
        lambda m: "done",
    ]
    final = create_agent(ScriptedCaller(turns=turns), tools).invoke(ASKED)["messages"]
    assert sorted(m.status for m in final if m.type == "tool") == ["error", "success"]


def test_events_reach_the_custom_stream(tools):
    turns = [
        lambda m: calls(("answer_question", {"question": "What share is water?", "aoi": "spain"})),
        lambda m: "done",
    ]
    agent = create_agent(ScriptedCaller(turns=turns), tools)
    kinds = [part["kind"] for part in agent.stream(ASKED, stream_mode="custom")]
    assert {"plan", "stack", "measurement", "answer"} <= set(kinds)


def test_the_unexpected_ends_no_run_and_tells_little(tmp_path, caplog):
    class Broken(IndexReasoner):
        def ground(self, stack, request):
            raise KeyError("secret of the inside")

    tools = terrascope_tools(workspace=tmp_path, reasoner=Broken())
    turns = [*TURNS[:2], lambda m: TURNS[2](m)[:1], lambda m: "gave up"]
    final = create_agent(ScriptedCaller(turns=turns), tools).invoke(ASKED)["messages"]
    failed = final[-2]
    assert (failed.status, final[-1].content) == ("error", "gave up")
    assert "secret" not in failed.content
    assert "secret of the inside" in caplog.text
