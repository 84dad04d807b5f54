"""Where a STAC item's pixels lie, as a grid and as an outline, from its projection fields alone."""

from __future__ import annotations

import numpy as np
import pyproj
import shapely
from affine import Affine

from terrascope_sdk.types import PixelGrid
from terrascope_sdk.types.encoding import JsonValue

__all__ = ["covered", "grid_outline", "item_grid"]

_NODES = 21


def item_grid(item: dict[str, JsonValue]) -> PixelGrid | None:
    """Return the grid that ``proj:code``, ``proj:shape`` and ``proj:transform`` state, or None without them."""
    properties = item.get("properties", {})
    code, shape, transform = (properties.get(f"proj:{k}") for k in ("code", "shape", "transform"))
    if not (code and shape and transform):
        return None
    return PixelGrid(code, Affine(*[float(v) for v in transform][:6]), int(shape[0]), int(shape[1]))


def covered(grid: PixelGrid, source: PixelGrid) -> np.ndarray:
    """Return which pixels of a grid have their centre on another grid, bool[y x]; the rest was never imaged."""
    rows, columns = np.mgrid[0 : grid.height, 0 : grid.width] + 0.5
    x, y = grid.xy(rows, columns)
    if grid.crs != source.crs:
        x, y = pyproj.Transformer.from_crs(grid.projection, source.projection, always_xy=True).transform(x, y)
    column, row = ~source.transform @ (np.asarray(x), np.asarray(y))
    slack = 1e-6
    across = (column > -slack) & (column < source.width + slack)
    return np.asarray(across & (row > -slack) & (row < source.height + slack))


def grid_outline(grid: PixelGrid) -> shapely.Polygon:
    """Return the outer edge of a grid in longitude and latitude, with nodes along each side."""
    t = np.linspace(0, 1, _NODES)[:-1]
    rows = np.concatenate([0 * t, t, 0 * t + 1, 1 - t]) * grid.height
    columns = np.concatenate([t, 0 * t + 1, 1 - t, 0 * t]) * grid.width
    lon, lat = grid.lonlat(rows, columns)
    return shapely.Polygon(np.column_stack([lon, lat]))
