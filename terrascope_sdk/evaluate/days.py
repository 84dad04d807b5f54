"""Dates in texts and file names, as far as they are given: a day, a month or a year."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from terrascope_sdk.evaluate.question import Question

__all__ = ["Day", "asked_days", "find_days", "image_days"]

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = r"(?P<word>jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]*\.?"
_YEAR = r"(?P<year>(?:19|20)\d{2})"
_PATTERNS = tuple(
    re.compile(p, re.IGNORECASE)
    for p in (
        rf"(?<!\d){_YEAR}(?P<s>[-_/.]?)(?P<month>0[1-9]|1[0-2])(?P=s)(?P<day>0[1-9]|[12]\d|3[01])(?!\d)",
        rf"(?<!\d)(?P<day>[0-3]?\d)(?:st|nd|rd|th)?\.?\s+(?:of\s+)?{_MONTH},?\s+{_YEAR}(?!\d)",
        rf"(?<![a-z]){_MONTH}\s+(?P<day>[0-3]?\d)(?:st|nd|rd|th)?,?\s+{_YEAR}(?!\d)",
        rf"(?<!\d){_YEAR}[-_/](?P<month>0[1-9]|1[0-2])(?!\d)",
        rf"(?<![a-z]){_MONTH},?\s+{_YEAR}(?!\d)",
        rf"(?<!\d){_YEAR}(?!\d)",
    )
)
"""Fuller dates first: what one of them takes, the later ones do not see."""


@dataclass(frozen=True)
class Day:
    """A date, as far as it is known."""

    year: int
    """Year."""

    month: int | None = None
    """Month 1-12, or None."""

    day: int | None = None
    """Day of the month, or None."""

    def agrees(self, other: Day) -> bool:
        """Return whether both can be the same day: they differ in nothing that both say."""
        pairs = ((self.year, other.year), (self.month, other.month), (self.day, other.day))
        return all(a is None or b is None or a == b for a, b in pairs)

    def __str__(self) -> str:
        return "-".join(f"{part:02d}" for part in (self.year, self.month, self.day) if part is not None)


def _day(match: re.Match[str]) -> Day | None:
    groups = match.groupdict()
    month = groups.get("month")
    if groups.get("word"):
        month = str(_MONTHS.index(groups["word"][:3].lower()) + 1)
    day = groups.get("day")
    found = Day(int(groups["year"]), int(month) if month else None, int(day) if day else None)
    try:
        date(found.year, found.month or 1, found.day or 1)
    except ValueError:
        return None
    return found


def _matches(text: str) -> Iterator[tuple[int, Day]]:
    rest = text
    for pattern in _PATTERNS:
        for match in pattern.finditer(rest):
            found = _day(match)
            if found is not None:
                yield match.start(), found
                rest = rest[: match.start()] + "\n" * len(match.group()) + rest[match.end() :]


def find_days(text: str) -> tuple[Day, ...]:
    """Return the dates that a text names, in order, without repeats.

    >>> [str(d) for d in find_days("LC08_L2SP_008059_20191201_20200825_02_T1, and 20 August 2015")]
    ['2019-12-01', '2020-08-25', '2015-08-20']
    """
    return tuple(dict.fromkeys(found for _, found in sorted(_matches(text), key=lambda pair: pair[0])))


def image_days(question: Question) -> tuple[Day, ...]:
    """Return the dates of a question's images: the first in each name (processing dates come later)."""
    return tuple(dict.fromkeys(days[0] for days in map(find_days, question.images) if days))


def asked_days(question: Question) -> tuple[Day, ...]:
    """Return the dates a question is about: those in its words, or else those of its images.

    A year or a month in the words that images of that time are given for stands for the dates of these images.
    """
    pictured = image_days(question)
    asked: list[Day] = []
    for spoken in find_days(question.question):
        fitting = [] if spoken.day else [day for day in pictured if day.agrees(spoken)]
        asked += fitting or [spoken]
    return tuple(dict.fromkeys(asked)) or pictured
