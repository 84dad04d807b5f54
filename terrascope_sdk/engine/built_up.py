"""Built-up and bare ground together: what NDBI marks, and why that is no class of its own."""

import numpy as np
from jaxtyping import Bool, Float32

from terrascope_sdk.engine.spectral import NDBI, NDVI
from terrascope_sdk.engine.water import open_water
from terrascope_sdk.types.series import ImageSeries

__all__ = ["built_or_bare", "what_ndbi_marks"]

LOW_NDVI = 0.3
"""Below this NDVI few green plants are left; our choice."""


def built_or_bare(series: ImageSeries, when: int) -> Bool[np.ndarray, "y x"] | None:
    """Return where NDBI is above 0, NDVI below 0.3 and no water; None where bands are missing.

    That is roofs, roads, bare fields and rock together.

    References:
        Zha, Gao and Ni (2003), doi:10.1080/01431160304987, for NDBI above 0.
    """
    if not (NDBI.fits(series) and NDVI.fits(series)) or series.quantity == "display":
        return None
    ndbi: Float32[np.ndarray, "y x"] = np.nan_to_num(NDBI.of(series, when), nan=-1.0)
    ndvi: Float32[np.ndarray, "y x"] = np.nan_to_num(NDVI.of(series, when), nan=1.0)
    marked = series.valid[when] & (ndbi > 0) & (ndvi < LOW_NDVI)
    water = open_water(series, when)
    return np.asarray(marked if water is None else marked & ~water)


def what_ndbi_marks(series: ImageSeries, when: int) -> str:
    """Return a sentence with the share that NDBI marks on one date; empty where it cannot be said."""
    marked = built_or_bare(series, when)
    seen = int(series.valid[when].sum())
    if marked is None or not seen:
        return ""
    share = marked.sum() / seen
    return (
        f" On {series.when(when)} NDBI is above 0, with NDVI below {LOW_NDVI}, on {share:.1%} of the observed pixels: "
        "both kinds together, and bare fields come and go with the season."
    )
