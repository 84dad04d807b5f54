"""What a histogram looks like: its smoothed density, the valley at a value, and two normal curves fitted to it."""

from dataclasses import dataclass
from typing import cast

import numpy as np
from jaxtyping import Float64
from scipy.ndimage import gaussian_filter1d

__all__ = ["Histogram", "TwoNormals", "fit_two_normals", "histogram_of"]

BINS = 256
_ITERATIONS = 200


@dataclass(frozen=True)
class Histogram:
    """Shares of pixels in equal bins, and the same smoothed."""

    centres: Float64[np.ndarray, " bin"]
    """Middle of each bin, in the unit of the values."""

    share: Float64[np.ndarray, " bin"]
    """Share of the pixels in each bin; sums to 1."""

    density: Float64[np.ndarray, " bin"]
    """`share` under a Gaussian kernel of Silverman's bandwidth."""

    count: int
    """Number of pixels."""

    kernel_bins: float
    """Bandwidth of the kernel, in bins."""

    @property
    def step(self) -> float:
        """Width of a bin, in the unit of the values."""
        return float(self.centres[1] - self.centres[0])

    def valley_frac(self, at: int) -> float:
        """Return how deep a valley lies at a bin: 1 - density there / the lower of the two peaks beside it.

        0 means no valley at all, 1 an empty gap. A valley that is not deeper than three times the sampling noise of
        peak and valley counts as none.

        References:
            Zhang, Mapes and Soden (2003), doi:10.1256/qj.02.166, call this the bimodality amplitude; the kernel
            bandwidth is Silverman (1986), eq. 3.31. They take it at the antimode, here it is taken at a given value.
        """
        valley = self.density[at]
        peak = min(self.density[: at + 1].max(), self.density[at:].max())
        in_kernel = self.count * 2 * np.sqrt(np.pi) * self.kernel_bins  # pixels that one density value rests on
        noise = np.sqrt((peak + valley) * in_kernel)
        if (peak - valley) * in_kernel <= 3 * noise:
            return 0.0
        return float(1 - valley / peak)


def histogram_of(values: np.ndarray) -> Histogram | None:
    """Return the histogram of finite values between their 0.1 and 99.9 percentile; None where they do not vary.

    Args:
        values: Any shape, finite. Values beyond the percentiles count in the outermost bins.
    """
    if values.size < 2:
        return None
    low, high = (float(v) for v in np.percentile(values, [0.1, 99.9]))
    if not high - low > 1e-6:
        return None
    clipped = np.clip(values, low, high)
    counts, edges = np.histogram(clipped, BINS, (low, high))
    share = counts / values.size
    quarter, three_quarters = np.percentile(clipped, [25, 75])
    spread = min(float(clipped.std()), float(three_quarters - quarter) / 1.34 or np.inf)
    kernel = max(0.9 * spread * values.size**-0.2 / (edges[1] - edges[0]), 1.5)
    density = gaussian_filter1d(share.astype(np.float64), kernel, mode="constant")
    return Histogram((edges[1:] + edges[:-1]) / 2, share, density, int(values.size), float(kernel))


@dataclass(frozen=True)
class TwoNormals:
    """A mixture of two normal distributions."""

    weights: tuple[float, float]
    """Share of each; they sum to 1."""

    means: tuple[float, float]
    """Mean of each, ascending."""

    deviations: tuple[float, float]
    """Standard deviation of each."""

    agreement: float
    """Bhattacharyya coefficient of mixture and histogram, 0-1; 1 where they are the same."""

    @property
    def ashman_d(self) -> float:
        """Distance of the means in units of their common standard deviation.

        References:
            Ashman, Bird and Zepf (1994), doi:10.1086/117248, eq. 4: above 2 the two are cleanly separated.
        """
        distance = self.means[1] - self.means[0]
        return float(np.sqrt(2) * distance / np.hypot(*self.deviations))

    @property
    def balance(self) -> float:
        """The smaller share over the larger one, 0-1."""
        return min(self.weights) / max(self.weights)


def fit_two_normals(histogram: Histogram, split: int) -> TwoNormals:
    """Fit two normal curves by expectation maximisation, starting from the two sides of a bin.

    References:
        Dempster, Laird and Rubin (1977), doi:10.1111/j.2517-6161.1977.tb01600.x.
    """
    x, share = histogram.centres[:, None], histogram.share[:, None]
    high_side = np.arange(share.size) > split
    belongs = np.stack([~high_side, high_side], axis=1).astype(np.float64)
    narrowest = histogram.step
    for _ in range(_ITERATIONS):
        mass = share * belongs
        weights = np.maximum(mass.sum(axis=0), 1e-12)
        means = (mass * x).sum(axis=0) / weights
        deviations = np.maximum(np.sqrt((mass * (x - means) ** 2).sum(axis=0) / weights), narrowest)
        curves = weights / deviations * np.exp(-0.5 * ((x - means) / deviations) ** 2)
        belongs = curves / np.maximum(curves.sum(axis=1, keepdims=True), 1e-300)
    order = np.argsort(means)
    curve = curves.sum(axis=1)
    agreement = np.sqrt(curve / curve.sum() * share[:, 0]).sum()

    def pair(values: np.ndarray) -> tuple[float, float]:
        return cast("tuple[float, float]", tuple(float(v) for v in values[order]))

    return TwoNormals(pair(weights), pair(means), pair(deviations), float(agreement))
