"""Worlds of known size: grids at any place in any CRS, geodesic discs on them, and small random masks."""

from datetime import UTC, datetime

import numpy as np
import pyproj
from affine import Affine
from hypothesis import strategies as st

from terrascope_sdk.types import Mask, PixelGrid

GEOD = pyproj.Geod(ellps="WGS84")
DAY = datetime(2019, 9, 18, tzinfo=UTC)


def utm_at(lon, lat):
    return f"EPSG:{(32600 if lat >= 0 else 32700) + int((lon + 180) // 6) + 1}"


def grid_at(lon, lat, crs, *, pixel_m=10.0, size=320, aspect=1.0, turn_deg=0.0):
    """Grid centred on a point, whose middle pixel is about `pixel_m` wide and `aspect` times as high on the ground."""
    east, _, _ = GEOD.fwd(lon, lat, 90, 1.0)
    _, north, _ = GEOD.fwd(lon, lat, 0, 1.0)
    project = pyproj.Transformer.from_crs("EPSG:4326", crs, always_xy=True)
    (x, x_east, _), (y, _, y_north) = project.transform([lon, east, lon], [lat, lat, north])
    wide, high = pixel_m, pixel_m * aspect
    if crs in ("EPSG:4326", "EPSG:3857", "EPSG:6933"):  # cylindrical: units are far from ground metres
        wide, high = wide * (x_east - x), high * (y_north - y)
    half = Affine.translation(-size / 2, -size / 2)
    transform = Affine.translation(x, y) @ Affine.rotation(turn_deg) @ Affine.scale(wide, -high) @ half
    return PixelGrid(crs, transform, size, size)


def away_m(grid, lon, lat):
    """Geodesic distance of every pixel centre from a point."""
    rows, columns = np.mgrid[0 : grid.height, 0 : grid.width] + 0.5
    lons, lats = grid.lonlat(rows, columns)
    return GEOD.inv(np.full_like(lons, lon), np.full_like(lats, lat), lons, lats)[2]


def disc(grid, radius_m, lonlat=None, label="water"):
    lon, lat = lonlat or (float(v) for v in grid.lonlat(grid.height / 2, grid.width / 2))
    return mask_of(away_m(grid, lon, lat) <= radius_m, grid, label=label)


def mask_of(pixels, grid=None, *, valid=None, label="water", date=DAY, sensor="optical"):
    pixels = np.asarray(pixels, bool)
    grid = grid or small_grid(pixels.shape)
    return Mask(pixels, np.ones(pixels.shape, bool) if valid is None else np.asarray(valid, bool), grid, label, date,
                sensor)  # fmt: skip


def small_grid(shape, crs="EPSG:32632", transform=None):
    transform = transform or Affine(10, 0, 500_000, 0, -10, 5_000_000)
    return PixelGrid(crs, transform, *shape)


SMALL_GRIDS = {
    "utm": ("EPSG:32632", Affine(10, 0, 500_000, 0, -10, 5_000_000)),
    "lonlat at 60 N": ("EPSG:4326", Affine(2e-4, 0, 10, 0, -1e-4, 60)),
    "rotated": ("EPSG:32632", Affine.translation(400_000, 5e6) @ Affine.rotation(30) @ Affine.scale(10, -20)),
    "mercator": ("EPSG:3857", Affine(20, 0, 1_000_000, 0, -20, 8_000_000)),
    "across the antimeridian": ("EPSG:32660", Affine(10, 0, 833_900, 0, -10, 100)),
}

shapes = st.tuples(st.integers(2, 9), st.integers(2, 9))


@st.composite
def pixel_arrays(draw, shape=None, density=None):
    shape = shape or draw(shapes)
    p = draw(st.sampled_from([0.1, 0.4, 0.8])) if density is None else density
    return np.random.default_rng(draw(st.integers(0, 2**32 - 1))).random(shape) < p


@st.composite
def masks(draw, n=1, names=("utm",), all_valid=False):
    """`n` random masks on one random grid, each with its own unobserved pixels."""
    shape = draw(shapes)
    grid = small_grid(shape, *SMALL_GRIDS[draw(st.sampled_from(names))])
    found = []
    for i in range(n):
        valid = np.ones(shape, bool) if all_valid else ~draw(pixel_arrays(shape, draw(st.sampled_from([0.0, 0.2]))))
        found.append(mask_of(draw(pixel_arrays(shape)), grid, valid=valid, label=f"class {i}"))
    return found[0] if n == 1 else found
