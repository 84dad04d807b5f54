"""Quality: where a scene's own flags, or its border, say that the ground was not seen."""

from __future__ import annotations

import math

import numpy as np

from terrascope_sdk.errors import InputError, UndefinedMeasurement

__all__ = ["cloud_edge_m", "clouded_by", "dilated", "observed_frac", "quality_bands", "sar_border"]

_SCL_HIDDEN = (3, 8, 9, 10)
"""Sen2Cor scene classes that hide the ground: cloud shadow, cloud medium, cloud high, thin cirrus."""

_SCL_MISSING = (0, 1)
"""Sen2Cor scene classes without a measurement: no data, saturated or defective."""

_QA_PIXEL_FILL = 1 << 0
_QA_PIXEL_HIDDEN = 1 << 1 | 1 << 2 | 1 << 3 | 1 << 4
"""Landsat Collection 2: dilated cloud, cirrus (Landsat 8 and 9 only), cloud, cloud shadow."""

_FMASK_FILL = 255
_FMASK_HIDDEN = 1 << 0 | 1 << 1 | 1 << 2 | 1 << 3
"""HLS 2.0: cirrus (reserved, so far 0), cloud, adjacent to cloud or shadow, cloud shadow."""

quality_bands: dict[str, str] = {
    "scl": "Sentinel-2 scene classification: shadow 3, cloud 8 and 9, cirrus 10 hide the ground; 0 and 1 are no data",
    "cloud": "cloud flag of the scene: 1 hides the ground",
    "qa_pixel": "Landsat Collection 2 pixel quality: bits 1 (dilated cloud), 2 (cirrus), 3 (cloud) and 4 (shadow) hide "
    "the ground; bit 0 is fill",
    "fmask": "HLS Fmask: bits 0 (cirrus), 1 (cloud), 2 (next to cloud or shadow) and 3 (shadow) hide the ground; 255 "
    "is fill",
}
"""Quality asset names that are understood, with the rule. Snow, ice and water hide nothing; aerosol is not read."""

cloud_edge_m: dict[str, float] = {"scl": 40.0, "cloud": 0.0, "qa_pixel": 0.0, "fmask": 0.0}
"""Metres by which :func:`dilated` should grow a rule's clouds.

Two pixels of 20 m for the Sentinel-2 scene classification, whose edges are too tight; none for Landsat and HLS, whose
flags hold a dilation already, and none for a plain flag of unknown making.
"""


_PIXEL_SLACK = 0.02


def _bits(name: str, codes: np.ndarray) -> np.ndarray:
    """Return codes as unsigned integers of the same width, so that a byte read as signed keeps its bits."""
    if codes.dtype.kind == "u":
        return codes
    if codes.dtype.kind != "i":
        raise InputError(
            f"The quality band {name!r} holds {codes.dtype} values; flags are whole numbers.",
            hint="Read it with nearest-neighbour resampling and without scale.",
        )
    return codes.astype(f"u{codes.dtype.itemsize}")


def clouded_by(name: str, codes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return where clouds hide the ground, and where there is no measurement at all.

    Cloud, its shadow, cirrus and what a product calls adjacent to them hide the ground. Snow does not: it is ground.

    Args:
        name: A key of :data:`quality_bands`.
        codes: The band as stored, shape (y, x).

    Returns:
        Two boolean arrays (y, x): clouded, missing. No pixel is in both.

    Raises:
        InputError: The band is not known, or a band of flags holds no integers.

    References:
        QA_PIXEL: USGS, Landsat Collection 2 Level 2 Science Product Guide (LSDS-1618) and Data Format Control Book
        (LSDS-1328), table of the pixel quality assessment bits. Fmask: NASA, HLS Product User Guide, version 2.0, table
        of the quality assessment layer.
    """
    if name == "scl":
        return _any_of(codes, _SCL_HIDDEN), _any_of(codes, _SCL_MISSING)
    if name == "cloud":
        return np.asarray(codes == 1), np.zeros(codes.shape, bool)
    if name == "qa_pixel":
        flags = _bits(name, codes)
        missing = (flags & _QA_PIXEL_FILL) != 0
        return ((flags & _QA_PIXEL_HIDDEN) != 0) & ~missing, missing
    if name == "fmask":
        flags = _bits(name, codes)
        missing = np.asarray(flags == _FMASK_FILL)
        return ((flags & _FMASK_HIDDEN) != 0) & ~missing, missing
    raise InputError(f"The quality band {name!r} is not known.", hint=f"Known are {', '.join(quality_bands)}.")


def _any_of(codes: np.ndarray, values: tuple[int, ...]) -> np.ndarray:
    """Return where codes are one of a few values: faster by far than ``np.isin`` on bytes."""
    found = codes == values[0]
    for value in values[1:]:
        found |= codes == value
    return np.asarray(found)


def dilated(
    clouded: np.ndarray, *, gsd_m: float | tuple[float, float], distance_m: float = cloud_edge_m["scl"]
) -> np.ndarray:
    """Return clouds grown by a distance on the ground, because the edge of a cloud is thinner than what flags it.

    Every pixel whose centre lies within the distance of the centre of a clouded pixel is clouded as well; 2 % of a
    pixel more are granted, because a map's 20 m are 20.01 m on the ground, and two of them shall be 40. The result
    equals a threshold on the Euclidean distance transform, but takes one byte a pixel.

    Args:
        clouded: Where clouds hide the ground, boolean (y, x).
        gsd_m: Size of a pixel in metres; (north-south, east-west) where the sides differ.
        distance_m: How far clouds grow, in metres; see :data:`cloud_edge_m` for what suits which flags. 0 changes
            nothing.

    Returns:
        Boolean (y, x); whatever was clouded stays so.

    Raises:
        InputError: The size of a pixel is not above 0, or the distance is below 0 or not finite.
    """
    down, across = gsd_m if isinstance(gsd_m, tuple) else (gsd_m, gsd_m)
    if not (math.isfinite(down) and math.isfinite(across) and down > 0 and across > 0):
        raise InputError(f"A pixel of {gsd_m} m has no size.", hint="Give gsd_m in metres, for example 20.")
    if not (math.isfinite(distance_m) and distance_m >= 0):
        raise InputError(f"Clouds cannot grow by {distance_m} m.", hint="Give a distance in metres, 0 for none.")
    grown = np.array(clouded, dtype=bool)
    if not grown.any():
        return grown
    height, width = grown.shape
    reach_m = distance_m + _PIXEL_SLACK * min(down, across)
    row: np.ndarray = grown.copy()  # the clouds spread along their own row, ever wider as the row offset shrinks
    reach = 0
    for offset in range(min(int(reach_m / down), height - 1), -1, -1):
        half = int(math.sqrt(max(reach_m**2 - (offset * down) ** 2, 0.0)) / across)
        for step in range(reach + 1, min(half, width - 1) + 1):
            row[:, step:] |= clouded[:, :-step]
            row[:, :-step] |= clouded[:, step:]
        reach = max(reach, half)
        grown[offset:] |= row[: height - offset]
        grown[: height - offset] |= row[offset:]
    return grown


def observed_frac(valid: np.ndarray, inside: np.ndarray) -> np.ndarray:
    """Return which share of an area's pixels was observed, date by date.

    Every pixel counts alike, which is a share of ground on an equal-area or UTM grid.

    Args:
        valid: Where there is an observation, boolean (time, y, x), or (y, x) for one date.
        inside: Which pixels belong to the area, boolean (y, x).

    Returns:
        Shares 0-1, float64 (time,); shape () for one date.

    Raises:
        InputError: The shapes do not belong together.
        UndefinedMeasurement: The area holds no pixel.
    """
    if valid.shape[-2:] != inside.shape or valid.ndim not in (2, 3):
        raise InputError(
            f"Observations of shape {valid.shape} do not lie on an area of shape {inside.shape}.",
            hint="Give both on one grid: (time, y, x) and (y, x).",
        )
    count = int(np.count_nonzero(inside))
    if count == 0:
        raise UndefinedMeasurement(
            "The area holds no pixel, so no share of it was observed.", hint="Choose a larger area or a finer grid."
        )
    return np.asarray(np.count_nonzero(valid & inside, axis=(-2, -1)) / count)


_CLEAR_RUN_PX = 5
"""So many pixels above the floor in a row are ground; fewer are speckle within the noise."""


def sar_border(
    decibel: np.ndarray, *, floor_db: float = -30.0, max_depth_px: int = 500, along_frac: float = 0.5
) -> np.ndarray:
    """Return the border noise of a Sentinel-1 GRD image: the frame of very low values along the edge of the swath.

    Products made before March 2018 (processor before version 2.90), and some later ones, hold small values instead of
    zeros outside the swath. From each of the four edges, every line is followed inwards while its values stay below the
    floor. That is a frame only where most lines of an edge begin so; a line that stays dark for more than twice as long
    as the shortest quarter is cut at their depth. So dark water that touches the edge is kept but for the depth of the
    frame beside it, and dark water inside is never reached.

    Args:
        decibel: Backscatter (sigma0, gamma0 or beta0) in dB, (y, x); NaN or infinite where there is no value. Copolar
            values tell noise and water apart better than crosspolar ones, so find the frame there and use it for both.
        floor_db: Values below are noise, in dB; the default lies under the sensor's own noise floor (about -25 dB).
        max_depth_px: Lines that stay below the floor for longer than this are water, not frame.
        along_frac: Share of an edge's lines, 0-1, that must begin below the floor.

    Returns:
        Boolean (y, x), True on the noise; pixels without a value are False.

    References:
        ESA, Masking "no-value" pixels on GRD products generated by the Sentinel-1 ESA IPF, MPC-0243, 2015. Stasolla
        and Neyt 2018, Sensors 18(10) 3454, doi:10.3390/s18103454. Ours is simpler than both: it knows neither the
        annotation nor morphology, and rather leaves a frame than takes water.
    """
    known = np.isfinite(decibel)
    bright = known & (np.where(known, decibel, 0.0) >= floor_db)
    found = np.zeros(decibel.shape, bool)
    if not known.any():
        return found
    for turns in range(4):  # each edge in its turn becomes the left one
        seen, lit = (np.ascontiguousarray(np.rot90(a, turns)) for a in (known, bright))
        found |= np.rot90(_left_frame(seen, lit, max_depth_px, along_frac), -turns)
    return np.asarray(found & known)


def _left_frame(known: np.ndarray, bright: np.ndarray, max_depth_px: int, along_frac: float) -> np.ndarray:
    """Return the frame along the left edge; lines without any ground say nothing and follow the others."""
    height, width = known.shape
    start = np.where(np.any(known, axis=1), np.argmax(known, axis=1), width)
    run = min(_CLEAR_RUN_PX, width)
    ground = np.logical_and.reduce([bright[:, step : width - run + 1 + step] for step in range(run)])
    told = np.any(ground, axis=1)
    depth = np.where(told, np.maximum(np.argmax(ground, axis=1) - start, 0), 0)
    depth[depth > max_depth_px] = 0
    reach = np.zeros(height, int)
    for edge in (start == 0, start > 0):  # the image's own edge, and that of a swath inside the image
        dark = edge & (depth > 0)
        if np.any(dark) and np.count_nonzero(dark) >= along_frac * np.count_nonzero(edge & told):
            usual = int(np.quantile(depth[dark], 0.25))  # not the median: water may lie along half of an edge
            reach[edge] = np.where(~told[edge] | (depth[edge] > 2 * usual), usual, depth[edge])
    if not reach.any():
        return np.zeros(known.shape, bool)
    columns = np.arange(width)
    return np.asarray((columns >= start[:, None]) & (columns < (start + reach)[:, None]) & known)
