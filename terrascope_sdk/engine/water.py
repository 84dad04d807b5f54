"""Open water in optical pixels: MNDWI where there is shortwave infrared, else NDWI."""

import numpy as np
from jaxtyping import Bool, Float32

from terrascope_sdk.engine.finding import Finding
from terrascope_sdk.engine.snow import snow_pixels
from terrascope_sdk.engine.spectral import MNDWI, NDVI, NDWI, SpectralIndex
from terrascope_sdk.engine.threshold import SPLIT_REFERENCE, Split, find_split
from terrascope_sdk.errors import GroundingError
from terrascope_sdk.types.series import ImageSeries

__all__ = ["find_water", "open_water"]

PUBLISHED = 0.0
"""Threshold of both indices in their papers."""

DARKEST_FRAC = 1 / 3
"""Display pixels: water must be at most this bright, against the rest, in near and in shortwave infrared."""

DARKEST_NIR_FRAC = 0.15
"""The same where near infrared is the only infrared band: charred ground and asphalt reach 0.2 against forest."""

_ZOU = "Zou et al. (2018), doi:10.1073/pnas.1719275115"
_FMASK = "Zhu and Woodcock (2012), doi:10.1016/j.rse.2011.10.028, eq. 5"


def _side_condition(
    index: SpectralIndex, series: ImageSeries, when: int, values: Float32[np.ndarray, "y x"]
) -> tuple[Bool[np.ndarray, "y x"], str, str, str]:
    """Return where reflectance does not speak against water, in words, with reference and caveat.

    With MNDWI, water is also wetter than it is green (Zou et al. 2018 take MNDWI above NDVI), which keeps shaded
    and irrigated plants out, and it is not snow. With NDWI, which roofs raise as well (Xu 2006), water must pass the
    water test of Fmask: dark in near infrared.
    """
    if not NDVI.fits(series):
        return np.ones(values.shape, bool), "", "", "Without red and near infrared nothing keeps shade and roofs out."
    ndvi = np.nan_to_num(NDVI.of(series, when), nan=-1.0)
    if index is MNDWI:
        return (values > ndvi) & ~snow_pixels(series, when), " and above NDVI, and not snow", _ZOU, ""
    nir = series.band("nir", when)
    dark = ((ndvi < 0.01) & (nir < 0.11)) | ((ndvi < 0.1) & (nir < 0.05))
    words = ", and near infrared is dark (NDVI below 0.01 and nir below 0.11, or below 0.1 and 0.05)"
    return dark, words, _FMASK, "Muddy water brighter than that in near infrared is left out."


def _choose(
    index: SpectralIndex, split: Split | None, values: Float32[np.ndarray, "y x"], fits: Bool[np.ndarray, "y x"]
) -> tuple[float, float | None, str]:
    """Return threshold, score and reason for reflectance."""
    if split is None:
        why = "does not vary"
    elif not split.two_modes:
        why = f"has {split.why}"
    elif not split.low_mean < PUBLISHED < split.high_mean:
        why = f"has its two modes, {split.low_mean:.2f} and {split.high_mean:.2f}, on one side of {PUBLISHED:g}"
    elif fits[values > split.threshold].mean() < 0.5:
        why = (
            f"has two modes, but most of the wetter one, around {split.high_mean:.2f}, is not water by its other bands"
        )
    else:
        reason = (
            f"{index.name} has {split.why}, around {split.low_mean:.2f} and {split.high_mean:.2f}, one on either side "
            f"of the published {PUBLISHED:g}; Otsu's threshold between them is {split.threshold:.2f}."
        )
        return split.threshold, split.separability, reason
    return PUBLISHED, None, f"{index.name} {why}, so the published threshold {PUBLISHED:g} is used."


def _choose_on_display(
    index: SpectralIndex, split: Split | None, series: ImageSeries, when: int, values: Float32[np.ndarray, "y x"]
) -> tuple[float, float | None, str]:
    """Return threshold, score and reason for display values, which have no published threshold.

    The ratio of the brightness of two groups of pixels within one band does not depend on how strongly the band was
    stretched: water is dark against land in every infrared band, leaves in shortwave infrared only, asphalt in none.

    Raises:
        GroundingError: There are no two modes, or the wetter one is not dark enough to be water.
    """
    refusal = f"These are display values, so the published threshold of {index.name} does not hold"
    hint = "Load the reflectance of the scene, or ask for another date."
    if split is None or not split.two_modes:
        why = "it does not vary" if split is None else f"it has {split.why}"
        raise GroundingError(f"Undecided: {refusal}, and {why} to place a threshold between.", hint=hint)
    wet, dry = values > split.threshold, values <= split.threshold
    ratios = {}
    for name in ("nir", "swir16", "swir22"):
        if name in series.bands:
            band = series.band(name, when)
            ratios[name] = float(band[wet].mean() / max(float(band[dry].mean()), 1e-6))
    told = ", ".join(f"{ratio:.2f} in {name}" for name, ratio in ratios.items())
    darkest = DARKEST_FRAC if len(ratios) > 1 else DARKEST_NIR_FRAC
    if max(ratios.values()) > darkest:
        raise GroundingError(
            f"Undecided: {refusal}; of its two modes the wetter one is {told} as bright as the rest, where water would "
            f"be at most {darkest:.2f}.",
            hint=hint,
        )
    reason = (
        f"{refusal}; but it has {split.why}, and the wetter one is dark as water is ({told} of the rest), so Otsu's "
        f"threshold {split.threshold:.2f} between them is used."
    )
    return split.threshold, split.separability, reason


def find_water(series: ImageSeries, when: int) -> Finding:
    """Find open water on one date by MNDWI (shortwave infrared), else by NDWI (near infrared).

    Otsu's threshold is used where it separates two modes that lie on either side of the published threshold 0, the
    wetter of which is water by its other bands as well: two land covers never become water. Otherwise reflectance
    takes the published threshold. Display values, whose index has no scale, take Otsu's threshold or none.

    Raises:
        GroundingError: Display values without two modes, or whose modes are not water and land.

    References:
        McFeeters (1996); Xu (2006), who prefers shortwave infrared because built-up land raises NDWI; Ji, Zhang and
        Wylie (2009), doi:10.14358/PERS.75.11.1307, who find its threshold the most stable one; Zou et al. (2018);
        Zhu and Woodcock (2012).
    """
    index = MNDWI if MNDWI.fits(series) else NDWI
    values = index.of(series, when)
    defined = series.valid[when] & np.isfinite(values)
    split = find_split(values[defined])
    if series.quantity == "display":
        threshold, score, choice = _choose_on_display(index, split, series, when, values)
        fits, words, reference, caveat = defined, "", "", "No second condition can be asked of display values."
    else:
        fits, words, reference, caveat = _side_condition(index, series, when, values)
        threshold, score, choice = _choose(index, split, values, fits)
    rule = f"{index.name} is above {threshold:.2f}{words}"
    references = [index.reference, reference, SPLIT_REFERENCE if score is not None else ""]
    return Finding(
        defined & (np.nan_to_num(values, nan=-1.0) > threshold) & fits,
        defined,
        f"{' and '.join(index.bands)} are there, so {index.formula}",
        choice,
        rule,
        "; ".join(r for r in references if r),
        score,
        caveat,
    )


def open_water(series: ImageSeries, when: int) -> Bool[np.ndarray, "y x"] | None:
    """Return open water in reflectance by the published threshold; None where the bands for it are missing."""
    index = next((i for i in (MNDWI, NDWI) if i.fits(series)), None)
    if index is None:
        return None
    values = index.of(series, when)
    fits = _side_condition(index, series, when, values)[0]
    return np.asarray((np.nan_to_num(values, nan=-1.0) > PUBLISHED) & fits)
