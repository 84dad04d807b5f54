"""Expressions of time in a question, in English and German, as spans with the tokens that they take up."""

from collections.abc import Sequence
from dataclasses import replace

from terrascope_sdk.plan.outcomes import NeedsInput, NotPlanned
from terrascope_sdk.plan.questions import spans
from terrascope_sdk.plan.questions.date_words import BEFORE_MONTHS, MONTHS, ORDINALS, SHORT_MONTHS
from terrascope_sdk.plan.questions.relative_dates import (
    ago_at,
    deictic_at,
    digits_of,
    part_of_year_at,
    past_years_at,
    relative_at,
    season_at,
    year_behind,
)
from terrascope_sdk.plan.questions.tokens import Token
from terrascope_sdk.plan.questions.when import Clock, When, day_of, word_at, year_at

__all__ = ["Clock", "When", "atom_at"]


def atom_at(tokens: Sequence[Token], i: int, clock: Clock) -> When | None:
    """Return the time that begins at a token, or None.

    Raises:
        NotPlanned: It is no date, unclear, in the future, or before satellites.
    """
    for reader in _READERS:
        when = reader(tokens, i, clock)
        if when is not None:
            text = " ".join(t.text for t in tokens[i : i + when.width])
            return clock.checked(replace(when, text=text))
    return None


def _digits(tokens: Sequence[Token], i: int, clock: Clock) -> When | None:
    token = tokens[i]
    numbers = [int(part) for part in digits_of(token.word)]
    if token.kind == "iso":
        year, month, day = numbers
        return When(day_of(year, month, day, token.text), 1, token.text)
    if token.kind == "dmy":
        first, second, year = numbers
        if "/" in token.word or "-" in token.word:
            if first <= 12 and second <= 12 and first != second:
                raise NotPlanned(
                    NeedsInput(
                        f"Which date is '{token.text}'? Please write it like 2023-05-14.",
                        f"'{token.text}' can be read as day and month or as month and day.",
                    )
                )
            if second > 12:
                first, second = second, first
        return When(day_of(year, second, first, token.text), 1, token.text)
    if token.kind == "my":
        return When(spans.month(numbers[1], numbers[0]), 1, token.text)
    if token.kind == "ym":
        return When(spans.month(numbers[0], numbers[1]), 1, token.text)
    return None


def _plain_year(tokens: Sequence[Token], i: int, clock: Clock) -> When | None:
    value = year_at(tokens, i)
    if value is None:
        if word_at(tokens, i) == "year" and (after := year_at(tokens, i + 1)) is not None:
            return When(spans.year(after), 2, "")
        return None
    if word_at(tokens, i + 1) in {"s", "er", "ern"} and value % 10 == 0:
        return When(spans.decade(value), 2, "", many=True)
    return When(spans.year(value), 1, "")


def _month(tokens: Sequence[Token], i: int, clock: Clock) -> When | None:
    """Read *17 September 2019*, *the 1st of August 2020*, *March 3, 2021*, *May 2023*, *May of last year*, *May*."""
    j, day = i, None
    value = tokens[i].word
    if tokens[i].kind == "number" and value.isdigit() and 1 <= int(value) <= 31:
        day, j = int(value), i + 1
        while word_at(tokens, j) in ORDINALS | {".", "of"}:
            j += 1
    number = MONTHS.get(word_at(tokens, j))
    if number is None or (day is None and not _is_month(tokens, j)):
        return None
    j += 1
    if word_at(tokens, j) == "." and len(word_at(tokens, j - 1)) <= 4 and j + 1 < len(tokens):
        j += 1
    if day is None and j < len(tokens) and tokens[j].word.isdigit() and len(tokens[j].word) <= 2:
        day = int(tokens[j].word) if int(tokens[j].word) <= 31 else None
        j += day is not None
        while day is not None and word_at(tokens, j) in ORDINALS:
            j += 1
    behind = year_behind(tokens, j, clock)
    if behind is None:
        return When(None, j - i, "", bare=number, day=day)
    year, end = behind
    span = spans.month(year, number) if day is None else day_of(year, number, day, "that day")
    return When(span, end - i, "")


def _is_month(tokens: Sequence[Token], i: int) -> bool:
    """Whether *may*, *march* and *mar* are months and not verbs here."""
    token, after = tokens[i], word_at(tokens, i + 1)
    if token.word in SHORT_MONTHS:
        return token.text[0].isupper() or after == "." or year_at(tokens, i + 1) is not None
    if token.word not in {"may", "march", "august"}:
        return True
    capital = token.text[0].isupper() and not token.text.isupper()
    if i and capital and tokens[i - 1].word not in {".", "?", "!", ":"}:
        return True
    follows = year_at(tokens, i + 1) is not None or after.isdigit()
    return follows or (word_at(tokens, i - 1) in BEFORE_MONTHS and after not in {"i", "we", "one"})


_READERS = (_digits, ago_at, part_of_year_at, past_years_at, deictic_at, relative_at, season_at, _month, _plain_year)
