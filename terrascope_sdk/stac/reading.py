"""Stored codes of one scene on a grid: odc-loader reads, and every byte of a remote file comes through our own door."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from terrascope_sdk.errors import RasterError, TerraScopeError
from terrascope_sdk.types import PixelGrid

if TYPE_CHECKING:
    from terrascope_sdk.stac.transport.openers import RangeOpener

__all__ = ["BandCodes", "Openers", "Source", "raster_name", "read_band"]

Openers = Callable[[str], "RangeOpener | None"]
"""Returns a new opener of a link for rasterio, or None for a path on this machine."""


@dataclass(frozen=True)
class Source:
    """One band of one scene: where it lies, and how its codes are carried to a grid."""

    name: str
    """What to call it."""

    href: str
    """Link without signature, or path."""

    index: int = 1
    """Number of the band in the file, from 1."""

    dtype: str | None = None
    """Type of the codes where the metadata state it; else the file is asked."""

    nodata: float | None = None
    """Code of missing pixels, never mixed into others."""

    resampling: str = "nearest"
    """``nearest`` for classes and decibels, ``bilinear`` or ``average`` for reflectance and linear power."""


@contextmanager
def raster_name(href: str, openers: Openers) -> Iterator[str]:
    """Yield the name by which rasterio can open a file as long as the context lasts.

    Args:
        href: A link, or a path on this machine.
        openers: How links become files.

    Raises:
        RasterError: It is no raster of a known format.
        CatalogError: Its server did not answer.
    """
    import rasterio

    opener = openers(href)
    if opener is None:
        yield href
        return
    with opener.checked(), rasterio.open(href, opener=opener, sharing=False) as dataset:
        yield dataset.name


def _driver(openers: Openers) -> Any:  # odc-loader's classes are known once it is imported
    """Return an odc reader driver that opens links through openers and hands paths over as they are."""
    from odc.loader import RioDriver, RioReader

    class Reader(RioReader):
        def read(self, cfg: Any, dst_geobox: Any, **given: Any) -> Any:  # odc-loader's own types
            source = self._src
            with raster_name(source.uri, openers) as name:
                return RioReader(replace(source, uri=name), self._ctx).read(cfg, dst_geobox, **given)

    class Driver(RioDriver):
        def open(self, src: Any, ctx: Any) -> Any:  # odc-loader's own types
            return Reader(src, ctx)

    return Driver()


@contextmanager
def _reading(scene: str) -> Iterator[None]:
    """Read with GDAL set for files without companions, and name the scene in every error."""
    import rasterio

    try:
        with rasterio.Env(GDAL_NUM_THREADS="2", GDAL_DISABLE_READDIR_ON_OPEN="EMPTY_DIR"):
            yield
    except TerraScopeError as err:
        raise type(err)(f"The pixels of {scene} cannot be read. {err}") from err
    except (rasterio.errors.RasterioError, OSError, ValueError) as err:
        raise RasterError(
            f"The pixels of {scene} cannot be read: {err}.", hint="The file may be truncated; fetch it again."
        ) from err


@dataclass(frozen=True)
class BandCodes:
    """Stored codes of one band on a grid."""

    part: tuple[slice, slice]
    """Rows and columns of the grid that the file reaches."""

    codes: np.ndarray
    """Codes of that part, in the file's own type, (y, x)."""

    nodata: float | None
    """Code of missing pixels, as the metadata or else the file state it."""

    grid: PixelGrid | None
    """The file's own grid, where the file had to be asked; None where the metadata said enough."""


def read_band(source: Source, grid: PixelGrid, *, scene: str, openers: Openers) -> BandCodes:
    """Return the stored codes of one band: which part of a grid its file reaches, and the codes there.

    Args:
        source: The band.
        grid: Where to.
        scene: Name of the scene, for messages.
        openers: How links become files.

    Raises:
        RasterError: The file cannot be read.
        CatalogError: The file's server did not answer.
    """
    from odc.geo.geobox import GeoBox
    from odc.loader import RasterLoadParams, RasterSource

    with _reading(scene):
        known, own = _known(source, openers)
        wanted = RasterLoadParams(dtype=known.dtype, fill_value=known.nodata, resampling=known.resampling)
        if known.nodata is not None:
            wanted = wanted.patch(src_nodata_override=known.nodata)
        driver = _driver(openers)
        reader = driver.open(RasterSource(known.href, band=known.index), None)
        part, codes = reader.read(wanted, GeoBox(grid.shape, grid.transform, grid.crs))
        return BandCodes(part, np.asarray(codes), known.nodata, own)


def _known(source: Source, openers: Openers) -> tuple[Source, PixelGrid | None]:
    """Return a source whose type and missing code are known; the file, and its grid, where the metadata lack one."""
    import rasterio

    if source.dtype is not None and source.nodata is not None:
        return source, None
    with raster_name(source.href, openers) as name, rasterio.open(name) as dataset:
        dtype = source.dtype or dataset.dtypes[source.index - 1]
        nodata = dataset.nodatavals[source.index - 1] if source.nodata is None else source.nodata
        placed = dataset.crs is not None
        grid = PixelGrid(dataset.crs.to_wkt(), dataset.transform, *dataset.shape) if placed else None
        return replace(source, dtype=dtype, nodata=nodata), grid
