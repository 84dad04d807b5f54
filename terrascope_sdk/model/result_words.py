"""Results as tokens of a chain: the runtime writes measured ones, the paper's own-number mode writes the same form."""

import re

from terrascope_sdk.errors import ParseError
from terrascope_sdk.model.tokens import MASKS, PLACES

__all__ = ["number_words", "place_of", "read_number", "result_words"]

_UNITS = {"m2": (1.0, "m2"), "ha": (1e4, "ha"), "km2": (1e6, "km2"), "m": (1.0, "m"), "km": (1e3, "km")}


def number_words(value: float, digits: int = 3) -> list[str]:
    """Return a number as tokens, with so many significant digits.

    >>> number_words(-12.345), number_words(1234.0), number_words(0.0)
    (['-', '1', '2', '.', '3'], ['1', '2', '3', '0'], ['0'])
    """
    if value == 0:
        return ["0"]
    rounded = float(f"{abs(value):.{digits}g}")
    text = f"{rounded:.6f}".rstrip("0").rstrip(".") or "0"
    return ["-"] * (value < 0) + list(text)


def place_of(x: float, y: float) -> str:
    """Return the place in the frame of a point, x to the east and y to the south, each 0-1.

    >>> place_of(0.1, 0.9), place_of(0.5, 0.5)
    ('south-west', 'centre')
    """
    return PLACES[min(2, int(3 * y)) * 3 + min(2, int(3 * x))]


def _area(value_m2: float) -> list[str]:
    size = abs(value_m2)
    unit = "m2" if 0 < size < 1e4 else "ha" if size < 1e7 else "km2"
    return [*number_words(value_m2 / _UNITS[unit][0]), unit]


def result_words(kind: str, value: float | bool | str | tuple[int, ...]) -> tuple[str, ...]:
    """Return a result as tokens.

    Args:
        kind: What was measured.
        value: A share 0-1 for ``share`` and ``part``; m2 for ``area`` and ``change``; metres for ``distance``; a whole
            number for ``count``; True or False for ``present`` and ``touches``; a place for ``where``; masks' numbers,
            the largest first, for ``order``.
    """
    if isinstance(value, bool):
        return ("yes" if value else "no",)
    if isinstance(value, tuple):
        return tuple(MASKS[i - 1] for i in value)
    if isinstance(value, str):
        return (value,)
    if kind in {"share", "part"}:
        return (*number_words(100 * value), "%")
    if kind in {"area", "change"}:
        return tuple(_area(value))
    if kind == "distance":
        return (*number_words(value), "m")
    return tuple(str(round(value)))


def read_number(words: tuple[str, ...] | list[str]) -> float:
    """Return the number that tokens say, in m2, metres, or 0-1 for percent.

    Raises:
        ParseError: They say no number.
    """
    match = re.fullmatch(r"(-?\d+(?:\.\d+)?)(%|m2|ha|km2|m|km)?", "".join(words))
    if match is None:
        raise ParseError(f"'{' '.join(words)}' is no number.", hint="Ask in other words.")
    factor = 0.01 if match[2] == "%" else _UNITS[match[2]][0] if match[2] else 1.0
    return float(match[1]) * factor
