"""Estimate: how much a load would fetch, hold and take, from the metadata alone, before a byte is asked for."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from terrascope_sdk.errors import InputError
from terrascope_sdk.stac.describe import describe_item
from terrascope_sdk.stac.finding.query import area_of
from terrascope_sdk.stac.footprint import item_grid
from terrascope_sdk.stac.grids import utm_code
from terrascope_sdk.types import Aoi, PixelGrid, Scene
from terrascope_sdk.types.encoding import JsonValue

__all__ = ["Estimate", "estimate"]

_BLOCK_PX = 512
"""Side of a file's tiles: whole ones are fetched."""

_STORED = 0.6
"""Bytes of a compressed file for each byte of codes, as usual for Sentinel-2 and Landsat."""

_HEADER_BYTES = 131_072
"""What is read of a file before its first pixel: one block."""

_BYTES_PER_S = 10e6
"""Assumed throughput of all transfers together."""

_OPENING_S = 0.2
"""Assumed wait for a file to answer, of which eight go on at once."""

_AT_ONCE = 8
_GRID_FIELDS = ("proj:code", "proj:epsg", "proj:shape", "proj:transform")
_VALUE_BYTES = 4
_NODES = 21


@dataclass(frozen=True)
class Estimate:
    """What a load would cost."""

    scenes: int
    """Number of scenes."""

    bytes_download: int
    """Bytes to fetch over the network; 0 for files on this machine."""

    bytes_memory: int
    """Bytes of the loaded series; while it is made up to half as much again is used."""

    seconds: float
    """Time to fetch, by the assumption that `text` states."""

    text: str
    """The same in words, with what was assumed."""

    def __str__(self) -> str:
        return self.text


class _File(NamedTuple):
    """What is read of one file."""

    bytes: int
    stated: bool


def _byte_text(count: float) -> str:
    for unit, size in (("GB", 1e9), ("MB", 1e6)):
        if count >= size:
            return f"{count / size:.1f} {unit}"
    return f"{count / 1e3:.0f} kB"


def _duration_text(seconds: float) -> str:
    return f"{seconds / 60:.0f} min" if seconds >= 90 else f"{max(seconds, 1):.0f} s"


def _span(grid: PixelGrid, aoi: Aoi) -> tuple[float, float, float, float]:
    """Return (top, left, bottom, right) in pixels of a grid that an area's box takes; it may lie outside."""
    west, south, east, north = aoi.bbox
    t = np.linspace(0, 1, _NODES)
    lon = np.concatenate([west + (east - west) * t] * 2 + [np.full(_NODES, west), np.full(_NODES, east)])
    lat = np.concatenate([np.full(_NODES, south), np.full(_NODES, north)] + [south + (north - south) * t] * 2)
    x, y = grid.to_lonlat.transform(lon, lat, direction="INVERSE")
    columns, rows = ~grid.transform @ (np.asarray(x), np.asarray(y))
    if not (np.isfinite(rows).all() and np.isfinite(columns).all()):
        return 0.0, 0.0, float(grid.height), float(grid.width)
    return float(rows.min()), float(columns.min()), float(rows.max()), float(columns.max())


def _codes_read(grid: PixelGrid, aoi: Aoi, *, gsd_m: float) -> int:
    """Return how many codes of one band are read: whole tiles, of the overview that is just fine enough."""
    level = 2 ** max(math.floor(math.log2(gsd_m / _pixel_m(grid)) + 1e-9), 0)
    count = 1
    top, left, bottom, right = _span(grid, aoi)
    for low, high, size in ((top, bottom, grid.height), (left, right, grid.width)):
        first, last = max(low, 0) / level, min(high, size) / level
        if last <= first:
            return 0
        whole = math.ceil(last / _BLOCK_PX) * _BLOCK_PX - math.floor(first / _BLOCK_PX) * _BLOCK_PX
        count *= min(whole, math.ceil(size / level))
    return count


def _output_shape(aoi: Aoi, gsd_m: float) -> tuple[int, int]:
    import pyproj

    onto = pyproj.Transformer.from_crs("EPSG:4326", utm_code(aoi), always_xy=True)
    left, bottom, right, top = onto.transform_bounds(*aoi.bbox)
    return math.ceil((top - bottom) / gsd_m), math.ceil((right - left) / gsd_m)


def _itemsize(dtype: str | None) -> int:
    try:
        return int(np.dtype(dtype or "uint16").itemsize)
    except TypeError:
        return 2


class _Files:
    """What is read of each file; scenes on one grid are worked out once."""

    def __init__(self, aoi: Aoi, gsd_m: float) -> None:
        self._aoi, self._gsd_m = aoi, gsd_m
        self._known: dict[tuple[str, ...], int | None] = {}
        self._plain = math.prod(_output_shape(aoi, gsd_m))

    def read(self, item: dict[str, JsonValue], asset: str, dtype: str | None) -> _File:
        own, properties = item["assets"].get(asset) or {}, item.get("properties") or {}
        key = tuple(str(own.get(name, properties.get(name))) for name in _GRID_FIELDS)
        if key not in self._known:
            grid = item_grid(item, asset)
            self._known[key] = None if grid is None else _codes_read(grid, self._aoi, gsd_m=self._gsd_m)
        known = self._known[key]
        codes = self._plain if known is None else known
        remote = str(own.get("href") or "").startswith(("http://", "https://"))
        size = int(codes * _itemsize(dtype) * _STORED) + _HEADER_BYTES if codes and remote else 0
        return _File(size, stated=known is not None and dtype is not None)


def _pixel_m(grid: PixelGrid) -> float:
    """Return the side of a grid's pixels in metres, near enough for the choice of an overview."""
    side = abs(grid.transform.a) or abs(grid.transform.b)
    return side * 111_320 if grid.projection.is_geographic else side


def estimate(
    scenes: Sequence[Scene],
    aoi: Any,  # anything area_of takes
    bands: Sequence[str] | None = None,
    gsd_m: float | None = None,
) -> Estimate:
    """Return what loading scenes over an area would cost. Nothing is fetched.

    Window and overview of each file follow from its projection fields; what they do not state is guessed from the
    area, and the text says of how many files.

    Args:
        scenes: From a search.
        aoi: The area to load, said as for a search.
        bands: Common names, of both sensors; all bands of each scene when left out.
        gsd_m: Pixel size to load at, in metres; the finest of the scenes when left out.

    Raises:
        InputError: A pixel size that is no positive number, or no band that a scene has.
    """
    if gsd_m is not None and not (math.isfinite(gsd_m) and gsd_m > 0):
        raise InputError(f"gsd_m is a pixel size in metres, above 0, not {gsd_m}.")
    if not scenes:
        return Estimate(0, 0, 0, 0.0, "No scenes: nothing to load.")
    area = area_of(aoi)
    pixel_m = gsd_m or min(s.gsd_m for s in scenes)
    files, sizes, layers = _Files(area, pixel_m), [], 0
    for scene in scenes:
        reading = describe_item(scene.item)
        there = {b.name for b in reading.bands}
        named = None if bands is None else [b for b in bands if b in there] or bands  # a list may hold both sensors'
        wanted = list(reading.bands) if named is None else [reading.band(b) for b in named]
        dtypes = {b.asset: b.dtype for b in wanted}
        if reading.quality is not None:
            dtypes.setdefault(reading.quality.asset, "uint16" if reading.quality.rule == "qa_pixel" else "uint8")
        sizes += [files.read(scene.item, asset, dtype) for asset, dtype in dtypes.items()]
        layers += len(wanted)
    height, width = _output_shape(area, pixel_m)
    memory = height * width * (layers * _VALUE_BYTES + len(scenes))
    download = sum(f.bytes for f in sizes)
    opened = sum(f.bytes > 0 for f in sizes)
    seconds = download / _BYTES_PER_S + math.ceil(opened / _AT_ONCE) * _OPENING_S
    guessed = sum(not f.stated for f in sizes)
    text = (
        f"{len(scenes)} scene{'s' * (len(scenes) != 1)}, {opened} files to open, about {_byte_text(download)} to fetch "
        f"and {_byte_text(memory)} in memory ({height} by {width} pixels of {pixel_m:g} m); about "
        f"{_duration_text(seconds)} at {_BYTES_PER_S / 1e6:.0f} MB/s, with files at {_STORED:.0%} of their codes."
    )
    if guessed:
        text += f" {guessed} of {len(sizes)} files do not state grid and type, so theirs are a guess."
    return Estimate(len(scenes), download, memory, seconds, text)
