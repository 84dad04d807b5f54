"""The Spain flood chip: water against a label drawn by hand, by both sensors, optical alone and SAR alone."""

from pathlib import Path

from terrascope_sdk.evaluate.masks.counts import count_blocks
from terrascope_sdk.evaluate.masks.mask_scores import share_error, share_hits
from terrascope_sdk.evaluate.masks.network import MaskNetwork
from terrascope_sdk.evaluate.masks.place_dates import Pixels, index_mask, label_file, load_place, rule_masks, see
from terrascope_sdk.evaluate.masks.real_rows import RealRow, RowBook
from terrascope_sdk.types.encoding import JsonValue

__all__ = ["spain"]

_LABEL = "sen1floods11-spain/Spain_7370579_LabelHand.tif"
_BLOCK_PX = 32
_TILE_PX = 128


def _tiles(found: Pixels, truth: Pixels, seen: Pixels) -> dict[str, JsonValue]:
    counts = count_blocks({"water": found}, {"water": truth}, seen, block_px=_TILE_PX).scored()
    off = (counts.found - counts.truth)[:, 0] / counts.seen
    hits = share_hits(counts, "water", points_frac=0.02, relative=0.15)
    return {
        "tiles": len(off),
        "mean_error": share_error(counts, "water").to_json(),
        "bias": round(float(off.mean()), 4),
        "rmse": round(float((off**2).mean() ** 0.5), 4),
        "within_2_points_or_15_percent": hits.to_json(),
    }


def spain(network: MaskNetwork, data: Path) -> tuple[list[RealRow], dict[str, JsonValue]]:
    """Return rows of water, and the error of its share on the 16 tiles of 128 pixels by sensors and method.

    Args:
        network: What makes the masks.
        data: Folder that holds ``sen1floods11-spain``.

    References:
        Bonafilia et al. (2020), Sen1Floods11, doi:10.1109/CVPRW50498.2020.00113.
    """
    stack = load_place("spain")
    label = label_file(data / _LABEL, stack)
    truth, labelled = label == 1, label >= 0
    seen = labelled & stack.series("optical").valid[0] & stack.series("sar").valid[0]
    height, width = stack.grid.pixel_size_m
    book = RowBook("spain", gsd_m=(height * width) ** 0.5, reference="drawn by hand", block_px=_BLOCK_PX)
    tiles: dict[str, JsonValue] = {}
    for sensor in (None, "optical", "sar"):
        (date,) = see(network, stack, sensor=sensor)
        masks = date.masks("water")
        if sensor is not None:
            masks |= rule_masks(stack, sensor, 0, "water")
            index = index_mask(stack, sensor, 0, "water")
            masks |= {"index reasoner": index} if index is not None else {}
        book.add("water", date.moment.sensor, masks, truth=truth, seen=seen)
        tiles |= {f"{date.moment.sensor}, {method}": _tiles(found, truth, seen) for method, found in masks.items()}
    return book.rows(), tiles
