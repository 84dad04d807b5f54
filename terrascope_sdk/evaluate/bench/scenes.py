"""Scenes of a benchmark: pixels that are loaded when needed, and the truth about them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
import torch
from jaxtyping import Bool

from terrascope_sdk.engine.moments import Moment, moments_of
from terrascope_sdk.engine.preparing import prepare
from terrascope_sdk.evaluate.bench.ground_truth import GroundTruth
from terrascope_sdk.model.compact import CompactNetwork
from terrascope_sdk.model.fields import Fields, encode_fields
from terrascope_sdk.types.grid import PixelGrid
from terrascope_sdk.types.mask import Mask
from terrascope_sdk.types.stack import ImageStack

__all__ = ["BenchScene", "SeenScene", "see"]


@dataclass(frozen=True)
class BenchScene:
    """One place with labels."""

    name: str
    """Unique in its suite."""

    truth: GroundTruth
    """What the labels say."""

    grid: PixelGrid
    """Where the pixels lie."""

    gsd_m: float
    """Metres a pixel."""

    only: tuple[str, ...]
    """Tasks that it may be asked; empty for all."""

    load: Callable[[], ImageStack] = field(repr=False, compare=False)
    """Loads the pixels; as many moments as the truth has dates."""


@dataclass(frozen=True)
class SeenScene:
    """A scene as it is shown to what answers."""

    scene: BenchScene
    """The scene."""

    stack: ImageStack
    """Its pixels."""

    moments: tuple[Moment, ...]
    """Its dates."""

    observed: tuple[Bool[np.ndarray, "y x"], ...]
    """Where each date was seen and its labels say anything."""

    fields: tuple[Fields, ...] = ()
    """The encoded dates; empty without a network."""

    def mask(self, pixels: Bool[np.ndarray, "y x"], label: str, dates: Sequence[int]) -> Mask:
        """Return pixels as a mask.

        Args:
            pixels: Where something is.
            label: What it is.
            dates: Positions of the dates that it was seen on; its own date is the last.
        """
        moment = self.moments[dates[-1]]
        valid = np.logical_and.reduce([self.observed[d] for d in dates])
        return Mask(
            pixels, valid, self.stack.grid, label, date=moment.date, sensor=moment.sensor, period_s=moment.period_s
        )


@torch.inference_mode()
def see(scene: BenchScene, network: CompactNetwork | None = None) -> SeenScene:
    """Load a scene, and encode its dates once when a network is given.

    Raises:
        InputError: The pixels cannot be used.
    """
    stack = scene.load()
    moments = moments_of(stack)
    ready = prepare(stack, moments)
    observed = tuple(o & k for o, k in zip(ready.observed, scene.truth.known, strict=True))
    if network is None:
        return SeenScene(scene, stack, moments, observed)
    device = network.language.embed.weight.device
    encoded = encode_fields(network.encoder, network.grounder, ready.views.to(device))
    return SeenScene(scene, stack, moments, observed, tuple(encoded))
