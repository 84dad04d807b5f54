"""The grounder: pixel features that a query turns into a mask by a dot product, for one date and for two.

Among the pixel features is by how much each exclusive class leads, so that a query can ask for a class by the network's
own decision between the classes; the other features are free and serve what overlaps them: buildings, roads, clouds,
burn scars, change.
"""

import torch
from torch import Tensor, nn
from torch.nn import functional

from terrascope_sdk.model.config import CLASS_KEYS, CompactConfig, change_keys, single_keys
from terrascope_sdk.model.encoder import Encoded

__all__ = ["Grounder", "class_margins", "mask_logits"]

_GREEN = tuple(CLASS_KEYS.index(k) for k in ("tree", "shrub", "grass", "crop"))
_SCALE = 4.0
"""Margins are divided by this, so that they have the size of the other features."""


def class_margins(scores: Tensor) -> Tensor:
    """Return by how much each class leads, in log-odds, from class scores [image, class, y, x].

    A class leads by its log-probability minus that of the best other class, so it is above 0 exactly where the class is
    the likeliest one, and masks of different classes never overlap. Vegetation, a union of classes, leads by the
    log-odds of their summed probability.

    Returns:
        Margins [image, class + 1, y, x], from -12 to 12.
    """
    log_p = functional.log_softmax(scores.float(), 1)
    two = log_p.topk(2, 1).values
    best_other = torch.where(log_p == two[:, :1], two[:, 1:], two[:, :1])
    green = torch.logsumexp(log_p[:, _GREEN], 1, keepdim=True).clamp(max=-1e-6)
    green_odds = green - torch.log(-torch.expm1(green))
    return torch.cat([log_p - best_other, green_odds], 1).clamp(-12, 12)


def mask_logits(features: Tensor, queries: Tensor) -> Tensor:
    """Return mask logits [image, query, y, x] of queries [query, feature] or [image, query, feature]."""
    if queries.dim() == 2:
        return functional.conv2d(features, queries[:, :, None, None].to(features))
    flat = torch.bmm(queries.to(features), features.flatten(2))
    return flat.reshape(*flat.shape[:2], *features.shape[2:])


class Grounder(nn.Module):
    """Turns encoded images into the features that queries meet, and holds one query for each known concept."""

    def __init__(self, config: CompactConfig) -> None:
        super().__init__()
        full, half = config.widths[0], config.widths[1]
        classes = len(CLASS_KEYS)
        self.free = config.free
        self.classify = nn.Conv2d(full, classes, 1)
        self.describe = nn.Conv2d(full, config.free, 1)
        self.compare = nn.Sequential(
            nn.Conv2d(3 * half, half, 3, padding=1), nn.ReLU(), nn.Conv2d(half, config.free, 3, padding=1)
        )
        self.single_size = config.free + classes + 2
        self.change_size = config.free + 2 * (classes + 1) + 1
        singles = torch.randn(len(single_keys()), self.single_size) * 0.05
        singles[: classes + 1] = 0.0
        for i in range(classes + 1):
            singles[i, config.free + i] = _SCALE
        changes = torch.randn(len(change_keys()), self.change_size) * 0.05
        for i, key in enumerate(change_keys()):
            way, _, concept = key.partition(":")
            if concept in (*CLASS_KEYS, "vegetation"):
                at = (*CLASS_KEYS, "vegetation").index(concept)
                changes[i, config.free + at + (0 if way == "gain" else classes + 1)] = _SCALE
        self.single_queries = nn.Parameter(singles)
        self.change_queries = nn.Parameter(changes)

    def margins(self, encoded: Encoded) -> Tensor:
        """Return by how much each class, and vegetation, leads: [image, class + 1, y, x]."""
        return class_margins(self.classify(encoded.pixels))

    def single(self, encoded: Encoded, margins: Tensor) -> Tensor:
        """Return the features that queries for one date meet, [image, feature, y, x].

        Args:
            encoded: The images.
            margins: Of the same images, from :meth:`margins`.
        """
        return self.joined(self.describe(encoded.pixels).float(), margins)

    def joined(self, free: Tensor, margins: Tensor) -> Tensor:
        """Return the features of one date from its free features and its margins, [image, feature, y, x]."""
        return torch.cat([free, margins / _SCALE, torch.ones_like(free[:, :1])], 1)

    def change(self, before: Tensor, after: Tensor, *, margins_before: Tensor, margins_after: Tensor) -> Tensor:
        """Return the features that queries for a change meet, [image, feature, y, x].

        Args:
            before: Features at stride 2 of the earlier date, [image, width, y / 2, x / 2].
            after: Those of the later date.
            margins_before: Margins of the classes at the earlier date, [image, class + 1, y, x].
            margins_after: Those of the later date.
        """
        joint = self.compare(torch.cat([before, after, after - before], 1))
        free = functional.interpolate(joint, scale_factor=2, mode="bilinear", align_corners=False).float()
        gain = torch.minimum(margins_after, -margins_before) / _SCALE
        loss = torch.minimum(margins_before, -margins_after) / _SCALE
        return torch.cat([free, gain, loss, torch.ones_like(free[:, :1])], 1)
