"""Measurements of one date: area, share, number, length, distance, contact, order."""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from terrascope_sdk.plan.outcomes import CannotPlan, NeedsInput, NotPlanned
from terrascope_sdk.plan.questions.askbacks import nothing_asked, refuse_same
from terrascope_sdk.plan.questions.clauses import Clause
from terrascope_sdk.plan.questions.frame_base import kind_of
from terrascope_sdk.plan.questions.frame_states import StateFrames
from terrascope_sdk.plan.questions.kinds import asked_kinds
from terrascope_sdk.plan.questions.nouns import Group
from terrascope_sdk.plan.questions.periods import Period
from terrascope_sdk.plan.questions.requests import Request
from terrascope_sdk.plan.questions.things import Largest, Named, Opposite, Thing, Touching, named_in

__all__ = ["CLASSES", "SingleFrames"]

CLASSES = ("water", "tree", "shrub", "grass", "crop", "developed", "bare", "wetland", "snow")
"""Classes of land cover that exclude each other: those that a dominant class is looked for among."""


class SingleFrames(StateFrames):
    """Reads what is measured on one date."""

    def _single(self, clause: Clause) -> list[Request]:
        kinds = self._of_patches(clause, asked_kinds(clause))
        if not kinds:
            raise NotPlanned(nothing_asked(clause))
        self._refuse_single(clause, kinds)
        self._say_how_taken(clause, kinds)
        found: list[Request] = []
        for kind in kinds:
            found += self._measured(clause, kind)
        return found

    def _measured(self, clause: Clause, kind: str, period: Period | None = None) -> list[Request]:
        """Return the requests of one kind, of every date that the clause names."""
        state = self._two_states(clause)
        if state is not None and period is None:
            return self._of_states(clause, kind, state)
        if period is None and len(clause.periods) > 1 and not self._bound(clause) and kind != "rank":
            return [r for p in clause.periods for r in self._measured(clause, kind, p)]
        now, earlier = self._moments(clause, period)

        def dated(thing: Thing) -> Thing:
            return self._dated(thing, now, earlier)

        units = clause.units
        if kind == "rank":
            return [self._rank(clause, dated)]
        if kind in {"touches", "distance"}:
            return [self._pair(clause, kind, dated)]
        made = [(dated(t), None if of is None else dated(of)) for t, of in self._parts(clause, kind)]
        if kind == "share":
            return [Request("share", (t,), of=of) for t, of in made]
        if kind == "count":
            self._count(clause)
        shown = {"area": ("m2", "ha", "km2"), "length": ("m", "km")}.get(kind, ())
        return [Request(kind_of(kind), (t,), units=tuple(u for u in units if u in shown)) for t, _ in made]

    def _say_how_taken(self, clause: Clause, kinds: Sequence[str]) -> None:
        """Say how a loose word was taken, and read *is there no water* as a question about water."""
        if kinds == ("area",) and clause.has("howmuch") and not clause.has("unit", "size"):
            self._assume("'How much' is taken as an area; ask for a share to get percent.")
        if kinds == ("share",) and clause.has("any") and not clause.has("share"):
            self._assume("Whether something is there is told by the share that it covers.")
            for group in clause.groups:
                if isinstance(group.thing, Opposite) and clause.has("not"):
                    group.thing = group.thing.of
        land = any(t.text.lower() in {"land", "the land"} for t in clause.tags)
        if land and "share" in kinds:
            self._assume("'Of the land' is taken as of the whole area, water included.")

    def _refuse_single(self, clause: Clause, kinds: Sequence[str]) -> None:
        alone = len(clause.groups) == 1 and {*kinds} & {"area", "share", "length"}
        if alone and clause.has("each", "single") and not clause.has("patch"):
            raise NotPlanned(
                CannotPlan("Single regions are not measured one by one yet; ask for all of them, or for the largest.")
            )
        if clause.has("edge") and {*kinds} & {"area", "share"}:
            raise NotPlanned(CannotPlan("An edge has a length and no area; ask how long it is."))
        grows = {"net loss", "net gain"} & {*clause.values("change")}
        if grows and any(n.key == "burned" for g in clause.groups for n in named_in(g.made())):
            raise NotPlanned(CannotPlan("A burn scar takes two dates by itself; how it grew is not measured."))

    def _refuse_single_trees(self, clause: Clause) -> None:
        if not clause.has("many", "count") or clause.has("unit", "share", "patch"):
            return
        words = {n.word.lower() for g in clause.groups[:1] for n in named_in(g.thing)}
        if words & {
            "tree",
            "trees",
            "baum",
            "bäume",
            "baeume",
            "bäumen",
            "plant",
            "plants",
            "pflanzen",
            "shrubs",
            "bushes",
            "sträucher",
            "büsche",
        }:
            raise NotPlanned(
                CannotPlan(
                    "Single trees and plants cannot be told apart on these images; ask for patches of tree cover."
                )
            )

    def _of_patches(self, clause: Clause, kinds: tuple[str, ...]) -> tuple[str, ...]:
        """Read *the largest lake*, and *forest patches that touch water*, as things to measure."""
        asked = [
            kind
            for kind, signs in {
                "share": ("share",),
                "area": ("size", "unit", "area", "howmuch"),
                "count": ("many", "count"),
                "mask": ("map", "wh"),
            }.items()
            if clause.has(*(s for s in signs if s != "wh")) or ("wh" in signs and _which(clause))
        ]  # fmt: skip
        groups = self._all(clause)
        if (
            kinds == ("rank",)
            and len(groups) == 1
            and _superlative(clause)
            and asked
            and clause.has("rank")
            and not clause.has("dominant")
        ):
            group = clause.groups[0]
            group.thing = Largest(group.thing, 1)
            return (asked[0],)
        if kinds == ("touches",) and len(groups) == 2 and asked and not clause.length_units:
            first, second = groups
            group = replace(clause.groups[0], filters=[], thing=Touching(first.made(), second.made()))
            refuse_same([first.made(), second.made()])
            clause.nouns.groups = [group]
            return (asked[0],)
        return kinds

    def _rank(self, clause: Clause, dated: Callable[[Thing], Thing]) -> Request:
        groups = self._all(clause)
        if self._bound(clause):
            raise NotPlanned(CannotPlan("Different things on different dates are not put in order; ask for each."))
        if len(groups) == 1 and clause.has("land"):
            groups.append(Group(Opposite(groups[0].made()), "", 0))
        things = [g.made() for g in groups]
        smallest = "smallest" in clause.values("rank") and "largest" not in clause.values("rank")
        if len(groups) < 2 and (clause.has("dominant") or clause.has("classes")):
            self._assume(f"Compared are those of {', '.join(CLASSES)} that can be seen.")
            names = tuple(dated(Named(key, key)) for key in CLASSES)
            return Request("rank", names, smallest_first=smallest, optional=True)
        if len(things) < 2:
            raise NotPlanned(
                NeedsInput(
                    "Which things are to be put in order? Please name two or more.", "An order needs two things."
                )
            )
        refuse_same(things)
        return Request("rank", tuple(dated(t) for t in things), smallest_first=smallest)

    def _pair(self, clause: Clause, kind: str, dated: Callable[[Thing], Thing]) -> Request:
        groups = self._all(clause)
        units = tuple(u for u in clause.units if u in {"m", "km"}) if kind == "distance" else ()
        if clause.has("pair") and len(groups) == 1:
            one = groups[0].made()
            return Request("distance", (dated(Largest(one, 1)), dated(Largest(one, 2))), units=units)
        if len(groups) == 1 and clause.has("shore"):
            groups.append(Group(Named("water", "shore"), "", 0))
        if len(groups) == 1 and clause.has("land"):
            groups.append(Group(Opposite(groups[0].made()), "", 0))
        if len(groups) != 2:
            what = "touch what" if kind == "touches" else "how far from what"
            raise NotPlanned(NeedsInput(f"{what.capitalize()}? Please name two things.", "Two things are needed."))
        things = [g.made() for g in groups]
        refuse_same(things)
        return Request(kind_of(kind), tuple(dated(t) for t in things), units=units)

    def _count(self, clause: Clause) -> None:
        for group in clause.groups:
            for named in named_in(group.thing)[:1]:
                if named.key == "road":
                    raise NotPlanned(
                        NeedsInput(
                            "Do you want the length of the roads?",
                            "Roads join into one network; their number cannot be told.",
                        )
                    )
        self._assume("Connected regions are counted; what touches counts as one.")


def _superlative(clause: Clause) -> bool:
    return any(t.kind == "rank" and re.search("est|gr(ö|oe)(ß|ss)t|kleinst", t.text.lower()) for t in clause.tags)


def _which(clause: Clause) -> bool:
    return any(t.kind == "wh" and t.text.lower().startswith(("which", "welch")) for t in clause.tags)
