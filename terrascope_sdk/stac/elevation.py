"""Elevation models: heights on the grid of a stack."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from terrascope_sdk.errors import InputError, NoScenesFound, TooLarge
from terrascope_sdk.stac.access import Access, access_for
from terrascope_sdk.stac.bundled import resolve_aoi
from terrascope_sdk.stac.catalogs import Catalog, find_catalog
from terrascope_sdk.stac.describe import describe_item
from terrascope_sdk.stac.footprint import covered, item_grid
from terrascope_sdk.stac.grids import common_grid
from terrascope_sdk.stac.items import scene_from_item
from terrascope_sdk.stac.radiometry import to_reflectance
from terrascope_sdk.stac.reading import Source, read_band
from terrascope_sdk.types import PixelGrid
from terrascope_sdk.types.encoding import JsonValue

if TYPE_CHECKING:
    import xarray

__all__ = ["load_elevation"]

_MAX_PIXELS = 100_000_000


_MAX_TILES = 400


def _found(files: Access, collection: str, bbox: tuple[float, float, float, float]) -> list[dict[str, JsonValue]]:
    from terrascope_sdk.stac.finding.api_search import ApiSearch

    catalog = files.catalog
    if catalog is None or catalog.kind != "api":
        raise InputError("Heights need a catalogue to be searched in.", hint='Pass catalog="planetary-computer".')
    api = ApiSearch(catalog.url, files.fetcher.session(), read=scene_from_item, name=catalog.name)
    found = api.documents(collections=[collection], bbox=bbox, limit=_MAX_TILES)
    if not found:
        raise NoScenesFound(
            f"{catalog.name} has no tile of {collection!r} over the area.", hint="Check the name of the collection."
        )
    return found


def load_elevation(
    items: Sequence[dict[str, JsonValue]] | None = None,
    *,
    aoi: Any = None,  # anything resolve_aoi takes
    grid: PixelGrid | None = None,
    catalog: str | Catalog | None = None,
    collection: str = "cop-dem-glo-30",
) -> xarray.DataArray:
    """Return heights of an elevation model, such as the Copernicus DEM, interpolated bilinearly onto a grid.

    Args:
        items: STAC items of the model's tiles, as dictionaries; where tiles overlap, the first gives the height.
            Searched in `catalog` when left out.
        aoi: The area, where no grid is given: a UTM grid at the model's own pixel size.
        grid: The grid of a stack, so that heights lie under its pixels.
        catalog: Where the items come from: a name, the address of a STAC API, or a :class:`Catalog`.
        collection: The model, where it is searched.

    Returns:
        Metres over (y, x), float32, NaN where there is no tile; the attribute ``crs`` holds the grid's CRS.

    Raises:
        InputError: No items, none of an elevation model, neither area nor grid, or no catalogue to search in.
        NoScenesFound: The catalogue has no tile there.
        TooLarge: More pixels than fit.
        RasterError: A file cannot be read.
    """
    import xarray

    if items is not None and not items:
        raise InputError("There is no elevation model to load.", hint="Search a collection such as cop-dem-glo-30.")
    if aoi is None and grid is None:
        raise InputError("Heights need an area or a grid.", hint="Pass aoi=..., or grid=stack.grid.")
    files = access_for(None if catalog is None else find_catalog(catalog))
    if items is None:
        items = _found(files, collection, resolve_aoi(aoi).bbox if grid is None else grid.bounds_lonlat)
    readings = [describe_item(i, catalog=None if files.catalog is None else files.catalog.name) for i in items]
    other = next((i["id"] for i, r in zip(items, readings, strict=True) if r.sensor != "elevation"), None)
    if other is not None:
        raise InputError(f"{other} is no elevation model.", hint="Use ts.load for imagery.")
    target = grid or common_grid([], resolve_aoi(aoi), gsd_m=min(r.gsd_m for r in readings))
    if target.height * target.width > _MAX_PIXELS:
        raise TooLarge(
            f"{target.height} x {target.width} heights are more than {_MAX_PIXELS:,}.", hint="Choose a smaller area."
        )
    heights = np.full(target.shape, np.nan, np.float32)
    for item, reading in zip(items, readings, strict=True):
        band = reading.bands[0]
        href = files.links({band.asset: item["assets"][band.asset]})[band.asset]
        source = Source(band.name, href, band.index, band.dtype, band.nodata, "bilinear")
        made = read_band(source, target, scene=str(item["id"]), openers=files.opener)
        values = to_reflectance(made.codes, nodata=made.nodata, scale=band.scale, offset=band.offset)
        own = made.grid or item_grid(item, band.asset)
        if own is not None:
            values[~covered(target, own)[made.part]] = np.nan
        seen = heights[made.part]
        np.copyto(seen, values, where=np.isnan(seen))
    x, _ = target.xy(np.zeros(target.width), np.arange(target.width) + 0.5)
    _, y = target.xy(np.arange(target.height) + 0.5, np.zeros(target.height))
    return xarray.DataArray(
        heights, dims=("y", "x"), coords={"y": y, "x": x}, name="elevation",
        attrs={"units": "m", "crs": target.crs, "attribution": readings[0].attribution},
    )  # fmt: skip
