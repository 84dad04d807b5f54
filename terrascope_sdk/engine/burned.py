"""Burn scars between two optical dates: the fall of the normalised burn ratio."""

import numpy as np

from terrascope_sdk.engine.finding import Finding
from terrascope_sdk.engine.spectral import NBR
from terrascope_sdk.engine.water import open_water
from terrascope_sdk.errors import GroundingError
from terrascope_sdk.types.instant import season_gap_days
from terrascope_sdk.types.series import ImageSeries

__all__ = ["find_burned"]

MODERATE = 0.27
"""dNBR from which on a burn is of moderate severity (Key and Benson 2006, table LA-2)."""


SEASON_DAYS = 60
"""Farthest that the two dates may lie apart in the year; our choice, about the length of a growing stage."""


def find_burned(series: ImageSeries, when: int, before: int) -> Finding:
    """Find land that burned between two dates; the series must hold reflectance.

    dNBR above 0.27 is at least a burn of moderate severity. Between 0.1 and 0.27, low severity, harvest and drying
    grass look the same, so those are not counted. Water, whose NBR is noise, is left out.

    Args:
        series: Optical series.
        when: Position of the date after the fire.
        before: Position of the date before it.

    Raises:
        GroundingError: The two dates lie in different seasons.

    References:
        Key and Benson (2006), USDA RMRS-GTR-164-CD. Their dNBR is multiplied by 1000; here it is not.
    """
    gap = season_gap_days(series.acquired[before], series.acquired[when])
    if gap > SEASON_DAYS:
        raise GroundingError(
            f"Undecided: dNBR compares one season, and {series.when(before)} and {series.when(when)} lie "
            f"{gap:.0f} days apart in the year: harvest, leaf fall and drying look like fire.",
            hint=f"Choose two dates at most {SEASON_DAYS} days apart in the year.",
        )
    fall = NBR.of(series, before) - NBR.of(series, when)
    defined = series.valid[before] & series.valid[when] & np.isfinite(fall)
    waters = [open_water(series, date) for date in (before, when)]
    dry = np.ones(fall.shape, bool)
    for water in waters:
        if water is not None:
            dry &= ~water
    words = "" if waters[0] is None else ", and neither date shows water"
    return Finding(
        defined & dry & (np.nan_to_num(fall, nan=-2.0) > MODERATE),
        defined,
        f"nir and swir22 are there, so {NBR.formula}, and dNBR is its fall since {series.when(before)}",
        f"dNBR above {MODERATE} is a burn of moderate or high severity by the published scale.",
        f"dNBR is above {MODERATE}{words}",
        NBR.reference,
        caveat="Harvested or felled land looks the same; light burns are left out.",
    )
