"""Masks drawn over imagery: a translucent fill, a crisp line along pixel edges, hatching where nobody saw.

The line runs on the inner side of the class edge, inside the outermost pixels (two deep where a large raster is drawn
pixel by pixel), with a thin dark casing on the outer side. It is drawn where an inside pixel meets an observed outside
pixel: that is the edge which the bounds of a measurement move. The border of the image and the border of a cloud are
no edge of the class and get no line.
"""

import math
from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, UInt8

from terrascope_sdk.errors import InputError
from terrascope_sdk.render.palette import HATCH, UNOBSERVED, Colour
from terrascope_sdk.render.png import encode_indexed_png
from terrascope_sdk.render.shrink import MAX_PX, reduction, shrink_codes, shrink_rgb

__all__ = ["Canvas", "canvas_for", "compose", "draw_codes", "overlay_colours", "overlay_png", "picture_pixels"]

_FILL_ALPHA, _CASING_ALPHA = 92, 150
CLEAR, FILL, EDGE, CASING, UNSEEN, LINE = range(6)
"""What a drawn pixel shows; positions in :func:`overlay_colours`."""


@dataclass(frozen=True)
class Canvas:
    """How large a raster is drawn."""

    height: int
    """Rows of the drawing."""

    width: int
    """Columns of the drawing."""

    factor: int
    """By which the raster is reduced first; 1 when it is drawn whole."""

    cell_px: int
    """Rows of the drawing for each row of the (reduced) raster."""


def canvas_for(height: int, width: int, *, aspect: float = 1.0, limit_px: int = MAX_PX) -> Canvas:
    """Return the canvas of a raster.

    Small rasters are enlarged by a whole number, large ones reduced by a whole number, so that the longest
    side comes near the limit without passing it. Where pixels are not square on the ground, columns are drawn narrower
    or wider by nearest neighbour; rows keep the whole number.

    Args:
        height: Rows of the raster.
        width: Columns of the raster.
        aspect: Ground width of a pixel over its ground height, for example 0.79 for 7.9 m x 10 m.
        limit_px: Longest side of the drawing.

    Raises:
        InputError: The aspect is no positive number.
    """
    if not (np.isfinite(aspect) and 0.01 <= aspect <= 100):
        raise InputError(f"A pixel's aspect lies in 0.01-100, not {aspect}.")
    factor = reduction(height, math.ceil(width * aspect), limit_px=limit_px)
    rows, columns = -(-height // factor), -(-width // factor)
    cell = max(1, int(limit_px / max(rows, columns * aspect)))
    return Canvas(rows * cell, max(1, round(columns * cell * aspect)), factor, cell)


def _spread(values: np.ndarray, height: int, width: int) -> np.ndarray:
    """Return nearest-neighbour enlargement; pixel edges fall between drawn pixels."""
    rows = ((np.arange(height) + 0.5) * values.shape[0] / height).astype(np.int64)
    columns = ((np.arange(width) + 0.5) * values.shape[1] / width).astype(np.int64)
    return np.asarray(values[rows[:, None], columns[None, :]])


def _near(pixels: np.ndarray, distance_px: int) -> np.ndarray:
    """Return what lies within a distance (chessboard) of true pixels."""
    found = pixels
    for axis in (0, 1):
        grown = found.copy()
        for step in range(1, min(distance_px, pixels.shape[axis] - 1) + 1):
            ahead, behind = np.moveaxis(grown, axis, 0), np.moveaxis(found, axis, 0)
            ahead[step:] |= behind[:-step]
            ahead[:-step] |= behind[step:]
        found = grown
    return found


def _hatch(height: int, width: int) -> np.ndarray:
    period = max(8, round(max(height, width) / 80))
    rows, columns = np.ogrid[0:height, 0:width]
    return np.asarray((rows + columns) % period < max(2, period // 5))


def _line_px(canvas: Canvas, columns: int) -> int:
    """Return the width of the edge line: about a point when shown half a page wide."""
    longest = max(canvas.height, canvas.width)
    cell = round(min(canvas.cell_px, canvas.width * canvas.factor / columns))
    return max(1, min(cell, round(longest / 400)), round(longest / 600))


def draw_codes(codes: UInt8[np.ndarray, "y x"], canvas: Canvas) -> UInt8[np.ndarray, "row column"]:
    """Return what each drawn pixel shows: clear, fill, edge, casing, unobserved ground, or a line of its hatching.

    Args:
        codes: 0 no, 1 yes, 255 unobserved.
        canvas: From :func:`canvas_for`.
    """
    drawn = _spread(shrink_codes(codes, canvas.factor), canvas.height, canvas.width)
    inside, unseen = drawn == 1, drawn == 255
    outside = ~inside & ~unseen
    line = _line_px(canvas, codes.shape[1])
    shows = np.where(inside, np.uint8(FILL), np.uint8(CLEAR))
    edge = inside & _near(outside, line)
    shows[edge] = EDGE
    if line > 1:
        shows[outside & _near(edge, 1)] = CASING
    shows[unseen] = np.where(_hatch(canvas.height, canvas.width)[unseen], np.uint8(LINE), np.uint8(UNSEEN))
    return shows


def overlay_colours(colour: Colour) -> tuple[tuple[int, int, int, int], ...]:
    """Return red, green, blue, opacity of everything :func:`draw_codes` can show."""
    return (
        (0, 0, 0, 0),
        (*colour, _FILL_ALPHA),
        (*colour, 255),
        (0, 0, 0, _CASING_ALPHA),
        (*UNOBSERVED, 255),
        (*HATCH, 255),
    )


def overlay_png(
    codes: UInt8[np.ndarray, "y x"], colour: Colour, *, aspect: float = 1.0, limit_px: int = MAX_PX
) -> bytes:
    """Return a mask as a transparent PNG to lay over a picture of the same ground.

    Args:
        codes: 0 no, 1 yes, 255 unobserved.
        colour: Of the class.
        aspect: Ground width of a pixel over its ground height.
        limit_px: Longest side of the PNG.
    """
    canvas = canvas_for(*codes.shape, aspect=aspect, limit_px=limit_px)
    return encode_indexed_png(draw_codes(codes, canvas), overlay_colours(colour))


def picture_pixels(
    rgb: UInt8[np.ndarray, "y x 3"], valid: Bool[np.ndarray, "y x"], *, limit_px: int = MAX_PX
) -> UInt8[np.ndarray, "row column channel"]:
    """Return a picture of at most `limit_px` a side, see-through where nothing was seen.

    Three channels where everything was seen, else four.
    """
    small, seen = shrink_rgb(rgb, valid, reduction(*valid.shape[:2], limit_px=limit_px))
    if seen.all():
        return small
    shown = np.where(seen[..., None], small, np.uint8(0))
    return np.concatenate([shown, np.where(seen, np.uint8(255), np.uint8(0))[..., None]], axis=-1)


def compose(
    rgb: UInt8[np.ndarray, "y x 3"],
    valid: Bool[np.ndarray, "y x"],
    codes: UInt8[np.ndarray, "y x"],
    colour: Colour,
    *,
    aspect: float = 1.0,
    limit_px: int = MAX_PX,
) -> UInt8[np.ndarray, "row column 3"]:
    """Return picture and mask in one opaque RGB array, for places that show single images.

    Args:
        rgb: The picture.
        valid: Where the picture shows the ground; the rest is hatched.
        codes: The mask on the same pixels: 0 no, 1 yes, 255 unobserved.
        colour: Of the class.
        aspect: Ground width of a pixel over its ground height.
        limit_px: Longest side.

    Raises:
        InputError: The arrays do not lie on the same pixels.
    """
    if not rgb.shape[:2] == valid.shape == codes.shape:
        raise InputError(f"Picture {rgb.shape[:2]}, valid {valid.shape} and mask {codes.shape} differ in shape.")
    canvas = canvas_for(*codes.shape, aspect=aspect, limit_px=limit_px)
    small, seen = shrink_rgb(rgb, valid, canvas.factor)
    below = _spread(small, canvas.height, canvas.width).astype(np.float64)
    missing = ~_spread(seen, canvas.height, canvas.width)
    hatch = np.where(_hatch(canvas.height, canvas.width)[..., None], np.array(HATCH), np.array(UNOBSERVED))
    below[missing] = hatch[missing]
    over = np.array(overlay_colours(colour), np.float64)[draw_codes(codes, canvas)]
    alpha = over[..., 3:] / 255
    return np.asarray(np.round(over[..., :3] * alpha + below * (1 - alpha)), np.uint8)
