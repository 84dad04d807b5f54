"""The training parts of the labelled real scenes, for stage 1 of the training; never their test parts."""

from pathlib import Path

import numpy as np

from terrascope_sdk.engine.moments import moments_of
from terrascope_sdk.engine.preparing import prepare
from terrascope_sdk.evaluate.masks.place_dates import bundled_label, label_file, load_place
from terrascope_sdk.evaluate.masks.real_building import OUTLINES
from terrascope_sdk.evaluate.masks.real_cover import REGISTER
from terrascope_sdk.evaluate.masks.splits import SPLITS, Window
from terrascope_sdk.model.config import CLASS_KEYS
from terrascope_sdk.model.views import Views
from terrascope_sdk.train.real_patches import RealScene
from terrascope_sdk.types.stack import ImageStack
from terrascope_sdk.worlds.scenes import UNLABELLED

__all__ = ["training_parts"]

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
    return _slovenia(), _kampala(data)


def _slovenia() -> RealScene:
    stack, window = load_place("slovenia"), SPLITS["slovenia"].train
    codes = bundled_label("slovenia", "lulc")[window.top : window.bottom, window.left : window.right]
    labels = np.full(codes.shape, UNLABELLED, np.uint8)
    for code, key in REGISTER.items():
        labels[codes == code] = CLASS_KEYS.index(key)
    return RealScene(_part(stack, window), labels, odds=0.4)


def _kampala(data: Path) -> RealScene:
    stack, window = load_place("kampala"), SPLITS["kampala"].train
    outlines = label_file(data / OUTLINES, stack)[window.top : window.bottom, window.left : window.right]
    buildings = outlines == 1
    labels = np.where(buildings, CLASS_KEYS.index("developed"), UNLABELLED).astype(np.uint8)
    return RealScene(_part(stack, window), labels, buildings, odds=0.6)
