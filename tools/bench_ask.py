"""Time a question end to end, cold and warm, beside the same functions called directly. Prints JSON.

The direct way is the plain reference: search, load, ground, measure in memory, with no plan, graph, workspace, checks.
Timings are noisy: medians and ratios of one run are to be read, not single seconds. A result is kept in tools/results.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import tempfile
import time
import timeit
from collections.abc import Callable

from terrascope_sdk import measure
from terrascope_sdk.agent.agent import Agent
from terrascope_sdk.engine.indices import IndexReasoner
from terrascope_sdk.plan.execute import run_stages
from terrascope_sdk.plan.stages import STAGES, Stages, start_state
from terrascope_sdk.plan.workspace import Workspace
from terrascope_sdk.stac import load, resolve_aoi, search
from terrascope_sdk.types import GroundRequest

QUESTION = "What share of the scene is water, and how many hectares is that?"
BANDS = ("blue", "green", "red", "nir", "nir08", "swir16", "swir22", "vv", "vh")


def directly(place: str) -> None:
    """Do the work of the question with nothing around it."""
    aoi = resolve_aoi(place)
    scenes = search(place)
    there = {name for s in scenes for name in s.item["assets"]}
    stack = load(scenes, aoi=aoi, bands=[b for b in BANDS if b in there])
    for sensor in stack.sensors:
        mask = list(IndexReasoner().ground(stack, GroundRequest("water", sensor)))[-1].mask
        if mask is not None:
            measure.share(mask, aoi=aoi)
            measure.area(mask, aoi=aoi)


def seconds(work: Callable[[], object], repeats: int) -> float:
    """Return the median of several runs, in seconds."""
    return statistics.median(timeit.repeat(work, number=1, repeat=repeats))


def by_stage(place: str) -> dict[str, float]:
    """Return seconds by stage of one cold run."""
    with tempfile.TemporaryDirectory() as folder:
        stages, state, taken = (
            Stages(workspace=Workspace(folder), reasoner=IndexReasoner()),
            start_state(QUESTION, aoi=place),
            {},
        )
        for name in STAGES:
            start = time.perf_counter()
            state = state | stages.run(name, state)
            taken[name] = round(time.perf_counter() - start, 3)
    return taken


def cold(place: str) -> None:
    """Ask in a workspace that is empty."""
    with tempfile.TemporaryDirectory() as folder:
        run_stages(Stages(workspace=Workspace(folder), reasoner=IndexReasoner()), start_state(QUESTION, aoi=place))


def main() -> int:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--place", default="spain", help="a bundled place")
    parser.add_argument("--repeats", type=int, default=5, help="runs of which the median is taken")
    asked = parser.parse_args()
    directly(asked.place)  # imports and file caches
    with tempfile.TemporaryDirectory() as folder:
        agent, stages = (
            Agent(workspace=folder, reasoner=IndexReasoner()),
            Stages(workspace=Workspace(folder), reasoner=IndexReasoner()),
        )
        agent.ask(QUESTION, aoi=asked.place)
        result = {
            "place": asked.place,
            "repeats": asked.repeats,
            "direct_s": seconds(lambda: directly(asked.place), asked.repeats),
            "stages_cold_s": seconds(lambda: cold(asked.place), asked.repeats),
            "stages_warm_s": seconds(lambda: run_stages(stages, start_state(QUESTION, aoi=asked.place)), asked.repeats),
            "graph_warm_s": seconds(lambda: agent.ask(QUESTION, aoi=asked.place), asked.repeats),
            "cold_by_stage_s": by_stage(asked.place),
        }
    result["cold_over_direct"] = round(result["stages_cold_s"] / result["direct_s"], 2)
    result["graph_minus_stages_s"] = round(result["graph_warm_s"] - result["stages_warm_s"], 3)
    print(json.dumps({k: round(v, 3) if isinstance(v, float) else v for k, v in result.items()}, indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main())
