"""What a question is about, bound to spans of time: concepts and what is made of them."""

from dataclasses import dataclass, field, replace
from typing import Literal

from terrascope_sdk.plan.questions.spans import Span

__all__ = [
    "AllOf",
    "AnyOf",
    "Buffered",
    "Largest",
    "Moment",
    "Named",
    "Opposite",
    "Patches",
    "Thing",
    "Touching",
    "Without",
    "both",
    "bound",
    "named_in",
]


@dataclass(frozen=True)
class Moment:
    """When to look: a span, or the newest or oldest image there is."""

    span: Span | None = None
    """The span; None for any time."""

    pick: Literal["clearest", "earliest", "latest", "each"] = "clearest"
    """Which scene inside it."""


@dataclass(frozen=True)
class Named:
    """A concept under the name that the question gave it. Names do not count in comparisons: a river is water."""

    key: str
    """Key of the vocabulary."""

    word: str = field(compare=False, default="")
    """As written."""

    when: Moment | None = None
    """When; None where the question leaves it open."""

    earlier: Moment | None = None
    """The earlier date of a concept that takes two."""


@dataclass(frozen=True)
class Opposite:
    """Everything that was observed and is not the thing."""

    of: "Thing"
    """What it is not."""


@dataclass(frozen=True)
class AnyOf:
    """At least one of several things."""

    parts: "tuple[Thing, ...]"
    """Two or more."""


@dataclass(frozen=True)
class AllOf:
    """Two things at once."""

    parts: "tuple[Thing, ...]"
    """Two or more."""


@dataclass(frozen=True)
class Without:
    """One thing where another is not."""

    a: "Thing"
    """What stays."""

    b: "Thing"
    """What is taken away."""


@dataclass(frozen=True)
class Largest:
    """One connected region, by size."""

    of: "Thing"
    """What falls into regions."""

    rank: int = 1
    """1 is the largest."""


@dataclass(frozen=True)
class Buffered:
    """Everything within a distance of a thing."""

    of: "Thing"
    """From where."""

    distance_m: float
    """How far, m."""


@dataclass(frozen=True)
class Patches:
    """Connected patches of at least a size."""

    of: "Thing"
    """What falls into patches."""

    min_area_m2: float
    """Smallest patch that stays, m2."""


@dataclass(frozen=True)
class Touching:
    """Whole patches of a thing that touch another."""

    of: "Thing"
    """What falls into patches."""

    other: "Thing"
    """What they touch."""


Thing = Named | Opposite | AnyOf | AllOf | Without | Largest | Buffered | Patches | Touching


def both(a: Thing, b: Thing) -> Thing:
    """Return what is one thing and another at once; what is one and not another is the one without the other."""
    if isinstance(a, Opposite) and not isinstance(b, Opposite):
        return Without(b, a.of)
    if isinstance(b, Opposite) and not isinstance(a, Opposite):
        return Without(a, b.of)
    return AllOf((a, b))


def named_in(thing: Thing) -> tuple[Named, ...]:
    """Return the named concepts inside a thing, in order."""
    match thing:
        case Named():
            return (thing,)
        case Opposite() | Largest() | Buffered() | Patches():
            return named_in(thing.of)
        case Without():
            return named_in(thing.a) + named_in(thing.b)
        case Touching():
            return named_in(thing.of) + named_in(thing.other)
        case AnyOf() | AllOf():
            return tuple(named for part in thing.parts for named in named_in(part))


def bound(thing: Thing, when: Moment, earlier: Moment | None = None, *, again: bool = False) -> Thing:
    """Return a thing with every concept that has no date yet looked at on one.

    Args:
        thing: What.
        when: When.
        earlier: The earlier of two dates, for concepts that take two.
        again: Whether concepts that have a date get this one instead.
    """
    match thing:
        case Named():
            if thing.when is not None and not again:
                return thing
            return replace(thing, when=when, earlier=earlier)
        case Opposite() | Largest() | Buffered() | Patches():
            return replace(thing, of=bound(thing.of, when, earlier, again=again))
        case Touching():
            return Touching(bound(thing.of, when, earlier, again=again), bound(thing.other, when, earlier, again=again))
        case Without():
            return Without(bound(thing.a, when, earlier, again=again), bound(thing.b, when, earlier, again=again))
        case AnyOf() | AllOf():
            return replace(thing, parts=tuple(bound(p, when, earlier, again=again) for p in thing.parts))
