"""After stage 1: shift the constant of each overlay and change query to where its masks overlap the truth best.

Dice loss, and batches in which a change is asked for mostly where it happens, make a network see rare things too often.
Masks of the exclusive classes are left alone: there the likeliest class is taken.
"""

from collections.abc import Iterable, Iterator

import torch
from torch import Tensor

from terrascope_sdk.model.config import CLASS_KEYS
from terrascope_sdk.model.encoder import Encoder
from terrascope_sdk.model.grounding import Grounder, class_margins, mask_logits
from terrascope_sdk.train.loss import change_targets
from terrascope_sdk.worlds.scenes import Scenes, WorldOptions, make_scenes, make_towns
from terrascope_sdk.worlds.seen import views_of

__all__ = ["OFFSETS", "best_offsets", "shift_queries", "tuning_scenes"]

OFFSETS = tuple(i / 4 for i in range(-14, 11))
"""Constants that are tried, log-odds."""

_ENOUGH_PX = 400
_CLASSES = len(CLASS_KEYS) + 1


def tuning_scenes(seed: int, batches: int) -> Iterator[Scenes]:
    """Yield fresh landscapes at 10 m and towns by turns.

    Args:
        seed: Of the scenes; not one that is trained or tested with.
        batches: How many, each of eight scenes.
    """
    usual = WorldOptions(ten_bands=True, gsd_m=(10.0,))
    for k in range(batches):
        base = (seed * 1_000_003 + k) * 2
        yield make_towns(base, 8) if k % 3 == 2 else make_scenes(base, 8, usual)


def _counted(logits: Tensor, truth: Tensor, known: Tensor) -> tuple[Tensor, Tensor]:
    """Return for each query and offset how many true, and how many other, pixels a mask has: [query, offset]."""
    found = []
    for wanted in (truth & known, ~truth & known):
        rows = []
        for query in range(logits.shape[1]):
            values = logits[:, query][wanted[:, query]]
            rows.append(torch.stack([(values + offset > 0).sum() for offset in OFFSETS]))
        found.append(torch.stack(rows))
    return found[0], found[1]


@torch.inference_mode()
def best_offsets(encoder: Encoder, grounder: Grounder, batches: Iterable[Scenes]) -> tuple[Tensor, Tensor]:
    """Return the offsets with which overlays and changes overlap the truth best, pooled over all pixels.

    Args:
        encoder: Of stage 1.
        grounder: Of stage 1.
        batches: Scenes to try them on, seen with every sensor they have.

    Returns:
        Offsets of the overlay queries (building, road, cloud) and of the change queries, log-odds; 0 where there are
        too few true pixels to tell.
    """
    totals: list[tuple[Tensor, Tensor, Tensor]] = []
    for scenes in batches:
        both = [encoder(views_of(scenes, when)) for when in (0, 1)]
        margins = [class_margins(grounder.classify(e.pixels)) for e in both]
        marks = scenes.marks[:, 0]
        drawn = mask_logits(grounder.single(both[0], margins[0]), grounder.single_queries[_CLASSES:])
        fine = (scenes.gsd_m < 3)[:, None, None, None].expand_as(marks).clone()
        fine[:, 2] = ~fine[:, 2]  # clouds are made over landscapes only
        features = grounder.change(both[0].halves, both[1].halves, margins_before=margins[0], margins_after=margins[1])
        targets, known = change_targets(scenes)
        changed = mask_logits(features, grounder.change_queries)
        logits = torch.cat([drawn, changed], 1)
        truth, seen = torch.cat([marks, targets], 1), torch.cat([fine, known], 1)
        inside, outside = _counted(logits, truth, seen)
        totals.append((inside, outside, (truth & seen).sum((0, 2, 3))))
    inside, outside, all_true = (torch.stack([t[i] for t in totals]).sum(0) for i in range(3))
    overlap = inside / (all_true[:, None] + outside).clamp_min(1)
    best = torch.tensor(OFFSETS)[overlap.argmax(1)]
    best = torch.where(all_true >= _ENOUGH_PX, best, 0.0)
    overlays = len(grounder.single_queries) - _CLASSES
    return best[:overlays], best[overlays:]


@torch.no_grad()
def shift_queries(grounder: Grounder, overlays: Tensor, changes: Tensor) -> None:
    """Add offsets to the constants of the queries; they meet the feature that is one everywhere, the last one."""
    grounder.single_queries[_CLASSES:, -1] += overlays
    grounder.change_queries[:, -1] += changes
