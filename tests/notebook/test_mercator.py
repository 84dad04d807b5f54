"""A mask on the web's map lies where it lies on the ground, also far north, turned, and across the antimeridian."""

import math

import numpy as np
import pyproj
import pytest
from affine import Affine

from terrascope_sdk.errors import InputError
from terrascope_sdk.notebook.mercator import mercator_view
from terrascope_sdk.types import PixelGrid

TO_MERCATOR = pyproj.Transformer.from_crs("EPSG:4326", "EPSG:3857", always_xy=True)


def utm(zone, easting, northing, *, height=300, width=400, pixel=10.0, turn=0.0):
    place = Affine.translation(easting, northing) @ Affine.rotation(turn) @ Affine.scale(pixel, -pixel)
    return PixelGrid(f"EPSG:326{zone:02d}", place, height, width)


GRIDS = {
    "60 north, edge of its zone": utm(33, 330_000, 6_650_000),
    "60 north, middle": utm(33, 500_000, 6_650_000, height=900, width=50),
    "equator": utm(31, 500_000, 100_000),
    "turned": utm(33, 400_000, 6_650_000, turn=17),
    "degrees": PixelGrid("EPSG:4326", Affine(2e-4, 0, 10.0, 0, -1e-4, 60.02), 250, 300),
    "polar": PixelGrid("EPSG:3413", Affine(30, 0, -200_000, 0, -30, -1_500_000), 200, 200),
    "one pixel": utm(33, 400_000, 6_650_000, height=1, width=1),
}


@pytest.mark.parametrize("grid", GRIDS.values(), ids=GRIDS)
def test_control_points_lie_within_half_a_pixel_of_their_true_place(grid):
    """Each corner of single pixels, placed by PROJ itself, against where the overlay draws them."""
    view = mercator_view(grid, finer=2)
    (south, west), (north, east) = view.bounds
    (left, right), (bottom, top) = TO_MERCATOR.transform([west, east], [south, north])
    height, width = view.rows.shape
    rng = np.random.default_rng(3)
    for row, column in zip(rng.integers(0, grid.height, 12), rng.integers(0, grid.width, 12), strict=True):
        mask = np.zeros(grid.shape, np.uint8)
        mask[row, column] = 1
        drawn = np.argwhere(view.nearest(mask, outside=255) == 1)
        assert len(drawn)
        y, x = (drawn + 0.5).mean(axis=0)
        seen = left + (right - left) * x / width, top - (top - bottom) * y / height
        lon, lat = grid.to_lonlat.transform(*(grid.transform @ (column + 0.5, row + 0.5)))
        true = TO_MERCATOR.transform(lon, lat)
        beside = TO_MERCATOR.transform(*grid.to_lonlat.transform(*(grid.transform @ (column + 1.5, row + 0.5))))
        assert math.dist(seen, true) < 0.5 * math.dist(true, beside)


def test_nothing_is_drawn_beyond_the_raster_and_all_of_it_is_drawn():
    grid = GRIDS["turned"]
    view = mercator_view(grid, finer=2)
    drawn = view.nearest(np.ones(grid.shape, np.uint8), outside=255)
    assert set(np.unique(drawn)) == {1, 255}
    numbers = view.nearest(np.arange(grid.height * grid.width).reshape(grid.shape), outside=-1)
    assert len(np.unique(numbers)) == grid.height * grid.width + 1


def test_longitudes_run_on_across_the_antimeridian():
    grid = utm(1, 170_000, 6_650_000, height=50, width=3000)
    (_, west), (_, east) = mercator_view(grid).bounds
    assert 0 < east - west < 1.5


def test_an_overlay_keeps_within_its_limit():
    assert max(mercator_view(GRIDS["equator"], finer=20, limit_px=500).rows.shape) <= 501


def test_without_a_crs_and_at_the_pole_there_is_no_place():
    with pytest.raises(InputError, match="CRS"):
        mercator_view(PixelGrid(None, Affine.identity(), 4, 4))
    with pytest.raises(InputError, match="Mercator ends"):
        mercator_view(PixelGrid("EPSG:4326", Affine(1e-3, 0, 10, 0, -1e-3, 88), 10, 10))
