"""STAC items over synthetic GeoTIFFs, for tests of search, select and load."""

from datetime import UTC, datetime

import numpy as np
import rasterio
from affine import Affine

from terrascope_sdk.stac.items import scene_from_item
from terrascope_sdk.types import PixelGrid, Scene

GRID = PixelGrid("EPSG:32632", Affine(10, 0, 500_000, 0, -10, 5_000_000), 40, 50)


def write_band(path, codes, *, grid=GRID, nodata=None):
    path.parent.mkdir(parents=True, exist_ok=True)
    with rasterio.open(
        path, "w", driver="GTiff", height=grid.height, width=grid.width, count=1, dtype=codes.dtype, crs=grid.crs,
        transform=grid.transform, nodata=nodata, tiled=True, blockxsize=16, blockysize=16, compress="deflate",
    ) as file:  # fmt: skip
        file.write(codes, 1)
    return path


def item(folder, name="scene", *, grid=GRID, sensor="optical", when="2020-06-01T10:00:00Z", bands=None, **properties):
    """Write one GeoTIFF a band and return the item; a band is codes, or (codes, fields of raster:bands)."""
    assets = {}
    for band, given in (bands or {}).items():
        codes, fields = given if isinstance(given, tuple) else (given, {})
        path = write_band(folder / name / f"{band}.tif", codes, grid=grid, nodata=fields.get("nodata"))
        assets[band] = {
            "href": str(path),
            "type": "image/tiff; application=geotiff; profile=cloud-optimized",
            "roles": ["cloud"] if band in {"scl", "cloud"} else ["data"],
            "raster:bands": [{"data_type": codes.dtype.name} | fields],
        }
    quantity = "surface_reflectance" if sensor == "optical" else "gamma0_rtc"
    west, south, east, north = grid.bounds_lonlat
    return {
        "type": "Feature",
        "stac_version": "1.0.0",
        "stac_extensions": [],
        "id": name,
        "collection": "synthetic",
        "bbox": [west, south, east, north],
        "geometry": {
            "type": "Polygon",
            "coordinates": [[[west, south], [east, south], [east, north], [west, north], [west, south]]],
        },
        "links": [],
        "assets": assets,
        "properties": {
            "datetime": when,
            "gsd": abs(grid.transform.a),
            "platform": "made",
            "proj:code": grid.crs,
            "proj:shape": list(grid.shape),
            "proj:transform": list(grid.transform[:6]),
            "terrascope:sensor": sensor,
            "terrascope:quantity": quantity,
            "terrascope:attribution": "made for a test",
            "terrascope:license": "CC0-1.0",
        }
        | properties,
    }


def scene_on_disk(folder, name="scene", **fields) -> Scene:
    return scene_from_item(item(folder, name, **fields))


def scene(name="a", when="2020-06-01", **fields) -> Scene:
    """A scene without an item, for pure functions."""
    given = {
        "id": name,
        "collection": "c",
        "sensor": "optical",
        "acquired": datetime.fromisoformat(when).replace(tzinfo=UTC),
        "quantity": "surface_reflectance",
        "bbox": (0, 0, 1, 1),
        "gsd_m": 10.0,
    } | fields
    return Scene(**given)


def ramp(dtype=np.uint16, *, grid=GRID, factor=1):
    return (np.arange(grid.height * grid.width).reshape(grid.shape) * factor).astype(dtype)
