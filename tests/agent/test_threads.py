"""Threads: review, follow-ups, forks, history, cancelling, and what a checkpoint holds."""

import json
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from langgraph.checkpoint.memory import InMemorySaver
from langgraph.types import Command
from pydantic import ValidationError

from terrascope_sdk.agent.agent import Agent
from terrascope_sdk.agent.graph import NODES
from terrascope_sdk.engine.indices import IndexReasoner
from terrascope_sdk.errors import InputError, NoScenesFound
from terrascope_sdk.plan.language import Plan
from terrascope_sdk.plan.outcomes import NeedsInput, Planned
from terrascope_sdk.plan.rules import plan_question
from terrascope_sdk.plan.workspace import Workspace
from tests.agent.thread_runs import AREA, QUESTION, Counting

ROOT = Path(__file__).parents[2]


def plain(value):
    """Return whether a value is made of plain JSON values and nothing else."""
    if isinstance(value, dict):
        return all(type(k) is str and plain(v) for k, v in value.items())
    if isinstance(value, list):
        return all(plain(v) for v in value)
    return value is None or type(value) in (str, int, float, bool)


def same(one, other):
    return all(one.to_json()[k] == other.to_json()[k] for k in one.to_json().keys() - {"created"})


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("threads")


@pytest.fixture
def agent(folder):
    return Agent(workspace=folder, reasoner=IndexReasoner())


def edited(plan, **fields):
    """Return a plan with fields of one of its steps changed."""
    document = plan if isinstance(plan, dict) else plan.to_json()
    steps = [s | (fields if s["id"] == fields["id"] else {}) for s in document["steps"]]
    return Plan.parse(dict(document) | {"steps": steps})


# ------------------------------------------------------------------------------------------------------- checkpoints


LARGE = {
    "type": "Polygon",
    "coordinates": [
        [[-0.765 + 0.015 * i / 3000, 38.095] for i in range(3000)] + [[-0.75, 38.11], [-0.765, 38.11], [-0.765, 38.095]]
    ],
}


@pytest.mark.parametrize(
    ("question", "aoi"),
    [
        (QUESTION, AREA),
        ("How many people live here?", AREA),
        ("How much water is there?", None),
        ("What share of the scene is water?", LARGE),
    ],
)
def test_every_checkpoint_is_plain_and_small(agent, question, aoi):
    name = f"{question}{aoi is LARGE}{aoi is None}"
    agent.ask(question, aoi=aoi, thread_id=name)
    states = list(agent.graph.get_state_history({"configurable": {"thread_id": name}}))
    assert len(states) >= 4
    for state in states:
        assert plain(dict(state.values))
        assert json.loads(json.dumps(state.values, allow_nan=False)) == state.values
    rows = agent.checkpointer.conn.execute(
        "select length(checkpoint) + length(metadata) from checkpoints where thread_id = ? union all "
        "select sum(length(value)) from writes where thread_id = ? group by checkpoint_id",
        (name, name),
    )
    assert max(size for (size,) in rows) < 64 * 1024


def test_a_large_outline_is_measured_and_stays_out_of_the_state(agent):
    answer = agent.ask("What share of the scene is water?", aoi=LARGE, thread_id="large")
    assert answer.status == "answered"
    last = agent.graph.get_state({"configurable": {"thread_id": "large"}})
    assert len(json.dumps(last.values)) < 16_000
    assert len(json.dumps(answer.plan["aoi"])) > 64_000


def test_the_file_of_threads_makes_no_objects(agent):
    serde = agent.checkpointer.serde
    assert serde._allowed_msgpack_modules in (None, set())
    assert serde.loads_typed(serde.dumps_typed({"a": [1, 2.5, "x", None]})) == {"a": [1, 2.5, "x", None]}


# ------------------------------------------------------------------------------------------------------------ review


def test_a_plan_waits_for_approval_and_nothing_is_spent_before(tmp_path):
    calls = tmp_path / "calls.txt"
    agent = Agent(workspace=tmp_path, reasoner=Counting(calls), review=True)
    heard = []
    waiting = agent.ask(QUESTION, aoi=AREA, thread_id="t", on_event=heard.append)
    assert waiting.status == "needs_input"
    assert Plan.parse(dict(waiting.plan)).question == QUESTION
    assert heard[-1].kind == "review"
    assert heard[-1].data["thread_id"] == "t"
    assert "cost" not in {e.kind for e in heard}
    assert agent.history("t")[0].waits
    answer = Agent(workspace=tmp_path, reasoner=Counting(calls)).resume("t", True)
    assert answer.status == "answered"
    assert len(calls.read_text().split()) > 0
    assert same(agent.resume("t"), answer)  # an ended thread gives its answer


def test_a_thread_that_waits_is_approved_in_another_process(folder):
    agent = Agent(workspace=folder, reasoner=IndexReasoner(), review=True)
    agent.ask(QUESTION, aoi=AREA, thread_id="elsewhere")
    code = f"""
from terrascope_sdk.agent.agent import Agent
from terrascope_sdk.engine.indices import IndexReasoner
print(Agent(workspace={str(folder)!r}, reasoner=IndexReasoner()).resume("elsewhere", True).text)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.strip() == Agent(workspace=folder, reasoner=IndexReasoner()).ask(QUESTION, aoi=AREA).text


def test_no_ends_politely(tmp_path):
    agent = Agent(workspace=tmp_path, reasoner=Counting(tmp_path / "calls.txt"), review=True)
    agent.ask(QUESTION, aoi=AREA, thread_id="t")
    answer = agent.resume("t", False)
    assert answer.status == "cannot_answer"
    assert "not approved" in answer.text
    assert not (tmp_path / "calls.txt").exists()


def test_a_wrong_plan_is_told_and_the_thread_goes_on_waiting(folder):
    agent = Agent(workspace=folder, reasoner=IndexReasoner(), review=True)
    waiting = agent.ask(QUESTION, aoi=AREA, thread_id="wrong")
    bad = dict(waiting.plan) | {"steps": [s | {"op": "shell"} for s in waiting.plan["steps"][:1]]}
    for decision, message in ((bad, "cannot be used"), (None, "no decision"), ("yes", "no decision"), (1, "no dec")):
        with pytest.raises(InputError, match=message):
            agent.resume("wrong", decision)
    with pytest.raises(ValidationError):  # past the agent, at the graph itself
        agent.graph.invoke(Command(resume="yes"), {"configurable": {"thread_id": "wrong"}})
    with pytest.raises(ValidationError):
        agent.graph.invoke(Command(resume=bad), {"configurable": {"thread_id": "wrong"}})
    assert agent.history("wrong")[0].waits
    assert agent.resume("wrong", True).status == "answered"


def test_a_changed_plan_is_what_runs(folder):
    agent = Agent(workspace=folder, reasoner=IndexReasoner(), review=True)
    waiting = agent.ask("What share of the scene is water?", aoi=AREA, thread_id="changed")
    ground = next(s for s in waiting.plan["steps"] if s["op"] == "ground")
    answer = agent.resume("changed", edited(waiting.plan, id=ground["id"], concept="vegetation").to_json())
    assert answer.status == "answered"
    assert answer.measurements[0].subject.startswith("vegetation")
    assert answer.plan.run().measurements == answer.measurements


def test_silence_counts_as_no(folder):
    agent = Agent(workspace=folder, reasoner=IndexReasoner(), review=True, review_timeout_s=0.01)
    agent.ask(QUESTION, aoi=AREA, thread_id="late")
    time.sleep(0.05)
    heard = []
    assert agent.resume("late", True, on_event=heard.append).status == "cannot_answer"
    assert "counts as no" in heard[0].text
    slow = Agent(
        workspace=folder, reasoner=IndexReasoner(), review=lambda _plan: time.sleep(0.3), review_timeout_s=0.05
    )
    answer = slow.ask(QUESTION, aoi=AREA)
    assert (answer.status, "within 0.05 s" in answer.text) == ("cannot_answer", True)


def test_a_function_may_decide(folder):
    shown = []

    def decide(plan):
        shown.append(plan)
        return len(shown) > 1

    agent = Agent(workspace=folder, reasoner=IndexReasoner(), review=decide)
    assert agent.ask(QUESTION, aoi=AREA).status == "cannot_answer"
    assert agent.ask(QUESTION, aoi=AREA).status == "answered"
    assert shown[0].question == QUESTION
    with pytest.raises(InputError, match="no decision"):
        Agent(workspace=folder, reasoner=IndexReasoner(), review=lambda _plan: "sure").ask(QUESTION, aoi=AREA)


def test_a_review_needs_a_place_to_wait(tmp_path):
    with pytest.raises(InputError, match="kept"):
        Agent(workspace=tmp_path, review=True, checkpointer=False)
    with pytest.raises(InputError, match="keeps no threads"):
        Agent(workspace=tmp_path, checkpointer=False).history("t")


# ---------------------------------------------------------------------------------------------- follow-ups and forks


class Following:
    """A planner that notes what came before, and plans by the rules."""

    def __init__(self):
        self.before = []

    def plan(self, question, *, aoi, time, sensor, known_places, today=None, previous=None):
        self.before.append(previous)
        if question.startswith("and"):
            steps = [
                s | ({"concept": "vegetation"} if s["op"] == "ground" else {}) for s in previous.to_json()["steps"]
            ]
            return Planned(Plan.parse(previous.to_json() | {"question": question, "aoi": None, "steps": steps}))
        if question == "?":
            return NeedsInput("What?", "Why.")
        return plan_question(question, aoi=aoi, time=time, sensor=sensor, known_places=known_places)


def test_a_follow_up_gets_the_plan_before_and_takes_its_area(tmp_path):
    planner = Following()
    agent = Agent(workspace=tmp_path, reasoner=Counting(tmp_path / "calls.txt"), planner=planner)
    first = agent.ask("What share of the scene is water?", aoi=AREA, thread_id="t")
    agent.ask("?", thread_id="t")
    second = agent.ask("and vegetation?", thread_id="t")
    assert [b is None for b in planner.before] == [True, False, False]
    assert planner.before[1].id == planner.before[2].id == Plan.parse(dict(first.plan)).id
    assert second.status == "answered"
    assert "The area is that of the question before." in second.text
    done = (tmp_path / "calls.txt").read_text().split("\n")[:-1]
    assert len(done) == len(set(done)) == 2  # the pixels and masks of before are used again
    again = agent.ask("What share of the scene is water?", aoi=AREA, thread_id="t")
    assert again.measurements == first.measurements
    assert len((tmp_path / "calls.txt").read_text().split("\n")[:-1]) == 2


def test_a_fork_computes_only_what_hangs_on_the_changed_step(tmp_path):
    agent = Agent(workspace=tmp_path, reasoner=Counting(tmp_path / "calls.txt"))
    first = agent.ask(QUESTION, aoi=AREA, thread_id="t")
    before = (tmp_path / "calls.txt").read_text()
    plan = Plan.parse(dict(first.plan))
    ground = next(s for s in plan.steps if getattr(s, "concept", "") == "vegetation")
    name = agent.fork("t", plan=edited(plan, id=ground.id, concept="snow"), new_thread="what if")
    assert name == "what if"
    answer = agent.resume(name)
    assert answer.status == "answered"
    assert answer.measurements[0] == first.measurements[0]
    assert answer.measurements[1].subject.startswith("snow")
    new = (tmp_path / "calls.txt").read_text().removeprefix(before).split("\n")[:-1]
    assert new
    assert all(line.startswith("look snow") for line in new)
    state = agent.graph.get_state({"configurable": {"thread_id": name}}).values
    changed = {ground.id} | {s.id for s in plan.steps if ground.id in {n for n, _ in s.references}}
    assert set(state["computed"]) == changed
    assert same(agent.resume("t"), first)  # the thread that was left stays as it is


def test_a_thread_can_be_left_before_any_stage(agent):
    answer = agent.ask(QUESTION, aoi=AREA, thread_id="stages")
    moments = agent.history("stages")
    assert [m.following for m in reversed(moments)] == ["__start__", *NODES, ""]
    assert moments[0].status == "answered"
    for stage in NODES:
        assert same(agent.resume(agent.fork("stages", stage=stage)), answer)
    middle = next(m for m in moments if m.following == "measure")
    assert same(agent.resume(agent.fork("stages", stage="measure", checkpoint=middle.checkpoint)), answer)


def test_what_cannot_be_forked_is_told(agent):
    answer = agent.ask(QUESTION, aoi=AREA, thread_id="forks")
    plan = Plan.parse(dict(answer.plan))
    for call, message in (
        (lambda: agent.fork("nowhere"), "no thread"),
        (lambda: agent.resume("nowhere"), "no thread"),
        (lambda: agent.history("nowhere"), "no thread"),
        (lambda: agent.fork("forks", stage="dance"), "no stage"),
        (lambda: agent.fork("forks", stage="measure", plan=plan), "another plan"),
        (lambda: agent.fork("forks", checkpoint="1"), "no checkpoint"),
        (lambda: agent.fork("forks", new_thread="forks"), "already"),
        (lambda: agent.ask(QUESTION, aoi=AREA, thread_id=" "), "name a thread"),
    ):
        with pytest.raises(InputError, match=message):
            call()


# ---------------------------------------------------------------------------------- cancelled, side by side, refused


def test_a_run_that_is_cancelled_can_be_taken_up(tmp_path):
    agent = Agent(workspace=tmp_path, reasoner=Counting(tmp_path / "calls.txt"))
    run = agent.stream(QUESTION, aoi=AREA, thread_id="t")
    for event in run:
        if event.kind == "step":
            break
    run.close()
    answer = agent.resume("t")
    assert answer.status == "answered"
    done = (tmp_path / "calls.txt").read_text().split("\n")[:-1]
    assert len(done) == len(set(done))


def test_agents_side_by_side_in_one_workspace_give_the_same(tmp_path):
    answers = {}

    def work(number):
        answers[number] = Agent(workspace=tmp_path, reasoner=IndexReasoner()).ask(
            QUESTION, aoi=AREA, thread_id=f"t{number % 2}"
        )

    threads = [threading.Thread(target=work, args=(n,)) for n in range(4)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    assert len(answers) == 4
    assert all(same(answers[0], a) for a in answers.values())


def test_a_place_that_the_catalogue_does_not_cover_is_refused_with_the_reason(agent):
    with pytest.raises(NoScenesFound, match="covers"):
        agent.ask(QUESTION, aoi=(0, 0, 1, 1), thread_id="nowhere on earth")
    assert agent.history("nowhere on earth")[0].following == "find"


def test_a_budget_ends_the_run_before_anything_is_loaded(tmp_path):
    agent = Agent(workspace=tmp_path, reasoner=Counting(tmp_path / "calls.txt"))
    heard = []
    answer = agent.ask(QUESTION, aoi=AREA, max_seconds=1e-6, on_event=heard.append)
    assert answer.status == "cannot_answer"
    assert "1e-06 s are allowed" in answer.text
    assert "s would be needed" in answer.text
    assert "stack" not in {e.kind for e in heard}
    assert not (tmp_path / "calls.txt").exists()
    assert agent.ask(QUESTION, aoi=AREA, max_seconds=1e6, max_download_bytes=0).status == "answered"
    with pytest.raises(InputError, match="max_seconds"):
        agent.ask(QUESTION, aoi=AREA, max_seconds=-1)


def test_stages_are_told_as_they_begin(agent):
    heard = []
    agent.ask(QUESTION, aoi=AREA, on_event=heard.append)
    stages = [e.data for e in heard if e.kind == "stage"]
    assert [s["stage"] for s in stages] == [n for n in NODES if n != "review"]
    assert [s["number"] for s in stages] == list(range(1, 9))


def test_any_saver_will_do(tmp_path):
    agent = Agent(workspace=Workspace(tmp_path), reasoner=IndexReasoner(), checkpointer=InMemorySaver(), review=True)
    agent.ask(QUESTION, aoi=AREA, thread_id="t")
    assert agent.resume("t", True).status == "answered"
    assert not (tmp_path / "threads.sqlite").exists()
