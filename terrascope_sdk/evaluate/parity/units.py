"""The unit tables of a parity fixture: tile layouts, tokens under masks, pixel values."""

import json
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from terrascope_sdk.model.released.choosing import chosen_tokens
from terrascope_sdk.model.released.pictures import prepare_pictures
from terrascope_sdk.model.released.tiles import TileLayout, tile_layout

__all__ = ["unit_misses"]

_PIXEL_TOLERANCE = 1e-6


def unit_misses(folder: Path) -> dict[str, tuple[int, int]]:
    """Return, for each unit table of a fixture, how many rows differ and how many there are; nothing without tables.

    Args:
        folder: May hold ``units.json`` and ``units.npz``.
    """
    if not (folder / "units.json").is_file():
        return {}
    tables = json.loads((folder / "units.json").read_text(encoding="utf-8"))
    arrays = np.load(folder / "units.npz", allow_pickle=False)
    layouts = tables.get("tile_layout", [])
    masks = tables.get("mask_to_tokens", [])
    pictures = [p for p in tables.get("preprocess", []) if f"{p['name']}/image" in arrays.files]
    return {
        "tile_layout": (sum(not _same_layout(row) for row in layouts), len(layouts)),
        "mask_to_tokens": (sum(not _same_tokens(row, arrays[row["mask"]]) for row in masks), len(masks)),
        "preprocess": (sum(not _same_pixels(row["name"], arrays) for row in pictures), len(pictures)),
    }


def _same_layout(row: dict[str, int]) -> bool:
    made = tile_layout(row["width"], row["height"])
    return (made.cols, made.rows, made.count) == (row["cols"], row["rows"], row["tiles_incl_thumbnail"])


def _same_tokens(row: dict[str, Any], bits: np.ndarray) -> bool:
    count = row["height"] * row["width"]
    mask = np.unpackbits(bits)[:count].reshape(row["height"], row["width"]).astype(bool)
    tiled = TileLayout(row["cols"], row["rows"], thumbnail=False)
    one = TileLayout(1, 1, thumbnail=False)
    found = [chosen_tokens(mask, layout, most=row["max_tokens"])[0] for layout in (tiled, one)]
    return found == [row["one_image"], row["image_list"]]


def _same_pixels(name: str, arrays: np.lib.npyio.NpzFile) -> bool:
    image = Image.fromarray(arrays[f"{name}/image"])
    cut, whole = (prepare_pictures([image], tiled=tiled)[0] for tiled in (True, False))
    pairs = (
        (cut.tiles[..., ::32, ::32].numpy(), f"{name}/tiles_slice"),
        (whole.tiles[0, ..., ::32, ::32].numpy(), f"{name}/list_slice"),
        (cut.whole[..., ::64, ::64].numpy(), f"{name}/sam_f32_slice"),
    )
    return all(
        own.shape == arrays[key].shape and float(np.abs(own - arrays[key]).max()) <= _PIXEL_TOLERANCE
        for own, key in pairs
        if key in arrays.files
    )
