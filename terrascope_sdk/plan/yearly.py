"""One scene a year, of one season: what a window of many dates stands for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from terrascope_sdk.errors import NoScenesFound
from terrascope_sdk.plan.language import Plan
from terrascope_sdk.stac import select_per_interval, select_series
from terrascope_sdk.stac.select import Choice
from terrascope_sdk.types import Scene

__all__ = ["dated", "one_a_year"]

_SEASON_DAYS = 45.0
"""How far in the year dates of one season may lie from its middle."""


def one_a_year(optical: Sequence[Scene], sar: Sequence[Scene]) -> list[Choice]:
    """Return the clearest scene of each year, of the season that most years have; of one sensor.

    Args:
        optical: Optical scenes that show the ground.
        sar: Radar scenes; used, on one orbit, where there is no optical one.

    Raises:
        NoScenesFound: Clouds hide all of them.
    """
    scenes = optical or [c.scene for c in select_series(sar)]
    if not scenes:
        raise NoScenesFound("Clouds hide every date of these years.", hint="Ask for radar, or choose another time.")
    middle = _usual_day(scenes)
    near = [s for s in scenes if _days_apart(s, middle) <= _SEASON_DAYS] or scenes
    return list(select_per_interval(near, every="year").choices)


def _usual_day(scenes: Sequence[Scene]) -> float:
    """Return the day of the year around which most years have a scene."""
    days = sorted({s.acquired.timetuple().tm_yday for s in scenes})
    return max(
        days, key=lambda day: (len({s.acquired.year for s in scenes if _days_apart(s, day) <= _SEASON_DAYS}), -day)
    )


def _days_apart(scene: Scene, day: float) -> float:
    gap = abs(scene.acquired.timetuple().tm_yday - day)
    return min(gap, 365.25 - gap)


def dated(plan: Plan, many: Mapping[str, Sequence[Choice]]) -> list[tuple[str, Choice]]:
    """Return the scene of each date with the name of its window in a plan that was written out.

    Args:
        plan: From :func:`~terrascope_sdk.plan.unroll.unrolled`.
        many: The scenes of each window that stood for many dates.
    """
    found = []
    for window in plan.windows:
        base = next((name for name in many if window.name.startswith(f"{name}_")), None)
        if base is not None and window.time is not None:
            time = window.time
            found.append((window.name, next(c for c in many[base] if time.contains(c.scene.acquired))))
    return found
