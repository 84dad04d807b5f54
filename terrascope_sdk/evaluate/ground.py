"""Metres as question files count them: geodesic on WGS 84 for degrees and Web Mercator, the plane of every other CRS.

The plane is the projection's own, in metres, with no scale-factor correction: one pixel is ``|a * e|`` of the
transform. :mod:`terrascope_sdk.measure` does the work where its conventions agree; it refuses planes that are more
than 2 % off the ground and takes the determinant on rotated grids, and there the formula of the question files is
applied here.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from scipy.spatial import cKDTree

from terrascope_sdk import measure
from terrascope_sdk.errors import InputError, UndefinedMeasurement
from terrascope_sdk.types import Mask, PixelGrid

__all__ = ["area_m2", "distance_m", "has_ground", "largest_two", "pixel_side_m", "size", "unplaced"]


def has_ground(grid: PixelGrid) -> bool:
    """Return whether the grid's CRS puts pixels on the ground (a local engineering CRS does not)."""
    return grid.crs is not None and (grid.projection.is_geographic or grid.projection.is_projected)


def _require_ground(grid: PixelGrid, what: str) -> None:
    if not has_ground(grid):
        raise UndefinedMeasurement(f"{what} cannot be given: the pixels have no coordinate reference system.")


def _geodesic(grid: PixelGrid) -> bool:
    crs = grid.projection
    operation = crs.coordinate_operation
    web_mercator = operation is not None and "Pseudo Mercator" in operation.method_name
    return bool(crs.is_geographic or crs.to_epsg() == 3857 or web_mercator)


def _metres_per_unit(grid: PixelGrid) -> float:
    return float(grid.projection.axis_info[0].unit_conversion_factor)


def unplaced(mask: Mask) -> Mask:
    """Return the mask without its CRS, for what is counted in pixels wherever they lie."""
    return replace(mask, grid=replace(mask.grid, crs=None))


def area_m2(mask: Mask) -> float:
    """Return the area of a mask in m2.

    Raises:
        UndefinedMeasurement: There is no CRS, or no valid pixel.
    """
    _require_ground(mask.grid, "Square metres")
    if _geodesic(mask.grid):
        return float(measure.area(mask).value)
    t = mask.grid.transform
    if t.b == 0 and t.d == 0:
        try:
            return float(measure.area(mask, ground="planar").value)
        except InputError:  # a plane that measure calls misleading; the question files take it as it is
            pass
    if not mask.valid.any():
        raise UndefinedMeasurement(f"No pixel of {mask.label} is valid.")
    return int(mask.pixels.sum()) * abs(t.a * t.e) * _metres_per_unit(mask.grid) ** 2


def size(mask: Mask) -> float:
    """Return the area in m2, or the number of pixels where there is no CRS: for comparing sizes on one grid."""
    return area_m2(mask) if has_ground(mask.grid) else float(mask.pixels.sum())


def largest_two(mask: Mask) -> tuple[Mask, Mask]:
    """Return the two edge-connected regions with most pixels.

    Raises:
        UndefinedMeasurement: There are fewer than two.
    """
    first, second = measure.largest_regions(unplaced(mask), 2, neighbours=4)
    return replace(first, grid=mask.grid), replace(second, grid=mask.grid)


def distance_m(a: Mask, b: Mask) -> float:
    """Return the smallest distance between pixel centres of two masks in m; neighbours are one pixel apart.

    Raises:
        UndefinedMeasurement: There is no CRS, or a mask is empty.
    """
    _require_ground(a.grid, "Metres")
    if _geodesic(a.grid):
        return float(measure.distance(a, b, mode="centre").value)
    try:
        return float(measure.distance(a, b, mode="centre", ground="planar").value)
    except InputError:  # as above
        return _planar_distance_m(a, b)


def _planar_distance_m(a: Mask, b: Mask) -> float:
    points = []
    for mask in (a, b):
        rows, columns = np.nonzero(mask.pixels)
        if not len(rows):
            raise UndefinedMeasurement(f"There is no {mask.label} to measure a distance to.")
        points.append(np.column_stack(mask.grid.xy(rows + 0.5, columns + 0.5)))
    away, _ = cKDTree(points[1]).query(points[0])
    return float(away.min()) * _metres_per_unit(a.grid)


def pixel_side_m(grid: PixelGrid) -> float | None:
    """Return the longer ground side of a pixel in m; None without a CRS."""
    if not has_ground(grid):
        return None
    if _geodesic(grid):
        return max(grid.pixel_size_m)
    t = grid.transform
    return float(max(np.hypot(t.a, t.d), np.hypot(t.b, t.e))) * _metres_per_unit(grid)
