"""Large rasters made small enough to look at, by one stated rule."""

import numpy as np
from jaxtyping import Bool, UInt8

__all__ = ["MAX_PX", "reduction", "shrink_codes", "shrink_rgb"]

MAX_PX = 1200
"""Longest side of a drawn raster; larger ones are reduced by the smallest whole number that fits."""


def reduction(height: int, width: int, *, limit_px: int = MAX_PX) -> int:
    """Return by which whole number both sides are divided so that the longer one fits; 1 when it fits already."""
    return -(-max(height, width) // limit_px)


def _starts(size: int, factor: int) -> np.ndarray:
    """Return where each block begins: equal blocks that cover the raster exactly, sizes differing by one at most."""
    count = -(-size // factor)
    return np.arange(count) * size // count


def _block_sums(values: np.ndarray, factor: int) -> np.ndarray:
    height, width = values.shape[:2]
    rows = np.add.reduceat(values, _starts(height, factor), axis=0, dtype=np.int64)
    return np.asarray(np.add.reduceat(rows, _starts(width, factor), axis=1))


def shrink_codes(codes: UInt8[np.ndarray, "y x"], factor: int) -> UInt8[np.ndarray, "row column"]:
    """Return mask codes at a fraction of their resolution.

    A drawn pixel is unobserved where more than half of its block is, else inside where at least half of what was
    observed is inside: sizes are kept on average, and what is thinner than half a drawn pixel vanishes.

    Args:
        codes: 0 no, 1 yes, 255 unobserved.
        factor: Pixels a block on each side; 1 changes nothing.
    """
    if factor == 1:
        return codes
    whole = _block_sums(np.ones(codes.shape, np.uint8), factor)
    seen = _block_sums((codes != 255).astype(np.uint8), factor)
    inside = _block_sums((codes == 1).astype(np.uint8), factor)
    drawn = (2 * inside >= np.maximum(seen, 1)).astype(np.uint8)
    return np.where(2 * seen < whole, np.uint8(255), drawn)


def shrink_rgb(
    rgb: UInt8[np.ndarray, "y x 3"], valid: Bool[np.ndarray, "y x"], factor: int
) -> tuple[UInt8[np.ndarray, "row column 3"], Bool[np.ndarray, "row column"]]:
    """Return a picture at a fraction of its resolution: the mean of the valid pixels of each block.

    Args:
        rgb: Red, green, blue.
        valid: Where the ground was seen; a drawn pixel is valid where at least half of its block is.
        factor: Pixels a block on each side; 1 changes nothing.
    """
    if factor == 1:
        return rgb, valid
    whole = _block_sums(np.ones(valid.shape, np.uint8), factor)
    seen = _block_sums(valid.astype(np.uint8), factor)
    sums = _block_sums(np.where(valid[..., None], rgb, np.uint8(0)), factor)
    means = np.round(sums / np.maximum(seen, 1)[..., None]).astype(np.uint8)
    return means, 2 * seen >= whole
