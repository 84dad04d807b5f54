"""From a question to tags: every word is a sign of something, an amount, a time, a place, or not known."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from terrascope_sdk.plan.questions.dates import Clock, When, atom_at
from terrascope_sdk.plan.questions.lexicon import (
    Language,
    Sign,
    known_share,
    lexicon_of,
    place_entries,
    word_signs,
)
from terrascope_sdk.plan.questions.numerals import number_at
from terrascope_sdk.plan.questions.tokens import Token, tokenize

__all__ = ["Tag", "Tagged", "tag_question"]

_LONGEST = 7
_AREA_M2: Mapping[str, float] = {
    "m2": 1.0, "ha": 1e4, "km2": 1e6, "acre": 4046.8564224, "mi2": 2589988.110336, "ft2": 0.09290304,
}  # fmt: skip
_LENGTH_M: Mapping[str, float] = {"m": 1.0, "km": 1000.0, "mi": 1609.344, "nmi": 1852.0, "ft": 0.3048, "yd": 0.9144}


@dataclass(frozen=True)
class Tag:
    """What a phrase of the question is a sign of."""

    kind: str
    """Kind of sign, as in the tables; besides amounts, times, numbers, and ``unknown``."""

    value: str = ""
    """Which one: a concept, a unit, a reason."""

    text: str = ""
    """As written."""

    start: int = 0
    """Position of its first character."""

    end: int = 0
    """Position after its last character."""

    amount: float = 0.0
    """The number, for amounts: m, m2, 0-1 or a plain number."""

    when: When | None = None
    """The time."""

    glued: bool = False
    """Whether it belongs to the word before: the second part of a compound."""


@dataclass(frozen=True)
class Tagged:
    """A question as tags."""

    language: Language
    """In which language it was read."""

    tags: tuple[Tag, ...]
    """In order."""


def language_of(tokens: Sequence[Token]) -> Language:
    """Return the language whose tables know more of the words; English when both do alike."""
    words = [t.word for t in tokens if t.kind == "word"]
    text = "".join(t.text for t in tokens)
    umlauts = sum(text.lower().count(c) for c in "äöüß")
    return "de" if known_share(words, "de") + umlauts > known_share(words, "en") else "en"


def tag_question(text: str, clock: Clock, places: Iterable[str]) -> Tagged:
    """Return the tags of a question.

    Args:
        text: In English or German.
        clock: What relative times are counted from.
        places: Names that are read as places wherever they stand.

    Raises:
        NotPlanned: A time in it is none, lies in the future or before satellites.
    """
    tokens = tokenize(text)
    language = language_of(tokens)
    known = place_entries(places)
    tags: list[Tag] = []
    i = 0
    while i < len(tokens):
        found, width = _at(tokens, i, language, clock, known)
        span = tokens[i : i + width]
        tags += [
            replace(t, text=text[span[0].start : span[-1].end], start=span[0].start, end=span[-1].end) for t in found
        ]
        i += width
    return Tagged(language, tuple(tags))


def _at(
    tokens: Sequence[Token],
    i: int,
    language: Language,
    clock: Clock,
    places: Mapping[tuple[str, ...], tuple[Sign, ...]],
) -> tuple[list[Tag], int]:
    """Return the tags that begin at a token, and how many tokens they take up."""
    if (placed := _phrase(tokens, i, places)) is not None:
        return placed
    if tokens[i].kind in {"bbox", "point"}:
        return [Tag(tokens[i].kind)], 1
    if (
        (found := _phrase(tokens, i, lexicon_of(language))) is not None
        and found[0][0].kind in {"refuse", "ask"}
        and found[1] > 1
    ):
        return found
    when = atom_at(tokens, i, clock)
    if when is not None:
        return [Tag("when", when=when)], when.width
    counted = number_at(tokens, i)
    if counted is not None and not (tokens[i].kind == "word" and found is not None and found[1] > counted[1]):
        return _amount(tokens, i, counted, language)
    if found is None:
        found = _phrase(tokens, i, lexicon_of("de" if language == "en" else "en")) if tokens[i].kind == "word" else None
        signs = word_signs(tokens[i].word, language) if tokens[i].kind == "word" else None
        if signs is not None and (found is None or found[1] == 1):
            found = [Tag(s.kind, s.value, glued=n > 0) for n, s in enumerate(signs)], 1
    if found is not None:
        return found
    return [_mark(tokens[i])], 1


def _mark(token: Token) -> Tag:
    if token.kind == "word":
        return Tag("unknown")
    if token.word in {".", "?", "!", ";", ":"}:
        return Tag("stop", token.word)
    if token.word in {"-", "\u2013", "\u2014", "/"}:
        return Tag("dash")
    if token.kind == "winter":
        return Tag("number")
    return Tag("filler")


def _phrase(
    tokens: Sequence[Token], i: int, lexicon: Mapping[tuple[str, ...], tuple[Sign, ...]]
) -> tuple[list[Tag], int] | None:
    words: list[str] = []
    widths: list[int] = []
    j = i
    while j < len(tokens) and len(words) < _LONGEST:
        if tokens[j].word == "-" and words and j + 1 < len(tokens):
            j += 1
            continue
        words.append(tokens[j].word)
        j += 1
        widths.append(j - i)
    for n in range(len(words), 0, -1):
        signs = lexicon.get(tuple(words[:n]))
        if signs is not None:
            return [Tag(s.kind, s.value, glued=k > 0) for k, s in enumerate(signs)], widths[n - 1]
    return None


def _amount(tokens: Sequence[Token], i: int, counted: tuple[float, int], language: Language) -> tuple[list[Tag], int]:
    """Return a number with its unit as one tag."""
    value, width = counted
    j = i + width
    if j < len(tokens) and tokens[j].word == "-":
        j += 1
    unit = _phrase(tokens, j, lexicon_of(language)) if j < len(tokens) else None
    if unit is None and j < len(tokens):
        unit = _phrase(tokens, j, lexicon_of("de" if language == "en" else "en"))
    if unit is not None:
        (sign, *_), used = unit
        end = j + used - i
        if sign.kind == "unit" and sign.value in _AREA_M2:
            return [Tag("area_m2", sign.value, amount=value * _AREA_M2[sign.value])], end
        if sign.kind == "unit":
            return [Tag("length_m", sign.value, amount=value * _LENGTH_M[sign.value])], end
        if sign.kind == "share" and tokens[j].word in {"%", "percent", "per", "pct", "prozent"}:
            width_of_percent = 2 if tokens[j].word == "per" else 1
            return [Tag("percent", amount=value / 100)], j + width_of_percent - i
    if tokens[i].kind == "word" and counted == (1.0, 1):
        return [Tag("filler")], 1
    return [Tag("number", amount=value)], width
