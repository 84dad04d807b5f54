"""Spectral indices: normalised differences of two bands, each with its formula and the paper it comes from."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float32

from terrascope_sdk.types.series import ImageSeries

__all__ = ["MNDWI", "NBR", "NDBI", "NDSI", "NDVI", "NDWI", "SpectralIndex", "normalized_difference"]

SMALLEST_SUM = 1e-4
"""Below this sum of two reflectances (a tenth of a thousandth) their normalised difference means nothing."""


def normalized_difference(a: Float32[np.ndarray, "y x"], b: Float32[np.ndarray, "y x"]) -> Float32[np.ndarray, "y x"]:
    """Return ``(a - b) / (a + b)``, at most 1 and at least -1; NaN where it is not defined.

    Atmospheric correction leaves reflectances a little below zero over dark water. Such a band makes the quotient
    leave [-1, 1]; it is then set to the nearer end, as if that band were zero. Where the sum itself is not above
    1e-4, or a band is not a number, the index is undefined.

    Args:
        a: First band, reflectance or display value, 0-1.
        b: Second band, likewise.

    >>> normalized_difference(np.float32([[0.06, 0.0]]), np.float32([[0.02, 0.0]]))
    array([[0.5, nan]], dtype=float32)
    """
    total = a + b
    defined = total > SMALLEST_SUM
    quotient = np.divide(a - b, total, out=np.full(np.shape(a), np.nan, np.float32), where=defined)
    return np.asarray(np.clip(quotient, -1, 1), np.float32)


@dataclass(frozen=True)
class SpectralIndex:
    """A normalised difference of two named bands."""

    name: str
    """Abbreviation, as in the literature."""

    bands: tuple[str, str]
    """The band that raises it and the band that lowers it, by common name."""

    reference: str
    """Publication."""

    @property
    def formula(self) -> str:
        """The index as an equation over band names."""
        a, b = self.bands
        return f"{self.name} = ({a} - {b}) / ({a} + {b})"

    def of(self, series: ImageSeries, when: int) -> Float32[np.ndarray, "y x"]:
        """Return the index on one date; NaN where unobserved or undefined.

        Raises:
            InputError: The series lacks a band.
        """
        a, b = (series.band(name, when) for name in self.bands)
        return normalized_difference(a, b)

    def fits(self, series: ImageSeries) -> bool:
        """Return whether the series has both bands."""
        return set(self.bands) <= set(series.bands)


NDVI = SpectralIndex(
    "NDVI", ("nir", "red"), "Rouse et al. (1974), NASA SP-351, 309-317; Tucker (1979), doi:10.1016/0034-4257(79)90013-0"
)
"""Normalised difference vegetation index: green leaves absorb red light and reflect near infrared."""

NDWI = SpectralIndex("NDWI", ("green", "nir"), "McFeeters (1996), doi:10.1080/01431169608948714")
"""Normalised difference water index: water absorbs near infrared."""

MNDWI = SpectralIndex("MNDWI", ("green", "swir16"), "Xu (2006), doi:10.1080/01431160600589179")
"""Modified NDWI: water absorbs shortwave infrared even where it is turbid, roofs do not."""

NDSI = SpectralIndex("NDSI", ("green", "swir16"), "Hall, Riggs and Salomonson (1995), doi:10.1016/0034-4257(95)00137-P")
"""Normalised difference snow index: the bands of MNDWI, so snow and water have to be told apart by brightness."""

NDBI = SpectralIndex("NDBI", ("swir16", "nir"), "Zha, Gao and Ni (2003), doi:10.1080/01431160304987")
"""Normalised difference built-up index: dry mineral surfaces, built or bare, reflect more shortwave infrared."""

NBR = SpectralIndex(
    "NBR", ("nir", "swir22"), "Key and Benson (2006), FIREMON: Landscape Assessment, USDA RMRS-GTR-164-CD"
)
"""Normalised burn ratio: fire takes leaves (near infrared falls) and leaves char (shortwave infrared rises)."""
