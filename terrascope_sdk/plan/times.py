"""Dates in a question: years, months, days, and the ranges made of them, with the places in the text they take up."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Literal

from terrascope_sdk.errors import InputError
from terrascope_sdk.plan.outcomes import CannotPlan, NeedsInput, NotPlanned
from terrascope_sdk.plan.windows import Window
from terrascope_sdk.types.instant import TimeRange

__all__ = ["TimeMention", "find_times"]

FIRST_YEAR = 1972
"""Year of the first Landsat."""

_MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
    "december",
)  # fmt: skip
_NUMBERS = {m: i for i, m in enumerate(_MONTHS, 1)} | {m[:3]: i for i, m in enumerate(_MONTHS, 1)} | {"sept": 9}
_MONTH = "|".join(sorted(_NUMBERS, key=len, reverse=True))
_DAY = r"(\d{1,2})(?:st|nd|rd|th)?"
_YEAR = r"((?:1\d|2[01])\d\d)"
_NO_UNIT = r"(?!\s*(?:m|km|ha|m2|m²|km2|sq|square|met|kilom|hect|acre|feet|ft|px|pixel|percent|%|\d|[.,]\d))"

_IMAGE = "(?:image|scene|date|picture|acquisition)"

_ATOMS: tuple[tuple[str, str], ...] = (
    ("day", rf"{_YEAR}[-/.](\d{{1,2}})[-/.](\d{{1,2}})(?!\d)"),
    ("month", rf"{_YEAR}[-/](0[1-9]|1[0-2])(?![\d])"),
    ("day_month_year", rf"{_DAY}\.?\s+(?:of\s+)?({_MONTH})\.?,?\s+{_YEAR}(?!\d)"),
    ("month_day_year", rf"({_MONTH})\.?\s+{_DAY},?\s+{_YEAR}(?!\d)"),
    ("german_day", rf"(\d{{1,2}})\.\s?(\d{{1,2}})\.\s?{_YEAR}(?!\d)"),
    ("unclear", r"\d{1,2}[/-]\d{1,2}[/-](?:\d\d){1,2}(?!\d)"),
    ("month_year", rf"({_MONTH})\.?,?\s+(?:of\s+)?{_YEAR}(?!\d)"),
    ("year", rf"{_YEAR}{_NO_UNIT}"),
    ("latest", rf"(?:now|currently|at present|at the moment|presently|today|the (?:latest|newest|most recent)"
               rf"(?: {_IMAGE})?|the last {_IMAGE})"),
    ("earliest", rf"the (?:earliest|oldest|first) {_IMAGE}"),
    ("bare_month", rf"(?:{'|'.join(m for m in _MONTHS if m not in {'may', 'march'})}|(?<=in )(?:may|march)"
                   rf"|(?<=since )(?:may|march)|(?<=between )(?:may|march)|(?<=from )(?:may|march))"),
)  # fmt: skip
_ATOM = re.compile("|".join(rf"(?P<{name}>(?<![\w.,]){pattern}(?!\w))" for name, pattern in _ATOMS), re.IGNORECASE)
_LEAD = re.compile(
    r"\b(?:(?P<since>since)|(?P<between>between)|(?P<ask>before|after|until|till|by|prior to|up to)|from|in|on|during"
    r"|of|for|over|as of|at|dated|within|(?:for |in )?the year|year)\s+(?:the\s+)?(?:year\s+)?$",
    re.IGNORECASE,
)
_TO = re.compile(
    r"\s*(?:[-\u2013\u2014/]|\b(?:to|until|till|through|up to|and now)\b)\s*(?:the\s+)?(?:year\s+)?",
    re.IGNORECASE,
)
_AND = re.compile(r"\s*(?:and|&)\s*(?:the\s+)?(?:year\s+)?", re.I)


@dataclass(frozen=True)
class TimeMention:
    """One expression of time in a text."""

    kind: Literal["one", "range", "since"]
    """A single window; two that are the ends of a range; everything from a window on."""

    windows: tuple[Window, ...]
    """One window, or first and last of a range."""

    start: int
    """Position of its first character."""

    end: int
    """Position after its last character."""


def find_times(text: str, today: date) -> list[TimeMention]:
    """Return the expressions of time in a text, in order.

    Args:
        text: A question.
        today: Later times than this lie in the future.

    Raises:
        NotPlanned: A time in the future or before satellites, an impossible or unclear date, a month without a year.
    """
    atoms = list(_ATOM.finditer(text))
    mentions: list[TimeMention] = []
    position = 0
    while position < len(atoms):
        mention, used = _mention(text, atoms, position, today)
        mentions.append(mention)
        position += used
    return mentions


def _mention(text: str, atoms: list[re.Match[str]], position: int, today: date) -> tuple[TimeMention, int]:
    atom = atoms[position]
    lead = _LEAD.search(text, 0, atom.start())
    start = lead.start() if lead else atom.start()
    if lead and lead["ask"]:
        raise NotPlanned(
            NeedsInput(
                f"From when to when? '{text[start : atom.end()]}' leaves one end open.",
                "A time with an open end is not understood, except since a date for a change.",
            )
        )
    following = atoms[position + 1] if position + 1 < len(atoms) else None
    if following is not None:
        middle = text[atom.end() : following.start()]
        if _TO.fullmatch(middle) or (lead and lead["between"] and _AND.fullmatch(middle)):
            ends = (_window(atom, today, following), _window(following, today))
            _check_order(*ends)
            return TimeMention("range", ends, start, following.end()), 2
    since = lead is not None and lead["since"] is not None
    return TimeMention("since" if since else "one", (_window(atom, today),), start, atom.end()), 1


def _check_order(first: Window, last: Window) -> None:
    if first.time is not None and last.time is not None and first.time.start >= last.time.start:
        raise NotPlanned(
            NeedsInput(
                f"Which is the earlier date, {first} or {last}?", f"The time runs backwards, from {first} to {last}."
            )
        )


def _window(atom: re.Match[str], today: date, year_from: re.Match[str] | None = None) -> Window:
    kind = atom.lastgroup or ""
    if kind in {"latest", "earliest"}:
        return Window(name="only", pick="latest" if kind == "latest" else "earliest")
    if kind == "bare_month" and year_from is not None and (year := re.search(_YEAR, year_from.group())):
        iso = f"{year[1]}-{_NUMBERS[atom.group().lower()]:02d}"
    elif kind in {"bare_month", "unclear"}:
        why = "has no year" if kind == "bare_month" else "can be read as day and month or as month and day"
        raise NotPlanned(
            NeedsInput(f"Which date is '{atom.group()}'? Please write it like 2023-05-14 or May 2023.",
                       f"'{atom.group()}' {why}.")
        )  # fmt: skip
    else:
        iso = _iso(kind, atom.group())
    return Window(name="only", time=_range(iso, atom.group(), today))


def _iso(kind: str, text: str) -> str:
    """Return a date as year-month-day, as far as it goes."""
    numbers = [int(n) for n in re.findall(r"\d+", text)]
    month = next((_NUMBERS[w] for w in re.findall(r"[a-z]+", text.lower()) if w in _NUMBERS), 0)
    parts = {
        "day": numbers,
        "month": numbers,
        "year": numbers,
        "german_day": numbers[::-1],
        "month_year": [*numbers[-1:], month],
        "day_month_year": [numbers[-1], month, numbers[0]],
        "month_day_year": [numbers[-1], month, numbers[0]],
    }[kind]
    return "-".join(f"{n:02d}" for n in parts)


def _range(iso: str, text: str, today: date) -> TimeRange:
    try:
        time = TimeRange.parse(iso)
    except InputError as err:
        raise NotPlanned(NeedsInput(f"Which date is '{text}'?", f"There is no date {iso}.")) from err
    if time.start.year < FIRST_YEAR:
        raise NotPlanned(CannotPlan(f"There are no such satellite images of {text}: the first are from {FIRST_YEAR}."))
    if time.start.date() > today:
        raise NotPlanned(CannotPlan(f"{text} lies in the future: images exist of the past only."))
    return time
