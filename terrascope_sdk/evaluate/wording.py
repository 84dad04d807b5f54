"""What the words of a question say beyond its fields: the unit of a change, and the names of what is ranked."""

from __future__ import annotations

import re

from terrascope_sdk.errors import ParseError
from terrascope_sdk.evaluate.given import Unit

__all__ = ["asked_unit", "points_asked", "ranked_names", "smaller_asked"]

_PERCENT = re.compile(r"%|per\s?cent|\bshare\b|\bfraction\b|\bproportion\b", re.IGNORECASE)
_SQUARE = re.compile(r"\bsquare\s+met(?:re|er)s?\b|\bm2\b|\bm²|\bm\^2|\bsq\.?\s?m\b", re.IGNORECASE)
_POINTS = re.compile(r"(?:percentage|per\s?cent|%)[\s-]*points?", re.IGNORECASE)

_SMALLER = re.compile(r"\b(?:smaller|smallest|less|least|fewer|fewest)\b", re.IGNORECASE)
_LARGER = re.compile(r"\b(?:larger|largest|bigger|biggest|greater|greatest|more|most)\b", re.IGNORECASE)

_QUOTED = (
    r"[\"\u201c\u201d]([^\"\u201c\u201d]+)[\"\u201c\u201d]"
    r"|(?<!\w)['\u2018]([^'\u2019]+)['\u2019](?!\w)"
)
_TAIL = re.compile(
    r"[,\s]+(?:in|on|within|inside|across|over|of|for|at|by)\s+(?:(?:the|this|these|that)\s+)?"
    r"(?:(?:whole|valid|entire|given|shown)\s+)?(?:image|scene|picture|label|map|chip|tile|frame|extent|date|year|"
    r"(?:19|20)\d\d|pixel|area)\b.*$",
    re.IGNORECASE,
)
_OF = re.compile(
    r"^(?:the\s+)?(?:total\s+)?(?:area|extent|surface|amount)\s+(?:of|covered\s+by)\s+(?!interest\b)", re.IGNORECASE
)
_COMPARED = (
    r"(?:(?:is|are|has|have|covers?|covering|takes?|occup(?:y|ies)|spans?|fills?|makes?)\b.*"
    r"|(?:the\s+)?(?:larger|bigger|greater|more|most)\b.*)"
)
_FORMS = tuple(
    re.compile(pattern, re.IGNORECASE | re.DOTALL)
    for pattern in (
        r"\b(?:which|what)\b.*\((?:either\s+)?(?P<names>[^()]+)\)$",
        r"\b(?:which|what)\b[^:]*:\s*(?:either\s+)?(?P<names>.+)$",
        r"^(?P<names>[^:]+):\s*(?:which|what)\b.*$",
        r"\b(?:which|what)\b(?:\s+of\s+the\s+two)?[^,]*,\s*(?:either\s+)?(?P<names>.+\bor\b.+)$",
        rf"\b(?:which|what)\s+(?:one\s+)?of\s+(?:the\s+)?(?P<names>.+?),?\s+{_COMPARED}$",
        r"^(?:of|between|comparing)\s+(?P<names>.+?),\s*(?:which|what)\b.*$",
        rf"^(?:is|are|do|does)\s+(?:there\s+)?(?:more\s+)?(?P<names>.+?\bor\b.+?)(?:,?\s+{_COMPARED})?$",
        r"\b(?:which|what)\b.*?\b(?:areas?|extents?|larger|bigger|greater|more|most)\s+(?P<names>.+\bor\b.+)$",
    )
)
_HEAD_WORDS = re.compile(r"\b(?:which|what|covers?|larger|bigger|greater|most|image|scene|picture)\b", re.IGNORECASE)


def asked_unit(text: str, *, default: Unit) -> Unit:
    """Return whether a text asks for percent or for square metres; the one it names first.

    >>> asked_unit("By how many square metres did water grow?", default="%")
    'm2'
    """
    percent, square = _PERCENT.search(text), _SQUARE.search(text)
    if percent and square:
        return "%" if percent.start() < square.start() else "m2"
    return "%" if percent else "m2" if square else default


def points_asked(text: str) -> bool:
    """Return whether a text asks for percentage points."""
    return _POINTS.search(text) is not None


def smaller_asked(text: str) -> bool:
    """Return whether a ranking question asks for the smaller one."""
    return _SMALLER.search(text) is not None and _LARGER.search(text) is None


def ranked_names(text: str, count: int) -> tuple[str, ...]:
    """Return the names between which a ranking question chooses, in its order and as it spells them.

    >>> ranked_names("Which covers the larger area, buildings or everything else?", 2)
    ('buildings', 'everything else')
    >>> ranked_names("Which is larger: the old town or open water?", 2)
    ('the old town', 'open water')

    Args:
        text: The question.
        count: How many names it must hold.

    Raises:
        ParseError: They are not found.
    """
    plain = " ".join(text.split()).strip().rstrip("?.! ").strip()
    quoted = re.findall(_QUOTED, plain)
    if len(quoted) == count:
        return tuple((double or single).strip() for double, single in quoted)
    for form in _FORMS:
        match = form.search(plain)
        names = _split(match["names"], count) if match else None
        if names is not None:
            return names
    raise ParseError(f"{text!r} does not name {count} things to choose from.", hint="Write: Which ..., X or Y?")


def _split(text: str, count: int) -> tuple[str, ...] | None:
    """Return the names in ``X or Y``, ``X, Y or Z`` or ``X and Y``; None when there are not so many."""
    body = _TAIL.sub("", text).strip(" ,")
    word = "or" if re.search(r"\bor\b", body) else "and"
    if count == 2:
        parts = re.split(rf"\s*,?\s+{word}\s+", body)
        parts = [f" {word} ".join(parts[:-1]), parts[-1]] if len(parts) > 2 else parts
        parts[0] = _without_head(parts[0])
    else:
        parts = re.split(rf"\s*,\s*(?:{word}\s+)?|\s+{word}\s+", body)
    names = tuple(_OF.sub("", re.sub(r"^either\s+", "", part.strip())).strip() for part in parts)
    return names if len(names) == count and all(names) else None


def _without_head(name: str) -> str:
    """Drop clauses before the name, as in ``in this image, covers more, forest``."""
    clauses = name.split(",")
    last = max((i for i, clause in enumerate(clauses[:-1]) if _HEAD_WORDS.search(clause)), default=-1)
    return ",".join(clauses[last + 1 :]).strip()
