"""From a mask to the visual tokens that are fed back: the cells it covers, thinned evenly where they are too many.

The release samples the mask twice by nearest neighbour, down to the grid of tokens; the paper (equation 3) asks that
more than half of a token's cell be covered. Of many tokens both keep a few that lie evenly in the mask's bounding box.
"""

import math
from collections.abc import Sequence
from typing import Literal

import numpy as np
from jaxtyping import Bool
from PIL import Image

from terrascope_sdk.model.released.sizes import TILE_PX
from terrascope_sdk.model.released.tiles import TileLayout

__all__ = ["TILE_CELLS", "CoverRule", "chosen_tokens", "covered_cells", "thinned"]

TILE_CELLS = 16
"""Tokens along one side of a tile of the release."""

CoverRule = Literal["nearest", "half"]
"""Which cells count as covered: the release's double nearest neighbour, or the paper's share over one half."""


def covered_cells(
    mask: Bool[np.ndarray, "y x"], layout: TileLayout, *, rule: CoverRule = "nearest", cells: int = TILE_CELLS
) -> Bool[np.ndarray, "rows cols"]:
    """Return which cells of an image's token grid a mask covers.

    Args:
        mask: On the image's own pixels.
        layout: How the image was cut; the thumbnail has no cells here.
        rule: Which cells count.
        cells: Tokens along one side of a tile.
    """
    cols, rows = layout.cols, layout.rows
    if rule == "half":
        large = Image.fromarray(mask.astype(np.float32)).resize((cols * TILE_PX, rows * TILE_PX), Image.Resampling.BOX)
        small = large.resize((cols * cells, rows * cells), Image.Resampling.BOX)
        return np.asarray(small) > 0.5
    picture = Image.fromarray(mask.astype(np.uint8))
    picture = picture.resize((cols * TILE_PX, rows * TILE_PX), Image.Resampling.NEAREST)
    return np.asarray(picture.resize((cols * cells, rows * cells), Image.Resampling.NEAREST)) > 0


def thinned(places: Sequence[tuple[int, int]], most: int) -> list[int]:
    """Return which of several places to keep, spread over their bounding box; fewer than `most` where they cluster.

    Args:
        places: Row and column of each.
        most: How many at most.
    """
    if len(places) <= most:
        return list(range(len(places)))
    at = np.array(places, np.float64)
    low, high = at.min(0), at.max(0)
    side = math.ceil(math.sqrt(most))
    step = np.maximum(1.0, (high - low + 1) / side)
    kept: list[int] = []
    for row in range(side):
        for col in range(side):
            start, end = low + step * (row, col), low + step * (row + 1, col + 1)
            inside = np.flatnonzero(((at >= start) & (at < end)).all(1))
            if len(inside) and len(kept) < most:
                away = ((at[inside] - (start + end) / 2) ** 2).sum(1)
                kept.append(int(inside[int(away.argmin())]))
    return kept


def chosen_tokens(
    mask: Bool[np.ndarray, "y x"],
    layout: TileLayout,
    *,
    most: int = 8,
    rule: CoverRule = "nearest",
    when_empty: Literal["first", "none"] = "first",
    cells: int = TILE_CELLS,
) -> tuple[list[int], int]:
    """Return the numbers of the visual tokens to feed back, within their image, and how many the mask covers.

    Tokens are numbered tile by tile, row by row within a tile. Those of a thumbnail are never chosen.

    Args:
        mask: On the image's own pixels.
        layout: How the image was cut.
        most: How many at most.
        rule: Which cells count as covered.
        when_empty: Whether an empty mask feeds back the first token, as in the release, or nothing.
        cells: Tokens along one side of a tile.
    """
    covered = covered_cells(mask, layout, rule=rule, cells=cells)
    tiles = covered.reshape(layout.rows, cells, layout.cols, cells).transpose(0, 2, 1, 3)
    numbers = np.flatnonzero(tiles.reshape(-1))
    if len(numbers) == 0:
        return ([0] if when_empty == "first" else []), 0
    tile, cell = np.divmod(numbers, cells**2)
    rows = tile // layout.cols * cells + cell // cells
    cols = tile % layout.cols * cells + cell % cells
    kept = thinned(list(zip(rows.tolist(), cols.tolist(), strict=True)), most)
    return [int(numbers[i]) for i in kept], len(numbers)
