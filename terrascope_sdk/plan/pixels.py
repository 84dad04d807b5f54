"""Which pixels a plan's scenes give: the bands to load, and the dates on which nothing was seen."""

from __future__ import annotations

import numpy as np

from terrascope_sdk.plan.choosing import Chosen
from terrascope_sdk.stac import describe_item
from terrascope_sdk.types import ImageStack

__all__ = ["needed_bands", "unobserved"]

_BANDS = (
    "coastal", "blue", "green", "red", "rededge1", "rededge2", "rededge3", "nir", "nir08", "swir16", "swir22",
)  # fmt: skip


def needed_bands(chosen: Chosen) -> list[str]:
    """Return the common names of the bands that a reasoner can use, of those that the scenes have."""
    there = {band.name for s in chosen.scenes for band in describe_item(s.item).bands}
    return [b for b in (*_BANDS, "vv", "vh") if b in there]


def unobserved(stack: ImageStack) -> list[str]:
    """Return the dates on which nothing was seen, each with its sensor."""
    return [
        f"{sensor} {series.when(int(i))}"
        for sensor in stack.sensors
        for series in [stack.series(sensor)]
        for i in np.flatnonzero(~series.valid.any(axis=(1, 2)))
    ]
