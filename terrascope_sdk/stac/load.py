"""Load: scenes in, aligned pixels out, in physical values on one grid."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyproj
from affine import Affine
from jaxtyping import Bool, Float32

from terrascope_sdk.errors import InputError, NoScenesFound, RasterError
from terrascope_sdk.stac.bundled import asset_path, resolve_aoi
from terrascope_sdk.stac.footprint import covered, item_grid
from terrascope_sdk.stac.quality import clouded_by, quality_bands
from terrascope_sdk.stac.radiometry import sar_encodings, to_decibel, to_reflectance
from terrascope_sdk.types import Aoi, ImageSeries, ImageStack, PixelGrid, Scene
from terrascope_sdk.types.encoding import JsonValue

__all__ = ["common_grid", "load"]

_MAX_PIXELS = 200_000_000
"""Largest stack that is loaded at once: 0.8 GB as float32."""


@dataclass(frozen=True)
class _Image:
    """One scene's pixels on the grid."""

    scene: Scene
    bands: tuple[str, ...]
    pixels: Float32[np.ndarray, "band y x"]
    missing: Bool[np.ndarray, "y x"]
    clouded: Bool[np.ndarray, "y x"] | None
    notes: tuple[str, ...]


def _window(grid: PixelGrid, aoi: Aoi) -> PixelGrid:
    """Return the smallest window of a grid that holds every pixel whose centre lies in the area's bbox."""
    west, south, east, north = aoi.bbox
    t = np.linspace(0, 1, 21)
    lon = np.concatenate([west + (east - west) * t] * 2 + [np.full(21, west), np.full(21, east)])
    lat = np.concatenate([np.full(21, south), np.full(21, north)] + [south + (north - south) * t] * 2)
    x, y = grid.to_lonlat.transform(lon, lat, direction="INVERSE")
    columns, rows = ~grid.transform @ (np.asarray(x), np.asarray(y))
    top, left = max(int(np.floor(rows.min() + 1e-6)), 0), max(int(np.floor(columns.min() + 1e-6)), 0)
    bottom = min(int(np.ceil(rows.max() - 1e-6)), grid.height)
    right = min(int(np.ceil(columns.max() - 1e-6)), grid.width)
    if bottom <= top or right <= left:
        raise NoScenesFound(f"No pixel of the scenes lies inside {aoi!r}.", hint="Choose an area the scenes cover.")
    return grid.crop(row=top, column=left, height=bottom - top, width=right - left)


def common_grid(scenes: Sequence[Scene], aoi: Aoi) -> PixelGrid:
    """Return the grid to load on: the scenes' own where they share one, else UTM at the finest sample distance.

    Args:
        scenes: At least one.
        aoi: The area to cover.

    Raises:
        NoScenesFound: The area holds no pixel of the shared grid.
    """
    grids = [item_grid(s.item) for s in scenes]
    first = grids[0]
    if first is not None and all(g is not None and g.same_as(first) for g in grids):
        return _window(first, aoi)
    west, south, east, north = aoi.bbox
    lon, lat = (west + east) / 2, (south + north) / 2
    crs = f"EPSG:{(32600 if lat >= 0 else 32700) + min(int((lon + 180) // 6) + 1, 60)}"
    pixel = min(s.gsd_m for s in scenes)
    left, bottom, right, top = pyproj.Transformer.from_crs("EPSG:4326", crs, always_xy=True).transform_bounds(*aoi.bbox)
    left, top = np.floor(left / pixel) * pixel, np.ceil(top / pixel) * pixel
    height, width = int(np.ceil((top - bottom) / pixel)), int(np.ceil((right - left) / pixel))
    return PixelGrid(crs, Affine(pixel, 0, float(left), 0, -pixel, float(top)), height, width)


def _assets(scene: Scene, bands: Sequence[str] | None) -> tuple[list[str], str | None]:
    """Return the names of the bands to read and of the quality asset."""
    there: dict[str, JsonValue] = scene.item["assets"]
    data = [name for name, asset in there.items() if "data" in (asset.get("roles") or [])]
    quality = next((name for name in quality_bands if name in there), None)
    wanted = data if bands is None else [b for b in bands if b in data]
    absent = [] if bands is None else [b for b in bands if b not in data]
    if absent or not wanted:
        raise InputError(f"{scene.id} has no band {', '.join(absent) or '(any)'}.", hint=f"It has {', '.join(data)}.")
    return wanted, quality


def _read(scene: Scene, names: Sequence[str], grid: PixelGrid) -> dict[str, np.ndarray]:
    """Read assets as stored codes on the grid, by odc-stac."""
    import odc.stac
    import pystac
    import rasterio
    from odc.geo.geobox import GeoBox

    document = scene.item | {
        "assets": {n: a | {"href": asset_path(a["href"])} for n, a in scene.item["assets"].items() if n in names}
    }
    box = GeoBox(grid.shape, grid.transform, grid.crs)
    linear = scene.sensor == "optical" or scene.item["properties"].get("terrascope:encoding") == "linear_power"
    smooth = "bilinear" if linear else "nearest"  # classes and decibels must not be averaged
    try:
        with rasterio.Env(GDAL_NUM_THREADS="2", GDAL_DISABLE_READDIR_ON_OPEN="EMPTY_DIR"):
            found = odc.stac.load(
                [pystac.Item.from_dict(document)],
                bands=list(names),
                geobox=box,
                resampling={n: "nearest" if n in quality_bands else smooth for n in names},
                progress=None,
            )
            return {n: np.asarray(found[n].isel(time=0)) for n in names}
    except (rasterio.errors.RasterioError, OSError) as err:
        raise RasterError(
            f"The pixels of {scene.id} cannot be read: {err}.", hint="The file may be truncated; fetch it again."
        ) from err


def _raster_field(asset: JsonValue, name: str, default: float | None) -> float | None:
    value = ((asset.get("raster:bands") or [{}])[0] or {}).get(name)
    if value is None:
        return default
    return float(value)


def _image(scene: Scene, bands: Sequence[str] | None, grid: PixelGrid, *, mask_clouds: bool) -> _Image:
    names, quality = _assets(scene, bands)
    codes = _read(scene, [*names, *([quality] if quality else [])], grid)
    assets = scene.item["assets"]
    layers, notes = [], list(scene.notes)
    if scene.sensor == "sar":
        encoding = str(scene.item["properties"].get("terrascope:encoding", "db"))
        layers = [
            to_decibel(codes[n], encoding=encoding, nodata=_raster_field(assets[n], "nodata", None)) for n in names
        ]
        notes.append(f"backscatter: {sar_encodings[encoding]}")
    else:
        for n in names:
            scale, offset = _raster_field(assets[n], "scale", None), _raster_field(assets[n], "offset", None)
            nodata = _raster_field(assets[n], "nodata", None)
            if scene.quantity == "display" and scale in (None, 1.0) and codes[n].dtype.kind == "u":
                scale = 1 / float(np.iinfo(codes[n].dtype).max)  # picture codes to 0-1
            scale, offset = scale or 1.0, offset or 0.0
            layers.append(to_reflectance(codes[n], nodata=nodata, scale=scale, offset=offset))
        notes.append(f"values: code x {scale:g} + {offset:g}")
    own = item_grid(scene.item)
    beyond = np.zeros(grid.shape, bool) if own is None else ~covered(grid, own)
    missing, clouded = beyond, None
    if quality is not None:
        clouded, unmeasured = clouded_by(quality, codes[quality])
        clouded, missing = clouded & ~beyond, beyond | unmeasured
        if mask_clouds:
            missing = missing | clouded
            notes.append(f"hidden by quality band {quality}: {quality_bands[quality]}")
    return _Image(scene, tuple(names), np.stack(layers), missing, clouded, tuple(notes))


def _series(images: Sequence[_Image], grid: PixelGrid) -> ImageSeries:
    images = sorted(images, key=lambda i: (i.scene.acquired, i.scene.id))
    scenes = [i.scene for i in images]
    quantities = sorted({s.quantity for s in scenes})
    if len(quantities) > 1:
        raise InputError(f"The scenes hold unlike quantities: {', '.join(quantities)}.", hint="Load them separately.")
    shared = [b for b in images[0].bands if all(b in i.bands for i in images)]
    if not shared:
        raise InputError("The scenes share no band.", hint="Load scenes of one collection at a time.")
    flags = [i.clouded for i in images if i.clouded is not None]
    return ImageSeries(
        sensor=scenes[0].sensor,
        pixels=np.stack([i.pixels[[i.bands.index(b) for b in shared]] for i in images]),
        valid=np.stack([~i.missing for i in images]),
        bands=tuple(shared),
        acquired=tuple(s.acquired for s in scenes),
        quantity=quantities[0],
        grid=grid,
        scene_ids=tuple((s.id,) for s in scenes),
        periods_s=tuple(s.period_s for s in scenes),
        platforms=tuple(s.platform for s in scenes),
        orbits=tuple(s.orbit for s in scenes),
        clouded=np.stack(flags) if len(flags) == len(images) else None,
        attribution="; ".join(dict.fromkeys(s.attribution for s in scenes if s.attribution)),
        notes=tuple(dict.fromkeys(n for i in images for n in i.notes)),
    )


def load(
    scenes: Sequence[Scene],
    *,
    aoi: Any = None,  # anything resolve_aoi takes
    bands: Sequence[str] | None = None,
    grid: PixelGrid | None = None,
    mask_clouds: bool = True,
) -> ImageStack:
    """Load scenes as one stack: reflectance (or display values) for optical, dB for SAR, on one grid.

    The scenes' own grid is kept where they share one, so nothing is resampled; otherwise UTM. Scale and offset of
    the metadata are applied exactly once; the quantity travels along and is never relabelled.

    Args:
        scenes: From :func:`search`; optical, SAR or both.
        aoi: The area to cut out; the scenes' whole extent when left out.
        bands: Common names to load; all when left out.
        grid: Load onto this grid instead.
        mask_clouds: Whether what the quality band flags as cloud or shadow counts as unobserved.

    Returns:
        A stack over all dates, oldest first.

    Raises:
        InputError: No scenes, a band that is not there, unlike quantities, or more pixels than fit.
        RasterError: A file cannot be read.
        NoScenesFound: The area holds no pixel of the scenes.
    """
    if not scenes:
        raise InputError("There is nothing to load.", hint="Search first: ts.search(aoi).")
    boxes = np.array([s.bbox for s in scenes])
    whole = (*boxes[:, :2].min(axis=0), *boxes[:, 2:].max(axis=0))
    where = resolve_aoi(aoi) if aoi is not None else Aoi.from_bbox(whole)
    target = grid or common_grid(scenes, where)
    count = target.height * target.width * len(scenes) * (len(bands) if bands else 4)
    if count > _MAX_PIXELS:
        raise InputError(
            f"{len(scenes)} scenes over {target.height} x {target.width} pixels do not fit in memory.",
            hint="Choose a smaller area, fewer scenes or fewer bands.",
        )
    found: dict[str, list[_Image]] = {"optical": [], "sar": []}
    for scene in scenes:
        own = None if bands is None else [b for b in bands if b in scene.item["assets"]] or list(bands)
        found[scene.sensor].append(_image(scene, own, target, mask_clouds=mask_clouds))
    made = {sensor: _series(images, target) for sensor, images in found.items() if images}
    return ImageStack(target, made.get("optical"), made.get("sar"))
