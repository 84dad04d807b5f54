"""Masks as Cloud-Optimized GeoTIFF, there and back: 0 no, 1 yes, 255 unobserved."""

import json
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from affine import Affine

from terrascope_sdk.errors import ExportError, InputError, ParseError, RasterError
from terrascope_sdk.export.writing import write_file
from terrascope_sdk.render.html import printable
from terrascope_sdk.render.palette import UNOBSERVED, colour_of
from terrascope_sdk.types import Mask, PixelGrid
from terrascope_sdk.types.encoding import JsonValue, canonical_json
from terrascope_sdk.types.instant import format_instant, parse_instant

__all__ = ["geotiff", "geotiff_bytes", "read_mask"]

_NODATA = 255
_SAME_PLACE_DEG = 1e-9


@contextmanager
def _unreferenced_is_fine() -> Iterator[None]:
    """Silence GDAL's warning about rasters without a place: such masks are allowed, and say so themselves."""
    from rasterio.errors import NotGeoreferencedWarning

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", NotGeoreferencedWarning)
        yield


def _tags(mask: Mask, attribution: str) -> dict[str, str]:
    tags = {
        "label": printable(mask.label),
        "date": "" if mask.date is None else format_instant(mask.date),
        "sensor": printable(mask.sensor),
        "id": mask.id,
        "attribution": printable(attribution),
        "legend": "0 no, 1 yes, 255 unobserved",
        "terrascope_mask": json.dumps(mask.to_json_head(), sort_keys=True),
    }
    return {name: text for name, text in tags.items() if text}


def geotiff_bytes(mask: Mask, *, attribution: str = "") -> bytes:
    """Return the file that :func:`geotiff` writes. The same mask gives the same bytes.

    Raises:
        ExportError: GDAL cannot write it.
    """
    import rasterio
    from rasterio.io import MemoryFile
    from rasterio.shutil import copy

    try:
        crs = None if mask.grid.crs is None else rasterio.crs.CRS.from_user_input(mask.grid.crs)
        with _unreferenced_is_fine(), rasterio.Env(GDAL_PAM_ENABLED="NO"), MemoryFile() as plain, MemoryFile() as cog:
            with plain.open(
                driver="GTiff", dtype="uint8", count=1, height=mask.grid.height, width=mask.grid.width, crs=crs,
                transform=mask.grid.transform, nodata=_NODATA,
            ) as dataset:  # fmt: skip
                dataset.write(mask.to_uint8(), 1)
                colours = {0: (255, 255, 255), 1: colour_of(mask.label), _NODATA: UNOBSERVED}
                dataset.write_colormap(1, {value: (*colour, 255) for value, colour in colours.items()})
                dataset.set_band_description(1, printable(mask.label or "mask"))
                dataset.update_tags(**_tags(mask, attribution))
            copy(
                plain.name, cog.name, driver="COG", COMPRESS="DEFLATE", LEVEL=9, OVERVIEW_RESAMPLING="MODE",
                NUM_THREADS=1,
            )  # fmt: skip
            return bytes(cog.read())
    except (rasterio.errors.RasterioError, OSError) as err:
        raise ExportError(f"{mask!r} cannot be written as GeoTIFF: {err}.") from err


def geotiff(mask: Mask, path: str | Path, *, attribution: str = "") -> Path:
    """Write a mask as Cloud-Optimized GeoTIFF.

    One band of uint8: 0 no, 1 yes, 255 (nodata) unobserved, with a colour table. Label, date, sensor, id and credit
    line travel as tags. A mask without CRS is written without one. The probability of single pixels is not written.

    Args:
        mask: What to write.
        path: Where; an existing file is replaced.
        attribution: Credit line.

    Returns:
        The path.

    Raises:
        ExportError: It cannot be written.
    """
    return write_file(path, geotiff_bytes(mask, attribution=attribution))


def _same_place(a: PixelGrid, b: PixelGrid) -> bool:
    """Return whether two grids put their corners on the same spots, whatever their CRS is called."""
    if a.shape != b.shape or (a.crs is None) != (b.crs is None):
        return False
    if a.crs is None or a.crs == b.crs:
        return bool(np.allclose(a.transform[:6], b.transform[:6], rtol=1e-12, atol=0))
    rows, columns = np.array([0, 0, a.height, a.height]), np.array([0, a.width, 0, a.width])
    offsets = np.abs(np.array(a.lonlat(rows, columns)) - np.array(b.lonlat(rows, columns)))
    return bool((offsets <= _SAME_PLACE_DEG).all())


def _head(tags: dict[str, str], path: Path) -> dict[str, JsonValue]:
    """Return label, date, sensor, grid and so on, as the tags of our own files state them."""
    if "terrascope_mask" not in tags:
        return {}
    try:
        head = json.loads(tags["terrascope_mask"])
        PixelGrid.from_json(head["grid"])
    except (ValueError, KeyError, TypeError, InputError) as err:
        raise ParseError(f"{path} holds a damaged terrascope_mask tag: {err}.", hint="Remove the tag.") from err
    return dict(head)


def _codes(values: np.ndarray, nodata: float | None, path: Path) -> np.ndarray:
    unobserved = values == _NODATA if nodata is None else (values == nodata) | (values == _NODATA)
    if values.dtype.kind == "f":
        unobserved |= np.isnan(values)
    codes = np.where(unobserved, _NODATA, values)
    odd = np.setdiff1d(np.unique(codes), [0, 1, _NODATA])
    if odd.size:
        raise InputError(
            f"{path} is no mask: besides 0, 1 and unobserved it holds {odd[:5].tolist()}.",
            hint="Write the class you mean as 1 first.",
        )
    return codes.astype(np.uint8)


def read_mask(path: str | Path) -> Mask:
    """Read a mask from a GeoTIFF: one of ours with everything it knew, or any raster of 0 and 1.

    In rasters of others the file's nodata value, 255 and NaN are unobserved, and the band's description is the label.

    Args:
        path: A raster of one band.

    Raises:
        RasterError: The file is missing or cannot be read.
        InputError: It holds several bands or other values.
        ParseError: It is one of ours, but its tags are damaged.
    """
    import rasterio

    file = Path(path)
    try:
        with _unreferenced_is_fine(), rasterio.open(file) as dataset:
            if dataset.count != 1:
                raise InputError(f"{file} has {dataset.count} bands; a mask has one.")
            values, nodata, tags = dataset.read(1), dataset.nodata, dataset.tags()
            described, transform = dataset.descriptions[0] or "", Affine(*dataset.transform[:6])
            crs = None if dataset.crs is None else dataset.crs.to_wkt()
    except rasterio.errors.RasterioIOError as err:
        raise RasterError(f"{file} cannot be read as a raster: {err}.", hint="Check the path and the file.") from err
    return _mask(_codes(values, nodata, file), PixelGrid(crs, transform, *values.shape), tags, described, file)


def _mask(codes: np.ndarray, grid: PixelGrid, tags: dict[str, str], described: str, path: Path) -> Mask:
    head: dict[str, Any] = _head(tags, path)  # checked JSON of our own
    if not head:
        date = parse_instant(tags["date"]) if "date" in tags else None
        return Mask(codes == 1, codes != _NODATA, grid, tags.get("label", described), date, tags.get("sensor", ""))
    written = PixelGrid.from_json(head["grid"])
    packed = Mask(codes == 1, codes != _NODATA, written if _same_place(grid, written) else grid)
    document = packed.to_json() | {k: v for k, v in head.items() if k != "grid"}
    try:
        return Mask.from_json(document)
    except (KeyError, TypeError, InputError) as err:
        raise ParseError(f"{path} holds a damaged terrascope_mask tag: {canonical_json(head)[:200]}.") from err
