"""Measures the masks of a chain with :mod:`terrascope_sdk.measure` and writes the results into the chain."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from jaxtyping import Bool

from terrascope_sdk import measure
from terrascope_sdk.errors import InputError, UndefinedMeasurement
from terrascope_sdk.model.result_words import place_of, result_words
from terrascope_sdk.types.aoi import Aoi
from terrascope_sdk.types.mask import Mask
from terrascope_sdk.types.measurement import Measurement

__all__ = ["Result", "Scribe"]


@dataclass(frozen=True)
class Result:
    """One result as it stands in a chain."""

    kind: str
    """What was measured."""

    masks: tuple[Mask, ...]
    """On what."""

    words: tuple[str, ...]
    """As the chain says it; ``no`` where it is not defined."""

    measurements: tuple[Measurement, ...]
    """The numbers, the one asked for first; empty where there is none."""

    problem: str = ""
    """Why it is not defined; empty when it is."""


@dataclass
class Scribe:
    """Measures for one chain, and keeps what it measured."""

    aoi: Aoi | None = None
    """Measure only inside; the whole image when None."""

    masks: dict[int, Mask] = field(default_factory=dict)
    """Masks by their number in the chain."""

    results: list[Result] = field(default_factory=list)
    """Results in order."""

    def __call__(self, kind: str, numbers: tuple[int, ...], masks: Sequence[Bool[np.ndarray, "y x"]]) -> Sequence[str]:
        """Measure masks by their numbers and return the words of the result."""
        chosen = tuple(self.masks[n] for n in numbers)
        try:
            value, measurements = self._measured(kind, numbers, chosen)
            words, problem = result_words(kind, value), ""
        except (UndefinedMeasurement, InputError) as err:
            words, measurements, problem = ("no",), (), str(err)
        self.results.append(Result(kind, chosen, words, measurements, problem))
        return words

    def _measured(
        self, kind: str, numbers: tuple[int, ...], masks: tuple[Mask, ...]
    ) -> tuple[float | bool | str | tuple[int, ...], tuple[Measurement, ...]]:
        first = masks[0]
        if kind in {"share", "present"}:
            share = measure.share(first, aoi=self.aoi)
            return (share.value > 0 if kind == "present" else float(share.value)), (share,)
        if kind == "area":
            area = measure.area(first, aoi=self.aoi)
            return float(area.value), (area, measure.share(first, aoi=self.aoi))
        if kind == "count":
            count = measure.count(first, aoi=self.aoi)
            return float(count.value), (count,)
        if kind == "distance":
            distance = measure.distance(*masks, aoi=self.aoi)
            return float(distance.value), (distance,)
        if kind == "touches":
            touches = measure.touches(*masks, neighbours=8, aoi=self.aoi)
            return bool(touches.value), (touches,)
        if kind == "order":
            ranked = measure.rank(masks, aoi=self.aoi)
            left = [(m.id, n) for n, m in zip(numbers, masks, strict=True)]
            order = []
            for found in ranked:  # two masks may hold the same pixels
                at = next(i for i, (mask_id, _) in enumerate(left) if mask_id == found.mask_ids[0])
                order.append(left.pop(at)[1])
            return tuple(order), ranked
        if kind == "change":
            moved = measure.change(*masks, aoi=self.aoi)
            return float(moved.net.value), (moved.net, moved.gain, moved.loss)
        if kind == "part":
            return self._part(*masks)
        inside = first if self.aoi is None else first.observed_within(first.grid.contains(self.aoi))
        return _place(inside), (measure.share(first, aoi=self.aoi),)

    def _part(self, part: Mask, whole: Mask) -> tuple[float, tuple[Measurement, ...]]:
        if not whole.pixels.any():
            raise UndefinedMeasurement(f"There is no {whole.label} to take a share of.")
        inside = measure.share(part.observed_within(whole.pixels), aoi=self.aoi)
        return float(inside.value), (inside, measure.area(part, aoi=self.aoi), measure.area(whole, aoi=self.aoi))


def _place(mask: Mask) -> str:
    rows, columns = np.nonzero(mask.pixels)
    if not len(rows):
        raise UndefinedMeasurement(f"There is no {mask.label}, so it lies nowhere.")
    height, width = mask.grid.shape
    return place_of(min(0.999, (columns.mean() + 0.5) / width), min(0.999, (rows.mean() + 0.5) / height))
