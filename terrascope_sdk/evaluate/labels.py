"""Labels: class maps, instance maps and flags, with what is no data in them.

No data is what the question files' README lists for a file; in the other labels it names, every code is a class. In
labels that it does not name, no data is the file's own tag, every negative code (no legend uses them for a class) and,
in a band called SCL, 0. But a code that the question asks about is a class, and so is a tagged 0 that would leave only
one class: that is a plain mask. NaN is no data everywhere. In a bit field (``file.tif bit N``) bit 0 marks fill, as in
Landsat's QA_PIXEL, unless bit 0 is what is asked or the file is known to use it otherwise.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import PurePosixPath

import numpy as np

from terrascope_sdk.evaluate.layers import Layer
from terrascope_sdk.stac.rasters import missing_codes
from terrascope_sdk.types import Mask, PixelGrid

__all__ = ["Label", "fill_of", "label_at"]

_LISTED: tuple[tuple[str, int, float | None], ...] = (
    ("lulc", 1, 0),
    ("*labelhand", 1, -1),
    ("s2_l2a_sample", 5, 0),
    ("nlcd", 1, 255),
    ("naf_*", 1, 0),
    ("urbain_*", 1, None),
    ("buildings", 1, None),
    ("building_instances", 1, None),
    ("change_reference", 1, None),
)
"""File name without its ending (lower case), band, code of no data; None: every code is a class, whatever the tag."""

_BIT_0_IS_NO_FILL = ("*fmask*", "*qa60*", "*state_*")
"""Bit fields whose bit 0 means something else: HLS Fmask, Sentinel-2 QA60, MODIS state."""


@dataclass(frozen=True, eq=False)
class Label:
    """Codes of one date, with where they say something."""

    codes: np.ndarray
    """Class, instance or flag (0 and 1) at each pixel, shape (y, x)."""

    valid: np.ndarray
    """True where the label says something, bool (y, x)."""

    grid: PixelGrid
    """Where the pixels lie."""

    def mask(self, values: Sequence[float] | None) -> Mask:
        """Return the pixels of some classes together.

        Args:
            values: Codes; None for every code other than 0, which is what flags and instances need.
        """
        if values is None:
            inside = self.codes != 0
            name = "flagged"
        else:
            wanted = np.array(values, self.codes.dtype if self.codes.dtype.kind == "f" else None)
            inside = np.isin(self.codes, wanted)
            name = "class " + " + ".join(f"{v:g}" for v in values)
        return Mask(inside & self.valid, self.valid, self.grid, name)

    def instances(self) -> np.ndarray:
        """Return the distinct valid codes other than 0, ascending."""
        found = np.unique(self.codes[self.valid])
        return np.asarray(found[found != 0])


def _listed(layer: Layer) -> tuple[bool, float | None]:
    stem = PurePosixPath(layer.source.file).stem.lower()
    for pattern, band, code in _LISTED:
        if layer.source.array is None and layer.source.band == band and fnmatch(stem, pattern):
            return True, code
    return False, None


def fill_of(layer: Layer, when: int = 0, *, asked: Sequence[float] = ()) -> np.ndarray:
    """Return where a layer says nothing on one date, bool (y, x).

    Args:
        layer: A label or a flag.
        when: Position of the date.
        asked: Codes that a question names as classes: they say something.
    """
    codes = layer.codes[when]
    known, code = _listed(layer)
    if known:
        return missing_codes(codes, code)
    if layer.source.bit is not None:
        return np.asarray(missing_codes(codes, layer.nodata or None) | _bit_fill(layer, codes))
    fill = missing_codes(codes, layer.nodata)
    if layer.nodata is None and layer.name.upper() == "SCL":  # Sen2Cor scene classification
        fill = fill | (codes == 0)
    if layer.nodata == 0 and _all_alike(codes[~fill]):
        fill = missing_codes(codes, None)
    return np.asarray((fill | (codes < 0)) & ~np.isin(codes, asked))


def _bit_fill(layer: Layer, codes: np.ndarray) -> np.ndarray:
    name = PurePosixPath(layer.source.file).name.lower()
    usual = not any(fnmatch(name, pattern) for pattern in _BIT_0_IS_NO_FILL)
    return np.asarray((codes & 1) != 0) if usual and layer.source.bit != 0 else np.zeros(codes.shape, bool)


def _all_alike(codes: np.ndarray) -> bool:
    return codes.size > 0 and bool((codes == codes.flat[0]).all())


def label_at(layer: Layer, when: int = 0, *, asked: Sequence[float] = ()) -> Label:
    """Return a layer's label on one date; a bit field becomes flags, 0 and 1.

    Args:
        layer: What was read.
        when: Position of the date.
        asked: Codes that a question names as classes.
    """
    codes = layer.codes[when]
    if layer.source.bit is not None:
        codes = ((codes >> layer.source.bit) & 1).astype(np.uint8)
    return Label(codes, ~fill_of(layer, when, asked=asked), layer.grid)
