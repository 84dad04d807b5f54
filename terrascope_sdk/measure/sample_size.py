"""How many reference points a stratified sample needs, and how to share them among strata.

References:
    Olofsson, P., Foody, G. M., Herold, M., Stehman, S. V., Woodcock, C. E., Wulder, M. A. (2014), Good practices for
    estimating area and assessing accuracy of land change, Remote Sensing of Environment 148, 42-57, section 5.1;
    Cochran, W. G. (1977), Sampling Techniques, 3rd edition, eq. 5.25.
"""

import math
from collections.abc import Mapping

import numpy as np

from terrascope_sdk.errors import InputError

__all__ = ["allocate", "sample_size"]


def sample_size(
    area_frac: Mapping[str, float],
    *,
    users_accuracy: Mapping[str, float],
    standard_error: float,
    population: int | None = None,
) -> int:
    """Return the points needed to know the overall accuracy to a standard error (Olofsson et al. 2014, eq. 13).

    Args:
        area_frac: Mapped share of each class, 0-1; they sum to 1.
        users_accuracy: Expected user's accuracy of each class, 0-1.
        standard_error: Wanted standard error of the overall accuracy, 0-1, for example 0.01.
        population: Pixels on the map; left out, the map counts as much larger than the sample.

    Raises:
        InputError: A number lies outside its range, or the classes differ.

    Examples:
        >>> sample_size({"water": 0.1, "other": 0.9}, users_accuracy={"water": 0.8, "other": 0.95}, standard_error=0.01)
        558
    """
    if set(area_frac) != set(users_accuracy):
        raise InputError(f"Classes differ: {sorted(area_frac)} and {sorted(users_accuracy)}.")
    if not math.isclose(sum(area_frac.values()), 1, abs_tol=1e-6) or min(area_frac.values()) < 0:
        raise InputError(f"The mapped shares sum to {sum(area_frac.values()):g}, not to 1.", hint="Give shares 0-1.")
    if not all(0 <= u <= 1 for u in users_accuracy.values()):
        raise InputError(f"User's accuracies lie in 0-1: {dict(users_accuracy)}.")
    if not 0 < standard_error < 1:
        raise InputError(f"The standard error is {standard_error:g}; give for example 0.01.")
    deviation = {name: math.sqrt(u * (1 - u)) for name, u in users_accuracy.items()}
    mean = sum(area_frac[name] * s for name, s in deviation.items())
    variance = sum(area_frac[name] * s**2 for name, s in deviation.items())
    finite = 0.0 if population is None else variance / population
    return max(1, math.ceil(mean**2 / (standard_error**2 + finite)))


def allocate(
    area_frac: Mapping[str, float], *, n_total: int, minimum_per_stratum: int, equal: bool = False
) -> dict[str, int]:
    """Share points among strata: in proportion to area, but no fewer than a minimum in any.

    Args:
        area_frac: Mapped share of each stratum, 0-1.
        n_total: Points in all.
        minimum_per_stratum: Fewest points in a stratum; 50 to 100 for rare classes (Olofsson et al. 2014, section 5.1).
        equal: Give all strata alike instead.

    Returns:
        Points for each stratum; they sum to `n_total`.

    Raises:
        InputError: The total is too small for the minimum.
    """
    names = list(area_frac)
    if n_total < minimum_per_stratum * len(names):
        raise InputError(
            f"{n_total} points are too few for {len(names)} strata of at least {minimum_per_stratum}.",
            hint=f"Ask for {minimum_per_stratum * len(names)} or more, or lower minimum_per_stratum.",
        )
    fraction = np.array([1.0 if equal else area_frac[n] for n in names])
    raised = np.zeros(len(names), bool)
    while True:  # each round raises at least one stratum to the minimum, or ends
        rest = n_total - minimum_per_stratum * int(raised.sum())
        free = np.where(raised, 0, fraction)
        points = np.where(raised, minimum_per_stratum, rest * free / free.sum() if free.sum() else 0)
        too_few = ~raised & (points < minimum_per_stratum)
        if not too_few.any():
            break
        raised |= too_few
    whole = np.floor(points).astype(int)
    for index in np.argsort(-(points - whole), kind="stable")[: n_total - int(whole.sum())]:
        whole[index] += 1
    return dict(zip(names, whole.tolist(), strict=True))
