"""Where something lies in the frame, in words: ninths, quarters and directions, of the picture and not of the map."""

import math

import numpy as np
from jaxtyping import Bool

__all__ = ["DIRECTIONS", "PLACES", "QUARTERS", "direction_of", "place_of", "quarter_counts", "sector_margin_deg"]

PLACES = (
    "upper left", "upper middle", "upper right", "middle left", "centre", "middle right", "lower left", "lower middle",
    "lower right",
)  # fmt: skip
"""The ninths of a frame, row by row."""

QUARTERS = ("upper left", "upper right", "lower left", "lower right")
"""The quarters of a frame, row by row."""

DIRECTIONS = ("right", "lower right", "bottom", "lower left", "left", "upper left", "top", "upper right")
"""Clockwise from the right; a sector of 45 degrees each."""


def place_of(across: float, down: float) -> str:
    """Return the ninth that a point lies in.

    Args:
        across: Distance from the left border, as a share of the width.
        down: Distance from the upper border, as a share of the height.

    >>> place_of(0.9, 0.1)
    'upper right'
    """
    return PLACES[3 * min(int(3 * down), 2) + min(int(3 * across), 2)]


def quarter_counts(mask: Bool[np.ndarray, "y x"]) -> list[int]:
    """Return the pixels in each quarter; a middle row or column belongs to the lower or right ones."""
    row, column = mask.shape[0] // 2, mask.shape[1] // 2
    parts = (mask[:row, :column], mask[:row, column:], mask[row:, :column], mask[row:, column:])
    return [int(np.count_nonzero(part)) for part in parts]


def _angle_deg(right: float, down: float) -> float:
    return math.degrees(math.atan2(down, right)) % 360


def direction_of(right: float, down: float) -> str:
    """Return in which direction a step leads.

    >>> direction_of(-10.0, 1.0)
    'left'
    """
    return DIRECTIONS[int((_angle_deg(right, down) + 22.5) // 45) % 8]


def sector_margin_deg(right: float, down: float) -> float:
    """Return how far a step is from the next direction's sector, degrees, at most 22.5."""
    return 22.5 - abs((_angle_deg(right, down) + 22.5) % 45 - 22.5)
