"""Where two regions come closest: the nearest pair of points, on the ellipsoid or in the projection's plane."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pyproj
from jaxtyping import Bool, Float64, Int64
from scipy.spatial import cKDTree

from terrascope_sdk.errors import UndefinedMeasurement
from terrascope_sdk.measure.choice import require_choice
from terrascope_sdk.measure.edge import grown
from terrascope_sdk.measure.frame import Frame, frame_of
from terrascope_sdk.measure.ground import Ground, ecef_m, planar_xy_m, require_crs
from terrascope_sdk.measure.subject import subject_of, subject_of_pair
from terrascope_sdk.types import Aoi, Mask
from terrascope_sdk.types.encoding import JsonValue

__all__ = ["NearestPoints", "Reach", "nearest_in_frame", "nearest_points"]

Reach = Literal["edge", "centre"]
"""``edge``: between pixel outlines. ``centre``: between pixel centres."""

_CANDIDATES = 16
_GEOD = pyproj.Geod(ellps="WGS84")


@dataclass(frozen=True)
class NearestPoints:
    """The two points at which two regions are closest."""

    a_lonlat: tuple[float, float]
    """Point of the first region, longitude and latitude in degrees."""

    b_lonlat: tuple[float, float]
    """Point of the second region."""

    a_px: tuple[float, float]
    """The first point as (row, column) on the grid: whole numbers are pixel corners, halves are centres."""

    b_px: tuple[float, float]
    """The second point as (row, column)."""

    distance_m: float
    """Between them, in m."""

    @property
    def __geo_interface__(self) -> dict[str, JsonValue]:
        """The connection as a GeoJSON LineString."""
        return {"type": "LineString", "coordinates": (self.a_lonlat, self.b_lonlat)}


def nearest_points(
    a: Mask, b: Mask, *, mode: Reach = "edge", aoi: Aoi | None = None, ground: Ground = "ellipsoid"
) -> NearestPoints:
    """Find the nearest points of two regions.

    Args:
        a: First region.
        b: Second region, on the same grid.
        mode: Between pixel outlines (touching regions are 0 m apart, sharing a corner included) or pixel centres.
        aoi: Look only at pixels whose centre lies inside.
        ground: Geodesic on WGS 84, or straight in the projection's plane.

    Raises:
        UndefinedMeasurement: No CRS, or a region is empty; the message names which.
        InputError: The grids differ, or the plane was asked for where it misleads.
    """
    return nearest_in_frame(a, b, frame_of(a, b, aoi=aoi, require_observed=False), mode=mode, ground=ground)


def nearest_in_frame(a: Mask, b: Mask, frame: Frame, *, mode: Reach, ground: Ground) -> NearestPoints:
    """Find the nearest points of two regions inside a frame; see :func:`nearest_points`."""
    require_choice("mode", mode, ("edge", "centre"))
    require_choice("ground", ground, ("ellipsoid", "planar"))
    require_crs(a.grid, f"The distance between {subject_of_pair(a, b)}")
    for region in (a, b):
        if not (region.pixels & frame.inside).any():
            seen = float((region.valid & frame.inside).sum() / frame.inside.sum())
            raise UndefinedMeasurement(
                f"There is no {subject_of(region)} to measure a distance to ({seen:.0%} of the pixels were observed).",
                hint="Look at another date or a larger area.",
            )
    points_a, points_b = (_points(region.pixels & frame.inside, mode) for region in (a, b))
    meeting = _meeting(a.pixels & frame.inside, b.pixels & frame.inside, mode)
    if meeting is not None:
        return _described(a, meeting, meeting, 0.0)
    metres_a, metres_b = (_metres(a, points, ground) for points in (points_a, points_b))
    index_a, index_b = _closest(metres_a, metres_b)
    chords = np.linalg.norm(metres_a[index_a] - metres_b[index_b], axis=1)
    if ground == "planar":
        best, distance_m = 0, float(chords[0])
    else:  # the chord through the earth orders neighbours a hair differently from the geodesic above it
        lon_a, lat_a = a.grid.lonlat(*points_a[index_a].T)
        lon_b, lat_b = a.grid.lonlat(*points_b[index_b].T)
        _, _, metres = _GEOD.inv(lon_a, lat_a, lon_b, lat_b)
        best = int(np.argmin(metres))
        distance_m = float(metres[best])
    return _described(a, points_a[index_a[best]], points_b[index_b[best]], distance_m)


def _described(mask: Mask, a: np.ndarray, b: np.ndarray, distance_m: float) -> NearestPoints:
    lon, lat = mask.grid.lonlat([a[0], b[0]], [a[1], b[1]])
    return NearestPoints(
        a_lonlat=(float(lon[0]), float(lat[0])),
        b_lonlat=(float(lon[1]), float(lat[1])),
        a_px=(float(a[0]), float(a[1])),
        b_px=(float(b[0]), float(b[1])),
        distance_m=distance_m,
    )


def _corners(pixels: Bool[np.ndarray, "y x"]) -> Bool[np.ndarray, "rows columns"]:
    """Return which lattice points are a corner of a pixel of the region, one more each way than pixels."""
    padded = np.pad(pixels, 1)
    return np.asarray(padded[1:, 1:] | padded[1:, :-1] | padded[:-1, 1:] | padded[:-1, :-1])


def _points(pixels: Bool[np.ndarray, "y x"], mode: Reach) -> Float64[np.ndarray, "point 2"]:
    """Return (row, column) of the points that can be nearest: the outline's corners, or the outermost centres."""
    if mode == "edge":  # two lattice-aligned squares are closest at corners
        rows, columns = np.nonzero(_corners(pixels) & ~_surrounded(pixels))
        return np.column_stack([rows, columns]).astype(np.float64)
    inner = pixels & ~grown(np.pad(~pixels, 1, constant_values=True), neighbours=8)[1:-1, 1:-1]
    rows, columns = np.nonzero(pixels & ~inner)
    return np.column_stack([rows, columns]) + 0.5


def _surrounded(pixels: Bool[np.ndarray, "y x"]) -> Bool[np.ndarray, "rows columns"]:
    padded = np.pad(pixels, 1)
    return np.asarray(padded[1:, 1:] & padded[1:, :-1] & padded[:-1, 1:] & padded[:-1, :-1])


def _meeting(a: Bool[np.ndarray, "y x"], b: Bool[np.ndarray, "y x"], mode: Reach) -> np.ndarray | None:
    """Return a point (row, column) that both regions have, or None."""
    shared = a & b if mode == "centre" else _corners(a) & _corners(b)
    if not shared.any():
        return None
    first = np.unravel_index(int(np.argmax(shared)), shared.shape)
    return np.array(first, np.float64) + (0.5 if mode == "centre" else 0.0)


def _metres(mask: Mask, points: Float64[np.ndarray, "point 2"], ground: Ground) -> Float64[np.ndarray, "point dim"]:
    rows, columns = np.ascontiguousarray(points[:, 0]), np.ascontiguousarray(points[:, 1])
    if ground == "planar":
        return planar_xy_m(mask.grid, rows, columns)
    return ecef_m(*mask.grid.lonlat(rows, columns))


def _closest(
    a: Float64[np.ndarray, "n dim"], b: Float64[np.ndarray, "m dim"]
) -> tuple[Int64[np.ndarray, " pair"], Int64[np.ndarray, " pair"]]:
    """Return the indices of a few closest pairs, closest first."""
    if len(a) > len(b):
        index_b, index_a = _closest(b, a)
        return index_a, index_b
    tree = cKDTree(b, compact_nodes=False, balanced_tree=False)
    few = a[:: max(1, len(a) // 256)]
    bound = float(tree.query(few)[0].min())  # no pair farther apart than this needs a look
    metres, found = tree.query(a, distance_upper_bound=bound * (1 + 1e-6) + 1e-6)
    order = np.argsort(metres, kind="stable")[:_CANDIDATES]
    order = order[np.isfinite(metres[order])].astype(np.int64)
    return order, np.asarray(found[order], np.int64)
