from datetime import UTC, datetime

import numpy as np
import pytest
import shapely
from affine import Affine
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from terrascope_sdk.errors import InputError
from terrascope_sdk.testing import disc_mask, utm_grid
from terrascope_sdk.types import Mask, PixelGrid

GRID = PixelGrid("EPSG:32632", Affine(10, 0, 500_000, 0, -10, 5_000_000), 5, 7)
codes = hnp.arrays(np.uint8, GRID.shape, elements=st.sampled_from([0, 1, 255]))
TABLE = {0: False, 1: True, 255: None}


def mask(array, **fields):
    return Mask.from_uint8(array, GRID, **fields)


def kleene_or(a, b):
    return True if a or b else None if a is None or b is None else False


def kleene_and(a, b):
    return False if a is False or b is False else None if a is None or b is None else True


@given(codes, codes)
def test_operations_follow_three_valued_logic(a, b):
    one, two = mask(a), mask(b)
    cases = {
        "union": kleene_or,
        "intersect": kleene_and,
        "subtract": lambda p, q: kleene_and(p, None if q is None else not q),
    }
    for name, truth in cases.items():
        got = getattr(one, name)(two).to_uint8()
        for i in np.ndindex(GRID.shape):
            assert TABLE[int(got[i])] is truth(TABLE[int(a[i])], TABLE[int(b[i])]), name


@given(codes)
def test_complement_twice_is_the_mask(a):
    assert (mask(a).complement().complement().to_uint8() == a).all()


@given(codes, codes)
def test_de_morgan_holds_with_unobserved_pixels(a, b):
    one, two = mask(a), mask(b)
    left = one.union(two).complement().to_uint8()
    right = one.complement().intersect(two.complement()).to_uint8()
    assert (left == right).all()


@given(codes)
def test_json_and_file_codes_round_trip(a):
    one = mask(a, label="<b>water</b>", date=datetime(2020, 1, 2, tzinfo=UTC))
    assert Mask.from_json(one.to_json()) == one
    assert (one.to_uint8() == a).all()
    assert (Mask.from_xarray(one.to_xarray()).to_uint8() == a).all()


def test_inside_implies_observed():
    one = Mask(np.ones(GRID.shape, bool), np.zeros(GRID.shape, bool), GRID)
    assert not one.pixels.any()


def test_pixels_cannot_be_changed_afterwards():
    source = np.zeros(GRID.shape, bool)
    one = Mask(source, np.ones(GRID.shape, bool), GRID)
    source[0, 0] = True
    assert not one.pixels[0, 0]
    with pytest.raises(ValueError, match="read-only"):
        one.pixels[0, 0] = True


def test_masks_on_different_grids_do_not_mix():
    other = PixelGrid("EPSG:32632", Affine(10, 0, 500_010, 0, -10, 5_000_000), 5, 7)
    blank = np.zeros(GRID.shape, np.uint8)
    with pytest.raises(InputError, match="different grids"):
        mask(blank).union(Mask.from_uint8(blank, other))


def test_joined_masks_keep_a_date_only_when_they_share_it():
    blank = np.zeros(GRID.shape, np.uint8)
    may, june = (datetime(2020, m, 1, tzinfo=UTC) for m in (5, 6))
    assert mask(blank, date=may).union(mask(blank, date=may)).date == may
    assert mask(blank, date=may).union(mask(blank, date=june)).date is None


@pytest.mark.parametrize("bad", [np.zeros((2, 2), bool), np.zeros(GRID.shape, np.uint8)])
def test_wrong_shapes_and_dtypes_are_refused(bad):
    with pytest.raises((InputError, TypeError)):
        Mask(bad, np.ones(GRID.shape, bool), GRID)


def test_other_codes_are_refused():
    with pytest.raises(InputError, match="also holds"):
        mask(np.full(GRID.shape, 7, np.uint8))


def test_rioxarray_reads_where_the_mask_lies():
    import rioxarray  # noqa: F401  (registers the accessor)

    array = mask(np.zeros(GRID.shape, np.uint8)).to_xarray()
    assert array.rio.crs.to_epsg() == 32632
    assert array.rio.transform() == GRID.transform
    assert array.rio.nodata == 255


def test_a_boolean_array_of_a_user_becomes_a_mask():
    array = mask(np.eye(5, 7, dtype=np.uint8)).to_xarray() == 1
    made = Mask.from_xarray(array, label="mine")
    assert made.pixels.sum() == 5
    assert made.grid.same_as(GRID)


def test_polygons_go_in_and_out():
    grid = utm_grid(size_px=60)
    lake = disc_mask(grid, radius_m=200)
    frame = lake.to_geodataframe()
    assert frame.crs.to_epsg() == grid.projection.to_epsg()
    assert len(frame) == 1
    assert (Mask.from_geodataframe(frame, grid).pixels == lake.pixels).all()
    away = frame.to_crs("EPSG:3035")
    assert (Mask.from_geodataframe(away, grid).pixels == lake.pixels).all()


def test_outlines_follow_pixel_edges_and_keep_holes():
    from terrascope_sdk.types.outlines import mask_outlines

    ring = np.zeros(GRID.shape, np.uint8)
    ring[1:4, 1:4] = 1
    ring[2, 2] = 0
    (outline,) = mask_outlines(mask(ring))
    assert outline.area == 800
    assert len(outline.interiors) == 1
    assert shapely.is_valid(outline)


def test_repr_is_one_short_line():
    text = repr(mask(np.zeros(GRID.shape, np.uint8), label="water"))
    assert "water" in text
    assert "\n" not in text
