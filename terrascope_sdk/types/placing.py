"""How a grid lies on the ground, for those who draw it: pixel proportions, north, and the outline of the area."""

import math

import numpy as np
import pyproj
import shapely

from terrascope_sdk.errors import TerraScopeError
from terrascope_sdk.render.figure import GroundScale, Ring
from terrascope_sdk.types.aoi import Aoi
from terrascope_sdk.types.encoding import JsonValue
from terrascope_sdk.types.grid import PixelGrid

__all__ = ["aoi_rings", "ground_scale"]

_WHOLE_FRAC = 0.99
"""An area that fills more of the picture than this needs no outline."""


def ground_scale(grid: PixelGrid) -> GroundScale | None:
    """Return pixel size and the way north in the middle of a grid; None where it has no place on the ground."""
    try:
        height_m, width_m = grid.pixel_size_m
        rows = np.array([0.5, -0.5]) + grid.height / 2
        lon, lat = grid.lonlat(rows, np.full(2, grid.width / 2))
        azimuth, _, _ = pyproj.Geod(ellps="WGS84").inv(lon[0], lat[0], lon[1], lat[1])
    except (TerraScopeError, pyproj.exceptions.ProjError):
        return None
    if not all(math.isfinite(v) and v > 0 for v in (height_m, width_m)) or not math.isfinite(azimuth):
        return None
    mirrored = grid.transform.determinant > 0
    return GroundScale(height_m, width_m, azimuth if mirrored else -azimuth)


def aoi_rings(aoi: dict[str, JsonValue], grid: PixelGrid) -> tuple[Ring, ...]:
    """Return the outline of an area of interest in shares of the picture's width and height, from its upper left.

    Empty when there is no area, when it cannot be placed on the grid, or when it fills the picture.

    Args:
        aoi: What :meth:`Aoi.to_json` wrote, or an empty object.
        grid: Where the picture lies.
    """
    if not aoi or grid.crs is None:
        return ()
    try:
        outline = shapely.segmentize(Aoi.from_json(aoi).geometry, 0.01)
        to_map = pyproj.Transformer.from_crs("EPSG:4326", grid.projection, always_xy=True)

        def placed(lonlat: np.ndarray) -> np.ndarray:
            x, y = to_map.transform(lonlat[:, 0], lonlat[:, 1])
            columns, rows = ~grid.transform @ (np.asarray(x), np.asarray(y))
            return np.stack([columns / grid.width, rows / grid.height], axis=1)

        inside = shapely.transform(outline, placed).intersection(shapely.box(0, 0, 1, 1))
    except (TerraScopeError, KeyError, TypeError, shapely.errors.ShapelyError, pyproj.exceptions.ProjError):
        return ()
    if inside.is_empty or inside.area > _WHOLE_FRAC:
        return ()
    polygons = [p for p in shapely.get_parts(inside) if p.geom_type == "Polygon"]
    rings = [r for p in polygons for r in (p.exterior, *p.interiors)]
    return tuple(tuple((float(x), float(y)) for x, y in r.simplify(5e-4).coords) for r in rings)
