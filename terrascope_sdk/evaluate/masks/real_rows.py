"""Rows of the real suite: one place, concept, sensor set and method, with its counts by block."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool

from terrascope_sdk.evaluate.masks.counts import Counts, count_blocks
from terrascope_sdk.evaluate.masks.mask_scores import score
from terrascope_sdk.types.encoding import JsonValue

__all__ = ["RealRow", "RowBook"]


@dataclass(frozen=True, eq=False)
class RealRow:
    """One method on one concept of one place."""

    place: str
    """Name of the place, with the part that is scored."""

    concept: str
    """What is mapped."""

    sensors: str
    """``optical``, ``sar`` or ``optical+sar``."""

    gsd_m: float
    """Metres a pixel."""

    method: str
    """``network``, ``network, decided``, ``index reasoner`` or a plain rule."""

    reference: str
    """Where the truth is from: ``drawn by hand``, ``register``, ``algorithm``."""

    dates: int
    """Dates that are summed."""

    counts: Counts
    """By block."""

    def to_json(self) -> dict[str, JsonValue]:
        """Return the row with its score."""
        head = {
            "place": self.place, "concept": self.concept, "sensors": self.sensors, "gsd_m": round(self.gsd_m, 3),
            "method": self.method, "reference": self.reference, "dates": self.dates,
        }  # fmt: skip
        return head | score(self.counts, self.concept).to_json()


class RowBook:
    """Collects the masks of one place; what is added twice under one name is another date of it."""

    def __init__(self, place: str, *, gsd_m: float, reference: str, block_px: int) -> None:
        self.place, self.gsd_m, self.reference, self.block_px = place, gsd_m, reference, block_px
        self._counts: dict[tuple[str, str, str], Counts] = {}
        self._dates: dict[tuple[str, str, str], int] = {}

    def add(
        self,
        concept: str,
        sensors: str,
        masks: dict[str, Bool[np.ndarray, "y x"]],
        *,
        truth: Bool[np.ndarray, "y x"],
        seen: Bool[np.ndarray, "y x"],
    ) -> None:
        """Count masks of a concept by method against the truth, where `seen`."""
        for method, found in masks.items():
            key = (concept, sensors, method)
            new = count_blocks({concept: found}, {concept: truth}, seen, block_px=self.block_px)
            self._counts[key] = self._counts[key].plus(new) if key in self._counts else new
            self._dates[key] = self._dates.get(key, 0) + 1

    def rows(self) -> list[RealRow]:
        """Return a row for each concept, sensor set and method, in the order of adding."""
        return [
            RealRow(
                self.place, concept, sensors, self.gsd_m, method, self.reference, self._dates[concept, sensors, method],
                counts.scored(),
            )
            for (concept, sensors, method), counts in self._counts.items()
        ]  # fmt: skip
