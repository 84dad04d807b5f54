"""From a grid to the web's map: which pixel of a raster each pixel of a Web Mercator overlay shows."""

import math
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float64
from scipy.interpolate import RegularGridInterpolator

from terrascope_sdk.errors import InputError
from terrascope_sdk.types import PixelGrid

__all__ = ["MercatorView", "mercator_view", "to_mercator"]

_RADIUS_M = 6_378_137.0
"""Of the sphere that Web Mercator (EPSG:3857) is drawn on."""

_STEP_PX = 16
"""Spacing of the overlay pixels whose place is worked out; between them it runs straight, to far below a pixel."""

_EDGE_POINTS = 65
_POLE_DEG = 85.05


@dataclass(frozen=True, eq=False)
class MercatorView:
    """A raster laid down in Web Mercator."""

    bounds: tuple[tuple[float, float], tuple[float, float]]
    """South-west and north-east corner, (latitude, longitude) in degrees, as Leaflet takes them."""

    rows: Float64[np.ndarray, "row column"]
    """Row of the raster under the middle of each overlay pixel; row 0 of the overlay is north."""

    columns: Float64[np.ndarray, "row column"]
    """The same for columns."""

    shape: tuple[int, int]
    """Rows and columns of the raster."""

    def nearest(self, values: np.ndarray, *, outside: int) -> np.ndarray:
        """Return the raster's value under each overlay pixel, never mixed with its neighbours.

        Args:
            values: [y, x] or [y, x, channel].
            outside: What stands beyond the raster.
        """
        height, width = self.shape
        inside = (self.rows >= 0) & (self.rows < height) & (self.columns >= 0) & (self.columns < width)
        rows = np.clip(self.rows, 0, height - 1).astype(np.intp)
        columns = np.clip(self.columns, 0, width - 1).astype(np.intp)
        taken = values[rows, columns]
        taken[~inside] = outside
        return np.asarray(taken)


def to_mercator(lon: np.ndarray, lat: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return Web Mercator x and y in metres of longitudes and latitudes in degrees."""
    lat = np.clip(lat, -_POLE_DEG, _POLE_DEG)
    return _RADIUS_M * np.radians(lon), _RADIUS_M * np.log(np.tan(np.pi / 4 + np.radians(lat) / 2))


def _to_lonlat(x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    lat = 2 * np.arctan(np.exp(np.asarray(y) / _RADIUS_M)) - np.pi / 2
    return np.degrees(np.asarray(x) / _RADIUS_M), np.degrees(lat)


def _outline(grid: PixelGrid) -> tuple[np.ndarray, np.ndarray]:
    """Return Mercator coordinates of points along the edge of a grid; longitudes run on across the antimeridian."""
    t = np.linspace(0, 1, _EDGE_POINTS)
    zero, one = np.zeros_like(t), np.ones_like(t)
    columns = np.concatenate([t, t, zero, one]) * grid.width
    rows = np.concatenate([zero, one, t, t]) * grid.height
    lon, lat = grid.lonlat(rows, columns)
    if not (np.isfinite(lon).all() and np.isfinite(lat).all()):
        raise InputError(f"{grid!r} reaches beyond what its CRS can place.", hint="Choose a smaller area.")
    return to_mercator((lon - lon[0] + 180) % 360 - 180 + lon[0], lat)


def mercator_view(grid: PixelGrid, *, finer: float = 1.0, limit_px: int = 2048) -> MercatorView:
    """Return how a grid lies in Web Mercator.

    Args:
        grid: Of the raster.
        finer: How many overlay pixels a raster pixel gets on each side at least, where the limit allows it: with 2, an
            edge lies within a quarter of a raster pixel of its true place.
        limit_px: Longest side of the overlay.

    Raises:
        InputError: The grid has no CRS, or lies where Web Mercator ends.
    """
    if grid.crs is None:
        raise InputError("A raster without a CRS has no place on a map.", hint="Give its grid a CRS.")
    x, y = _outline(grid)
    left, right, bottom, top = float(x.min()), float(x.max()), float(y.min()), float(y.max())
    if not (right > left and top > bottom):
        raise InputError(f"{grid!r} lies where Web Mercator ends, beyond {_POLE_DEG} degrees.")
    rows = np.hypot(np.diff(x[2 * _EDGE_POINTS : 3 * _EDGE_POINTS]), np.diff(y[2 * _EDGE_POINTS : 3 * _EDGE_POINTS]))
    columns = np.hypot(np.diff(x[:_EDGE_POINTS]), np.diff(y[:_EDGE_POINTS]))
    step = min(float(rows.sum()) / grid.height, float(columns.sum()) / grid.width) / finer
    step = max(step, (right - left) / limit_px, (top - bottom) / limit_px)
    width, height = math.ceil((right - left) / step), math.ceil((top - bottom) / step)
    at_rows, at_columns = (_lattice(size) for size in (height, width))
    mx, my = np.meshgrid(left + (at_columns + 0.5) * step, top - (at_rows + 0.5) * step)
    lon, lat = _to_lonlat(mx, my)
    gx, gy = grid.to_lonlat.transform(lon, lat, direction="INVERSE")
    found = ~grid.transform @ (np.asarray(gx), np.asarray(gy))
    full = tuple(np.meshgrid(np.arange(height), np.arange(width), indexing="ij"))
    columns_of, rows_of = (
        RegularGridInterpolator((at_rows, at_columns), np.where(np.isfinite(v), v, -1e9))(full) for v in found
    )
    west, south = _to_lonlat(np.array(left), np.array(top - height * step))
    east, north = _to_lonlat(np.array(left + width * step), np.array(top))
    corners = ((float(south), float(west)), (float(north), float(east)))
    return MercatorView(corners, rows_of, columns_of, grid.shape)


def _lattice(size: int) -> np.ndarray:
    """Return positions from 0 to the last pixel, a step apart, at least two."""
    last = max(size - 1, 1)
    return np.unique(np.append(np.arange(0, last, _STEP_PX), last)).astype(float)
