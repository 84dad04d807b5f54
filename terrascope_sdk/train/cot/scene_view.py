"""What chains need to know about the labels of one date: counts, masks, regions, computed once, on demand."""

from collections.abc import Mapping
from functools import cached_property

import numpy as np
from jaxtyping import Bool, Int8, Int32, Int64
from scipy import ndimage

from terrascope_sdk.train.cot.labelled import LabelledScene
from terrascope_sdk.train.cot.nearness import opened, within_px
from terrascope_sdk.train.cot.rle import Rle, RunMap
from terrascope_sdk.types.concepts import get_concept, vocabulary

__all__ = ["ALL_BUILT", "ALL_PLANTS", "Regions", "SceneView"]

ALL_BUILT, ALL_PLANTS = "all developed", "all vegetation"
"""Concepts with all the narrower classes that the labels tell apart; other keys stand for their own label only."""

_NARROWER = {"developed": ("building", "road")} | {c.key: c.members for c in vocabulary.values() if c.members}


class Regions:
    """The edge-connected regions of a class, largest first."""

    def __init__(self, mask: Bool[np.ndarray, "y x"], least_px: int) -> None:
        """Find the regions.

        Args:
            mask: Pixels of the class.
            least_px: Smaller regions are left out.
        """
        labelled, n = ndimage.label(mask, output=np.int32)
        self.labels: Int32[np.ndarray, "y x"] = labelled
        """Number of the region at each pixel, in reading order; 0 for none."""
        sizes = np.bincount(labelled.ravel(), minlength=n + 1)
        order = np.argsort(-sizes[1:], kind="stable") + 1
        self.numbers: Int64[np.ndarray, " region"] = order[sizes[order] >= least_px]
        """Numbers of the regions that count, largest first."""
        self.sizes_px: Int64[np.ndarray, " region"] = sizes[self.numbers]
        """Their pixels."""

    def __len__(self) -> int:
        return len(self.numbers)

    def mask(self, rank: int) -> Bool[np.ndarray, "y x"]:
        """Return one region; rank 0 is the largest."""
        return np.asarray(self.labels == self.numbers[rank])


class SceneView:
    """Labels of one date, seen through questions."""

    def __init__(self, scene: LabelledScene, labels: Int8[np.ndarray, "y x"] | None = None) -> None:
        """Look at a scene.

        Args:
            scene: What the codes mean and how large a pixel is.
            labels: Codes to look at; those of the scene's first date when left out.
        """
        self.scene = scene
        self.labels = scene.labels if labels is None else labels
        self.height, self.width = self.labels.shape
        counts = np.bincount(self.labels.ravel().astype(np.int16) + 1, minlength=len(scene.classes) + 1)
        self.total = int(counts[1:].sum())
        """Labelled pixels."""
        self.counts: Mapping[str, int] = {key: int(n) for key, n in zip(scene.classes, counts[1:], strict=True)}
        """Pixels of each class."""
        self.present = sorted((key for key, n in self.counts.items() if n), key=lambda key: (-self.counts[key], key))
        """Classes that occur, largest first."""
        self.gsd_m = float(f"{scene.gsd_m:.4g}")
        """Ground sample distance as a text writes it, m."""
        self.pixel_m2 = float(f"{scene.pixel_area_m2:.4g}")
        """Ground area of a pixel as a text writes it, m2."""
        self._masks: dict[str, Bool[np.ndarray, "y x"]] = {}
        self._encoded: dict[str, Rle] = {}
        self._opened: dict[str, Bool[np.ndarray, "y x"]] = {}
        self._regions: dict[tuple[str, int], Regions] = {}

    @property
    def whole(self) -> bool:
        """Whether every pixel has a label."""
        return self.total == self.labels.size

    @cached_property
    def valid(self) -> Bool[np.ndarray, "y x"]:
        """True where there is a label."""
        return np.asarray(self.labels >= 0)

    @cached_property
    def runs(self) -> RunMap:
        """Runs of the codes."""
        return RunMap(self.labels)

    def codes(self, key: str) -> tuple[int, ...]:
        """Return the codes that a concept takes in; none where the labels do not have it."""
        wide = key.removeprefix("all ")
        names = (wide, *_NARROWER[wide]) if wide != key else (key,)
        return tuple(self.scene.classes.index(name) for name in names if name in self.scene.classes)

    def count(self, key: str) -> int:
        """Return the pixels of a concept."""
        return sum(self.counts[self.scene.classes[code]] for code in self.codes(key))

    def share(self, key: str) -> float:
        """Return the pixels of a concept over the labelled pixels, 0-1."""
        return self.count(key) / self.total if self.total else 0.0

    def classes_from(self, share: float) -> list[str]:
        """Return the classes with at least a share of the labelled pixels, largest first."""
        return [key for key in self.present if self.counts[key] >= share * self.total]

    def mask(self, key: str) -> Bool[np.ndarray, "y x"]:
        """Return the pixels of a concept."""
        if key not in self._masks:
            codes = self.codes(key)
            self._masks[key] = self.labels == codes[0] if len(codes) == 1 else np.isin(self.labels, codes)
        return self._masks[key]

    def rle(self, key: str) -> Rle:
        """Return the pixels of a concept, encoded; each call gives a value of its own."""
        if key not in self._encoded:
            self._encoded[key] = self.runs.encode(*self.codes(key))
        found = self._encoded[key]
        return {"size": list(found["size"]), "counts": found["counts"]}

    def name(self, key: str) -> str:
        """Return how a text calls a concept; *other* where narrower classes have labels of their own."""
        title = get_concept(key.removeprefix("all ")).title
        return f"other {title}" if any(name in self.scene.classes for name in _NARROWER.get(key, ())) else title

    def opened(self, key: str) -> Bool[np.ndarray, "y x"]:
        """Return a concept without its parts narrower than three pixels."""
        if key not in self._opened:
            self._opened[key] = opened(self.mask(key))
        return self._opened[key]

    def regions(self, key: str, least_px: int = 1) -> Regions:
        """Return the regions of a concept."""
        if (key, least_px) not in self._regions:
            self._regions[key, least_px] = Regions(self.mask(key), least_px)
        return self._regions[key, least_px]

    def near(self, key: str, metres: float) -> Bool[np.ndarray, "y x"]:
        """Return where a concept is at most so far away, between pixel centres; the concept itself included."""
        return within_px(self.mask(key), metres / self.gsd_m)

    @cached_property
    def edges(self) -> Int64[np.ndarray, "code other"]:
        """Pixel edges that two classes share, by their codes."""
        n = len(self.scene.classes)
        found = np.zeros((n, n), np.int64)
        codes = self.labels.astype(np.int16)
        for a, b in ((codes[:, :-1], codes[:, 1:]), (codes[:-1], codes[1:])):
            apart = (a != b) & (a >= 0) & (b >= 0)
            pairs = np.bincount(a[apart].astype(np.int64) * n + b[apart], minlength=n * n).reshape(n, n)
            found += pairs + pairs.T
        return found
