"""Otsu's threshold, and whether the histogram has the two modes without which it means nothing."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float64

from terrascope_sdk.engine.histogram import Histogram, TwoNormals, fit_two_normals, histogram_of

__all__ = ["SPLIT_REFERENCE", "Split", "find_split", "otsu"]

SPLIT_REFERENCE = (
    "Otsu (1979), doi:10.1109/TSMC.1979.4310076; two modes by Zhang, Mapes and Soden (2003), doi:10.1256/qj.02.166, "
    "or by Chini et al. (2017), doi:10.1109/TGRS.2017.2737664"
)

SMALLEST_CLASS = 0.01
"""A class below this share of the pixels is too small to place a threshold by."""

DEEP_VALLEY = 0.25
"""The threshold must lie this deep below the lower of the two peaks."""


FAR_APART = 3.0
"""Ashman's D that no single mode reaches, however flat: two curves fitted to a uniform one lie 2.99 apart."""


@dataclass(frozen=True)
class Split:
    """Two classes of values with a threshold between them."""

    threshold: float
    """Values above it are the high class."""

    low_mean: float
    """Mean of the low class."""

    high_mean: float
    """Mean of the high class."""

    high_frac: float
    """Share of the high class, 0-1."""

    separability: float
    """Otsu's criterion: variance between the classes over the total variance, 0-1."""

    distance: float
    """Distance of the two modes in standard deviations (Ashman's D, of the classes or of the fitted curves)."""

    valley_frac: float
    """How deep the valley at the threshold is, 0-1."""

    two_modes: bool
    """Whether the threshold separates two modes; if not, it must not be used."""

    why: str
    """The finding in words."""


def otsu(histogram: Histogram) -> tuple[int, float]:
    """Return the bin after which to cut, and the share of the variance that lies between the two sides.

    References:
        Otsu (1979), doi:10.1109/TSMC.1979.4310076, eqs. 12 and 18.
    """
    x, share = histogram.centres, histogram.share
    low = np.cumsum(share)
    first = np.cumsum(share * x)
    mean = first[-1]
    with np.errstate(divide="ignore", invalid="ignore"):
        between = (mean * low - first) ** 2 / (low * (1 - low))
    between = np.where((low > 0) & (low < 1 - 1e-12), between, -1.0)
    total = float((share * (x - mean) ** 2).sum())
    best = np.flatnonzero(between >= between.max() * (1 - 1e-12))  # a gap between the classes is a plateau
    cut = int(best[len(best) // 2])
    return cut, float(between[cut] / total)


def _moments(x: Float64[np.ndarray, " bin"], share: Float64[np.ndarray, " bin"]) -> tuple[float, float]:
    mean = float((x * share).sum() / share.sum())
    return mean, float(np.sqrt(((x - mean) ** 2 * share).sum() / share.sum()))


def _overlapping(fit: TwoNormals) -> bool:
    """Return whether two overlapping normal curves describe the histogram."""
    return fit.ashman_d > FAR_APART and fit.agreement > 0.99 and fit.balance > 0.1


def find_split(values: np.ndarray) -> Split | None:
    """Return Otsu's threshold and whether it separates two modes.

    Otsu's threshold exists for every histogram; it is meaningful only for two modes. They are found in one of two
    ways: a valley one can see, or two overlapping normal curves.

    - Valley: at the threshold itself the smoothed density lies at least a quarter below the lower of the two peaks
      beside it, beyond sampling noise. Asking at the threshold rather than at the antimode also catches the case
      where one class is so small that Otsu cuts through the other one.
    - Overlap: two normal curves fit (Bhattacharyya coefficient above 0.99), are balanced (the smaller more than a
      tenth of the larger) and lie apart (Ashman's D above 3). These are the criteria of Chini et al. (2017), who ask
      for D above 2; but two curves fitted to one flat mode reach 2.1 (triangle) to 3.0 (uniform), so 3 is asked here.

    Either way the smaller class must hold at least 1 % of the values.

    Args:
        values: Any shape; what is not finite is left out.

    Returns:
        None where fewer than two values are finite or all are alike.

    >>> two = np.concatenate([np.full(500, -0.5), np.full(500, 0.5)]) + np.tile(np.linspace(-0.1, 0.1, 100), 10)
    >>> find_split(two).two_modes
    True
    """
    histogram = histogram_of(values[np.isfinite(values)].astype(np.float64))
    if histogram is None:
        return None
    cut, separability = otsu(histogram)
    x, share = histogram.centres, histogram.share
    low_mean, low_deviation = _moments(x[: cut + 1], share[: cut + 1])
    high_mean, high_deviation = _moments(x[cut + 1 :], share[cut + 1 :])
    high_frac = float(share[cut + 1 :].sum())
    valley = histogram.valley_frac(cut)
    distance = float(np.sqrt(2) * (high_mean - low_mean) / max(np.hypot(low_deviation, high_deviation), histogram.step))
    if valley >= DEEP_VALLEY:
        two, why = True, f"two modes with a valley {valley:.0%} deep between them"
    elif _overlapping(fit := fit_two_normals(histogram, cut)):
        two, why, distance = True, f"two overlapping modes {fit.ashman_d:.1f} standard deviations apart", fit.ashman_d
    else:
        two, why = False, "no two modes"
    if two and min(high_frac, 1 - high_frac) < SMALLEST_CLASS:
        two, why = False, f"a second mode of only {min(high_frac, 1 - high_frac):.1%} of the pixels"
    threshold = float((x[cut] + x[cut + 1]) / 2)
    return Split(
        threshold, low_mean, high_mean, high_frac, min(separability, 1.0), distance, valley, two, why
    )  # fmt: skip
