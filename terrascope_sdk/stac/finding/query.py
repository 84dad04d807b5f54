"""The query of a search as a value, and the check of an item against every part of it."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from typing import Any

import shapely
from shapely.geometry import shape

from terrascope_sdk.errors import InputError
from terrascope_sdk.stac.bundled import resolve_aoi
from terrascope_sdk.stac.finding.filters import Filter, parse_filter
from terrascope_sdk.types import Aoi, TimeRange
from terrascope_sdk.types.encoding import JsonValue
from terrascope_sdk.types.instant import format_instant, parse_instant

__all__ = ["SceneQuery", "area_of", "make_query"]

Bbox = tuple[float, float, float, float]

_EDGE_DEG = 1e-7
"""Outlines that miss each other by less than a centimetre touch."""


def _halves(west: float, south: float, east: float, north: float) -> list[shapely.Geometry]:
    """Return a box as one polygon, or as two when it runs across the antimeridian (west above east)."""
    if west <= east:
        return [shapely.box(west, south, east, north)]
    return [shapely.box(west, south, 180, north), shapely.box(-180, south, east, north)]


def _numbers(value: Any) -> Bbox | None:  # whatever a user calls an area
    parts = value.split(",") if isinstance(value, str) else value
    if not isinstance(parts, list | tuple) or len(parts) != 4:
        return None
    try:
        west, south, east, north = (float(v) for v in parts)
    except (TypeError, ValueError):
        return None
    return west, south, east, north


def area_of(value: Any) -> Aoi:  # anything resolve_aoi takes; checked there
    """Return the area that a user means; a bbox with west above east runs across the antimeridian.

    Args:
        value: What :func:`~terrascope_sdk.stac.bundled.resolve_aoi` takes. Such a bbox becomes an area of two boxes.

    Raises:
        InputError: No area.
    """
    box = _numbers(value)
    if box is not None and 180 >= box[0] > 0 > box[2] >= -180 and -90 <= box[1] < box[3] <= 90:
        parts = [p for p in _halves(*box) if p.area > 0]
        return Aoi(parts[0] if len(parts) == 1 else shapely.MultiPolygon(parts))
    return resolve_aoi(value)


def _outline(item: dict[str, JsonValue]) -> shapely.Geometry | None:
    """Return where an item's pixels lie: its geometry, else its bbox; None when it states neither."""
    if item.get("geometry"):
        outline = shapely.force_2d(shape(item["geometry"]))
        return outline if outline.is_valid else shapely.make_valid(outline)
    box = item.get("bbox")
    if not box:
        return None
    across = len(box) // 2  # a bbox may have heights
    return shapely.union_all(_halves(box[0], box[1], box[across], box[across + 1]))


@dataclass(frozen=True)
class SceneQuery:
    """Which scenes are wanted."""

    aoi: Aoi
    """They show some of this area."""

    time: TimeRange | None = None
    """They were acquired in this window; a composite without an instant overlaps it."""

    collections: tuple[str, ...] | None = None
    """They belong to one of these STAC collections."""

    sensor: str | None = None
    """``optical`` or ``sar``; decided from the scene, never asked of a server."""

    max_cloud_frac: float | None = None
    """Largest clouded share, 0-1; scenes of which none is stated pass."""

    filter: Filter | None = None
    """A CQL2 filter."""

    @cached_property
    def boxes(self) -> tuple[Bbox, ...]:
        """The area as one bbox, or two when it has a part at either side of the antimeridian."""
        parts = list(getattr(self.aoi.geometry, "geoms", [self.aoi.geometry]))
        west = [p for p in parts if p.bounds[0] == -180]
        east = [p for p in parts if p.bounds[2] == 180]
        if not west or not east or set(map(id, west)) & set(map(id, east)):
            return (self.aoi.bbox,)
        sides = ([p for p in parts if p.centroid.x > 0], [p for p in parts if p.centroid.x <= 0])
        return tuple(Aoi(shapely.MultiPolygon(side)).bbox for side in sides)

    @property
    def interval(self) -> str | None:
        """The window as the closed interval that a server takes: it ends a microsecond before ours does."""
        if self.time is None:
            return None
        return f"{format_instant(self.time.start)}/{format_instant(self.time.end - timedelta(microseconds=1))}"

    def without(self, part: str) -> SceneQuery:
        """Return the query with one limit dropped, by the name of the argument of :func:`make_query`."""
        dropped: dict[str, Any] = {"filter" if part == "query" else part: None}  # the name is only known here
        return dataclasses.replace(self, **dropped)

    @property
    def limits(self) -> dict[str, str]:
        """The limits that are set, as text, by the name of the argument that sets them."""
        given = {
            "time": self.time,
            "sensor": self.sensor,
            "collections": None if self.collections is None else ", ".join(self.collections),
            "max_cloud_frac": self.max_cloud_frac,
            "query": self.filter,
        }
        return {name: str(value) for name, value in given.items() if value is not None}

    def _shows(self, item: dict[str, JsonValue]) -> bool:
        outline = _outline(item)
        return outline is not None and bool(shapely.dwithin(outline, self.aoi.geometry, _EDGE_DEG))

    def _in_time(self, properties: dict[str, JsonValue]) -> bool:
        if self.time is None:
            return True
        if properties.get("datetime"):
            return self.time.contains(parse_instant(properties["datetime"]))
        start, end = properties.get("start_datetime"), properties.get("end_datetime")
        if not (start and end):
            return False
        return parse_instant(start) < self.time.end and parse_instant(end) >= self.time.start

    def _too_clouded(self, percent: float | None) -> bool:
        if self.max_cloud_frac is None or percent is None:
            return False
        return self.max_cloud_frac * 100 + 1e-9 < float(percent) <= 100  # beyond 100 stands for unknown

    def misfit(self, item: dict[str, JsonValue], *, unknown_fits: bool = False) -> str | None:
        """Return which part of the query a STAC item does not fit, or None when it fits all that a server can check.

        Args:
            item: A STAC item.
            unknown_fits: What to make of a filter that cannot be decided from the item alone.

        Returns:
            ``collections``, ``aoi``, ``time``, ``max_cloud_frac``, ``query`` or None.
        """
        properties = item.get("properties") or {}
        if self.collections is not None and item.get("collection") not in self.collections:
            return "collections"
        if not self._shows(item):
            return "aoi"
        if not self._in_time(properties):
            return "time"
        if self._too_clouded(properties.get("eo:cloud_cover")):
            return "max_cloud_frac"
        if self.filter is not None:
            fits = self.filter.fits(item)
            if fits is False or (fits is None and not unknown_fits):
                return "query"
        return None


def make_query(
    aoi: Any,  # anything area_of takes
    *,
    time: TimeRange | str | tuple[str, str] | None = None,
    sensor: str | None = None,
    collections: Sequence[str] | str | None = None,
    max_cloud_frac: float | None = None,
    query: str | dict[str, JsonValue] | None = None,
) -> SceneQuery:
    """Check the arguments of a search and return them as one value.

    Raises:
        InputError: An argument makes no sense; the message names it.
    """
    if sensor not in (None, "optical", "sar"):
        raise InputError(f"{sensor!r} is no sensor.", hint="Use 'optical' or 'sar', or leave it out for both.")
    if max_cloud_frac is not None and not 0 <= max_cloud_frac <= 1:
        raise InputError(f"max_cloud_frac is a share, 0-1, not {max_cloud_frac}.")
    names = (collections,) if isinstance(collections, str) else collections
    if names is not None and (not names or not all(isinstance(n, str) and n for n in names)):
        raise InputError(f"{collections!r} names no collection.", hint="Give ids, or leave it out for all of them.")
    return SceneQuery(
        aoi=area_of(aoi),
        time=None if time is None else TimeRange.parse(time),
        collections=None if names is None else tuple(names),
        sensor=sensor,
        max_cloud_frac=max_cloud_frac,
        filter=None if query is None else parse_filter(query),
    )
