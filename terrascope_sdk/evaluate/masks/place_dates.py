"""Real scenes as a user gets them: loaded, prepared and encoded by the public path, one date at a time."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from jaxtyping import Bool, Float32

from terrascope_sdk.engine.indices import IndexReasoner
from terrascope_sdk.engine.moments import Moment, moments_of
from terrascope_sdk.engine.preparing import prepare
from terrascope_sdk.errors import GroundingError, InputError
from terrascope_sdk.evaluate.masks.network import CLASSES, MaskNetwork, decided
from terrascope_sdk.evaluate.masks.plain_rules import FIXED_RULES, OTSU_RULES
from terrascope_sdk.model.config import CLASS_KEYS, change_keys
from terrascope_sdk.model.fields import Fields, encode_fields
from terrascope_sdk.model.grounding import mask_logits
from terrascope_sdk.stac.bundled import asset_path
from terrascope_sdk.stac.load import load_whole
from terrascope_sdk.stac.rasters import read_raster
from terrascope_sdk.stac.search import search
from terrascope_sdk.types.protocols import GroundRequest
from terrascope_sdk.types.scene import Sensor
from terrascope_sdk.types.stack import ImageStack

__all__ = ["PlaceDate", "bundled_label", "change_masks", "index_mask", "label_file", "load_place", "rule_masks", "see"]

Pixels = Bool[np.ndarray, "y x"]


@dataclass(frozen=True)
class PlaceDate:
    """One date of a place, encoded."""

    moment: Moment
    """Which images it is made of."""

    fields: Fields
    """Its encoded pixels, padded."""

    observed: Pixels
    """Where the ground was seen."""

    network: MaskNetwork
    """What encoded it."""

    def _cropped(self, logits: torch.Tensor) -> Float32[np.ndarray, "*n y x"]:
        height, width = self.observed.shape
        return np.asarray(logits[..., :height, :width].float().numpy(), np.float32)

    def logits(self, concept: str) -> Float32[np.ndarray, "y x"]:
        """Return by how much a concept leads, log-odds; overlays (building) by their stored query."""
        if concept in CLASSES:
            return self._cropped(self.fields.margins[CLASSES.index(concept)])
        with torch.inference_mode():
            features = self.network.grounder.joined(self.fields.free[None], self.fields.margins[None])
            return self._cropped(mask_logits(features, self.network.single_query(concept)[None])[0, 0])

    def masks(self, *concepts: str) -> dict[str, Pixels]:
        """Return the union of the masks of some concepts, without and with the mask rule."""
        plain = np.zeros(self.observed.shape, bool)
        ruled = plain.copy()
        for concept in concepts:
            logits = self.logits(concept)
            plain |= (logits > 0) & self.observed
            ruled |= decided(logits, self.observed)
        return {"network": plain, "network, decided": ruled}

    def class_shares(self, seen: Pixels) -> dict[str, float]:
        """Return how the scored pixels are shared among the classes, 0-1."""
        margins = self._cropped(self.fields.margins[: len(CLASS_KEYS)])
        return {k: float((margins[i][seen] > 0).mean()) for i, k in enumerate(CLASS_KEYS)}


def load_place(name: str) -> ImageStack:
    """Return a bundled place with all its dates."""
    return load_whole(search(name), aoi=name)


def see(network: MaskNetwork, stack: ImageStack, *, sensor: str | None = None) -> tuple[PlaceDate, ...]:
    """Return every date of a stack, encoded.

    Args:
        network: What encodes.
        stack: The pixels.
        sensor: ``optical`` or ``sar`` to leave the other out.
    """
    moments = [m for m in moments_of(stack, sensor=sensor) if m.observed(stack).any()]
    ready = prepare(stack, moments)
    fields = encode_fields(network.encoder, network.grounder, ready.views)
    return tuple(PlaceDate(m, f, o, network) for m, f, o in zip(moments, fields, ready.observed, strict=True))


def change_masks(before: PlaceDate, after: PlaceDate, concept: str) -> dict[str, Pixels]:
    """Return where a concept was gained, by the joint mask and by the difference of the single ones."""
    grounder = before.network.grounder
    with torch.inference_mode():
        features = grounder.change(
            before.fields.halves[None], after.fields.halves[None], margins_before=before.fields.margins[None],
            margins_after=after.fields.margins[None],
        )  # fmt: skip
        query = grounder.change_queries[change_keys().index(f"gain:{concept}")]
        height, width = before.observed.shape
        joint = mask_logits(features, query[None])[0, 0, :height, :width].numpy()
    observed = before.observed & after.observed
    first, second = before.masks(concept), after.masks(concept)
    return {
        "network, joint": (joint > 0) & observed,
        "network, joint, decided": decided(joint, observed),
        "network, difference": second["network"] & ~first["network"],
        "network, difference, decided": second["network, decided"] & ~first["network, decided"],
    }


def _bands(stack: ImageStack, sensor: str, when: int) -> dict[str, np.ndarray]:
    series = stack.series(sensor)
    return {name: series.band(name, when) for name in series.bands}


def rule_masks(stack: ImageStack, sensor: str, when: int, concept: str) -> dict[str, Pixels]:
    """Return the masks of every plain rule for a concept whose bands are there."""
    bands = _bands(stack, sensor, when)
    rules = [r for r in (*FIXED_RULES, *OTSU_RULES) if r.concept == concept and r.fits(bands)]
    return {r.name: r.apply(bands) for r in rules}


def index_mask(stack: ImageStack, sensor: Sensor, when: int, concept: str) -> Pixels | None:
    """Return the mask of the index-based reasoner, or None where it declines or cannot decide."""
    reasoner, request = IndexReasoner(), GroundRequest(concept, sensor, when)
    if reasoner.unseen(stack, request) is not None:
        return None
    try:
        mask = next(s.mask for s in reversed(list(reasoner.ground(stack, request))) if s.mask is not None)
    except GroundingError:
        return None
    return np.asarray(mask.pixels, bool)


def bundled_label(name: str, asset: str) -> np.ndarray:
    """Return the codes of a reference that is bundled with a place, [y, x]."""
    for scene in search(name):
        if asset in scene.item["assets"]:
            return read_raster(Path(asset_path(scene.item["assets"][asset]["href"]))).band(1)
    raise InputError(f"The place {name} has no asset {asset}.")


def label_file(path: Path, stack: ImageStack) -> np.ndarray:
    """Return the codes of a label file on the grid of a stack, [y, x].

    Raises:
        InputError: It lies on another grid.
    """
    raster = read_raster(path)
    if not raster.grid.same_as(stack.grid, tolerance_px=0.5):
        raise InputError(f"{path} lies on {raster.grid!r}, the pixels on {stack.grid!r}.")
    return raster.band(1)
