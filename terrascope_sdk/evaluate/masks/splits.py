"""Which part of a labelled real scene may be trained on, and which is kept for tests.

Training, choosing checkpoints and tuning the synthetic worlds may look at the train parts only. The gap belongs to
neither. The Spain flood chip and the Bolzano scene have no train part: they are tests as a whole.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from jaxtyping import Bool

__all__ = ["SPLITS", "Split", "Window"]


@dataclass(frozen=True)
class Window:
    """Rows and columns, half-open."""

    top: int
    """First row."""

    bottom: int
    """Row after the last."""

    left: int
    """First column."""

    right: int
    """Column after the last."""

    def mask(self, shape: tuple[int, int]) -> Bool[np.ndarray, "y x"]:
        """Return where the window is in an image of this shape.

        >>> Window(0, 1, 0, 2).mask((2, 2)).tolist()
        [[True, True], [False, False]]
        """
        inside = np.zeros(shape, bool)
        inside[self.top : self.bottom, self.left : self.right] = True
        return inside


@dataclass(frozen=True)
class Split:
    """One scene cut in two."""

    shape: tuple[int, int]
    """Rows and columns of the scene."""

    train: Window
    """May be looked at in any way."""

    test: Window
    """Is scored only."""

    why: str
    """Why it is cut like this."""


SPLITS: Mapping[str, Split] = MappingProxyType({
    "slovenia": Split(
        (101, 100), train=Window(0, 46, 0, 100), test=Window(56, 101, 0, 100),
        why="North and south, because the west half has but 4 artificial pixels; 100 m of gap.",
    ),
    "kampala": Split(
        (1024, 1536), train=Window(0, 1024, 0, 672), test=Window(0, 1024, 832, 1536),
        why="West and east; the gap of 160 pixels (24 m) is wider than the encoder's reach of 144.",
    ),
    "taizhou": Split(
        (400, 400), train=Window(0, 400, 0, 104), test=Window(0, 400, 248, 400),
        why="West and east; the gap of 144 pixels is the encoder's reach.",
    ),
})  # fmt: skip
"""Splits by place."""
