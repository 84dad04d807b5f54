"""Select: which of the scenes found to use, and why. Pure functions: the same scenes in any order, the same choice."""

from __future__ import annotations

import bisect
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from terrascope_sdk.errors import InputError
from terrascope_sdk.types import Scene
from terrascope_sdk.types.instant import season_gap_days

__all__ = [
    "Choice",
    "comparability",
    "hidden_frac",
    "look_side",
    "select_clearest",
    "select_nearest",
    "select_pair",
    "select_sensor_pair",
]

_SEASON_DAYS = 30
_YEAR_DAYS = 365.25
_DAY_S = 86400.0


@dataclass(frozen=True)
class Choice:
    """A scene that was picked, and why."""

    scene: Scene
    """The scene."""

    reason: str
    """Why this one, in a sentence fragment."""

    warnings: tuple[str, ...] = ()
    """What makes it less than ideal."""


def hidden_frac(scene: Scene, observed: Mapping[str, float] | None = None) -> float:
    """Return which share of the ground a scene hides, 0-1.

    Args:
        scene: The scene.
        observed: Share of the area of interest that was seen, 0-1, by scene id, once pixels were looked at. A scene
            that is not in it falls back on the cloud share of its whole tile; 0 where the catalogue states none.

    Raises:
        InputError: An observed share is not a number from 0 to 1.
    """
    seen = None if observed is None else observed.get(scene.id)
    if seen is None:
        return scene.cloud_frac or 0.0
    if not 0 <= seen <= 1:
        raise InputError(
            f"{scene.id} cannot have {seen} of the area observed.", hint="Give shares, 0-1, as observed_frac returns."
        )
    return 1.0 - float(seen)


def select_clearest(scenes: Sequence[Scene], *, observed: Mapping[str, float] | None = None) -> Choice:
    """Return the scene that hides least of the ground; the latest of those that are equally clear.

    A catalogue states the cloud share of a whole tile, 100 km or more across. Where pixels were looked at, the share of
    the area itself that was seen decides instead; the reason says which of the two it was.

    Args:
        scenes: To choose from.
        observed: Share of the area that was seen, 0-1, by scene id.

    Raises:
        InputError: There are no scenes, or an observed share is not a number from 0 to 1.
    """
    if not scenes:
        raise InputError("There are no scenes to choose from.")
    best = min(scenes, key=lambda s: (hidden_frac(s, observed), -s.acquired.timestamp(), s.id))
    looked_at = {s.id for s in scenes if observed is not None and s.id in observed}
    return Choice(best, _why_clearest(best, scenes, looked_at, observed or {}), _doubts(best, scenes, looked_at))


def _why_clearest(best: Scene, scenes: Sequence[Scene], looked_at: set[str], observed: Mapping[str, float]) -> str:
    if len(scenes) == 1:
        return "the only scene" if not looked_at else f"the only scene ({observed[best.id]:.0%} of the area seen)"
    if best.id in looked_at:
        return f"the clearest of {len(scenes)} scenes ({observed[best.id]:.0%} of the area seen)"
    if best.sensor == "sar" or best.cloud_frac is None:
        return f"the latest of {len(scenes)} scenes"
    return f"the clearest of {len(scenes)} scenes ({best.cloud_frac:.0%} cloud in the whole tile)"


def _doubts(best: Scene, scenes: Sequence[Scene], looked_at: set[str]) -> tuple[str, ...]:
    doubts = []
    count = sum(s.id in looked_at for s in scenes)
    if 0 < count < len(scenes):
        doubts.append(
            f"Only {count} of {len(scenes)} scenes were looked at inside the area; the others are judged by the cloud "
            "of their whole tile."
        )
    unstated = best.sensor == "optical" and best.cloud_frac is None and best.id not in looked_at
    if unstated and any(s.cloud_frac is not None for s in scenes):
        doubts.append(f"The catalogue states no cloud share for {best.id}; it was taken as clear.")
    return tuple(doubts)


def _gap_text(seconds: float) -> str:
    """Return a span of time in the unit that suits it: minutes, hours or days."""
    for unit, size, most in (("minute", 60.0, 3600.0), ("hour", 3600.0, 2 * _DAY_S)):
        if abs(seconds) < most:
            count = round(abs(seconds) / size)
            return f"{count} {unit}{'' if count == 1 else 's'}"
    return f"{abs(seconds) / _DAY_S:.1f} days"


def select_nearest(scenes: Sequence[Scene], instant: datetime, *, max_days: float) -> Choice | None:
    """Return the scene nearest in time to an instant, or None when none is within `max_days`."""
    near = [s for s in scenes if abs((s.acquired - instant).total_seconds()) <= max_days * _DAY_S]
    if not near:
        return None
    best = min(near, key=lambda s: (abs((s.acquired - instant).total_seconds()), s.id))
    gap = (best.acquired - instant).total_seconds() / _DAY_S
    when = (
        "the same day"
        if abs(gap) < 0.5
        else f"{abs(gap):.0f} day{'s' if abs(gap) >= 1.5 else ''} " + ("later" if gap > 0 else "earlier")
    )
    return Choice(best, f"the nearest in time ({when})")


def _known_day(scene: Scene) -> bool:
    return scene.period_s < 60 * _DAY_S


def _haze(scene: Scene, observed: Mapping[str, float] | None) -> int:
    return int(round(hidden_frac(scene, observed) * 10, 6))


def _track(scene: Scene) -> str:
    """Return what two radar scenes must share to be compared; optical scenes of all orbits can be."""
    return scene.orbit if scene.sensor == "sar" else ""


def _by_day_of_year(scenes: Iterable[Scene], *, latest: bool) -> dict[int, Scene]:
    """Return the earliest or latest scene for every day of the year; -1 stands for an unknown one."""
    found: dict[int, Scene] = {}
    for scene in sorted(scenes, key=lambda s: (s.acquired.timestamp() * (-1 if latest else 1), s.id)):
        found.setdefault(scene.acquired.timetuple().tm_yday if _known_day(scene) else -1, scene)
    return found


def _best_pairs(before: Sequence[Scene], after: Sequence[Scene]) -> list[tuple[float, float, str, str, Scene, Scene]]:
    """Return season gap, negative span and the scenes of every pair with the smallest season gap."""
    firsts, lasts = _by_day_of_year(before, latest=False), _by_day_of_year(after, latest=True)
    one, other = np.array(list(firsts))[:, None], np.array(list(lasts))[None, :]
    gap = np.abs(one - other).astype(float)
    gap = np.where((one < 0) | (other < 0), 0.0, np.minimum(gap, _YEAR_DAYS - gap))
    earliest, latest = list(firsts.values()), list(lasts.values())
    pairs = [(earliest[i], latest[j]) for i, j in np.argwhere(gap == gap.min())]
    least = float(gap.min())
    return [(least, -(b.acquired - a.acquired).total_seconds(), a.id, b.id, a, b) for a, b in pairs]


def select_pair(
    before: Sequence[Scene], after: Sequence[Scene], *, observed: Mapping[str, float] | None = None
) -> tuple[Choice, Choice]:
    """Return two scenes for a comparison: first the same orbit (SAR), then little cloud, then the same season.

    Cloud shares are compared in steps of ten points, so that a slightly hazier image of the right season wins.
    A season that differs by more than 30 days, another orbit or another platform are warnings.

    Args:
        before: Scenes of the earlier time.
        after: Scenes of the later time.
        observed: Share of the area that was seen, 0-1, by scene id; the cloud share of the tile where left out.

    Raises:
        InputError: One side is empty.
    """
    if not before or not after:
        raise InputError("A comparison needs at least one scene on each side.")
    sides: list[dict[str, dict[int, list[Scene]]]] = [{}, {}]
    shared = {_track(s) for s in before} & {_track(s) for s in after}
    for side, scenes in zip(sides, (before, after), strict=True):
        for scene in scenes:
            track = _track(scene) if shared else ""
            side.setdefault(track, {}).setdefault(_haze(scene, observed), []).append(scene)
    tracks = shared or {""}
    haziness = {t: min(sides[0][t]) + min(sides[1][t]) for t in tracks}
    least = min(haziness.values())
    found = [
        pair
        for track in tracks
        if haziness[track] == least
        for pair in _best_pairs(sides[0][track][min(sides[0][track])], sides[1][track][min(sides[1][track])])
    ]
    *_, first, last = min(found, key=lambda pair: pair[:4])
    reason = f"the best matching pair of {len(before)} and {len(after)} scenes"
    return Choice(first, reason, comparability(first, last)), Choice(last, reason)


def select_sensor_pair(
    optical: Sequence[Scene],
    sar: Sequence[Scene],
    *,
    max_days: float,
    observed: Mapping[str, float] | None = None,
) -> tuple[Choice, Choice] | None:
    """Return the optical and the radar scene that lie nearest to each other in time, with the gap between them.

    Gaps are compared by whole days; of pairs with equally many the clearest optical scene wins, then the shortest gap,
    then the latest.

    Args:
        optical: Optical scenes; leave out those that clouds hide wholly.
        sar: Radar scenes.
        max_days: Largest gap, in days.
        observed: Share of the area that was seen, 0-1, by id of the optical scene.

    Returns:
        The optical choice and the radar choice, or None when no two lie within `max_days`.

    Raises:
        InputError: The largest gap is below 0 or no number.
    """
    if not max_days >= 0:
        raise InputError(f"A pair cannot lie {max_days} days apart at most.", hint="Give days, 0 or more.")
    radar = sorted(sar, key=lambda s: (s.acquired, s.id))
    times = [s.acquired.timestamp() for s in radar]
    candidates = []
    for scene in optical:
        at = scene.acquired.timestamp()
        place = bisect.bisect_left(times, at)
        near = [(abs(times[i] - at), radar[bisect.bisect_left(times, times[i])]) for i in (place - 1, place)
                if 0 <= i < len(times)]  # fmt: skip
        if near:
            gap, other = min(near, key=lambda pair: (pair[0], pair[1].acquired))
            if gap <= max_days * _DAY_S:
                cost = (int(gap // _DAY_S), hidden_frac(scene, observed), gap, -at, scene.id, other.id)
                candidates.append((cost, scene, other))
    if not candidates:
        return None
    _, seen, beside = min(candidates, key=lambda c: c[0])
    warnings = (
        () if _known_day(seen) and _known_day(beside) else ("The day of a composite is not known, nor is the gap.",)
    )
    span = (beside.acquired - seen.acquired).total_seconds()
    scenes = "scene" if len(sar) == 1 else "scenes"
    reason = f"the nearest pair of {len(optical)} optical and {len(sar)} radar {scenes}, {_gap_text(span)} apart"
    return Choice(seen, reason, warnings), Choice(beside, reason)


def look_side(scene: Scene) -> str:
    """Return whether a radar looks ``east`` or ``west``; empty where pass or antenna side are not known."""
    state = scene.orbit.split(" ")[0].casefold()
    properties = scene.item.get("properties") or {}
    side = str(properties.get("sar:observation_direction") or "right").casefold()
    if state not in ("ascending", "descending") or side not in ("left", "right"):
        return ""
    return "east" if (state == "ascending") == (side == "right") else "west"


def comparability(first: Scene, last: Scene) -> tuple[str, ...]:
    """Return what makes two scenes hard to compare, as sentences; empty when nothing does."""
    found = []
    if first.quantity != last.quantity:
        found.append(f"The two dates differ in quantity: {first.quantity} and {last.quantity}.")
    if not (_known_day(first) and _known_day(last)):
        found.append("The day of the year of these composites is not known, so the seasons may differ.")
    else:
        gap = season_gap_days(first.acquired, last.acquired)
        if gap > _SEASON_DAYS:
            found.append(f"The two dates lie {gap:.0f} days apart in the year, so seasons differ.")
    return (*found, *_radar_changes(first, last)) if first.sensor == "sar" else tuple(found)


def _radar_changes(first: Scene, last: Scene) -> list[str]:
    found = []
    if first.orbit != last.orbit:
        found.append(f"The radar looked from different orbits: {first.orbit} and {last.orbit}.")
    sides = look_side(first), look_side(last)
    if all(sides) and sides[0] != sides[1]:
        found.append(f"The radar looked {sides[0]} on the first date and {sides[1]} on the last, so slopes differ.")
    if first.platform.casefold() != last.platform.casefold():
        found.append(f"The platform changed from {first.platform} to {last.platform}.")
    return found
