"""The real suite: labelled real scenes, cut into frames; the parts that nothing was trained on.

Bundled are Slovenia (a land-use register; test part, three clear dates) and Bolzano (a scene classification, which is
an algorithm's output: agreement with it is not accuracy). With a data folder come the Spain flood chip (water drawn by
hand) and Kampala (buildings; test part). No pair of real dates has labels of both, so nothing is asked of change.
"""

from collections.abc import Iterator, Mapping
from functools import cache, partial
from pathlib import Path

import numpy as np

from terrascope_sdk.evaluate.bench.building import build_questions
from terrascope_sdk.evaluate.bench.candidates import candidates_of
from terrascope_sdk.evaluate.bench.crop import crop_stack, windows_of
from terrascope_sdk.evaluate.bench.ground_truth import UNKNOWN, GroundTruth
from terrascope_sdk.evaluate.bench.scenes import BenchScene, see
from terrascope_sdk.evaluate.bench.suite import Suite, suite_of
from terrascope_sdk.evaluate.masks.place_dates import bundled_label, label_file, load_place
from terrascope_sdk.evaluate.masks.splits import SPLITS, Window
from terrascope_sdk.types.stack import ImageStack

__all__ = ["real_suite"]

_REGISTER: Mapping[str, tuple[int, ...]] = {"tree": (2,), "grass": (3,), "crop": (1,), "developed": (8,)}
_SCENE_CLASSES: Mapping[str, tuple[int, ...]] = {"vegetation": (4,), "water": (6,)}
_WATER = "sen1floods11-spain/Spain_7370579_LabelHand.tif"
_OUTLINES = "vhr-kampala-buildings/buildings.tif"
_MIN_KNOWN = 0.7
"""Least labelled and observed share of a frame, 0-1."""


@cache
def _place(name: str, date: int | None) -> ImageStack:
    """Return a place, with one date of its optical series when one is given."""
    stack = load_place(name)
    return stack if date is None else ImageStack(stack.grid, stack.series("optical").select([date]))


def _load(name: str, date: int | None, window: Window) -> ImageStack:
    return crop_stack(_place(name, date), window)


def _frames(
    name: str,
    codes: np.ndarray,
    legend: Mapping[str, tuple[int, ...]],
    area: Window,
    *,
    size_px: int,
    date: int | None = None,
    only: tuple[str, ...] = (),
) -> Iterator[BenchScene]:
    """Yield the frames of one place and date that are labelled and seen well enough."""
    stack = _place(name, date)
    height_m, width_m = stack.grid.pixel_size_m
    for window in windows_of(area, size_px):
        rows, columns = slice(window.top, window.bottom), slice(window.left, window.right)
        part = np.ascontiguousarray(codes[rows, columns])[None]
        seen = np.logical_or.reduce([stack.series(s).valid[0][rows, columns] for s in stack.sensors])
        if float(((part[0] != UNKNOWN) & seen).mean()) < _MIN_KNOWN:
            continue
        load = partial(_load, name, date, window)
        label = f"{name}-{date or 0}-{window.top}-{window.left}"
        grid = stack.grid.crop(row=window.top, column=window.left, height=size_px, width=size_px)
        yield BenchScene(label, GroundTruth(part, dict(legend)), grid, float((height_m * width_m) ** 0.5), only, load)


def _coded(codes: np.ndarray, known: np.ndarray) -> np.ndarray:
    return np.where(known, codes, UNKNOWN).astype(np.uint8)


def _bundled() -> Iterator[BenchScene]:
    register = bundled_label("slovenia", "lulc")
    valid = load_place("slovenia").series("optical").valid
    for date in (d for d in range(len(valid)) if valid[d].mean() > _MIN_KNOWN):
        codes = _coded(register, register != 0)
        yield from _frames("slovenia", codes, _REGISTER, SPLITS["slovenia"].test, size_px=45, date=date)
    classes = bundled_label("bolzano", "scl")
    codes = _coded(classes, np.isin(classes, [4, 5, 6]))
    whole = Window(0, classes.shape[0], 0, classes.shape[1])
    yield from _frames("bolzano", codes, _SCENE_CLASSES, whole, size_px=128)


def _given(data: Path) -> Iterator[BenchScene]:
    if (data / _WATER).is_file():
        label = label_file(data / _WATER, load_place("spain"))
        codes = _coded(np.maximum(label, 0), label >= 0)
        whole = Window(0, label.shape[0], 0, label.shape[1])
        yield from _frames("spain", codes, {"water": (1,)}, whole, size_px=128)
    if (data / _OUTLINES).is_file():
        label = label_file(data / _OUTLINES, load_place("kampala"))
        codes = _coded(label, np.ones(label.shape, bool))
        only = ("coverage", "area", "location")  # roofs touch, so regions are not buildings
        yield from _frames("kampala", codes, {"building": (1,)}, SPLITS["kampala"].test, size_px=176, only=only)


def real_suite(seed: int, n: int, data: Path | None = None) -> Suite:
    """Return questions about real scenes, up to `n` of each task; of some there are few, of some none.

    Args:
        seed: The same seed gives the same questions.
        n: Questions a task.
        data: Folder with the labels that are not bundled, one folder a scene.

    Raises:
        InputError: A label lies on another grid.
    """
    rng = np.random.default_rng([seed, 78])
    scenes = [*_bundled(), *(_given(data) if data is not None else ())]
    candidates = [c for scene in scenes for c in candidates_of(see(scene), rng)]
    return suite_of("real", scenes, build_questions(candidates, n, seed))
