"""What is measured of what: parts, wholes, and things that are listed."""

from dataclasses import replace

from terrascope_sdk.plan.outcomes import CannotPlan, NotPlanned
from terrascope_sdk.plan.questions.askbacks import nothing_asked, refuse_same
from terrascope_sdk.plan.questions.clauses import Clause
from terrascope_sdk.plan.questions.frame_base import FrameBase
from terrascope_sdk.plan.questions.things import AllOf, AnyOf, Named, Opposite, Thing, Without, both

__all__ = ["PartFrames"]


class PartFrames(FrameBase):
    """Reads what a measurement is about."""

    def _parts(self, clause: Clause, kind: str) -> list[tuple[Thing, Thing | None]]:
        """Return what is measured, and what it is a share of."""
        groups = clause.groups
        if not groups:
            return self._only_zones(clause, kind)
        if kind == "share" and (found := self._share_of(clause)) is not None:
            return found
        if clause.has("between"):
            raise NotPlanned(
                CannotPlan("What lies between two things is not understood yet; ask for a distance, or for each area.")
            )
        for group in groups:
            for f in group.filters:
                if f.op == "and" and f.thing == group.thing and f.period is None:
                    refuse_same([group.thing, f.thing])
        things = self._subjects(clause)
        whole: Thing | None = None
        for zone in clause.nouns.zones:
            zone_first = zone.op == "near"
            things = [AllOf((t, zone.thing)) if zone_first else Without(t, zone.thing) for t in things]
            if clause.nouns.zone_of_whole:
                whole = zone.thing if zone_first else Opposite(zone.thing)
        return [(t, whole) for t in things]

    def _only_zones(self, clause: Clause, kind: str) -> list[tuple[Thing, Thing | None]]:
        zones = clause.nouns.zones
        if not zones and clause.has("shore", "edge") and clause.has("shore"):
            return [(Named("water", "shore"), None)]
        if not zones:
            raise NotPlanned(nothing_asked(clause))
        thing: Thing = zones[0].thing if zones[0].op == "near" else Opposite(zones[0].thing)
        for zone in zones[1:]:
            thing = AllOf((thing, zone.thing)) if zone.op == "near" else Without(thing, zone.thing)
        return [(thing, None)]

    def _subjects(self, clause: Clause) -> list[Thing]:
        """Return one thing, or several that are measured each by itself."""
        groups = clause.groups
        if len(groups) == 1:
            return [groups[0].made()]
        if clause.has("many", "count") and len({g.thing for g in groups}) == 1:
            return [groups[0].made()]
        union = (clause.has("together", "total") and not clause.has("each")) or (
            all(g.joined == "or" for g in groups[1:] if g.joined != "and") and any(g.joined == "or" for g in groups)
        )
        if not all(g.joined for g in groups[1:]):
            return self._crossed(clause)
        union = union or (self._is_predicate(clause) and not clause.has("each"))
        if union and not clause.has("each"):
            parts = tuple(dict.fromkeys(g.thing for g in groups))
            if len(parts) == 1:
                return [groups[0].made()]
            return [replace(groups[-1], thing=AnyOf(parts)).made()]
        refuse_same([g.thing for g in groups])
        self._assume("They are measured each by itself; ask for them 'together' to get one number.")
        return [g.made() for g in groups]

    def _is_predicate(self, clause: Clause) -> bool:
        """Whether what is listed is said of one area: *covered by trees and shrubs*."""
        at = clause.groups[0].position - 1
        while at >= 0 and clause.tags[at].kind in {"article", "in"}:
            at -= 1
        last = clause.groups[-1].position
        covering = any(t.kind == "cover" for t in clause.tags[last + 1 : last + 3])
        return (covering or (at >= 0 and clause.tags[at].kind in {"cover", "link"})) and clause.has(
            "share", "unit", "size", "howmuch"
        )

    def _crossed(self, clause: Clause) -> list[Thing]:
        """Read *hectares of forest ... on cropland*: one thing on another."""
        first, *others = clause.groups
        others = [g for g in others if g.thing != first.thing or g.filters]
        thing = first.made()
        for group in others:
            thing = both(thing, group.made())
        return [thing]

    def _share_of(self, clause: Clause) -> list[tuple[Thing, Thing | None]] | None:
        """Read *share of the cropland that is flooded*, *ice as a share of the lake*."""
        groups = clause.groups
        first = groups[0]
        if len(groups) == 2 and not first.is_of and groups[1].is_of:
            refuse_same([g.thing for g in groups])
            return [(AllOf((groups[1].thing, first.made())), groups[1].thing)]
        if not first.is_of:
            return None
        if len(groups) > 1 and all(g.joined for g in groups[1:]) and groups[-1].filters:
            first = replace(
                groups[-1], thing=AnyOf(tuple(dict.fromkeys(g.thing for g in groups))), definite=first.definite
            )
            groups = [first]
        if len(groups) == 2 and not groups[1].joined:
            refuse_same([g.thing for g in groups])
            whole = first.made()
            return [(AllOf((whole, groups[1].made())), whole)]
        if len(groups) > 1 or not first.filters:
            return None
        links = [f.links for f in first.filters]
        if not any(links) and not first.definite and all(f.op in {"near", "far", "minus"} for f in first.filters):
            return None
        if all(f.op == "minus" for f in first.filters) and not max(links):
            return None
        part = [n for n, f in enumerate(first.filters) if f.links == max(links)]
        start = part[0] if max(links) else 0
        if isinstance(first.filters[start].thing, Named) and first.filters[start].thing == first.thing:
            refuse_same([first.thing, first.filters[start].thing])
        return [(first.made(), first.made(start))]
