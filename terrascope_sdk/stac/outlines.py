"""Outlines of scenes on the globe: read from their items, whole at the antimeridian, and measured on the ellipsoid."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from typing import Any

import numpy as np
import shapely
import shapely.affinity
import shapely.geometry

from terrascope_sdk.types import Scene

__all__ = ["centre_lon_deg", "ground_area_m2", "outlines"]

_SEMI_MAJOR_M = 6378137.0
_E2 = 0.0066943799901413165
"""Semi-major axis and squared eccentricity of WGS 84."""

_GAUSS = ((0.5 - np.sqrt(0.15), 5 / 18), (0.5, 8 / 18), (0.5 + np.sqrt(0.15), 5 / 18))
"""Points along an edge, 0-1, and their weights."""


def _ring(scene: Scene) -> list[list[float]] | None:
    """Return the ring of a simple polygon; None for any other geometry."""
    geometry = scene.item.get("geometry") or {}
    rings: Any = geometry.get("coordinates") or ()  # GeoJSON
    if geometry.get("type") != "Polygon" or len(rings) != 1 or len(rings[0]) < 4:
        return None
    return [point[:2] for point in rings[0]]


def _other(scene: Scene) -> shapely.Geometry:
    geometry = scene.item.get("geometry")
    if geometry:
        try:
            found = shapely.geometry.shape(geometry)
            if found.geom_type in ("Polygon", "MultiPolygon") and not found.is_empty:
                return found
        except (KeyError, TypeError, ValueError, AttributeError, shapely.errors.ShapelyError):
            pass  # a geometry that is none: the box is what remains
    west, south, east, north = scene.bbox
    return shapely.box(west, south, east + 360 if east < west else east, north)


def _flat(rings: Sequence[Sequence[Sequence[float]]]) -> tuple[np.ndarray, np.ndarray]:
    """Return the points of all rings, and the number of the ring of each."""
    points = np.fromiter(chain.from_iterable(chain.from_iterable(rings)), dtype=float).reshape(-1, 2)
    return points, np.repeat(np.arange(len(rings)), [len(ring) for ring in rings])


def _vertices(scenes: Sequence[Scene]) -> tuple[np.ndarray, np.ndarray]:
    """Return the vertices of all footprints, and the number of the scene of each."""
    return _flat([_ring(s) or shapely.get_coordinates(_other(s)).tolist() for s in scenes])


def _raw_outlines(scenes: Sequence[Scene]) -> np.ndarray:
    made = np.empty(len(scenes), dtype=object)
    rings = [_ring(s) for s in scenes]
    simple = [i for i, ring in enumerate(rings) if ring is not None]
    for i, ring in enumerate(rings):
        if ring is None:
            made[i] = _other(scenes[i])
    if simple:
        points, owners = _flat([rings[i] or [] for i in simple])
        made[simple] = shapely.polygons(shapely.linearrings(points, indices=owners))
    return made


def outlines(scenes: Sequence[Scene]) -> np.ndarray:
    """Return the valid footprint of every scene in longitude and latitude.

    A footprint across the antimeridian is there twice, once on either side, so that it meets areas on both; it may
    reach beyond 180 degrees. Scenes without a geometry have their bounding box.

    Args:
        scenes: Scenes with or without an item.

    Returns:
        Polygons and MultiPolygons, object (scene,).
    """
    made = _raw_outlines(scenes)
    if not len(made):
        return made
    bounds = shapely.bounds(made)
    wide = (bounds[:, 2] - bounds[:, 0] > 180) & (shapely.get_type_id(made) == shapely.GeometryType.POLYGON)
    for i in np.flatnonzero(wide):  # a ring that jumps from 179 to -179 goes the short way
        made[i] = _unwrapped(made[i])
    broken = ~shapely.is_valid(made)
    if broken.any():
        made[broken] = shapely.make_valid(made[broken])
    bounds = shapely.bounds(made)
    for i in np.flatnonzero((bounds[:, 0] < -180) | (bounds[:, 2] > 180)):
        turn = 360.0 if bounds[i, 0] < -180 else -360.0
        made[i] = shapely.union(made[i], shapely.affinity.translate(made[i], xoff=turn))
    return made


def _unwrapped(polygon: shapely.Geometry) -> shapely.Geometry:
    first = float(shapely.get_coordinates(polygon)[0, 0])

    def near_the_first(xy: np.ndarray) -> np.ndarray:
        return np.column_stack([first + (xy[:, 0] - first + 180) % 360 - 180, xy[:, 1]])

    turned = shapely.transform(polygon, near_the_first)
    return turned if turned.is_valid else polygon


def centre_lon_deg(scenes: Sequence[Scene], *, groups: Sequence[int] | None = None) -> np.ndarray:
    """Return the longitude of the middle of each footprint, or of each group of footprints, right at the antimeridian.

    Args:
        scenes: At least one; a footprint or group must span less than half the globe.
        groups: Number of the group of each scene, ascending from 0 without gaps; each scene by itself when left out.

    Returns:
        Degrees from -180 up to 180, float64 (scene,) or (group,).
    """
    coordinates, owner = _vertices(scenes)
    if groups is not None:
        owner = np.asarray(groups)[owner]
    starts = np.flatnonzero(np.diff(owner, prepend=-1))
    reference = coordinates[starts, 0]
    away = (coordinates[:, 0] - reference[owner] + 180) % 360 - 180
    middle = reference + (np.minimum.reduceat(away, starts) + np.maximum.reduceat(away, starts)) / 2
    return np.asarray((middle + 180) % 360 - 180)


def _strip_m2(lat_deg: np.ndarray) -> np.ndarray:
    """Return the area between the equator and a latitude, for one radian of longitude on WGS 84 (Snyder 1987, 3-12)."""
    e = np.sqrt(_E2)
    sine = np.sin(np.radians(lat_deg))
    q = (1 - _E2) * (sine / (1 - _E2 * sine**2) + np.arctanh(e * sine) / e)
    return np.asarray(_SEMI_MAJOR_M**2 / 2 * q)


def _ring_area_m2(rings: np.ndarray) -> np.ndarray:
    """Return the area inside each ring or polygon of one ring: an integral along the edges, three Gauss points each."""
    points, owner = shapely.get_coordinates(rings, return_index=True)
    begin, end = points[:-1], points[1:]
    step = np.radians(end[:, 0] - begin[:, 0])
    mean = sum(w * _strip_m2(begin[:, 1] + t * (end[:, 1] - begin[:, 1])) for t, w in _GAUSS)
    inner = owner[:-1] == owner[1:]
    return np.abs(np.bincount(owner[:-1][inner], weights=(step * mean)[inner], minlength=len(rings)))


def ground_area_m2(geometries: np.ndarray) -> np.ndarray:
    """Return areas on the ellipsoid, between edges that are straight in longitude and latitude.

    Args:
        geometries: Polygons in longitude and latitude, object (geometry,); whatever is no polygon counts 0.

    Returns:
        Square metres, float64 (geometry,).
    """
    geometries = np.asarray(geometries, dtype=object)
    found = np.zeros(len(geometries))
    polygon = shapely.get_type_id(geometries) == shapely.GeometryType.POLYGON
    plain = polygon & (shapely.get_num_interior_rings(geometries) == 0)
    if plain.any():
        found[plain] = _ring_area_m2(geometries[plain])
    parts, owner = shapely.get_parts(geometries[~plain], return_index=True)
    flat = shapely.get_type_id(parts) == shapely.GeometryType.POLYGON
    parts, owner = parts[flat], owner[flat]
    rings, part = shapely.get_rings(parts, return_index=True)
    if len(rings):
        hole = np.diff(part, prepend=-1) == 0  # the first ring of a polygon is its outside
        area = np.where(hole, -1, 1) * _ring_area_m2(rings)
        found[~plain] = np.bincount(owner[part], weights=area, minlength=int(np.count_nonzero(~plain)))
    return found
