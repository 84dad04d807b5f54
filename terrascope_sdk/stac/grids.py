"""The one grid that scenes are loaded on: their own lattice where they share one, else UTM at the finest pixel."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyproj
from affine import Affine

from terrascope_sdk.errors import InputError, NoScenesFound
from terrascope_sdk.types import Aoi, PixelGrid

__all__ = ["common_grid", "utm_code"]

_PHASE_PX = 1e-3
"""Lattices whose pixels lie this close together are one: catalogues round the fourth digit of a transform."""

_NODES = 21


def utm_code(aoi: Aoi) -> str:
    """Return the EPSG code of the UTM zone that holds the middle of an area."""
    west, south, east, north = aoi.bbox
    lon, lat = (west + east) / 2, (south + north) / 2
    return f"EPSG:{(32600 if lat >= 0 else 32700) + min(int((lon + 180) // 6) + 1, 60)}"


def _outline(aoi: Aoi) -> tuple[np.ndarray, np.ndarray]:
    """Return longitudes and latitudes along the box of an area."""
    west, south, east, north = aoi.bbox
    t = np.linspace(0, 1, _NODES)
    lon = np.concatenate([west + (east - west) * t] * 2 + [np.full(_NODES, west), np.full(_NODES, east)])
    lat = np.concatenate([np.full(_NODES, south), np.full(_NODES, north)] + [south + (north - south) * t] * 2)
    return lon, lat


def _covering(lattice: PixelGrid, aoi: Aoi) -> tuple[int, int, int, int]:
    """Return (top, left, bottom, right) of the pixels of an endless lattice that cover an area's box."""
    lon, lat = _outline(aoi)
    x, y = lattice.to_lonlat.transform(lon, lat, direction="INVERSE")
    columns, rows = ~lattice.transform @ (np.asarray(x), np.asarray(y))
    if not (np.isfinite(rows).all() and np.isfinite(columns).all()):
        raise NoScenesFound(
            f"{aoi!r} lies outside what {lattice.crs} can show.", hint="Choose an area near the scenes."
        )
    top, left = int(np.floor(rows.min() + 1e-6)), int(np.floor(columns.min() + 1e-6))
    return top, left, int(np.ceil(rows.max() - 1e-6)), int(np.ceil(columns.max() - 1e-6))


def _window(grid: PixelGrid, aoi: Aoi) -> PixelGrid:
    """Return the smallest window of a grid that holds every pixel whose centre lies in the area's bbox."""
    top, left, bottom, right = _covering(grid, aoi)
    top, left = max(top, 0), max(left, 0)
    bottom, right = min(bottom, grid.height), min(right, grid.width)
    if bottom <= top or right <= left:
        raise NoScenesFound(f"No pixel of the scenes lies inside {aoi!r}.", hint="Choose an area the scenes cover.")
    return grid.crop(row=top, column=left, height=bottom - top, width=right - left)


def _same_lattice(a: PixelGrid, b: PixelGrid) -> bool:
    """Return whether the pixels of two grids would fall on each other if both were endless."""
    if a.crs != b.crs:
        return False
    step = ~a.transform @ b.transform
    linear = np.array([step.a - 1, step.b, step.d, step.e - 1]) * max(b.height, b.width)
    shift = np.array([step.c, step.f])
    return bool(np.abs(linear).max() <= _PHASE_PX and np.abs(shift - np.round(shift)).max() <= _PHASE_PX)


def common_grid(grids: Sequence[PixelGrid | None], aoi: Aoi, *, gsd_m: float, crs: str | None = None) -> PixelGrid:
    """Return the grid to load on.

    Scenes on one grid keep it, cut to the area; scenes on one lattice, such as neighbouring tiles of one UTM zone, keep
    the lattice, so that nothing is resampled; others meet in the UTM zone of the area's middle, also where the area
    lies in two zones.

    Args:
        grids: The grid of the finest band of each scene; None where it is not known.
        aoi: The area to cover.
        gsd_m: Pixel size in metres where a new grid is made.
        crs: Make a new grid in this CRS with units of metres instead.

    Raises:
        NoScenesFound: The area holds no pixel of the shared grid.
        InputError: The pixel size is no positive number.
    """
    known = [g for g in grids if g is not None]
    if crs is None and known and len(known) == len(grids):
        first = known[0]
        if all(g.same_as(first) for g in known):
            return _window(first, aoi)
        if all(_same_lattice(first, g) for g in known):
            top, left, bottom, right = _covering(first, aoi)
            return first.crop(row=top, column=left, height=bottom - top, width=right - left)
    if not (np.isfinite(gsd_m) and gsd_m > 0):
        raise InputError(f"A pixel cannot be {gsd_m} m wide.", hint="Give a resolution in metres above 0.")
    code = crs or utm_code(aoi)
    onto = pyproj.Transformer.from_crs("EPSG:4326", code, always_xy=True)
    x0, y0, x1, y1 = onto.transform_bounds(*aoi.bbox)
    x0, y1 = float(np.floor(x0 / gsd_m) * gsd_m), float(np.ceil(y1 / gsd_m) * gsd_m)
    height, width = int(np.ceil((y1 - y0) / gsd_m)), int(np.ceil((x1 - x0) / gsd_m))
    return PixelGrid(code, Affine(gsd_m, 0, x0, 0, -gsd_m, y1), height, width)
