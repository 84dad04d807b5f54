"""What all readings of a clause share: dates, and how things are bound to them."""

from dataclasses import dataclass, field, replace

from terrascope_sdk.plan.outcomes import CannotPlan, NeedsInput, NotPlanned
from terrascope_sdk.plan.questions.clauses import Clause
from terrascope_sdk.plan.questions.dates import Clock
from terrascope_sdk.plan.questions.nouns import Group
from terrascope_sdk.plan.questions.periods import Period
from terrascope_sdk.plan.questions.requests import Kind, Request
from terrascope_sdk.plan.questions.things import (
    AllOf,
    AnyOf,
    Moment,
    Named,
    Opposite,
    Thing,
    Touching,
    Without,
    bound,
    named_in,
)
from terrascope_sdk.types.concepts import get_concept

__all__ = ["ANY", "DATES", "FrameBase", "kind_of"]

DATES = NeedsInput("Between which two dates? Please give years, months or days.", "Two dates are needed.")
"""The question back where two dates are needed."""

ANY = Moment()
"""Any time."""


@dataclass
class FrameBase:
    """What is known while clause after clause is read."""

    clock: Clock
    """What open ends of time run up to."""

    min_area_m2: float | None = None
    """Smallest patch that counts."""

    ends: tuple[Moment, Moment] | None = None
    """The two dates of a change whose dates the question does not name, from the caller's time."""

    used_ends: bool = False
    """Whether these were used."""

    assumptions: list[str] = field(default_factory=list)
    """Sentences to show."""

    periods: list[Period] = field(default_factory=list)
    """Times of the clause before, for one without."""

    last: list[Request] = field(default_factory=list)
    """What the clause before asked for."""

    def _bound(self, clause: Clause) -> bool:
        return sum(n.period is not None for n in clause.nodes) > 1

    def _moments(self, clause: Clause, period: Period | None) -> tuple[Moment, Moment | None]:
        """Return when to look, and the earlier date for what takes two."""
        if period is None and clause.periods:
            period = clause.periods[0]
        if any(get_concept(n.key).dates > 1 for g in clause.groups for n in named_in(g.made())):
            first, last = self._two_dates(clause)
            return last, first
        if period is None:
            return ANY, None
        if period.kind == "one":
            return Moment(period.first, "latest" if period.newest else "clearest"), None
        return Moment(period.whole(self.clock)), None

    def _dated(self, thing: Thing, now: Moment, earlier: Moment | None) -> Thing:
        """Bind a thing; beside what takes two dates, everything else is looked at on the earlier one."""
        if earlier is None:
            return bound(thing, now)
        match thing:
            case Named():
                two = get_concept(thing.key).dates > 1
                return bound(thing, now, earlier) if two else bound(thing, earlier)
            case AllOf() | AnyOf():
                return replace(thing, parts=tuple(self._dated(p, now, earlier) for p in thing.parts))
            case Touching():
                return Touching(self._dated(thing.of, now, earlier), self._dated(thing.other, now, earlier))
            case Without():
                return Without(self._dated(thing.a, now, earlier), self._dated(thing.b, now, earlier))
            case _:
                return replace(thing, of=self._dated(thing.of, now, earlier))

    def _two_dates(self, clause: Clause) -> tuple[Moment, Moment]:
        """Return the two dates of a clause, the earlier first."""
        ends = [e for p in clause.periods if (e := p.ends(self.clock)) is not None]
        ones = [p for p in clause.periods if p.kind == "one"]
        if len(ends) == 1 and not ones:
            return Moment(ends[0][0]), Moment(ends[0][1])
        spans = sorted({p.first for p in ones if p.first is not None})
        if len(spans) == 2 and not ends:
            if spans[0].end > spans[1].start:
                raise NotPlanned(NeedsInput("Which two dates do you mean?", "The two times overlap."))
            return Moment(spans[0]), Moment(spans[1])
        if len(spans) == 1 and any(p.newest for p in ones):
            return Moment(spans[0]), Moment(pick="latest")
        if not clause.periods and self.ends is not None:
            self.used_ends = True
            return self.ends
        raise NotPlanned(DATES)

    def _at(self, thing: Thing, period: Period | None) -> Thing:
        return thing if period is None else bound(thing, period.moment(self.clock))

    def _request(self, clause: Clause, kind: str, thing: Thing, of: Thing | None) -> Request:
        if kind in {"touches", "distance", "rank"}:
            raise NotPlanned(CannotPlan("Things on different dates are not set against each other this way yet."))
        shown = {"area": ("m2", "ha", "km2"), "length": ("m", "km")}.get(kind, ())
        return Request(kind_of(kind), (thing,), of=of, units=tuple(u for u in clause.units if u in shown))

    def _all(self, clause: Clause) -> list[Group]:
        """Return everything that is named, predicates as well, as single things."""
        found: list[Group] = []
        for group in clause.groups:
            plain = [f for f in group.filters if f.op != "and" or not isinstance(f.thing, Named | Opposite)]
            found.append(replace(group, filters=plain))
            found += [Group(f.thing, "", f.position) for f in group.filters if f not in plain]
        for group in found:
            group.filters = [*clause.nouns.zones, *group.filters]
        return found

    def _assume(self, sentence: str) -> None:
        if sentence not in self.assumptions:
            self.assumptions.append(sentence)


def kind_of(kind: str) -> Kind:
    """Return the same name, known as one of a request."""
    return kind  # type: ignore[return-value]
