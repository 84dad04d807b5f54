"""Towns of real scenes: buildings of Kampala against outlines, new developed land of Taizhou against change labels."""

from pathlib import Path

import numpy as np

from terrascope_sdk.evaluate.masks.network import MaskNetwork
from terrascope_sdk.evaluate.masks.place_dates import change_masks, label_file, load_place, see
from terrascope_sdk.evaluate.masks.real_rows import RealRow, RowBook
from terrascope_sdk.evaluate.masks.splits import SPLITS

__all__ = ["OUTLINES", "kampala", "taizhou"]

OUTLINES = "vhr-kampala-buildings/buildings.tif"
"""Outlines of Kampala's buildings, inside the folder of the data."""
_CHANGE = "landsat-taizhou-change/change_reference.tif"


def kampala(network: MaskNetwork, data: Path, *, part: str = "test") -> list[RealRow]:
    """Return rows of buildings at 0.15 m on one part of the scene.

    Args:
        network: What makes the masks.
        data: Folder that holds ``vhr-kampala-buildings``.
        part: ``test``, or ``train``.
    """
    stack = load_place("kampala")
    truth = label_file(data / OUTLINES, stack) == 1
    (date,) = see(network, stack)
    seen = date.observed & getattr(SPLITS["kampala"], part).mask(truth.shape)
    height, width = stack.grid.pixel_size_m
    gsd_m = float((height * width) ** 0.5)
    book = RowBook(f"kampala, {part} part", gsd_m=gsd_m, reference="drawn by hand", block_px=128)
    everywhere = {"all is building": np.ones(truth.shape, bool)}
    book.add("building", "optical", date.masks("building") | everywhere, truth=truth, seen=seen)
    return book.rows()


def taizhou(network: MaskNetwork, data: Path, *, part: str = "test") -> list[RealRow]:
    """Return rows of new developed land at 30 m, where the label says changed or unchanged.

    The label's changes are mostly new built-up land and roads; other changes count as such, too.

    Args:
        network: What makes the masks.
        data: Folder that holds ``landsat-taizhou-change``.
        part: ``test``, or ``train``.

    References:
        Wu, Du and Zhang (2014), doi:10.1109/TGRS.2013.2266673.
    """
    stack = load_place("taizhou")
    label = label_file(data / _CHANGE, stack)
    before, after = see(network, stack)
    seen = np.isin(label, [1, 2]) & getattr(SPLITS["taizhou"], part).mask(label.shape)
    book = RowBook(f"taizhou, {part} part", gsd_m=30.0, reference="drawn by hand", block_px=16)
    masks = change_masks(before, after, "developed") | {"all is change": np.ones(label.shape, bool)}
    book.add("gain:developed", "optical", masks, truth=label == 2, seen=seen)
    return book.rows()
