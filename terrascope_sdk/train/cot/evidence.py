"""The masks of a sample, decoded, as the evidence that its sentences are checked against."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from jaxtyping import Bool
from scipy import ndimage

from terrascope_sdk.errors import InputError

__all__ = ["Evidence"]


@dataclass(eq=False)
class Evidence:
    """What a chain points at. Everything is computed from the masks anew, in the plain way."""

    parts: Mapping[str, Sequence[Bool[np.ndarray, "y x"]]]
    """Masks by the name that the chain gives them; several where single things are told apart."""

    valid: Bool[np.ndarray, "y x"]
    """True where the scene has a label."""

    gsd_m: float
    """Ground sample distance, m."""

    pixel_m2: float
    """Ground area of a pixel, m2."""

    stated: dict[str, float] = field(default_factory=dict)
    """Numbers that rules in the chain have stated so far, by rule and slot."""

    def mask(self, name: str) -> Bool[np.ndarray, "y x"]:
        """Return the pixels that a name stands for.

        Raises:
            InputError: The chain points at nothing of that name.
        """
        if name not in self.parts:
            raise InputError(f"nothing called {name!r} is pointed at")
        parts = self.parts[name]
        return np.logical_or.reduce(parts) if len(parts) else np.zeros_like(self.valid)

    def count(self, name: str) -> int:
        """Return the pixels of a name."""
        return int(np.count_nonzero(self.mask(name)))

    def regions_px(self, name: str) -> np.ndarray:
        """Return the pixels of each edge-connected region, in no order."""
        labelled, _ = ndimage.label(self.mask(name))
        return np.bincount(labelled.ravel())[1:]

    def centre(self, name: str) -> tuple[float, float]:
        """Return the mean of the pixel centres as (row, column)."""
        rows, columns = np.nonzero(self.mask(name))
        if not len(rows):
            raise InputError(f"{name!r} is empty and has no centre")
        return int(rows.sum()) / len(rows) + 0.5, int(columns.sum()) / len(rows) + 0.5

    def away_px(self, name: str) -> np.ndarray:
        """Return the distance of each pixel to a name, between centres, pixels; inf if it is empty."""
        mask = self.mask(name)
        if not mask.any():
            return np.full(mask.shape, np.inf)
        return np.asarray(ndimage.distance_transform_edt(~mask))

    def apart_px(self, name: str, other: str) -> float:
        """Return the smallest distance between two names, between centres, pixels."""
        there = self.away_px(name)[self.mask(other)]
        return float(there.min()) if len(there) else float("inf")

    def within(self, name: str, metres: float) -> Bool[np.ndarray, "y x"]:
        """Return where a name is at most so far away."""
        return np.asarray(self.away_px(name) * self.gsd_m <= metres + 1e-6)

    def around(self, name: str) -> Bool[np.ndarray, "y x"]:
        """Return the eight neighbours of a name, itself left out."""
        mask = self.mask(name)
        return np.asarray(ndimage.binary_dilation(mask, np.ones((3, 3))) & ~mask)
