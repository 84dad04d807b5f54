"""Green vegetation in optical pixels: NDVI."""

import math

import numpy as np

from terrascope_sdk.engine.finding import Finding
from terrascope_sdk.engine.spectral import NDVI
from terrascope_sdk.engine.threshold import SPLIT_REFERENCE, Split, find_split
from terrascope_sdk.errors import GroundingError
from terrascope_sdk.types.series import ImageSeries

__all__ = ["HALF_COVER", "find_vegetation"]

BARE, FULL = 0.2, 0.5
"""NDVI of bare soil and of full green cover (Sobrino et al. 2004)."""

HALF_COVER = BARE + (FULL - BARE) * math.sqrt(0.5)
"""NDVI of a pixel half covered by green plants: 0.41."""

GREENER = 4.0
"""Display values: how many times the ratio of near infrared to red must differ between plants and the rest."""

_COVER = (
    "Carlson and Ripley (1997), doi:10.1016/S0034-4257(97)00104-1; "
    "Sobrino, Jimenez-Munoz and Paolini (2004), doi:10.1016/j.rse.2004.02.003"
)


def _on_display(split: Split | None, ratio: float) -> str:
    """Return why Otsu's threshold may be used on display values.

    Raises:
        GroundingError: It may not.
    """
    refusal = "These are display values, so the published thresholds of NDVI do not hold"
    hint = "Load the reflectance of the scene, or ask for another date."
    if split is None or not split.two_modes:
        why = "it does not vary" if split is None else f"it has {split.why}"
        raise GroundingError(f"Undecided: {refusal}, and {why} to place a threshold between.", hint=hint)
    if ratio < GREENER:
        raise GroundingError(
            f"Undecided: {refusal}; its two modes differ {ratio:.1f} times in nir/red, where plants and bare ground "
            f"differ at least {GREENER:g} times: they may be two kinds of plants.",
            hint=hint,
        )
    return (
        f"{refusal}; but it has {split.why}, which differ {ratio:.1f} times in nir/red as plants and bare ground do, "
        f"so Otsu's threshold {split.threshold:.2f} between them is used."
    )


def find_vegetation(series: ImageSeries, when: int) -> Finding:
    """Find pixels of which green plants cover more than half.

    Reflectance is compared with NDVI 0.41 and not with Otsu's threshold: the squared, scaled NDVI is the green cover
    of a pixel (Carlson and Ripley 1997), with 0.2 for bare soil and 0.5 for full cover (Sobrino et al. 2004), so
    0.41 means half; Otsu would cut between whichever two covers fill the scene, such as forest and meadow.

    Display values take Otsu's threshold between two modes whose ratios of near infrared to red differ at least
    fourfold: that ratio of ratios does not depend on how strongly each band was stretched, and is about 1.5 between
    two soils, 2 to 3 between two kinds of plants, 5 or more between plants and bare ground or water.

    Raises:
        GroundingError: Display values without two such modes.

    References:
        Rouse et al. (1974); Tucker (1979); Carlson and Ripley (1997), eq. 3; Sobrino et al. (2004).
    """
    values = NDVI.of(series, when)
    defined = series.valid[when] & np.isfinite(values)
    score, reference, caveat = None, f"{NDVI.reference}; {_COVER}", ""
    if series.quantity == "display":
        split = find_split(values[defined])
        ratio = math.nan
        if split is not None:
            nir, red = series.band("nir", when), series.band("red", when)
            green, rest = values > split.threshold, values <= split.threshold
            ratio = float(nir[green].sum() * red[rest].sum() / max(red[green].sum() * nir[rest].sum(), 1e-6))
        choice = _on_display(split, ratio)
        threshold = split.threshold if split is not None else math.nan
        score = None if split is None else split.separability
        reference = f"{NDVI.reference}; {SPLIT_REFERENCE}"
    else:
        threshold = HALF_COVER
        choice = "Above NDVI 0.41 green plants cover more than half of a pixel (0.2 is bare soil, 0.5 is full cover)."
        if series.quantity == "toa_reflectance":
            caveat = "Haze lowers NDVI at the top of the atmosphere, so sparse plants may be left out."
    return Finding(
        defined & (np.nan_to_num(values, nan=-1.0) > threshold),
        defined,
        f"nir and red are there, so {NDVI.formula}",
        choice,
        f"NDVI is above {threshold:.2f}",
        reference,
        score,
        caveat,
    )
