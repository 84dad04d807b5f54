"""Text from a catalogue or a model as people and models may see it: one short line without anything hidden in it."""

from __future__ import annotations

import re
import unicodedata

__all__ = ["MARK", "MAX_NAME", "is_plain_name", "shown"]

MARK = "\ufffd"
"""Stands where something that cannot be seen was taken out."""

MAX_NAME = 512
"""Longest identifier of an item or collection that is taken, in characters."""

_ELLIPSIS = "\u2026"

_ESCAPE = re.compile(
    r"(?:\x1b[\]PX^_]|[\x90\x98\x9d-\x9f])[^\x07\x1b\x9c]{0,200}(?:\x07|\x1b\\|\x9c)?"  # titles, links, device strings
    r"|(?:\x1b\[|\x9b)[0-?]{0,40}[ -/]{0,10}[@-~]?"  # colours, cursor
    r"|\x1b[ -/]{0,10}[0-~]?"
)
"""Commands to a terminal, with their arguments."""

_WORD = re.compile("[A-Za-z\u0400-\u052f]+")
_CYRILLIC = re.compile("[\u0400-\u052f]+")

_BLANK_LETTERS = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
"""Invisible, although Unicode counts them among the letters, marks and symbols."""

_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})
"""General categories that show nothing: controls, direction and zero-width signs, halves, private, unassigned."""


def _hidden(char: str) -> bool:
    variation = "\ufe00" <= char <= "\ufe0f" or "\U000e0100" <= char <= "\U000e01ef" or "\u180b" <= char <= "\u180f"
    return variation or char in _BLANK_LETTERS or unicodedata.category(char) in _HIDDEN


def _unmixed(word: re.Match[str]) -> str:
    """Return a word without Cyrillic letters that stand among Latin ones and look like them: no language does that."""
    text = word.group()
    pure = text.isascii() or _CYRILLIC.fullmatch(text)
    return text if pure else _CYRILLIC.sub(MARK, text)


def is_plain_name(name: object) -> bool:
    """Tell whether an identifier can stand in messages as it is: a text of at most 512 characters, none hidden."""
    return isinstance(name, str) and len(name) <= MAX_NAME and not any(_hidden(c) or c in "\u2028\u2029" for c in name)


def shown(text: object, limit: int = 80) -> str:
    r"""Return text from outside as one line that can be shown: nothing hidden, nothing endless.

    Terminal commands, controls, direction overrides, zero-width signs, other invisible characters, and Cyrillic letters
    inside Latin words, become one U+FFFD each run; line breaks and runs of blanks one blank; look-alikes such as U+33A2
    (one sign for km2) or full-width letters the plain letters they stand for (NFKC), so that a unit reads as what it
    is. HTML stays as it is written and is never read: whoever makes a page escapes it. Showing twice changes nothing.

    Args:
        text: Anything; what is no text is shown as ``str`` gives it, and None as nothing.
        limit: Most characters of the result, at least 1; a longer text ends in an ellipsis.

    Returns:
        A text of at most `limit` characters, safe to print and to encode.

    >>> shown("Sentinel-2\x1b[31m, 5 \u33a2")
    'Sentinel-2�, 5 km2'
    """
    raw = "" if text is None else text if isinstance(text, str) else str(text)
    most = 32 * limit + 1024  # what lies behind could not be shown anyway, and need not be read
    cut = len(raw) > most
    plain = _ELLIPSIS.join(unicodedata.normalize("NFKC", part) for part in raw[:most].split(_ELLIPSIS))
    plain = _WORD.sub(_unmixed, _ESCAPE.sub(MARK, plain))
    seen = "".join(" " if c.isspace() else MARK if _hidden(c) else c for c in plain)
    line = " ".join(re.sub(f"{MARK}+", MARK, seen).split())
    if len(line) <= limit and not cut:
        return line
    return line[: limit - 1].rstrip() + _ELLIPSIS
