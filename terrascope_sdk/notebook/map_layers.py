"""Imagery and masks as overlays of a web map, each where it lies on the ground."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from terrascope_sdk.notebook.mercator import mercator_view
from terrascope_sdk.notebook.wire import WIRE_PX, mask_png, picture_png
from terrascope_sdk.render.palette import colour_of
from terrascope_sdk.render.png import data_uri
from terrascope_sdk.types import Mask, Picture

if TYPE_CHECKING:
    from ipyleaflet import ImageOverlay

__all__ = ["mask_overlay", "picture_overlay"]

_FINER = 2.0
"""Overlay pixels a mask's pixel gets on each side: its edge lies within a quarter of a pixel of its true place."""


def picture_overlay(picture: Picture, *, pane: str = "") -> ImageOverlay:
    """Return a picture as an overlay, clear where nothing was seen.

    Raises:
        InputError: The picture has no CRS.
    """
    from ipyleaflet import ImageOverlay

    view = mercator_view(picture.grid, limit_px=WIRE_PX)
    rgb = view.nearest(picture.rgb, outside=0)
    seen = view.nearest(picture.valid.astype(np.uint8), outside=0)
    return ImageOverlay(url=data_uri(picture_png(rgb, seen)), bounds=view.bounds, name=picture.title, pane=pane)


def mask_overlay(mask: Mask, *, name: str = "", pane: str = "") -> ImageOverlay:
    """Return a mask as an overlay in its concept's colour: clear where no, grey where unobserved.

    Raises:
        InputError: The mask has no CRS.
    """
    from ipyleaflet import ImageOverlay

    view = mercator_view(mask.grid, finer=_FINER, limit_px=2 * WIRE_PX)
    codes = view.nearest(mask.to_uint8(), outside=0)
    return ImageOverlay(
        url=data_uri(mask_png(codes, colour_of(mask.label))), bounds=view.bounds, name=name or mask.label, pane=pane
    )
