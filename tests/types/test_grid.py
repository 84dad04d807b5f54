import math

import numpy as np
import pyproj
import pytest
import shapely
from affine import Affine
from hypothesis import given
from hypothesis import strategies as st

from terrascope_sdk.errors import InputError
from terrascope_sdk.testing import utm_grid
from terrascope_sdk.types import PixelGrid

GEOD = pyproj.Geod(ellps="WGS84")


def geodesic_pixel_area(grid: PixelGrid, row: int, column: int) -> float:
    """Area of a pixel as a densified geodesic polygon: an independent way to the same number."""
    t = np.linspace(0, 1, 33)
    rows = np.concatenate([0 * t, t, 0 * t + 1, 1 - t]) + row
    columns = np.concatenate([t, 0 * t + 1, 1 - t, 0 * t]) + column
    area, _ = GEOD.polygon_area_perimeter(*grid.lonlat(rows, columns))
    return abs(area)


grids = {
    "utm centre": utm_grid(lon_deg=9, lat_deg=45, size_px=40, pixel_m=100),
    "utm edge at the equator": utm_grid(lon_deg=6.01, lat_deg=0.3, size_px=40, pixel_m=100),
    "utm south": utm_grid(lon_deg=20, lat_deg=-34, size_px=40, pixel_m=100),
    "lonlat": PixelGrid("EPSG:4326", Affine(1e-3, 0, -0.78, 0, -1e-3, 38.13), 40, 40),
    "lonlat coarse": PixelGrid("EPSG:4326", Affine(0.5, 0, -10, 0, -0.5, 80), 200, 30),
    "south up": PixelGrid("EPSG:4326", Affine(1e-3, 0, 3, 0, 1e-3, 70), 40, 40),
    "mercator": PixelGrid("EPSG:3857", Affine(100, 0, 0, 0, -100, 8_400_000), 40, 40),
    "equal area": PixelGrid("EPSG:3035", Affine(100, 0, 4_321_000, 0, -100, 3_210_000), 40, 40),
    "feet": PixelGrid("EPSG:2263", Affine(300, 0, 980_000, 0, -300, 200_000), 40, 40),
    "rotated utm": PixelGrid(
        "EPSG:32632", Affine.translation(600_000, 5e6) @ Affine.rotation(30)
        @ Affine.scale(100, -100), 40, 40,
    ),
    "rotated lonlat": PixelGrid(
        "EPSG:4326", Affine.translation(10, 60) @ Affine.rotation(30) @ Affine.scale(1e-3, -1e-3), 40, 40
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", grids)
def test_pixel_area_is_the_geodesic_area(name):
    grid = grids[name]
    areas = np.broadcast_to(grid.pixel_area_m2, grid.shape)
    for row, column in [(0, 0), (grid.height // 2, grid.width // 3), (grid.height - 1, grid.width - 1)]:
        # a parallel is no geodesic, hence not exact; NAD83 and WGS 84 agree to metres
        assert areas[row, column] == pytest.approx(geodesic_pixel_area(grid, row, column), rel=3e-5)


def test_a_pixel_near_murcia_is_not_100_m2():
    grid = PixelGrid("EPSG:4326", Affine(8.983e-5, 0, -0.78, 0, -8.983e-5, 38.13), 512, 512)
    assert grid.pixel_area_m2.mean() == pytest.approx(78.6, abs=0.05)
    assert grid.pixel_size_m == pytest.approx((9.971, 7.879), abs=2e-3)


def test_the_area_of_all_zones_is_the_area_of_the_earth():
    grid = PixelGrid("EPSG:4326", Affine(1, 0, -180, 0, -1, 90), 180, 360)
    assert grid.pixel_area_m2.sum() * 360 == pytest.approx(5.10065621724e14, rel=1e-9)


def test_large_grids_interpolate_the_areal_scale_without_loss():
    grid = utm_grid(lon_deg=6.5, lat_deg=50, size_px=1000, pixel_m=100)
    x, y = grid.xy(np.array([0.5, 333.5, 999.5]), np.array([0.5, 801.5, 2.5]))
    lon, lat = grid.to_lonlat.transform(x, y)
    exact = 1e4 / pyproj.Proj(grid.projection).get_factors(lon, lat).areal_scale
    assert grid.pixel_area_m2[[0, 333, 999], [0, 801, 2]] == pytest.approx(exact, rel=1e-8)


def test_no_crs_means_no_area():
    grid = PixelGrid(None, Affine.identity(), 3, 3)
    with pytest.raises(InputError, match="no coordinate reference system"):
        _ = grid.pixel_area_m2


@pytest.mark.parametrize(
    "bad",
    [
        {"height": 0},
        {"transform": Affine(0, 0, 0, 0, 0, 0)},
        {"transform": Affine(float("nan"), 0, 0, 0, 1, 0)},
        {"crs": "EPSG:999999"},
        {"crs": "<script>"},
    ],
)
def test_impossible_grids_are_refused(bad):
    fields = {"crs": "EPSG:4326", "transform": Affine(1, 0, 0, 0, -1, 0), "height": 2, "width": 2} | bad
    with pytest.raises(InputError):
        PixelGrid(**fields)


def test_beyond_the_pole_is_refused():
    with pytest.raises(InputError, match="pole"):
        _ = PixelGrid("EPSG:4326", Affine(1, 0, 0, 0, -1, 95), 10, 2).pixel_area_m2


@given(st.integers(0, 30), st.integers(0, 30), st.integers(1, 10), st.integers(1, 10))
def test_a_crop_keeps_every_pixel_where_it_was(row, column, height, width):
    grid = grids["rotated utm"]
    window = grid.crop(row=row, column=column, height=height, width=width)
    assert np.allclose(window.xy(0.5, 0.5), grid.xy(row + 0.5, column + 0.5), rtol=0, atol=1e-6)
    assert PixelGrid.from_json(window.to_json()) == window


def test_same_place_means_the_same_to_a_thousandth_of_a_pixel():
    grid = grids["utm centre"]
    a = grid.transform
    moved = PixelGrid(grid.crs, Affine(a.a, 0, a.c + 0.05, 0, a.e, a.f), 40, 40)
    shifted = PixelGrid(grid.crs, Affine(a.a, 0, a.c + 5, 0, a.e, a.f), 40, 40)
    assert grid.same_as(moved)
    assert not grid.same_as(shifted)
    assert not grid.same_as(grids["lonlat"])


def test_contains_follows_pixel_centres():
    grid = PixelGrid("EPSG:4326", Affine(1, 0, 0, 0, -1, 4), 4, 4)
    inside = grid.contains(shapely.box(0.6, 0.6, 2.4, 2.4))
    assert inside.sum() == 1
    assert inside[2, 1]  # the pixel with centre (1.5, 1.5)
    assert grid.contains(shapely.box(0.5, 0.5, 2.5, 2.5)).sum() == 9  # centres on the outline count


def test_bounds_cover_the_whole_grid():
    west, south, east, north = grids["utm edge at the equator"].bounds_lonlat
    assert west < 6.01 < east
    assert south < 0.3 < north
    assert math.isclose((north - south) * 111_000, 4000, rel_tol=0.05)


def test_wkt_becomes_its_code_and_repr_is_short():
    grid = PixelGrid(pyproj.CRS("EPSG:32632").to_wkt(), Affine(10, 0, 0, 0, -10, 0), 2, 2)
    assert grid.crs == "EPSG:32632"
    assert len(repr(grid)) < 80
