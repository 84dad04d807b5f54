"""One thing at one time against the same, or another, at another time."""

from dataclasses import replace
from typing import Literal

from terrascope_sdk.plan.outcomes import NotPlanned
from terrascope_sdk.plan.questions.askbacks import nothing_asked
from terrascope_sdk.plan.questions.clauses import Clause
from terrascope_sdk.plan.questions.frame_base import ANY, DATES
from terrascope_sdk.plan.questions.frame_parts import PartFrames
from terrascope_sdk.plan.questions.periods import Period
from terrascope_sdk.plan.questions.requests import Request
from terrascope_sdk.plan.questions.things import AllOf, Thing, Without, both, bound

__all__ = ["StateFrames"]


class StateFrames(PartFrames):
    """Reads what was there at one time and not, or still, at another."""

    def _two_states(self, clause: Clause) -> Literal["absent", "gone", "still", "bound"] | None:
        """Whether a thing at one time is set against the same at another, or two things each at its time."""
        if clause.has("compare", "turn"):
            return None
        if clause.nouns.absent:
            return "absent"
        ones = [p for p in clause.periods if p.kind == "one" and (p.first is not None or p.newest)]
        pairs = [p for p in clause.periods if p.kind in {"between", "from", "since"}]
        if len(pairs) == 1 and not ones and clause.has("still", "alltimes") and not clause.has("change"):
            return "still"
        if len(ones) > 2 and clause.has("still", "alltimes"):
            return "still"
        if len(ones) == 2 and not pairs:
            if self._bound(clause) and not clause.has("change", "rank", "distance", "touch"):
                return "bound"
            if clause.has("gone"):
                return "gone"
            if clause.has("not") or clause.has("before"):
                return "absent"
            if clause.has("still", "alltimes", "both") and not clause.has("change"):
                return "still"
        return None

    def _of_states(self, clause: Clause, kind: str, state: str) -> list[Request]:
        ones = [p for p in clause.periods if p.first is not None or p.newest]
        if state == "still" and len(ones) == 1 and (ends := ones[0].ends(self.clock)) is not None:
            ones = [Period("one", span) for span in ends]
        if not clause.groups:
            raise NotPlanned(nothing_asked(clause))
        if len(ones) < 2:
            raise NotPlanned(DATES)
        group = clause.groups[-1]
        filters = [f for f in group.filters if f.op == "and"]
        if state == "bound":
            return self._of_bound(clause, kind)
        absent = {id(p) for p in clause.nouns.absent}
        there = next((p for p in ones if id(p) not in absent), ones[0])
        away = next((p for p in ones if p is not there), ones[-1])
        if state == "gone":
            there, away = sorted(ones[:2], key=lambda p: (p.first is None, str(p.first)))
        elif not absent and state == "absent":
            there, away = ones[0], ones[1]
        subject = filters[-1] if filters else None
        core = subject.thing if subject is not None else group.thing
        a, b = (bound(core, p.moment(self.clock), again=True) for p in (there, away))
        joined: Thing = AllOf((a, b)) if state == "still" else Without(a, b)
        if state == "still" and len(ones) > 2:
            joined = AllOf(tuple(bound(core, p.moment(self.clock), again=True) for p in ones))
        base = replace(group, filters=[f for f in group.filters if f is not subject])
        if subject is None:
            whole: Thing = bound(base.thing, there.moment(self.clock), again=True)
            base.thing = joined
            thing = base.made()
        else:
            whole = base.made()
            thing = both(whole, joined)
        default = there.moment(self.clock)
        thing, whole = bound(thing, default), bound(whole, default)
        of = whole if kind == "share" and group.is_of else None
        return [self._request(clause, kind, thing, of)]

    def _of_bound(self, clause: Clause, kind: str) -> list[Request]:
        """Read *forest of 1985 that was cropland in 2020*."""
        thing: Thing | None = None
        whole: Thing | None = None
        first = next((n.period for n in clause.nodes if n.period is not None), None)
        default = first.moment(self.clock) if first is not None else ANY
        for group in clause.groups:
            core = self._at(group.thing, group.period)
            whole = whole or core
            for f in group.filters:
                other = self._at(f.thing, f.period)
                core = Without(core, other) if f.op in {"minus", "far"} else both(core, other)
            thing = core if thing is None else both(thing, core)
        assert thing is not None
        assert whole is not None
        if isinstance(thing, Without) and clause.groups[0].is_of is False:
            whole = thing.a
        is_of = clause.groups[0].is_of or any(g.is_of for g in clause.groups)
        of = bound(whole, default) if kind == "share" and is_of else None
        return [self._request(clause, kind, bound(thing, default), of)]
