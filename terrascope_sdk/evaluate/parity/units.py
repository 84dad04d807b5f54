"""The unit tables of a parity fixture: tile layouts, tokens under masks, pixel values."""

import json
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from terrascope_sdk.errors import InputError
from terrascope_sdk.model.released.choosing import chosen_tokens
from terrascope_sdk.model.released.pictures import prepare_pictures
from terrascope_sdk.model.released.tiles import TileLayout, tile_layout

__all__ = ["unit_misses"]

_PIXEL_TOLERANCE = 1e-6


def unit_misses(folder: Path) -> dict[str, tuple[int, int]]:
    """Return, for each unit table of a fixture, how many rows differ and how many there are; nothing without tables.

    Args:
        folder: May hold ``units.json`` and ``units.npz``.

    Raises:
        InputError: A table cannot be read.
    """
    if not (folder / "units.json").is_file():
        return {}
    try:
        tables = json.loads((folder / "units.json").read_text(encoding="utf-8"))
        arrays = _arrays(folder / "units.npz")
        layouts, masks = tables.get("tile_layout", []), tables.get("mask_to_tokens", [])
        pictures = [p for p in tables.get("preprocess", []) if f"{p['name']}/image" in arrays]
        return {
            "tile_layout": (sum(not _same_layout(row) for row in layouts), len(layouts)),
            "mask_to_tokens": (sum(not _same_tokens(row, arrays[row["mask"]]) for row in masks), len(masks)),
            "preprocess": (sum(not _same_pixels(row["name"], arrays) for row in pictures), len(pictures)),
        }
    except (OSError, ValueError, zipfile.BadZipFile, AttributeError, KeyError, TypeError) as err:
        raise InputError(f"The unit tables of {folder} cannot be read: {type(err).__name__}: {err}") from err


def _arrays(path: Path) -> dict[str, np.ndarray]:
    if not path.is_file():
        return {}
    with np.load(path, allow_pickle=False) as file:
        return {k: file[k] for k in file.files}


def _same_layout(row: dict[str, int]) -> bool:
    made = tile_layout(row["width"], row["height"])
    count = row.get("tiles_incl_thumbnail", made.count)
    return (made.cols, made.rows, made.count) == (row["cols"], row["rows"], count)


def _same_tokens(row: dict[str, Any], bits: np.ndarray) -> bool:
    count = row["height"] * row["width"]
    mask = np.unpackbits(bits)[:count].reshape(row["height"], row["width"]).astype(bool)
    tiled = TileLayout(row["cols"], row["rows"], thumbnail=False)
    one = TileLayout(1, 1, thumbnail=False)
    ways = [(layout, row[key]) for layout, key in ((tiled, "one_image"), (one, "image_list")) if key in row]
    return bool(ways) and all(chosen_tokens(mask, at, most=row["max_tokens"])[0] == truth for at, truth in ways)


def _same_pixels(name: str, arrays: Mapping[str, np.ndarray]) -> bool:
    image = Image.fromarray(arrays[f"{name}/image"])
    cut, whole = (prepare_pictures([image], tiled=tiled)[0] for tiled in (True, False))
    pairs = (
        (cut.tiles[..., ::32, ::32].numpy(), f"{name}/tiles_slice"),
        (whole.tiles[0, ..., ::32, ::32].numpy(), f"{name}/list_slice"),
        (cut.whole[..., ::64, ::64].numpy(), f"{name}/sam_f32_slice"),
    )
    known = [(own, arrays[key]) for own, key in pairs if key in arrays]
    return bool(known) and all(
        own.shape == truth.shape and float(np.abs(own - truth).max()) <= _PIXEL_TOLERANCE for own, truth in known
    )
