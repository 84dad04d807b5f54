"""What labels say of a scene: where each concept is on each date, and where the labels say anything."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from jaxtyping import Bool, UInt8

from terrascope_sdk.model.chain_grammar import Find
from terrascope_sdk.model.config import CLASS_KEYS
from terrascope_sdk.train.lessons import LabelledPair

__all__ = ["ASKED", "UNKNOWN", "GroundTruth"]

ASKED = ("water", "tree", "grass", "crop", "developed", "bare", "wetland", "snow")
"""Land-cover concepts that synthetic questions are about; shrub is left out, as in the issue's table of masks."""

UNKNOWN = 255
"""Code of a pixel without a label."""


@dataclass(frozen=True)
class GroundTruth:
    """Labels of one scene over its dates."""

    codes: UInt8[np.ndarray, "time y x"]
    """Class codes; :data:`UNKNOWN` where the labels say nothing, and such pixels are not scored."""

    legend: Mapping[str, tuple[int, ...]]
    """Codes of each concept that the labels can tell."""

    overlays: Mapping[str, Bool[np.ndarray, "time y x"]] = field(default_factory=dict)
    """Concepts that lie over the classes, by key."""

    @property
    def dates(self) -> int:
        """How many dates there are."""
        return len(self.codes)

    @property
    def keys(self) -> tuple[str, ...]:
        """Concepts that the labels can tell."""
        return (*self.legend, *self.overlays)

    @property
    def known(self) -> Bool[np.ndarray, "time y x"]:
        """Where the labels say anything."""
        return np.asarray(self.codes != UNKNOWN)

    def layer(self, key: str, when: int) -> Bool[np.ndarray, "y x"]:
        """Return where a concept is on one date; nowhere when the labels cannot tell it."""
        if key in self.overlays:
            return np.asarray(self.overlays[key][when] & (self.codes[when] != UNKNOWN))
        return np.isin(self.codes[when], self.legend.get(key, ()))

    def mask(self, find: Find, dates: Sequence[int]) -> Bool[np.ndarray, "y x"]:
        """Return where a chain should find what it looks for.

        Args:
            find: What it looks for; its dates are numbers from 1 in the stack that was shown.
            dates: Which of the scene's dates that stack shows, positions from 0.
        """
        at = [dates[d - 1] for d in find.dates]
        known = np.logical_and.reduce([self.codes[p] != UNKNOWN for p in at])
        after = self.layer(find.concept, at[-1])
        if not find.way:
            return np.asarray(after & known)
        before = self.layer(find.concept, at[0])
        return np.asarray((after & ~before if find.way == "gain" else before & ~after) & known)

    @classmethod
    def from_pair(cls, pair: LabelledPair) -> "GroundTruth":
        """Read the labels of a synthetic scene; buildings and roads belong to scenes finer than 3 m only."""
        legend = {k: (CLASS_KEYS.index(k),) for k in ASKED}
        fine = {k: pair.marks[:, i].copy() for i, k in enumerate(("building", "road"))} if pair.gsd_m < 3 else {}
        return cls(pair.labels.copy(), legend, fine)
