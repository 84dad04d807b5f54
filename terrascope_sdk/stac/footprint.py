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
_ROWS = 256
"""Rows that are looked at together, so that memory stays small."""

_SLACK_PX = 1e-6


def item_grid(item: dict[str, JsonValue], asset: str | None = None) -> PixelGrid | None:
    """Return the grid that the projection fields state, or None where they do not state one.

    Args:
        item: A STAC item with ``proj:code`` or ``proj:epsg``, ``proj:shape`` and ``proj:transform``.
        asset: Look at the fields of this asset first; each field that it lacks is taken from the item.
    """
    own = item.get("assets", {}).get(asset, {}) if asset else {}
    properties = item.get("properties", {})

    def field(name: str) -> JsonValue:
        return own.get(f"proj:{name}", properties.get(f"proj:{name}"))

    code, shape, transform = field("code"), field("shape"), field("transform")
    epsg = field("epsg")
    code = code or (f"EPSG:{epsg}" if epsg else None)
    if not (code and shape and transform):
        return None
    return PixelGrid(code, Affine(*[float(v) for v in transform][:6]), int(shape[0]), int(shape[1]))


def covered(grid: PixelGrid, source: PixelGrid) -> np.ndarray:
    """Return which pixels of a grid have their centre on another grid, bool[y x]; the rest was never imaged."""
    if grid.crs == source.crs:
        step = ~source.transform @ grid.transform
        if step.b == 0 and step.d == 0:  # rows and columns stay what they are: two short vectors say it all
            across = _within(step.a * (np.arange(grid.width) + 0.5) + step.c, source.width)
            down = _within(step.e * (np.arange(grid.height) + 0.5) + step.f, source.height)
            return np.asarray(down[:, None] & across[None])
    inside = np.empty(grid.shape, bool)
    onto = pyproj.Transformer.from_crs(grid.projection, source.projection, always_xy=True)
    for top in range(0, grid.height, _ROWS):
        part = inside[top : top + _ROWS]
        rows, columns = np.mgrid[top : top + len(part), 0 : grid.width] + 0.5
        x, y = onto.transform(*grid.xy(rows, columns))
        column, row = ~source.transform @ (np.asarray(x), np.asarray(y))
        part[:] = _within(column, source.width) & _within(row, source.height)
    return inside


def _within(position: np.ndarray, size: int) -> np.ndarray:
    return np.asarray((position > -_SLACK_PX) & (position < size + _SLACK_PX))


def grid_outline(grid: PixelGrid) -> shapely.Polygon:
    """Return the outer edge of a grid in longitude and latitude, with nodes along each side."""
    t = np.linspace(0, 1, _NODES)[:-1]
    rows = np.concatenate([0 * t, t, 0 * t + 1, 1 - t]) * grid.height
    columns = np.concatenate([t, 0 * t + 1, 1 - t, 0 * t]) * grid.width
    lon, lat = grid.lonlat(rows, columns)
    return shapely.Polygon(np.column_stack([lon, lat]))
