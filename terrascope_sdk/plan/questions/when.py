"""One point or span of time as it was written, and what relative times are counted from."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from terrascope_sdk.plan.outcomes import CannotPlan, NeedsInput, NotPlanned
from terrascope_sdk.plan.questions import spans
from terrascope_sdk.plan.questions.date_words import NOT_YEARS
from terrascope_sdk.plan.questions.spans import Span
from terrascope_sdk.plan.questions.tokens import Token

__all__ = ["Clock", "When", "day_of", "word_at", "year_at"]


@dataclass(frozen=True)
class When:
    """One point or span of time as it was written."""

    span: Span | None
    """What it is; None for a month or season without a year, and for the newest image."""

    width: int
    """How many tokens it takes up."""

    text: str
    """As written."""

    bare: int | str | None = None
    """A month's number or a season's name without a year."""

    pick: Literal["latest", "earliest"] | None = None
    """Whether the newest or the oldest image is meant."""

    south: bool | None = None
    """The hemisphere, where the question names it."""

    day: int | None = None
    """Day of a month without a year."""

    many: bool = False
    """Whether several years are meant, as in *the last five years*."""


@dataclass(frozen=True)
class Clock:
    """What relative times are counted from."""

    today: date
    """The day of the question."""

    south: bool = False
    """Whether the seasons of the southern hemisphere are meant."""

    def checked(self, when: When) -> When:
        """Return a time that satellites can have seen.

        Raises:
            NotPlanned: It lies in the future or before satellites.
        """
        if when.span is None:
            return when
        if when.span.start.year < spans.FIRST_YEAR and not (when.many and when.span.end.year > spans.FIRST_YEAR):
            raise NotPlanned(
                CannotPlan(f"There are no such satellite images of {when.text}: the first are from {spans.FIRST_YEAR}.")
            )
        if when.span.start > self.today:
            raise NotPlanned(CannotPlan(f"{when.text} lies in the future: images exist of the past only."))
        return when

    def dated(self, when: When, year: int) -> When:
        """Return a month or season without a year, in a year."""
        if isinstance(when.bare, int):
            span = spans.month(year, when.bare)
            if when.day is not None:
                span = day_of(year, when.bare, when.day, when.text)
        else:
            south = self.south if when.south is None else when.south
            span = spans.season(str(when.bare), year, south=south)
        return self.checked(replace(when, span=span, bare=None))


def day_of(year: int, month: int, day: int, text: str) -> Span:
    """Return one day.

    Raises:
        NotPlanned: There is none.
    """
    try:
        return spans.day(date(year, month, day))
    except ValueError as err:
        raise NotPlanned(NeedsInput(f"Which date is '{text}'?", f"There is no date {year}-{month}-{day}.")) from err


def word_at(tokens: Sequence[Token], i: int) -> str:
    """Return the folded word at a position, empty outside."""
    return tokens[i].word if 0 <= i < len(tokens) else ""


def year_at(tokens: Sequence[Token], i: int) -> int | None:
    """Return the year that stands at a token."""
    token = tokens[i] if 0 <= i < len(tokens) else None
    if token is None or token.kind != "number" or not token.word.isdigit() or len(token.word) != 4:
        return None
    value = int(token.word)
    if not 1000 <= value <= 2199 or word_at(tokens, i + 1) in NOT_YEARS:
        return None
    return value
