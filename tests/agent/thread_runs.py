"""What child processes of the thread tests run: agents that are killed, and agents that go on."""

import json
import os
import signal
import sys
from pathlib import Path

import terrascope_sdk.agent.graph as graph_module
import terrascope_sdk.plan.stages as stages_module
from terrascope_sdk.agent.agent import Agent
from terrascope_sdk.agent.graph import NODES
from terrascope_sdk.engine.indices import IndexReasoner
from terrascope_sdk.plan.stages import Stages

QUESTION = "What share of the scene is water, and what share is vegetation?"
AREA = (-0.765, 38.095, -0.75, 38.11)
KILLED = (*NODES, "second look")


class Counting:
    """An index reasoner that writes a line into a file for every look that it finished."""

    def __init__(self, file: Path, *, die_at: int = 0) -> None:
        self.inner, self.file, self.die_at, self.calls = IndexReasoner(), file, die_at, 0
        self.name = self.inner.name

    def unseen(self, stack, request):
        return self.inner.unseen(stack, request)

    def reason(self, stack, question):
        return self.inner.reason(stack, question)

    def ground(self, stack, request):
        self.calls += 1
        if self.calls == self.die_at:
            os.kill(os.getpid(), signal.SIGKILL)
        steps = list(self.inner.ground(stack, request))
        written(self.file, f"look {request.concept} {request.sensor} {request.when}")
        return iter(steps)


def written(file: Path, line: str) -> None:
    with file.open("a") as out:
        out.write(line + "\n")


def count_loads(file: Path) -> None:
    load = stages_module.load_whole

    def counted(*given, **fields):
        made = load(*given, **fields)
        written(file, "load")
        return made

    stages_module.load_whole = counted


def die_in(node: str) -> None:
    """Let this process be killed when a node has done its work and before that is written down."""

    def killed(*_given, **_fields):
        os.kill(os.getpid(), signal.SIGKILL)

    if node == "review":
        graph_module.asked_person = killed
        return
    run = Stages.run

    def deadly(self, name, state, *, on_event=None):
        update = run(self, name, state, on_event=on_event)
        return killed() if name == node else update

    Stages.run = deadly


def kill_all(folder: Path) -> None:
    """Run one agent for each node in a process of its own, which is killed there."""
    for node in KILLED:
        child = os.fork()
        if child == 0:
            home = folder / node.replace(" ", "-")
            home.mkdir()
            count_loads(home / "calls.txt")
            die_in(node)
            reasoner = Counting(home / "calls.txt", die_at=2 if node == "second look" else 0)
            agent = Agent(workspace=home, reasoner=reasoner, review=node == "review")
            agent.ask(QUESTION, aoi=AREA, thread_id="t")
            os._exit(0)
        _, status = os.waitpid(child, 0)
        assert os.WIFSIGNALED(status), f"{node} was not killed: {status}"


def resume_all(folder: Path) -> None:
    """Go on with every thread and print the answers."""
    answers = {}
    for node in KILLED:
        home = folder / node.replace(" ", "-")
        agent = Agent(workspace=home, reasoner=Counting(home / "calls.txt"))
        load = stages_module.load_whole
        count_loads(home / "calls.txt")
        answer = agent.resume("t")
        if node == "review":  # killed before it could wait: the plan is shown, and has to be approved
            assert answer.status == "needs_input", answer
            answer = agent.resume("t", True)
        answers[node] = answer.to_json()
        stages_module.load_whole = load
    sys.stdout.write(json.dumps(answers))


if __name__ == "__main__":
    {"kill": kill_all, "resume": resume_all}[sys.argv[1]](Path(sys.argv[2]))
