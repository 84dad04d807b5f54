"""A student's own mask: brush, eraser, filled outline, undo."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from jaxtyping import Bool

from terrascope_sdk.errors import InputError
from terrascope_sdk.notebook.strokes import MAX_POINTS, stroke_pixels

__all__ = ["MAX_UNDO", "Painting", "outline_pixels"]

MAX_UNDO = 100
"""So many changes can be taken back."""


def outline_pixels(points: Sequence[Sequence[float]], *, shape: tuple[int, int]) -> Bool[np.ndarray, "y x"]:
    """Return the pixels whose middle lies inside a closed outline (even-odd rule).

    Args:
        points: Corners as (row, column), three or more; whole numbers are pixel corners. The last joins the first.
        shape: Rows and columns of the grid.

    Raises:
        InputError: Fewer than three corners, too many, or one that is no pair of numbers.
    """
    if not 3 <= len(points) <= MAX_POINTS:
        raise InputError(f"An outline has 3 to {MAX_POINTS} corners, not {len(points)}.")
    try:
        start = np.asarray(points, float).reshape(len(points), 2)
    except (TypeError, ValueError) as err:
        raise InputError("An outline is a list of (row, column).") from err
    if not np.isfinite(start).all():
        raise InputError("A corner of the outline is no number.")
    end = np.roll(start, -1, axis=0)
    inside = np.zeros(shape, bool)
    middles = np.arange(shape[1]) + 0.5
    for row in range(max(int(start[:, 0].min()), 0), min(int(np.ceil(start[:, 0].max())), shape[0])):
        level = row + 0.5
        crossed = (start[:, 0] <= level) != (end[:, 0] <= level)
        a, b = start[crossed], end[crossed]
        at = np.sort(a[:, 1] + (level - a[:, 0]) / (b[:, 0] - a[:, 0]) * (b[:, 1] - a[:, 1]))
        inside[row] = np.searchsorted(at, middles) % 2 == 1
    return inside


class Painting:
    """A mask that grows stroke by stroke; only observed pixels can be painted."""

    def __init__(self, valid: Bool[np.ndarray, "y x"]) -> None:
        self._valid = valid
        self._past: list[np.ndarray] = []
        self.pixels: Bool[np.ndarray, "y x"] = np.zeros(valid.shape, bool)
        self.changes = 0

    @property
    def can_undo(self) -> bool:
        """Whether there is something to take back."""
        return bool(self._past)

    def stroke(self, points: Sequence[Sequence[float]], *, radius_px: float, erase: bool = False) -> None:
        """Paint or erase along a line; see :func:`~terrascope_sdk.notebook.strokes.stroke_pixels`.

        Raises:
            InputError: The stroke cannot be painted.
        """
        self._apply(stroke_pixels(points, radius_px=radius_px, shape=self._shape), erase)

    def outline(self, points: Sequence[Sequence[float]], *, erase: bool = False) -> None:
        """Paint or erase everything inside a closed outline; see :func:`outline_pixels`.

        Raises:
            InputError: The outline cannot be filled.
        """
        self._apply(outline_pixels(points, shape=self._shape), erase)

    def invert(self) -> None:
        """Paint what is not painted, and the other way round."""
        self._become(~self.pixels & self._valid)

    def clear(self) -> None:
        """Erase everything; it can be taken back."""
        self._become(np.zeros(self._shape, bool))

    def undo(self) -> None:
        """Take back the last change; nothing happens when there is none."""
        if self._past:
            self.pixels = self._past.pop()
            self.changes -= 1

    @property
    def _shape(self) -> tuple[int, int]:
        return self._valid.shape[0], self._valid.shape[1]

    def _apply(self, touched: Bool[np.ndarray, "y x"], erase: bool) -> None:
        seen = touched & self._valid
        self._become(self.pixels & ~seen if erase else self.pixels | seen)

    def _become(self, pixels: Bool[np.ndarray, "y x"]) -> None:
        self._past = [*self._past[-(MAX_UNDO - 1) :], self.pixels]
        self.pixels = pixels
        self.changes += 1
