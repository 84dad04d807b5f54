"""Mosaics of a solar day: the scenes of one pass, how much of an area they cover together, and the best such day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

import numpy as np
import shapely

from terrascope_sdk.errors import InputError, NoScenesFound
from terrascope_sdk.stac.outlines import centre_lon_deg, ground_area_m2, outlines
from terrascope_sdk.stac.reprocessed import datatake_of, newest_processing
from terrascope_sdk.stac.select import hidden_frac
from terrascope_sdk.types import Aoi, Scene

__all__ = [
    "DayChoice",
    "SolarDay",
    "cover_area",
    "covered_frac",
    "group_solar_days",
    "newest_processing",
    "solar_day",
]

_BREAK = timedelta(minutes=20)
"""Scenes of one pass follow each other within this time; the next pass of the platform is 100 minutes later."""

_PASS = timedelta(minutes=50)
"""Half an orbit: the day side ends."""

_ADDS_FRAC = 0.001
"""A scene that adds less than this share of the area is not needed."""

_WHOLE_FRAC = 0.995


@dataclass(frozen=True)
class SolarDay:
    """The scenes that one platform took in one pass, in local solar time of one day."""

    day: date
    """The day by the sun at the middle of the pass."""

    scenes: tuple[Scene, ...]
    """Its scenes, by time and identifier; at least one."""

    started: datetime
    """When the first scene of the pass was taken, UTC."""

    @property
    def name(self) -> str:
        """What to call it: day, collection, platform, orbit and start in UTC; no two of a search are alike."""
        first = self.scenes[0]
        parts = (str(self.day), first.collection, first.platform, first.orbit, f"{self.started:%H:%M:%S}")
        return " ".join(part for part in parts if part)


@dataclass(frozen=True)
class DayChoice:
    """The day that was picked for an area, and why."""

    day: SolarDay
    """The day, with only those of its scenes that are needed, the largest part of the area first."""

    covered_frac: float
    """Share of the area inside the scenes' outlines, 0-1."""

    reason: str
    """Why this one, in a sentence fragment."""

    warnings: tuple[str, ...] = ()
    """What makes it less than ideal."""


def _local_day(instant: datetime, lon_deg: float) -> date:
    return (instant + timedelta(hours=lon_deg / 15)).date()


def solar_day(scene: Scene) -> date:
    """Return the day of a scene by the sun: local mean solar time at the centre longitude of its footprint.

    The day of an image of the morning over New Zealand is the one people there would call it, though in UTC it is still
    the evening before. Two scenes on either side of the antimeridian lie a day apart though minutes lie between them;
    :func:`group_solar_days` keeps them together.

    Args:
        scene: With the item's geometry, or at least its bounding box.
    """
    return _local_day(scene.acquired, float(centre_lon_deg([scene])[0]))


def _key(scene: Scene) -> tuple[str, ...]:
    return (
        scene.sensor,
        scene.collection,
        scene.platform.casefold(),
        scene.orbit,
        datatake_of(scene),
        f"{scene.period_s:g}",
    )


def group_solar_days(scenes: Sequence[Scene]) -> tuple[SolarDay, ...]:
    """Return the scenes grouped by pass: one collection, platform and orbit, following each other within 20 minutes.

    A calendar day, in UTC or by the sun, would split a pass that crosses midnight or the antimeridian, and would mix
    passes of two platforms, which differ in angle and light.

    Args:
        scenes: In any order, best without reprocessed ones: see ``newest_processing``.

    Returns:
        Days by time, then by name.
    """
    passes: list[list[Scene]] = []
    keyed = sorted(((_key(s), s) for s in scenes), key=lambda pair: (pair[0], pair[1].acquired, pair[1].id))
    before: tuple[str, ...] | None = None
    for key, scene in keyed:
        current = passes[-1] if passes and key == before else None
        if (
            current is None
            or scene.acquired - current[-1].acquired > _BREAK
            or scene.acquired - current[0].acquired > _PASS
        ):
            passes.append([])
        passes[-1].append(scene)
        before = key
    if not passes:
        return ()
    numbers = np.repeat(np.arange(len(passes)), [len(p) for p in passes])
    middles = centre_lon_deg([s for p in passes for s in p], groups=numbers.tolist())
    found = [
        SolarDay(_local_day(p[0].acquired + (p[-1].acquired - p[0].acquired) / 2, lon), tuple(p), p[0].acquired)
        for p, lon in zip(passes, middles.tolist(), strict=True)
    ]
    return tuple(sorted(found, key=lambda d: (d.started, d.name)))


def _shares(days: Sequence[SolarDay], aoi: Aoi) -> tuple[np.ndarray, np.ndarray, list[np.ndarray]]:
    """Return the covered share of each day, the share of each scene, and each day's pieces of the area."""
    scenes = [s for d in days for s in d.scenes]
    pieces = shapely.intersection(outlines(scenes), aoi.geometry)
    whole = float(ground_area_m2(np.array([aoi.geometry], dtype=object))[0])
    single = ground_area_m2(pieces) / whole
    counts = [len(d.scenes) for d in days]
    parts = np.split(pieces, np.cumsum(counts)[:-1])
    share = np.array([p.max() for p in np.split(single, np.cumsum(counts)[:-1])])
    several = [i for i, count in enumerate(counts) if count > 1 and share[i] < 1 - 1e-9]
    if several:
        table = np.full((len(several), max(counts[i] for i in several)), None, dtype=object)
        for row, i in enumerate(several):
            table[row, : counts[i]] = parts[i]
        share[several] = ground_area_m2(shapely.union_all(table, axis=1)) / whole
    return np.clip(share, 0, 1), single, parts


def covered_frac(days: Sequence[SolarDay], aoi: Aoi) -> np.ndarray:
    """Return which share of an area lies inside the outlines of each day's scenes.

    Args:
        days: From :func:`group_solar_days`.
        aoi: The area.

    Returns:
        Shares of ground 0-1, float64 (day,).
    """
    return _shares(days, aoi)[0] if days else np.zeros(0)


def _percent(frac: float) -> str:
    """Return a share in percent, never rounded up to the whole."""
    return "100%" if frac > 0.9995 else f"{min(round(frac * 100), 99)}%"


def _hidden(days: Sequence[SolarDay], single: np.ndarray) -> list[float]:
    """Return each day's cloud share: that of its tiles, weighted by their share of the area."""
    hidden = np.array([hidden_frac(s) for d in days for s in d.scenes])
    starts = np.cumsum([0, *(len(d.scenes) for d in days)])[:-1]
    weight = np.add.reduceat(single, starts)
    return [float(v) for v in np.add.reduceat(single * hidden, starts) / np.where(weight > 0, weight, 1)]


def _needed(day: SolarDay, pieces: np.ndarray, single: np.ndarray, whole: float) -> tuple[Scene, ...]:
    """Return the scenes that the coverage needs, those with most of the area first."""
    order = sorted(range(len(day.scenes)), key=lambda i: (-round(float(single[i]), 6), day.scenes[i].id))
    kept, seen = [order[0]], pieces[order[0]]
    for i in order[1:]:
        added = shapely.difference(pieces[i], seen)
        if float(ground_area_m2(np.array([added], dtype=object))[0]) > _ADDS_FRAC * whole:
            kept.append(i)
            seen = shapely.union(seen, pieces[i])
    return tuple(day.scenes[i] for i in kept)


def cover_area(days: Sequence[SolarDay], aoi: Aoi, *, observed: Mapping[str, float] | None = None) -> DayChoice:
    """Return the day whose scenes cover most of an area; of those that cover it equally, the clearest, then the latest.

    Coverage is compared in whole percents. It is that of the outlines, until pixels were looked at: `observed` then
    stands for coverage and clouds in one, and days that were not looked at are left out.

    Args:
        days: From :func:`group_solar_days`.
        aoi: The area.
        observed: Share of the area that was seen, 0-1, by the name of a day.

    Raises:
        InputError: There are no days.
        NoScenesFound: No day shows any of the area, or none of those that were looked at.
    """
    if not days:
        raise InputError("There are no days to choose from.", hint="Group scenes first: group_solar_days(scenes).")
    covered, single, parts = _shares(days, aoi)
    hidden = _hidden(days, single)
    starts = np.cumsum([0, *(len(d.scenes) for d in days)])
    shown = [i for i in range(len(days)) if covered[i] > 0 and (observed is None or days[i].name in observed)]
    if not shown:
        raise NoScenesFound(f"None of {len(days)} days shows {aoi!r}.", hint="Search with this area, or look at more.")

    def rank(i: int) -> tuple[float, float, float, str]:
        first = covered[i] if observed is None else observed[days[i].name]
        return (-round(float(first), 2), hidden[i], -days[i].started.timestamp(), days[i].name)

    best = min(shown, key=rank)
    day = days[best]
    whole = float(ground_area_m2(np.array([aoi.geometry], dtype=object))[0])
    scenes = _needed(day, parts[best], single[starts[best] : starts[best + 1]], whole)
    kept = replace(day, scenes=scenes)
    share = float(covered[best])
    seen = None if observed is None else observed[day.name]
    reason = _why(kept, share, hidden[best], seen, len(shown))
    warnings = (
        () if share >= _WHOLE_FRAC else (f"{_percent(1 - share)} of the area lies outside the scenes of that day.",)
    )
    return DayChoice(kept, share, reason, warnings)


def _why(day: SolarDay, share: float, hidden: float, seen: float | None, count: int) -> str:
    tiles = "1 tile" if len(day.scenes) == 1 else f"{len(day.scenes)} tiles"
    verb = "covers" if len(day.scenes) == 1 else "cover"
    facts = [f"the best of {count} passes" if count > 1 else "the only pass"]
    if seen is not None:
        facts.append(f"{_percent(seen)} seen")
    elif all(s.cloud_frac is not None for s in day.scenes):
        facts.append(f"{hidden:.0%} cloud in the whole {'tile' if len(day.scenes) == 1 else 'tiles'}")
    return f"{tiles} of {day.day} {verb} {_percent(share)} of the area ({', '.join(facts)})"
