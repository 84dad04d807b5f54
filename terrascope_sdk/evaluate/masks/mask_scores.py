"""Scores of masks: pooled overlap, precision, recall, error of the share, each over all units, with intervals."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float64

from terrascope_sdk.errors import InputError
from terrascope_sdk.evaluate.masks.counts import Counts
from terrascope_sdk.evaluate.masks.resampling import interval, resampled_weights
from terrascope_sdk.types.encoding import JsonValue

__all__ = ["EIGHT", "MaskScore", "MeanScore", "mean_gain", "mean_score", "score", "share_error", "share_hits"]

EIGHT = ("water", "tree", "grass", "crop", "developed", "bare", "wetland", "snow")
"""Classes whose overlap is averaged; shrub, a ninth, is reported beside them."""


def _json(value: float) -> float | None:
    return round(value, 4) if np.isfinite(value) else None


@dataclass(frozen=True)
class MaskScore:
    """How well the masks of one concept fit."""

    name: str
    """The concept."""

    iou: float
    """Intersection over union, both summed over all units, 0-1; NaN where neither mask nor truth has a pixel."""

    interval: tuple[float, float]
    """90 % bootstrap interval of `iou`."""

    precision: float
    """Share of the mask that is right, 0-1."""

    recall: float
    """Share of the truth that is in the mask, 0-1."""

    share_bias: float
    """Mean over units of the mask's share minus the true share, -1 to 1."""

    share_rmse: float
    """Root mean square of the same."""

    truth_px: int
    """Pixels of the concept, the sample size."""

    units: int
    """Scenes or blocks."""

    def to_json(self) -> dict[str, JsonValue]:
        """Return plain values; what is not defined is null."""
        return {
            "iou": _json(self.iou), "interval": [_json(v) for v in self.interval],
            "precision": _json(self.precision), "recall": _json(self.recall),
            "share_bias": _json(self.share_bias), "share_rmse": _json(self.share_rmse),
            "truth_px": self.truth_px, "units": self.units,
        }  # fmt: skip


@dataclass(frozen=True)
class MeanScore:
    """A mean over concepts."""

    value: float
    """The mean."""

    interval: tuple[float, float]
    """90 % bootstrap interval."""

    def to_json(self) -> dict[str, JsonValue]:
        """Return plain values."""
        return {"value": _json(self.value), "interval": [_json(v) for v in self.interval]}


def _ratio(part: np.ndarray, whole: np.ndarray) -> np.ndarray:
    return np.asarray(np.divide(part, whole, out=np.full(np.shape(part), np.nan), where=whole > 0))


def _ious(counts: Counts, weights: Float64[np.ndarray, "draw unit"]) -> Float64[np.ndarray, "draw name"]:
    both = weights @ counts.both
    return _ratio(both, weights @ (counts.found + counts.truth) - both)


def score(counts: Counts, name: str, *, seed: int = 0) -> MaskScore:
    """Return the score of one concept.

    Args:
        counts: Of all units.
        name: The concept.
        seed: Of the bootstrap.
    """
    own = counts.only(name)
    units = len(own.seen)
    both, found, truth = (float(v.sum()) for v in (own.both, own.found, own.truth))
    seen = own.seen > 0
    off = (own.found[seen, 0] - own.truth[seen, 0]) / own.seen[seen]
    union = found + truth - both
    return MaskScore(
        name=name,
        iou=both / union if union else float("nan"),
        interval=interval(_ious(own, resampled_weights(units, seed=seed))[:, 0]),
        precision=both / found if found else float("nan"),
        recall=both / truth if truth else float("nan"),
        share_bias=float(off.mean()),
        share_rmse=float(np.sqrt((off**2).mean())),
        truth_px=round(truth),
        units=units,
    )


def _mean_ious(counts: Counts, names: Sequence[str], weights: np.ndarray) -> np.ndarray:
    at = [counts.names.index(n) for n in names]
    return np.asarray(_ious(counts, weights)[:, at].mean(1))


def mean_score(counts: Counts, names: Sequence[str] = EIGHT, *, seed: int = 0) -> MeanScore:
    """Return the mean of the pooled overlaps of some concepts; NaN where one has neither mask nor truth."""
    units = len(counts.seen)
    whole = _mean_ious(counts, names, np.ones((1, units)))
    return MeanScore(float(whole[0]), interval(_mean_ious(counts, names, resampled_weights(units, seed=seed))))


def mean_gain(counts: Counts, others: Sequence[Counts], names: Sequence[str] = EIGHT, *, seed: int = 0) -> MeanScore:
    """Return by how much a mean overlap exceeds the best of others; all are drawn again together.

    Raises:
        InputError: They do not count the same units.
    """
    if any(len(o.seen) != len(counts.seen) for o in others):
        raise InputError("A gain needs counts of the same units.")
    units = len(counts.seen)

    def gains(weights: np.ndarray) -> np.ndarray:
        best = np.max([_mean_ious(o, names, weights) for o in others], axis=0)
        return np.asarray(_mean_ious(counts, names, weights) - best)

    return MeanScore(float(gains(np.ones((1, units)))[0]), interval(gains(resampled_weights(units, seed=seed))))


def share_hits(counts: Counts, name: str, *, points_frac: float, relative: float, seed: int = 0) -> MeanScore:
    """Return the share of units whose share of a concept is met, over the units that have the concept.

    Args:
        counts: Of all units.
        name: The concept.
        points_frac: How far off the share may be, 0-1.
        relative: How far off relative to the true share; the larger of the two counts.
        seed: Of the bootstrap.
    """
    own = counts.only(name)
    there = (own.truth[:, 0] > 0) & (own.seen > 0)
    truth, found = (v[there, 0] / own.seen[there] for v in (own.truth, own.found))
    if not there.any():
        return MeanScore(float("nan"), (float("nan"), float("nan")))
    hit = (np.abs(found - truth) <= np.maximum(points_frac, relative * truth)).astype(np.float64)
    return MeanScore(float(hit.mean()), interval(resampled_weights(len(hit), seed=seed) @ hit / len(hit)))


def share_error(counts: Counts, name: str, *, seed: int = 0) -> MeanScore:
    """Return the mean absolute error of the share of a concept over units with scored pixels, 0-1."""
    own = counts.only(name).scored()
    off = np.abs(own.found[:, 0] - own.truth[:, 0]) / own.seen
    return MeanScore(float(off.mean()), interval(resampled_weights(len(off), seed=seed) @ off / len(off)))
