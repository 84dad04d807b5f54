"""Neighbourhoods of masks on the pixel grid: grown, opened, within a distance, nearest, and where a centre lies."""

import math

import numpy as np
from jaxtyping import Bool
from scipy import ndimage
from scipy.spatial import cKDTree

__all__ = ["centre_of", "closest_px", "grown_square", "opened", "within_px"]

_FEW_ROWS = 12  # up to this radius, discs of rows are faster than a distance transform


def grown_square(mask: Bool[np.ndarray, "y x"]) -> Bool[np.ndarray, "y x"]:
    """Return a mask with its eight neighbours."""
    out = mask.copy()
    out[1:] |= mask[:-1]
    out[:-1] |= mask[1:]
    rows = out.copy()
    out[:, 1:] |= rows[:, :-1]
    out[:, :-1] |= rows[:, 1:]
    return out


def opened(mask: Bool[np.ndarray, "y x"]) -> Bool[np.ndarray, "y x"]:
    """Return a mask opened by a 3 x 3 square; beyond the border there is nothing."""
    inner = ~grown_square(np.pad(~mask, 1, constant_values=True))[1:-1, 1:-1]
    return grown_square(inner)


def within_px(mask: Bool[np.ndarray, "y x"], radius_px: float) -> Bool[np.ndarray, "y x"]:
    """Return where the nearest pixel of a mask is at most so far away, between centres."""
    squared = radius_px**2 + 1e-6
    reach = math.isqrt(int(squared))
    if reach > _FEW_ROWS:
        if not mask.any():
            return np.zeros_like(mask)
        return np.asarray(ndimage.distance_transform_edt(~mask) ** 2 <= squared)
    height, width = mask.shape
    padded = np.pad(mask, ((0, 0), (reach + 1, reach)))
    before = np.cumsum(padded, axis=1, dtype=np.int16 if width < 32000 else np.int64)
    out = np.zeros_like(mask)
    for dy in range(min(reach, height - 1) + 1):
        dx = math.isqrt(int(squared - dy * dy))
        right = before[:, reach + 1 + dx : reach + 1 + dx + width]
        left = before[:, reach - dx : reach - dx + width]
        row = right != left
        out[dy:] |= row[: height - dy]
        out[: height - dy] |= row[dy:]
    return out


def _rim(mask: Bool[np.ndarray, "y x"]) -> np.ndarray:
    padded = np.pad(mask, 1)
    inner = padded[:-2, 1:-1] & padded[2:, 1:-1] & padded[1:-1, :-2] & padded[1:-1, 2:]
    return np.argwhere(mask & ~inner).astype(np.float64)


def closest_px(a: Bool[np.ndarray, "y x"], b: Bool[np.ndarray, "y x"]) -> float:
    """Return the smallest distance between pixel centres of two masks that share none, pixels; inf if one is empty."""
    first, second = _rim(a), _rim(b)
    if not len(first) or not len(second):
        return math.inf
    few, many = (first, second) if len(first) < len(second) else (second, first)
    tree = cKDTree(few, compact_nodes=False, balanced_tree=False)
    return float(tree.query(many)[0].min())


def centre_of(mask: Bool[np.ndarray, "y x"]) -> tuple[float, float]:
    """Return the mean of the pixel centres as (row, column); halves are centres of pixels."""
    by_row, by_column = mask.sum(axis=1, dtype=np.int64), mask.sum(axis=0, dtype=np.int64)
    n = int(by_row.sum())
    return (
        int(by_row @ np.arange(len(by_row))) / n + 0.5,
        int(by_column @ np.arange(len(by_column))) / n + 0.5,
    )
