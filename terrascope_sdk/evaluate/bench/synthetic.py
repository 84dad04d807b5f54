"""The synthetic suite: fresh worlds at 10 m (ten bands and SAR, 35 % of the dates cloudy) and towns at about 0.5 m.

Torch takes a CPU seed modulo 2 ** 32, so "far from training's seeds" means far within that range: training counts up
from small numbers, the benchmark from three thousand million.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import lru_cache, partial

import numpy as np
from affine import Affine

from terrascope_sdk.evaluate.bench.ground_truth import GroundTruth
from terrascope_sdk.evaluate.bench.scenes import BenchScene
from terrascope_sdk.train.lessons import LabelledPair
from terrascope_sdk.types.grid import PixelGrid
from terrascope_sdk.types.series import ImageSeries
from terrascope_sdk.types.stack import ImageStack
from terrascope_sdk.worlds.scenes import Scenes, WorldOptions, make_scenes, make_towns

__all__ = ["COMPOSED", "RARE", "WORLD", "landscapes", "nominal_grid", "towns"]

WORLD = WorldOptions(gsd_m=(10.0,), ten_bands=True)
"""Kind of landscapes: as Sentinel-2 and Sentinel-1 see them, 128 x 128 pixels, 35 % of the dates cloudy."""

COMPOSED = replace(WORLD, composed_frac=1.0)
"""Scenes composed of separate objects, as landscapes hardly hold what the tasks of :data:`RARE` need."""

RARE = ("boundary", "distance", "change")
"""Tasks that are also asked of composed scenes."""

_BATCH = 16
_LANDSCAPES, _TOWNS, _STEP = 3_000_000_000, 3_600_000_000, 50_000
_SEEDS = 10_000
_TOWN_GSD_M = (0.35, 0.71)
_TEN = ("blue", "green", "red", "rededge1", "rededge2", "rededge3", "nir", "nir08", "swir16", "swir22")
_CAMERA = ("blue", "green", "red", "nir")
_TIMES = (datetime(2020, 6, 1, tzinfo=UTC), datetime(2021, 6, 1, tzinfo=UTC))
_QUANTITY = ("surface_reflectance", "toa_reflectance", "display")


def nominal_grid(size: tuple[int, int], gsd_m: float) -> PixelGrid:
    """Return a grid for pixels without a place: UTM 32 north, where the projection keeps lengths.

    Args:
        size: Rows and columns.
        gsd_m: Metres a pixel.
    """
    return PixelGrid("EPSG:32632", Affine(gsd_m, 0, 680_400, 0, -gsd_m, 5_000_000), *size)


@lru_cache(maxsize=3)
def _batch(seed: int, *, fine: bool) -> Scenes:
    """Return a batch; landscapes of odd seeds are composed."""
    return make_towns(seed, _BATCH) if fine else make_scenes(seed, _BATCH, COMPOSED if seed % 2 else WORLD)


def _pair(scenes: Scenes, i: int) -> LabelledPair:
    labels, marks, burned = (t[i].numpy() for t in (scenes.labels, scenes.marks, scenes.burned))
    return LabelledPair(labels, marks, burned, float(scenes.gsd_m[i]))


def stack_of(scenes: Scenes, i: int, *, fine: bool = False) -> ImageStack:
    """Return one of several made scenes, both dates, as a user would have it.

    Args:
        scenes: Landscapes with ten bands, or towns.
        i: Which of them.
        fine: Whether they are towns.
    """
    grid = nominal_grid((scenes.labels.shape[-2], scenes.labels.shape[-1]), float(scenes.gsd_m[i]))
    bands = int(scenes.present[i].sum())
    optical = ImageSeries(
        "optical", np.array(scenes.optical[i, :, :bands].numpy(), np.float32), scenes.optical_valid[i].numpy().copy(),
        (_CAMERA if fine else _TEN)[:bands], _TIMES, _QUANTITY[int(scenes.quantity[i])], grid,
        platforms=("" if fine else "sentinel-2a",) * 2, attribution="synthetic data",
    )  # fmt: skip
    if not bool(scenes.has_sar[i]):
        return ImageStack(grid, optical)
    radar = np.array(scenes.sar[i].numpy(), np.float32)
    sar = ImageSeries(
        "sar", radar, np.ones(optical.valid.shape, bool), ("vv", "vh"), tuple(t + timedelta(days=1) for t in _TIMES),
        "gamma0_rtc", grid, attribution="synthetic data",
    )  # fmt: skip
    return ImageStack(grid, optical, sar)


def _stack(seed: int, i: int, *, fine: bool) -> ImageStack:
    return stack_of(_batch(seed, fine=fine), i, fine=fine)


def _scenes(seed: int, *, fine: bool, keep: Callable[[float], bool]) -> Iterator[BenchScene]:
    name, only = ("town", ()) if fine else ("composed", RARE) if seed % 2 else ("land", ())
    scenes = _batch(seed, fine=fine)
    for i in range(len(scenes)):
        pair = _pair(scenes, i)
        if keep(pair.gsd_m):
            grid = nominal_grid((pair.labels.shape[1], pair.labels.shape[2]), pair.gsd_m)
            load = partial(_stack, seed, i, fine=fine)
            yield BenchScene(f"{name}-{seed}-{i}", GroundTruth.from_pair(pair), grid, pair.gsd_m, only, load)


def landscapes(seed: int) -> Iterator[BenchScene]:
    """Yield scenes at 10 m, by turns 16 landscapes and 16 composed ones, without end, the same ones for a seed."""
    start = _LANDSCAPES + (seed % _SEEDS) * _STEP
    for k in range(_STEP):
        yield from _scenes(start + k, fine=False, keep=lambda _: True)


def towns(seed: int) -> Iterator[BenchScene]:
    """Yield towns at 0.35 to 0.71 m without end, the same ones for a seed."""
    start = _TOWNS + (seed % _SEEDS) * _STEP
    low, high = _TOWN_GSD_M
    for k in range(_STEP):
        yield from _scenes(start + k, fine=True, keep=lambda gsd_m: low <= gsd_m <= high)
