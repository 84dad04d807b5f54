"""What goes over the widget channel: pictures and masks as small PNGs, each named by the id of its value."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import UInt8
from PIL import Image

from terrascope_sdk.render.palette import Colour
from terrascope_sdk.render.png import encode_indexed_png, encode_png
from terrascope_sdk.render.shrink import reduction, shrink_codes, shrink_rgb

__all__ = ["MASK_LEVELS", "WIRE_PX", "Drawn", "drawn_mask", "drawn_picture", "mask_png", "picture_png"]

WIRE_PX = 1024
"""Longest side of what is sent, in pixels; larger rasters are reduced by a whole number."""

MASK_LEVELS = ("no", "yes", "unobserved")
"""What the colours of a sent mask mean, in the order of their numbers."""

_TRUE_COLOUR_PX = 300_000
"""A picture of more pixels is sent in 255 colours: a third of the bytes, in a third of the time."""

_YES_ALPHA, _UNSEEN = 150, (138, 138, 138, 170)


@dataclass(frozen=True)
class Drawn:
    """A raster as it is sent."""

    png: bytes
    """The picture."""

    height: int
    """Rows of the picture."""

    width: int
    """Columns of the picture."""

    factor: int
    """By which the raster was reduced; 1 when it is sent whole."""


def picture_png(rgb: UInt8[np.ndarray, "y x 3"], valid: UInt8[np.ndarray, "y x"] | np.ndarray) -> bytes:
    """Return imagery as PNG, transparent where nothing was seen, in true colour unless that is large.

    Args:
        rgb: Red, green, blue, 0-255.
        valid: Where the ground was seen.
    """
    seen = np.asarray(valid, bool)
    if seen.size <= _TRUE_COLOUR_PX:
        return encode_png(np.dstack([rgb, np.where(seen, 255, 0).astype(np.uint8)]))
    few = Image.fromarray(np.ascontiguousarray(rgb)).quantize(255, method=Image.Quantize.MEDIANCUT)
    colours = np.asarray(few.getpalette(), np.uint8).reshape(-1, 3)
    numbers = np.where(seen, np.asarray(few, np.uint8), np.uint8(len(colours)))
    opaque = [(int(r), int(g), int(b), 255) for r, g, b in colours]
    return encode_indexed_png(numbers, [*opaque, (0, 0, 0, 0)])


def mask_png(codes: UInt8[np.ndarray, "y x"], colour: Colour) -> bytes:
    """Return mask codes as PNG: clear where no, the colour where yes, grey where unobserved.

    Args:
        codes: 0 no, 1 yes, 255 unobserved.
        colour: Red, green, blue, 0-255.
    """
    levels = np.where(codes == 255, np.uint8(2), codes)
    return encode_indexed_png(levels, [(0, 0, 0, 0), (*colour, _YES_ALPHA), _UNSEEN])


def drawn_picture(
    rgb: UInt8[np.ndarray, "y x 3"], valid: UInt8[np.ndarray, "y x"] | np.ndarray, *, limit_px: int = WIRE_PX
) -> Drawn:
    """Return imagery as it is sent: the mean of each block where it is larger than the limit."""
    factor = reduction(*valid.shape, limit_px=limit_px)
    small, seen = shrink_rgb(rgb, np.asarray(valid, bool), factor)
    return Drawn(picture_png(small, seen), seen.shape[0], seen.shape[1], factor)


def drawn_mask(codes: UInt8[np.ndarray, "y x"], colour: Colour, *, limit_px: int = WIRE_PX) -> Drawn:
    """Return a mask as it is sent: the majority of each block where it is larger than the limit."""
    factor = reduction(*codes.shape, limit_px=limit_px)
    small = shrink_codes(codes, factor)
    return Drawn(mask_png(small, colour), small.shape[0], small.shape[1], factor)
