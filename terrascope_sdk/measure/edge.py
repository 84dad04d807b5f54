"""The edge of a class: the mask grown or shrunk by one pixel, and the belt in between.

An edge is where a pixel inside meets a pixel *seen* to be outside. The image border and the border of clouds are no
edges of a class: the mask neither shrinks there nor grows into what nobody saw.
"""

from typing import Literal

import numpy as np
from jaxtyping import Bool

from terrascope_sdk.measure.choice import require_choice
from terrascope_sdk.types import Mask

__all__ = ["Neighbours", "edge_belt", "grown", "moved_edges"]

Neighbours = Literal[4, 8]
"""4: pixels that share an edge. 8: pixels that share an edge or a corner."""


def grown(pixels: Bool[np.ndarray, "y x"], *, neighbours: Neighbours = 4) -> Bool[np.ndarray, "y x"]:
    """Return the pixels together with all their neighbours.

    Args:
        pixels: True where inside.
        neighbours: 4 or 8.

    Returns:
        Array of the same shape; nothing enters from beyond the border.
    """
    require_choice("neighbours", neighbours, (4, 8))
    out = pixels.copy()
    out[1:] |= pixels[:-1]
    out[:-1] |= pixels[1:]
    source = pixels if neighbours == 4 else out.copy()
    out[:, 1:] |= source[:, :-1]
    out[:, :-1] |= source[:, 1:]
    return out


def moved_edges(mask: Mask, *, neighbours: Neighbours = 4) -> tuple[Bool[np.ndarray, "y x"], Bool[np.ndarray, "y x"]]:
    """Return the mask with its edge moved inward and outward by one pixel.

    With four neighbours a straight edge along rows or columns moves by one pixel, a diagonal one by 0.71; averaged
    over all directions the edge moves by 0.90 pixels (8 neighbours: 1.27), which is why four is the default.

    Args:
        mask: The class.
        neighbours: 4 or 8.

    Returns:
        (inner, outer): inner is part of the mask, the mask is part of outer, outer is part of the observed pixels.
    """
    seen_outside = mask.valid & ~mask.pixels
    inner = mask.pixels & ~grown(seen_outside, neighbours=neighbours)
    outer = mask.valid & grown(mask.pixels, neighbours=neighbours)
    return inner, outer


def edge_belt(mask: Mask) -> Bool[np.ndarray, "y x"]:
    """Return the observed pixels on both sides of the class edge, eight neighbours.

    Whatever appears or disappears when the mask is shifted by one pixel in any direction lies inside it.
    """
    inner, outer = moved_edges(mask, neighbours=8)
    return np.asarray(outer & ~inner)
