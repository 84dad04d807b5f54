"""A request for pixels: which bands of which scenes, on which grid, and in which passes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from terrascope_sdk.errors import InputError, TooLarge
from terrascope_sdk.stac.bundled import resolve_aoi
from terrascope_sdk.stac.describe import describe_item
from terrascope_sdk.stac.footprint import item_grid
from terrascope_sdk.stac.grids import common_grid
from terrascope_sdk.stac.mosaic import group_solar_days
from terrascope_sdk.stac.passes import Wanted
from terrascope_sdk.types import Aoi, PixelGrid, Scene

__all__ = ["LoadRequest", "check_budget", "fits", "passes_by_sensor", "request_of"]

_MAX_VALUES = 200_000_000
"""Largest stack that is loaded at once: 0.8 GB as float32."""


@dataclass(frozen=True)
class LoadRequest:
    """What is to be read."""

    wanted: tuple[Wanted, ...]
    """Scenes with their bands."""

    grid: PixelGrid
    """Where the pixels will lie."""


def _wanted(scene: Scene, names: Sequence[str] | None) -> Wanted:
    """Return a scene with what is read of it: a list of bands may hold those of both sensors."""
    reading = describe_item(scene.item)
    there = {b.name: b for b in reading.bands}
    if names is None:
        return Wanted(scene, reading, reading.bands)
    own = [n for n in names if n in there] or list(names)
    absent = [n for n in own if n not in there]
    if absent:
        raise InputError(f"{scene.id} has no band {', '.join(absent)}.", hint=f"It has {', '.join(there)}.")
    return Wanted(scene, reading, tuple(there[n] for n in own))


def _finest_grid(wanted: Wanted) -> PixelGrid | None:
    """Return the grid of the finest band; codes in radar geometry lie on none."""
    if any(b.encoding == "amplitude_dn" for b in wanted.bands):
        return None
    finest = min(wanted.bands, key=lambda b: b.gsd_m or wanted.reading.gsd_m)
    return item_grid(wanted.scene.item, finest.asset)


def _target(wanted: Sequence[Wanted], aoi: Aoi, gsd_m: float | None) -> PixelGrid:
    finest = min(b.gsd_m or w.reading.gsd_m for w in wanted for b in w.bands)
    if gsd_m is not None and gsd_m != finest:
        return common_grid([], aoi, gsd_m=gsd_m)
    return common_grid([_finest_grid(w) for w in wanted], aoi, gsd_m=finest)


def check_budget(request: LoadRequest) -> None:
    """Refuse what does not fit in memory.

    Raises:
        TooLarge: It does not; both numbers are in the message.
    """
    if not fits(request):
        (rows, columns), dates = request.grid.shape, sum(map(len, passes_by_sensor(request).values()))
        raise TooLarge(
            f"{dates} dates over {rows} x {columns} pixels do not fit in memory: {_values(request):,} values, "
            f"at most {_MAX_VALUES:,}.",
            hint="Choose a smaller area, coarser pixels (gsd_m), fewer dates or fewer bands.",
        )


def fits(request: LoadRequest) -> bool:
    """Return whether what is asked for is small enough to be held in memory at once."""
    return _values(request) <= _MAX_VALUES


def _values(request: LoadRequest) -> int:
    bands = {
        sensor: min(len(w.bands) for date in dates for w in date) * len(dates)
        for sensor, dates in passes_by_sensor(request).items()
    }
    return request.grid.height * request.grid.width * sum(bands.values())


def request_of(
    scenes: Sequence[Scene],
    *,
    aoi: Any,  # anything resolve_aoi takes
    bands: Sequence[str] | None,
    grid: PixelGrid | None,
    gsd_m: float | None,
) -> LoadRequest:
    """Return what :func:`~terrascope_sdk.stac.load.load` is asked for, checked.

    Raises:
        InputError: No scenes, or a band that is not there.
        NoScenesFound: The area holds no pixel of the scenes.
    """
    if not scenes:
        raise InputError("There is nothing to load.", hint="Search first: ts.search(aoi).")
    wanted = tuple(_wanted(s, bands) for s in scenes)
    boxes = np.array([s.bbox for s in scenes])
    whole = (*boxes[:, :2].min(axis=0), *boxes[:, 2:].max(axis=0))
    where = resolve_aoi(aoi) if aoi is not None else Aoi.from_bbox(whole)
    return LoadRequest(wanted, grid or _target(wanted, where, gsd_m))


def passes_by_sensor(request: LoadRequest) -> dict[str, list[list[Wanted]]]:
    """Return scenes by sensor and pass of their satellite, oldest first: each pass becomes one date."""
    made = {s: _passes([w for w in request.wanted if w.scene.sensor == s]) for s in ("optical", "sar")}
    return {sensor: passes for sensor, passes in made.items() if passes}


def _passes(wanted: Sequence[Wanted]) -> list[list[Wanted]]:
    own = {(w.scene.collection, w.scene.id): w for w in wanted}
    days = group_solar_days([w.scene for w in own.values()])
    return [[own[s.collection, s.id] for s in day.scenes] for day in days]
