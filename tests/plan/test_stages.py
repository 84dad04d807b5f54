"""Single stages on states that a run can be in: nothing observed, no imagery, an unknown stage."""

from dataclasses import replace

import numpy as np
import pytest

from terrascope_sdk.plan.choosing import Chosen
from terrascope_sdk.plan.language import Plan
from terrascope_sdk.plan.run_state import RunState
from terrascope_sdk.plan.stages import Stages, start_state
from terrascope_sdk.plan.workspace import Workspace
from terrascope_sdk.testing import lake_stack, utm_grid
from terrascope_sdk.types import Aoi, ImageStack
from terrascope_sdk.types.instant import TimeRange
from tests.stac.made import scene

GRID = utm_grid(size_px=24)
PLAN = Plan.parse(
    {
        "question": "How much water is there?",
        "windows": [{"name": "only"}],
        "steps": [
            {"op": "find", "id": "f", "sensor": "any", "window": "only"},
            {"op": "load", "id": "s", "scenes": ["f"]},
            {"op": "ground", "id": "m", "stack": "s", "concept": "water", "window": "only"},
            {"op": "area", "id": "a", "mask": "m"},
        ],
        "answer": [{"step": "a"}],
    }
)


@pytest.fixture
def stages(tmp_path):
    return Stages(workspace=Workspace(tmp_path))


def state_with(stages, stack: ImageStack) -> RunState:
    chosen = Chosen((scene("optical-0"),), {"only": {"optical": "optical-0"}}, ("made",))
    return RunState(
        question=PLAN.question,
        aoi=Aoi.from_bbox(GRID.bounds_lonlat).to_json(),
        time=None,
        sensor=None,
        warnings=[],
        plan=PLAN.to_json(),
        scenes=stages.workspace.save_document("scenes", chosen.to_json()),
        stack=stages.workspace.save(stack),
        pictures=[],
    )


def test_pixels_that_are_nan_everywhere_cannot_answer_and_name_the_date(stages):
    stack = lake_stack((60.0,), grid=GRID, sensors=("optical",))
    blank = ImageStack(GRID, replace(stack.optical, pixels=np.full_like(stack.optical.pixels, np.nan)))
    update = stages.run("reason", state_with(stages, blank))
    assert update["status"] == "cannot_answer"
    assert "2020-06-01" in update["text"]


def test_pixels_that_show_a_lake_are_reasoned_over(stages):
    stack = lake_stack((60.0,), grid=GRID, sensors=("optical",))
    update = stages.run("reason", state_with(stages, stack))
    assert "status" not in update
    assert stages.workspace.load_mask(update["masks"]["m"]).pixels.sum() == pytest.approx(np.pi * 36, rel=0.1)


def test_every_event_of_a_stage_reaches_the_listener(stages):
    heard = []
    stages.run(
        "reason", state_with(stages, lake_stack((60.0,), grid=GRID, sensors=("optical",))), on_event=heard.append
    )
    assert [e.kind for e in heard] == ["stage"] + ["step"] * (len(heard) - 1)
    assert heard[0].data == {"stage": "reason", "number": 5, "of": 8}
    assert len(heard) >= 3


def test_the_start_keeps_the_time_as_text_that_reads_back():
    state = start_state("How much water?", aoi=(0, 0, 1, 1), time="2020-05/2021")
    assert TimeRange.parse("2020-05/2021") == TimeRange.parse(state["time"])
