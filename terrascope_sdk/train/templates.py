"""Phrasing templates: reading, compiling and filling them.

A template is text with ``(a|b)`` for alternatives, ``[x]`` for what may be left out, ``@name`` for a shared phrase and
``{slot}`` for a value; ``<number>`` is a slot as well. Alternatives of one bracket are equally likely.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from terrascope_sdk.errors import ParseError

__all__ = ["Choice", "Grammar", "Nodes", "Slot", "Template", "fill", "read_lines", "read_templates", "slots_of"]


class Slot(NamedTuple):
    """A place for a value."""

    name: str
    """What goes there."""


class Choice(NamedTuple):
    """A place for one of several pieces."""

    options: "tuple[Nodes, ...]"
    """The pieces, equally likely."""


Nodes = tuple[str | Slot | Choice, ...]
"""A compiled piece of a template."""

_FORMS = "qhenwvk"
_LINE = re.compile(rf"(?P<held>!)?(?P<form>[{_FORMS}])(?:<(?P<keys>[a-z,]+)>)? (?P<text>.+)")
_MARKS = re.compile(r"[(|)\[\]]|\{[^}]*\}|@[a-z_0-9]+|<number>|[^(|)\[\]{@<]+|.")
_KEPT_OF_5 = 2
"""A piece in square brackets is kept in so many of five cases."""


@dataclass(frozen=True)
class Template:
    """One line of a task's file."""

    form: str
    """How it is asked: question, how-clause, embedded clause, noun phrase, whether-clause, verb phrase, key words."""

    text: str
    """The template."""

    held_out: bool
    """Whether it is kept out of training."""

    keys: frozenset[str]
    """Concepts it is said of; empty where it fits all."""


def read_lines(name: str) -> Iterator[str]:
    """Yield the lines of a file of phrases that hold something."""
    text = (files("terrascope_sdk.train") / "phrases" / f"{name}.txt").read_text(encoding="utf-8")
    for line in text.splitlines():
        if line.strip() and not line.startswith("# "):
            yield line


@cache
def read_templates(task: str) -> tuple[Template, ...]:
    """Return the templates of a task.

    Raises:
        ParseError: A line is no template.
    """
    found = []
    for line in read_lines(task):
        match = _LINE.fullmatch(line)
        if match is None:
            raise ParseError(f"{line!r} in phrases/{task}.txt is no template.", hint="Write: form, space, text.")
        keys = frozenset((match["keys"] or "").split(",")) - {""}
        found.append(Template(match["form"], match["text"], match["held"] is not None, keys))
    return tuple(found)


class Grammar:
    """The shared phrases, compiled once, and templates compiled with them."""

    def __init__(self, *, held_out: bool) -> None:
        """Read the shared phrases.

        Args:
            held_out: Whether phrases that are kept out of training take part.
        """
        self._texts: dict[str, list[str]] = {}
        self._compiled: dict[str, Choice] = {}
        for line in read_lines("shared"):
            name, _, text = line.partition(": ")
            if held_out or not name.startswith("!"):
                self._texts.setdefault(name.lstrip("!"), []).append(text)

    def compile(self, text: str) -> Nodes:
        """Compile a template.

        Raises:
            ParseError: Brackets do not match, or a shared phrase is missing.
        """
        marks = [mark for mark in _MARKS.findall(text) if mark]
        nodes, at = self._options(marks, 0)
        if at != len(marks):
            raise ParseError(f"A bracket too many in {text!r}.", hint="Close what you open.")
        return nodes[0] if len(nodes) == 1 else (Choice(tuple(nodes)),)

    def shared(self, name: str) -> Choice:
        """Return a shared phrase.

        Raises:
            ParseError: There is no such phrase.
        """
        if name not in self._compiled:
            if name not in self._texts:
                raise ParseError(f"There is no shared phrase @{name}.", hint="See phrases/shared.txt.")
            self._compiled[name] = Choice(tuple(self.compile(text) for text in self._texts[name]))
        return self._compiled[name]

    def _options(self, marks: Sequence[str], at: int) -> tuple[list[Nodes], int]:
        options: list[Nodes] = []
        piece: list[str | Slot | Choice] = []
        while at < len(marks) and marks[at] not in (")", "]"):
            mark = marks[at]
            at += 1
            if mark == "|":
                options.append(tuple(piece))
                piece = []
            elif mark in ("(", "["):
                inner, at = self._options(marks, at)
                if at == len(marks) or marks[at] != {"(": ")", "[": "]"}[mark]:
                    raise ParseError(f"A bracket is not closed in {''.join(marks)!r}.", hint="Close what you open.")
                at += 1
                piece.append(Choice(tuple(inner)) if mark == "(" else _perhaps(inner))
            else:
                piece.append(self._leaf(mark))
        return [*options, tuple(piece)], at

    def _leaf(self, mark: str) -> str | Slot | Choice:
        if mark == "<number>":
            return Slot("number")
        if mark.startswith("@") and len(mark) > 1:
            return self.shared(mark[1:])
        return Slot(mark[1:-1]) if mark.startswith("{") else mark


def _perhaps(options: Sequence[Nodes]) -> Choice:
    kept: Nodes = options[0] if len(options) == 1 else (Choice(tuple(options)),)
    return Choice((kept,) * _KEPT_OF_5 + ((),) * (5 - _KEPT_OF_5))


def fill(nodes: Nodes, out: list[str], draw: Callable[[], float], value: Callable[[str], str]) -> None:
    """Append the pieces of one random expansion of a template.

    Args:
        nodes: The compiled template.
        out: Where the pieces go, in order.
        draw: Gives a number from 0 up to but not including 1.
        value: Gives the text of a slot; called in the order of the text.
    """
    for node in nodes:
        if isinstance(node, str):
            out.append(node)
        elif isinstance(node, Choice):
            options = node.options
            fill(options[int(draw() * len(options))], out, draw, value)
        else:
            out.append(value(node.name))


def slots_of(nodes: Nodes) -> frozenset[str]:
    """Return the names of all slots that an expansion of a template may hold."""
    return frozenset(_slots(nodes))


def _slots(nodes: Nodes) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, Slot):
            yield node.name
        elif isinstance(node, Choice):
            for option in node.options:
                yield from _slots(option)
