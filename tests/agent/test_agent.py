"""The graph runs the same stages, carries plain values, and streams what happens."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from langgraph.checkpoint.memory import InMemorySaver
from langgraph.checkpoint.sqlite import SqliteSaver

from terrascope_sdk.agent.agent import Agent
from terrascope_sdk.agent.graph import NODES
from terrascope_sdk.errors import InputError, NoScenesFound
from terrascope_sdk.plan.execute import execute, run_stages
from terrascope_sdk.plan.language import Plan
from terrascope_sdk.plan.stages import Stages, start_state
from terrascope_sdk.plan.workspace import Workspace
from terrascope_sdk.types import Answer

QUESTION = "What share of the scene is water, and how many hectares is that?"
PLACE = "santa-barbara"


def same(one: Answer, other: Answer) -> bool:
    drop = {"created"}
    return all(one.to_json()[k] == other.to_json()[k] for k in one.to_json().keys() - drop)


@pytest.fixture(scope="module")
def workspace(tmp_path_factory):
    return Workspace(tmp_path_factory.mktemp("workspace"))


def test_graph_plan_and_plain_stages_give_the_same_answer(workspace):
    by_graph = Agent(workspace=workspace).ask(QUESTION, aoi="spain")
    stages = Stages(workspace=workspace)
    by_hand = run_stages(stages, start_state(QUESTION, aoi="spain"))
    by_plan = execute(Plan.parse(by_graph.plan), stages=stages)
    assert by_graph.status == "answered"
    assert same(by_graph, by_hand)
    assert same(by_graph, by_plan)


def test_a_fresh_workspace_changes_nothing(workspace, tmp_path):
    assert same(
        Agent(workspace=workspace).ask(QUESTION, aoi="spain"), Agent(workspace=tmp_path).ask(QUESTION, aoi="spain")
    )


def test_what_happens_is_streamed_in_order_and_the_answer_comes_last(workspace):
    *events, answer = Agent(workspace=workspace).stream(QUESTION, aoi="spain")
    kinds = [e.kind for e in events]
    assert isinstance(answer, Answer)
    order = ("plan", "scenes", "cost", "stack", "step", "measurement", "check", "answer")
    assert list(order) == list(dict.fromkeys(k for k in kinds if k not in {"warning", "stage"}))
    for event in events:
        json.dumps(event.to_json(), allow_nan=False)
        assert len(json.dumps(event.to_json())) < 64_000


def test_the_state_is_plain_and_small(workspace):
    agent = Agent(workspace=workspace, checkpointer=InMemorySaver())
    agent.ask(QUESTION, aoi="spain", thread_id="t")
    states = list(agent.graph.get_state_history({"configurable": {"thread_id": "t"}}))
    assert len(states) == len(NODES) + 2
    for snapshot in states:
        text = json.dumps(snapshot.values, allow_nan=False)
        assert json.loads(text) == snapshot.values
        assert len(text) < 64 * 1024


def test_another_process_reads_the_checkpoint_and_the_answer(workspace, tmp_path):
    database = tmp_path / "threads.sqlite"
    with SqliteSaver.from_conn_string(str(database)) as saver:
        answer = Agent(workspace=workspace, checkpointer=saver).ask(QUESTION, aoi="spain", thread_id="t")
    code = f"""
from langgraph.checkpoint.sqlite import SqliteSaver
from terrascope_sdk.agent.agent import Agent
from terrascope_sdk.agent.graph import NODES
with SqliteSaver.from_conn_string({str(database)!r}) as saver:
    agent = Agent(workspace={str(workspace.folder)!r}, checkpointer=saver)
    state = agent.graph.get_state({{"configurable": {{"thread_id": "t"}}}})
    print(agent.stages.read_answer(state.values["answer"]).text)
"""
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=Path(__file__).parents[2]
    )
    assert done.stdout.strip() == answer.text


def test_a_run_that_ends_early_goes_straight_to_the_answer(workspace):
    agent = Agent(workspace=workspace)
    *events, answer = agent.stream("How many people live here?", aoi="spain")
    assert answer.status == "cannot_answer"
    assert [e.kind for e in events] == ["stage", "stage", "answer"]
    assert agent.ask("How much water is there?").status == "needs_input"


def test_errors_pass_through_the_graph_as_they_are(workspace):
    agent = Agent(workspace=workspace)
    with pytest.raises(NoScenesFound):
        agent.ask(QUESTION, aoi=(0, 0, 1, 1))
    with pytest.raises(InputError):
        agent.ask("  ", aoi="spain")


def test_nothing_is_computed_twice_in_one_workspace(workspace):
    class Counting:
        def __init__(self, inner):
            self.inner, self.name, self.calls = inner, inner.name, 0

        def unseen(self, stack, request):
            return self.inner.unseen(stack, request)

        def ground(self, stack, request):
            self.calls += 1
            return self.inner.ground(stack, request)

        def reason(self, stack, question):
            return self.inner.reason(stack, question)

    Agent(workspace=workspace).ask(QUESTION, aoi="spain")
    counting = Counting(Stages(workspace=workspace).reasoner)
    answer = Agent(workspace=workspace, reasoner=counting).ask("How much water is there?", aoi="spain")
    assert answer.status == "answered"
    assert counting.calls == 0


def test_the_graph_can_be_drawn():
    nodes = Agent().graph.get_graph().nodes
    assert set(NODES) <= set(nodes)


def test_a_thread_that_is_asked_again_keeps_nothing_of_the_question_before(workspace):
    agent = Agent(workspace=workspace, checkpointer=InMemorySaver())
    first = agent.ask(QUESTION, aoi="spain", thread_id="t")
    second = agent.ask("How many people live here?", aoi="spain", thread_id="t")
    third = agent.ask("Does vegetation touch the water?", aoi="bolzano", thread_id="t")
    assert (first.status, second.status, third.status) == ("answered", "cannot_answer", "answered")
    assert (second.chains, second.measurements, second.plan, second.provenance.scenes) == ((), (), {}, ())
    assert same(third, Agent(workspace=workspace).ask("Does vegetation touch the water?", aoi="bolzano"))
