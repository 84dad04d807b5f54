"""How one thing develops over many dates: the slope of Theil and Sen, only where the dates can carry one."""

from collections.abc import Sequence
from datetime import datetime

import numpy as np

from terrascope_sdk.errors import InputError, UndefinedMeasurement
from terrascope_sdk.types import Measurement

__all__ = ["LEAST_DATES", "LEAST_FOR_SLOPE", "trend"]

LEAST_DATES = 3
"""Fewest dates of a trend; two make a change."""

LEAST_FOR_SLOPE = 5
"""Fewest dates of one season that give a slope; fewer give only the values."""

_SEASON_DAYS = 45.0
"""How far from the middle of all days of the year a date may lie to be of the same season."""

_YEAR_DAYS = 365.2425
_LEVEL = 0.95


def trend(values: Sequence[Measurement], dates: Sequence[datetime]) -> Measurement | None:
    """Return the slope of measurements over time, or None where the dates are too few for one.

    The slope is the median of the slopes between all pairs of dates, so that single odd dates do not turn it. Its
    interval knows of the scatter of the values, not of errors that all maps share. Dates of several seasons give none:
    plants and water levels come and go within a year.

    Args:
        values: Measurements of one thing, all of one unit, at least three.
        dates: When each was seen, UTC.

    Returns:
        ``trend`` in the unit of the values a year, with the 95 % confidence interval of the slope; None for fewer than
        five dates of one season.

    Raises:
        InputError: Unlike units, or not one date a value.
        UndefinedMeasurement: Fewer than three dates.

    References:
        Sen, P. K. (1968), Estimates of the regression coefficient based on Kendall's tau, JASA 63, 1379-1389
        (through SciPy).
    """
    if len(values) != len(dates):
        raise InputError(f"There are {len(values)} values and {len(dates)} dates.")
    units = sorted({v.unit for v in values})
    if len(units) > 1:
        raise InputError(f"A trend mixes units: {', '.join(units)}.", hint="Follow measurements of one kind.")
    order = sorted(range(len(values)), key=lambda i: dates[i])
    days = np.array([dates[i].timestamp() / 86_400 for i in order])
    if len(np.unique(np.floor(days))) < LEAST_DATES:
        raise UndefinedMeasurement(
            f"A trend needs {LEAST_DATES} dates or more, and there are {len(np.unique(np.floor(days)))}.",
            hint="Two dates make a change; name more years.",
        )
    if len(order) < LEAST_FOR_SLOPE or not _one_season([dates[i] for i in order]):
        return None
    return _slope([values[i] for i in order], [dates[i] for i in order], days / _YEAR_DAYS)


def _one_season(dates: Sequence[datetime]) -> bool:
    """Return whether all dates lie near one day of the year."""
    angles = np.array([2 * np.pi * d.timetuple().tm_yday / _YEAR_DAYS for d in dates])
    middle = np.angle(np.exp(1j * angles).mean())
    away = np.abs(np.angle(np.exp(1j * (angles - middle))))
    return bool((away * _YEAR_DAYS / (2 * np.pi)).max() <= _SEASON_DAYS)


def _slope(values: Sequence[Measurement], dates: Sequence[datetime], years: np.ndarray) -> Measurement:
    from scipy.stats import theilslopes

    numbers = np.array([float(v.value) for v in values])
    found = theilslopes(numbers, years, alpha=_LEVEL)
    first, last = dates[0], dates[-1]
    name = values[0].subject.partition(",")[0]
    seen = [v.observed_frac for v in values if v.observed_frac is not None]
    return Measurement(
        name="trend",
        subject=f"{values[0].name} of {name}, {first:%Y-%m-%d} to {last:%Y-%m-%d}, {len(values)} dates",
        value=float(found.slope),
        unit=f"{values[0].unit} year-1",
        low=float(min(found.low_slope, found.slope)),
        high=float(max(found.high_slope, found.slope)),
        interval="trend",
        method=f"median of the slopes between all pairs of {len(values)} dates (Theil and Sen); a year has "
        f"{_YEAR_DAYS} days",
        mask_ids=tuple(dict.fromkeys(i for v in values for i in v.mask_ids)),
        observed_frac=min(seen) if seen else None,
        notes=("errors that all maps share are not in the interval",),
        prefer=values[0].prefer,
    )
