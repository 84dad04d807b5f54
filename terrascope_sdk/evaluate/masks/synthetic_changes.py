"""Change masks on synthetic scenes: new developed land at 10 m, buildings and their change at about 0.5 m.

Two ways are scored side by side: the joint change mask of both dates, and the difference of the two single masks.
"""

from collections.abc import Mapping

import numpy as np

from terrascope_sdk.evaluate.masks.counts import Counts, count_units
from terrascope_sdk.evaluate.masks.fresh_scenes import Pair
from terrascope_sdk.evaluate.masks.network import CLASSES, MaskNetwork, decided
from terrascope_sdk.model.config import MARK_KEYS
from terrascope_sdk.worlds.scenes import UNLABELLED, Scenes

__all__ = ["building_counts", "growth_counts"]

_BUILT = CLASSES.index("developed")
_HOUSE = MARK_KEYS.index("building")


def growth_counts(network: MaskNetwork, scenes: Scenes, pairs: Mapping[str, Pair]) -> dict[str, Counts]:
    """Return counts of new developed land by sensor set and way (``optical+sar, joint, decided`` for instance)."""
    labels = scenes.labels.numpy()
    truth = (labels[:, 1] == _BUILT) & (labels[:, 0] != _BUILT)
    seen = (labels != UNLABELLED).all(1)
    made = {}
    for sensors, pair in pairs.items():
        observed = pair.observed[0] & pair.observed[1]
        joint = network.change(*pair.seen, "gain:developed").numpy()
        first, second = (s.margins[:, _BUILT].numpy() for s in pair.seen)
        ways = {
            "joint": joint > 0,
            "joint, decided": decided(joint, observed),
            "difference": (second > 0) & ~(first > 0),
            "difference, decided": decided(second, observed) & ~decided(first, observed),
        }
        for way, found in ways.items():
            made[f"{sensors}, {way}"] = _one("gain:developed", found, truth, seen)
    return made


def building_counts(network: MaskNetwork, towns: Scenes, pair: Pair) -> dict[str, Counts]:
    """Return counts of buildings on towns: on single dates, and what appeared or went, by way."""
    house = towns.marks[:, :, _HOUSE].numpy()
    seen = np.ones(house[:, 0].shape, bool)
    single = np.stack([s.overlays[:, _HOUSE].numpy() for s in pair.seen], 1)
    ruled = decided(single, np.ones(single.shape, bool))
    made = {
        "one date": _one("building", single > 0, house, np.ones(house.shape, bool)),
        "one date, decided": _one("building", ruled, house, np.ones(house.shape, bool)),
    }
    for way, (there, not_there) in {"gain": (1, 0), "loss": (0, 1)}.items():
        joint = network.change(*pair.seen, f"{way}:building").numpy()
        truth = house[:, there] & ~house[:, not_there]
        ways = {
            "joint": joint > 0,
            "joint, decided": decided(joint, seen),
            "difference": (single[:, there] > 0) & ~(single[:, not_there] > 0),
            "difference, decided": ruled[:, there] & ~ruled[:, not_there],
        }
        for how, found in ways.items():
            made[f"{way}, {how}"] = _one(f"{way}:building", found, truth, seen)
    return made


def _one(name: str, found: np.ndarray, truth: np.ndarray, seen: np.ndarray) -> Counts:
    return count_units((name,), found=found[:, None], truth=truth[:, None], seen=seen)
