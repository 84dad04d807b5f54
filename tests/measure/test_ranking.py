import numpy as np
import pytest
from affine import Affine
from hypothesis import assume, given

from terrascope_sdk.errors import InputError, UndefinedMeasurement
from terrascope_sdk.measure import area, rank
from terrascope_sdk.types import PixelGrid
from tests.measure.discs import disc, grid_at, mask_of, masks


def test_largest_first_with_a_safe_order():
    grid = grid_at(9, 45, "EPSG:32632", size=200)
    small, large = disc(grid, 300, label="snow"), disc(grid, 700, label="water")
    first, second = rank([small, large])
    assert (first.subject, second.subject) == ("water", "snow") or first.subject.startswith("water")
    assert first.value == area(large).value
    assert not any("could be as large" in n for n in first.notes)


def test_a_close_race_is_said():
    grid = grid_at(9, 45, "EPSG:32632", size=200)
    first, second = rank([disc(grid, 300, label="snow"), disc(grid, 303, label="water")])
    assert first.subject.startswith("water")
    assert first.notes[-1].startswith("snow")
    assert "could be as large" in first.notes[-1]
    assert not any("could be as large" in n for n in second.notes)


def test_only_ground_seen_for_all_counts():
    a = mask_of([[True, True, True, False, False]], label="a", valid=[[True] * 5])
    b = mask_of([[False, False, False, True, True]], label="b", valid=[[False, False, True, True, True]])
    first, second = rank([a, b], by="pixels")
    assert (first.subject[0], first.value, second.value) == ("b", 2, 1)
    assert first.unit == "count"
    assert first.observed_frac == pytest.approx(0.6)


@given(masks(n=2))
def test_values_fall_and_bounds_hold(pair):
    a, b = pair
    assume((a.valid & b.valid).any())
    first, second = rank([a, b])
    assert first.value >= second.value
    assert {first.mask_ids, second.mask_ids} == {(a.id,), (b.id,)}


def test_equal_sizes_keep_their_order():
    assert [m.subject[0] for m in rank([mask_of(np.eye(3) > 0, label=n) for n in "xyz"])] == ["x", "y", "z"]


def test_what_cannot_be_ranked():
    with pytest.raises(InputError, match="at least two masks, not 1"):
        rank([mask_of(np.eye(3) > 0)])
    bare = PixelGrid(None, Affine(1, 0, 0, 0, -1, 0), 3, 3)
    pair = [mask_of(np.eye(3) > 0, bare), mask_of(np.ones((3, 3), bool), bare, label="tree")]
    with pytest.raises(UndefinedMeasurement, match="areas of water, tree"):
        rank(pair)
    assert [m.value for m in rank(pair, by="pixels")] == [9, 3]
    with pytest.raises(UndefinedMeasurement, match="None of the 2 pixels"):
        rank([mask_of([[True, False]], valid=[[True, False]]), mask_of([[False, True]], valid=[[False, True]])])
