"""How far apart two regions are."""

import math

from terrascope_sdk.measure.frame import frame_of
from terrascope_sdk.measure.ground import Ground
from terrascope_sdk.measure.nearest import NearestPoints, Reach, nearest_in_frame
from terrascope_sdk.measure.subject import subject_of_pair
from terrascope_sdk.types import Aoi, Mask, Measurement, PixelGrid

__all__ = ["distance"]


def distance(
    a: Mask, b: Mask, *, mode: Reach = "edge", aoi: Aoi | None = None, ground: Ground = "ellipsoid"
) -> Measurement:
    """Measure the shortest distance between two regions.

    Regions that share pixels, edges or corners are 0 m apart in mode ``edge``; in mode ``centre`` neighbours are one
    pixel apart. On sheared grids the edge distance is that between pixel corners, which may exceed the distance of
    the outlines by up to 0.12 pixels.

    Args:
        a: First region.
        b: Second region, on the same grid.
        mode: Between pixel outlines or between pixel centres.
        aoi: Look only at pixels whose centre lies inside.
        ground: Geodesic on WGS 84 (any CRS), or straight in the projection's plane.

    Returns:
        ``distance`` in m. Bounds: both edges moved by one pixel, towards or away from each other; never below 0.

    Raises:
        UndefinedMeasurement: No CRS, or a region is empty; the message names which.
        InputError: The grids differ, or the plane was asked for where it misleads.

    References:
        Karney, C. F. F. (2013), Algorithms for geodesics, Journal of Geodesy 87, 43-55 (through PROJ).

    Examples:
        >>> from terrascope_sdk.testing import disc_mask, utm_grid
        >>> west, east = (disc_mask(utm_grid(), radius_m=200.0, lonlat=(lon, 45.0)) for lon in (8.995, 9.005))
        >>> print(distance(west, east))
        distance of water and water: 380.2 m (360.1 to 400.2 m if the edge moved by one pixel)
    """
    frame = frame_of(a, b, aoi=aoi, require_observed=False)
    nearest = nearest_in_frame(a, b, frame, mode=mode, ground=ground)
    slack_m = 2 * _step_m(nearest, a.grid)
    hidden = bool((frame.inside & ~(a.valid & b.valid)).any())
    between = "pixel outlines" if mode == "edge" else "pixel centres"
    way = "geodesic on the WGS 84 ellipsoid" if ground == "ellipsoid" else "straight line in the projection's plane"
    notes = ("unobserved pixels may hide parts that are closer",) if hidden else ()
    return Measurement(
        name="distance",
        subject=subject_of_pair(a, b),
        value=nearest.distance_m,
        unit="m",
        low=max(0.0, nearest.distance_m - slack_m),
        high=nearest.distance_m + slack_m,
        interval="edge_sensitivity",
        method=f"shortest {way} between {between}; bounds: each region's edge moved by one pixel along that line",
        mask_ids=(a.id, b.id),
        observed_frac=frame.observed_frac,
        notes=(*notes, *frame.notes),
    )


def _step_m(nearest: NearestPoints, grid: PixelGrid) -> float:
    """Return the length of one pixel step along the connection, in m (the longer pixel side where they touch)."""
    rows = abs(nearest.a_px[0] - nearest.b_px[0])
    columns = abs(nearest.a_px[1] - nearest.b_px[1])
    steps = max(rows, columns)
    if steps == 0 or math.isclose(nearest.distance_m, 0):
        return max(grid.pixel_size_m)
    return nearest.distance_m / steps
