"""Passes: the scenes that one platform took of an area in one go stand together, and are chosen together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from terrascope_sdk.errors import NoScenesFound
from terrascope_sdk.stac import DayChoice, cover_area, group_solar_days
from terrascope_sdk.stac.mosaic import covered_frac
from terrascope_sdk.types import Aoi, Scene
from terrascope_sdk.types.scene import optical_quantities, sar_quantities

__all__ = ["Passes", "one_collection", "passes_over"]

_COVER_SLACK_FRAC = 0.05
"""A pass that covers this much less of the area than the best one is not chosen, however clear it is."""

_PARTLY_FRAC = 0.95
"""A pass that covers less of the area than this is told of."""

_PREFERRED = (*optical_quantities, *sar_quantities)


@dataclass(frozen=True)
class Passes:
    """The passes over an area."""

    leading: tuple[Scene, ...] = ()
    """One scene for each pass: that with most of the area, with the mean cloud share of all that are needed."""

    days: Mapping[str, DayChoice] | None = None
    """The scenes of a pass by the id of its leading one; only of passes of several scenes."""

    covered: Mapping[str, float] | None = None
    """Share of the area that a pass covers, 0-1, by the id of its leading scene."""

    def widest(self, scenes: Sequence[Scene]) -> list[Scene]:
        """Return those of some leading scenes whose passes cover about as much of the area as the best of them."""
        shares = self.covered or {}
        best = max((shares.get(s.id, 1.0) for s in scenes), default=0.0)
        return [s for s in scenes if shares.get(s.id, 1.0) >= best - _COVER_SLACK_FRAC]

    def scenes(self, leading: Scene) -> tuple[Scene, ...]:
        """Return all scenes of a pass that the area needs, the leading one first."""
        day = (self.days or {}).get(leading.id)
        return (leading,) if day is None else day.day.scenes

    def told(self, leading: Scene) -> str:
        """Return how many scenes a pass has, for its reason; empty when it has one."""
        count = len(self.scenes(leading))
        return "" if count == 1 else f", {count} tiles of one pass"

    def doubts(self, leading: Scene) -> tuple[str, ...]:
        """Return what a pass leaves out of the area, as sentences."""
        share = (self.covered or {}).get(leading.id, 1.0)
        if share >= _PARTLY_FRAC:
            return ()
        return (f"{1 - share:.0%} of the area lies outside the {leading.sensor} pass of {leading.when}.",)


def passes_over(scenes: Sequence[Scene], aoi: Aoi) -> Passes:
    """Return the passes of some scenes that show an area.

    Args:
        scenes: From a search, in any order.
        aoi: Where.
    """
    days = group_solar_days(scenes)
    leading: list[Scene] = []
    several: dict[str, DayChoice] = {}
    covered: dict[str, float] = {}
    for day, share in zip(days, covered_frac(days, aoi).tolist(), strict=True):
        first = day.scenes[0]
        if len(day.scenes) > 1:
            try:
                choice = cover_area([day], aoi)
            except NoScenesFound:
                continue
            first = choice.day.scenes[0]
            several[first.id] = choice
            first = replace(first, cloud_frac=_mean_cloud(choice.day.scenes))
        leading.append(first)
        covered[first.id] = float(share)
    return Passes(tuple(leading), several, covered)


def _mean_cloud(scenes: Sequence[Scene]) -> float | None:
    known = [s.cloud_frac for s in scenes if s.cloud_frac is not None]
    return sum(known) / len(known) if known else None


def one_collection(windows: Iterable[Sequence[Scene]]) -> str | None:
    """Return the collection to choose from in a catalogue of many: one that serves all windows, or None.

    Of several it is the one whose pixels are reflectance of the surface rather than of the top of the atmosphere, then
    the one with the finest pixels, then the first by name, so that like is compared with like.

    Args:
        windows: The scenes of one sensor that each window holds.
    """
    filled = [scenes for scenes in windows if scenes]
    if not filled:
        return None
    everywhere = set.intersection(*({s.collection for s in scenes} for scenes in filled))

    def rank(name: str) -> tuple[int, float, str]:
        own = [s for scenes in filled for s in scenes if s.collection == name]
        return (min(_PREFERRED.index(s.quantity) for s in own), min(s.gsd_m for s in own), name)

    return min(everywhere, key=rank, default=None)
