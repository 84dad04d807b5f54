"""Carrying out: what has no meaning is refused with its reason; what is known is not made again; order is no matter."""

import threading
import time
from dataclasses import replace

import numpy as np
import pytest
from affine import Affine

from terrascope_sdk.errors import InputError, NotVisible, UndefinedMeasurement
from terrascope_sdk.plan.grounding import ground_plan
from terrascope_sdk.plan.language import Plan
from terrascope_sdk.plan.mask_algebra import combined
from terrascope_sdk.plan.measuring import measure_plan
from terrascope_sdk.plan.workspace import Workspace
from terrascope_sdk.stac.footprint import grid_outline
from terrascope_sdk.testing import disc_mask, lake_stack, utm_grid
from terrascope_sdk.types import Aoi, Mask, PixelGrid, Step

GRID = utm_grid(size_px=100)
AOI = Aoi(grid_outline(GRID))
RADII = {"water": 200.0, "tree": 300.0, "building": 100.0}

TEXT = """
question "?"
window only = 2020
f = find(any, only)
s = load([f])
m1 = ground(s, water, only)
m2 = ground(s, tree, only)
b1 = buffer(m1, 50)
b2 = buffer(m2, 50)
x1 = subtract(b2, b1)
x2 = intersect([m1, m2])
p1 = components(x1, 1000)
a1 = area(x1)
a2 = area(x2)
n1 = count(p1)
l1 = length(p1)
k1 = compare(a2, a1)
answer a1
planner "hand" 1.0
"""


class Discs:
    """Sees a disc of known radius for each concept; notes when it is asked, and whether twice at a time."""

    def __init__(self, name="discs"):
        self.name, self.asked, self.inside, self.together = name, [], threading.Semaphore(1), False

    def unseen(self, stack, request):
        return None

    def ground(self, stack, request):
        self.together |= not self.inside.acquire(blocking=False)
        time.sleep(0.01)
        self.asked.append(request.concept)
        made = disc_mask(GRID, radius_m=RADII[request.concept])
        mask = Mask(made.pixels, made.valid, GRID, request.concept, stack.optical.acquired[request.when], "optical")
        self.inside.release()
        yield Step("ground", request.concept, mask)


def look(text, workspace, reasoner=None, **options):
    stack = lake_stack((200.0,), grid=GRID, sensors=("optical",))
    scenes = {"only": {"optical": "optical-0"}}
    return ground_plan(
        Plan.from_text(text), stack, scenes, reasoner=reasoner or Discs(), workspace=workspace, **options
    )


def measured(text, masks, **options):
    return measure_plan(Plan.from_text(text), masks, AOI, **options)


def test_side_by_side_and_one_after_the_other_give_the_same(tmp_path):
    one = look(TEXT, Workspace(tmp_path / "one"), workers=1)
    for memory_bytes in (0, 1 << 30):
        reasoner = Discs()
        four = look(TEXT, Workspace(tmp_path / str(memory_bytes)), reasoner, workers=4, memory_bytes=memory_bytes)
        assert not reasoner.together
        assert [m.id for m in four.masks.values()] == [m.id for m in one.masks.values()]
        assert list(four.masks) == list(one.masks)
        assert [s.text for s in four.steps] == [s.text for s in one.steps]
        assert four.computed == one.computed == ["m1", "m2", "b1", "b2", "x1", "x2", "p1"]
    numbers = measured(TEXT, one.masks, workers=1)
    assert measured(TEXT, one.masks, workers=4) == numbers
    assert list(numbers[0]) == ["a1", "a2", "n1", "l1", "k1"]


def both(text, workspace, reasoner):
    """Return which steps were computed."""
    found = look(text, workspace, reasoner)
    made = list(found.computed)
    measured(text, found.masks, workspace=workspace, computed=made)
    return made


def test_an_edit_runs_again_only_what_hangs_on_it(tmp_path):
    workspace, reasoner = Workspace(tmp_path), Discs()
    assert len(both(TEXT, workspace, reasoner)) == 12
    assert both(TEXT, workspace, reasoner) == []
    edited = TEXT.replace("buffer(m1, 50)", "buffer(m1, 70)")
    assert both(edited, workspace, reasoner) == ["b1", "x1", "p1", "a1", "n1", "l1", "k1"]
    assert both(TEXT.replace("components(x1, 1000)", "components(x1, 2000)"), workspace, reasoner) == ["p1", "n1", "l1"]
    assert both(TEXT.replace("m1 =", "z1 =").replace("(m1", "(z1").replace("[m1", "[z1"),
                workspace, reasoner) == []  # fmt: skip
    assert reasoner.asked == ["water", "tree"]


def test_another_reasoner_or_version_is_no_known_result(tmp_path, monkeypatch):
    workspace = Workspace(tmp_path)
    both(TEXT, workspace, Discs())
    assert both(TEXT, workspace, Discs("others"))[:2] == ["m1", "m2"]
    monkeypatch.setattr("terrascope_sdk.__version__", "99")
    assert len(both(TEXT, workspace, Discs())) == 12


def test_what_was_left_out_leaves_out_what_hangs_on_it(tmp_path):
    class NoTrees(Discs):
        def unseen(self, stack, request):
            return "No trees here." if request.concept == "tree" else None

    with pytest.raises(NotVisible, match="No trees here"):
        look(TEXT, Workspace(tmp_path), NoTrees())
    found = look(TEXT.replace("tree, only", "tree, only, optional=true"), Workspace(tmp_path), NoTrees())
    assert list(found.masks) == ["m1", "b1"]
    assert "No trees here" in found.left_out["m2"]
    assert measured(TEXT, found.masks) == ({}, ())


def test_no_area_without_a_coordinate_reference_system(tmp_path):
    found = look(TEXT, Workspace(tmp_path))
    bare = {n: replace(m, grid=PixelGrid(None, GRID.transform, *GRID.shape[::-1])) for n, m in found.masks.items()}
    text = TEXT.replace("answer a1", "answer a1 in km2")
    with pytest.raises(UndefinedMeasurement, match="coordinate reference system"):
        measured(text, bare)


def test_no_subtraction_across_unlike_grids(tmp_path):
    plan, masks = Plan.from_text(TEXT), dict(look(TEXT, Workspace(tmp_path)).masks)
    moved = PixelGrid(GRID.crs, GRID.transform @ Affine.translation(3, 0), *GRID.shape[::-1])
    masks["b1"] = replace(masks["b1"], grid=moved)
    with pytest.raises(InputError, match="grid"):
        combined(plan.step("x1"), masks, workspace=Workspace(tmp_path / "other"))
    with pytest.raises(InputError, match="'x1' mixes masks of s and s2"):
        Plan.from_text(TEXT.replace("m2 = ground(s,", "s2 = load([f])\nm2 = ground(s2,"))


def test_no_count_of_what_is_smaller_than_a_pixel(tmp_path):
    text = TEXT.replace("tree", "building")
    masks = look(text, Workspace(tmp_path)).masks
    with pytest.raises(UndefinedMeasurement, match=r"'n1' counts buildings in pixels of 10 m.*smaller than a pixel"):
        measured(text, masks)
    without = "\n".join(line for line in text.splitlines() if not line.startswith("n1"))
    assert measured(without, masks)[0]["a1"][0].unit == "m2"


def test_no_trend_of_two_dates():
    text = TEXT.replace("window only = 2020", "window only = 2020\nwindow then = 2021").replace(
        "s = load([f])", "g = find(any, then)\ns = load([f, g])"
    )
    text = text.replace("k1 = compare(a2, a1)", "m3 = ground(s, water, then)\nc1 = area(m1)\nc2 = area(m3)\n%s")
    assert Plan.from_text(text % "k1 = compare(c1, c2)")
    with pytest.raises(InputError, match="'k1' has 2 dates; a trend needs three"):
        Plan.from_text(text % "k1 = trend([c1, c2])")


def test_only_ground_inside_an_area_is_observed(tmp_path):
    half = Aoi.from_bbox(
        (*GRID.bounds_lonlat[:2], sum(GRID.bounds_lonlat[::2]) / 2, GRID.bounds_lonlat[3]), name="west"
    )
    step = {"id": "w1", "op": "within", "mask": "m1", "aoi": half.to_json()}
    document = Plan.from_text(TEXT).to_json()
    plan = Plan.parse(document | {"steps": [*document["steps"], step]})
    masks = look(TEXT, Workspace(tmp_path)).masks
    west = combined(plan.step("w1"), masks, workspace=Workspace(tmp_path)).mask
    assert west.valid.mean() == pytest.approx(0.5, abs=0.02)
    assert west.pixels.sum() == pytest.approx(masks["m1"].pixels.sum() / 2, rel=0.03)
    assert np.array_equal(west.pixels, masks["m1"].pixels & west.valid)


def test_a_known_number_is_shown_in_the_unit_that_is_asked_for_now(tmp_path):
    workspace = Workspace(tmp_path)
    masks = look(TEXT, workspace).masks
    for unit in ("ha", "km2", "ha"):
        numbers, _ = measured(TEXT.replace("answer a1", f"answer a1 in {unit}"), masks, workspace=workspace)
        assert numbers["a1"][0].prefer == unit
