from dataclasses import replace

import numpy as np
import pytest
from affine import Affine

from terrascope_sdk.testing import utm_grid
from terrascope_sdk.types import Aoi, PixelGrid
from terrascope_sdk.types.placing import aoi_rings, ground_scale


def test_pixels_near_murcia_are_narrow():
    grid = PixelGrid("EPSG:4326", Affine(8.983152841195215e-05, 0, -0.78, 0, -8.983152841195215e-05, 38.1), 4, 4)
    scale = ground_scale(grid)
    assert scale.aspect == pytest.approx(0.79, abs=0.002)
    assert scale.north_deg == pytest.approx(0, abs=1e-9)


@pytest.mark.parametrize("turn_deg", [0, 30, -75, 180])
def test_north_turns_with_the_grid(turn_deg):
    plain = utm_grid(lon_deg=9.0, lat_deg=45.0, size_px=10)
    turned = replace(plain, transform=plain.transform @ Affine.rotation(turn_deg))
    north = ground_scale(turned).north_deg
    column, row = ~turned.transform @ (turned.transform.c, turned.transform.f + 1000)  # 1 km grid north of the corner
    expected = np.rad2deg(np.arctan2(column, -row))
    assert np.isclose((north - expected + 180) % 360 - 180, 0, atol=0.1)


def test_a_grid_drawn_upside_down_has_north_below():
    upside = PixelGrid("EPSG:32632", Affine(10, 0, 500_000, 0, 10, 4_999_000), 10, 10)
    assert abs(ground_scale(upside).north_deg) == pytest.approx(180, abs=0.1)


def test_without_a_place_there_is_no_scale():
    assert ground_scale(PixelGrid(None, Affine.identity(), 3, 3)) is None
    assert ground_scale(PixelGrid("EPSG:32632", Affine(1e7, 0, 1e9, 0, -1e7, 1e9), 3, 3)) is None


def test_an_outline_in_shares_of_the_picture():
    grid = PixelGrid("EPSG:4326", Affine(0.001, 0, 10.0, 0, -0.001, 50.0), 100, 200)
    aoi = Aoi.from_bbox((10.05, 49.95, 10.1, 49.99))
    (ring,) = aoi_rings(aoi.to_json(), grid)
    assert np.min(ring, axis=0) == pytest.approx([0.25, 0.1])
    assert np.max(ring, axis=0) == pytest.approx([0.5, 0.5])


@pytest.mark.parametrize(
    "aoi",
    [{}, {"name": "damaged"}, {"name": "x", "geometry": None}, Aoi.from_bbox((9, 49, 11, 51)).to_json(),
     Aoi.from_bbox((20, 20, 21, 21)).to_json()],
)  # fmt: skip
def test_areas_that_cannot_or_need_not_be_drawn(aoi):
    grid = PixelGrid("EPSG:4326", Affine(0.001, 0, 10.0, 0, -0.001, 50.0), 100, 200)
    assert aoi_rings(aoi, grid) == ()
    assert aoi_rings(aoi, PixelGrid(None, Affine.identity(), 3, 3)) == ()
