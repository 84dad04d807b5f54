"""Time: UTC instants and half-open intervals, and the spellings of them that people type."""

import calendar
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from terrascope_sdk.errors import InputError

__all__ = ["TimeRange", "format_instant", "parse_instant", "season_gap_days", "utc", "when_text"]

_YEAR_DAYS = 365.25
_PART = re.compile(r"^(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?$")


def utc(value: datetime) -> datetime:
    """Return the instant in UTC; a naive datetime is taken as UTC already."""
    return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def parse_instant(text: str) -> datetime:
    """Read an ISO 8601 date or date-time as a UTC instant.

    Raises:
        InputError: The text is no date.
    """
    try:
        return utc(datetime.fromisoformat(text.strip().replace("Z", "+00:00")))
    except ValueError as err:
        raise InputError(f"{text!r} is not a date or time.", hint="Write for example 2023-05-01.") from err


def format_instant(value: datetime) -> str:
    """Return the ISO 8601 text of an instant, in UTC with a Z and no fraction of a second unless there is one."""
    return utc(value).isoformat().replace("+00:00", "Z")


def season_gap_days(one: datetime, other: datetime) -> float:
    """Return how many days apart two instants are in the year, 0 to 183, whatever the years."""
    gap = abs(one.timetuple().tm_yday - other.timetuple().tm_yday)
    return min(gap, _YEAR_DAYS - gap)


def when_text(middle: datetime, period_s: float = 0.0) -> str:
    """Return a date as precisely as it is known: a day, a month, a year, or the days it lies between.

    Args:
        middle: The instant, or the middle of a composite's period.
        period_s: Length of the period in seconds; 0 for a single acquisition.
    """
    days, half = period_s / 86400, timedelta(seconds=period_s / 2)
    start, last = utc(middle) - half, utc(middle) + half - timedelta(seconds=1)
    if days <= 1.01:
        return f"{utc(middle):%Y-%m-%d}"
    if 27 <= days <= 32:
        return f"{utc(middle):%Y-%m}"
    if 360 <= days <= 370:
        return f"{utc(middle):%Y}"
    if days > 370:
        return f"{start:%Y} to {last:%Y}, date unknown"
    return f"{start:%Y-%m-%d} to {last:%Y-%m-%d}"


def _bounds(text: str) -> tuple[datetime, datetime]:
    match = _PART.match(text)
    if match is None:
        start = parse_instant(text)
        return start, start + timedelta(seconds=1)
    year, month, day = (int(g) if g else None for g in match.groups())
    if year is None:  # the pattern always captures a year
        raise InputError(f"{text!r} is not a date.")
    try:
        if month is None:
            return datetime(year, 1, 1, tzinfo=UTC), datetime(year + 1, 1, 1, tzinfo=UTC)
        if day is None:
            start = datetime(year, month, 1, tzinfo=UTC)
            return start, start + timedelta(days=calendar.monthrange(year, month)[1])
        start = datetime(year, month, day, tzinfo=UTC)
    except ValueError as err:
        raise InputError(f"{text!r} is not a date: {err}.", hint="Write for example 2023-05-01.") from err
    return start, start + timedelta(days=1)


def _is_midnight(instant: datetime) -> bool:
    return (instant.hour, instant.minute, instant.second, instant.microsecond) == (0, 0, 0, 0)


def _calendar_texts(start: datetime, end: datetime) -> tuple[str, str]:
    """Return first and last day, month or year of a window that begins and ends at midnight."""
    last = end - timedelta(days=1)
    first_text, last_text = f"{start.date()}", f"{last.date()}"
    if start.day == 1 and last.day == calendar.monthrange(last.year, last.month)[1]:
        if start.month == 1 and last.month == 12:
            return first_text[:4], last_text[:4]
        return first_text[:7], last_text[:7]
    return first_text, last_text


def _range_text(time: "TimeRange") -> str:
    """Return the shortest text that :meth:`TimeRange.parse` reads as the same window, such as ``2020-05/2021-02``.

    Both ends are inclusive in this notation, to the year, month, day or second in which they are written.
    """
    if _is_midnight(time.start) and _is_midnight(time.end):
        first, last = _calendar_texts(time.start, time.end)
    else:
        first, last = format_instant(time.start), format_instant(time.end - timedelta(seconds=1))
    return first if first == last else f"{first}/{last}"


@dataclass(frozen=True)
class TimeRange:
    """A half-open interval of time, start included and end excluded."""

    start: datetime
    """First instant inside, UTC."""

    end: datetime
    """First instant after it, UTC."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "start", utc(self.start))
        object.__setattr__(self, "end", utc(self.end))
        if self.end <= self.start:
            raise InputError(
                f"The time window ends ({format_instant(self.end)}) before it starts ({format_instant(self.start)}).",
                hint="Give the earlier date first.",
            )

    @classmethod
    def parse(cls, value: "TimeRange | datetime | str | tuple[str, str]") -> "TimeRange":
        """Read ``"2020"``, ``"2020-05"``, ``"2020-05-01"``, ``"2020/2021"`` (both ends inclusive) or a pair of these.

        Args:
            value: A year, month or day stands for the whole of it; ``".."`` leaves one end open (1970 or 2100).

        Raises:
            InputError: Not a time, or the window is reversed.
        """
        if isinstance(value, TimeRange):
            return value
        if isinstance(value, datetime):
            return cls(utc(value), utc(value) + timedelta(seconds=1))
        parts = list(value) if isinstance(value, tuple) else str(value).split("/")
        if not 1 <= len(parts) <= 2 or not all(str(p).strip() for p in parts):
            raise InputError(f"{value!r} is not a time or a time window.", hint="Write 2020, 2020-05 or 2020/2021.")
        first, last = str(parts[0]).strip(), str(parts[-1]).strip()
        start = datetime(1970, 1, 1, tzinfo=UTC) if first == ".." else _bounds(first)[0]
        end = datetime(2100, 1, 1, tzinfo=UTC) if last == ".." else _bounds(last)[1]
        return cls(start, end)

    def contains(self, instant: datetime) -> bool:
        """Return whether the instant lies inside."""
        return self.start <= utc(instant) < self.end

    def __str__(self) -> str:
        return _range_text(self)
