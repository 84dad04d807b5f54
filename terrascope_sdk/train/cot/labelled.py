"""A labelled scene: which class each pixel shows, at one date or two, with the pictures that show it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

import numpy as np
from jaxtyping import Int8, Int32, UInt8

from terrascope_sdk.errors import InputError
from terrascope_sdk.types.concepts import get_concept

__all__ = ["LabelledScene"]


@dataclass(frozen=True, eq=False)
class LabelledScene:
    """Labels, what they mean, how large a pixel is, and the pictures of the same ground."""

    labels: Int8[np.ndarray, "y x"]
    """Position in `classes` at each pixel; -1 where there is no label."""

    classes: tuple[str, ...]
    """Keys of the vocabulary that the labels tell apart, whether or not they occur here."""

    gsd_m: float
    """Ground sample distance, metres."""

    pixel_area_m2: float = 0.0
    """Ground area of a pixel, m2; 0 stands for the square of `gsd_m`."""

    instances: Int32[np.ndarray, "y x"] | None = None
    """Number of the building at each pixel, 0 for none; None where single buildings are not told apart."""

    images: Mapping[str, UInt8[np.ndarray, "y x 3"]] = field(default_factory=dict)
    """Picture by modality: ``optical`` and ``sar`` of one date, ``pre`` and ``post`` of two."""

    labels_after: Int8[np.ndarray, "y x"] | None = None
    """Labels of a second date, coded as `labels`; None for one date."""

    id: str = ""
    """What to call the scene."""

    source: str = ""
    """Where the labels come from."""

    licence: str = ""
    """On which terms."""

    def __post_init__(self) -> None:
        if not self.gsd_m > 0 or self.pixel_area_m2 < 0:
            raise InputError(f"A pixel of {self.gsd_m} m and {self.pixel_area_m2} m2 has no size on the ground.")
        if self.pixel_area_m2 == 0:
            object.__setattr__(self, "pixel_area_m2", self.gsd_m**2)
        if len(set(self.classes)) != len(self.classes) or len(self.classes) > 127:
            raise InputError(f"Classes are at most 127 different keys, not {self.classes}.")
        for key in self.classes:
            limit = get_concept(key).max_gsd_m
            if limit is not None and self.gsd_m > limit:
                raise InputError(
                    f"{key!r} cannot be seen at {self.gsd_m:g} m a pixel.", hint=f"It needs {limit:g} m or finer."
                )
        self._check_arrays()

    def _check_arrays(self) -> None:
        for name, dtype in (("labels", np.int8), ("labels_after", np.int8), ("instances", np.int32)):
            array = getattr(self, name)
            if array is None:
                continue
            if array.ndim != 2 or array.size == 0 or array.shape != self.labels.shape or array.dtype != dtype:
                raise InputError(
                    f"{name} is {array.dtype}{list(array.shape)}, not {np.dtype(dtype)}[y x] of one shape."
                )
            if dtype is np.int8 and (int(array.min()) < -1 or int(array.max()) >= len(self.classes)):
                raise InputError(
                    f"{name} spans {array.min()} to {array.max()}, but there are {len(self.classes)} classes."
                )
        for name, picture in self.images.items():
            if picture.dtype != np.uint8 or picture.shape != (*self.labels.shape, 3):
                raise InputError(
                    f"The picture {name!r} is {picture.dtype}{list(picture.shape)}, not uint8{[*self.labels.shape, 3]}."
                )

    @property
    def shape(self) -> tuple[int, int]:
        """(rows, columns)."""
        height, width = self.labels.shape
        return height, width

    def turned(self, way: int) -> "LabelledScene":
        """Return the scene rotated and mirrored in one of eight ways; 0 leaves it as it is.

        Args:
            way: 0-7: quarter turns, plus 4 for mirrored first.
        """
        if way == 0:
            return self
        return self._mapped(lambda array: np.ascontiguousarray(np.rot90(array[:, ::-1] if way & 4 else array, way & 3)))

    def cut(self, *, row: int, column: int, height: int, width: int) -> "LabelledScene":
        """Return a window of the scene; row and column are of its upper left pixel."""
        window = (slice(row, row + height), slice(column, column + width))
        named = replace(self, id=f"{self.id}@{row},{column}")
        return named._mapped(lambda array: np.ascontiguousarray(array[window]))

    def windows(self, size_px: int = 256, *, stride_px: int = 0, min_labelled: float = 0.9) -> list["LabelledScene"]:
        """Return the windows that cover the scene, left to right, top to bottom.

        The last window of a row or column is moved back to end at the border; a scene smaller than a window is one.

        Args:
            size_px: Rows and columns of a window.
            stride_px: From one window to the next; 0 for windows side by side.
            min_labelled: Windows with a smaller share of labelled pixels are left out, 0-1.

        Raises:
            InputError: A window has no size.
        """
        if size_px < 1 or stride_px < 0:
            raise InputError(f"Windows of {size_px} pixels every {stride_px} pixels do not cover anything.")
        starts = []
        for length in self.shape:
            last = max(0, length - size_px)
            starts.append(sorted({*range(0, last, stride_px or size_px), last}))
        height, width = (min(size_px, length) for length in self.shape)
        found = []
        for row in starts[0]:
            for column in starts[1]:
                labelled = self.labels[row : row + height, column : column + width] >= 0
                if labelled.any() and labelled.mean() >= min_labelled:
                    found.append(self.cut(row=row, column=column, height=height, width=width))
        return found

    def _mapped(self, change: Callable[[np.ndarray], np.ndarray]) -> "LabelledScene":
        return replace(
            self,
            labels=change(self.labels),
            instances=None if self.instances is None else change(self.instances),
            labels_after=None if self.labels_after is None else change(self.labels_after),
            images={name: change(picture) for name, picture in self.images.items()},
        )

    def __repr__(self) -> str:
        dates = "two dates" if self.labels_after is not None else "one date"
        return f"LabelledScene({self.id!r}, {self.shape[0]} x {self.shape[1]} px at {self.gsd_m:g} m, {dates})"
