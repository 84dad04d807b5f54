"""Labelled scenes of known truth for the tests of Terra-CoT."""

import numpy as np
from scipy import ndimage

from terrascope_sdk.train.cot.labelled import LabelledScene

CLASSES = ("tree", "water", "developed", "grass", "bare")
TREE, WATER, DEVELOPED, GRASS, BARE = range(5)


def ground(code=TREE, *, height=100, width=100):
    return np.full((height, width), code, np.int8)


def scene_of(labels, *, gsd_m=10.0, **fields):
    return LabelledScene(labels, CLASSES, gsd_m, id="made", source="formula", licence="none", **fields)


def rough_scene(rng, *, size=96, classes=CLASSES, unlabelled=False):
    """Return random patches; sizes and shapes as different as landscapes'."""
    count = int(rng.integers(2, len(classes) + 1))
    fields = np.stack(
        [ndimage.gaussian_filter(rng.normal(size=(size, size)), rng.uniform(3, 12)) for _ in range(count)]
    )
    labels = (fields / fields.std(axis=(1, 2), keepdims=True)).argmax(0).astype(np.int8)
    if unlabelled:
        labels[: size // 8] = -1
    return LabelledScene(labels, classes, float(rng.choice([0.5, 10.0, 30.0])), id="rough")


def objects_scene(rng, *, size=96):
    """Return three separate discs on a plain ground."""
    labels = ground(0, height=size, width=size)
    rows, columns = np.mgrid[:size, :size]
    for code, (row, column) in enumerate(((20, 20), (24, 74), (74, 40)), start=1):
        away = np.hypot(rows - row - rng.integers(-5, 6), columns - column - rng.integers(-5, 6))
        labels[away < rng.uniform(8, 14)] = code
    return scene_of(labels)


def town(rng, *, size=96):
    """Return twenty buildings at 0.5 m, some of which are gone at the second date, each numbered."""
    labels, numbers = ground(0, height=size, width=size), np.zeros((size, size), np.int32)
    after = labels.copy()
    for k in range(20):
        row, column = 4 + 18 * (k // 5), 4 + 18 * (k % 5)
        labels[row : row + 8, column : column + 9] = 1
        numbers[row : row + 8, column : column + 9] = k + 1
        if k % 3:
            after[row : row + 8, column : column + 9] = 1
        elif k % 2:
            after[row : row + 3, column : column + 9] = 1  # three of eight rows stand: destroyed
    images = {name: rng.integers(0, 255, (size, size, 3), np.uint8) for name in ("pre", "post")}
    return LabelledScene(
        labels, ("bare", "building"), 0.5, instances=numbers, labels_after=after, images=images, id="town"
    )
