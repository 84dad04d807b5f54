"""From a question as typed to tokens of the closed word list, each with the place it came from.

A name of the vocabulary becomes one token whatever it is called by, ``{water}``; an explicit date has become ``<t1>``
to ``<t8>`` before; an unknown capitalised word is a ``<name>``, a numeral beyond nine a ``<number>``, an everyday word
that only frames a question its kind (``<person>``), everything else unknown ``<unk>``. *Area*, *cover* and the like
are left as words even after a name, since the task may hang on them; only *land* is dropped there.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from terrascope_sdk.model.word_list import listed_form, phrase_tokens, read_word, word_tokens, words

__all__ = ["QuestionToken", "misspelt", "read_question", "split_question", "word_tokens"]


@dataclass(frozen=True)
class QuestionToken:
    """One token of a question."""

    token: str
    """The token: a listed word, ``{water}``, ``<t1>``, ``<name>``, ``<number>``, ``<unk>`` or ``?``."""

    written: str
    """What stands for it in the question, as typed."""

    read: str
    """The words it was read as: lower case, slips mended; as written where it is unknown."""

    start: int
    """Position of its first character in the question."""

    end: int
    """Position after its last character."""

    @property
    def concept(self) -> str | None:
        """Key of the concept that it names, None for any other token."""
        return self.token[1:-1] if self.token.startswith("{") else None


@dataclass(frozen=True)
class _Unit:
    """A word before phrases are put together; a comma or the like has the word ''."""

    word: str
    start: int
    end: int
    known: bool = True
    capital: bool = False
    opens: bool = False
    corrected: bool = False


_PIECE = re.compile(
    r"(?P<date><t[1-8]>)"
    r"|(?P<square>(?<![^\W\d_])k?m\s?\^?\s?(?:2(?!\d)|\u00b2))"
    r"|(?P<ordinal>(?:1st|2nd|3rd|4th)\b)"
    r"|(?P<number>\d+(?:[.,]\d+)*)"
    r"|(?P<word>[^\W\d_]+(?:['\u2019][^\W\d_]+)*['\u2019]?)"
    r"|(?P<sign>[%?#&+]|(?<!-)>|<)"
    r"|(?P<stop>[.!:])"
    r"|(?P<break>[,;()/\"\u2013\u2014])",
    re.IGNORECASE,
)
_SIGNS = {"%": "percent", "?": "?", "#": "number", "&": "and", "+": "and", ">": "above", "<": "below"}
_ORDINALS = {"1st": "first", "2nd": "second", "3rd": "third", "4th": "fourth"}
_DIGITS = {
    "1": "one", "2": "two", "3": "three", "4": "four", "5": "five", "6": "six", "7": "seven", "8": "eight", "9": "nine",
}  # fmt: skip
_JOINTS = frozenset(["of", "de", "la", "el", "al", "da", "do", "du", "von", "van", "le", "les", "the"])
_NEVER_NAMES = frozenset(["i", "sentinel", "landsat", "worldview", "planet", "modis", "ndvi", "sar", "aoi"])
_BUILT_BY = frozenset(["was", "were", "been", "being", "be", "newly", "got", "get", "recently"])
_BUILT_THINGS = frozenset(("{building}", "{developed}", "{road}"))
_HAS = frozenset(["has", "have", "did", "had"])
_HEADS = frozenset((
    "land", "lands", "area", "areas", "surface", "surfaces", "ground", "terrain", "zone", "zones", "region",
    "regions", "part", "parts", "place", "places", "spot", "spots", "patch", "patches", "pixels",
))  # fmt: skip
_BEFORE_NOUNS = frozenset((
    "been", "newly", "the", "a", "of", "or", "and", "more", "most", "less", "any", "than", "to", "with", "from",
    "into", "is", "are", "was", "new",
))  # fmt: skip
_INSIDE = frozenset(["in", "within", "inside", "across", "throughout"])
_THIS = frozenset(["the", "this", "our", "my", "your", "that"])
_SETTLED = frozenset(["city", "town", "village", "settlement"])


def split_question(text: str) -> list[str]:
    """Split a question into tokens of `word_tokens`.

    >>> split_question("What's the forrest area near Zorbia, in km²?")
    ['what', 'is', 'the', '{tree}', 'area', 'near', '<name>', 'in', 'km2', '?']

    Args:
        text: The question as typed, explicit dates replaced by ``<t1>`` to ``<t8>``.
    """
    return [token.token for token in read_question(text)]


def misspelt(text: str) -> dict[str, str]:
    """Return the words of a question in which a slip was mended, as typed, with what they were taken for."""
    return {text[unit.start : unit.end]: unit.word for unit in _units(text) if unit.corrected}


def read_question(text: str) -> tuple[QuestionToken, ...]:
    """Split a question into tokens that know where they came from.

    Args:
        text: The question as typed, explicit dates replaced by ``<t1>`` to ``<t8>``.
    """
    tokens = list(_phrases(text, _with_names(list(_units(text)))))
    tokens = [_as_ordinary(tokens, i) for i in range(len(tokens))]
    return tuple(token for token in _joined(text, tokens) if token.token)


def _units(text: str) -> Iterator[_Unit]:
    opens = True
    for piece in _PIECE.finditer(text):
        kind, written, (start, end) = piece.lastgroup, piece.group(), piece.span()
        if kind == "word":
            yield from _word_units(written, start, opens=opens)
        elif kind in ("stop", "break"):
            yield _Unit(written if written == ":" else "", start, end)
        elif kind == "square":
            yield _Unit("km2" if written[0] in "kK" else "m2", start, end)
        else:
            yield _Unit(_SIGNS.get(written) or _numeral(str(kind), written.lower()), start, end)
        opens = written in (".", "!", "?") or (opens and kind in ("stop", "break"))


def _numeral(kind: str, written: str) -> str:
    if kind == "date":
        return written
    return _ORDINALS.get(written) or _DIGITS.get(written, "<number>")


def _word_units(written: str, start: int, *, opens: bool) -> Iterator[_Unit]:
    lower = written.lower().replace("\u2019", "'")
    reading = read_word(lower)
    end, capital = start + len(written), written[0].isupper()
    if reading is None:
        yield _Unit(lower, start, end, known=False, capital=capital, opens=opens)
        return
    for word in reading.words:
        yield _Unit(word, start, end, capital=capital, opens=opens, corrected=reading.corrected)


def _with_names(units: list[_Unit]) -> list[_Unit]:
    """Put runs of capitalised words, one of them unknown at least, into one name each."""
    inner = [unit for unit in units if unit.word.isalpha() and not unit.opens]
    if len(inner) > 2 and sum(unit.capital for unit in inner) > 0.6 * len(inner):
        return units  # a title, in which capitals say nothing
    out: list[_Unit] = []
    i = 0
    while i < len(units):
        end = _run_end(units, i)
        run = units[i:end]
        if any(_foreign(unit) for unit in run) and _is_name(units, run, end):
            out.extend(_named(run, units))
        else:
            out.extend(run or units[i : i + 1])
        i = max(end, i + 1)
    return out


def _foreign(unit: _Unit) -> bool:
    return unit.capital and (not unit.known or unit.corrected)


def _is_name(units: Sequence[_Unit], run: Sequence[_Unit], end: int) -> bool:
    """Return whether a run is a name: one word that opens a sentence is one only before a colon or a comma."""
    if not run[0].opens or len(run) > 1:
        return True
    return not run[0].corrected and end < len(units) and units[end].word in (":", "")


def _run_end(units: Sequence[_Unit], start: int) -> int:
    """Return where the run of capitalised words that begins at `start` ends; `start` itself when none begins."""
    i = start
    while i < len(units):
        unit = units[i]
        joint = i > start and unit.word in _JOINTS and i + 1 < len(units) and units[i + 1].capital
        mine = unit.capital and unit.word not in _NEVER_NAMES and not (unit.opens and unit.known)
        if not (mine or joint):
            break
        i += 1
    return i


def _named(run: Sequence[_Unit], units: Sequence[_Unit]) -> Iterator[_Unit]:
    """Yield a run as a name; keep "Lake" of "Lake Geneva" where the question names nothing else."""
    inside = {id(unit) for unit in run}
    if not any(_names_concept(unit) for unit in units if id(unit) not in inside):
        yield from (unit for unit in run if _names_concept(unit))
        run = [unit for unit in run if not _names_concept(unit)]
    yield _Unit("<name>", run[0].start, run[-1].end)


def _names_concept(unit: _Unit) -> bool:
    return unit.known and any(len(phrase) == 1 and tokens[0][0] == "{" for phrase, tokens in _starting(unit.word))


def _starting(word: str) -> tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]:
    return phrase_tokens().get(word, ())


def _phrases(text: str, units: Sequence[_Unit]) -> Iterator[QuestionToken]:
    i = 0
    while i < len(units):
        unit = units[i]
        length = 1
        tokens: tuple[str, ...] = (unit.word,)
        for phrase, others in _starting(unit.word):
            if tuple(other.word for other in units[i : i + len(phrase)]) == phrase:
                length, tokens = len(phrase), others
                break
        read = " ".join(other.word for other in units[i : i + length])
        end = units[i + length - 1].end
        for token in tokens:
            yield QuestionToken(_listed(token), text[unit.start : end], read, unit.start, end)
        i += length


def _listed(token: str) -> str:
    if not token or token == ":":
        return ""
    special = token[0] in "{<" or token == "?"
    return token if special else listed_form(token) or "<unk>"


def _as_ordinary(tokens: Sequence[QuestionToken], i: int) -> QuestionToken:
    """Return a token as the plain word where a name of the vocabulary does not mean its concept."""
    token = tokens[i]
    if token.token == "{developed}" and token.read in words():
        others = {other.token for j, other in enumerate(tokens) if j != i and other.concept}
        if others and _is_verb_or_place(tokens, i, others):
            return replace(token, token=token.read)
    return token


def _is_verb_or_place(tokens: Sequence[QuestionToken], i: int, others: set[str]) -> bool:
    read, before = tokens[i].read, [token.token for token in tokens[max(0, i - 2) : i]]
    if read == "built":
        over = i + 1 < len(tokens) and tokens[i + 1].token in ("over", "on")
        return over or bool(before and before[-1] in _BUILT_BY and others & _BUILT_THINGS)
    if read == "developed":
        follows = tokens[i + 1].token if i + 1 < len(tokens) else ""
        return follows not in _HEADS and _has_developed(tokens[:i])
    return read in _SETTLED and len(before) == 2 and before[0] in _INSIDE and before[1] in _THIS


def _has_developed(before: Sequence[QuestionToken]) -> bool:
    """Return whether words end in a name, or ask what something named has done, so that "developed" is a verb."""
    said = [token.token for token in before]
    if not said or said[-1] in _BEFORE_NOUNS:
        return False
    if said[-1] in _HEADS and len(before) > 1 and before[-2].concept:
        return True
    asked = next((j for j, word in enumerate(said) if word in _HAS), len(said))
    return before[-1].concept is not None or any(token.concept for token in before[asked:])


def _joined(text: str, tokens: Sequence[QuestionToken]) -> Iterator[QuestionToken]:
    """Yield the tokens, a concept that is named twice over ("crop fields") once, and without *land* after a name."""
    last: QuestionToken | None = None
    for token in tokens:
        if last is not None and last.concept:
            if token.token == last.token:
                written = text[last.start : token.end]
                last = replace(last, written=written, read=f"{last.read} {token.read}", end=token.end)
                continue
            if token.token in ("land", "lands"):
                continue
        if last is not None:
            yield last
        last = token
    if last is not None:
        yield last
