"""Changes between two dates, and what turned into what."""

from dataclasses import replace
from typing import Literal

from terrascope_sdk.plan.outcomes import CannotPlan, NotPlanned
from terrascope_sdk.plan.questions.askbacks import nothing_asked
from terrascope_sdk.plan.questions.changes import change_of
from terrascope_sdk.plan.questions.clauses import Clause
from terrascope_sdk.plan.questions.frame_single import SingleFrames
from terrascope_sdk.plan.questions.kinds import asked_kinds
from terrascope_sdk.plan.questions.nouns import Filter
from terrascope_sdk.plan.questions.requests import Request
from terrascope_sdk.plan.questions.things import AnyOf, Moment, Named, Thing, Without, both, bound

__all__ = ["ChangeFrames"]


class ChangeFrames(SingleFrames):
    """Reads what became of something between two dates."""

    def _is_turn(self, clause: Clause) -> bool:
        if not clause.has("turn"):
            return self._built_over(clause)
        named = [n for n in clause.nodes if not isinstance(n, Filter) or n.op == "and"]
        return len({str(n.thing) for n in named}) >= 2

    def _built_over(self, clause: Clause) -> bool:
        """Read *cropland that was built over between 2000 and 2003*."""
        if len(clause.groups) != 1 or len(clause.periods) != 1 or clause.periods[0].kind != "between":
            return False
        last = [f.thing for f in clause.groups[0].filters if f.op == "and"][-1:]
        return bool(last) and isinstance(last[0], Named) and last[0].key == "developed" and not clause.has("change")

    def _turn(self, clause: Clause) -> list[Request]:
        """Read *cropland that turned into built-up land between 2000 and 2003*."""
        first, last = self._two_dates(clause)
        groups = self._all(clause)
        before, after = groups[0], groups[1]
        if len(groups) > 2 and all(g.joined or not g.joined for g in groups[2:]) and clause.has("or"):
            after = replace(after, thing=AnyOf(tuple(dict.fromkeys(g.thing for g in groups[1:]))))
        if (before.to and not after.to) or self._replaces(clause):
            before, after = after, before
        zones = [f for g in groups if g is not before for f in g.filters if f not in before.filters]
        whole = bound(before.made(), first)
        thing = both(whole, bound(after.thing, last))
        for f in dict.fromkeys(map(id, zones)):
            zone = next(z for z in zones if id(z) == f)
            other = bound(zone.thing, first)
            thing = Without(thing, other) if zone.op in {"minus", "far"} else both(thing, other)
        kinds = [k for k in asked_kinds(clause) if k in {"share", "area", "count", "mask"}] or ["area"]
        of = whole if before.is_of or (kinds == ["share"] and before.definite) else None
        return [self._request(clause, k, thing, of if k == "share" else None) for k in kinds]

    def _replaces(self, clause: Clause) -> bool:
        words = [t.text.lower() for t in clause.tags if t.kind == "turn"]
        passive = any(t.kind == "in" and t.text.lower() in {"by", "durch"} for t in clause.tags) or any(
            w.endswith("by") for w in words
        )
        return (
            any(w in {"replaced", "ersetzte", "succeeded", "displaced"} for w in words)
            and not passive
            and not clause.has("link")
        )

    def _change(self, clause: Clause) -> list[Request]:
        if not clause.groups and not clause.nouns.zones:
            raise NotPlanned(nothing_asked(clause))
        first, last = self._two_dates(clause)
        if clause.has("map") and not clause.has("howmuch", "share", "size", "unit", "many"):
            return self._changed_places(clause, first, last)
        for node in clause.nodes:
            node.period = None
        if clause.has("rank") and len(clause.groups) > 1:
            raise NotPlanned(CannotPlan("Which of several changed more is not understood yet; ask for each change."))
        if clause.has("edge"):
            raise NotPlanned(CannotPlan("The change of an edge is not measured; compare its lengths on two dates."))
        things = (
            [t for t, _ in self._parts(clause, "area")] if not clause.has("both") else [g.made() for g in clause.groups]
        )
        what, direction = change_of(clause)
        units = tuple(u for u in clause.units if u in {"m2", "ha", "km2"}) if what in {"gain", "loss", "net"} else ()
        return [
            Request("change", (bound(t, first), bound(t, last)), units=units, what=what, direction=direction)
            for t in things
        ]

    def _more_then(self, clause: Clause) -> bool:
        """Whether one thing is said to be larger or smaller at one time than at another."""
        ones = [p for p in clause.periods if p.kind == "one" and p.first is not None]
        pairs = [p for p in clause.periods if p.kind in {"between", "from", "since"}]
        dated = len(ones) == 2 or (len(pairs) == 1 and not ones)
        others = clause.has("compare", "touch", "distance", "pair")
        return clause.has("rank") and dated and len(clause.groups) == 1 and not others

    def _changed_size(self, clause: Clause) -> list[Request]:
        ones = [p for p in clause.periods if p.kind == "one" and p.first is not None]
        first, last = self._two_dates(clause)
        larger_first = "largest" in clause.values("rank")
        named_first_is_late = len(ones) < 2 or str(ones[0].first) > str(ones[1].first)
        direction: Literal["gain", "loss"] | None = "gain" if larger_first == named_first_is_late else "loss"
        if clause.has("or"):
            direction = None
        for node in clause.nodes:
            node.period = None
        units = tuple(u for u in clause.units if u in {"m2", "ha", "km2"})
        return [
            Request("change", (bound(t, first), bound(t, last)), units=units, direction=direction)
            for t, _ in self._parts(clause, "area")
        ]

    def _changed_places(self, clause: Clause, first: Moment, last: Moment) -> list[Request]:
        """Read *where was forest lost*: what was there at one time and not at the other."""
        _, direction = change_of(clause)
        found = []
        for thing, _ in self._parts(clause, "area"):
            lost = Without(bound(thing, first, again=True), bound(thing, last, again=True))
            won = Without(lost.b, lost.a)
            parts: Thing = AnyOf((lost, won)) if direction is None else lost if direction == "loss" else won
            found.append(Request("mask", (parts,)))
        return found
