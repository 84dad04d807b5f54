"""Spans of time on the calendar: days, months, seasons, years and decades, half-open."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from terrascope_sdk.types.instant import TimeRange

__all__ = ["FIRST_YEAR", "Span", "day", "decade", "month", "months", "season", "year", "years"]

FIRST_YEAR = 1972
"""Year of the first Landsat."""

_SEASONS = {"spring": 3, "summer": 6, "autumn": 9, "winter": 12}
"""First month of each season in the north."""


@dataclass(frozen=True, order=True)
class Span:
    """From the first day to the day after the last."""

    start: date
    """First day inside."""

    end: date
    """First day after it."""

    @property
    def time(self) -> TimeRange:
        """The same as a range of instants, UTC."""
        first, last = (datetime(d.year, d.month, d.day, tzinfo=UTC) for d in (self.start, self.end))
        return TimeRange(first, last)


def day(when: date) -> Span:
    """Return one day."""
    return Span(when, when + timedelta(days=1))


def month(year_: int, month_: int) -> Span:
    """Return one month; months outside 1 to 12 run over into the years beside."""
    return months(year_, month_, 1)


def months(year_: int, first: int, count: int) -> Span:
    """Return so many whole months from one on."""
    start, end = year_ * 12 + first - 1, year_ * 12 + first - 1 + count
    return Span(date(start // 12, start % 12 + 1, 1), date(end // 12, end % 12 + 1, 1))


def year(year_: int) -> Span:
    """Return one calendar year."""
    return months(year_, 1, 12)


def years(first: int, last: int) -> Span:
    """Return whole years, both included."""
    return months(first, 1, 12 * (last - first + 1))


def decade(first: int) -> Span:
    """Return ten years."""
    return years(first, first + 9)


def season(name: str, year_: int, *, south: bool) -> Span:
    """Return three whole months; a season bears the year in which it ends.

    Args:
        name: ``spring``, ``summer``, ``autumn`` or ``winter``.
        year_: The year in which it ends.
        south: Whether the seasons of the southern hemisphere are meant.
    """
    first = (_SEASONS[name] - 1 + (6 if south else 0)) % 12 + 1
    return months(year_ - 1 if first == 12 else year_, first, 3)
