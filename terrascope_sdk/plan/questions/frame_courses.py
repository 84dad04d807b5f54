"""Comparisons of two numbers, and developments over many dates."""

from dataclasses import replace

from terrascope_sdk.plan.outcomes import NeedsInput, NotPlanned
from terrascope_sdk.plan.questions.askbacks import nothing_asked, refuse_same
from terrascope_sdk.plan.questions.clauses import Clause
from terrascope_sdk.plan.questions.frame_changes import ChangeFrames
from terrascope_sdk.plan.questions.kinds import asked_kinds
from terrascope_sdk.plan.questions.nouns import Group
from terrascope_sdk.plan.questions.requests import Request
from terrascope_sdk.plan.questions.things import Moment, Named, bound, named_in

__all__ = ["CourseFrames"]


class CourseFrames(ChangeFrames):
    """Reads what is set side by side or followed over time."""

    def _side_by_side(self, clause: Clause) -> bool:
        ones = [p for p in clause.periods if p.kind == "one" and p.first is not None]
        if len(ones) != 2 or len(clause.periods) != 2 or len(clause.groups) != 1:
            return False
        burned = any(n.key == "burned" for g in clause.groups for n in named_in(g.made()))
        return not burned and not self._bound(clause) and not clause.has("touch", "distance", "map")

    def _compare(self, clause: Clause) -> list[Request]:
        kinds = [k for k in asked_kinds(clause) if k not in {"rank", "mask"}]
        kind = kinds[0] if kinds else "area"
        ones = [p for p in clause.periods if p.kind == "one" and p.first is not None]
        pair = [e for p in clause.periods if (e := p.ends(self.clock)) is not None and p.kind in {"between", "from"}]
        parts: list[Request] = []
        if kind in {"touches", "distance"} and len(ones) == 2:
            parts = [r for p in sorted(ones, key=lambda p: str(p.first)) for r in self._measured(clause, kind, p)]
        elif len(clause.groups) == 2 and self._bound(clause) and len(ones) == 2:
            parts = [self._one_of(clause, kind, g, Moment((g.period or ones[0]).first)) for g in clause.groups]
        elif len(self._subjects_of(clause)) == 1 and (len(ones) == 2 or (pair and not ones)):
            moments = [Moment(s) for s in (sorted(p.first for p in ones if p.first) if ones else pair[0])]
            parts = [self._one_of(clause, kind, clause.groups[0], m) for m in moments]
        elif len(clause.groups) == 2 and len(clause.periods) <= 1:
            now, _ = self._moments(clause, None)
            refuse_same([g.made() for g in clause.groups])
            parts = [self._one_of(clause, kind, g, now) for g in clause.groups]
        elif not clause.groups and kind == "length" and clause.has("shore") and len(ones) == 2:
            group = Group(Named("water", "shore"), "", 0)
            parts = [self._one_of(clause, kind, group, Moment(s)) for s in sorted(p.first for p in ones if p.first)]
        if len(parts) != 2 or parts[0] == parts[1]:
            raise NotPlanned(
                NeedsInput(
                    "Which two are to be compared? Please name two dates or two things.", "A comparison needs two."
                )
            )
        return [Request("compare", parts=tuple(parts), units=parts[0].units)]

    def _subjects_of(self, clause: Clause) -> list[Group]:
        return (
            clause.groups[:1]
            if clause.groups and all(g.thing == clause.groups[0].thing for g in clause.groups)
            else clause.groups
        )

    def _one_of(self, clause: Clause, kind: str, group: Group, when: Moment) -> Request:
        group = replace(group, filters=[*clause.nouns.zones, *group.filters])
        single = Clause(clause.tags, replace(clause.nouns, groups=[group], zones=[]), [])
        made = self._share_of(single) if kind == "share" else None
        thing, of = made[0] if made else (group.made(), None)
        of = bound(of, when) if of is not None else None
        return self._request(clause, kind, bound(thing, when), of)

    def _trend(self, clause: Clause) -> list[Request]:
        if not clause.groups and not clause.nouns.zones and not clause.has("shore"):
            raise NotPlanned(nothing_asked(clause))
        kinds = [k for k in asked_kinds(clause) if k in {"share", "area", "count", "length"}]
        named = bool(kinds) and (
            clause.has("share", "size", "many", "count", "length")
            or clause.area_units
            or any(t.kind == "area" and not t.glued for t in clause.tags)
            or (clause.has("howmuch") and clause.has("yearly"))
        )
        kind = kinds[0] if kinds else "area"
        moments = self._course(clause)
        found = []
        for node in clause.nodes:
            node.period = None
        for thing, of in self._parts(clause, kind):
            parts = tuple(
                self._request(clause, kind, bound(thing, m), None if of is None else bound(of, m)) for m in moments
            )
            found.append(Request("trend", parts=parts, with_values=named, units=parts[0].units))
        return found

    def _course(self, clause: Clause) -> list[Moment]:
        """Return one window over all dates, or three dates or more."""
        if not clause.periods:
            if self.ends is None or self.ends[0].span is None or self.ends[1].span is None:
                raise NotPlanned(
                    NeedsInput("From when to when? Please give years.", "A development needs a span of time.")
                )
            first, last = self.ends[0].span, self.ends[1].span
            return [Moment(replace(first, end=last.end), "each")]
        ones = sorted({p.first for p in clause.periods if p.kind == "one" and p.first is not None})
        if len(ones) >= 3:
            return [Moment(s) for s in ones]
        if len(clause.periods) == 1 and clause.periods[0].kind != "one":
            return [Moment(clause.periods[0].whole(self.clock), "each")]
        if len(clause.periods) == 1 and ones and (ones[0].end - ones[0].start).days > 80:
            return [Moment(ones[0], "each")]
        raise NotPlanned(
            NeedsInput("Which dates? A trend needs three or more.", "Two dates make a change and no trend.")
        )
