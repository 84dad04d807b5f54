"""All tables of phrases as one lookup: the longest phrase that begins at a word, and what it is a sign of."""

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import NamedTuple

from terrascope_sdk.plan import declined, phrases
from terrascope_sdk.types.concepts import concept_words

__all__ = ["Lexicon", "Sign", "base_lexicon", "with_places"]


class Sign(NamedTuple):
    """What a phrase says: a kind such as ``concept``, ``share``, ``unit`` or ``glue``, and which one."""

    kind: str
    """Kind of sign."""

    value: str = ""
    """Which one: the key of a concept, the name of a unit, a reason."""


Lexicon = Mapping[tuple[str, ...], tuple[Sign, ...]]
"""Phrases as tuples of lower-case words."""


def _words(phrase: str) -> tuple[str, ...]:
    return tuple(phrase.replace("-", " ").split())


def _listed(text: str) -> Iterator[tuple[str, ...]]:
    if text == ",":
        yield (",",)
    yield from (_words(phrase) for phrase in text.split(",") if phrase.strip())


def _table_entries() -> Iterator[tuple[tuple[str, ...], tuple[Sign, ...]]]:
    kinds: list[tuple[Mapping[str, str], str]] = [
        (phrases.rankings, "ranking"),
        (phrases.units, "unit"),
        (phrases.sensors, "sensor"),
        (declined.reasons, "refuse"),
        (declined.asked_back, "ask"),
        (declined.hints, "hint"),
        (phrases.weak, "weak"),
        (phrases.changes, "change"),
    ]
    for table, kind in kinds:
        for value, text in table.items():
            yield from ((words, (Sign(kind, value),)) for words in _listed(text))
    for table in (phrases.quantities, phrases.structure):
        for kind, text in table.items():
            yield from ((words, (Sign(kind),)) for words in _listed(text))
    for phrase, signs in phrases.compounds.items():
        yield _words(phrase), tuple(Sign(*s) for s in signs)
    yield from ((words, (Sign("glue"),)) for words in _listed(phrases.glue))


def _concept_entries() -> Iterator[tuple[tuple[str, ...], tuple[Sign, ...]]]:
    for phrase, key in concept_words().items():
        words = _words(phrase)
        yield words, (Sign("concept", key),)
        yield (*words, "free"), (Sign("negated", key),)
        if words[0].endswith("ed") or words[0] == "built":
            yield ("un" + words[0], *words[1:]), (Sign("negated", key),)


@cache
def base_lexicon() -> Lexicon:
    """Return every phrase of the planner's tables and of the vocabulary.

    Raises:
        ValueError: A phrase stands in two tables; found by a test.
    """
    lexicon: dict[tuple[str, ...], tuple[Sign, ...]] = {}
    for words, signs in (*_table_entries(), *_concept_entries()):
        if lexicon.setdefault(words, signs) != signs:
            raise ValueError(f"{' '.join(words)!r} is both {lexicon[words]} and {signs}")
    return lexicon


def with_places(names: Iterable[str]) -> Lexicon:
    """Return the lexicon with names of places, which win over every other reading."""
    places = {_words(name.lower()): (Sign("place", name),) for name in names if _words(name.lower())}
    return {**base_lexicon(), **places}
