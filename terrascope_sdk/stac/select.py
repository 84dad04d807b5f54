"""Select: which of the scenes found to use, and why. Pure functions: the same scenes in any order, the same choice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from terrascope_sdk.errors import InputError
from terrascope_sdk.types import Scene
from terrascope_sdk.types.instant import season_gap_days

__all__ = ["Choice", "select_clearest", "select_nearest", "select_pair"]

_SEASON_DAYS = 30


@dataclass(frozen=True)
class Choice:
    """A scene that was picked, and why."""

    scene: Scene
    """The scene."""

    reason: str
    """Why this one, in a sentence fragment."""

    warnings: tuple[str, ...] = ()
    """What makes it less than ideal."""


def _rank(scene: Scene) -> tuple[float, float, str]:
    return (scene.cloud_frac or 0.0, -scene.acquired.timestamp(), scene.id)


def select_clearest(scenes: Sequence[Scene]) -> Choice:
    """Return the scene with the smallest cloud share; the latest of those that are equally clear.

    Raises:
        InputError: There are no scenes.
    """
    if not scenes:
        raise InputError("There are no scenes to choose from.")
    best = min(scenes, key=_rank)
    if len(scenes) == 1:
        return Choice(best, "the only scene")
    if best.sensor == "sar" or best.cloud_frac is None:
        return Choice(best, f"the latest of {len(scenes)} scenes")
    return Choice(best, f"the clearest of {len(scenes)} scenes ({best.cloud_frac:.0%} cloud)")


def select_nearest(scenes: Sequence[Scene], instant: datetime, *, max_days: float) -> Choice | None:
    """Return the scene nearest in time to an instant, or None when none is within `max_days`."""
    near = [s for s in scenes if abs((s.acquired - instant).total_seconds()) <= max_days * 86400]
    if not near:
        return None
    best = min(near, key=lambda s: (abs((s.acquired - instant).total_seconds()), s.id))
    gap = (best.acquired - instant).total_seconds() / 86400
    when = (
        "the same day"
        if abs(gap) < 0.5
        else f"{abs(gap):.0f} day{'s' if abs(gap) >= 1.5 else ''} " + ("later" if gap > 0 else "earlier")
    )
    return Choice(best, f"the nearest in time ({when})")


def _known_day(scene: Scene) -> bool:
    return scene.period_s < 60 * 86400


def select_pair(before: Sequence[Scene], after: Sequence[Scene]) -> tuple[Choice, Choice]:
    """Return two scenes for a comparison: first the same orbit (SAR), then little cloud, then the same season.

    Cloud shares are compared in steps of ten points, so that a slightly hazier image of the right season wins.
    A season that differs by more than 30 days, another orbit or another platform are warnings.

    Raises:
        InputError: One side is empty.
    """
    if not before or not after:
        raise InputError("A comparison needs at least one scene on each side.")

    def cost(pair: tuple[Scene, Scene]) -> tuple[bool, int, float, float, str, str]:
        a, b = pair
        haze = int((a.cloud_frac or 0) * 10) + int((b.cloud_frac or 0) * 10)
        season = season_gap_days(a.acquired, b.acquired) if _known_day(a) and _known_day(b) else 0.0
        span = -(b.acquired - a.acquired).total_seconds()
        return (a.orbit != b.orbit, haze, season, span, a.id, b.id)

    first, last = min(((a, b) for a in before for b in after), key=cost)
    warnings = comparability(first, last)
    reason = f"the best matching pair of {len(before)} and {len(after)} scenes"
    return Choice(first, reason, warnings), Choice(last, reason)


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
    if first.sensor == "sar" and first.orbit != last.orbit:
        found.append(f"The radar looked from different orbits: {first.orbit} and {last.orbit}.")
    if first.sensor == "sar" and first.platform != last.platform:
        found.append(f"The platform changed from {first.platform} to {last.platform}.")
    return tuple(found)
