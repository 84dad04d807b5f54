"""Outlines of masks as polygons along pixel edges."""

from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from shapely.geometry import shape

from terrascope_sdk.errors import MissingDependency
from terrascope_sdk.types.mask import Mask

if TYPE_CHECKING:
    import geopandas

__all__ = ["mask_outlines", "mask_to_geodataframe"]


def mask_outlines(mask: Mask) -> list[shapely.Polygon]:
    """Return one polygon for each edge-connected region, along pixel edges, in the mask's CRS, largest first."""
    from rasterio.features import shapes

    found: list[Any] = [
        shape(geometry)
        for geometry, _ in shapes(
            mask.pixels.astype(np.uint8), mask=mask.pixels, connectivity=4, transform=mask.grid.transform
        )
    ]
    return sorted(found, key=lambda p: (-p.area, p.bounds))


def mask_to_geodataframe(mask: Mask) -> "geopandas.GeoDataFrame":
    """Return the outlines as a GeoDataFrame in the mask's CRS, with label and date."""
    try:
        import geopandas
    except ImportError as err:
        raise MissingDependency(
            "GeoPandas is not installed.", hint="Install it with: pip install 'terrascope-sdk[vector]'."
        ) from err
    outlines = mask_outlines(mask)
    return geopandas.GeoDataFrame(
        {"label": [mask.label] * len(outlines), "date": [mask.date] * len(outlines)},
        geometry=outlines,
        crs=mask.grid.crs,
    )
