"""The images of a question as one stack: files of one date joined, dates in order, optical and SAR side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from affine import Affine

from terrascope_sdk.errors import InputError
from terrascope_sdk.evaluate.days import find_days
from terrascope_sdk.evaluate.layers import read_array
from terrascope_sdk.evaluate.layouts import Layout, find_layout
from terrascope_sdk.evaluate.sources import parse_sources
from terrascope_sdk.stac.quality import clouded_by
from terrascope_sdk.stac.radiometry import to_decibel, to_reflectance
from terrascope_sdk.stac.rasters import Raster, read_raster
from terrascope_sdk.types import ImageSeries, ImageStack, PixelGrid
from terrascope_sdk.types.instant import parse_instant

__all__ = ["read_stack"]

_UNDATED = datetime(1970, 1, 1, tzinfo=UTC)
_LANDSAT_HIDDEN = 0b11111
"""Bits of QA_PIXEL that hide the ground: fill, dilated cloud, cirrus, cloud, cloud shadow."""
_NPZ_BANDS = ("blue", "green", "red", "nir", "swir16", "swir22")


@dataclass(frozen=True, eq=False)
class _Image:
    """One file, decoded."""

    bands: dict[str, np.ndarray]
    hidden: np.ndarray
    layout: Layout
    grid: PixelGrid
    when: datetime
    name: str


def read_stack(images: Sequence[str], folder: Path) -> ImageStack:
    """Read the images of a question.

    Args:
        images: File names, or ``file.npz:array``; pieces of one date hold different bands.
        folder: The scene's folder.

    Raises:
        RasterError: A file cannot be read.
        InputError: A layout is not known, or the images do not fit on one grid.
    """
    read = [_image(name, folder) for name in images]
    if not read:
        raise InputError("There is no image to look at.")
    odd = next((image for image in read if not image.grid.same_as(read[0].grid)), None)
    if odd is not None:
        raise InputError(f"{odd.name} and {read[0].name} lie on different grids.", hint="Resample them to one grid.")
    made = {s: _series([i for i in read if i.layout.sensor == s]) for s in {i.layout.sensor for i in read}}
    return ImageStack(read[0].grid, made.get("optical"), made.get("sar"))


def _image(name: str, folder: Path) -> _Image:
    source = parse_sources(name)[0]
    if source.array is not None:
        return _npz_image(name, folder / source.file, source.array)
    raster = read_raster(folder / source.file)
    layout = find_layout(raster)
    hidden = np.zeros(raster.grid.shape, bool)
    if layout.classes is not None:
        clouded, missing = clouded_by("scl", raster.band(layout.classes))
        hidden = clouded | missing
    if layout.flags is not None:
        hidden = (raster.band(layout.flags) & _LANDSAT_HIDDEN) != 0
    return _Image(_decoded(raster, layout), hidden, layout, raster.grid, _when(raster), name)


def _decoded(raster: Raster, layout: Layout) -> dict[str, np.ndarray]:
    absent = raster.missing()
    several = len(layout.bands) > 1 and layout.sensor == "optical"
    nowhere = absent.all(axis=0)  # a zero in one band of several is dark; a zero in all is no data
    decoded = {}
    for number, name in layout.bands.items():
        codes = raster.band(number)
        if layout.sensor == "sar":
            decoded[name] = to_decibel(codes, encoding=layout.encoding, nodata=raster.nodata[0])
            continue
        values = to_reflectance(codes, nodata=None, scale=layout.scale, offset=layout.offset)
        values[nowhere if several else absent[raster.numbers.index(number)]] = np.nan
        decoded[name] = values
    return decoded


def _npz_image(name: str, path: Path, array: str) -> _Image:
    """Read reflectance with the channels last, as DLR's ukis-csmask keeps its test images."""
    pixels = read_array(path, array)
    if pixels.ndim != 3 or pixels.shape[-1] != len(_NPZ_BANDS) or pixels.dtype.kind != "f":
        raise InputError(
            f"{name} is {pixels.dtype}{list(pixels.shape)}, not reflectance over (y, x, {len(_NPZ_BANDS)}).",
            hint=f"The channels are {', '.join(_NPZ_BANDS)}, last.",
        )
    grid = PixelGrid(None, Affine.identity(), pixels.shape[0], pixels.shape[1])
    bands = {band: pixels[..., i].astype(np.float32) for i, band in enumerate(_NPZ_BANDS)}
    layout = Layout("optical", {}, "toa_reflectance", note="six channels of Level-1C reflectance")
    days = find_days(path.name)
    when = datetime(days[0].year, days[0].month or 7, days[0].day or 1, tzinfo=UTC) if days else _UNDATED
    return _Image(bands, np.zeros(grid.shape, bool), layout, grid, when, name)


def _when(raster: Raster) -> datetime:
    if "datetime" in raster.tags:
        return parse_instant(raster.tags["datetime"])
    days = find_days(raster.path.name)
    return datetime(days[0].year, days[0].month or 7, days[0].day or 1, tzinfo=UTC) if days else _UNDATED


def _joined(pieces: Sequence[_Image]) -> _Image:
    """Return the pieces of one date as one image."""
    bands: dict[str, np.ndarray] = {}
    for piece in pieces:
        twice = set(bands) & set(piece.bands)
        if twice:
            raise InputError(
                f"{piece.name} repeats the band {min(twice)} of the same date.",
                hint="Put the dates into the file names.",
            )
        bands |= piece.bands
    return replace(pieces[0], bands=bands, hidden=np.any([p.hidden for p in pieces], axis=0))


def _series(images: Sequence[_Image]) -> ImageSeries:
    quantities = sorted({i.layout.quantity for i in images})
    if len(quantities) > 1:
        raise InputError(f"The images hold unlike quantities: {', '.join(quantities)}.")
    times = sorted({i.when for i in images})
    dates = [_joined([i for i in images if i.when == when]) for when in times]
    shared = [band for band in dates[0].bands if all(band in date.bands for date in dates)]
    if not shared:
        raise InputError("The images share no band that can be used.")
    undated = ("the date is not known",) if _UNDATED in times else ()
    return ImageSeries(
        sensor=images[0].layout.sensor,
        pixels=np.stack([np.stack([date.bands[band] for band in shared]) for date in dates]),
        valid=np.stack([~date.hidden for date in dates]),
        bands=tuple(shared),
        acquired=tuple(times),
        quantity=quantities[0],
        grid=images[0].grid,
        notes=(*dict.fromkeys(i.layout.note for i in images), *undated),
    )
