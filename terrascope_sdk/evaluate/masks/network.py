"""The parts of a network that make masks, from shipped weights or from a training run that is still going on."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from jaxtyping import Bool
from safetensors import safe_open
from torch import Tensor

from terrascope_sdk.errors import InputError, WeightsNotFound
from terrascope_sdk.model.checkpoint import load_compact, weights_sha256
from terrascope_sdk.model.config import CLASS_KEYS, CompactConfig, change_keys, single_keys
from terrascope_sdk.model.encoder import Encoder
from terrascope_sdk.model.grounding import Grounder, mask_logits
from terrascope_sdk.model.mask_rule import decide
from terrascope_sdk.model.views import Views

__all__ = ["CLASSES", "MaskNetwork", "Seen", "decided", "load_mask_network"]

CLASSES = (*CLASS_KEYS, "vegetation")
"""Concepts that margins decide, in their order."""

_CHECKPOINT = "checkpoint.safetensors"


@dataclass(frozen=True)
class Seen:
    """What the network makes of a batch of images."""

    margins: Tensor
    """By how much each of :data:`CLASSES` leads, log-odds, [image, class, y, x]."""

    overlays: Tensor
    """Logits of building, road and cloud, [image, 3, y, x]."""

    halves: Tensor
    """Features at stride 2, for comparing dates."""


@dataclass(frozen=True)
class MaskNetwork:
    """Encoder and grounder."""

    encoder: Encoder
    """Makes features."""

    grounder: Grounder
    """Makes masks of them."""

    sha256: str
    """Hash of the file, hexadecimal."""

    step: int | None = None
    """Training step of a checkpoint; None for shipped weights."""

    @torch.inference_mode()
    def look(self, views: Views) -> Seen:
        """Return margins, overlays and features of images whose sides are multiples of 8."""
        encoded = self.encoder(views)
        margins = self.grounder.margins(encoded)
        queries = self.grounder.single_queries[len(CLASSES) :]
        overlays = mask_logits(self.grounder.single(encoded, margins), queries)
        return Seen(margins, overlays, encoded.halves)

    @torch.inference_mode()
    def change(self, before: Seen, after: Seen, key: str) -> Tensor:
        """Return logits of the joint change mask of two dates, [image, y, x].

        Args:
            before: The earlier date.
            after: The later one.
            key: As in :func:`~terrascope_sdk.model.config.change_keys`, ``gain:developed`` for instance.
        """
        features = self.grounder.change(
            before.halves, after.halves, margins_before=before.margins, margins_after=after.margins
        )
        query = self.grounder.change_queries[change_keys().index(key)]
        return mask_logits(features, query[None])[:, 0]

    def single_query(self, key: str) -> Tensor:
        """Return the stored query of a concept of one date, [feature]."""
        return self.grounder.single_queries[single_keys().index(key)]


def decided(logits: np.ndarray, observed: Bool[np.ndarray, "*image y x"]) -> Bool[np.ndarray, "*image y x"]:
    """Return masks after the rule that drops stray regions and doubtful classes.

    Args:
        logits: Log-odds, float [*image, y, x].
        observed: Where the ground was seen, of the same shape.
    """
    probability = (1 / (1 + np.exp(-logits.astype(np.float32)))).reshape(-1, *logits.shape[-2:])
    seen = np.broadcast_to(observed, logits.shape).reshape(probability.shape)
    made = [decide(p, s) for p, s in zip(probability, seen, strict=True)]
    return np.stack(made).reshape(logits.shape)


def _from_checkpoint(path: Path) -> MaskNetwork:
    parts: dict[str, dict[str, Tensor]] = {"encoder": {}, "grounder": {}}
    with safe_open(path, framework="pt") as file:
        step = int((file.metadata() or {}).get("step", 0))
        for key in file.keys():  # noqa: SIM118  (not a mapping)
            kind, _, rest = key.partition("/")
            part, _, name = rest.removeprefix("network.").partition(".")
            if kind == "average" and part in parts:
                parts[part][name] = file.get_tensor(key)
    config = CompactConfig()
    encoder, grounder = Encoder(config), Grounder(config)
    try:
        encoder.load_state_dict(parts["encoder"])
        grounder.load_state_dict(parts["grounder"])
    except RuntimeError as err:
        raise InputError(f"The checkpoint {path} does not fit this version of the package: {err}") from err
    sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
    return MaskNetwork(encoder.train(mode=False), grounder.train(mode=False), sha256, step)


def load_mask_network(path: str | Path | None = None) -> MaskNetwork:
    """Read the parts that make masks.

    Args:
        path: A folder of shipped weights, a folder of a training run, or a checkpoint of one (of which the moving
            average is taken); the network inside the package when left out.

    Raises:
        WeightsNotFound: There are no weights.
        InputError: They do not fit this version.
    """
    where = None if path is None else Path(path)
    if where is not None and (where / _CHECKPOINT).is_file():
        return _from_checkpoint(where / _CHECKPOINT)
    if where is not None and where.is_file():
        return _from_checkpoint(where)
    if where is not None and not where.is_dir():
        raise WeightsNotFound(f"There is nothing at {where}.", hint="Give a folder with weights, or a checkpoint.")
    whole = load_compact(where)
    return MaskNetwork(whole.encoder, whole.grounder, weights_sha256(where))
