"""Option texts of multiple-choice questions: numbers with units out of words such as ``1,201,720 m2`` or ``26.7%``."""

from __future__ import annotations

import re
from collections.abc import Mapping

from terrascope_sdk.evaluate.given import Unit

__all__ = ["folded", "parse_number", "pick_option"]

_NUMBER = re.compile(
    r"[-+\u2212\u2013]?\s*"  # hyphen, plus, minus sign or dash
    r"(?:\d{1,3}(?:[\s\u00a0\u2009\u202f]\d{3}(?!\d))+|\d[\d,'_]*|(?=\.\d))"
    r"(?:\.\d+)?(?:[eE][-+]?\d+)?"
)
_THOUSANDS = re.compile(r"[-+]?\d{1,3}(?:,\d{3})+(?:\.\d+)?(?:[eE][-+]?\d+)?")
_UNITS: tuple[tuple[str, str, float], ...] = (
    (r"km\s?(?:2|²|\^2)|sq\.?\s?km|square\s+kilomet(?:re|er)s?", "m2", 1e6),
    (r"ha\b|hectares?", "m2", 1e4),
    (r"(?:million\s+)m\s?(?:2|²|\^2)", "m2", 1e6),
    (r"m\s?(?:2|²|\^2)|sq\.?\s?m\b|square\s+met(?:re|er)s?", "m2", 1.0),
    (r"km\b|kilomet(?:re|er)s?", "m", 1e3),
    (r"cm\b|centimet(?:re|er)s?", "m", 1e-2),
    (r"m\b|met(?:re|er)s?", "m", 1.0),
    (r"%|per\s?cent|percent", "%", 1.0),
)
"""Pattern, unit of measure, factor to it; the longer spellings first."""


def parse_number(text: str, *, unit: Unit = "") -> float | None:
    """Return the number in a text, in the unit of the question; None without one.

    Thousands may be set apart by commas, blanks or apostrophes. A comma that does not stand before three digits is a
    decimal comma. A unit of another kind than the question's is passed over.

    Args:
        text: For example ``0.55 km2``.
        unit: Unit that the number is wanted in.

    >>> parse_number("1,201,720 m2", unit="m2"), parse_number("0.55 km2", unit="m2"), parse_number("26,7 %", unit="%")
    (1201720.0, 550000.0, 26.7)
    """
    match = _NUMBER.search(text)
    if match is None:
        return None
    value = _plain(match.group())
    rest = text[match.end() :].strip().lower()
    if value is None:
        return None
    if rest.startswith(("million ", "mio ")):
        value, rest = value * 1e6, rest.partition(" ")[2].strip()
    for pattern, kind, factor in _UNITS:
        if re.match(pattern, rest):
            return value * factor if kind == unit else value
    return value


def _plain(digits: str) -> float | None:
    text = re.sub(r"[\s'_]", "", digits).translate({0x2212: "-", 0x2013: "-"}).rstrip(",")
    if _THOUSANDS.fullmatch(text) or text.count(",") > 1 or "." in text:
        text = text.replace(",", "")
    try:
        return float(text.replace(",", "."))
    except ValueError:
        return None


def folded(text: str) -> str:
    """Return words as they are compared: lower case, single spaces, no article in front, no stop behind."""
    words = " ".join(text.casefold().split()).strip(" .?!\"'")
    return re.sub(r"^(?:the|a|an)\s+", "", words)


def pick_option(value: float | int | str, options: Mapping[str, str], *, unit: Unit) -> str | None:
    """Return the letter of the option that an answer means; None when there is none.

    A number picks the option with the smallest absolute difference (the first of two equal ones); words pick the
    option with the same text.

    Args:
        value: The answer.
        options: Text by letter.
        unit: Unit of a number.
    """
    if isinstance(value, str):
        return next((letter for letter, text in options.items() if folded(text) == folded(value)), None)
    read = ((letter, parse_number(text, unit=unit)) for letter, text in options.items())
    numbers = [(abs(number - value), letter) for letter, number in read if number is not None]
    return min(numbers, key=lambda pair: pair[0])[1] if numbers else None
