"""When a probability map is a mask: stray pixels do not make a class."""

import numpy as np
from jaxtyping import Bool, Float32
from scipy import ndimage

__all__ = ["MIN_REGION_PX", "decide"]

MIN_REGION_PX = 6
"""Edge-connected regions below this many pixels are dropped."""

_MIN_SURE = 0.65
"""A class whose regions all have a mean probability below this is absent."""


def decide(probability: Float32[np.ndarray, "y x"], observed: Bool[np.ndarray, "y x"]) -> Bool[np.ndarray, "y x"]:
    """Return where a concept is taken to be.

    Pixels above one half form regions; regions that are tiny are dropped, and a concept none of whose regions is
    likely on average is absent altogether.

    Args:
        probability: Of each pixel, 0-1.
        observed: Where the ground was seen.
    """
    inside: np.ndarray = (probability > 0.5) & observed
    if not inside.any():
        return inside
    regions, count = ndimage.label(inside)
    sizes = np.bincount(regions.ravel(), minlength=count + 1)
    sums = np.bincount(regions.ravel(), weights=probability.ravel(), minlength=count + 1)
    smallest = min(MIN_REGION_PX, max(1, inside.size // 256))
    keep = sizes >= smallest
    keep[0] = False
    if not (keep & (sums >= _MIN_SURE * sizes)).any():
        return np.zeros(inside.shape, bool)
    kept: np.ndarray = keep[regions]
    return kept
