"""What graph, checkpoints and events cost: one question through the agent and through its stages, in turn.

    python tools/bench_agent_overhead.py --place spain --runs 30 --out tools/results/bench_agent_overhead.json

Both sides run in this process over one workspace in which everything is remembered. On the agent's side the time inside
the stages' own functions is taken off the time of the whole query; what is left is LangGraph, a checkpoint in the
workspace's SQLite file after every node, and every event from the stage to the listener. That is `overhead_median_s`.
`difference_median_s`, the whole query less a query through the stages alone, says the same on a machine that does
nothing else. Exits 1 when the median overhead is over the limit.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

from terrascope_sdk.agent.agent import Agent
from terrascope_sdk.plan.execute import run_stages
from terrascope_sdk.plan.run_state import RunState
from terrascope_sdk.plan.stages import Stages
from terrascope_sdk.plan.starting import start_state
from terrascope_sdk.plan.workspace import Workspace
from terrascope_sdk.types import Answer, Event, Listener

QUESTION = "What share of the scene is water, and how many hectares is that?"
LIMIT_S = 0.150
"""Most that a query may take longer through the agent, s."""


class Watched(Stages):
    """Stages that add up the time spent in their own functions, without that spent on telling events."""

    inside_s = 0.0

    def run(self, name: str, state: RunState, *, on_event: Listener | None = None) -> RunState:
        """Run a stage, and note how long it took."""
        telling = 0.0

        def tell(event: Event) -> None:
            nonlocal telling
            begun = time.perf_counter()
            if on_event is not None:
                on_event(event)
            telling += time.perf_counter() - begun

        begun = time.perf_counter()
        try:
            return super().run(name, state, on_event=tell)
        finally:
            self.inside_s += time.perf_counter() - begun - telling

    def read_answer(self, name: str) -> Answer:
        """Read an answer, and note how long it took."""
        begun = time.perf_counter()
        try:
            return super().read_answer(name)
        finally:
            self.inside_s += time.perf_counter() - begun


def timed(call: Callable[[], Answer]) -> float:
    """Return how long a call takes, in s; it has to give an answer."""
    begun = time.perf_counter()
    answer = call()
    spent = time.perf_counter() - begun
    assert answer.status == "answered", answer.text
    return spent


def measure_overhead(place: str, runs: int) -> dict[str, object]:
    """Return the medians, in s.

    Args:
        place: A bundled place.
        runs: How often each side runs.
    """
    with tempfile.TemporaryDirectory() as folder:
        workspace = Workspace(folder)
        stages, agent = Stages(workspace=workspace), Agent(workspace=workspace)
        agent.stages = watched = Watched(workspace=workspace)
        events: list[Event] = []

        def direct() -> Answer:
            return run_stages(stages, start_state(QUESTION, aoi=place))

        def through_graph() -> Answer:
            return agent.ask(QUESTION, aoi=place, on_event=events.append)

        for call in (direct, through_graph):  # fills the workspace, imports, compiles
            for _ in range(2):
                timed(call)
        events.clear()
        rounds = []
        for number in range(runs):
            before = timed(direct) if number % 2 else 0.0
            watched.inside_s = 0.0
            graph = timed(through_graph)
            rounds.append((before or timed(direct), graph, graph - watched.inside_s))
    return _told(place, rounds, len(events) // runs)


def _told(place: str, rounds: list[tuple[float, float, float]], events: int) -> dict[str, object]:
    direct, graph, extra = map(list, zip(*rounds, strict=True))
    overhead = statistics.median(extra)
    return {
        "place": place,
        "question": QUESTION,
        "runs": len(rounds),
        "events_a_query": events,
        "direct_median_s": round(statistics.median(direct), 4),
        "graph_median_s": round(statistics.median(graph), 4),
        "overhead_median_s": round(overhead, 4),
        "overhead_p90_s": round(sorted(extra)[int(0.9 * (len(extra) - 1))], 4),
        "difference_median_s": round(statistics.median(g - d for d, g, _ in rounds), 4),
        "ratio": round(statistics.median(g / (g - e) for _, g, e in rounds), 3),
        "limit_s": LIMIT_S,
        "within_limit": overhead < LIMIT_S,
        "load_average": os.getloadavg()[0],
        "python": platform.python_version(),
        "langgraph": version("langgraph"),
        "checkpoints": "SQLite in the workspace, after every node",
    }


def main() -> int:
    """Measure, print and write."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--place", default="spain", help="a bundled place")
    parser.add_argument("--runs", type=int, default=30, help="how often each side runs, at least 20")
    parser.add_argument("--out", type=Path, help="file for the result")
    given = parser.parse_args()
    if given.runs < 20:
        parser.error(f"--runs {given.runs}: a median of fewer than 20 says little")
    result = measure_overhead(given.place, given.runs)
    text = json.dumps(result, indent=1)
    print(text)
    if given.out is not None:
        given.out.write_text(text + "\n", encoding="utf-8")
    return 0 if result["within_limit"] else 1


if __name__ == "__main__":
    sys.exit(main())
