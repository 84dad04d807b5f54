"""Series of dates: one scene a month, season or year, and radar dates of one orbit. Pure functions that say why."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from terrascope_sdk.errors import InputError
from terrascope_sdk.stac.select import Choice, look_side, select_clearest
from terrascope_sdk.types import Scene, TimeRange

__all__ = ["Every", "Interval", "PerInterval", "select_per_interval", "select_series"]

Every = str | timedelta
"""Length of an interval: ``"month"``, ``"season"``, ``"year"`` or a number of days as a timedelta."""

_MAX_INTERVALS = 20_000
_ONE_PASS_S = 3600.0


@dataclass(frozen=True)
class Interval:
    """A stretch of time and the scene that was picked for it."""

    time: TimeRange
    """The stretch, half-open."""

    choice: Choice | None
    """What was picked and why; None when there is no scene."""


@dataclass(frozen=True)
class PerInterval:
    """One scene for every interval that has any."""

    intervals: tuple[Interval, ...]
    """All of them without a gap, oldest first."""

    @property
    def choices(self) -> tuple[Choice, ...]:
        """What was picked, oldest first."""
        return tuple(i.choice for i in self.intervals if i.choice is not None)

    @property
    def empty(self) -> tuple[TimeRange, ...]:
        """The intervals without any scene."""
        return tuple(i.time for i in self.intervals if i.choice is None)


def _first_of_month(months: int) -> datetime:
    """Return the first day of a month counted from the year 0."""
    return datetime(months // 12, months % 12 + 1, 1, tzinfo=UTC)


def _calendar(every: Every, anchor: datetime) -> tuple[Callable[[datetime], int], Callable[[int], datetime]]:
    """Return the number of the interval that holds an instant, and the start of the interval of a number."""
    if isinstance(every, timedelta):
        if every < timedelta(days=1):
            raise InputError(f"An interval of {every} is too short.", hint="Use timedelta(days=1) or more.")
        return (lambda t: (t - anchor) // every), (lambda n: anchor + n * every)
    if every == "month":
        return (lambda t: t.year * 12 + t.month - 1), _first_of_month
    if every == "year":
        return (lambda t: t.year), (lambda n: _first_of_month(n * 12))
    if every == "season":  # December belongs to the winter of the next year
        return (lambda t: (t.year * 12 + t.month) // 3), (lambda n: _first_of_month(n * 3 - 1))
    raise InputError(
        f"{every!r} is no interval.", hint="Use 'month', 'season', 'year' or datetime.timedelta(days=...)."
    )


def select_per_interval(
    scenes: Sequence[Scene],
    *,
    every: Every,
    time: TimeRange | None = None,
    observed: Mapping[str, float] | None = None,
) -> PerInterval:
    """Return the clearest scene of every month, season, year or span of days, and which of these are empty.

    Of radar scenes the latest is taken; choose those of one orbit before, with :func:`select_series`. Intervals are in
    UTC. Seasons are those of the weather services: December to February, March to May, and so on.

    Args:
        scenes: All of one sensor, in any order.
        every: ``"month"``, ``"season"``, ``"year"``, or a timedelta of whole days or longer, counted from the start of
            `time`, or from the day of the first scene.
        time: The time to fill; from the first to the last scene when left out. Scenes outside are not used, and the
            first and last interval end where it ends.
        observed: Share of the area that was seen, 0-1, by scene id; the cloud share of the tile where left out.

    Raises:
        InputError: Not one sensor, no such interval, too many intervals, or neither scenes nor a time.
    """
    if len({s.sensor for s in scenes}) > 1:
        raise InputError("Optical and radar scenes cannot fill one series.", hint="Choose for each sensor by itself.")
    used = [s for s in scenes if time is None or time.contains(s.acquired)]
    if time is None and not used:
        raise InputError("There are no scenes to choose from.", hint="Give the time to fill, to see it all empty.")
    first = min(s.acquired for s in used) if time is None else time.start
    last = max(s.acquired for s in used) if time is None else time.end - timedelta(microseconds=1)
    anchor = first.replace(hour=0, minute=0, second=0, microsecond=0) if time is None else first
    number, start = _calendar(every, anchor)
    groups: dict[int, list[Scene]] = {}
    for scene in used:
        groups.setdefault(number(scene.acquired), []).append(scene)
    low, high = number(first), number(last)
    if high - low >= _MAX_INTERVALS:
        raise InputError(f"{high - low + 1} intervals are too many.", hint="Use longer ones or a shorter time.")
    found = []
    for n in range(low, high + 1):
        begin, end = start(n), start(n + 1)
        span = TimeRange(begin, end) if time is None else TimeRange(max(begin, time.start), min(end, time.end))
        found.append(Interval(span, _chosen(groups[n], span, observed) if n in groups else None))
    return PerInterval(_with_radar_warnings(found))


def _chosen(scenes: Sequence[Scene], span: TimeRange, observed: Mapping[str, float] | None) -> Choice:
    choice = select_clearest(scenes, observed=observed)
    warnings = choice.warnings
    if choice.scene.period_s > (span.end - span.start).total_seconds() * 1.05:
        warnings += (f"{choice.scene.id} is a composite of a longer time than {span}.",)
    return replace(choice, reason=f"{choice.reason} in {span}", warnings=warnings)


def _with_radar_warnings(intervals: Sequence[Interval]) -> tuple[Interval, ...]:
    """Return the intervals, with a warning wherever a radar's orbit or platform differs from the one before."""
    found: list[Interval] = []
    before: Scene | None = None
    for interval in intervals:
        choice = interval.choice
        if choice is None or choice.scene.sensor != "sar":
            found.append(interval)
            continue
        scene, warnings = choice.scene, choice.warnings
        if before is not None and before.orbit != scene.orbit:
            warnings += (f"From {before.when} to {scene.when} the orbit changed: {before.orbit} to {scene.orbit}.",)
        if before is not None and before.platform.casefold() != scene.platform.casefold():
            warnings += (f"From {before.when} to {scene.when} the platform changed from {before.platform} to "
                         f"{scene.platform}.",)  # fmt: skip
        before = scene
        found.append(replace(interval, choice=replace(choice, warnings=warnings)))
    return tuple(found)


def _passes(scenes: Sequence[Scene]) -> int:
    """Return how many overpasses there are: scenes less than an hour apart are one."""
    times = sorted(s.acquired.timestamp() for s in scenes)
    return 1 + sum(b - a > _ONE_PASS_S for a, b in itertools.pairwise(times))


def select_series(scenes: Sequence[Scene]) -> tuple[Choice, ...]:
    """Return the radar scenes of one relative orbit, the one that leaves the most dates, oldest first.

    Backscatter depends on where the radar looks from, so a change between orbits is no change on the ground. Of orbits
    with equally many dates the one that spans the longest time wins, then the one with the latest date. Optical scenes
    are compared across orbits and are all kept.

    Args:
        scenes: All of one sensor, in any order.

    Returns:
        A choice for every scene that is kept. What concerns the series as a whole is a warning of the first.

    Raises:
        InputError: There are no scenes, or they are of two sensors.
    """
    if not scenes:
        raise InputError("There are no scenes to choose from.")
    if len({s.sensor for s in scenes}) > 1:
        raise InputError("Optical and radar scenes cannot fill one series.", hint="Choose for each sensor by itself.")
    if scenes[0].sensor == "optical":
        ordered = sorted(scenes, key=lambda s: (s.acquired, s.id))
        return tuple(Choice(s, f"one of {_passes(scenes)} dates") for s in ordered)
    tracks: dict[tuple[str, str], list[Scene]] = {}
    for scene in scenes:
        tracks.setdefault((scene.orbit, look_side(scene)), []).append(scene)

    def worth(track: tuple[str, str]) -> tuple[bool, int, float, float, tuple[str, str]]:
        times = [s.acquired.timestamp() for s in tracks[track]]
        return (bool(track[0]), _passes(tracks[track]), max(times) - min(times), max(times), track)

    best = max(tracks, key=worth)
    kept = sorted(tracks[best], key=lambda s: (s.acquired, s.id))
    name, dates = best[0] or "an orbit that is not stated", _passes(kept)
    others = f", which leaves the most of {len(tracks)} orbits" if len(tracks) > 1 else ", the only orbit"
    reason = f"one of {dates} date{'' if dates == 1 else 's'} on {name}{others}"
    choices = [Choice(s, reason) for s in kept]
    return (replace(choices[0], warnings=_series_warnings(kept)), *choices[1:])


def _series_warnings(kept: Sequence[Scene]) -> tuple[str, ...]:
    found = []
    if not any(c.isdigit() for c in kept[0].orbit):
        found.append("The relative orbit of these scenes is not stated, so they may be seen from different angles.")
    platforms = {s.platform.casefold(): s.platform for s in reversed(kept)}
    if len(platforms) > 1:
        found.append(f"The platform changes within the series: {', '.join(sorted(platforms.values()))}.")
    return tuple(found)
