"""True ground area of pixels: exact on the ellipsoid for longitude/latitude and Mercator rows, corrected elsewhere.

References:
    Snyder, J. P. (1987), Map Projections: A Working Manual, USGS Professional Paper 1395, eq. 3-12 (authalic
    latitude's q) for the area of an ellipsoidal zone; the areal scale of other projections comes from PROJ.
"""

import numpy as np
import pyproj
from affine import Affine
from jaxtyping import Float64
from scipy.interpolate import RectBivariateSpline

from terrascope_sdk.errors import InputError

__all__ = ["ground_pixel_area_m2", "zone_area_m2"]

_ELLIPSOID = pyproj.Geod(ellps="WGS84")
_LATTICE = 65  # at most this many nodes a side for the areal scale, which varies slowly and smoothly


def zone_area_m2(
    south_deg: Float64[np.ndarray, " y"], north_deg: Float64[np.ndarray, " y"]
) -> Float64[np.ndarray, " y"]:
    """Return the area in m2 of the zone between two latitudes, for one degree of longitude, on WGS 84."""
    a, b = _ELLIPSOID.a, _ELLIPSOID.b
    e = np.sqrt(1 - (b / a) ** 2)

    def below(lat_deg: np.ndarray) -> np.ndarray:
        s = np.sin(np.deg2rad(lat_deg))
        return np.asarray(s / (1 - (e * s) ** 2) + np.arctanh(e * s) / e)

    per_radian = 0.5 * b**2 * (below(north_deg) - below(south_deg))
    return np.asarray(np.abs(per_radian) * np.pi / 180, np.float64)


def _rows_only(crs: pyproj.CRS, transform: Affine) -> bool:
    upright = transform.b == 0 and transform.d == 0
    mercator = crs.to_epsg() == 3857
    return upright and (crs.is_geographic or mercator)


def _areal_scale(crs: pyproj.CRS, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Return projected area over ground area at map points (1 in an equal-area projection)."""
    geographic = crs.geodetic_crs
    lon, lat = pyproj.Transformer.from_crs(crs, geographic, always_xy=True).transform(x, y)
    if not (np.all(np.isfinite(lon)) and np.all(np.isfinite(lat))):
        raise InputError(
            f"Part of the grid lies outside the domain of {crs.name}.", hint="Reproject the raster to a local CRS."
        )
    scale = np.asarray(pyproj.Proj(crs).get_factors(lon, lat, radians=False).areal_scale, np.float64)
    if not np.all(np.isfinite(scale)) or np.any(scale <= 0):
        raise InputError(f"{crs.name} has no areal scale on part of the grid.", hint="Reproject to a local CRS.")
    return scale


def ground_pixel_area_m2(*, crs: pyproj.CRS, transform: Affine, height: int, width: int) -> Float64[np.ndarray, "y #x"]:
    """Return the true ground area of every pixel in m2.

    Longitude/latitude grids and Web Mercator: the exact area between parallels on the ellipsoid, one value a row.
    Every other CRS: the pixel's planar area over the projection's areal scale, taken from PROJ on a lattice and
    interpolated by splines (the scale of a UTM zone varies by 0.4 % between centre and edge).

    Args:
        crs: The grid's CRS.
        transform: Pixel corner to map coordinates.
        height: Rows.
        width: Columns.

    Raises:
        InputError: A part of the grid lies outside the projection's domain.
    """
    if _rows_only(crs, transform):
        edges = transform.f + transform.e * np.arange(height + 1, dtype=np.float64)
        degrees_wide = abs(transform.a)
        if crs.is_geographic:
            unit = crs.axis_info[0].unit_conversion_factor * 180 / np.pi  # radians per unit, to degrees
            lat, degrees_wide = edges * unit, degrees_wide * unit
        else:
            to_lonlat = pyproj.Transformer.from_crs(crs, "EPSG:4326", always_xy=True)
            _, lat = to_lonlat.transform(np.full_like(edges, transform.c), edges)
            degrees_wide = np.rad2deg(degrees_wide / _ELLIPSOID.a)
        if np.any(np.abs(lat) > 90 + 1e-9):
            raise InputError("Part of the grid lies beyond a pole.", hint="Check the raster's transform.")
        areas = zone_area_m2(np.minimum(lat[:-1], lat[1:]), np.maximum(lat[:-1], lat[1:])) * degrees_wide
        return np.asarray(areas, np.float64)[:, None]

    rows = np.linspace(0, height, min(max(height + 1, 4), _LATTICE))
    columns = np.linspace(0, width, min(max(width + 1, 4), _LATTICE))
    c, r = np.meshgrid(columns, rows)
    x = transform.a * c + transform.b * r + transform.c
    y = transform.d * c + transform.e * r + transform.f
    if crs.is_geographic:  # rotated longitude/latitude grid: local radii of curvature
        phi = np.deg2rad(y)
        e2 = 1 - (_ELLIPSOID.b / _ELLIPSOID.a) ** 2
        w2 = 1 - e2 * np.sin(phi) ** 2
        ground_per_unit = _ELLIPSOID.a**2 * (1 - e2) * np.cos(phi) / w2**2 * np.deg2rad(1) ** 2
    else:
        ground_per_unit = crs.axis_info[0].unit_conversion_factor ** 2 / _areal_scale(crs, x, y)
    nodes = abs(transform.determinant) * ground_per_unit
    spline = RectBivariateSpline(rows, columns, nodes)
    return np.asarray(spline(np.arange(height) + 0.5, np.arange(width) + 0.5), np.float64)
