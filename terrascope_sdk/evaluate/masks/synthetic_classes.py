"""Class masks on synthetic scenes: by sensor set, by band set, and the plain rules on the same pixels.

Every sensor set is scored on the same pixels, all those with a class, clouded or not: what a sensor set could not see
counts against it. Both dates of a scene make one unit of the bootstrap.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import torch

from terrascope_sdk.evaluate.masks.counts import Counts, count_units
from terrascope_sdk.evaluate.masks.fresh_scenes import BAND_SETS, Pair, held, with_bands
from terrascope_sdk.evaluate.masks.network import CLASSES, MaskNetwork, decided
from terrascope_sdk.evaluate.masks.plain_rules import FIXED_RULES
from terrascope_sdk.model.config import CLASS_KEYS
from terrascope_sdk.worlds.scenes import UNLABELLED, Scenes

__all__ = ["BandSet", "bands_of", "class_counts", "compare_band_sets", "rule_counts", "truth_of"]

_GREEN = [CLASS_KEYS.index(k) for k in ("tree", "shrub", "grass", "crop")]


def truth_of(labels: np.ndarray) -> np.ndarray:
    """Return the true masks of :data:`~terrascope_sdk.evaluate.masks.network.CLASSES`.

    Args:
        labels: Class codes [scene, y, x].

    Returns:
        Masks bool [scene, class, y, x].
    """
    masks = [labels == i for i in range(len(CLASS_KEYS))]
    return np.stack([*masks, np.isin(labels, _GREEN)], 1)


def class_counts(scenes: Scenes, pairs: Mapping[str, Pair]) -> dict[str, Counts]:
    """Return counts by sensor set, without and with the mask rule (``sar`` and ``sar, decided``).

    Args:
        scenes: A batch.
        pairs: What the network makes of its two dates, by sensor set.
    """
    sums: dict[str, Counts] = {}
    for when in (0, 1):
        labels = scenes.labels[:, when].numpy()
        truth, seen = truth_of(labels), labels != UNLABELLED
        for sensors, pair in pairs.items():
            margins = pair.seen[when].margins.numpy()
            ruled = decided(margins, pair.observed[when][:, None])
            for key, found in ((sensors, margins > 0), (f"{sensors}, decided", ruled)):
                new = count_units(CLASSES, found=found, truth=truth, seen=seen)
                sums[key] = sums[key].plus(new) if when else new
    return sums


def bands_of(scenes: Scenes, when: int) -> dict[str, np.ndarray]:
    """Return the ten bands and both polarisations of one date by name, each [scene, y, x]."""
    bands = {n: scenes.optical[:, when, i].numpy() for i, n in enumerate(BAND_SETS["ten bands"])}
    return bands | {"vv": scenes.sar[:, when, 0].numpy(), "vh": scenes.sar[:, when, 1].numpy()}


def rule_counts(scenes: Scenes) -> dict[str, Counts]:
    """Return counts of the fixed plain rules on ten-band scenes, each for the one concept it finds."""
    sums: dict[str, Counts] = {}
    for when in (0, 1):
        labels = scenes.labels[:, when].numpy()
        truth, bands = truth_of(labels), bands_of(scenes, when)
        for rule in FIXED_RULES:
            right = truth[:, [CLASSES.index(rule.concept)]]
            found = rule.apply(bands)[:, None]
            new = count_units((rule.concept,), found=found, truth=right, seen=labels != UNLABELLED)
            sums[rule.name] = sums[rule.name].plus(new) if when else new
    return sums


@dataclass(frozen=True)
class BandSet:
    """One band set on a batch of optical scenes."""

    counts: Counts
    """Against the truth."""

    agreement: Counts
    """Against the masks from ten bands, as if those were true."""

    confidence: Sequence[float]
    """Mean probability of the leading class against the next one, 0.5-1, of each scene."""


def compare_band_sets(network: MaskNetwork, scenes: Scenes) -> dict[str, BandSet]:
    """Return, for the earlier date without SAR, how masks and confidence fall as bands are left out."""
    labels = scenes.labels[:, 0].numpy()
    truth, seen = truth_of(labels), labels != UNLABELLED
    views = held(scenes, 0, "optical")
    made: dict[str, BandSet] = {}
    whole: np.ndarray | None = None
    for name, names in BAND_SETS.items():
        margins = network.look(with_bands(views, names)).margins
        found = (margins > 0).numpy()
        whole = found if whole is None else whole
        lead = torch.sigmoid(margins[:, : len(CLASS_KEYS)].amax(1)).mean((1, 2))
        made[name] = BandSet(
            count_units(CLASSES, found=found, truth=truth, seen=seen),
            count_units(CLASSES, found=found, truth=whole, seen=seen),
            lead.tolist(),
        )
    return made
