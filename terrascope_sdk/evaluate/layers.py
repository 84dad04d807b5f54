"""One layer of a scene's files as it is stored: codes on a grid, of one date or of several with their dates."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from affine import Affine

from terrascope_sdk.errors import InputError, RasterError
from terrascope_sdk.evaluate.days import Day, find_days
from terrascope_sdk.evaluate.sources import Source
from terrascope_sdk.stac.rasters import read_raster
from terrascope_sdk.types import PixelGrid

__all__ = ["Layer", "read_array", "read_layer"]


@dataclass(frozen=True, eq=False)
class Layer:
    """Stored codes of one band or array."""

    source: Source
    """Where it was read from."""

    codes: np.ndarray
    """Stored values, real, shape (time, y, x)."""

    grid: PixelGrid
    """Where the pixels lie; without a CRS where the file has none."""

    days: tuple[Day | None, ...]
    """Date of each position on the time axis; None where it is not known."""

    nodata: float | None = None
    """Code of missing pixels by the file's tag."""

    name: str = ""
    """Name of the band in the file; empty without one."""

    def positions(self, days: Sequence[Day]) -> tuple[int, ...]:
        """Return the positions on the time axis that one of the dates fits."""
        return tuple(
            i for i, own in enumerate(self.days) if own is not None and any(own.agrees(asked) for asked in days)
        )


def read_array(path: Path, name: str) -> np.ndarray:
    """Return an array of an NPZ file.

    Raises:
        RasterError: The file is missing, damaged, or holds pickled objects.
        InputError: It has no array of that name.
    """
    if not path.is_file():
        raise RasterError(f"There is no file {path}.", hint="Check the folder and the name, capitals included.")
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as archive:
            if name not in archive:
                raise InputError(f"{path} has no array {name!r}.", hint=f"It has {', '.join(archive.files)}.")
            return np.asarray(archive[name])
    except (OSError, ValueError, EOFError, TypeError, zipfile.BadZipFile, zlib.error) as err:
        if isinstance(err, InputError):
            raise
        raise RasterError(f"{path} cannot be read: {err}.", hint="It may be cut off; fetch it again.") from err


def read_layer(source: Source, folder: Path) -> Layer:
    """Read a layer of a scene.

    Raises:
        RasterError: The file cannot be read.
        InputError: It does not hold such a layer, or the values are no real numbers.
    """
    return _from_raster(source, folder) if source.array is None else _from_npz(source, source.array, folder)


def _from_raster(source: Source, folder: Path) -> Layer:
    raster = read_raster(folder / source.file, bands=[source.band])
    days = find_days(Path(source.file).name)
    return Layer(
        source=source,
        codes=_bit(raster.pixels, source),
        grid=raster.grid,
        days=(days[0] if days else None,),
        nodata=raster.nodata[0],
        name=raster.names[0],
    )


def _from_npz(source: Source, name: str, folder: Path) -> Layer:
    path = folder / source.file
    array = read_array(path, name)
    if array.ndim > 2 and array.shape[-1] == 1:
        array = array[..., 0]
    if array.dtype.kind not in "buif" or array.ndim not in (2, 3):
        raise InputError(f"{source} is {array.dtype}{list(array.shape)}, not numbers over (y, x) or (time, y, x).")
    codes = array[None] if array.ndim == 2 else array
    if codes.dtype.kind == "b":
        codes = codes.astype(np.uint8)
    found = find_days(Path(source.file).name)
    days: tuple[Day | None, ...] = (found[0] if found else None,) * len(codes)
    if array.ndim == 3:
        days = _timestamps(path, len(codes))
    grid = PixelGrid(None, Affine.identity(), codes.shape[1], codes.shape[2])
    return Layer(source, _bit(codes, source), grid, days)


def _timestamps(path: Path, length: int) -> tuple[Day | None, ...]:
    try:
        stamps = read_array(path, "timestamps").ravel()
    except InputError:
        return (None,) * length
    if len(stamps) != length:
        raise InputError(f"{path}: {len(stamps)} timestamps do not fit {length} dates.")
    found = (find_days(_stamp_text(stamp)) for stamp in stamps)
    return tuple(days[0] if days else None for days in found)


def _stamp_text(stamp: Any) -> str:  # a numpy scalar: text, bytes or datetime64
    return stamp.decode("ascii", "replace")[:10] if isinstance(stamp, bytes) else str(stamp)[:10]


def _bit(codes: np.ndarray, source: Source) -> np.ndarray:
    """Return the codes; for a bit field refuse what holds no bits."""
    if source.bit is not None and (codes.dtype.kind not in "ui" or source.bit >= codes.dtype.itemsize * 8):
        raise InputError(f"{source}: {codes.dtype} has no bit {source.bit}.")
    return codes
