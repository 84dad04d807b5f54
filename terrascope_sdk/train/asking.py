"""From a template to a question: filled with names and dates, put into a way of asking, words before and after."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from terrascope_sdk.train.dating import Dating
from terrascope_sdk.train.filling import Filling, known_names, letter_marks
from terrascope_sdk.train.naming import Name, can_be_named, name_concept
from terrascope_sdk.train.templates import Grammar, Nodes, fill, read_templates, slots_of
from terrascope_sdk.train.typed import tidy

__all__ = ["Asked", "Asking", "Draw", "Prepared", "Split"]

Draw = Callable[[], float]
"""Gives a number from 0 up to but not including 1."""

Split = Literal["train", "held_out", "all"]
"""Which templates take part: those for training, those kept for testing, or both."""


_PLAIN = 0.4
"""How often a question is asked straight out."""


_PAST = {"is": "was", "are": "were", "does": "did", "do": "did", "has": "had", "have": "had", "can": "could"}
_PRESENT = re.compile(rf"\b(?:{'|'.join(_PAST)})\b")


@dataclass(frozen=True)
class Prepared:
    """A template ready to be filled."""

    form: str
    """How it is asked."""

    nodes: Nodes
    """The compiled template."""

    keys: frozenset[str]
    """Concepts it is said of; empty where it fits all."""

    marks: Mapping[str, frozenset[str]]
    """What follows each letter in its slots."""

    definite: frozenset[str]
    """Letters that stand as a subject."""

    dated: bool
    """Whether it has places for dates of its own."""

    placed: bool
    """Whether it says itself what is looked at."""

    def fits(self, concepts: Sequence[str]) -> bool:
        """Return whether concepts have the names that it needs."""
        if self.keys and concepts[0] not in self.keys:
            return False
        needs = [tuple(self.marks.get(letter, ())) for letter in "abc"]
        return all(can_be_named(key, marks) for key, marks in zip(concepts, needs, strict=False))

    def named(self, concepts: Sequence[str], draw: Draw) -> dict[str, Name]:
        """Return random names of concepts by the letters of its slots."""
        return {
            letter: name_concept(key, self.marks.get(letter, frozenset()), draw, definite=letter in self.definite)
            for letter, key in zip("abc", concepts, strict=False)
        }


@dataclass(frozen=True)
class Asked:
    """A question before it is typed."""

    text: str
    """The question in small letters, without a mark at the end."""

    mentions: tuple[str, ...]
    """Letters of the names in it, in order."""

    dates: tuple[int, ...]
    """Numbers of the dates that it says."""


class Asking:
    """The templates of one split, and the ways of asking that go with them."""

    def __init__(self, split: Split) -> None:
        """Read the shared phrases.

        Args:
            split: Which templates and phrases take part; phrases for training also go with templates for testing.
        """
        self._split = split
        self.grammar = Grammar(held_out=split != "train")
        self._wraps = {form: (self.grammar.shared(f"wrap_{form}"),) for form in "qhenwvk"}
        self._plain = {form: (self.grammar.shared(f"plain_{form}"),) for form in "qhnwvk"}
        self._lead, self._tail, self._now, self._inside, self._context, self._after = (
            (self.grammar.shared(name),) for name in ("lead", "tail", "nowish", "inside", "context", "after")
        )
        self._prepared: dict[str, tuple[Prepared, ...]] = {}
        self._fitting: dict[tuple[str, ...], tuple[Prepared, ...]] = {}

    def templates(self, task: str) -> tuple[Prepared, ...]:
        """Return the templates of a task that take part."""
        if task not in self._prepared:
            takes_part = {"train": (False,), "held_out": (True,), "all": (False, True)}[self._split]
            self._prepared[task] = tuple(
                self._prepare(template.form, template.text, template.keys)
                for template in read_templates(task)
                if template.held_out in takes_part
            )
        return self._prepared[task]

    def fitting(self, task: str, concepts: Sequence[str]) -> tuple[Prepared, ...]:
        """Return those for which the concepts have names."""
        known = (task, *concepts)
        if known not in self._fitting:
            self._fitting[known] = tuple(template for template in self.templates(task) if template.fits(concepts))
        return self._fitting[known]

    def ask(self, template: Prepared, names: Mapping[str, Name], draw: Draw, *, dates: int, n_dates: int) -> Asked:
        """Fill a template.

        Args:
            template: Of `templates`.
            names: By the letter of its slots.
            draw: Source of randomness.
            dates: How many dates its task looks at; 0 when none may be said.
            n_dates: How many dates there are.
        """
        dating = Dating(self.grammar, draw, n_dates)
        filling = Filling(names, dating, draw)
        core = self._text(template.nodes, filling, draw)
        mentions = tuple(filling.mentions)
        odds = 0.75 if dates > 1 else 0.25 if n_dates > 1 else 0.06
        date = filling.value("span" if dates > 1 else "when") if dates and not template.dated and draw() < odds else ""
        filling.core = _in_the_past(core) if dates == 1 and dating.said and draw() < 0.5 else core
        plain = draw() < _PLAIN and template.form != "e"
        text = self._text(self._plain[template.form] if plain else self._wraps[template.form], filling, draw)
        text = _with_date(text, date, draw())
        if not plain or draw() < 0.2:
            text = self._framed(template, text, filling, draw, timeless=dates == 1 and not dating.said)
        return Asked(_opening_known(tidy(text), draw), mentions, dating.said)

    def _prepare(self, form: str, text: str, keys: frozenset[str]) -> Prepared:
        nodes = self.grammar.compile(text)
        slots = slots_of(nodes)
        marks, definite = letter_marks(slots)
        return Prepared(
            form=form,
            nodes=nodes,
            keys=keys,
            marks=marks,
            definite=definite,
            dated=bool(slots & {"when", "span", "early", "late", "t1", "t2"}),
            placed="@frame" in text or "@inside" in text,
        )

    def _text(self, nodes: Nodes, filling: Filling, draw: Draw) -> str:
        out: list[str] = []
        fill(nodes, out, draw, filling.value)
        return "".join(out)

    def _framed(self, template: Prepared, text: str, filling: Filling, draw: Draw, *, timeless: bool) -> str:
        luck = draw()
        if luck < 0.12:
            text = f"{self._text(self._lead, filling, draw)} {text}"
        elif luck < 0.24:
            text = f"{text} {self._text(self._tail, filling, draw)}"
        elif luck < 0.34 and timeless:
            now = self._text(self._now, filling, draw)
            text = f"{text} {now}" if luck < 0.31 else f"{now}, {text}"
        elif luck < 0.44 and not template.placed:
            text = f"{text} {self._text(self._inside, filling, draw)}"
        elif luck < 0.5:
            text = f"{self._text(self._context, filling, draw)} {text}"
        elif luck < 0.54:
            text = f"{text}. {self._text(self._after, filling, draw)}"
        return text


def _in_the_past(text: str) -> str:
    """Return a text with its first verb in the past: "was there" for "is there"."""
    return _PRESENT.sub(lambda verb: _PAST[verb.group()], text, count=1)


def _with_date(text: str, date: str, luck: float) -> str:
    if not date:
        return text
    return f"{date}, {text}" if luck < 0.35 else f"{date} {text}" if luck < 0.43 else f"{text} {date}"


def _opening_known(text: str, draw: Draw) -> str:
    """Return a text that opens with a listed name where it opened with an invented one, which nobody could tell."""
    if not text[:1].isupper():
        return text
    names = known_names()
    rest = text.split()
    while rest and rest[0][0].isupper():
        rest.pop(0)
    return " ".join((names[int(draw() * len(names))], *rest))
