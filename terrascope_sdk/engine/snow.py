"""Snow and ice in optical reflectance: NDSI, and bright and white enough not to be water."""

import numpy as np
from jaxtyping import Bool

from terrascope_sdk.engine.finding import Finding
from terrascope_sdk.engine.spectral import NDSI
from terrascope_sdk.types.series import ImageSeries

__all__ = ["find_snow", "snow_pixels"]

NDSI_LIMIT = 0.4
"""Hall et al. (1995)."""

NIR_LIMIT = 0.11
"""Reflectance above which such a pixel is not water (Hall et al. 1995, Hall et al. 2001)."""

RED_LIMIT = 0.2
"""Reflectance (Gascoin et al. 2019, first pass)."""

BROWN = 1.1
"""Red over green above which a bright pixel is muddy water and not snow (1.0 is fresh snow, 1.2 the mud of floods)."""

_REFERENCE = (
    f"{NDSI.reference}; Gascoin et al. (2019), doi:10.5194/essd-11-493-2019; Warren (1982), doi:10.1029/RG020i001p00067"
)
_RULE = f"NDSI is above {NDSI_LIMIT}, nir above {NIR_LIMIT}, red above {RED_LIMIT} and below {BROWN} of green"


def snow_pixels(series: ImageSeries, when: int) -> Bool[np.ndarray, "y x"]:
    """Return where reflectance is that of snow; False where unobserved.

    Muddy flood water also has a high NDSI and can be bright, but it is brown: redder than green. The reflectance of
    snow does not rise from green to red (Warren 1982), which is the last condition and our addition.
    """
    red, green = series.band("red", when), series.band("green", when)
    bright = (series.band("nir", when) > NIR_LIMIT) & (red > RED_LIMIT) & (red < BROWN * green)
    return np.asarray(bright & (np.nan_to_num(NDSI.of(series, when), nan=-1.0) > NDSI_LIMIT))


def find_snow(series: ImageSeries, when: int) -> Finding:
    """Find snow and ice on one date by published thresholds; the series must hold reflectance.

    References:
        Hall, Riggs and Salomonson (1995); Gascoin et al. (2019).
    """
    defined = series.valid[when] & np.isfinite(NDSI.of(series, when))
    return Finding(
        snow_pixels(series, when) & defined,
        defined,
        f"green and swir16 are there, so {NDSI.formula}",
        "Snow is bright and white in visible light and dark in shortwave infrared; its published thresholds are used.",
        _RULE,
        _REFERENCE,
        caveat="Snow in shade or under trees is left out; ice clouds that the quality band missed are taken in.",
    )
