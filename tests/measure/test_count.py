import math

import numpy as np
import pytest
from affine import Affine
from hypothesis import given
from hypothesis import strategies as st
from skimage.measure import label as skimage_label

from terrascope_sdk.errors import InputError, UndefinedMeasurement
from terrascope_sdk.measure import area, components, count, largest_regions
from terrascope_sdk.types import Aoi, PixelGrid
from tests.measure.discs import disc, grid_at, mask_of, masks, small_grid

SQUARES = np.array(
    [[1, 1, 0, 0, 0, 0],
     [1, 1, 0, 0, 1, 0],
     [0, 0, 1, 0, 0, 0],
     [0, 0, 0, 0, 1, 1]]
) > 0  # fmt: skip


def test_regions_by_edges_and_by_corners():
    assert count(mask_of(SQUARES)).value == 4
    assert count(mask_of(SQUARES), neighbours=8).value == 3
    assert count(mask_of(SQUARES)).unit == "count"
    assert isinstance(count(mask_of(SQUARES)).value, int)


def test_two_lakes_are_two_whatever_the_edge_does():
    grid = grid_at(9, 45, "EPSG:32632", size=200)
    lakes = disc(grid, 300, (8.996, 45)).union(disc(grid, 200, (9.004, 45)))
    found = count(lakes)
    assert (found.low, found.value, found.high) == (2, 2, 2)
    assert not any("cut by" in n for n in found.notes)
    big, small = largest_regions(lakes)
    assert area(big).value == pytest.approx(math.pi * 300**2, rel=5e-3)
    assert area(small).value == pytest.approx(math.pi * 200**2, rel=5e-3)
    assert count(lakes, min_area_m2=200_000).value == 1


def test_single_pixels_may_vanish_and_merge():
    found = count(mask_of(SQUARES))
    assert found.low == 0 or found.low < found.value
    assert found.high >= found.value


@given(masks(), st.sampled_from([4, 8]))
def test_components_are_those_of_skimage_and_sorted(mask, neighbours):
    parts = components(mask, neighbours=neighbours)
    expected = skimage_label(mask.pixels, connectivity=1 if neighbours == 4 else 2)
    assert len(parts) == expected.max()
    assert (np.diff(parts.sizes_px) <= 0).all()
    assert parts.sizes_px.sum() == mask.pixels.sum()
    np.testing.assert_array_equal(parts.labels > 0, mask.pixels)
    for number in range(1, len(parts) + 1):
        region = parts.mask(number)
        assert region.pixels.sum() == parts.sizes_px[number - 1]
        assert len(np.unique(expected[region.pixels])) == 1
        if mask.valid.any():
            assert area(region).value == pytest.approx(parts.areas_m2[number - 1], rel=1e-9)


def test_a_river_under_a_cloud_is_two_regions_and_cut():
    river = mask_of([[True] * 5, [False] * 5], valid=[[True, True, False, True, True], [True] * 5])
    assert count(river).value == 2
    assert any("2 of them are cut" in n for n in count(river).notes)


def test_an_area_of_interest_counts_what_reaches_in_once():
    grid = small_grid((3, 6))
    arms = np.zeros((3, 6), bool)
    arms[0], arms[2], arms[:, 5] = True, True, True
    lon, lat = grid.lonlat([0, 3], [0, 3])
    west = Aoi.from_bbox((lon[0], lat[1], lon[1], lat[0]))
    assert count(mask_of(arms, grid), aoi=west).value == 1
    alone = np.zeros((3, 6), bool)
    alone[1, 5] = True
    assert count(mask_of(alone, grid), aoi=west).value == 0


def test_labels_and_order_of_equal_regions():
    parts = components(mask_of([[True, False, True, True, False, True]]))
    np.testing.assert_array_equal(parts.labels, [[2, 0, 1, 1, 0, 3]])
    assert parts.mask(1).label == "water, region 1"
    with pytest.raises(InputError, match=r"no region 4.*has 3"):
        parts.mask(4)


def test_too_few_regions():
    with pytest.raises(UndefinedMeasurement, match="has 1 connected regions, not 2"):
        largest_regions(mask_of([[True, True]]))
    assert count(mask_of(np.zeros((2, 2), bool))).value == 0


def test_without_a_crs_regions_have_no_area():
    bare = mask_of(SQUARES, PixelGrid(None, Affine(1, 0, 0, 0, -1, 0), 4, 6))
    assert count(bare).value == 4
    assert components(bare).areas_m2 is None
    with pytest.raises(UndefinedMeasurement, match="below 100 m2"):
        count(bare, min_area_m2=100)
    with pytest.raises(InputError, match="min_area_m2 is -1"):
        count(mask_of(SQUARES), min_area_m2=-1)
