"""Patches of labelled real scenes for stage 1: cut, turned, seen a little coarser, brighter or darker."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from jaxtyping import Bool, UInt8
from torch import Tensor
from torch.nn import functional

from terrascope_sdk.model.views import Views
from terrascope_sdk.worlds.scenes import UNLABELLED, Scenes

__all__ = ["RealScene", "cut_patches"]

_DISPLAY = 2
_FINEST_POOLED_M = 0.7
"""Scenes are seen at up to four times their ground sample distance, but not above this, metres."""


@dataclass(frozen=True, eq=False)
class RealScene:
    """The training part of one labelled scene: its dates, and labels that hold on all of them."""

    views: Views
    """Its dates as the encoder takes them."""

    labels: UInt8[np.ndarray, "y x"]
    """Class codes; 255 where nothing is known."""

    buildings: Bool[np.ndarray, "y x"] | None = None
    """Where buildings stand; None where nobody drew them."""

    odds: float = 1.0
    """How often it is drawn beside others."""


def cut_patches(scenes: Sequence[RealScene], seed: int, n: int, *, size: int = 128) -> Scenes:
    """Return random patches at two dates each, drawn apart, so that nothing but weather and season changes.

    Args:
        scenes: Where to cut.
        seed: The same seed gives the same patches.
        n: How many.
        size: Rows and columns; smaller scenes are surrounded by ground that was not observed.
    """
    rng = np.random.default_rng(seed)
    odds = np.array([s.odds for s in scenes])
    made = [_patch(scenes[int(rng.choice(len(scenes), p=odds / odds.sum()))], rng, size) for _ in range(n)]
    whole = made[0]
    for patch in made[1:]:
        whole = whole.join(patch)
    return whole


def _patch(scene: RealScene, rng: np.random.Generator, size: int) -> Scenes:
    views = scene.views
    gsd_m = float(views.gsd_m[0])
    factors = [f for f in (1, 2, 3, 4) if f == 1 or (scene.buildings is not None and gsd_m * f < _FINEST_POOLED_M)]
    factor = int(rng.choice(factors))
    height, width = scene.labels.shape
    rows, columns = (_span(length, size * factor, rng) for length in (height, width))
    dates = rng.integers(len(views), size=2)
    turn = int(rng.integers(8))
    shift = rng.random(2)

    def cut(array: Tensor, blank: float) -> Tensor:
        part = array[..., rows, columns].float()
        lacking = [size * factor - part.shape[-2], size * factor - part.shape[-1]]
        top, left = (int(share * lack) for share, lack in zip(shift, lacking, strict=True))
        part = functional.pad(part, (left, lacking[1] - left, top, lacking[0] - top), value=blank)
        if factor > 1:
            part = functional.avg_pool2d(part.reshape(1, -1, *part.shape[-2:]), factor).reshape(
                *part.shape[:-2], size, size
            )
        return torch.rot90(part.flip(-1) if turn & 4 else part, turn & 3, (-2, -1))

    optical = torch.stack([cut(views.optical[d], 0.0) for d in dates])[None]
    optical = _shone(optical, rng, display=int(views.quantity[0]) == _DISPLAY)
    optical = optical * views.present[0][None, None, :, None, None]
    seen = torch.stack([cut(views.optical_valid[d], 0.0) for d in dates])[None] > 0.99
    labels = cut(torch.from_numpy(scene.labels.astype(np.float32)), float(UNLABELLED)) if factor == 1 else None
    codes = torch.full((size, size), UNLABELLED, dtype=torch.uint8) if labels is None else labels.to(torch.uint8)
    built = torch.zeros(size, size, dtype=torch.bool)
    if scene.buildings is not None:
        built = cut(torch.from_numpy(scene.buildings.astype(np.float32)), 0.0) > 0.5
    blank = torch.zeros_like(built)
    marks = torch.stack([built, blank, blank])
    return Scenes(
        labels=torch.stack([codes, codes])[None],
        marks=torch.stack([marks, marks])[None],
        told=torch.tensor([[scene.buildings is not None, False, False]]),
        burned=torch.zeros(1, size, size, dtype=torch.bool),
        optical=optical,
        optical_valid=seen,
        sar=torch.zeros(1, 2, 2, size, size),
        centres_nm=views.centres_nm[:1], widths_nm=views.widths_nm[:1], present=views.present[:1],
        gsd_m=views.gsd_m[:1] * factor, quantity=views.quantity[:1],
        has_sar=torch.zeros(1, dtype=torch.bool),
    )  # fmt: skip


def _span(length: int, wanted: int, rng: np.random.Generator) -> slice:
    start = int(rng.integers(max(1, length - wanted + 1)))
    return slice(start, min(length, start + wanted))


def _shone(optical: Tensor, rng: np.random.Generator, *, display: bool) -> Tensor:
    """Return an image with another gain on each date, a little of it by band; display values with another gamma."""
    gain = np.exp(rng.normal(0, 0.08, (1, 2, 1)) + rng.normal(0, 0.03, (1, 2, optical.shape[2])))
    image = optical * torch.from_numpy(gain.astype(np.float32))[..., None, None]
    return image.clamp(0, 1) ** float(rng.uniform(0.75, 1.3)) if display else image
