"""Large class maps made small enough to draw, true to area: every class keeps its share of the picture.

A majority rule makes what is thin or scattered vanish and what surrounds it grow. Here each class is owed as many drawn
pixels as its area fills, and takes the blocks of which it covers most: first what nobody saw, then the rarer classes.
Numbers are never taken from a reduced map.
"""

import numpy as np
from jaxtyping import UInt8

__all__ = ["block_counts", "reduce_classes", "reduce_codes"]

_UNSEEN = 255
_BLOCK_ROWS = 512


def block_counts(chosen: np.ndarray, factor: int) -> np.ndarray:
    """Return how many pixels of each block are chosen, int64[row column].

    Args:
        chosen: bool[y x].
        factor: Pixels a block on each side; blocks cover the raster exactly and differ by one pixel at most.
    """
    rows, columns = (np.arange(-(-n // factor)) * n // -(-n // factor) for n in chosen.shape)
    by_row = np.add.reduceat(chosen, rows, axis=0, dtype=np.int64)
    return np.asarray(np.add.reduceat(by_row, columns, axis=1))


def _owed(counts: list[int], blocks: int) -> list[int]:
    """Return how many drawn pixels each class gets: rounded so that they add up, largest remainders first."""
    exact = [n * blocks / sum(counts) for n in counts]
    owed = [int(e) for e in exact]
    order = sorted(range(len(counts)), key=lambda i: (owed[i] - exact[i], i))
    for i in order[: blocks - sum(owed)]:
        owed[i] += 1
    return owed


def _scattered(count: int) -> np.ndarray:
    """Return positions in an order that is spread evenly, so that ties are not all won by the north-west."""
    return np.asarray(np.argsort((np.arange(1, count + 1) * 0.6180339887498949) % 1.0, kind="stable"))


def reduce_classes(classes: UInt8[np.ndarray, "y x"], factor: int) -> UInt8[np.ndarray, "row column"]:
    """Return a class map at a fraction of its resolution, with every class's share kept to one drawn pixel.

    Args:
        classes: Any codes; 255 is unobserved and is placed first, so that no block unseen as a whole gets a class.
        factor: Pixels a block on each side; 1 changes nothing.
    """
    if factor == 1:
        return classes
    totals = np.zeros(256, np.int64)
    for row in range(0, len(classes), _BLOCK_ROWS):  # no copy of a large map
        totals += np.bincount(classes[row : row + _BLOCK_ROWS].ravel(), minlength=256)
    codes = np.flatnonzero(totals)
    order = sorted(codes, key=lambda code: (code != _UNSEEN, totals[code], code))
    size = block_counts(np.ones(classes.shape, bool), factor)
    owed = _owed([int(totals[code]) for code in order], size.size)
    drawn = np.full(size.size, order[-1], np.uint8)
    free = np.ones(size.size, bool)
    spread = _scattered(size.size)
    for code, count in zip(order[:-1], owed[:-1], strict=True):
        share = (block_counts(classes == code, factor) / size).ravel()
        ranked = spread[np.argsort(-np.where(free, share, -1.0)[spread], kind="stable")]
        taken = ranked[:count]
        drawn[taken], free[taken] = code, False
    return drawn.reshape(size.shape)


def reduce_codes(codes: UInt8[np.ndarray, "y x"], limit_px: int) -> UInt8[np.ndarray, "row column"]:
    """Return codes reduced by the smallest whole number so that the longer side fits a limit."""
    return reduce_classes(codes, -(-max(codes.shape) // limit_px))
