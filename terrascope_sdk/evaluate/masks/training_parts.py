"""The training parts of the labelled real scenes, for stage 1 of the training; never their test parts."""

from pathlib import Path

import numpy as np
import torch

from terrascope_sdk.engine.moments import moments_of
from terrascope_sdk.engine.preparing import prepare
from terrascope_sdk.evaluate.masks.place_dates import bundled_label, label_file, load_place
from terrascope_sdk.evaluate.masks.real_building import OUTLINES
from terrascope_sdk.evaluate.masks.splits import SPLITS, Window
from terrascope_sdk.model.config import CLASS_KEYS
from terrascope_sdk.model.views import Views
from terrascope_sdk.train.real_patches import RealScene
from terrascope_sdk.types.stack import ImageStack
from terrascope_sdk.worlds.scenes import UNLABELLED

__all__ = ["training_parts"]

_REGISTER = {1: "crop", 2: "tree", 3: "grass", 4: "shrub", 8: "developed"}
_SEEN_FRAC = 0.7


def _part(stack: ImageStack, window: Window) -> Views:
    """Return the dates of which most was observed, in a window; clouded ground stays unobserved."""
    moments = moments_of(stack, sensor="optical")
    inside = window.mask(stack.grid.shape)
    clear = [m for m in moments if m.observed(stack)[inside].mean() >= _SEEN_FRAC]
    views = prepare(stack, clear).views
    return views.window(slice(window.top, window.bottom), slice(window.left, window.right))


def training_parts(data: Path) -> tuple[RealScene, ...]:
    """Return the northern half of the Slovenian scene and the western half of Kampala with their labels.

    Args:
        data: Folder that holds ``vhr-kampala-buildings``.

    Raises:
        RasterError: A label cannot be read.
    """
    found = []
    for name, odds in (("slovenia", 0.4), ("kampala", 0.6)):
        stack, window = load_place(name), SPLITS[name].train
        rows, columns = slice(window.top, window.bottom), slice(window.left, window.right)
        labels = np.full(stack.grid.shape, UNLABELLED, np.uint8)
        buildings = None
        if name == "slovenia":
            codes = bundled_label(name, "lulc")
            for code, key in _REGISTER.items():
                labels[codes == code] = CLASS_KEYS.index(key)
        else:
            buildings = (label_file(data / OUTLINES, stack) == 1)[rows, columns]
            labels[rows, columns][buildings] = CLASS_KEYS.index("developed")
        views = _part(stack, window)
        assert torch.isfinite(views.optical).all()
        found.append(RealScene(views, labels[rows, columns], buildings, odds))
    return tuple(found)
