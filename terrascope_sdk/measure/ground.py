"""Metres of a grid: on the true ground (the default), or in the plane of its projection.

The plane is there for agreement with published figures that were computed that way. It is refused where it would
mislead: degrees have no metres, and Web Mercator's metres are up to several times too long.
"""

from functools import lru_cache
from typing import Literal

import numpy as np
from jaxtyping import Float64

from terrascope_sdk.errors import InputError, UndefinedMeasurement
from terrascope_sdk.measure.choice import require_choice
from terrascope_sdk.types import PixelGrid

__all__ = ["Ground", "ecef_m", "pixel_areas_m2", "planar_xy_m", "require_crs"]

Ground = Literal["ellipsoid", "planar"]
"""``ellipsoid``: true ground on WGS 84. ``planar``: the projection's own metres, without scale correction."""

_MAX_DISTORTION = 0.02
_SEMI_MAJOR_M = 6378137.0
_FLATTENING = 1 / 298.257223563


def require_crs(grid: PixelGrid, what: str) -> None:
    """Refuse to give metres to pixels that have no place.

    Args:
        grid: The masks' grid.
        what: The quantity asked for, for the message.

    Raises:
        UndefinedMeasurement: The grid has no coordinate reference system.
    """
    if grid.crs is None:
        raise UndefinedMeasurement(
            f"{what} cannot be given in metres: the pixels have no coordinate reference system.",
            hint="Give the raster its CRS (rioxarray's write_crs), or ask for a share, which needs none.",
        )


@lru_cache(maxsize=32)
def _metres_per_unit(grid: PixelGrid) -> float:
    """Return metres per unit of the grid's CRS, refusing planes whose metres are not those of the ground."""
    crs = grid.projection
    if crs.is_geographic or not crs.is_projected:
        raise InputError(f"{crs.name} counts degrees; it has no plane in metres.", hint="Use ground='ellipsoid'.")
    unit = float(crs.axis_info[0].unit_conversion_factor)
    true_m2 = grid.pixel_area_m2
    planar_m2 = abs(grid.transform.determinant) * unit**2
    off = float(np.abs(planar_m2 / true_m2 - 1).max())
    if crs.to_epsg() == 3857 or off > _MAX_DISTORTION:
        raise InputError(
            f"Areas in the plane of {crs.name} are wrong by up to {off:.1%} here.", hint="Use ground='ellipsoid'."
        )
    return unit


def pixel_areas_m2(grid: PixelGrid, ground: Ground) -> Float64[np.ndarray, "y #x"]:
    """Return the area of each pixel in m2, shape (y, x), or (y, 1) where all pixels of a row are alike.

    Args:
        grid: A grid with a CRS.
        ground: True ground, or ``|a*e - b*d|`` of the transform in the CRS's metres.

    Raises:
        InputError: The plane was asked for where it has no metres or is wrong by more than 2 %.
    """
    require_choice("ground", ground, ("ellipsoid", "planar"))
    if ground == "ellipsoid":
        return grid.pixel_area_m2
    unit = _metres_per_unit(grid)
    return np.full((grid.height, 1), abs(grid.transform.determinant) * unit**2)


def planar_xy_m(
    grid: PixelGrid, rows: Float64[np.ndarray, " point"], columns: Float64[np.ndarray, " point"]
) -> Float64[np.ndarray, "point 2"]:
    """Return map coordinates of lattice points in metres of the projection's plane.

    Raises:
        InputError: The plane has no metres, or is wrong by more than 2 %.
    """
    x, y = grid.xy(rows, columns)
    return np.column_stack([x, y]) * _metres_per_unit(grid)


def ecef_m(
    lon_deg: Float64[np.ndarray, " point"], lat_deg: Float64[np.ndarray, " point"]
) -> Float64[np.ndarray, "point 3"]:
    """Return earth-centred coordinates in m of points on the WGS 84 ellipsoid.

    Raises:
        InputError: A coordinate is not finite: the grid leaves its projection's domain.
    """
    lon, lat = np.deg2rad(lon_deg), np.deg2rad(lat_deg)
    if not (np.isfinite(lon).all() and np.isfinite(lat).all()):
        raise InputError("Part of the grid lies outside its projection's domain.", hint="Reproject to a local CRS.")
    e2 = _FLATTENING * (2 - _FLATTENING)
    n = _SEMI_MAJOR_M / np.sqrt(1 - e2 * np.sin(lat) ** 2)
    return np.column_stack([n * np.cos(lat) * np.cos(lon), n * np.cos(lat) * np.sin(lon), n * (1 - e2) * np.sin(lat)])
