"""Looking for the scenes of a plan's windows, and with a looser filter where there is none, never without saying so."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from terrascope_sdk.errors import NoScenesFound
from terrascope_sdk.plan.language import Plan
from terrascope_sdk.plan.mask_steps import Find
from terrascope_sdk.plan.windows import Window
from terrascope_sdk.stac import Catalog, search
from terrascope_sdk.types import Aoi, Scene, TimeRange

__all__ = ["Searcher"]

_SHORT = timedelta(days=7)
"""Windows up to this long are looser by a few days when they hold nothing: satellites do not pass every day."""

_LOOSER = timedelta(days=5)


class Searcher:
    """Finds the scenes of windows in one catalogue."""

    def __init__(
        self, plan: Plan, aoi: Aoi, *, catalog: str | Path | Catalog | None, say: Callable[[str], None]
    ) -> None:
        self.aoi = aoi
        self.catalog = catalog
        self.told: list[str] = []
        self._say = say
        self._alone = len(plan.windows) == 1

    def find(self, step: Find, window: Window) -> list[Scene]:
        """Return the scenes of a window within the step's limit of clouds.

        A window of a week or less that holds nothing is looked at with five days more on each side, when the plan has
        no other; a limit of clouds that no scene keeps is lifted. Both are said before they are done.

        Raises:
            NoScenesFound: There is no scene at all.
        """
        found = self._in_time(step, window)
        most = step.cloud_max_frac
        if most is None:
            return found
        kept = [s for s in found if s.sensor == "sar" or s.cloud_frac is None or s.cloud_frac <= most]
        if any(s.sensor == "optical" for s in kept) or not any(s.sensor == "optical" for s in found):
            return kept
        self._tell(f"No optical scene of {_named(window.time)} has at most {most:.0%} cloud; looking at cloudier ones.")
        return found

    def _in_time(self, step: Find, window: Window) -> list[Scene]:
        sensor = None if step.sensor == "any" else step.sensor
        try:
            return search(self.aoi, time=window.time, sensor=sensor, catalog=self.catalog)
        except NoScenesFound:
            time = window.time
            if time is None or not self._alone or time.end - time.start > _SHORT:
                raise
            looser = TimeRange(time.start - _LOOSER, time.end + _LOOSER)
            self._tell(f"No scene was taken in {_named(time)}; looking {_LOOSER.days} days before and after.")
            return search(self.aoi, time=looser, sensor=sensor, catalog=self.catalog)

    def _tell(self, text: str) -> None:
        self._say(text)
        self.told.append(text)


def _named(time: TimeRange | None) -> str:
    return "any time" if time is None else str(time)
