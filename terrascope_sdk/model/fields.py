"""Encoded scenes: what queries and the language model need of each date, made whole or tile by tile."""

from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional

from terrascope_sdk.model.encoder import REACH_PX, STRIDE, Encoder
from terrascope_sdk.model.grounding import Grounder
from terrascope_sdk.model.views import Views

__all__ = ["Fields", "encode_fields"]


@dataclass
class Fields:
    """One date of one place, encoded; heights and widths are those of the padded image."""

    free: Tensor
    """Free pixel features [feature, y, x]."""

    margins: Tensor
    """By how much each class, and vegetation, leads, [class + 1, y, x]."""

    halves: Tensor
    """Features at stride 2, [width, y / 2, x / 2]."""

    coarse: Tensor
    """Features at stride 8, [width, y / 8, x / 8]."""

    optical_weight: Tensor
    """Weight of the optical image in the features, 0-1, [y / 4, x / 4]."""


def _padded(views: Views) -> Views:
    height, width = views.optical_valid.shape[-2:]
    down, right = -height % STRIDE, -width % STRIDE
    if not (down or right):
        return views
    pad = (0, right, 0, down)
    return Views(
        optical=functional.pad(views.optical, pad), optical_valid=functional.pad(views.optical_valid, pad),
        sar=functional.pad(views.sar, pad), sar_valid=functional.pad(views.sar_valid, pad),
        centres_nm=views.centres_nm, widths_nm=views.widths_nm, present=views.present, gsd_m=views.gsd_m,
        quantity=views.quantity,
    )  # fmt: skip


@torch.inference_mode()
def encode_fields(encoder: Encoder, grounder: Grounder, views: Views, *, tile_px: int = 512) -> list[Fields]:
    """Return the encoded images; large ones are cut into tiles whose margins cover the encoder's whole reach.

    Args:
        encoder: Makes features.
        grounder: Makes pixel features of them.
        views: The images; NaN must have been replaced.
        tile_px: Side of a tile without its margins, a multiple of 8.

    Returns:
        One a image, whole, the same whatever the tile.
    """
    whole = _padded(views)
    height, width = whole.optical_valid.shape[-2:]
    return [_one(encoder, grounder, whole.select(slice(i, i + 1)), (height, width), tile_px) for i in range(len(whole))]


def _one(encoder: Encoder, grounder: Grounder, view: Views, shape: tuple[int, int], tile_px: int) -> Fields:
    height, width = shape
    made: Fields | None = None
    for top in range(0, height, tile_px):
        for left in range(0, width, tile_px):
            bottom, right = min(top + tile_px, height), min(left + tile_px, width)
            y0, x0 = max(0, top - REACH_PX), max(0, left - REACH_PX)
            y1, x1 = min(height, bottom + REACH_PX), min(width, right + REACH_PX)
            encoded = encoder(view.window(slice(y0, y1), slice(x0, x1)))
            part = Fields(
                grounder.describe(encoded.pixels)[0].float(), grounder.margins(encoded)[0], encoded.halves[0],
                encoded.coarse[0], encoded.optical_weight[0],
            )  # fmt: skip
            if (top, left, bottom, right) == (0, 0, height, width):
                return part
            made = made or _blank(part, shape)
            for name, stride in (("free", 1), ("margins", 1), ("halves", 2), ("coarse", 8), ("optical_weight", 4)):
                target, source = getattr(made, name), getattr(part, name)
                inside = source[..., (top - y0) // stride : (bottom - y0) // stride,
                                (left - x0) // stride : (right - x0) // stride]  # fmt: skip
                target[..., top // stride : bottom // stride, left // stride : right // stride] = inside
    assert made is not None
    return made


def _blank(part: Fields, shape: tuple[int, int]) -> Fields:
    height, width = shape

    def like(tensor: Tensor, stride: int) -> Tensor:
        return tensor.new_zeros(*tensor.shape[:-2], height // stride, width // stride)

    return Fields(
        like(part.free, 1), like(part.margins, 1), like(part.halves, 2), like(part.coarse, 8),
        like(part.optical_weight, 4),
    )  # fmt: skip
