import numpy as np
import pytest
from affine import Affine
from hypothesis import given
from hypothesis import strategies as st

from terrascope_sdk.errors import InputError, NoScenesFound
from terrascope_sdk.stac.footprint import covered
from terrascope_sdk.stac.grids import common_grid, utm_code
from terrascope_sdk.types import Aoi, PixelGrid

TILE = PixelGrid("EPSG:32632", Affine(10, 0, 500_000, 0, -10, 5_000_000), 400, 500)


def inside(grid, *, margin=50):
    lon, lat = grid.lonlat([margin, grid.height - margin], [margin, grid.width - margin])
    return Aoi.from_bbox((lon.min(), lat.min(), lon.max(), lat.max()))


def moved(columns, rows=0.0, *, pixel=10.0):
    return PixelGrid(TILE.crs, Affine(pixel, 0, 500_000 + columns * 10, 0, -pixel, 5_000_000 - rows * 10), 400, 500)


def test_grids_that_differ_in_the_fourth_digit_are_one():
    nearly = PixelGrid(TILE.crs, Affine(10.0000001, 0, 500_000.0004, 0, -10, 5_000_000.0002), 400, 500)
    grid = common_grid([TILE, nearly], inside(TILE), gsd_m=10)
    assert grid.crs == TILE.crs
    assert grid.transform.c == 500_000 + round((grid.transform.c - 500_000) / 10) * 10


def test_neighbouring_tiles_keep_their_lattice():
    grid = common_grid([TILE, moved(480)], inside(PixelGrid(TILE.crs, TILE.transform, 400, 900)), gsd_m=10)
    column, row = ~TILE.transform @ (grid.transform.c, grid.transform.f)
    assert column == pytest.approx(round(column), abs=1e-6)
    assert row == pytest.approx(round(row), abs=1e-6)
    assert grid.width > 500


@pytest.mark.parametrize("other", [moved(0.5), moved(0, pixel=20.0), None])
def test_unlike_lattices_meet_in_utm(other):
    grid = common_grid([TILE, other], inside(TILE), gsd_m=10)
    assert grid.crs == "EPSG:32632"
    assert grid.transform.c % 10 == 0


def test_an_area_in_two_zones_gets_one_grid_that_covers_it():
    aoi = Aoi.from_bbox((11.9, 46.0, 12.1, 46.1))  # zones 32 and 33 meet at 12 degrees east
    west = PixelGrid("EPSG:32632", Affine(10, 0, 726_000, 0, -10, 5_110_000), 1000, 1000)
    east = PixelGrid("EPSG:32633", Affine(10, 0, 260_000, 0, -10, 5_110_000), 1000, 1000)
    grid = common_grid([west, east], aoi, gsd_m=10)
    assert grid.crs == utm_code(aoi)
    w, s, e, n = grid.bounds_lonlat
    assert w <= 11.9 and s <= 46.0 and e >= 12.1 and n >= 46.1  # noqa: PT018
    assert covered(grid, west).any()
    assert covered(grid, east).any()


@pytest.mark.parametrize(
    ("bbox", "code"),
    [
        ((11, 46, 12, 47), "EPSG:32632"), ((11, -47, 12, -46), "EPSG:32732"), ((179, 0, 180, 1), "EPSG:32660"),
        ((-180, 0, -179, 1), "EPSG:32601"),
    ],
)  # fmt: skip
def test_the_zone_is_that_of_the_middle(bbox, code):
    assert utm_code(Aoi.from_bbox(bbox)) == code


def test_nothing_and_nonsense_are_refused():
    with pytest.raises(NoScenesFound, match="No pixel"):
        common_grid([TILE], Aoi.from_bbox((20, 45, 21, 46)), gsd_m=10)
    for size in (0, -10, float("nan")):
        with pytest.raises(InputError, match="wide"):
            common_grid([], inside(TILE), gsd_m=size)


@given(st.floats(-60, 560), st.floats(-60, 460), st.sampled_from([5.0, 10.0, 20.0]), st.booleans())
def test_covered_is_what_every_centre_says(column, row, pixel, turned):
    t = TILE.transform
    small = PixelGrid(TILE.crs, Affine(10, 0, t.c, 0, -10, t.f), 40, 50)
    affine = Affine(pixel, 0, t.c + column - 200, 0, -pixel, t.f - row + 200)
    grid = PixelGrid(TILE.crs, affine @ Affine.rotation(20) if turned else affine, 30, 35)
    rows, columns = np.mgrid[0:30, 0:35] + 0.5
    x, y = grid.xy(rows, columns)
    at_column, at_row = ~small.transform @ (x, y)
    expected = (at_column > -1e-6) & (at_column < 50 + 1e-6) & (at_row > -1e-6) & (at_row < 40 + 1e-6)
    assert np.array_equal(covered(grid, small), expected)


def test_covered_across_projections_agrees_with_the_outline():
    lonlat = PixelGrid("EPSG:4326", Affine(1e-4, 0, 9.0, 0, -1e-4, 45.16), 600, 700)
    seen = covered(lonlat, TILE)
    lon, lat = lonlat.lonlat(*(np.mgrid[0:600, 0:700] + 0.5))
    x, y = TILE.to_lonlat.transform(lon, lat, direction="INVERSE")
    column, row = ~TILE.transform @ (np.asarray(x), np.asarray(y))
    assert np.array_equal(seen, (column > 0) & (column < 500) & (row > 0) & (row < 400))
    assert 0 < seen.sum() < seen.size
