import math

import numpy as np
import pytest
from affine import Affine

from terrascope_sdk.errors import UndefinedMeasurement
from terrascope_sdk.measure import edge_length
from terrascope_sdk.measure.length import _metres_per_crossing
from terrascope_sdk.types import Aoi, PixelGrid
from tests.measure.discs import disc, grid_at, mask_of, small_grid


@pytest.mark.parametrize("aspect", [1, 2, 0.5])
@pytest.mark.parametrize(
    ("lon", "lat", "crs", "turn"),
    [(9, 45, "EPSG:32632", 0), (6.05, 45, "EPSG:32632", 30), (9, 60, "EPSG:4326", 0), (9, 60, "EPSG:3857", 0)],
)
def test_a_disc_has_its_circumference(lon, lat, crs, turn, aspect):
    lake = disc(grid_at(lon, lat, crs, aspect=aspect, turn_deg=turn, pixel_m=10 / aspect**0.5), 1000, (lon, lat))
    assert not lake.pixels[[0, -1]].any()
    found = edge_length(lake)
    assert found.value == pytest.approx(2 * math.pi * 1000, rel=0.02)
    assert found.low <= found.value <= found.high
    assert "scale-dependent" in found.notes[0]


def test_directions_weigh_by_their_angular_sector():
    grid = small_grid((4, 4), transform=Affine(10, 0, 500_000, 0, -20, 5_000_000))
    diagonal = math.atan2(20, 10)
    spacings = np.array([20, 200 / 500**0.5, 10, 200 / 500**0.5])
    sectors = np.array([diagonal, math.pi / 4, math.pi / 2 - diagonal, math.pi / 4])
    for row in (0, 8, 16):
        found = _metres_per_crossing(grid)[:, row, row]
        np.testing.assert_allclose(found, spacings * sectors / 2, rtol=2e-3)


def test_a_sheared_grid():
    transform = Affine.translation(500_000, 5e6) @ Affine(10, 4, 0, 0, -10, 0)
    grid = PixelGrid("EPSG:32632", transform, 320, 320)
    assert edge_length(disc(grid, 1000)).value == pytest.approx(2 * math.pi * 1000, rel=0.02)


def test_halves_of_a_disc_have_half_the_edge_because_the_frame_is_none():
    grid = grid_at(9, 45, "EPSG:32632", size=300)
    lake = disc(grid, 1000)
    half = mask_of(lake.pixels[:, :150], grid.crop(row=0, column=0, height=300, width=150))
    assert edge_length(half).value == pytest.approx(math.pi * 1000, rel=0.02)


def test_the_border_of_clouds_is_no_edge():
    valid = np.ones((20, 20), bool)
    valid[:, 8:12] = False
    assert edge_length(mask_of(np.ones((20, 20), bool), valid=valid)).value == 0
    assert edge_length(mask_of(np.zeros((20, 20), bool))).value == 0


def test_a_straight_edge_and_its_complement():
    half = np.zeros((200, 200), bool)
    half[:, :100] = True
    found = edge_length(mask_of(half))
    assert found.value == pytest.approx(2000, rel=0.06)  # four directions are exact on average over directions only
    assert edge_length(mask_of(~half)).value == found.value


def test_only_inside_the_area_of_interest():
    grid = grid_at(9, 45, "EPSG:32632", size=300)
    west, south, _, north = grid.bounds_lonlat
    lake = disc(grid, 1000)
    assert edge_length(lake, aoi=Aoi.from_bbox((west, south, 9.0, north))).value == pytest.approx(
        math.pi * 1000, rel=0.02
    )


def test_without_a_crs_or_an_observed_pixel():
    with pytest.raises(UndefinedMeasurement, match="coordinate reference system"):
        edge_length(mask_of(np.eye(3) > 0, PixelGrid(None, Affine(1, 0, 0, 0, -1, 0), 3, 3)))
    with pytest.raises(UndefinedMeasurement, match="None of the 4 pixels"):
        edge_length(mask_of(np.eye(2) > 0, small_grid((2, 2)), valid=np.zeros((2, 2), bool)))
