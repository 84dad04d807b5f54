"""What a question is about, before it is bound to dates: concepts and what is made of them."""

from dataclasses import dataclass, field

__all__ = ["AllOf", "AnyOf", "Largest", "Named", "Opposite", "Thing", "Without", "concepts_of"]


@dataclass(frozen=True)
class Named:
    """A concept under the name that the question gave it. Names do not count in comparisons: a river is water."""

    key: str
    """Key of the vocabulary."""

    word: str = field(compare=False)
    """As written."""


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
    """Several things at once."""

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


Thing = Named | Opposite | AnyOf | AllOf | Without | Largest


def concepts_of(thing: Thing) -> tuple[Named, ...]:
    """Return the named concepts inside a thing, in order."""
    match thing:
        case Named():
            return (thing,)
        case Opposite() | Largest():
            return concepts_of(thing.of)
        case Without():
            return concepts_of(thing.a) + concepts_of(thing.b)
        case AnyOf() | AllOf():
            return tuple(named for part in thing.parts for named in concepts_of(part))
