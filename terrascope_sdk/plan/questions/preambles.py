"""What stands before a question and only says who asks and why: it is passed over."""

from collections.abc import Sequence

from terrascope_sdk.plan.questions.lexicon import Language, opening_words
from terrascope_sdk.plan.questions.tagging import Tag
from terrascope_sdk.plan.questions.tokens import fold

__all__ = ["without_preamble"]

_ASKS = frozenset(
    [
        "wh",
        "many",
        "howmuch",
        "size",
        "share",
        "count",
        "length",
        "distance",
        "touch",
        "rank",
        "map",
        "compare",
        "trend",
        "any",
    ]
)
_LEADS = frozenset(
    [
        "know",
        "need",
        "needs",
        "interested",
        "tell",
        "brauche",
        "brauchen",
        "benoetige",
        "benoetigen",
        "wissen",
        "wuesste",
        "sagen",
        "wonder",
        "wondering",
        "want",
        "interessiert",
        "find",
        "moechte",
        "moechten",
    ]
)
_KEPT = frozenset({"place", "bbox", "point", "sensor"})


def without_preamble(tags: Sequence[Tag], language: Language) -> list[Tag]:
    """Return the tags without openings such as *As a farmer I would like to know*; places and times stay.

    Args:
        tags: The question.
        language: Whose openings.
    """
    sentences: list[list[Tag]] = [[]]
    for tag in tags:
        sentences[-1].append(tag)
        if tag.kind == "stop":
            sentences.append([])
    found: list[Tag] = []
    for n, sentence in enumerate(sentences):
        later = [t for s in sentences[n + 1 :] for t in s]
        cut = _cut(sentence, later, language)
        dated = any(t.kind == "when" for t in (*sentence[cut:], *later))
        found += [t for t in sentence[:cut] if _stays(t, dated=dated)] + sentence[cut:]
    return found


def _stays(tag: Tag, *, dated: bool) -> bool:
    commanded = tag.kind == "refuse" and ("commands" in tag.value or "future" in tag.value)
    return tag.kind in _KEPT or commanded or (tag.kind == "when" and not dated)


def _cut(sentence: Sequence[Tag], later: Sequence[Tag], language: Language) -> int:
    """Return how many tags at the beginning of a sentence only open it."""
    if not sentence or not _opens(sentence, language):
        return _colon(sentence, later)
    lead = next(
        (
            i
            for i, t in enumerate(sentence)
            if t.kind in {"filler", "unknown", "wh"} and _LEADS & {*fold(t.text).split()}
        ),
        None,
    )
    if lead is not None and any(t.kind in {"concept", "negated"} for t in sentence[lead:]):
        return lead + 1
    if any(t.kind in _ASKS for t in later) and any(t.kind == "concept" for t in later) and not _asks(sentence):
        return len(sentence)
    comma = next((i for i, t in enumerate(sentence) if t.kind == "comma"), None)
    if (
        comma is not None
        and any(t.kind in {"concept", "negated"} for t in sentence[comma:])
        and not _asks(sentence[:comma])
    ):
        told = {"concept", "when", "length_m", "percent", "area_m2"}
        return comma + 1 if not any(t.kind in told for t in sentence[:comma]) else 0
    first = next((i for i, t in enumerate(sentence) if t.kind in {"many", "howmuch"} or _is_wh(t)), None)
    if first is not None and not any(t.kind in {"concept", "when", "length_m"} for t in sentence[:first]):
        return first
    return 0


def _is_wh(tag: Tag) -> bool:
    return (
        fold(tag.text).split()[0]
        in {"how", "what", "which", "where", "wie", "was", "welche", "welcher", "welches", "wo"}
        if tag.text.split()
        else False
    )


def _asks(tags: Sequence[Tag]) -> bool:
    return any(t.kind in {"many", "howmuch", "share", "size", "map", "count", "compare"} or _is_wh(t) for t in tags)


def _colon(sentence: Sequence[Tag], later: Sequence[Tag]) -> int:
    """Return the length of *Story check:*, which names nothing."""
    if not sentence or sentence[-1].value != ":" or not any(t.kind == "concept" for t in later):
        return 0
    if _is_title(sentence, later):
        return len(sentence)
    told = {
        "concept",
        "when",
        "length_m",
        "percent",
        "area_m2",
        "size",
        "share",
        "map",
        "length",
        "distance",
        "rank",
        "compare",
        "refuse",
        "place",
        "wh",
        "many",
        "howmuch",
        "trend",
        "change",
        "count",
        "touch",
    }
    return len(sentence) if len(sentence) <= 8 and not any(t.kind in told for t in sentence) else 0


def _is_title(sentence: Sequence[Tag], later: Sequence[Tag]) -> bool:
    """Whether a sentence only names what the next one asks about: *Flooding on 18 September 2019: how much ...*."""
    named = {t.value for t in sentence if t.kind == "concept"}
    plain = {"concept", "when", "in", "article", "filler", "place", "stop", "of", "and"}
    return (
        bool(named)
        and all(t.kind in plain for t in sentence)
        and named <= {t.value for t in later if t.kind == "concept"}
        and any(t.kind in {"many", "howmuch", "share", "size"} for t in later)
        and not any(t.kind == "pronoun" for t in later)
    )


def _opens(sentence: Sequence[Tag], language: Language) -> bool:
    words = [w for t in sentence[:4] for w in fold(t.text).replace(",", "").split()]
    return any(tuple(words[:n]) in opening_words(language) for n in (1, 2, 3))
