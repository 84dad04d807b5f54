"""How the dates of a question are said, and which ones are meant."""

from collections.abc import Callable

from terrascope_sdk.train.templates import Grammar, fill

__all__ = ["Dating"]

_WHEN = (("at", 0.45), ("first", 0.65), ("last", 0.84), ("second", 0.95), ("third", 1.0))
_SPAN = (
    ("none", 0.4), ("pair", 0.68), ("since", 0.78), ("until", 0.82), ("first_last", 0.91), ("first_second", 0.96),
    ("second_third", 1.0),
)  # fmt: skip
_NEEDED = {"third": 3, "second_third": 3}


class Dating:
    """Says dates in words and remembers which were said, as numbers from 1."""

    def __init__(self, grammar: Grammar, draw: Callable[[], float], n_dates: int) -> None:
        """Start with nothing said.

        Args:
            grammar: Where the phrases are.
            draw: Source of randomness.
            n_dates: How many dates the question has.
        """
        self._grammar = grammar
        self._draw = draw
        self._n = n_dates
        self._pair = (1, n_dates)
        self._in_words = n_dates < 2 or draw() < 0.5
        if not self._in_words:
            self._pair = self._two()
        self.said: tuple[int, ...] = ()

    def value(self, slot: str) -> str | None:
        """Return the text of a slot for dates, None for any other slot."""
        if slot == "when":
            return self._when()
        if slot == "span":
            return self._span()
        if slot in ("early", "late"):
            return self._end(slot)
        if slot == "t1":
            return self._number(first=True)
        return self._number(first=False) if slot == "t2" else None

    def _two(self) -> tuple[int, int]:
        first = 1 + int(self._draw() * (self._n - 1))
        return first, first + 1 + int(self._draw() * (self._n - first))

    def _number(self, *, first: bool) -> str:
        """Say a date that stands in a template by itself: one of a pair where both stand there."""
        if not self.said:
            pair = self._two() if self._n > 1 else (1, 1)
            self._pair, self.said = pair, pair
        return f"<t{self._pair[0 if first else 1]}>"

    def _phrase(self, name: str, **numbers: int) -> str:
        out: list[str] = []
        fill((self._grammar.shared(name),), out, self._draw, lambda slot: f"<t{numbers[slot]}>")
        return "".join(out)

    def _when(self) -> str:
        luck, n = self._draw(), self._n
        kind = next(name for name, below in _WHEN if luck < below)
        if n < 2 or _NEEDED.get(kind, 2) > n:
            kind = "at"
        at = {"first": 1, "last": n, "second": 2, "third": 3}.get(kind) or 1 + int(self._draw() * n)
        self.said = (at,)
        return self._phrase("when_at", t1=at) if kind == "at" else self._phrase(f"when_{kind}")

    def _span(self) -> str:
        luck, n = self._draw(), self._n
        kind = next(name for name, below in _SPAN if luck < below)
        if _NEEDED.get(kind, 2) > n:
            kind = "pair"
        first, last = self._two()
        first, last = {
            "since": (first, n), "until": (1, last), "first_last": (1, n), "first_second": (1, 2),
            "second_third": (2, 3),
        }.get(kind, (first, last))  # fmt: skip
        self.said = () if kind == "none" else (first, last)
        return self._phrase(f"span_{kind}", t1=first, t2=last)

    def _end(self, slot: str) -> str:
        first, last = self.said or (1, self._n)
        at = self._pair[0] if slot == "early" else self._pair[1]
        self.said = (at, last) if slot == "early" else (first, at)
        return self._phrase(slot) if self._in_words else self._phrase("when_at", t1=at)
