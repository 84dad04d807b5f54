"""Losses: cross-entropy and Dice on masks, cross-entropy on words.

The paper trains L = L_language + 0.5 (Dice + pixel cross-entropy); the released configuration weighs pixel
cross-entropy 2 and Dice 0.5. Stage 1 here has no language and uses class cross-entropy with Dice; stage 2 uses the
paper's sum.
"""

import torch
from torch import Tensor
from torch.nn import functional

from terrascope_sdk.model.config import CLASS_KEYS, change_keys
from terrascope_sdk.model.encoder import Encoder
from terrascope_sdk.model.grounding import Grounder, class_margins, mask_logits
from terrascope_sdk.worlds.draws import Draws
from terrascope_sdk.worlds.scenes import UNLABELLED, Scenes
from terrascope_sdk.worlds.seen import views_of

__all__ = ["change_targets", "dice_loss", "mask_stage_loss", "withhold"]

_GREEN = tuple(CLASS_KEYS.index(k) for k in ("tree", "shrub", "grass", "crop"))


def dice_loss(probability: Tensor, target: Tensor, weight: Tensor) -> Tensor:
    """Return one minus the Dice overlap, averaged over the masks whose target is not empty.

    Args:
        probability: 0-1, [image, mask, y, x].
        target: 0 or 1, of the same shape.
        weight: What each pixel counts, [image, 1, y, x].
    """
    p, t = probability * weight, target * weight
    both = (p * t).sum((-2, -1))
    total = (p * p).sum((-2, -1)) + (t * t).sum((-2, -1))
    there = t.sum((-2, -1)) > 8
    loss = 1 - (2 * both + 1) / (total + 1)
    return (loss * there).sum() / there.sum().clamp_min(1)


def withhold(
    draws: Draws, scenes: Scenes, *, only_optical: float = 0.25, only_sar: float = 0.2
) -> tuple[Tensor, Tensor]:
    """Return which scenes keep their optical image and which their SAR; every scene keeps one at least."""
    pick = draws.uniform(len(scenes))
    keep_sar = (pick >= only_optical) & scenes.has_sar
    keep_optical = (pick < 1 - only_sar) | ~scenes.has_sar
    return keep_optical, keep_sar


def change_targets(scenes: Scenes) -> tuple[Tensor, Tensor]:
    """Return masks of every change, and where they are known.

    Returns:
        Targets bool [scene, change, y, x] in the order of the network's change queries, and known bool of the same
        shape: where a class is unlabelled on one date, only burning is known.
    """
    first, second = scenes.labels[:, 0], scenes.labels[:, 1]
    labelled = (first != UNLABELLED) & (second != UNLABELLED)

    def at(labels: Tensor, when: int, key: str) -> Tensor:
        if key == "building":
            return scenes.marks[:, when, 0]
        if key == "vegetation":
            return torch.isin(labels, torch.tensor(_GREEN, dtype=labels.dtype, device=labels.device))
        return labels == CLASS_KEYS.index(key)

    targets, known = [], []
    for name in change_keys():
        way, _, key = name.partition(":")
        if key == "burned":
            targets.append(scenes.burned)
            known.append(torch.ones_like(labelled))
            continue
        before, after = at(first, 0, key), at(second, 1, key)
        targets.append(after & ~before if way == "gain" else before & ~after)
        known.append(labelled)
    return torch.stack(targets, 1), torch.stack(known, 1)


def _class_loss(scores: Tensor, labels: Tensor, weight: Tensor) -> Tensor:
    known = (labels != UNLABELLED).float() * weight
    target = torch.where(labels == UNLABELLED, 0, labels.long())
    each = functional.cross_entropy(scores.float(), target, reduction="none")
    entropy = (each * known).sum() / known.sum().clamp_min(1)
    hot = functional.one_hot(target, len(CLASS_KEYS)).movedim(-1, 1).float()
    return entropy + 0.5 * dice_loss(scores.float().softmax(1), hot, known[:, None])


def _overlay_loss(logits: Tensor, target: Tensor, known: Tensor) -> Tensor:
    weight = known.float()
    entropy = functional.binary_cross_entropy_with_logits(logits, target.float(), reduction="none") * weight
    dice = dice_loss(torch.sigmoid(logits) * weight, target.float() * weight, torch.ones_like(weight[:, :1]))
    return entropy.sum() / weight.sum().clamp_min(1) * 2 + 0.5 * dice


def mask_stage_loss(
    encoder: Encoder, grounder: Grounder, scenes: Scenes, draws: Draws
) -> tuple[Tensor, dict[str, float]]:
    """Return the loss of stage 1 on a batch and its parts: classes, overlays (building, road, cloud) and changes."""
    keep_optical, keep_sar = withhold(draws, scenes)
    both = [views_of(scenes, when, keep_optical=keep_optical, keep_sar=keep_sar) for when in (0, 1)]
    encoded = [encoder(v) for v in both]
    scores = [grounder.classify(e.pixels) for e in encoded]
    margins = [class_margins(s) for s in scores]
    classes = overlays = torch.zeros(())
    for when in (0, 1):
        hidden = ~keep_sar[:, None, None] & scenes.marks[:, when, 2] | ~(
            both[when].optical_valid | both[when].sar_valid
        )
        weight = torch.where(hidden, 0.1, 1.0)
        classes = classes + 0.5 * _class_loss(scores[when], scenes.labels[:, when], weight)
        features = grounder.single(encoded[when], margins[when])
        logits = mask_logits(features, grounder.single_queries[len(CLASS_KEYS) + 1 :])
        town = (scenes.gsd_m < 3)[:, None, None, None].expand(-1, 3, *hidden.shape[1:]).clone()
        town[:, 2] = both[when].optical_valid  # clouds can be told only where there is an optical image
        town &= scenes.told[:, :, None, None]
        overlays = overlays + 0.5 * _overlay_loss(logits, scenes.marks[:, when], town)
    features = grounder.change(
        encoded[0].halves, encoded[1].halves, margins_before=margins[0], margins_after=margins[1]
    )
    targets, known = change_targets(scenes)
    asked = targets.flatten(2).any(2).any(0)  # every change that happens, and few of those that do not
    asked |= draws.chance(len(asked), p=0.15)
    logits = mask_logits(features, grounder.change_queries[asked])
    changes = _overlay_loss(logits, targets[:, asked], known[:, asked])
    loss = classes + overlays + 0.5 * changes
    parts = {
        "classes": float(classes.detach()),
        "overlays": float(overlays.detach()),
        "changes": float(changes.detach()),
    }
    return loss, parts
