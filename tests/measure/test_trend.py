"""A slope is found where one was put in, and refused where the dates cannot carry one."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from terrascope_sdk.errors import InputError, UndefinedMeasurement
from terrascope_sdk.measure import trend
from terrascope_sdk.types import Measurement


def area(value, unit="m2", seen=1.0):
    return Measurement(name="area", subject="water, 2020-06-01, optical", value=value, unit=unit, observed_frac=seen,
                       mask_ids=(f"mask-{abs(hash(value)) % 10**16:016d}",))  # fmt: skip


def summers(count, start=2010, jitter=()):
    days = [datetime(start + i, 7, 1, tzinfo=UTC) for i in range(count)]
    return [d + timedelta(days=float(j)) for d, j in zip(days, jitter or [0] * count, strict=True)]


def test_a_line_has_its_slope_and_a_narrow_interval():
    dates = summers(10)
    found = trend([area(1e6 - 3_000 * (d - dates[0]).days / 365.2425) for d in dates], dates)
    assert found.value == pytest.approx(-3_000, rel=1e-6)
    assert found.low == pytest.approx(-3_000, rel=1e-6) == found.high
    assert found.unit == "m2 year-1"
    assert found.interval == "trend"
    assert "10 dates" in found.subject


def test_one_odd_year_does_not_turn_it_and_scatter_widens_it():
    dates, rng = summers(15), np.random.default_rng(0)
    values = [1e6 + 2_000 * i + rng.normal(0, 500) for i in range(15)]
    values[7] = 0.0
    found = trend([area(v) for v in values], dates)
    assert found.value == pytest.approx(2_000, abs=200)
    assert found.low < 2_000 < found.high


@given(st.permutations(range(6)))
def test_the_order_of_the_values_does_not_matter(order):
    dates, values = summers(6), [area(float(v)) for v in (5, 3, 8, 9, 12, 11)]
    assert trend([values[i] for i in order], [dates[i] for i in order]) == trend(values, dates)


def test_few_dates_and_mixed_seasons_have_values_but_no_slope():
    assert trend([area(1.0)] * 4, summers(4)) is None
    mixed = [d + timedelta(days=180 * (i % 2)) for i, d in enumerate(summers(8))]
    assert trend([area(float(i)) for i in range(8)], mixed) is None


def test_winters_around_new_year_are_one_season():
    dates = [datetime(2010 + i, 1, 5, tzinfo=UTC) - timedelta(days=20 * (i % 2)) for i in range(6)]
    assert trend([area(float(i)) for i in range(6)], dates) is not None


def test_two_dates_are_no_trend_and_units_do_not_mix():
    with pytest.raises(UndefinedMeasurement, match="needs 3 dates"):
        trend([area(1.0), area(2.0)], summers(2))
    same_day = [datetime(2020, 7, 1, hour, tzinfo=UTC) for hour in range(3)]
    with pytest.raises(UndefinedMeasurement, match="there are 1"):
        trend([area(1.0)] * 3, same_day)
    with pytest.raises(InputError, match="mixes units"):
        trend([area(1.0), area(2.0, unit="1"), area(3.0)], summers(3))
    with pytest.raises(InputError, match="3 values and 2 dates"):
        trend([area(1.0)] * 3, summers(2))


@pytest.mark.parametrize(
    ("unit", "text"),
    [("m2", "-3,000 m² a year"), ("1", "-300,000 percentage points a year"), ("m", "-3,000 m a year"),
     ("count", "-3,000 a year")],
)  # fmt: skip
def test_it_is_said_by_the_year(unit, text):
    dates = summers(6)
    found = trend([area(-3_000.0 * (d - dates[0]).days / 365.2425, unit=unit) for d in dates], dates)
    assert found.text == text
    assert "of the slope" in found.bounds_text
