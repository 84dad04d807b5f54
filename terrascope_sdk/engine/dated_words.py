"""Dates in a question, replaced by the names that a chain gives to the dates of its stack."""

import re
from collections.abc import Sequence

from terrascope_sdk.engine.moments import Moment
from terrascope_sdk.errors import InputError
from terrascope_sdk.model.tokens import DATES

__all__ = ["with_date_names"]

_MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
    "december",
)  # fmt: skip
_NAMES = "|".join(f"{m}|{m[:3]}" for m in _MONTHS)
_DATE = re.compile(
    rf"\b(?:(?P<iso>\d{{4}}-\d{{2}}(?:-\d{{2}})?)|(?:(?P<day>\d{{1,2}})\s+)?(?P<month>{_NAMES})\.?,?\s+(?P<of>\d{{4}})"
    r"|(?P<year>(?:19|20)\d{2}))\b(?!\s*(?:m|m2|m²|km|km2|ha|%|px|sq|square|met|hect|pixel|percent|kilomet)\b)"
    r"(?!\s*(?:met|hect|pixel|kilomet|square))",
    re.IGNORECASE,
)


def _prefix(match: re.Match[str]) -> str:
    """Return the beginning of an ISO date that a mention fits."""
    if match["iso"]:
        return match["iso"]
    if match["year"]:
        return match["year"]
    month = next(i for i, m in enumerate(_MONTHS, 1) if m.startswith(match["month"].lower()[:3]))
    day = f"-{int(match['day']):02d}" if match["day"] else ""
    return f"{match['of']}-{month:02d}{day}"


def with_date_names(question: str, moments: Sequence[Moment]) -> str:
    """Return the question with each date in it replaced by ``<t1>``, ``<t2>`` and so on.

    Args:
        question: As it was asked.
        moments: The dates of the stack.

    Raises:
        InputError: The stack has no such date, or several that fit.
    """

    def named(match: re.Match[str]) -> str:
        wanted = _prefix(match)
        fits = [i for i, m in enumerate(moments) if m.date.date().isoformat().startswith(wanted)]
        if len(fits) != 1:
            listed = ", ".join(m.when for m in moments)
            how_many = "no image" if not fits else f"{len(fits)} images"
            raise InputError(f"The stack has {how_many} of {match.group()!r}.", hint=f"It has {listed}.")
        return DATES[fits[0]]

    return _DATE.sub(named, question)
