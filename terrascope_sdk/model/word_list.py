"""The closed list of words: what is on it, and what a written word is read as."""

from collections.abc import Iterable, Iterator, Mapping
from functools import cache, lru_cache
from importlib.resources import files
from types import MappingProxyType
from typing import NamedTuple

from terrascope_sdk.model.spelling import contractions, folds, one_slip_apart, slips
from terrascope_sdk.types.concepts import concept_words, vocabulary

__all__ = [
    "MAX_DATES", "WORD_KINDS", "Reading", "listed_form", "phrase_tokens", "read_word", "word_tokens", "words",
    "words_of_kind",
]  # fmt: skip

MAX_DATES = 8
"""How many dates a question can tell apart: ``<t1>`` to ``<t8>``."""

WORD_KINDS = (
    "person", "group", "paper", "doing", "quality", "manner", "matter", "event", "region", "said", "act", "object",
)  # fmt: skip
"""Kinds of everyday words that are told apart by their kind only: an ``accountant`` is a ``<person>``."""

_SPECIAL = ("<unk>", "<name>", "<number>", "?", *(f"<t{k}>" for k in range(1, MAX_DATES + 1)),
            *(f"<{kind}>" for kind in WORD_KINDS))  # fmt: skip
_SPELLED_OUT = {
    "deforestation": "{tree} loss", "deforested": "{tree} lost", "afforestation": "{tree} gain",
    "reforestation": "{tree} gain", "reforested": "{tree} gained", "regreening": "{vegetation} gain",
    "revegetation": "{vegetation} gain", "urbanisation": "{developed} growth", "urbanization": "{developed} growth",
    "greener": "more {vegetation}", "greenest": "most {vegetation}", "cloudier": "more {cloud}",
    "cloudiest": "most {cloud}", "treeless": "no {tree}", "cloudless": "no {cloud}", "snowless": "no {snow}",
    "unforested": "not {tree}", "unburned": "not {burned}", "unburnt": "not {burned}", "waterless": "no {water}",
    "under cultivation": "{crop}",
    "wet land": "{wetland}", "wet lands": "{wetland}", "new development": "new {developed}",
    "new developments": "new {developed}", "new construction": "new {developed}", "sea ice": "{snow}",
    "burnt down": "{burned} down", "burned down": "{burned} down", "ice sheet": "{snow}", "ice sheets": "{snow}",
}  # fmt: skip
_ORDINARY = (
    "field of view", "fields of view", "field work", "power plant", "power plants", "treatment plant", "car plant",
    "treatment plants", "sewage plant", "chemical plant", "cement plant", "steel plant", "desalination plant",
    "chemical plants", "city hall", "rock band", "rock concert", "ice cream", "sea level", "street lamp",
    "street light",
    "street lights", "street lamps", "road sign", "road signs", "beach ball", "cloud server", "green tea",
    "wood stove", "greenhouse gas", "football field", "football fields", "magnetic field", "oil field", "oil fields",
)  # fmt: skip
"""Phrases in which a name of the vocabulary does not mean its concept."""


class Reading(NamedTuple):
    """What a written word is read as."""

    words: tuple[str, ...]
    """Listed words, or parts of listed phrases."""

    corrected: bool
    """Whether a slip of the finger was mended."""


def _lines(name: str) -> tuple[str, ...]:
    text = (files("terrascope_sdk.model") / name).read_text(encoding="utf-8")
    return tuple(line for line in text.splitlines() if line)


@cache
def words() -> frozenset[str]:
    """Return the listed words, in lower case."""
    return frozenset(_lines("words.txt"))


@cache
def _by_kind() -> Mapping[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {kind: [] for kind in WORD_KINDS}
    for line in _lines("word_kinds.txt"):
        kind, _, listed = line.partition(": ")
        found[kind] += listed.split()
    return MappingProxyType({kind: tuple(listed) for kind, listed in found.items()})


def words_of_kind(kind: str) -> tuple[str, ...]:
    """Return the everyday words of one of `WORD_KINDS`, in lower case."""
    return _by_kind()[kind]


@cache
def _kind_tokens() -> Mapping[str, str]:
    return MappingProxyType({word: f"<{kind}>" for kind, listed in _by_kind().items() for word in listed})


@cache
def word_tokens() -> tuple[str, ...]:
    """Return every token a question can be split into, always in the same order."""
    return (*_SPECIAL, *(f"{{{key}}}" for key in vocabulary), *sorted(words()))


@cache
def phrase_tokens() -> Mapping[str, tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]]:
    """Return the phrases that become other tokens than their words, by first word, the longest first.

    These are the names of concepts, known places, words that say task and concept in one ("deforestation"), and
    phrases in which a name does not mean its concept ("power plant").
    """
    table: dict[tuple[str, ...], tuple[str, ...]] = {
        tuple(place.split()): ("<name>",) for place in _lines("places.txt")
    }
    for name, key in concept_words().items():
        tail = [
            word for word in name.split()[1:] if word in ("area", "areas")
        ]  # "burned area": the task may hang on it
        table[tuple(name.split())] = (f"{{{key}}}", *tail)
    table |= {tuple(phrase.split()): tuple(tokens.split()) for phrase, tokens in _SPELLED_OUT.items()}
    table |= {tuple(phrase.split()): tuple(phrase.split()) for phrase in _ORDINARY}
    by_first: dict[str, list[tuple[tuple[str, ...], tuple[str, ...]]]] = {}
    for phrase, tokens in sorted(table.items(), key=lambda item: -len(item[0])):
        by_first.setdefault(phrase[0], []).append((phrase, tokens))
    return MappingProxyType({first: tuple(phrases) for first, phrases in by_first.items()})


@cache
def _readable() -> frozenset[str]:
    parts = (word for phrases in phrase_tokens().values() for phrase, _ in phrases for word in phrase)
    return words() | _kind_tokens().keys() | frozenset(parts)


@cache
def _targets() -> Mapping[str, tuple[str, ...]]:
    """Return the words a slip can be mended to, by themselves and by themselves less one letter."""
    names = {word for name in concept_words() for word in name.split()}
    by_slip: dict[str, list[str]] = {}
    for word in sorted(word for word in words() | names if len(word) >= 4 and word.isalpha()):
        for slip in {word, *slips(word)}:
            by_slip.setdefault(slip, []).append(word)
    return MappingProxyType({slip: tuple(near) for slip, near in by_slip.items()})


@lru_cache(maxsize=20_000)
def read_word(word: str) -> Reading | None:
    """Return what a word is read as, None when it is unknown.

    Args:
        word: In lower case, with a straight apostrophe, without spaces or digits.
    """
    plain = word
    for end in ("'s", "'"):
        plain = plain if plain in contractions else plain.removesuffix(end)
    if plain in contractions:
        return Reading(contractions[plain], corrected=False)
    if plain in _readable():
        return Reading((plain,), corrected=False)
    folded = listed_form(plain)
    if folded is not None:
        return Reading((folded,), corrected=False)
    mended = _mended(plain)
    return None if mended is None else Reading((mended,), corrected=True)


@lru_cache(maxsize=5_000)
def listed_form(word: str) -> str | None:
    """Return a word as it is listed: itself, its kind, or what it folds to; None when nothing of it is listed.

    Args:
        word: In lower case; also part of a name ("lands" of "farm lands") that stands without the rest.
    """
    for form in (word, *folds(word)):
        found = form if form in words() else _kind_tokens().get(form)
        if found is not None:
            return found
    return None


def _mended(word: str) -> str | None:
    if len(word) < 4 or not word.isalpha():
        return None
    near = {
        target
        for slip in {word, *slips(word)}
        for target in _targets().get(slip, ())
        if target[0] == word[0] and one_slip_apart(word, target)  # the first letter is hardly ever the wrong one
    }
    if len(near) > 1:
        near = set(_likely(word, near)) or near
    return near.pop() if len(near) == 1 or len({_stem(target) for target in near}) == 1 else None


def _likely(word: str, near: Iterable[str]) -> Iterator[str]:
    """Yield those that differ by a doubled letter or by two that changed places: the slips made most."""
    for target in sorted(near):
        if sorted(target) == sorted(word) or _undoubled(target) == _undoubled(word):
            yield target


def _undoubled(word: str) -> str:
    return "".join(x for x, before in zip(word, " " + word, strict=False) if x != before)


def _stem(word: str) -> str:
    return concept_words().get(word, word)
