"""The strict grammar of the compact network's chains, read token by token.

    chain      = statement* answer <eos>
    statement  = "find" [gain | loss] concept dates "as" mask [SEG] ("seen" place | "absent") "."
               | "measure" kind mask+ <result> ... </result>
    dates      = "in" date | "from" date "to" date
    answer     = "answer" (pointer | words of a number | "unclear" | "yes" | "no" | place)

Results are written by the runtime, never by the network. Whatever does not fit is a :class:`ParseError`.
"""

from dataclasses import dataclass, field
from typing import Literal

from terrascope_sdk.errors import ParseError
from terrascope_sdk.model.tokens import DATES, MASKS, PLACES, RESULTS, SEG
from terrascope_sdk.types.concepts import vocabulary

__all__ = ["ARITY", "Action", "ChainReader", "Find", "MeasureKind", "Ordered"]

MeasureKind = Literal[
    "present", "share", "area", "order", "touches", "distance", "count", "where", "change", "part"
]  # fmt: skip

ARITY: dict[str, tuple[int, ...]] = {
    "present": (1,), "share": (1,), "area": (1,), "order": (2, 3), "touches": (2,), "distance": (2,), "count": (1,),
    "where": (1,), "change": (2,), "part": (2,),
}  # fmt: skip
"""How many masks each measurement takes."""


@dataclass(frozen=True)
class Find:
    """What a mask is to show."""

    concept: str
    """Key of the vocabulary."""

    way: str
    """``gain`` or ``loss`` for a change between two dates, else empty."""

    dates: tuple[int, ...]
    """Date numbers from 1: one, or the earlier and the later one."""

    mask: int
    """Number of the mask in the chain, from 1."""


@dataclass(frozen=True)
class Ordered:
    """A measurement that the network asks for."""

    kind: str
    """What to measure."""

    masks: tuple[int, ...]
    """Numbers of the masks, from 1."""


@dataclass(frozen=True)
class Action:
    """What the runtime has to do after a token."""

    ground: Find | None = None
    """Make this mask and feed its tokens back."""

    measure: Ordered | None = None
    """Measure, and write the result into the chain."""

    done: bool = False
    """The chain is complete."""


_NOTHING = Action()


@dataclass
class ChainReader:
    """Reads one chain; keeps what it has found so far."""

    dates: int
    """How many dates the stack has."""

    finds: list[Find] = field(default_factory=list)
    """Masks in order."""

    measures: list[Ordered] = field(default_factory=list)
    """Measurements in order."""

    answer: list[str] = field(default_factory=list)
    """Words after ``answer``."""

    words: list[str] = field(default_factory=list)
    """All tokens so far."""

    _state: str = "statement"
    _parts: list[str] = field(default_factory=list)

    def read(self, word: str) -> Action:
        """Take one token and say what follows from it.

        Raises:
            ParseError: The token does not fit here.
        """
        self.words.append(word)
        action: Action = getattr(self, f"_{self._state}")(word)
        return action

    def finish(self) -> None:
        """Check that the chain is complete.

        Raises:
            ParseError: It ends in the middle.
        """
        if self._state != "end":
            raise ParseError(
                f"The chain ends in the middle: '{' '.join(self.words[-8:])}'.",
                hint="Ask in other words, or allow more tokens.",
            )

    def _refuse(self, word: str, wanted: str) -> ParseError:
        before = " ".join(self.words[-7:-1])
        return ParseError(
            f"The network left the grammar of its chain: after '{before}' came {word!r}, where {wanted} was due.",
            hint="Ask in other words.",
        )

    def _next(self, state: str, word: str | None = None) -> Action:
        self._state = state
        if word is not None:
            self._parts.append(word)
        return _NOTHING

    def _statement(self, word: str) -> Action:
        self._parts = []
        if word == "find" and len(self.finds) < len(MASKS):
            return self._next("way")
        if word == "measure" and len(self.measures) < len(RESULTS) and self.finds:
            return self._next("kind")
        if word == "answer":
            return self._next("claim")
        raise self._refuse(word, "find, measure or answer")

    def _way(self, word: str) -> Action:
        if word in {"gain", "loss"}:
            return self._next("concept", word)
        self._parts.append("")
        return self._concept(word)

    def _concept(self, word: str) -> Action:
        if word.startswith("{") and word[1:-1] in vocabulary:
            return self._next("preposition", word[1:-1])
        raise self._refuse(word, "a concept")

    def _preposition(self, word: str) -> Action:
        two = bool(self._parts[0]) or vocabulary[self._parts[1]].dates > 1
        if word != ("from" if two else "in"):
            raise self._refuse(word, "from" if two else "in")
        return self._next("first" if two else "only")

    def _date(self, word: str) -> str:
        if word not in DATES[: self.dates]:
            raise self._refuse(word, f"one of {self.dates} dates")
        return word

    def _only(self, word: str) -> Action:
        return self._next("as", self._date(word))

    def _first(self, word: str) -> Action:
        return self._next("to", self._date(word))

    def _to(self, word: str) -> Action:
        if word != "to":
            raise self._refuse(word, "to")
        return self._next("second")

    def _second(self, word: str) -> Action:
        if DATES.index(self._date(word)) <= DATES.index(self._parts[2]):
            raise self._refuse(word, "a later date")
        return self._next("as", word)

    def _as(self, word: str) -> Action:
        if word != "as":
            raise self._refuse(word, "as")
        return self._next("mask")

    def _mask(self, word: str) -> Action:
        if word != MASKS[len(self.finds)]:
            raise self._refuse(word, MASKS[len(self.finds)])
        return self._next("seg")

    def _seg(self, word: str) -> Action:
        if word != SEG:
            raise self._refuse(word, SEG)
        way, concept, *dates = self._parts
        found = Find(concept, way, tuple(DATES.index(d) + 1 for d in dates), len(self.finds) + 1)
        self.finds.append(found)
        self._next("seen")
        return Action(ground=found)

    def _seen(self, word: str) -> Action:
        if word == "absent":
            return self._next("stop", word)
        if word == "seen":
            return self._next("place")
        raise self._refuse(word, "seen or absent")

    def _place(self, word: str) -> Action:
        if word not in PLACES:
            raise self._refuse(word, "a place in the frame")
        return self._next("stop", word)

    def _stop(self, word: str) -> Action:
        if word != ".":
            raise self._refuse(word, "a full stop")
        return self._next("statement")

    def _kind(self, word: str) -> Action:
        if word not in ARITY:
            raise self._refuse(word, "a kind of measurement")
        return self._next("operands", word)

    def _operands(self, word: str) -> Action:
        kind, *masks = self._parts
        if word in MASKS[: len(self.finds)] and word not in masks and len(masks) < max(ARITY[kind]):
            return self._next("operands", word)
        if word == "<result>" and len(masks) in ARITY[kind]:
            asked = Ordered(kind, tuple(MASKS.index(m) + 1 for m in masks))
            self.measures.append(asked)
            self._next("result")
            return Action(measure=asked)
        raise self._refuse(word, f"a mask for {kind}")

    def _result(self, word: str) -> Action:
        return self._next("statement" if word == "</result>" else "result")

    def _claim(self, word: str) -> Action:
        if word == "<eos>":
            if not self.answer:
                raise self._refuse(word, "an answer")
            self._state = "end"
            return Action(done=True)
        pointer = word in RESULTS[: len(self.measures)]
        plain = word in {"unclear", "yes", "no", "-", ".", "%", "ha", "km2", "m2", "m", "km", "same", *PLACES, *MASKS}
        if not (pointer or plain or word.isdigit()) or len(self.answer) >= 12:
            raise self._refuse(word, "a pointer, a number or a word of an answer")
        self.answer.append(word)
        return _NOTHING

    def _end(self, word: str) -> Action:
        raise self._refuse(word, "nothing")
