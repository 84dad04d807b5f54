"""Plain rules beside the network: published thresholds of indices, and Otsu's threshold used unconditionally."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float32

from terrascope_sdk.engine.histogram import histogram_of
from terrascope_sdk.engine.radar import speckle_filtered
from terrascope_sdk.engine.spectral import normalized_difference
from terrascope_sdk.engine.threshold import otsu

__all__ = ["FIXED_RULES", "OTSU_RULES", "FixedRule", "OtsuRule", "otsu_threshold"]

Bands = Mapping[str, Float32[np.ndarray, "*n"]]


@dataclass(frozen=True)
class FixedRule:
    """A value compared with a published number."""

    name: str
    """As shown in tables."""

    concept: str
    """What it finds."""

    bands: tuple[str, ...]
    """One band, or the two of a normalised difference."""

    threshold: float
    """Dimensionless, or dB."""

    above: bool = True
    """Whether the concept lies above the threshold."""

    def fits(self, bands: Bands) -> bool:
        """Return whether its bands are there."""
        return set(self.bands) <= set(bands)

    def apply(self, bands: Bands) -> Bool[np.ndarray, "*n"]:
        """Return where the concept is; nowhere where the value is undefined."""
        return _beside(_value(bands, self.bands), self.threshold, above=self.above)


@dataclass(frozen=True)
class OtsuRule:
    """A value compared with Otsu's threshold of one image, whatever its histogram looks like."""

    name: str
    """As shown in tables."""

    concept: str
    """What it finds."""

    bands: tuple[str, ...]
    """One band, or the two of a normalised difference."""

    above: bool = True
    """Whether the concept lies above the threshold."""

    despeckled: bool = False
    """Whether a band in dB is first averaged over 3 x 3 pixels in linear power."""

    def fits(self, bands: Bands) -> bool:
        """Return whether its bands are there."""
        return set(self.bands) <= set(bands)

    def apply(self, bands: Bands) -> Bool[np.ndarray, "y x"]:
        """Return where the concept is in one image; nowhere where it does not vary."""
        value = _value(bands, self.bands)
        if self.despeckled:
            value = speckle_filtered(value)
        threshold = otsu_threshold(value)
        if threshold is None:
            return np.zeros(value.shape, bool)
        return _beside(value, threshold, above=self.above)


def _value(bands: Bands, names: tuple[str, ...]) -> np.ndarray:
    if len(names) == 1:
        return bands[names[0]]
    return normalized_difference(bands[names[0]], bands[names[1]])


def _beside(value: np.ndarray, threshold: float, *, above: bool) -> np.ndarray:
    with np.errstate(invalid="ignore"):
        return np.asarray((value > threshold) if above else (value < threshold), bool)


def otsu_threshold(values: np.ndarray) -> float | None:
    """Return Otsu's threshold of finite values, any shape; None where they do not vary.

    References:
        Otsu (1979), doi:10.1109/TSMC.1979.4310076.
    """
    histogram = histogram_of(values[np.isfinite(values)].astype(np.float64))
    if histogram is None:
        return None
    cut, _ = otsu(histogram)
    return float((histogram.centres[cut] + histogram.centres[cut + 1]) / 2)


FIXED_RULES = (
    FixedRule("NDWI > 0", "water", ("green", "nir"), 0.0),
    FixedRule("MNDWI > 0", "water", ("green", "swir16"), 0.0),
    FixedRule("NDVI > 0.4", "vegetation", ("nir", "red"), 0.4),
    FixedRule("NDBI > 0", "developed", ("swir16", "nir"), 0.0),
    FixedRule("VV < -15 dB", "water", ("vv",), -15.0, above=False),
)
"""Rules with published or customary thresholds."""

OTSU_RULES = (
    OtsuRule("NDWI Otsu", "water", ("green", "nir")),
    OtsuRule("MNDWI Otsu", "water", ("green", "swir16")),
    OtsuRule("VV Otsu", "water", ("vv",), above=False),
    OtsuRule("VH Otsu", "water", ("vh",), above=False),
    OtsuRule("VV Otsu, 3 x 3 mean", "water", ("vv",), above=False, despeckled=True),
    OtsuRule("VH Otsu, 3 x 3 mean", "water", ("vh",), above=False, despeckled=True),
    OtsuRule("NDVI Otsu", "vegetation", ("nir", "red")),
    OtsuRule("red-edge Otsu", "tree", ("rededge1",), above=False),
    OtsuRule("NDBI Otsu", "developed", ("swir16", "nir")),
)
"""Rules whose threshold the image itself gives; none is tuned on a label."""
