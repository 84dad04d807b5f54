"""What a measurement looks at: the pixels inside the area of interest, and which of them were observed.

The rule for every area of interest: a pixel belongs to it when its centre lies inside or on the outline, taken in
longitude and latitude. A box is compared with a slack of 1e-9 degrees (0.1 mm), so a box through pixel centres, or one
that went through another CRS and back, loses no border pixels to rounding. A box drawn around a grid in another CRS
holds all its pixels, and also ground beside the image: that share counts as not observed and is named in the notes.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import shapely
from jaxtyping import Bool

from terrascope_sdk.errors import InputError, UndefinedMeasurement
from terrascope_sdk.measure.subject import subject_of
from terrascope_sdk.types import Aoi, Mask, PixelGrid

__all__ = ["Frame", "frame_of", "require_same_grid", "total"]

_SLACK_DEG = 1e-9
_BLOCK_PX = 2_000_000  # pixel centres projected at a time: about 100 MB of coordinates
_BLOCK_ROWS = 1024
_OUTSIDE_NOTE = 0.005  # share of the area of interest beyond the image from which on it is worth a note


@dataclass(frozen=True, eq=False)
class Frame:
    """The pixels that a measurement may look at."""

    inside: Bool[np.ndarray, "y x"]
    """True where the pixel centre lies in the area of interest."""

    observed: Bool[np.ndarray, "y x"]
    """True inside the area of interest where every mask was observed."""

    observed_frac: float
    """Observed share of the area of interest, 0-1, by ground area (by pixels where there is no CRS). What lies
    beyond the image was not observed."""

    notes: tuple[str, ...] = ()
    """What to say about it."""


def total(pixels: Bool[np.ndarray, "y x"], sizes: np.ndarray) -> float:
    """Return the summed size of the True pixels.

    Args:
        pixels: True where counted.
        sizes: Size of each pixel, float64[y x], or float64[y 1] where all pixels of a row are alike.
    """
    if sizes.shape[1] == 1:
        return float(np.count_nonzero(pixels, axis=1) @ sizes[:, 0])
    blocks = range(0, len(pixels), _BLOCK_ROWS)  # no second copy of a large image
    return float(sum(sizes[r : r + _BLOCK_ROWS][pixels[r : r + _BLOCK_ROWS]].sum() for r in blocks))


def require_same_grid(*masks: Mask) -> None:
    """Refuse masks whose pixels do not lie on each other.

    Raises:
        InputError: Two grids differ.
    """
    for other in masks[1:]:
        if not masks[0].grid.same_as(other.grid):
            raise InputError(
                f"The masks lie on different grids: {masks[0].grid} and {other.grid}.",
                hint="Load both on one grid, or reproject one of them first.",
            )


def frame_of(*masks: Mask, aoi: Aoi | None = None, require_observed: bool = True) -> Frame:
    """Return what a measurement on these masks looks at.

    Args:
        masks: One or more, all on one grid.
        aoi: Area of interest; the whole image when left out.
        require_observed: Whether a place that nobody saw is an error.

    Raises:
        InputError: The grids differ, or there is an area of interest but no CRS to place it.
        UndefinedMeasurement: No pixel centre lies inside, or no pixel inside was observed by all masks.
    """
    require_same_grid(*masks)
    grid = masks[0].grid
    inside, covered_frac = _whole(grid) if aoi is None else _look(grid, shapely.to_wkb(aoi.geometry))
    if aoi is not None and not inside.any():
        raise UndefinedMeasurement(
            f"No pixel of the image has its centre inside {aoi!r}; the image spans "
            f"{tuple(round(v, 4) for v in grid.bounds_lonlat)} and its pixels are {grid.pixel_size_m[1]:.3g} m wide.",
            hint="Load imagery of that area, or draw an area of at least a few pixels.",
        )
    observed = inside.copy()
    for mask in masks:
        observed &= mask.valid
    if require_observed and not observed.any():
        raise UndefinedMeasurement(
            f"None of the {int(inside.sum())} pixels was observed: {'; '.join(map(subject_of, masks))}.",
            hint="Choose another date, or a radar acquisition that sees through clouds.",
        )
    sizes = np.ones((grid.height, 1)) if grid.crs is None else grid.pixel_area_m2
    share = total(observed, sizes) / total(inside, sizes) * covered_frac
    outside = 1 - covered_frac
    notes = (f"{outside:.1%} of the area of interest lies outside the image",) if outside > _OUTSIDE_NOTE else ()
    return Frame(inside, observed, min(share, 1.0), notes)


def _whole(grid: PixelGrid) -> tuple[Bool[np.ndarray, "y x"], float]:
    return np.ones(grid.shape, bool), 1.0


@lru_cache(maxsize=4)
def _look(grid: PixelGrid, outline_wkb: bytes) -> tuple[Bool[np.ndarray, "y x"], float]:
    """Return the pixels inside an outline, and the share of the outline that the image covers."""
    outline = shapely.from_wkb(outline_wkb)
    is_box = bool(outline.equals(shapely.box(*outline.bounds)))
    rows = max(1, _BLOCK_PX // grid.width)
    parts = []
    for start in range(0, grid.height, rows):
        block = grid.crop(row=start, column=0, height=min(rows, grid.height - start), width=grid.width)
        parts.append(_inside_box(block, outline.bounds) if is_box else block.contains(outline))
    inside = np.concatenate(parts)
    inside.setflags(write=False)
    return inside, _covered_frac(grid, outline)


def _inside_box(grid: PixelGrid, bounds: tuple[float, float, float, float]) -> Bool[np.ndarray, "y x"]:
    west, south, east, north = bounds
    rows, columns = np.mgrid[0 : grid.height, 0 : grid.width] + 0.5
    lon, lat = grid.lonlat(rows, columns)
    across = (lon >= west - _SLACK_DEG) & (lon <= east + _SLACK_DEG)
    return np.asarray(across & (lat >= south - _SLACK_DEG) & (lat <= north + _SLACK_DEG))


def _covered_frac(grid: PixelGrid, outline: shapely.Geometry) -> float:
    """Return the share of an outline's area that lies within the image, 0-1 (equal-area on the sphere)."""
    down, right = np.linspace(0, grid.height, 65), np.linspace(0, grid.width, 65)
    rows = np.concatenate([np.zeros(65), down, np.full(65, grid.height), down[::-1]])
    columns = np.concatenate([right, np.full(65, grid.width), right[::-1], np.zeros(65)])
    lon, lat = grid.lonlat(rows, columns)
    footprint = shapely.Polygon(np.column_stack([lon, lat]))
    if np.ptp(lon) > 180 or not footprint.is_valid:  # across the antimeridian or around a pole: not known
        return 1.0
    part = shapely.transform(shapely.intersection(outline, footprint), _equal_area)
    whole = shapely.transform(outline, _equal_area)
    return float(min(part.area / whole.area, 1.0))


def _equal_area(lonlat: np.ndarray) -> np.ndarray:
    return np.column_stack([np.deg2rad(lonlat[:, 0]), np.sin(np.deg2rad(lonlat[:, 1]))])
