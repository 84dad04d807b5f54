"""Strokes of a brush as pixels of a grid."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import numpy as np
from jaxtyping import Bool

from terrascope_sdk.errors import InputError

__all__ = ["MAX_POINTS", "stroke_pixels"]

MAX_POINTS = 20_000
"""Most points of one stroke."""


def stroke_pixels(
    points: Sequence[Sequence[float]], *, radius_px: float, shape: tuple[int, int]
) -> Bool[np.ndarray, "y x"]:
    """Return the pixels whose middle a round brush passes over.

    Args:
        points: Places of the brush as (row, column); whole numbers are pixel corners, halves their middles.
        radius_px: Of the brush, in pixels; the pixel under the brush is always painted.
        shape: Rows and columns of the grid.

    Raises:
        InputError: No points, too many, or one that is no pair of numbers; or a radius that is no size.
    """
    if not 0 < len(points) <= MAX_POINTS:
        raise InputError(f"A stroke has 1 to {MAX_POINTS} points, not {len(points)}.")
    try:
        path = np.asarray(points, float).reshape(-1, 2)
    except (TypeError, ValueError) as err:
        raise InputError("A stroke is a list of (row, column).") from err
    if len(path) != len(points) or not np.isfinite(path).all() or not 0 <= radius_px <= max(shape):
        raise InputError(f"A stroke of radius {radius_px} over {len(points)} points cannot be painted.")
    painted = np.zeros(shape, bool)
    for start, end in itertools.pairwise(path) if len(path) > 1 else [(path[0], path[0])]:
        _paint(painted, start, end, radius_px)
    inside = path[(path >= 0).all(axis=1) & (path < shape).all(axis=1)].astype(int)
    painted[inside[:, 0], inside[:, 1]] = True
    return painted


def _paint(painted: np.ndarray, start: np.ndarray, end: np.ndarray, radius_px: float) -> None:
    """Paint the pixels whose middle lies within a radius of a piece of line."""
    low = np.maximum(np.floor(np.minimum(start, end) - radius_px), 0).astype(int)
    high = np.minimum(np.ceil(np.maximum(start, end) + radius_px), painted.shape).astype(int)
    if (high <= low).any():
        return
    rows, columns = np.mgrid[low[0] : high[0], low[1] : high[1]] + 0.5
    along = end - start
    length = float(along @ along)
    t = 0.0 if length == 0 else np.clip(((rows - start[0]) * along[0] + (columns - start[1]) * along[1]) / length, 0, 1)
    away = np.hypot(rows - (start[0] + t * along[0]), columns - (start[1] + t * along[1]))
    painted[low[0] : high[0], low[1] : high[1]] |= away <= radius_px
