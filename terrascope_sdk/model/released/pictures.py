"""From a picture to the pixel values of the two vision encoders.

Resizing is Pillow's bicubic, as in the release: torch's differs by up to one grey level, and a decision may hang on it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from jaxtyping import UInt8
from PIL import Image
from torch import Tensor

from terrascope_sdk.model.released.sizes import SEGMENTER_PX, TILE_PX
from terrascope_sdk.model.released.tiles import TileLayout, tile_layout

__all__ = ["Picture", "prepare_pictures", "segmenter_values", "tile_values"]

_MEAN, _STD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)


@dataclass(frozen=True)
class Picture:
    """One picture, ready for both encoders."""

    size: tuple[int, int]
    """Its own height and width, pixels."""

    layout: TileLayout
    """How it was cut for the vision-language encoder."""

    tiles: Tensor
    """Pixel values [tile, 3, 448, 448]."""

    whole: Tensor
    """Pixel values for SAM 2, [3, 1024, 1024]."""


def _normalised(pixels: UInt8[np.ndarray, "*n y x 3"], mean: Tensor, std: Tensor) -> Tensor:
    values = torch.from_numpy(np.array(pixels)).movedim(-1, -3).to(torch.float32) / 255
    return (values - mean[:, None, None]) / std[:, None, None]


def _resized(image: Image.Image, width: int, height: int) -> np.ndarray:
    return np.asarray(image.resize((width, height), Image.Resampling.BICUBIC))


def tile_values(image: Image.Image, layout: TileLayout) -> Tensor:
    """Return the pixel values of the tiles of an image, row by row, the thumbnail last, [tile, 3, 448, 448]."""
    cols, rows = layout.cols, layout.rows
    large = _resized(image, cols * TILE_PX, rows * TILE_PX)
    tiles = large.reshape(rows, TILE_PX, cols, TILE_PX, 3).transpose(0, 2, 1, 3, 4).reshape(-1, TILE_PX, TILE_PX, 3)
    if layout.thumbnail:
        tiles = np.concatenate([tiles, _resized(image, TILE_PX, TILE_PX)[None]])
    return _normalised(tiles, torch.tensor(_MEAN), torch.tensor(_STD))


def segmenter_values(image: Image.Image, *, rounded: bool = True) -> Tensor:
    """Return the pixel values that SAM 2 sees, [3, 1024, 1024].

    Args:
        image: The image.
        rounded: Whether mean and deviation are rounded to bfloat16, as the release does even in single precision.
    """
    mean, std = torch.tensor(_MEAN), torch.tensor(_STD)
    if rounded:
        mean, std = mean.bfloat16().float(), std.bfloat16().float()
    return _normalised(_resized(image, SEGMENTER_PX, SEGMENTER_PX), mean, std)


def prepare_pictures(images: Sequence[Image.Image], *, tiled: bool, rounded: bool = True) -> list[Picture]:
    """Return pictures ready for both encoders.

    Args:
        images: RGB images; of any size.
        tiled: Whether they are cut into tiles, as the release does with a single image; otherwise each is one tile.
        rounded: See :func:`segmenter_values`.
    """
    made = []
    for image in images:
        rgb = image.convert("RGB")
        layout = tile_layout(rgb.width, rgb.height) if tiled else TileLayout(1, 1, thumbnail=False)
        made.append(
            Picture((rgb.height, rgb.width), layout, tile_values(rgb, layout), segmenter_values(rgb, rounded=rounded))
        )
    return made
