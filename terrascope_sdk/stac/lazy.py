"""Load lazily: the same pixels as `load`, as dask arrays that are read piece by piece when they are computed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from terrascope_sdk.errors import InputError
from terrascope_sdk.stac.access import access_of
from terrascope_sdk.stac.describe import Band
from terrascope_sdk.stac.footprint import covered, item_grid
from terrascope_sdk.stac.passes import Wanted, shared_bands
from terrascope_sdk.stac.quality import clouded_by
from terrascope_sdk.stac.radiometry import to_decibel, to_reflectance
from terrascope_sdk.stac.reading import lazy_codes
from terrascope_sdk.stac.requested import passes_of, request_of
from terrascope_sdk.stac.scene_pixels import assets_of, sources_of
from terrascope_sdk.types import PixelGrid, Scene

if TYPE_CHECKING:
    import xarray

__all__ = ["load_lazy"]


def load_lazy(
    scenes: Sequence[Scene],
    *,
    aoi: Any = None,  # anything resolve_aoi takes
    bands: Sequence[str] | None = None,
    grid: PixelGrid | None = None,
    gsd_m: float | None = None,
    mask_clouds: bool = True,
    chunk_px: int = 2048,
) -> xarray.Dataset:
    """Return scenes of one sensor as dask arrays: for areas and dates that do not fit in memory at once.

    Pixels are those of :func:`~terrascope_sdk.stac.load.load`, but for the edges of clouds, which are not grown. Links
    are signed when a piece is read, so a computation may run for hours. Compute in threads (dask's default).

    Args:
        scenes: From :func:`~terrascope_sdk.stac.search.search`; optical or SAR.
        aoi: The area to cut out; the scenes' whole extent when left out.
        bands: Common names to load; all when left out.
        grid: Load onto this grid instead.
        gsd_m: Pixel size in metres instead of the finest of the bands.
        mask_clouds: Whether what the quality band flags as cloud or shadow counts as unobserved.
        chunk_px: Pixels along a side of a piece.

    Returns:
        One float32 variable a band over (time, y, x), NaN where unobserved, and the boolean variable ``valid``; the
        attribute ``quantity`` says what the values are.

    Raises:
        InputError: No scenes, both sensors, a band that is not there, or GRD, whose geometry allows no pieces.
    """
    import xarray

    request = request_of(scenes, aoi=aoi, bands=bands, grid=grid, gsd_m=gsd_m)
    sensors = {w.scene.sensor for w in request.wanted}
    if len(sensors) > 1:
        raise InputError("These scenes are of two sensors.", hint="Load each sensor's scenes by itself.")
    if any(b.encoding in ("amplitude_dn", "complex") for w in request.wanted for b in w.bands):
        raise InputError(
            "GRD cannot be read in pieces.", hint="Use ts.load over a smaller area, or the RTC collection."
        )
    passes = passes_of(request.wanted)
    names = shared_bands(request.wanted)
    dates = []
    for scenes_of_date in passes:
        pieces = [_scene(w, names, request.grid, mask_clouds=mask_clouds, chunk_px=chunk_px) for w in scenes_of_date]
        merged = pieces[0]
        for other in pieces[1:]:
            merged = merged.where(merged["valid"], other)
        dates.append(merged.assign(valid=merged["valid"].astype(bool)))
    times = [np.datetime64(one[0].scene.acquired.replace(tzinfo=None), "ns") for one in passes]
    found = xarray.concat(dates, dim=xarray.DataArray(times, dims="time", name="time"))
    first = request.wanted[0].scene
    found.attrs = {"quantity": first.quantity, "sensor": first.sensor, "attribution": first.attribution}
    return found


def _scene(
    wanted: Wanted, names: Sequence[str], grid: PixelGrid, *, mask_clouds: bool, chunk_px: int
) -> xarray.Dataset:
    import xarray

    bands = [b for name in names for b in wanted.bands if b.name == name]
    there = wanted.scene.item["assets"]
    files = access_of(wanted.scene)
    hrefs = files.links({a: there[a] for a in assets_of(wanted.reading, bands) if a in there})
    sources = sources_of(wanted.reading, bands, grid, hrefs)
    codes = lazy_codes(sources, grid, scene=wanted.scene.id, openers=files.opener, chunk_px=chunk_px)
    made = {b.name: _values(codes[b.name], b, wanted.scene.sensor) for b in bands}
    own = item_grid(wanted.scene.item, bands[0].asset)
    valid = xarray.ones_like(codes[bands[0].name], dtype=bool)
    if own is not None:
        valid = valid & covered(grid, own)
    for band in made.values():
        valid = valid & np.isfinite(band)
    if wanted.reading.quality is not None and "quality" in codes:
        rule = wanted.reading.quality.rule
        hidden = codes["quality"].data.map_blocks(_hidden, rule=rule, clouds=mask_clouds, dtype=bool)
        valid = valid & ~hidden
    dataset = xarray.Dataset(made).where(valid)
    return dataset.assign(valid=valid)


def _values(codes: xarray.DataArray, band: Band, sensor: str) -> xarray.DataArray:
    nodata = codes.attrs.get("nodata", band.nodata)  # the file's own where the metadata state none
    if sensor == "sar":
        data = codes.data.map_blocks(to_decibel, encoding=band.encoding, nodata=nodata, dtype=np.float32)
    else:
        data = codes.data.map_blocks(
            to_reflectance, nodata=nodata, scale=band.scale, offset=band.offset, dtype=np.float32
        )
    return codes.copy(data=data).drop_attrs()


def _hidden(codes: np.ndarray, *, rule: str, clouds: bool) -> np.ndarray:
    clouded, missing = clouded_by(rule, codes)
    return missing | clouded if clouds else missing
