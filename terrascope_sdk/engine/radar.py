"""Open water in radar backscatter: speckle is averaged in linear power, then a threshold between two modes."""

import numpy as np
from jaxtyping import Bool, Float32
from scipy.ndimage import label, uniform_filter

from terrascope_sdk.engine.finding import Finding
from terrascope_sdk.engine.threshold import SPLIT_REFERENCE, Split, find_split
from terrascope_sdk.errors import GroundingError
from terrascope_sdk.types.series import ImageSeries

__all__ = ["DARK_DB", "find_dark_water", "speckle_filtered"]

WINDOW_PX = 3
"""Width of the averaging window in pixels."""

DARK_DB = {"vv": -14.6, "vh": -22.8}
"""Backscatter below which OPERA's DSWx-S1 takes ground for dark as water, C band, in dB."""

BRIGHTEST_FRAC = 0.02
"""Share of the brightest pixels left out of the histogram: walls facing the radar, which are a tail and no mode."""

SMALLEST_PX = 25
"""Connected dark pixels that speckle does not make; fewer are no sign of water."""

_WATER = (
    "Twele et al. (2016), doi:10.1080/01431161.2016.1192304; Bauer-Marschallinger et al. (2022), doi:10.3390/rs14153673"
)
_DARK = "OPERA DSWx-S1, github.com/opera-adt/DSWX-SAR, algorithm_parameter_s1.yaml"
_CAVEAT = (
    "Smooth ground (runways, dry sand, wet snow) and radar shadow can be as dark; wind can hide water; averaging takes "
    "up to a pixel off its edge."
)


def speckle_filtered(
    backscatter_db: Float32[np.ndarray, "y x"], *, window_px: int = WINDOW_PX
) -> Float32[np.ndarray, "y x"]:
    """Return backscatter averaged over a square window, in linear power, in dB again.

    Speckle multiplies the power of each pixel by a random number of mean 1, so the mean of powers is unbiased and the
    mean of decibels is not (2.5 dB too low for one look). Only observed pixels count; a pixel that was not observed
    stays NaN. The price is paid at edges: beside land, a few bright neighbours outweigh the darkness of water.

    Args:
        backscatter_db: Backscatter in dB; NaN where unobserved.
        window_px: Odd width of the window.

    References:
        Goodman (1976), doi:10.1364/JOSA.66.001145.
    """
    observed = np.isfinite(backscatter_db)
    power = np.where(observed, 10 ** (np.where(observed, backscatter_db, 0).astype(np.float64) / 10), 0)
    total = uniform_filter(power, window_px, mode="constant")
    seen = uniform_filter(observed.astype(np.float64), window_px, mode="constant")
    mean = np.maximum(total, 1e-12) / np.maximum(seen, 1e-12)
    return np.where(observed, 10 * np.log10(mean), np.nan).astype(np.float32)


def _candidates(filtered: dict[str, Float32[np.ndarray, "y x"]]) -> dict[str, Split]:
    """Return the split of each polarisation that has two modes, one on either side of the limit for dark ground."""
    found = {}
    for name, image in filtered.items():
        values = np.sort(image[np.isfinite(image)])
        split = find_split(values[: round(values.size * (1 - BRIGHTEST_FRAC))])
        if split is not None and split.two_modes and split.low_mean < DARK_DB[name] < split.high_mean:
            found[name] = split
    return found


def _largest_dark_px(filtered: dict[str, Float32[np.ndarray, "y x"]]) -> int:
    """Return the size of the largest region darker than the limit in any polarisation."""
    largest = 0
    for name, values in filtered.items():
        regions, count = label(np.nan_to_num(values, nan=np.inf) < DARK_DB[name])
        if count:
            largest = max(largest, int(np.bincount(regions.ravel())[1:].max()))
    return largest


def find_dark_water(series: ImageSeries, when: int) -> Finding:
    """Find open water on one radar date: smooth water mirrors the pulse away and is dark.

    Each polarisation is averaged over 3 x 3 pixels; the one whose two modes lie furthest apart gives Otsu's threshold,
    provided its dark mode is darker, and its bright mode brighter, than the limit for dark ground. The brightest 2 % of
    the pixels are left out of the histogram. Without such modes there is no fixed threshold to fall back on: wind,
    incidence angle and soil moisture move backscatter by several dB. Then water is absent where nothing as large as 25
    pixels is dark in any polarisation, and undecided otherwise.

    Raises:
        GroundingError: Some ground is dark, but no two modes separate it from the rest.

    References:
        Twele et al. (2016); Chini et al. (2017); Bauer-Marschallinger et al. (2022). They take tiles of a whole scene,
        terrain height and earlier dates into account; here it is one histogram of the loaded pixels.
    """
    names = [n for n in DARK_DB if n in series.bands]
    filtered = {n: speckle_filtered(series.band(n, when)) for n in names}
    splits = _candidates(filtered)
    shown = " and ".join(n.upper() for n in names)
    look = f"backscatter in {shown}, averaged over {WINDOW_PX} x {WINDOW_PX} pixels in linear power"
    if splits:
        name = max(splits, key=lambda n: splits[n].distance)
        split = splits[name]
        return Finding(
            np.asarray(np.nan_to_num(filtered[name], nan=np.inf) < split.threshold),
            series.valid[when] & np.isfinite(filtered[name]),
            look,
            f"{name.upper()} has {split.why}, around {split.low_mean:.1f} and {split.high_mean:.1f} dB, the darker one "
            f"below {DARK_DB[name]} dB as water is; Otsu's threshold between them is {split.threshold:.1f} dB.",
            f"{name.upper()} is below {split.threshold:.1f} dB",
            f"{_WATER}; {SPLIT_REFERENCE}; {_DARK}",
            split.separability,
            _CAVEAT,
        )
    return _without_modes(series, when, filtered, look)


def _without_modes(
    series: ImageSeries, when: int, filtered: dict[str, Float32[np.ndarray, "y x"]], look: str
) -> Finding:
    limits = " or ".join(f"{n.upper()} below {DARK_DB[n]} dB" for n in filtered)
    largest = _largest_dark_px(filtered)
    if largest >= SMALLEST_PX:
        raise GroundingError(
            f"Undecided: no polarisation has two modes with water on the dark side, yet {largest} connected pixels are "
            f"dark ({limits}); they may be water or smooth ground.",
            hint="Ask for another date, a larger area with more water in it, or an optical image.",
        )
    seen: Bool[np.ndarray, "y x"] = series.valid[when]
    return Finding(
        np.zeros(seen.shape, bool),
        seen,
        look,
        f"No polarisation has two modes with water on the dark side, and no {SMALLEST_PX} connected pixels are dark "
        f"({limits}).",
        f"{SMALLEST_PX} connected pixels have {limits}",
        f"{_WATER}; {_DARK}",
        caveat="Water roughened by wind, or smaller than that, would not show.",
    )
