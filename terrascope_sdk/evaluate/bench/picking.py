"""Which option of a published question an answer means: the nearest number, the same yes or no, the same thing."""

import re
from collections.abc import Mapping

from terrascope_sdk.evaluate.bench.tasks import Value
from terrascope_sdk.evaluate.given import Unit
from terrascope_sdk.evaluate.options import parse_number, pick_option
from terrascope_sdk.model.words import split_question

__all__ = ["pick_published"]

_NO = re.compile(r"\b(?:no|not|none|never|false|separate|separated|apart|isn't|aren't|don't|doesn't)\b", re.IGNORECASE)
_YES = re.compile(r"\b(?:yes|true|adjacent|touch(?:es|ing)?|borders?|shares?|present)\b", re.IGNORECASE)
_PIXELS = re.compile(r"\bpixels?\b|\bpx\b", re.IGNORECASE)


def _says_yes(text: str) -> bool | None:
    """Return whether an option says yes; None when it says neither."""
    if _NO.search(text):
        return False
    return True if _YES.search(text) else None


def _names(text: str) -> list[str]:
    return [w[1:-1] for w in split_question(text) if w.startswith("{")]


def pick_published(value: Value | None, kind: str, options: Mapping[str, str], gsd_m: float) -> str | None:
    """Return the letter of the option that an answer means, None when there is none.

    >>> pick_published(0.31, "share", {"A": "12 %", "B": "30%"}, 10.0)
    'B'
    >>> pick_published(("tree", "water"), "order", {"A": "Water bodies", "B": "Forest"}, 10.0)
    'B'
    >>> pick_published(False, "touches", {"A": "Yes, they touch", "B": "No"}, 10.0)
    'B'

    Args:
        value: The answer: a share 0-1, m2, metres, a number, yes or no, a place, or concepts, the largest first.
        kind: What was measured.
        options: Text by letter.
        gsd_m: Metres a pixel, for options in pixels.
    """
    if value is None:
        return None
    if isinstance(value, bool):
        return next((letter for letter, text in options.items() if _says_yes(text) is value), None)
    if isinstance(value, tuple):
        return next((letter for letter, text in options.items() if _names(text)[:1] == [value[0]]), None)
    if isinstance(value, str):
        return pick_option(value.replace("-", ""), {k: v.replace("-", "") for k, v in options.items()}, unit="")
    unit: Unit = {"share": "%", "part": "%", "area": "m2", "change": "m2", "distance": "m"}.get(kind, "")  # type: ignore[assignment]
    number = 100 * value if unit == "%" else value
    if unit in {"m", "m2"} and all(_PIXELS.search(text) for text in options.values()):
        return pick_option(number / gsd_m ** (2 if unit == "m2" else 1), options, unit="")
    if unit == "%" and all((parse_number(text, unit=unit) or 0) <= 1 and "%" not in text for text in options.values()):
        number = value
    return pick_option(number, options, unit=unit)
