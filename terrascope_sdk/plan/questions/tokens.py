"""A question as tokens: words, numbers, written dates and marks, with the places in the text that they take up."""

import re
from dataclasses import dataclass
from typing import Literal

__all__ = ["Token", "fold", "tokenize"]

_PATTERN = re.compile(
    r"""
    (?P<iso>(?<![\d.])\d{4}[-/.](?:1[0-2]|0?[1-9])[-/.](?:3[01]|[12]\d|0?[1-9])(?!\d))
  | (?P<dmy>(?<![\d.])\d{1,2}\s?[./-]\s?\d{1,2}\s?[./-]\s?(?:1[5-9]|2[01])\d\d(?!\d))
  | (?P<my>(?<![\d.])(?:1[0-2]|0?[1-9])[/.](?:1[5-9]|2[01])\d\d(?!\d))
  | (?P<ym>(?<![\d.])(?:1[5-9]|2[01])\d\d-(?:0[1-9]|1[0-2])(?![\d-]))
  | (?P<winter>(?<![\d.])(?:19|20)\d\d\s?[/\u2013-]\s?\d\d(?!\d))
  | (?P<bbox>(?<![\d.,])[-\u2212]?\d{1,3}(?:\.\d+)?\s*,\s*[-\u2212]?\d{1,2}(?:\.\d+)?\s*,
      \s*[-\u2212]?\d{1,3}(?:\.\d+)?\s*,\s*[-\u2212]?\d{1,2}(?:\.\d+)?(?![\d.]))
  | (?P<point>(?<![\d.,])[-\u2212]?\d{1,2}\.\d+\s*°?\s*[NnSs]?\s*,\s*[-\u2212]?\d{1,3}\.\d+\s*°?\s*(?:[EeWwOo]\b)?)
  | (?P<number>\d+(?:[.,]\d+)*|[½¼¾])
  | (?P<word>sq(?=\.\s?(?:km|m|mi|ft|k|f))|(?:km|m|ft|mi|yd)(?:\^?2|²)(?!\w)
      |[^\W\d_]+(?:['\u2019][^\W\d_]+)+|[^\W\d_]+\d(?!\w)|[^\W\d_]+)
  | (?P<mark>[^\s])
    """,
    re.VERBOSE,
)

_SHORT = re.compile(r"\b(?:sq|vs|approx|ca|bzw|incl|excl|inkl|exkl|resp|ggf|evtl|etc)\.", re.IGNORECASE)
"""Abbreviations whose full stop ends no sentence."""

_CONTRACTED = frozenset(["what's", "how's", "where's", "it's", "there's", "here's", "let's", "that's", "who's"])
"""Words with an apostrophe that are no genitives."""

_FOLDED = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "\u2019": "'", "é": "e", "è": "e", "ñ": "n", "á": "a", "ó": "o"}
)


@dataclass(frozen=True)
class Token:
    """One word, number, date or mark."""

    kind: Literal["iso", "dmy", "my", "ym", "winter", "bbox", "point", "number", "word", "mark"]
    """What it looks like; ``winter`` is a pair of years such as 2019/20."""

    text: str
    """As written."""

    word: str
    """Folded: lower case, umlauts written out."""

    start: int
    """Position of its first character."""

    end: int
    """Position after its last character."""


def fold(text: str) -> str:
    """Return a text in lower case with umlauts written out, so that ``Wälder`` and ``waelder`` are one."""
    return text.lower().translate(_FOLDED)


def tokenize(text: str) -> list[Token]:
    """Return the tokens of a text, in order.

    Args:
        text: Any text.
    """
    found = []
    for match in _PATTERN.finditer(_SHORT.sub(lambda m: m.group()[:-1] + " ", text)):
        kind = match.lastgroup or "mark"
        word = fold(match.group())
        if word.endswith("'s") and word not in _CONTRACTED:
            word = word.removesuffix("'s")
        found.append(Token(kind, match.group(), word, match.start(), match.end()))  # type: ignore[arg-type]
    return found
