"""Zones: what lies within a distance of something, or farther than that from it."""

from dataclasses import replace
from typing import Literal

from terrascope_sdk.plan.outcomes import NeedsInput, NotPlanned
from terrascope_sdk.plan.questions.noun_state import NounState
from terrascope_sdk.plan.questions.nouns import Filter
from terrascope_sdk.plan.questions.tagging import Tag
from terrascope_sdk.plan.questions.things import AnyOf, Buffered, Thing, both

__all__ = ["NounZones"]


class NounZones(NounState):
    """Reads zones and what they are around."""

    def on_zone(self, i: int, tag: Tag) -> None:
        """Open a zone: what it is around follows."""
        if self.zone is not None and not self._names_between(i):
            self.stacked.append(self.zone)  # more than 1 km but less than 3 km from the town
        else:
            self._close_zone()
        if (self.mode == "minus" or self.again) and tag.value == "near":
            tag = replace(tag, value="far")
        self.again = False
        self.zone, self.mode, self.adjacent, self.referred = tag, "zone", False, None
        self.zone_or = self.joined == "or"
        owner = self.tags[i - 1] if i else None
        if (
            owner is not None
            and owner.kind == "concept"
            and owner.text.endswith(("'s", "\u2019s"))
            and self.nouns.groups
        ):
            self.zone_position = i
            of_it = self.nouns.groups.pop()
            self._refer(i, of_it.thing)
            self.nouns.zone_of_whole = self.nouns.zone_of_whole or (of_it.is_of and not self.nouns.groups)
            return
        whole = self._before(i, frozenset({"filler", "article", "link", "rel"})) == "whole" or self._is_of(i)
        if not self.nouns.groups and whole and self._says_share():
            self.nouns.zone_of_whole = True
        self.zone_position = i

    def _refer(self, i: int, thing: Thing) -> None:
        assert self.zone is not None
        for earlier in self.stacked:
            last, self.zone, self.stacked = self.zone, earlier, [z for z in self.stacked if z is not earlier]
            self._refer(i, thing)
            self.zone = last
        op: Literal["near", "far"] = "near" if self.zone.value == "near" else "far"
        f = Filter(op, Buffered(thing, self.zone.amount), self._links(), self.zone_position)
        known = self.nouns.groups[-1].filters if self.nouns.groups else self.nouns.zones
        if self.zone_or and known and known[-1].op == op == "near":
            known[-1].thing = AnyOf((known[-1].thing, f.thing))
        elif self.nouns.groups:
            self._filter(f)
        else:
            self.nouns.zones.append(f)
        self.zone, self.referred, self.mode = None, f, "list"
        self.reference = thing

    def _close_zone(self) -> None:
        """Find what a zone is around when no name follows it: *it*, or in German a name before it."""
        if self.zone is None:
            return
        groups = self.nouns.groups
        amount = self.zone.text
        said = self.tags[self.zone_position + 1 :]
        pronoun = any(t.kind == "pronoun" for t in said[:6])
        if (
            pronoun
            and self.reference is not None
            and (len(groups) < 1 or self.reference != groups[-1].thing or groups[-1].filters)
        ):
            self._refer(self.zone_position, self.reference)
            return
        if len(groups) > 1 and self._before_group(groups[-1]) in {"of", "from", "around", "to"}:
            last = groups.pop()
            self._refer(self.zone_position, last.thing)
            return
        if (
            groups
            and groups[-1].filters
            and groups[-1].filters[-1].op == "and"
            and self._at(groups[-1].filters[-1].position - 1) in {"of", "from"}
        ):
            moved = groups[-1].filters.pop()
            self._refer(self.zone_position, moved.thing)
            return
        raise NotPlanned(NeedsInput(f"{amount} from what?", f"What lies {amount} away is not named."))

    def _widen(self, i: int, thing: Thing) -> None:
        """Read *within 300 m of a river or a road*."""
        f = self.referred
        assert f is not None
        if isinstance(f.thing, Buffered) and self.joined == "and":  # within 1 km of both the river and the town
            also = replace(f, thing=Buffered(thing, f.thing.distance_m), position=i)
            if self.nouns.groups:
                self._filter(also)
            else:
                self.nouns.zones.append(also)
        elif isinstance(f.thing, Buffered):
            parts = f.thing.of.parts if isinstance(f.thing.of, AnyOf) else (f.thing.of,)
            if thing not in parts:
                f.thing = Buffered(AnyOf((*parts, thing)), f.thing.distance_m)
        else:
            parts = f.thing.parts if isinstance(f.thing, AnyOf) else (f.thing,)
            f.thing = AnyOf((*parts, thing))

    def _within_reference(self, thing: Thing) -> None:
        """Read *within 500 m of flooded cropland*."""
        f = self.referred
        assert f is not None
        old = f.thing.of if isinstance(f.thing, Buffered) else f.thing
        if old == thing:
            return
        joined = both(old, thing)
        f.thing = Buffered(joined, f.thing.distance_m) if isinstance(f.thing, Buffered) else joined

    def _stands_alone(self, i: int) -> bool:
        """Whether what follows *or* is a new thing, and not one more that a zone is around."""
        ranked = any(t.kind in {"rank", "compare"} for t in self.tags) and len(self.nouns.groups) < 2
        if ranked or self._zone_follows(i):
            self.joined, self.referred, self.mode = "", None, "new"
            return True
        return False
