"""Pixels that masks and truth share, by unit and concept: all that overlap scores are made of."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float64

from terrascope_sdk.errors import InputError

__all__ = ["Counts", "Tally", "count_blocks", "count_units", "joined"]


@dataclass(frozen=True, eq=False)
class Counts:
    """Numbers of pixels; a unit is a scene, or a block of a scene."""

    names: tuple[str, ...]
    """Concepts, in the order of the second axis."""

    both: Float64[np.ndarray, "unit name"]
    """Pixels in the mask and in the truth."""

    found: Float64[np.ndarray, "unit name"]
    """Pixels in the mask."""

    truth: Float64[np.ndarray, "unit name"]
    """Pixels in the truth."""

    seen: Float64[np.ndarray, " unit"]
    """Pixels that are scored."""

    def only(self, name: str) -> "Counts":
        """Return the counts of one concept.

        Raises:
            InputError: There is no such concept.
        """
        if name not in self.names:
            raise InputError(f"There are no counts of {name!r}, only of {', '.join(self.names)}.")
        at = [self.names.index(name)]
        return Counts((name,), self.both[:, at], self.found[:, at], self.truth[:, at], self.seen)

    def scored(self) -> "Counts":
        """Return the counts without the units of which no pixel is scored."""
        kept = self.seen > 0
        return Counts(self.names, self.both[kept], self.found[kept], self.truth[kept], self.seen[kept])

    def plus(self, other: "Counts") -> "Counts":
        """Return the sums over the same units, as for several dates of one scene."""
        if self.names != other.names or self.seen.shape != other.seen.shape:
            raise InputError("Only counts of the same concepts over the same units can be added.")
        return Counts(
            self.names, self.both + other.both, self.found + other.found, self.truth + other.truth,
            self.seen + other.seen,
        )  # fmt: skip


def joined(parts: Sequence[Counts]) -> Counts:
    """Return the units of all parts, one after the other.

    Raises:
        InputError: There is no part, or they count different concepts.
    """
    if len({p.names for p in parts}) != 1:
        raise InputError("Counts can be joined when there are some and all are of the same concepts.")
    both, found, truth, seen = (
        np.concatenate([getattr(p, field) for p in parts]) for field in ("both", "found", "truth", "seen")
    )
    return Counts(parts[0].names, both, found, truth, seen)


class Tally:
    """Counts of a growing number of batches, by key."""

    def __init__(self) -> None:
        self._parts: dict[str, list[Counts]] = {}

    def add(self, batch: Mapping[str, Counts]) -> None:
        """Take in the counts of a batch of units."""
        for key, counts in batch.items():
            self._parts.setdefault(key, []).append(counts)

    def counts(self) -> dict[str, Counts]:
        """Return the counts of all batches by key."""
        return {key: joined(parts) for key, parts in self._parts.items()}


def count_units(
    names: Sequence[str],
    *,
    found: Bool[np.ndarray, "unit name ..."],
    truth: Bool[np.ndarray, "unit name ..."],
    seen: Bool[np.ndarray, "unit ..."],
) -> Counts:
    """Count whole scenes.

    Args:
        names: Concepts.
        found: Masks; further axes (dates, rows, columns) are summed over.
        truth: What is right, of the same shape.
        seen: Which pixels are scored.
    """
    units = len(found)
    inside = seen.reshape(units, 1, -1)
    f = found.reshape(units, len(names), -1) & inside
    t = truth.reshape(units, len(names), -1) & inside
    both, found_px, truth_px = ((m.sum(-1)).astype(np.float64) for m in (f & t, f, t))
    return Counts(tuple(names), both, found_px, truth_px, inside[:, 0].sum(-1).astype(np.float64))


def count_blocks(
    found: Mapping[str, Bool[np.ndarray, "y x"]],
    truth: Mapping[str, Bool[np.ndarray, "y x"]],
    seen: Bool[np.ndarray, "y x"],
    *,
    block_px: int,
) -> Counts:
    """Count one scene in square blocks, the units of its bootstrap; neighbouring pixels are no independent evidence.

    Args:
        found: Mask of each concept.
        truth: What is right, of the same concepts.
        seen: Which pixels are scored.
        block_px: Side of a block, pixels; blocks at the lower and right edge may be smaller.
    """
    names = tuple(found)
    height, width = seen.shape
    tall, wide = -(-height // block_px), -(-width // block_px)
    number = np.arange(height)[:, None] // block_px * wide + np.arange(width)[None, :] // block_px

    def summed(pixels: np.ndarray) -> np.ndarray:
        return np.bincount(number[pixels & seen], minlength=tall * wide).astype(np.float64)

    columns = [[summed(found[n] & truth[n]), summed(found[n]), summed(truth[n])] for n in names]
    both, found_px, truth_px = (np.stack([c[i] for c in columns], 1) for i in range(3))
    return Counts(names, both, found_px, truth_px, summed(np.ones(seen.shape, bool)))
