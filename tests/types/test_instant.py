from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from terrascope_sdk.errors import InputError
from terrascope_sdk.types import TimeRange
from terrascope_sdk.types.instant import format_instant, parse_instant, when_text


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("2020", "2020-01-01", "2021-01-01"),
        ("2020-02", "2020-02-01", "2020-03-01"),
        ("2020-12", "2020-12-01", "2021-01-01"),
        ("2020-02-29", "2020-02-29", "2020-03-01"),
        ("2020/2021", "2020-01-01", "2022-01-01"),
        ("2020-05/2021-02-03", "2020-05-01", "2021-02-04"),
        ("../2021", "1970-01-01", "2022-01-01"),
        ("2020/..", "2020-01-01", "2100-01-01"),
    ],
)
def test_a_year_month_or_day_stands_for_the_whole_of_it(text, start, end):
    window = TimeRange.parse(text)
    assert (f"{window.start:%Y-%m-%d}", f"{window.end:%Y-%m-%d}") == (start, end)


@pytest.mark.parametrize("text", ["", "/", "2021/2020", "soon", "2020-13", "2020-02-30", "1/2/3", "20200101x"])
def test_nonsense_and_reversed_windows_are_refused(text):
    with pytest.raises(InputError):
        TimeRange.parse(text)


def test_windows_are_half_open():
    window = TimeRange.parse("2020")
    assert window.contains(datetime(2020, 1, 1, tzinfo=UTC))
    assert not window.contains(datetime(2021, 1, 1, tzinfo=UTC))


def test_other_time_zones_become_utc():
    there = datetime(2020, 1, 1, 1, tzinfo=timezone(timedelta(hours=2)))
    window = TimeRange.parse("2019")
    assert window.contains(there)


@given(st.datetimes(timezones=st.just(UTC), min_value=datetime(1972, 1, 1), max_value=datetime(2100, 1, 1)))
def test_instants_round_trip_as_text(instant):
    assert parse_instant(format_instant(instant)) == instant


DAY = 86400.0


@pytest.mark.parametrize(
    ("middle", "period_s", "text"),
    [
        ("2020-06-12", 0.0, "2020-06-12"),
        ("2020-06-16", 30 * DAY, "2020-06"),
        ("2021-02-15", 28 * DAY, "2021-02"),
        ("1985-07-02T12:00:00", 365 * DAY, "1985"),
        ("2020-01-01", 3652 * DAY, "2015 to 2024, date unknown"),
        ("2020-06-15", 10 * DAY, "2020-06-10 to 2020-06-19"),
    ],
)
def test_a_date_is_told_as_precisely_as_it_is_known(middle, period_s, text):
    assert when_text(parse_instant(middle), period_s) == text
