import numpy as np
import pytest
from affine import Affine
from hypothesis import assume, given
from hypothesis import strategies as st

from terrascope_sdk.errors import UndefinedMeasurement
from terrascope_sdk.measure import edge_length, shared_edge_length, touches
from terrascope_sdk.types import Aoi, PixelGrid
from tests.measure.discs import GEOD, SMALL_GRIDS, disc, grid_at, mask_of, masks, small_grid


def slow_touches(a, b, neighbours):
    steps = [(0, 0), (0, 1), (1, 0), (0, -1), (-1, 0)]
    steps += [(1, 1), (1, -1), (-1, 1), (-1, -1)] if neighbours == 8 else []
    second = set(zip(*np.nonzero(b.pixels), strict=True))
    return any((r + i, c + j) in second for r, c in zip(*np.nonzero(a.pixels), strict=True) for i, j in steps)


def seen(pair):
    for mask in pair:
        assume(mask.valid.any())
    return pair


@given(masks(n=2), st.sampled_from([4, 8]))
def test_touches_is_symmetric_and_the_slow_answer(pair, neighbours):
    a, b = seen(pair)
    found = touches(a, b, neighbours=neighbours)
    assert found.value is slow_touches(a, b, neighbours)
    assert found.value is touches(b, a, neighbours=neighbours).value
    assert (found.unit, found.interval) == ("1", "none")


def test_corners_touch_only_with_eight_neighbours():
    a, b = mask_of([[True, False], [False, False]]), mask_of([[False, False], [False, True]], label="tree")
    assert touches(a, b).value is False
    assert touches(a, b).notes == ()
    assert touches(a, b, neighbours=8).value is True
    assert touches(a, b).subject == "water and tree, 2019-09-18, optical"


def test_unobserved_pixels_between_the_regions_leave_a_doubt():
    a = mask_of([[True, False, False, False]], valid=[[True, False, False, True]])
    b = mask_of([[False, False, False, True]], valid=[[True, False, False, True]], label="tree")
    assert touches(a, b).value is False
    assert touches(a, b).notes[0] == "unobserved pixels lie between the regions: contact cannot be excluded"


def test_unobserved_pixels_beside_one_region_leave_a_smaller_doubt():
    valid = [[False, True, True, True, True]]
    a = mask_of([[False, True, False, False, False]], valid=valid)
    b = mask_of([[False, False, False, True, False]], valid=valid, label="tree")
    assert touches(a, b).notes[0].startswith("unobserved pixels lie beside water:")


def test_unobserved_pixels_elsewhere_leave_no_doubt():
    valid = [[True, True, True, True, False]]
    a, b = mask_of([[True, False, False, False, False]], valid=valid), mask_of([[False, False, True, False, False]])
    assert touches(a, b).value is False
    assert touches(a, b).notes == ()


def test_contact_that_was_seen_has_no_doubt():
    a = mask_of([[True, False, False]], valid=[[True, True, False]])
    b = mask_of([[False, True, False]], valid=[[True, True, False]])
    assert touches(a, b).value is True
    assert touches(a, b).notes == ()


def test_overlap_and_absence_are_said():
    a = mask_of(np.eye(3) > 0)
    assert touches(a, a).value is True
    assert "the regions overlap" in touches(a, a).notes
    none = mask_of(np.zeros((3, 3), bool), label="tree")
    assert touches(a, none).value is False
    assert "no tree was found" in touches(a, none).notes


def test_contact_outside_the_area_of_interest_does_not_count():
    grid = small_grid((1, 6))
    a, b = mask_of([[1, 0, 0, 0, 1, 0]], grid), mask_of([[0, 0, 1, 0, 0, 1]], grid)
    lon, lat = grid.lonlat([0, 1], [0, 3])
    assert touches(a, b).value is True
    assert touches(a, b, aoi=Aoi.from_bbox((lon[0], lat[1], lon[1], lat[0]))).value is False


def test_nothing_observed_is_undefined():
    hidden = mask_of(np.ones((2, 2), bool), valid=np.zeros((2, 2), bool), label="tree")
    with pytest.raises(UndefinedMeasurement, match="No pixel was observed for tree"):
        touches(mask_of(np.ones((2, 2), bool)), hidden)


@pytest.mark.parametrize("name", SMALL_GRIDS)
def test_shared_edges_have_their_geodesic_length(name):
    grid = small_grid((3, 4), *SMALL_GRIDS[name])
    left = np.zeros((3, 4), bool)
    left[:, :2], left[2, 2] = True, True
    found = shared_edge_length(mask_of(left, grid), mask_of(~left, grid))
    lon, lat = grid.lonlat([0, 1, 2, 2, 3], [2, 2, 2, 3, 3])
    assert found.value == pytest.approx(GEOD.line_length(lon, lat), rel=1e-9)


@given(masks(n=2, names=("rotated",)))
def test_shared_edge_length_is_symmetric_and_positive_iff_touching(pair):
    a, b = pair
    assume((a.valid & b.valid).any())
    b = b.subtract(a)
    found = shared_edge_length(a, b)
    assert found.value == pytest.approx(shared_edge_length(b, a).value, rel=1e-12)
    assert (found.value > 0) == touches(a, b).value


def test_the_staircase_is_27_percent_longer_than_the_circle():
    lake = disc(grid_at(9, 45, "EPSG:32632"), 1200)
    stairs = shared_edge_length(lake, lake.complement()).value
    assert stairs == pytest.approx(4 / np.pi * edge_length(lake).value, rel=0.02)


def test_shared_edges_of_overlapping_regions_and_without_crs():
    a = mask_of([[True, True, False]])
    b = mask_of([[False, True, True]])
    found = shared_edge_length(a, b)
    assert found.value == 0
    assert any("overlap" in n for n in found.notes)
    bare = PixelGrid(None, Affine(1, 0, 0, 0, -1, 0), 1, 3)
    with pytest.raises(UndefinedMeasurement, match="coordinate reference system"):
        shared_edge_length(mask_of([[True, True, False]], bare), mask_of([[False, True, True]], bare))
