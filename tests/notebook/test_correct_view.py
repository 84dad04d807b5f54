"""Painting changes the numbers; unobserved ground cannot be painted; undo takes back; a sample can be written."""

import json

import numpy as np
import pytest

from terrascope_sdk.engine.indices import IndexReasoner
from terrascope_sdk.errors import InputError
from terrascope_sdk.export import read_mask
from terrascope_sdk.notebook.correct_view import CorrectView
from terrascope_sdk.plan.execute import execute
from terrascope_sdk.plan.language import Plan
from terrascope_sdk.plan.stages import Stages
from terrascope_sdk.plan.workspace import Workspace

TEXT = """
question "How many hectares of water?"
aoi "pucallpa"
window one = 2020
f1 = find(optical, one)
i1 = load([f1])
m1 = ground(i1, water, one)
a1 = area(m1)
answer a1 in ha
planner "hand" 1.0
"""


@pytest.fixture
def view(tmp_path):
    stages = Stages(workspace=Workspace(tmp_path / "workspace"), reasoner=IndexReasoner())
    return CorrectView(execute(Plan.from_text(TEXT), stages=stages), stages=stages)


def value(view):
    return view.answer.measurements[0].value


def test_a_stroke_changes_the_number_by_what_was_painted_and_undo_takes_it_back(view):
    first, before = value(view), view.mask.pixels
    view.paint([(20, 20), (20, 60)], radius_px=6)
    areas = np.broadcast_to(view.mask.grid.pixel_area_m2, view.mask.grid.shape)
    assert value(view) - first == pytest.approx(areas[view.mask.pixels & ~before].sum())
    assert value(view) > first
    assert view.document["strokes"] == 1
    assert view.document["numbers"][0]["before"] != view.document["numbers"][0]["text"]
    view.undo()
    assert value(view) == first
    view.undo()
    assert view.document["strokes"] == 0


def test_erasing_takes_away(view):
    row, column = (int(v[0]) for v in np.nonzero(view.mask.pixels))
    first = value(view)
    view.paint([(row + 0.5, column + 0.5)], radius_px=0, erase=True)
    assert value(view) < first


def test_messages_of_the_browser_do_the_same_and_nonsense_is_told(view):
    view._heard(view, {"kind": "stroke", "points": [[20, 20]], "radius_px": 4, "erase": False}, [])
    assert view.document["changed"] > 0
    for message in (
        {"kind": "stroke"},
        {"kind": "stroke", "points": "x", "radius_px": 1, "erase": 0},
        {"kind": "eval"},
    ):
        view._heard(view, message, [])
    assert view.document["strokes"] == 1
    assert "not understood" in view.problem


def test_a_mask_that_is_erased_wholly_measures_nothing(view):
    view.paint([(0, 0), (700, 0), (0, 930), (700, 930)], radius_px=400, erase=True)
    assert value(view) == 0
    assert view.problem == ""


def test_a_sample_to_train_on_is_written(view, tmp_path):
    view.paint([(20, 20)], radius_px=5)
    folder = view.export_sample(tmp_path / "sample")
    assert np.array_equal(read_mask(folder / "mask.tif").pixels, view.mask.pixels)
    about = json.loads((folder / "sample.json").read_text())
    assert about["concept"] == "water"
    assert about["pixels_changed"] == view.document["changed"]
    assert (folder / "image.png").read_bytes() == view.picture


def test_an_unknown_mask_is_refused(view):
    with pytest.raises(InputError, match="M9"):
        CorrectView(view.answer, "M9")
    assert CorrectView(view.answer, "M1").mask.label == "water"
