"""How long the edge of a class is, as smooth lines and not as a staircase of pixels."""

import numpy as np
import pyproj
from jaxtyping import Bool, Float64
from scipy.ndimage import map_coordinates

from terrascope_sdk.measure.edge import moved_edges
from terrascope_sdk.measure.frame import frame_of
from terrascope_sdk.measure.ground import require_crs
from terrascope_sdk.measure.subject import subject_of
from terrascope_sdk.types import Aoi, Mask, Measurement, PixelGrid

__all__ = ["edge_length"]

_GEOD = pyproj.Geod(ellps="WGS84")
_STEPS = ((0, 1), (1, 1), (1, 0), (1, -1))  # (rows, columns) to the next pixel on a scan line
_NODES = 17  # a side: pixel sizes vary slowly and smoothly over an image


def edge_length(mask: Mask, *, aoi: Aoi | None = None) -> Measurement:
    """Estimate the length of a class edge by counting how often scan lines in four directions cross it.

    The border of the image and the border of what was observed are no edges. An edge has no length of its own: it
    grows with finer pixels, so compare only lengths from the same pixel size.

    Args:
        mask: The class.
        aoi: Count crossings between pixels whose centres lie inside.

    Returns:
        ``edge_length`` in m of true ground. Bounds: smallest and largest of the mask and of the mask eroded and
        dilated by one pixel.

    Raises:
        UndefinedMeasurement: No CRS, or no pixel inside was observed.

    References:
        Crofton's formula with line directions weighted by their angular sectors: Lehmann, G., Legland, D. (2012),
        Efficient N-dimensional surface estimation using Crofton formula and run-length encoding, Insight Journal.
        Directions, spacings and sectors are those of the true ground, so pixels need not be square.

    Examples:
        >>> from terrascope_sdk.testing import disc_mask, utm_grid
        >>> round(edge_length(disc_mask(utm_grid(), radius_m=500.0)).value, -1)  # the circle has 3142 m
        3140.0
    """
    require_crs(mask.grid, f"The edge length of {subject_of(mask)}")
    frame = frame_of(mask, aoi=aoi)
    metres = _metres_per_crossing(mask.grid)
    value = _crofton(mask.pixels, frame.observed, metres)
    moved = [_crofton(pixels, frame.observed, metres) for pixels in moved_edges(mask)]
    return Measurement(
        name="edge_length",
        subject=subject_of(mask),
        value=value,
        unit="m",
        low=min(value, *moved),
        high=max(value, *moved),
        interval="edge_sensitivity",
        method="Crofton estimate from scan lines in four directions, at pixels of "
        f"{max(mask.grid.pixel_size_m):.3g} m; "
        "image and cloud borders are no edges; bounds: the mask eroded and dilated by one pixel (4 neighbours)",
        mask_ids=(mask.id,),
        observed_frac=frame.observed_frac,
        notes=("scale-dependent: finer pixels give a longer edge", *frame.notes),
    )


def _metres_per_crossing(grid: PixelGrid) -> Float64[np.ndarray, "direction rows columns"]:
    """Return what one crossing adds to the length: half of line spacing times angular sector, at a lattice of nodes.

    Around each node the pixel is a parallelogram on the ground; the four scan directions are its sides and diagonals.
    """
    rows, columns = np.meshgrid(np.linspace(0, grid.height, _NODES), np.linspace(0, grid.width, _NODES), indexing="ij")
    right = _ground_step(grid, rows, columns, 0.0, 1.0)
    down = _ground_step(grid, rows, columns, 1.0, 0.0)
    vectors = np.stack([right, right + down, down, down - right])
    pixel_m2 = np.abs(right[..., 0] * down[..., 1] - right[..., 1] * down[..., 0])
    spacing_m = pixel_m2 / np.linalg.norm(vectors, axis=-1)
    angle = np.arctan2(vectors[..., 1], vectors[..., 0]) % np.pi
    order = np.argsort(angle, axis=0)
    turning = np.take_along_axis(angle, order, axis=0)
    gap_after = np.concatenate([np.diff(turning, axis=0), turning[:1] + np.pi - turning[-1:]])
    sector = np.empty_like(angle)
    np.put_along_axis(sector, order, (gap_after + np.roll(gap_after, 1, axis=0)) / 2, axis=0)
    return np.asarray(spacing_m * sector / 2, np.float64)


def _ground_step(grid: PixelGrid, rows: np.ndarray, columns: np.ndarray, down: float, right: float) -> np.ndarray:
    """Return (east, north) in m of one pixel step centred at lattice points."""
    lon1, lat1 = grid.lonlat(rows - down / 2, columns - right / 2)
    lon2, lat2 = grid.lonlat(rows + down / 2, columns + right / 2)
    azimuth, _, metres = _GEOD.inv(lon1, lat1, lon2, lat2)
    turn = np.deg2rad(azimuth)
    return np.stack([np.asarray(metres) * np.sin(turn), np.asarray(metres) * np.cos(turn)], axis=-1)


def _crofton(
    pixels: Bool[np.ndarray, "y x"],
    observed: Bool[np.ndarray, "y x"],
    metres: Float64[np.ndarray, "direction rows columns"],
) -> float:
    length_m = 0.0
    height, width = pixels.shape
    for (down, right), weight in zip(_STEPS, metres, strict=True):
        here = (slice(0, height - down), slice(max(0, -right), width - max(0, right)))
        there = (slice(down, height), slice(max(0, right), width + min(0, right)))
        crossed = (pixels[here] ^ pixels[there]) & observed[here] & observed[there]
        r, c = np.nonzero(crossed)
        at_rows = (r + 0.5 + down / 2) * (_NODES - 1) / height
        at_columns = (c + max(0, -right) + 0.5 + right / 2) * (_NODES - 1) / width
        length_m += float(map_coordinates(weight, [at_rows, at_columns], order=1, mode="nearest").sum())
    return length_m
