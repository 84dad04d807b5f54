"""How concepts, and things that are none, are named in a sentence: number, article, the noun after an adjective."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from terrascope_sdk.errors import InputError
from terrascope_sdk.train.templates import read_lines
from terrascope_sdk.types.concepts import get_concept, vocabulary

__all__ = ["Name", "can_be_named", "name_concept", "name_everyday", "name_made_up", "name_thing", "things"]

Draw = Callable[[], float]
"""Gives a number from 0 up to but not including 1."""

_NOTES = ("visible ", "existing ", "mapped ", "detected ", "present ", "whole ", "local ", "current ", "actual ")
_SPECIAL_PLURALS = {"body of water": "bodies of water"}


@dataclass(frozen=True)
class Name:
    """The forms of one name that a template can ask for."""

    noun: str
    """A noun phrase without article: "lakes", "water", "urban area"; slot {a}."""

    definite: str
    """The same as a subject, with an article or without: "the lake"; slot {A}."""

    modifier: str
    """Before another noun: "lake", "water", "urban"; slot {a-}."""

    plural: str
    """Several of it: "lakes"; slot {a*}."""

    one: str
    """One of it, with the article: "a lake"; slot {a1}."""

    is_plural: bool
    """Whether verbs that follow `noun` and `definite` stand in the plural."""

    def form(self, mark: str, *, upper: bool) -> str:
        """Return the form that a slot asks for.

        Args:
            mark: What follows the letter: '', '-', '*', '1' or '='.
            upper: Whether the letter is a capital.
        """
        if mark in ("-", "="):
            return self.modifier
        if mark == "*":
            return self.plural
        return self.one if mark == "1" else self.definite if upper else self.noun


def _pick(options: Sequence[str], draw: Draw) -> str:
    return options[int(draw() * len(options))]


@cache
def _kinds() -> dict[str, str]:
    """Return the kind of each name that is listed."""
    kinds: dict[str, str] = {}
    for line in read_lines("names"):
        kind, _, names = line.partition(": ")
        if not kind.startswith("heads"):
            kinds |= {name.strip(): kind for name in names.split(",")}
    return kinds


@cache
def _heads(word: str) -> tuple[str, ...]:
    found: tuple[str, ...] = ()
    for line in read_lines("names"):
        kind, _, names = line.partition(": ")
        listed = tuple(name.strip() for name in names.split(","))
        mine = {name.strip() for name in kind.removeprefix("heads").split(",")} - {""}
        if kind.startswith("heads") and (not mine or word in mine):
            found = listed
    return found


def plural_of(name: str) -> str:
    """Return the plural of a name of the vocabulary."""
    if name in _SPECIAL_PLURALS:
        return _SPECIAL_PLURALS[name]
    if name.endswith(("s", "x", "ch", "sh")):
        return name + "es"
    return name[:-1] + "ies" if name.endswith("y") and name[-2] not in "aeiou" else name + "s"


def with_article(name: str) -> str:
    """Return a name with its indefinite article."""
    return f"an {name}" if name[0] in "aeiou" and not name.startswith("uni") else f"a {name}"


@cache
def _words(key: str, mark: str) -> tuple[tuple[str, str], ...]:
    """Return the names of a concept that can stand in a slot, each with its kind; empty when none can."""
    concept, kinds = get_concept(key), _kinds()
    names = tuple((word, kinds.get(word, "thing")) for word in concept.words)
    if mark == "=":
        return tuple(name for name in names if name[1] in ("adjective", "predicate"))
    if mark in ("*", "1"):
        countable = tuple((word, "thing") for word in concept.countable)
        things_ = tuple(name for name in names if name[1] == "thing")
        return countable or things_ or tuple((word, "thing") for word, kind in names if kind == "mass")
    return tuple(name for name in names if name[1] != "predicate")


def can_be_named(key: str, marks: Sequence[str]) -> bool:
    """Return whether a concept has a name for all slots of a template.

    Args:
        key: Key of the vocabulary.
        marks: What follows its letter in the slots.
    """
    return all(_words(key, mark) for mark in marks) and not {"=", "*"} <= set(marks)


def name_concept(key: str, marks: frozenset[str], draw: Draw, *, definite: bool) -> Name:
    """Return a random name of a concept.

    Args:
        key: Key of the vocabulary.
        marks: What follows its letter in the template's slots; all are served by one and the same name.
        draw: Source of randomness.
        definite: Whether the template has a place for "the lake", so that one lake may be meant.

    Raises:
        InputError: It has no name that fits.
    """
    mark = next((m for m in ("=", "*", "1") if m in marks), "")
    names = _words(key, mark)
    if not names:
        raise InputError(
            f"{vocabulary[key].title} has no name for a slot {{a{mark}}}.", hint="Choose another template."
        )
    word, kind = names[int(draw() * len(names))]
    if kind in ("adjective", "predicate"):
        return _from_adjective(word, draw)
    if kind == "thing":
        many = draw() < (0.55 if definite else 0.88)
        return _from_thing(word, plural_of(word), draw, many=many)
    return _from_noun(word, draw, is_plural=kind == "plural")


def _from_adjective(word: str, draw: Draw) -> Name:
    word = word.replace(" ", "-") if draw() < 0.4 else word
    if draw() < 0.12:
        return Name(word, word, word, word, word, is_plural=False)
    heads = _heads(word.replace("-", " "))
    head = _pick(heads, draw)
    many = head.endswith("s")
    single = head[:-1] if many and head != "pixels" else head
    noun = f"{word} {head}"
    return Name(noun, _defined(noun, draw, bare=0.4), word, f"{word} areas", with_article(f"{word} {single}"), many)


def _from_noun(word: str, draw: Draw, *, is_plural: bool) -> Name:
    noun = (_pick(_NOTES, draw) if draw() < 0.03 else "") + word
    return Name(noun, _defined(noun, draw, bare=0.45), word, word, with_article(word), is_plural)


def _from_thing(word: str, plural: str, draw: Draw, *, many: bool) -> Name:
    noun = plural if many else word
    noun = (_pick(_NOTES, draw) if draw() < 0.03 else "") + noun
    modifier = plural if draw() < 0.2 else word
    return Name(noun, _defined(noun, draw, bare=0.4 if many else 0), modifier, plural, with_article(word), many)


def _defined(noun: str, draw: Draw, *, bare: float) -> str:
    luck = draw()
    if luck < bare:
        return noun
    return f"{'the' if luck < 0.93 else 'this' if luck < 0.97 and not noun.endswith('s') else 'all the'} {noun}"


@cache
def things() -> tuple[tuple[str, str], ...]:
    """Return things that are not in the vocabulary, each with its plural."""
    lines = (line.partition(", ") for line in read_lines("things"))
    return tuple((one, many or one) for one, _, many in lines)


def name_thing(draw: Draw, *, definite: bool) -> Name:
    """Return a random name of something that is not in the vocabulary."""
    listed = things()
    word, plural = listed[int(draw() * len(listed))]
    return _from_thing(word, plural, draw, many=draw() < (0.5 if definite else 0.75))


def name_everyday(word: str, draw: Draw, *, definite: bool) -> Name:
    """Return the forms of an everyday noun."""
    return _from_thing(word, plural_of(word), draw, many=draw() < (0.5 if definite else 0.75))


def name_made_up(word: str, draw: Draw) -> Name:
    """Return the forms of a word that nobody knows."""
    return _from_thing(word, word + "s", draw, many=draw() < 0.3)


def every_name() -> Iterator[tuple[str, str]]:
    """Yield key and word of all names that can be drawn."""
    for key in vocabulary:
        for mark in ("", "="):
            yield from ((key, word) for word, _ in _words(key, mark))
