"""All tables as one lookup a language: the longest phrase that begins at a word, and what it is a sign of."""

import difflib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import Literal, NamedTuple

from terrascope_sdk.plan.questions import english, english_filler, english_structure, german, german_forms, refused
from terrascope_sdk.plan.questions.tokens import fold
from terrascope_sdk.types.concepts import concept_words

__all__ = ["Language", "Lexicon", "Sign", "is_slip", "lexicon_of", "opening_words", "word_signs"]

Language = Literal["en", "de"]


class Sign(NamedTuple):
    """What a phrase says: a kind such as ``concept``, ``share``, ``unit`` or ``filler``, and which one."""

    kind: str
    """Kind of sign."""

    value: str = ""
    """Which one: the key of a concept, the name of a unit, a reason."""


Lexicon = Mapping[tuple[str, ...], tuple[Sign, ...]]
"""Phrases as tuples of folded words."""

_BOTH_WAYS: Mapping[str, tuple[Sign, ...]] = {
    "dry land": (Sign("negated", "water"),),
    "dry": (Sign("negated", "water"),),
    "trocken": (Sign("negated", "water"),),
    "dry ground": (Sign("negated", "water"),),
    "deforestation": (Sign("change", "loss loss"), Sign("concept", "tree")),
    "deforested": (Sign("change", "loss loss"), Sign("concept", "tree")),
    "afforestation": (Sign("change", "gain gain"), Sign("concept", "tree")),
    "reforestation": (Sign("change", "gain gain"), Sign("concept", "tree")),
    "urbanisation": (Sign("change", "net gain"), Sign("concept", "developed")),
    "urbanization": (Sign("change", "net gain"), Sign("concept", "developed")),
    "urban sprawl": (Sign("change", "net gain"), Sign("concept", "developed")),
    "urban growth": (Sign("change", "net gain"), Sign("concept", "developed")),
    "entwaldung": (Sign("change", "loss loss"), Sign("concept", "tree")),
    "entwaldet": (Sign("change", "loss loss"), Sign("concept", "tree")),
    "trockenes land": (Sign("negated", "water"),),
    "combined area": (Sign("together"), Sign("size")),
    "total combined area": (Sign("together"), Sign("size")),
    "and more than": (Sign("and"), Sign("least")),
    "or more than": (Sign("or"), Sign("least")),
    "and larger than": (Sign("and"), Sign("least")),
    "but more than": (Sign("filler"), Sign("least")),
    "free of": (Sign("not"),),
    "free from": (Sign("not"),),
    "frei von": (Sign("not"),),
    "how green": (Sign("share"), Sign("concept", "vegetation")),
    "how forested": (Sign("share"), Sign("concept", "tree")),
    "how wooded": (Sign("share"), Sign("concept", "tree")),
    "how urban": (Sign("share"), Sign("concept", "developed")),
    "how built up": (Sign("share"), Sign("concept", "developed")),
    "how urbanised": (Sign("share"), Sign("concept", "developed")),
    "how agricultural": (Sign("share"), Sign("concept", "crop")),
    "roof area": (Sign("concept", "building"), Sign("area")),
    "tree cover": (Sign("concept", "tree"), Sign("cover")),
    "forest cover": (Sign("concept", "tree"), Sign("cover")),
    "vegetation cover": (Sign("concept", "vegetation"), Sign("cover")),
    "snow cover": (Sign("concept", "snow"), Sign("cover")),
    "acreage": (Sign("size"), Sign("unit", "acre")),
    "plus": (Sign("and"), Sign("together")),
    "to what extent": (Sign("share"),),
    "summe aus": (Sign("together"),),
    "sum of": (Sign("together"),),
    "percent of": (Sign("share"), Sign("of")),
}
"""Phrases that say several things at once, in either language."""


def _words(phrase: str) -> tuple[str, ...]:
    return tuple(fold(phrase).replace("-", " ").replace("sq.", "sq").split())


def _listed(text: str) -> Iterator[tuple[str, ...]]:
    if text == ",":
        yield (",",)
    yield from (_words(phrase) for phrase in text.split(",") if phrase.strip())


def _concepts() -> Iterator[tuple[tuple[str, ...], tuple[Sign, ...]]]:
    for phrase, key in concept_words().items():
        words = _words(phrase)
        yield words, (Sign("concept", key),)
        yield (*words, "free"), (Sign("negated", key),)
        if words[0].endswith("ed") or words[0] == "built":
            yield ("un" + words[0], *words[1:]), (Sign("negated", key),)
            yield ("non", *words), (Sign("negated", key),)


def _tables(language: Language) -> Iterator[tuple[tuple[str, ...], tuple[Sign, ...]]]:
    english_signs = {**english.asking, **english_structure.structure}
    things, listed = (english.things, english_signs) if language == "en" else (german.things, german.signs)
    filler = english_filler.filler if language == "en" else german_forms.filler
    yield from ((_words(phrase), signs) for phrase, signs in _BOTH_WAYS.items())
    if language == "en":
        yield from _concepts()
    for key, text in things.items():
        yield from ((words, (Sign("concept", key),)) for words in _listed(text))
    for name, text in listed.items():
        kind, _, value = name.partition(":")
        signs: tuple[Sign, ...] = (Sign(kind, value),)
        if name == "share:of":
            signs = (Sign("share"), Sign("of"))
        yield from ((words, signs) for words in _listed(text))
    rest = ((refused.reasons, "refuse"), (refused.asked_back, "ask"), (refused.hints, "hint"))
    for table, kind in rest:
        for value, text in table.items():
            yield from ((words, (Sign(kind, value),)) for words in _listed(text))
    yield from ((words, (Sign("filler"),)) for words in _listed(filler))


@cache
def lexicon_of(language: Language) -> Lexicon:
    """Return every phrase of a language; of two tables that hold one phrase, the earlier counts."""
    lexicon: dict[tuple[str, ...], tuple[Sign, ...]] = {}
    for words, signs in _tables(language):
        if words:
            lexicon.setdefault(words, signs)
    return lexicon


@cache
def opening_words(language: Language) -> frozenset[tuple[str, ...]]:
    """Return how a sentence may begin that says who asks and why."""
    return frozenset(_listed(english_filler.openings if language == "en" else german_forms.openings))


@cache
def _spellings(language: Language) -> Mapping[str, tuple[str, ...]]:
    """Return single words worth correcting to, by their first letter."""
    worth = {"concept", "share", "unit", "size", "distance", "length", "touch", "change", "trend", "compare", "patch"}
    found: dict[str, list[str]] = {}
    for words, signs in lexicon_of(language).items():
        if len(words) == 1 and len(words[0]) >= 6 and signs[0].kind in worth:
            found.setdefault(words[0][0], []).append(words[0])
    return {letter: tuple(words) for letter, words in found.items()}


def word_signs(word: str, language: Language) -> tuple[Sign, ...] | None:
    """Return what one word is a sign of when it does not stand in the tables as it is written.

    German endings are taken off and compounds split; a slip of one letter in a long word is forgiven.

    Args:
        word: A folded word.
        language: Whose tables.

    Returns:
        Its signs, or None when nothing fits.
    """
    if language == "de":
        found = _german(word)
        if found is not None:
            return found
    return _misspelt(word, language)


def _german(word: str) -> tuple[Sign, ...] | None:
    lexicon = lexicon_of("de")
    for ending in german_forms.endings:
        stem = word.removesuffix(ending)
        if stem != word and len(stem) >= 3:
            for form in (stem, stem + "e"):
                if (signs := lexicon.get((form,))) is not None:
                    return signs
    return _compound(word, lexicon)


def _compound(word: str, lexicon: Lexicon) -> tuple[Sign, ...] | None:
    for prefix, kind in (("gesamt", "total"), ("jahres", "yearly"), ("netto", "change"), ("rest", "filler")):
        inner = word.removeprefix(prefix)
        if inner != word and (signs := lexicon.get((inner,)) or _german(inner)) is not None:
            return (Sign(kind, "net" if kind == "change" else ""), *signs)
    for head in sorted(german_forms.heads, key=len, reverse=True):
        stem = word.removesuffix(head)
        if stem == word or len(stem) < 3:
            continue
        for form in (
            stem,
            *(stem.removesuffix(x) for x in ("es", "en", "s", "n", "er") if stem.endswith(x)),
            stem + "e",
        ):
            signs = lexicon.get((form,)) or (_compound(form, lexicon) if len(form) > 6 else None)
            if signs is not None and signs[0].kind == "concept":
                return (*signs, *(Sign(*s) for s in german_forms.heads[head]))
    return _two_concepts(word, lexicon)


def _two_concepts(word: str, lexicon: Lexicon) -> tuple[Sign, ...] | None:
    """Read *Stadtwald* as what both parts say."""
    for cut in range(4, len(word) - 3):
        first, second = lexicon.get((word[:cut],)), lexicon.get((word[cut:],))
        if first and second and first[0].kind == second[0].kind == "concept":
            return (*first, *second) if first != second else first
    return None


def is_slip(text: str) -> bool:
    """Return whether a word was only understood by forgiving a slip of one letter."""
    word = fold(text)
    known = any((word,) in lexicon_of(language) for language in ("en", "de"))
    return " " not in text and not known and _german(word) is None


def _misspelt(word: str, language: Language) -> tuple[Sign, ...] | None:
    if len(word) < 6 or not word.isalpha():
        return None
    near = difflib.get_close_matches(word, _spellings(language).get(word[0], ()), n=3, cutoff=0.84)
    near = [n for n in near if _slips(word, n) <= 1 and not (n[:-1] == word or (word[:-1] == n and False))]
    return lexicon_of(language)[(near[0],)] if near else None


def _slips(one: str, other: str) -> int:
    """Return how many letters are wrong, missing, too many or swapped, as far as 2."""
    if abs(len(one) - len(other)) > 1:
        return 2
    start = next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    a, b = one[start:], other[start:]
    if a[2:] == b[2:] and a[:2] == b[:2][::-1]:
        return 1
    return 1 if a[1:] == b[1:] or a[1:] == b or a == b[1:] else 2


def known_share(words: Sequence[str], language: Language) -> int:
    """Return how many words stand in a language's tables as single words."""
    lexicon = lexicon_of(language)
    return sum((word,) in lexicon for word in words)


def place_entries(names: Iterable[str]) -> dict[tuple[str, ...], tuple[Sign, ...]]:
    """Return names of places as phrases."""
    return {words: (Sign("place", name),) for name in names if (words := _words(name))}
