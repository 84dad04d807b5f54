"""The values that go into one question: names that agree with their verbs, dates, places, numbers, unknown words."""

import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from importlib.resources import files

import numpy as np

from terrascope_sdk.model.word_list import WORD_KINDS, read_word, words_of_kind
from terrascope_sdk.train.dating import Dating
from terrascope_sdk.train.naming import Name

__all__ = ["Filling", "invented_names", "letter_marks", "luck", "made_up_words"]

_AGREEING = {
    "is": ("is", "are"), "was": ("was", "were"), "has": ("has", "have"), "does": ("does", "do"), "s": ("s", ""),
    "es": ("es", ""), "ies": ("ies", "y"),
}  # fmt: skip
_LETTER = re.compile(r"([abcxyABCXY])([-*1=]?)")
_ONSETS = ("br", "dr", "fl", "gl", "gr", "kr", "pl", "sk", "sn", "tr", "v", "z", "b", "d", "g", "k", "m", "p", "t", "y")
_VOWELS = ("a", "e", "i", "o", "u", "oo", "ea", "y")
_CODAS = ("b", "ck", "g", "lk", "mp", "nd", "nk", "rb", "rn", "sk", "v", "x", "zz", "ndle", "ster", "mble", "t", "m")
_HOW_MANY = 2000


def luck(rng: np.random.Generator) -> Callable[[], float]:
    """Return a source of numbers from 0 up to but not including 1 that takes them from a generator by the dozen."""
    numbers: list[float] = []

    def draw() -> float:
        if not numbers:
            numbers.extend(rng.random(48).tolist())
        return numbers.pop()

    return draw


def _syllables(rng: np.random.Generator) -> str:
    parts = [_ONSETS[rng.integers(len(_ONSETS))] + _VOWELS[rng.integers(len(_VOWELS))] for _ in range(2)]
    return "".join(parts[: 1 + int(rng.random() < 0.6)]) + _CODAS[rng.integers(len(_CODAS))]


@cache
def made_up_words() -> tuple[str, ...]:
    """Return words that nobody knows, the same ones always; none is read as a listed word or its misspelling."""
    rng = np.random.default_rng(20)
    found: dict[str, None] = {}
    while len(found) < _HOW_MANY:
        word = _syllables(rng)
        if len(word) > 3 and all(read_word(form) is None for form in (word, word + "s")):
            found[word] = None
    return tuple(found)


@cache
def invented_names() -> tuple[str, ...]:
    """Return names of places, most of them invented and some of them known."""
    text = (files("terrascope_sdk.model") / "places.txt").read_text(encoding="utf-8")
    known = tuple(" ".join(word.capitalize() for word in line.split()) for line in text.splitlines() if line)
    invented = tuple(word.capitalize() + end for word in made_up_words()[::5] for end in ("", "ia"))
    ends = tuple(
        f"{a.capitalize()} {b.capitalize()}" for a, b in zip(made_up_words()[1::9], made_up_words()[2::9], strict=False)
    )
    return known + tuple(name for name in invented + ends if all(read_word(p.lower()) is None for p in name.split()))


@cache
def known_names() -> tuple[str, ...]:
    """Return the names among them that are listed."""
    return tuple(name for name in invented_names() if read_word(name.split()[0].lower()) is not None)


@cache
def _parsed(slot: str) -> tuple[str, str, str, bool]:
    """Return kind, letter, mark and whether the letter is a capital."""
    verb, _, of = slot.partition(":")
    if verb in _AGREEING:
        return verb, of or "a", "", False
    match = _LETTER.fullmatch(slot)
    if match is None:
        return slot, "", "", False
    return "name", match[1].lower(), match[2], match[1].isupper()


def letter_marks(slots: Iterator[str] | frozenset[str]) -> tuple[Mapping[str, frozenset[str]], frozenset[str]]:
    """Return what follows each letter in the slots of a template, and which letters stand as a capital."""
    marks: dict[str, set[str]] = {}
    definite: set[str] = set()
    for slot in slots:
        kind, letter, mark, upper = _parsed(slot)
        if kind == "name" and letter:
            marks.setdefault(letter, set()).add(mark)
            definite |= {letter} if upper else set()
    return {letter: frozenset(found) for letter, found in marks.items()}, frozenset(definite)


class Filling:
    """The values of one question."""

    def __init__(self, names: Mapping[str, Name], dating: Dating, draw: Callable[[], float]) -> None:
        """Take what the question is about.

        Args:
            names: By the letter of their slots.
            dating: Says the dates.
            draw: Source of randomness.
        """
        self._names = names
        self._draw = draw
        self.dating = dating
        self.mentions: list[str] = []
        self.core = ""

    def value(self, slot: str) -> str:
        """Return the text of a slot."""
        kind, letter, mark, upper = _parsed(slot)
        if letter:
            if kind == "name":
                self.mentions.append(letter)
                return self._names[letter].form(mark, upper=upper)
            many = letter in self._names and self._names[letter].is_plural
            return _AGREEING[kind][many]
        dated = self.dating.value(slot)
        return dated if dated is not None else self._other(slot)

    def _other(self, slot: str) -> str:
        if slot == "core":
            return self.core
        if slot == "number":
            return str(int(2 + 10 ** (self._draw() * 3.5)))
        options = words_of_kind(slot) if slot in WORD_KINDS else made_up_words() if slot == "u" else invented_names()
        return options[int(self._draw() * len(options))]
