"""Named time windows of a plan, and the shortest text that reads back as the same window."""

import calendar
from datetime import datetime, timedelta
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, PlainSerializer, StringConstraints, WithJsonSchema

from terrascope_sdk.types.instant import TimeRange, format_instant

__all__ = ["Name", "Pick", "PlanTime", "Window", "time_text"]

Pick = Literal["clearest", "earliest", "latest"]
"""Which of the scenes inside a window is meant."""

Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=40)]
"""A name inside a plan: lower-case letters, digits and underscores."""


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


def time_text(time: TimeRange) -> str:
    """Return the shortest text that :meth:`TimeRange.parse` reads as the same window, such as ``2020-05/2021-02``.

    Both ends are inclusive in this notation, to the year, month, day or second in which they are written.
    """
    if _is_midnight(time.start) and _is_midnight(time.end):
        first, last = _calendar_texts(time.start, time.end)
    else:
        first, last = format_instant(time.start), format_instant(time.end - timedelta(seconds=1))
    return first if first == last else f"{first}/{last}"


PlanTime = Annotated[
    TimeRange,
    BeforeValidator(TimeRange.parse),
    PlainSerializer(time_text, return_type=str),
    WithJsonSchema({"type": "string", "examples": ["2020", "2020-05", "2020-05-14", "2019/2021"]}),
]
"""A window of time; a short text in JSON, both ends inclusive there."""


class Window(BaseModel):
    """When to look: a time window with a name, and which of the scenes inside it is meant."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    name: Name
    """What the steps call it: ``only``, ``before``, ``after`` or any other name."""

    time: PlanTime | None = None
    """The window; any time when left out."""

    pick: Pick = "clearest"
    """Which scene inside it: the clearest (the newest of equals), the earliest or the latest."""

    def __str__(self) -> str:
        time = "any" if self.time is None else time_text(self.time)
        return time if self.pick == "clearest" else f"{time}, {self.pick}"
