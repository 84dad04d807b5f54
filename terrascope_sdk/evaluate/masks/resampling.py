"""Intervals by the bootstrap: units (scenes, or blocks of one scene) are drawn again with replacement."""

import numpy as np
from jaxtyping import Float64

__all__ = ["INTERVAL_FRAC", "interval", "resampled_weights"]

INTERVAL_FRAC = 0.9
"""Share of the resampled values that an interval holds."""


def resampled_weights(units: int, *, draws: int = 1000, seed: int = 0) -> Float64[np.ndarray, "draw unit"]:
    """Return how often each unit is drawn in each resample; every row sums to the number of units.

    Args:
        units: How many there are, at least 1.
        draws: How many resamples.
        seed: The same seed draws the same.

    References:
        Efron (1979), doi:10.1214/aos/1176344552.

    >>> resampled_weights(5, draws=2).sum(axis=1).tolist()
    [5.0, 5.0]
    """
    rng = np.random.default_rng(seed)
    return np.asarray(rng.multinomial(units, np.full(units, 1 / units), size=draws), np.float64)


def interval(values: Float64[np.ndarray, " draw"]) -> tuple[float, float]:
    """Return the central 90 % of resampled values (the percentile interval); NaN where none is defined.

    >>> interval(np.linspace(0.0, 1.0, 101))
    (0.05, 0.95)
    """
    defined = values[np.isfinite(values)]
    if not defined.size:
        return float("nan"), float("nan")
    tail = (1 - INTERVAL_FRAC) / 2
    low, high = np.quantile(defined, [tail, 1 - tail])
    return round(float(low), 12), round(float(high), 12)
