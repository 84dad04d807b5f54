"""Fresh synthetic scenes for tests: seeds far from those of training, and sensor sets cut out of the same scenes.

Training draws with ``(seed * 1_000_003 + step) * 2`` and one more, or ``10_000_019 * seed`` and some, below 2 * 10**9
for any seed below 199; the tests here draw from 7 * 10**15 upwards. The generator of a CPU counts modulo 2**32, so
these are 2,171,437,056 and above: no scene of a test was trained on with such a seed.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

import numpy as np
import torch
from jaxtyping import Bool

from terrascope_sdk.evaluate.masks.network import MaskNetwork, Seen
from terrascope_sdk.model.bands import band_table
from terrascope_sdk.model.views import Views
from terrascope_sdk.worlds.scenes import Scenes, WorldOptions, make_scenes, make_towns
from terrascope_sdk.worlds.seen import views_of

__all__ = [
    "BAND_SETS",
    "CLEAR",
    "CLOUDED",
    "SENSOR_SETS",
    "USUAL",
    "Pair",
    "fresh_scenes",
    "fresh_towns",
    "held",
    "look_twice",
    "with_bands",
]

USUAL = WorldOptions(ten_bands=True, gsd_m=(10.0,), cloudy_frac=0.35)
"""Scenes as in the benchmark: 10 m, ten bands, 35 % of the dates cloudy."""

CLEAR = replace(USUAL, cloudy_frac=0.0)
"""The same without clouds: what is left is what spectra, backscatter and shapes leave open."""

CLOUDED = replace(USUAL, cloudy_frac=1.0, cloud_share=(0.5, 0.7))
"""The same with every date about 60 % under cloud."""

SENSOR_SETS: Mapping[str, tuple[bool, bool]] = MappingProxyType({
    "optical+sar": (True, True), "optical": (True, False), "sar": (False, True),
})  # fmt: skip
"""Whether optical and SAR are shown, by name of the sensor set."""

BAND_SETS: Mapping[str, tuple[str, ...]] = MappingProxyType({
    "ten bands": ("blue", "green", "red", "rededge1", "rededge2", "rededge3", "nir", "nir08", "swir16", "swir22"),
    "Landsat-like": ("blue", "green", "red", "nir08", "swir16", "swir22"),
    "four bands": ("blue", "green", "red", "nir"),
    "RGB": ("blue", "green", "red"),
})  # fmt: skip
"""Subsets of the ten bands of Sentinel-2; the Landsat-like one has the narrow near infrared band, as OLI does."""

_BASE = 7_000_000_000_000_000
_BATCH = 5
_TOWNS_GSD_M = (0.35, 0.7)


def _seed(seed: int, batch: int, *, towns: bool) -> int:
    return _BASE + (seed * 100_000 + batch) * 2 + towns


def fresh_scenes(seed: int, n: int, options: WorldOptions = USUAL) -> Iterator[Scenes]:
    """Yield `n` scenes in batches.

    Args:
        seed: Of the test; the same seed gives the same scenes whatever `n`, up to the last batch.
        n: How many.
        options: What kinds of scenes.
    """
    for batch in range(-(-n // _BATCH)):
        made = make_scenes(_seed(seed, batch, towns=False), _BATCH, options)
        yield made.select(slice(0, min(_BATCH, n - batch * _BATCH)))


def fresh_towns(seed: int, n: int) -> Iterator[Scenes]:
    """Yield `n` towns at 0.35 to 0.7 m, about 0.5 m, in batches."""
    batch = made = 0
    low, high = _TOWNS_GSD_M
    while made < n:
        towns = make_towns(_seed(seed, batch, towns=True), _BATCH)
        batch += 1
        near = torch.nonzero((towns.gsd_m >= low) & (towns.gsd_m <= high))[:, 0][: n - made]
        if len(near):
            made += len(near)
            yield towns.select(near)


def held(scenes: Scenes, when: int, sensors: str) -> Views:
    """Return one date of scenes as one of :data:`SENSOR_SETS` shows it."""
    optical, sar = (torch.full((len(scenes),), keep) for keep in SENSOR_SETS[sensors])
    return views_of(scenes, when, keep_optical=optical, keep_sar=sar)


@dataclass(frozen=True, eq=False)
class Pair:
    """What the network makes of both dates of a batch of scenes."""

    seen: tuple[Seen, Seen]
    """The earlier and the later date."""

    observed: tuple[Bool[np.ndarray, "scene y x"], Bool[np.ndarray, "scene y x"]]
    """Where each date saw the ground."""


def look_twice(network: MaskNetwork, scenes: Scenes, sensors: str) -> Pair:
    """Return what the network makes of both dates with one of :data:`SENSOR_SETS`."""
    first, second = held(scenes, 0, sensors), held(scenes, 1, sensors)
    seen = (network.look(first), network.look(second))
    observed = [(v.optical_valid | v.sar_valid).numpy() for v in (first, second)]
    return Pair(seen, (observed[0], observed[1]))


def with_bands(views: Views, names: tuple[str, ...]) -> Views:
    """Return the same images with only some of their bands, told by their wavelengths in Sentinel-2."""
    table = band_table["sentinel-2"]
    wanted = torch.tensor([table[n].centre_nm for n in names])
    keep = torch.isclose(views.centres_nm[..., None], wanted).any(-1) & views.present
    return replace(views, present=keep)
