"""One clause of a question: its tags, what it names, and when."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from terrascope_sdk.plan.language import DisplayUnit
from terrascope_sdk.plan.questions.nouns import Filter, Group, Nouns
from terrascope_sdk.plan.questions.periods import Period
from terrascope_sdk.plan.questions.tagging import Tag
from terrascope_sdk.plan.questions.things import Named, Opposite

__all__ = ["ASKING", "Clause", "bind_periods"]

ASKING = frozenset(
    [
        "share",
        "size",
        "howmuch",
        "area",
        "many",
        "count",
        "length",
        "touch",
        "distance",
        "rank",
        "dominant",
        "map",
        "any",
        "change",
        "turn",
        "trend",
        "yearly",
        "compare",
        "unit",
        "cover",
        "reach",
        "edge",
        "shore",
    ]
)
"""Kinds of tag that ask for something."""

_SHOWN: Mapping[str, tuple[DisplayUnit, str]] = {
    "ha": ("ha", ""), "m2": ("m2", ""), "km2": ("km2", ""), "m": ("m", ""), "km": ("km", ""),
    "acre": ("ha", "Acres were asked for; the answer is given in hectares (1 acre is 0.4047 ha)."),
    "mi2": ("km2", "Square miles were asked for; the answer is given in km2 (1 square mile is 2.590 km2)."),
    "ft2": ("m2", "Square feet were asked for; the answer is given in m2 (1 square foot is 0.0929 m2)."),
    "nmi": ("km", "Nautical miles were asked for; the answer is given in kilometres (1 nautical mile is 1.852 km)."),
    "mi": ("km", "Miles were asked for; the answer is given in kilometres (1 mile is 1.609 km)."),
    "ft": ("m", "Feet were asked for; the answer is given in metres."),
    "yd": ("m", "Yards were asked for; the answer is given in metres."),
}  # fmt: skip


@dataclass
class Clause:
    """A part of a question that asks for something, or adds to what was asked."""

    tags: Sequence[Tag]
    """In order."""

    nouns: Nouns
    """What it names."""

    periods: list[Period] = field(default_factory=list)
    """When, in the order written."""

    loose: list[Period] = field(default_factory=list)
    """Times that belong to no single thing."""

    @cached_property
    def kinds(self) -> frozenset[str]:
        """Kinds of tag that occur."""
        return frozenset(t.kind for t in self.tags)

    def has(self, *kinds: str) -> bool:
        """Whether a tag of one of the kinds occurs."""
        return any(kind in self.kinds for kind in kinds)

    def values(self, kind: str) -> list[str]:
        """Return the values of the tags of a kind."""
        return [t.value for t in self.tags if t.kind == kind]

    @property
    def asks(self) -> bool:
        """Whether something is asked for."""
        said = self.has("wh", "link") and any(g.filters for g in self.groups)
        return bool(self.kinds & ASKING) or said

    @property
    def groups(self) -> list[Group]:
        """What is named, in order."""
        return self.nouns.groups

    @property
    def nodes(self) -> list[Group | Filter]:
        """Return everything that is named: groups, and what narrows them down."""
        return [*self.groups, *(f for g in self.groups for f in g.filters)]

    @property
    def units(self) -> tuple[DisplayUnit, ...]:
        """Units to show numbers in."""
        return tuple(dict.fromkeys(_SHOWN[v][0] for v in self.values("unit")))

    @property
    def unit_notes(self) -> list[str]:
        """What to say about units that are not those of the answer."""
        return [note for v in self.values("unit") if (note := _SHOWN[v][1])]

    @property
    def area_units(self) -> bool:
        """Whether a unit of area is asked for."""
        return any(v in {"ha", "m2", "km2", "acre", "mi2", "ft2"} for v in self.values("unit"))

    @property
    def length_units(self) -> bool:
        """Whether a unit of length is asked for."""
        return any(v in {"m", "km", "mi", "nmi", "ft", "yd"} for v in self.values("unit"))


def bind_periods(clause: Clause, positions: Mapping[int, Period]) -> None:
    """Give each time of a clause with several times to the thing that it stands beside.

    Args:
        clause: What was read.
        positions: Times by the position of their tag.
    """
    absent = {id(p) for p in clause.nouns.absent}
    times = [(i, p) for i, p in sorted(positions.items()) if id(p) not in absent]
    clause.periods = [p for _, p in sorted(positions.items())]
    if len(positions) == 1 and _is_now_and_then(clause):
        (position,) = positions
        named = [n for n in _named(clause) if isinstance(n.thing, Named | Opposite)]
        then = min(named, key=lambda n: abs(n.position - position))
        now = Period("one", None, newest=True)
        for node in named:
            node.period = positions[position] if node is then else now
        clause.periods.append(now)
        return
    if len(positions) < 2:
        clause.loose = [p for _, p in times]
        return
    nodes = sorted(_named(clause), key=lambda node: node.position)
    for i, period in times:
        before = [n for n in nodes if n.position < i]
        after = [n for n in nodes if n.position > i]
        if before and before[-1].period is None:
            before[-1].period = period
        elif after and after[0].period is None:
            after[0].period = period
        else:
            clause.loose.append(period)


def _is_now_and_then(clause: Clause) -> bool:
    """Whether what is now is set against what was at one time: *built-up land that was cropland in 2000*."""
    words = {t.text.lower() for t in clause.tags if t.kind in {"link", "any", "rel"}}
    now = words & {"is", "are", "ist", "sind", "is there", "are there", "gibt es", "that is", "that are"}
    then = words & {"was", "were", "war", "waren", "that was", "that were", "had been", "which was", "which were"}
    named = [n for n in _named(clause) if isinstance(n.thing, Named | Opposite)]
    return (
        bool(now and then)
        and len(named) == 2
        and clause.periods[0].kind == "one"
        and clause.periods[0].first is not None
    )


def _named(clause: Clause) -> list[Group | Filter]:
    last = (f for g in clause.groups[-1:] for f in g.filters if f.op in {"and", "minus"})
    return [*clause.groups, *last]
