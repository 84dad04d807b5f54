"""Synthetic worlds as scenes for Terra-CoT: exact labels of one date or two, with the pictures that show them."""

import numpy as np
import torch
from jaxtyping import Float32, UInt8
from torch import Tensor

from terrascope_sdk.train.cot.labelled import LabelledScene
from terrascope_sdk.worlds.scenes import UNLABELLED, WorldOptions, make_scenes
from terrascope_sdk.worlds.spectra import CLASSES

__all__ = ["WorldScenes"]

_RGB = (2, 1, 0)
_VV_DB, _VH_DB, _RATIO_DB = (-22.0, -2.0), (-29.0, -9.0), (3.0, 13.0)


class WorldScenes:
    """Makes a scene from a generator: half of them show one date with both sensors, half two dates of one."""

    def __init__(self, size_px: int = 256, *, pictures: bool = True, visits: int = 8) -> None:
        """Say what kind of scenes.

        Args:
            size_px: Rows and columns.
            pictures: Whether pictures come with the labels.
            visits: How often samples are made of a scene, each time turned or mirrored at random and asked anew.
        """
        self.pictures, self.visits = pictures, visits
        self._options = WorldOptions(size=size_px, cloudy_frac=0.0, ten_bands=True)
        self.__qualname__ = (
            f"WorldScenes({size_px}, pictures={pictures}, visits={visits})"  # what a resumed run is told by
        )

    def __call__(self, rng: np.random.Generator) -> LabelledScene:
        """Return a scene; the same state of the generator gives the same one."""
        seed = int(rng.integers(2**31))
        two = bool(rng.random() < 0.5)
        threads = torch.get_num_threads()
        torch.set_num_threads(1)  # scenes are small: more threads only wait for each other
        try:
            scenes = make_scenes(seed, 1, self._options)
        finally:
            torch.set_num_threads(threads)
        first, second = (_coded(scenes.labels[0, when]) for when in (0, 1))
        images: dict[str, UInt8[np.ndarray, "y x 3"]] = {}
        if self.pictures and two:
            pre, post = _stretched([scenes.optical[0, when, list(_RGB)].numpy() for when in (0, 1)])
            images = {"pre": pre, "post": post}
        elif self.pictures:
            images = {
                "optical": _stretched([scenes.optical[0, 0, list(_RGB)].numpy()])[0],
                "sar": _radar(scenes.sar[0, 0].numpy()),
            }
        return LabelledScene(
            first, CLASSES, float(scenes.gsd_m[0]), images=images, labels_after=second if two else None,
            id=f"world-{seed}", source="synthetic worlds of terrascope_sdk", licence="CC0-1.0",
        )  # fmt: skip


def _coded(labels: Tensor) -> np.ndarray:
    return torch.where(labels == UNLABELLED, -1, labels.to(torch.int16)).to(torch.int8).numpy()


def _stretched(images: list[Float32[np.ndarray, "3 y x"]]) -> list[UInt8[np.ndarray, "y x 3"]]:
    """Return true colours, stretched alike on all dates."""
    values = np.stack(images)
    low, high = np.quantile(values, (0.01, 0.985))
    scaled = np.clip((values - low) / max(high - low, 0.02), 0, 1) ** 0.8
    return [np.ascontiguousarray(np.moveaxis((i * 255).astype(np.uint8), 0, -1)) for i in scaled]


def _radar(image: Float32[np.ndarray, "2 y x"]) -> UInt8[np.ndarray, "y x 3"]:
    """Return VV, VH and their ratio as red, green and blue."""
    vv, vh = image
    parts = [(vv, _VV_DB), (vh, _VH_DB), (vv - vh, _RATIO_DB)]
    shown = [np.clip((value - low) / (high - low), 0, 1) for value, (low, high) in parts]
    return np.ascontiguousarray((np.stack(shown, -1) * 255).astype(np.uint8))
