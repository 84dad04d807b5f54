"""How people type: small letters, missing question marks, contractions, signs for words."""

from collections.abc import Callable

__all__ = ["as_typed", "tidy"]

_SHORTER = (
    ("what is ", "what's "), ("i would like", "i'd like"), ("where is ", "where's "), ("there is ", "there's "),
    ("i am ", "i'm "), ("how is ", "how's "), ("do not", "don't"), ("does not", "doesn't"), ("is not ", "isn't "),
    ("it is ", "it's "), ("cannot", "can't"), ("did not", "didn't"), ("i have ", "i've "), ("we have ", "we've "),
    (" and ", " & "), ("percent ", "% "), (" square ", " sq "), ("okay", "ok"),
)  # fmt: skip
_ASKING = frozenset((
    "what", "which", "how", "is", "are", "was", "were", "does", "do", "did", "has", "have", "where", "who", "can",
    "could", "would", "will", "any", "in", "when", "why", "should", "may", "of", "between", "to", "by", "at", "over",
    "out", "for",
))  # fmt: skip


def tidy(text: str) -> str:
    """Return a filled template with single spaces, and none before a comma or a colon."""
    plain = " ".join(text.split()).replace(" ,", ",").replace(" :", ":").replace(",,", ",").replace(":,", ":")
    return plain.strip(" ,")


def as_typed(text: str, draw: Callable[[], float]) -> str:
    """Return a question as somebody might type it.

    Args:
        text: The question in lower case, without a mark at the end.
        draw: Source of randomness, from 0 up to but not including 1.
    """
    if draw() < 0.3:
        for long, short in _SHORTER:
            if long in text and draw() < 0.6:
                text = text.replace(long, short, 1)
    if draw() < 0.55:
        text = text[0].upper() + text[1:]
        text = text.replace(" i ", " I ").replace(" i'", " I'")
    return text + _ending(text, draw())


def _ending(text: str, luck: float) -> str:
    first = text.split(maxsplit=1)[0].lower().rstrip(",:").partition("'")[0]
    if first in _ASKING:
        return "?" if luck < 0.72 else " ?" if luck < 0.75 else "??" if luck < 0.76 else "" if luck < 0.97 else "."
    return "?" if luck < 0.2 else "." if luck < 0.45 else "!" if luck < 0.46 else "..." if luck < 0.47 else ""
