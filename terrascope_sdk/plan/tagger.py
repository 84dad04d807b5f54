"""From a question to a row of signs: every word is accounted for, or called unknown."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from terrascope_sdk.plan.lexicon import Lexicon
from terrascope_sdk.plan.times import TimeMention, find_times
from terrascope_sdk.types.concepts import get_concept

__all__ = ["Tag", "tag_question"]

_TOKEN = re.compile(r"[^\W_]+(?:\^\d)?(?:['\u2019\u00b4][^\W_]+)?|\S")
_SILENT = frozenset(
    "-\u2010\u2011\u2013\u2014'\"\u201c\u201d\u2018\u2019\u201e\u00ab\u00bb()[]{}:\u2026`*\u2022\u00b7\u00bf\u00a1"
)
"""Signs that only set words apart."""

_ABBREVIATED = frozenset({"sq", "vs", "approx", "ca", "no"})
"""Words whose full stop ends no sentence."""

_PAUSE = re.compile(r"[:;]")
"""Marks that no phrase reaches across."""

_CLASS_CODE = re.compile(r"\(\s*(?:class|scl|label|value|code)\s+\d+\s*\)", re.IGNORECASE)


@dataclass(frozen=True)
class Tag:
    """What a stretch of the question was read as."""

    kind: str
    """Kind of sign, see :mod:`terrascope_sdk.plan.lexicon`; also ``time``, ``number``, ``unknown``, ``region``."""

    value: str
    """Which one."""

    text: str
    """As written."""

    start: int
    """Position of its first character."""

    end: int
    """Position after its last character."""

    time: TimeMention | None = None
    """For ``time``: what was found."""


@dataclass(frozen=True)
class _Token:
    word: str
    start: int
    end: int


def _tokens(text: str) -> Iterator[_Token]:
    last = ""
    for match in _TOKEN.finditer(text):
        before, last = last, match.group().lower()
        if last in _SILENT or (last == "." and before in _ABBREVIATED):
            continue
        base, _, suffix = re.sub("[\u2019\u00b4]", "'", match.group().lower()).partition("'")
        if suffix == "t" and base.endswith("n"):  # isn't, doesn't
            stem = base[:-1] or base
            yield _Token(stem, match.start(), match.end())
            yield _Token("not", match.start(), match.end())
        else:
            yield _Token(base, match.start(), match.end())


def tag_question(text: str, lexicon: Lexicon, today: date) -> tuple[list[Tag], tuple[str, ...]]:
    """Read a question word by word.

    Args:
        text: The question.
        lexicon: Phrases and what they are signs of.
        today: The newest date that images can have.

    Returns:
        Tags in order, without the words that change nothing; and the class codes in brackets that were left out.

    Raises:
        NotPlanned: A time is impossible or unclear.
    """
    codes = tuple(m.group() for m in _CLASS_CODE.finditer(text))
    text = _CLASS_CODE.sub(lambda m: " " * len(m.group()), text)
    times = find_times(text, today)
    free = [t for t in _tokens(text) if not any(m.start <= t.start < m.end for m in times)]
    tags = [*_matched(text, free, lexicon), *(Tag("time", "", text[m.start : m.end], m.start, m.end, m) for m in times)]
    tags.sort(key=lambda tag: tag.start)
    return _settled(tags), codes


def _matched(text: str, tokens: Sequence[_Token], lexicon: Lexicon) -> Iterator[Tag]:
    longest = max(map(len, lexicon))
    position = 0
    while position < len(tokens):
        size = next(
            (n for n in range(min(longest, len(tokens) - position), 0, -1)
             if tuple(t.word for t in tokens[position : position + n]) in lexicon
             and not _PAUSE.search(text[tokens[position].start : tokens[position + n - 1].end])), 0
        )  # fmt: skip
        run = tokens[position : position + max(size, 1)]
        start, end = run[0].start, run[-1].end
        if size:
            for sign in lexicon[tuple(t.word for t in run)]:
                yield Tag(sign.kind, sign.value, text[start:end], start, end)
        else:
            kind = "number" if re.fullmatch(r"[\d.,]+", run[0].word) else "unknown"
            yield Tag(kind, run[0].word, text[start:end], start, end)
        position += max(size, 1)


# ------------------------------------------------------------------------------- signs that hang on their neighbours


def _next(tags: Sequence[Tag], position: int, skip: frozenset[str], step: int = 1) -> Tag | None:
    """Return the nearest tag in a direction that is not of the kinds to skip."""
    position += step
    while 0 <= position < len(tags):
        if tags[position].kind not in skip:
            return tags[position]
        position += step
    return None


_GLUE = frozenset({"glue", "single"})
_MODIFIERS = frozenset({"a", "the", "all", "entire", "whole"})
_HOW_MANY = frozenset({"glue", "of", "ranking", "change", "number", "single"})


def _settled(tags: Sequence[Tag]) -> list[Tag]:
    settled = list(tags)
    for position, tag in enumerate(tags):
        if tag.kind == "many":  # how many hectares is an amount, how many lakes a count
            after = _next(tags, position, _HOW_MANY)
            counted = after is None or after.kind not in {"unit", "share"}
            settled[position] = replace(tag, kind="count" if counted else "many")
            noun = next((i for i in range(position + 1, len(tags)) if not _is_modifier(tags[i])), None)
            if noun is not None and tags[noun].kind == "glue":  # how many images
                settled[noun] = replace(tags[noun], kind="unknown")
        elif tag.kind == "ranking" and tag.text.lower() in {"largest", "biggest"}:
            if _is_countable(_next(tags, position, _GLUE)):
                settled[position] = replace(tag, kind="region", value="1")
        elif tag.text.lower() == "separate" and position and tags[position - 1].kind == "unit":
            settled[position] = replace(tag, kind="distance")  # how many metres separate ...
        elif tag.kind == "only":
            beside = (_next(tags, position, _GLUE | {"prep"}, step) for step in (1, -1))
            if any(t is not None and t.kind in {"sensor", "time", "place"} for t in beside):
                settled[position] = replace(tag, kind="glue")
            else:
                settled[position] = replace(tag, kind="unknown")
        elif tag.kind == "pronoun" and position + 1 < len(tags) and tags[position + 1].kind == "glue":
            settled[position] = replace(tag, kind="glue")  # this scene, that image
    return settled


def _is_modifier(tag: Tag) -> bool:
    return tag.kind in _HOW_MANY - {"glue"} or tag.text.lower() in _MODIFIERS


def _is_countable(tag: Tag | None) -> bool:
    if tag is None or tag.kind not in {"concept", "pieces"}:
        return False
    return tag.kind == "pieces" or get_concept(tag.value).counts(tag.text)
