"""Labelled scenes from raster files: codes through a crosswalk, pictures of the same grid, true ground sizes."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np

from terrascope_sdk.errors import InputError
from terrascope_sdk.stac.rasters import Raster, missing_codes, read_raster
from terrascope_sdk.train.cot.crosswalks import apply_crosswalk
from terrascope_sdk.train.cot.labelled import LabelledScene
from terrascope_sdk.types import PixelGrid

__all__ = ["picture_of", "scene_from_raster"]


def scene_from_raster(
    path: Path | str,
    crosswalk: Mapping[int, str],
    *,
    images: Mapping[str, Path] | None = None,
    after: Path | str | None = None,
    gsd_m: float | None = None,
    source: str = "",
    licence: str = "",
) -> LabelledScene:
    """Read a label raster as one scene; cut it with :meth:`LabelledScene.windows`.

    A code of no data, as the file's tag says, is no label. Pixel sizes are those of the ground in the middle of the
    scene, to four digits, so that products of the numbers in a text come out as written.

    Args:
        path: Labels, one band of whole numbers.
        crosswalk: Key of the vocabulary by code; see :mod:`terrascope_sdk.train.cot.crosswalks`.
        images: Raster by modality, on the grid of the labels: see :func:`picture_of`.
        after: Labels of a second date, on the same grid and with the same codes.
        gsd_m: Ground sample distance in m, for a file without a georeference.
        source: Where the labels come from; the file's name when left out.
        licence: On which terms.

    Raises:
        InputError: The files differ in shape, no code has a class, or there is neither a georeference nor `gsd_m`.
        RasterError: A file cannot be read.
    """
    raster = read_raster(path, bands=[1])
    labels, classes = _labels(raster, crosswalk)
    side_m, area_m2 = _ground(raster.grid, gsd_m, raster.path)
    later = None
    if after is not None:
        second = read_raster(after, bands=[1])
        _require_shape(second, raster)
        later, _ = _labels(second, crosswalk)
    pictures = {}
    for name, where in (images or {}).items():
        shown = read_raster(where)
        _require_shape(shown, raster)
        pictures[name] = picture_of(shown, radar=name == "sar")
    return LabelledScene(
        labels=labels, classes=classes, gsd_m=side_m, pixel_area_m2=area_m2, images=pictures, labels_after=later,
        id=raster.path.stem, source=source or raster.path.name, licence=licence,
    )  # fmt: skip


def _labels(raster: Raster, crosswalk: Mapping[int, str]) -> tuple[np.ndarray, tuple[str, ...]]:
    codes = raster.pixels[0]
    missing = missing_codes(codes, raster.nodata[0])
    if codes.dtype.kind == "f":
        codes = np.where(missing, -1, codes).astype(np.int64)
    labels, classes = apply_crosswalk(codes, crosswalk)
    return np.where(missing, np.int8(-1), labels), classes


def _ground(grid: PixelGrid, gsd_m: float | None, path: Path) -> tuple[float, float]:
    """Return side in m and area in m2 of a pixel."""
    if gsd_m is not None:
        return gsd_m, 0.0
    if grid.crs is None:
        raise InputError(f"{path} has no georeference.", hint="Say how many metres a pixel has: gsd_m, or --gsd.")
    area_m2 = float(grid.pixel_area_m2[grid.height // 2].mean())
    return float(f"{np.sqrt(area_m2):.4g}"), float(f"{area_m2:.4g}")


def _require_shape(raster: Raster, like: Raster) -> None:
    if raster.grid.shape != like.grid.shape:
        raise InputError(f"{raster.path} has {raster.grid.shape} pixels, but the labels have {like.grid.shape}.")


def picture_of(raster: Raster, *, radar: bool = False) -> np.ndarray:
    """Return a picture uint8[y x 3] of a raster.

    8-bit bands are taken as they are; others are stretched between their 2nd and 98th percentile. The first three
    bands are red, green and blue; one band is grey. Radar shows VH, VV and their mean, as in Terra-CoT.

    Args:
        raster: One band or more; VV and VH for radar, told apart by their names, else in this order.
        radar: Whether it is radar, in dB or any 8-bit code.

    Raises:
        InputError: No pixel has data.
    """
    missing = raster.missing()
    bands = [_stretched(band, ~gone) for band, gone in zip(raster.pixels, missing, strict=True)]
    if radar and len(bands) > 1:
        names = [name.lower() for name in raster.names]
        vv, vh = (bands[names.index(n)] if n in names else bands[i] for i, n in enumerate(("vv", "vh")))
        mean = ((vv.astype(np.uint16) + vh) // 2).astype(np.uint8)
        return np.stack([vh, vv, mean], axis=-1)
    return np.stack(bands[:3] if len(bands) >= 3 else [bands[0]] * 3, axis=-1)


def _stretched(band: np.ndarray, seen: np.ndarray) -> np.ndarray:
    if band.dtype == np.uint8:
        return np.asarray(band)
    if not seen.any():
        raise InputError("A band of the picture has no data.")
    values = band.astype(np.float64)
    low, high = np.percentile(values[seen], (2, 98))
    scaled = np.clip((values - low) / max(high - low, 1e-9) * 255, 0, 255)
    return np.where(seen, np.nan_to_num(scaled), 0).astype(np.uint8)
