"""PNG bytes from arrays: the same pixels always give the same bytes, and nothing but pixels is written."""

import base64
from collections.abc import Sequence
from io import BytesIO

import numpy as np
from jaxtyping import UInt8
from PIL import Image

from terrascope_sdk.errors import InputError

__all__ = ["data_uri", "encode_indexed_png", "encode_png"]


def _saved(image: Image.Image, transparency: bytes | None = None) -> bytes:
    buffer = BytesIO()
    if transparency is None:
        image.save(buffer, "PNG", compress_level=9)
    else:
        image.save(buffer, "PNG", compress_level=9, transparency=transparency)
    return buffer.getvalue()


def encode_png(pixels: UInt8[np.ndarray, "y x channel"]) -> bytes:
    """Return a PNG with 8 bits a channel, no time stamp and no text.

    Args:
        pixels: 3 channels (red, green, blue) or 4 (with opacity), 0-255.

    Raises:
        InputError: Another dtype or number of channels.
    """
    if pixels.dtype != np.uint8 or pixels.ndim != 3 or pixels.shape[2] not in (3, 4) or 0 in pixels.shape:
        raise InputError(f"A picture is uint8[y, x, 3 or 4], not {pixels.dtype}{list(pixels.shape)}.")
    return _saved(Image.fromarray(np.ascontiguousarray(pixels)))


def encode_indexed_png(indices: UInt8[np.ndarray, "y x"], colours: Sequence[tuple[int, int, int, int]]) -> bytes:
    """Return a PNG of few colours, much smaller than one of four channels.

    Args:
        indices: Position of each pixel's colour.
        colours: Red, green, blue, opacity, 0-255.

    Raises:
        InputError: A pixel has no colour.
    """
    if indices.dtype != np.uint8 or indices.ndim != 2 or indices.size == 0 or int(indices.max()) >= len(colours):
        raise InputError(f"Indices are uint8[y, x] below {len(colours)}, not {indices.dtype}{list(indices.shape)}.")
    image = Image.fromarray(np.ascontiguousarray(indices))
    image.putpalette([v for colour in colours for v in colour[:3]])
    return _saved(image, bytes(colour[3] for colour in colours))


def data_uri(png: bytes) -> str:
    """Return PNG bytes as an address that loads nothing."""
    return "data:image/png;base64," + base64.b64encode(png).decode("ascii")
