"""The things of one clause: groups that are listed, and what narrows them down, in the order named."""

from dataclasses import dataclass, field
from typing import Literal

from terrascope_sdk.plan.questions.periods import Period
from terrascope_sdk.plan.questions.things import Thing, Without, both

__all__ = ["Filter", "Group", "Nouns"]


@dataclass
class Filter:
    """What narrows a group down."""

    op: Literal["and", "minus", "near", "far"]
    """Both at once, without, within a distance of, farther than that from."""

    thing: Thing
    """The other thing; a zone already has its distance."""

    links: int
    """How many verbs of being stood before it."""

    position: int
    """Which tag it is."""

    period: Period | None = None
    """When, where it says so itself."""


@dataclass
class Group:
    """One thing of a list, with what narrows it down."""

    thing: Thing
    """What."""

    joined: Literal["", "and", "or"]
    """How it is joined to the group before; empty for a new place in the sentence."""

    position: int
    """Which tag it is."""

    is_of: bool = False
    """Whether a share of it is asked for."""

    definite: bool = False
    """Whether *the* stands before it."""

    to: bool = False
    """Whether something turns into it."""

    filters: list[Filter] = field(default_factory=list)
    """In the order in which they were named."""

    period: Period | None = None
    """When, where it says so itself."""

    def made(self, count: int | None = None) -> Thing:
        """Return the thing with its first so many filters; with all of them when no number is given."""
        thing = self.thing
        for f in self.filters[:count]:
            thing = Without(thing, f.thing) if f.op in {"minus", "far"} else both(thing, f.thing)
        return thing


@dataclass
class Nouns:
    """What a clause names."""

    groups: list[Group] = field(default_factory=list)
    """In order."""

    zones: list[Filter] = field(default_factory=list)
    """Zones that stand before any group."""

    whole: bool = False
    """Whether the scene or area as a whole is named as what a share is of."""

    zone_of_whole: bool = False
    """Whether a zone narrows that whole down: *of the area within 200 m of the river*."""

    absent: list[Period] = field(default_factory=list)
    """Times at which the last thing was not there."""

    links: int = 0
    """How many verbs of being there are, outside relative clauses."""
