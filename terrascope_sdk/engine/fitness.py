"""The fitness file: how well a network maps each concept on labelled pixels, by sensors and ground sample distance."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from terrascope_sdk.errors import InputError
from terrascope_sdk.types.encoding import JsonValue

__all__ = ["FITNESS_FILE", "Fit", "Fitness", "gsd_class", "read_fitness"]

FITNESS_FILE = "fitness.json"
"""Its name in a folder of weights."""

ENOUGH_IOU = 0.5
"""Below this intersection over union, a concept's numbers are given only to those who ask for them."""


def gsd_class(gsd_m: float) -> str:
    """Return the class of a ground sample distance.

    >>> gsd_class(0.15), gsd_class(10), gsd_class(30)
    ('below 3 m', '3 to 25 m', 'above 25 m')
    """
    if gsd_m < 3:
        return "below 3 m"
    return "3 to 25 m" if gsd_m <= 25 else "above 25 m"


@dataclass(frozen=True)
class Fit:
    """How a concept was mapped on labelled pixels."""

    iou: float
    """Intersection over union of the network's masks, 0-1."""

    interval: tuple[float, float]
    """Its interval, from a bootstrap over blocks of pixels."""

    places: tuple[str, ...]
    """Where the labels lie."""

    truth_px: int
    """Labelled pixels of the concept."""

    index_iou: float | None
    """The same of the index-based reasoner on the same pixels; None where it declines."""

    @property
    def enough(self) -> bool:
        """Whether the network's mask is good enough for a number without a caution."""
        return self.iou >= ENOUGH_IOU

    @property
    def index_better(self) -> bool:
        """Whether the index-based reasoner did better, and well enough."""
        return self.index_iou is not None and self.index_iou > self.iou and self.index_iou >= ENOUGH_IOU

    @property
    def where(self) -> str:
        """Where the labels lie, for a sentence."""
        return " and ".join(p[:1].upper() + p[1:] for p in self.places)

    def __str__(self) -> str:
        low, high = self.interval
        return f"IoU {self.iou:.2f} ({low:.2f}-{high:.2f}) on labelled pixels of {self.where}"


@dataclass(frozen=True)
class Fitness:
    """What is known of the masks of one network; a concept that is not there was not tested."""

    fits: Mapping[tuple[str, str, str], Fit]
    """By concept, sensors (``optical``, ``sar``, ``optical+sar``) and :func:`gsd_class`."""

    def of(self, concept: str, *, sensors: str, gsd_m: float) -> Fit | None:
        """Return how a concept was mapped, or None where that was not tested.

        Args:
            concept: Key of the vocabulary.
            sensors: What the mask is drawn from.
            gsd_m: Ground sample distance, metres.
        """
        return self.fits.get((concept, sensors, gsd_class(gsd_m)))

    def to_json(self, *, weights_sha256: str) -> dict[str, JsonValue]:
        """Return what :func:`read_fitness` reads.

        Args:
            weights_sha256: Checksum of the weights that this is known of.
        """
        concepts: dict[str, JsonValue] = {}
        for (concept, sensors, kind), fit in self.fits.items():
            concepts.setdefault(concept, {}).setdefault(sensors, {})[kind] = asdict(fit)
        return {"weights_sha256": weights_sha256, "concepts": concepts}


def _fit(entry: Mapping[str, JsonValue]) -> Fit:
    low, high = entry["interval"]
    return Fit(
        iou=float(entry["iou"]),
        interval=(float(low), float(high)),
        places=tuple(entry["places"]),
        truth_px=int(entry["truth_px"]),
        index_iou=None if entry["index_iou"] is None else float(entry["index_iou"]),
    )


def read_fitness(folder: Path, *, weights_sha256: str) -> Fitness:
    """Return the fitness of the weights in a folder; empty where nobody has tested them.

    Args:
        folder: A folder of weights.
        weights_sha256: Checksum of the weights; a file that was made for others tells nothing about these.

    Raises:
        InputError: The file is damaged.
    """
    path = folder / FITNESS_FILE
    if not path.exists():
        return Fitness({})
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
        if document["weights_sha256"] != weights_sha256:
            return Fitness({})
        return Fitness({
            (concept, sensors, kind): _fit(entry)
            for concept, by_sensors in document["concepts"].items()
            for sensors, by_kind in by_sensors.items()
            for kind, entry in by_kind.items()
            if entry["iou"] is not None
        })  # fmt: skip
    except (KeyError, TypeError, ValueError) as err:
        raise InputError(f"{path.name} of the weights is damaged: {err}.", hint="Delete it, or test again.") from err
