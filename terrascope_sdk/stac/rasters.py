"""Any raster file as arrays on a grid: stored codes, band names and tags, nothing scaled and nothing guessed."""

from __future__ import annotations

import math
import struct
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from terrascope_sdk.errors import InputError, RasterError
from terrascope_sdk.types import PixelGrid

__all__ = ["Raster", "missing_codes", "read_raster"]

_MAX_BYTES = 4_000_000_000


@dataclass(frozen=True, eq=False)
class Raster:
    """Bands of one file as they are stored, with what the file says about them."""

    path: Path
    """Where it was read from."""

    pixels: np.ndarray
    """Stored codes, real, shape (band, y, x)."""

    grid: PixelGrid
    """Where the pixels lie; its CRS is None for a file without a georeference."""

    numbers: tuple[int, ...]
    """Position of each band in the file, from 1."""

    names: tuple[str, ...]
    """Name of each band: its description, else its tag DESCRIPTION, else empty."""

    nodata: tuple[float | None, ...]
    """Code of missing pixels of each band as the file's tag says; None where it does not."""

    colours: tuple[str, ...]
    """Colour interpretation of each band: ``red``, ``gray``, ``alpha``, ``undefined`` ..."""

    tags: dict[str, str]
    """Metadata of the file."""

    def band(self, number: int) -> np.ndarray:
        """Return one band, shape (y, x), by its number in the file."""
        found: np.ndarray = self.pixels[self.numbers.index(number)]
        return found

    def missing(self) -> np.ndarray:
        """Return where a band has no data by its tag or is NaN, bool (band, y, x)."""
        return np.stack([missing_codes(band, code) for band, code in zip(self.pixels, self.nodata, strict=True)])


def missing_codes(codes: np.ndarray, nodata: float | None) -> np.ndarray:
    """Return where codes are NaN or equal the code of missing pixels, as a boolean array of the same shape.

    Args:
        codes: Stored values, real, any shape.
        nodata: Code of missing pixels; None, NaN and codes that the dtype cannot hold occur nowhere.
    """
    missing = np.isnan(codes) if codes.dtype.kind == "f" else np.zeros(codes.shape, bool)
    if nodata is not None and math.isfinite(nodata):
        same = codes == codes.dtype.type(nodata) if codes.dtype.kind == "f" else codes == nodata
        missing = missing | same
    return np.asarray(missing, bool)


_TIFF_TYPE_BYTES = {
    1: 1,
    2: 1,
    3: 2,
    4: 4,
    5: 8,
    6: 1,
    7: 1,
    8: 2,
    9: 4,
    10: 8,
    11: 4,
    12: 8,
    13: 4,
    16: 8,
    17: 8,
    18: 8,
}


def _cut_off_tiff(path: Path) -> bool:
    """Return whether a TIFF's directories reach beyond its end: GDAL drops such tags, the georeference among them."""
    size = path.stat().st_size
    with path.open("rb") as file:
        head = file.read(16)
        order = {b"II": "<", b"MM": ">"}.get(head[:2])
        if order is None or size < 16:
            return False
        big = struct.unpack(f"{order}H", head[2:4])[0] == 43
        word, number, inline = ("Q", "Q", 8) if big else ("I", "H", 4)
        (offset,) = struct.unpack(f"{order}{word}", head[8:16] if big else head[4:8])
        seen: set[int] = set()
        try:
            while offset and offset not in seen:
                seen.add(offset)
                file.seek(offset)
                (count,) = struct.unpack(f"{order}{number}", file.read(struct.calcsize(number)))
                entry = struct.Struct(f"{order}HH{word}{word}")
                body = file.read(count * entry.size + inline)
                for _, kind, length, value in entry.iter_unpack(body[:-inline]):
                    stored = _TIFF_TYPE_BYTES.get(kind, 1) * length
                    if stored > inline and value + stored > size:
                        return True
                (offset,) = struct.unpack(f"{order}{word}", body[-inline:])
        except struct.error:
            return True
    return False


@contextmanager
def _opened(path: Path) -> Iterator[Any]:  # rasterio has no types
    import rasterio

    if not path.is_file():
        raise RasterError(f"There is no file {path}.", hint="Check the folder and the name, capitals included.")
    if _cut_off_tiff(path):
        raise RasterError(f"{path} cannot be read: it is cut off.", hint="Fetch it again.")
    try:
        with warnings.catch_warnings(), rasterio.Env(GDAL_NUM_THREADS="2"):
            warnings.simplefilter("ignore", rasterio.errors.NotGeoreferencedWarning)
            with rasterio.open(path) as dataset:
                yield dataset
    except (rasterio.errors.RasterioError, rasterio.errors.CRSError, OSError) as err:
        if isinstance(err, RasterError):
            raise
        raise RasterError(
            f"{path} cannot be read: {err}.", hint="It is no raster, or it is cut off; fetch it again."
        ) from err


def _grid(dataset: Any, path: Path) -> PixelGrid:  # a rasterio dataset
    placed = dataset.crs is not None and not dataset.transform.is_identity  # identity: no geotransform in the file
    try:
        return PixelGrid(dataset.crs.to_wkt() if placed else None, dataset.transform, dataset.height, dataset.width)
    except InputError as err:
        raise RasterError(f"The georeference of {path} makes no sense: {err}.") from err


def _checked_numbers(dataset: Any, path: Path, bands: Sequence[int] | None) -> tuple[int, ...]:  # a rasterio dataset
    numbers = tuple(dataset.indexes) if bands is None else tuple(bands)
    absent = [n for n in numbers if n not in dataset.indexes]
    if absent:
        raise InputError(f"{path} has no band {absent[0]}.", hint=f"It has {dataset.count}.")
    kinds = {dataset.dtypes[n - 1] for n in numbers}
    if any(k.startswith("complex") for k in kinds):
        raise InputError(
            f"The pixels of {path} are complex.", hint="Convert them to calibrated intensity first: abs(pixels) ** 2."
        )
    size = sum(np.dtype(dataset.dtypes[n - 1]).itemsize for n in numbers) * dataset.height * dataset.width
    if size > _MAX_BYTES:
        raise InputError(
            f"{path} needs {size / 1e9:.1f} GB, more than {_MAX_BYTES / 1e9:g} GB.",
            hint="Cut out a part, or fewer bands.",
        )
    return numbers


def read_raster(path: Path | str, *, bands: Sequence[int] | None = None) -> Raster:
    """Read a raster file of any driver GDAL has, whole, as stored codes.

    Args:
        path: A file on this machine.
        bands: Numbers of the bands to read, from 1; all when left out.

    Raises:
        RasterError: The file is missing, no raster, cut off or damaged.
        InputError: There is no such band, the pixels are complex, or they do not fit in memory.
    """
    where = Path(path)
    with _opened(where) as dataset:
        numbers = _checked_numbers(dataset, where, bands)
        pixels = dataset.read(list(numbers))
        names = [dataset.descriptions[n - 1] or dataset.tags(n).get("DESCRIPTION", "") for n in numbers]
        return Raster(
            path=where,
            pixels=np.asarray(pixels),
            grid=_grid(dataset, where),
            numbers=numbers,
            names=tuple(names),
            nodata=tuple(None if v is None else float(v) for v in (dataset.nodatavals[n - 1] for n in numbers)),
            colours=tuple(dataset.colorinterp[n - 1].name for n in numbers),
            tags=dict(dataset.tags()),
        )
