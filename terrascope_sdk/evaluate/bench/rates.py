"""Means with bootstrap intervals over scenes, so that questions about one scene do not count as independent."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float64

from terrascope_sdk.evaluate.masks.resampling import interval, resampled_weights
from terrascope_sdk.types.encoding import JsonValue

__all__ = ["Bootstrap", "Rate"]


@dataclass(frozen=True, eq=False)
class Rate:
    """A mean over questions."""

    value: float
    """The mean; NaN over nothing."""

    count: int
    """Over how many."""

    resampled: Float64[np.ndarray, " draw"]
    """The same over resampled scenes; NaN where none of them counts."""

    def to_json(self) -> JsonValue:
        """Return ``{"value", "interval", "n"}``, null where nothing is defined; the interval holds 90 %."""
        low, high = interval(self.resampled)
        plain = [None if not np.isfinite(v) else round(float(v), 4) for v in (self.value, low, high)]
        return {"value": plain[0], "interval": plain[1:], "n": self.count}

    def root(self) -> "Rate":
        """Return the square root of a mean of squares."""
        return Rate(float(np.sqrt(self.value)), self.count, np.sqrt(self.resampled))


class Bootstrap:
    """Resampled scenes, the same ones for every number, so that averages of numbers have intervals too."""

    def __init__(self, scenes: Sequence[str], *, draws: int = 500, seed: int = 0) -> None:
        """Draw scenes again with replacement.

        Args:
            scenes: Names of all scenes, without repeats.
            draws: How often.
            seed: The same seed draws the same.
        """
        self._index: Mapping[str, int] = {name: i for i, name in enumerate(scenes)}
        self._weights = resampled_weights(max(1, len(scenes)), draws=draws, seed=seed)

    def mean(self, values: Sequence[float], scenes: Sequence[str]) -> Rate:
        """Return the mean of values.

        Args:
            values: One a question; True counts as 1.
            scenes: The scene of each.
        """
        n = self._weights.shape[1]
        at = [self._index[s] for s in scenes]
        numbers = np.asarray(values, np.float64)
        sums = np.bincount(at, weights=numbers, minlength=n) if at else np.zeros(n)
        counts = np.bincount(at, minlength=n) if at else np.zeros(n)
        weight = self._weights @ counts
        drawn = np.where(weight > 0, self._weights @ sums / np.maximum(weight, 1e-9), np.nan)
        return Rate(float(numbers.mean()) if len(numbers) else float("nan"), len(numbers), drawn)

    @staticmethod
    def average(rates: Sequence[Rate]) -> Rate:
        """Return the plain mean of several means; those over nothing are left out."""
        kept = [r for r in rates if r.count]
        if not kept:
            return Rate(float("nan"), 0, np.full(1, np.nan))
        drawn = np.mean([r.resampled for r in kept], axis=0)
        return Rate(float(np.mean([r.value for r in kept])), sum(r.count for r in kept), drawn)
