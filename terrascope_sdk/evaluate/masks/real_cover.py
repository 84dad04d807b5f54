"""Land cover of real scenes: Slovenia against the land-use register, Bolzano against its scene classification."""

import numpy as np

from terrascope_sdk.evaluate.masks.network import MaskNetwork
from terrascope_sdk.evaluate.masks.place_dates import Pixels, bundled_label, index_mask, load_place, rule_masks, see
from terrascope_sdk.evaluate.masks.real_rows import RealRow, RowBook
from terrascope_sdk.evaluate.masks.splits import SPLITS
from terrascope_sdk.types.encoding import JsonValue
from terrascope_sdk.types.stack import ImageStack

__all__ = ["REGISTER", "bolzano", "slovenia"]

REGISTER = {1: "crop", 2: "tree", 3: "grass", 4: "shrub", 8: "developed"}
"""Classes of the Slovenian land-use register by code."""

_GREEN = frozenset({"crop", "tree", "grass", "shrub"})
_SCORED = {
    "tree": {"tree"}, "vegetation": _GREEN, "grass": {"grass"}, "developed": {"developed"}, "shrub": {"shrub"},
}  # fmt: skip
_SCENE_CLASSES: dict[str, tuple[int, ...]] = {"vegetation": (4,), "water": (6,), "not vegetated": (5,)}
_MADE_OF: dict[str, tuple[str, ...]] = {"not vegetated": ("developed", "bare")}


def _beside(stack: ImageStack, when: int, concept: str) -> dict[str, Pixels]:
    """Return the masks of the plain rules and of the index-based reasoner."""
    masks = rule_masks(stack, "optical", when, concept)
    index = index_mask(stack, "optical", when, concept) if concept != "not vegetated" else None
    return masks | ({"index reasoner": index} if index is not None else {})


def slovenia(network: MaskNetwork, *, part: str = "test") -> tuple[list[RealRow], dict[str, JsonValue]]:
    """Return rows of the three clear dates, summed, on one part of the scene; and the classes' shares by date.

    Args:
        network: What makes the masks.
        part: ``test``, or ``train`` for what may be looked at while tuning.
    """
    stack = load_place("slovenia")
    codes = bundled_label("slovenia", "lulc")
    window = getattr(SPLITS["slovenia"], part)
    book = RowBook(f"slovenia, {part} part", gsd_m=10.0, reference="register", block_px=16)
    shares: dict[str, JsonValue] = {}
    for date in see(network, stack, sensor="optical"):
        seen = (codes != 0) & window.mask(codes.shape) & date.observed
        when = date.moment.optical or 0
        for concept, classes in _SCORED.items():
            values = [code for code, key in REGISTER.items() if key in classes]
            masks = date.masks(concept) | _beside(stack, when, concept)
            book.add(concept, "optical", masks, truth=np.isin(codes, values), seen=seen)
        shares[date.moment.when] = {k: round(v, 4) for k, v in date.class_shares(seen).items()}
    return book.rows(), shares


def bolzano(network: MaskNetwork) -> tuple[list[RealRow], dict[str, JsonValue]]:
    """Return rows against the scene classification, where it says vegetation, not vegetated or water.

    The classification is itself an algorithm's output: agreement with it is not accuracy.
    """
    stack = load_place("bolzano")
    codes = bundled_label("bolzano", "scl")
    (date,) = see(network, stack)
    seen = np.isin(codes, [4, 5, 6]) & date.observed
    book = RowBook("bolzano", gsd_m=10.0, reference="algorithm", block_px=32)
    for concept, values in _SCENE_CLASSES.items():
        masks = date.masks(*_MADE_OF.get(concept, (concept,))) | _beside(stack, 0, concept)
        if concept == "not vegetated":
            green, wet = (index_mask(stack, "optical", 0, c) for c in ("vegetation", "water"))
            if green is not None and wet is not None:
                masks["index reasoner"] = ~green & ~wet
        book.add(concept, "optical", masks, truth=np.isin(codes, values), seen=seen)
    return book.rows(), {date.moment.when: {k: round(v, 4) for k, v in date.class_shares(seen).items()}}
