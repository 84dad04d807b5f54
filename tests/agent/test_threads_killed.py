"""A thread that is killed at any node goes on in a new process to the same answer, and nothing is done twice."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from terrascope_sdk.agent.agent import Agent
from terrascope_sdk.engine.indices import IndexReasoner
from tests.agent.thread_runs import AREA, KILLED, QUESTION

ROOT = Path(__file__).parents[2]


def child(what, folder):
    done = subprocess.run(
        [sys.executable, "-m", "tests.agent.thread_runs", what, str(folder)],
        capture_output=True, text=True, check=False, cwd=ROOT,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    folder = tmp_path_factory.mktemp("killed")
    child("kill", folder)
    before = {n: calls(folder, n) for n in KILLED}
    return folder, json.loads(child("resume", folder)), before


def calls(folder, node):
    file = folder / node.replace(" ", "-") / "calls.txt"
    return file.read_text().split("\n")[:-1] if file.exists() else []


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    return Agent(workspace=tmp_path_factory.mktemp("whole"), reasoner=IndexReasoner()).ask(QUESTION, aoi=AREA)


@pytest.mark.parametrize("node", KILLED)
def test_a_thread_killed_at_any_node_goes_on_to_the_same_answer(runs, whole, node):
    _, answers, _ = runs
    expected = whole.to_json()
    assert whole.status == "answered"
    assert {k: v for k, v in answers[node].items() if k != "created"} == {
        k: v for k, v in expected.items() if k != "created"
    }


@pytest.mark.parametrize("node", KILLED)
def test_nothing_that_had_finished_is_done_twice(runs, node):
    folder, _, _ = runs
    done = calls(folder, node)
    assert len(done) == len(set(done)), done
    assert done.count("load") == 1
    assert len(done) == 3  # one load, two things


def test_the_processes_were_killed_where_they_should_be(runs):
    _, _, before = runs
    assert [len(before[n]) for n in ("plan", "review", "find", "estimate", "load")] == [0, 0, 0, 0, 1]
    assert [len(before[n]) for n in ("second look", "reason", "measure", "check", "answer")] == [2, 3, 3, 3, 3]
