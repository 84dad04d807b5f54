"""From clauses to measures: which things each measurement is about. What is not clear is asked back, never guessed."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import cast

from terrascope_sdk.plan.changes import change_measures
from terrascope_sdk.plan.clauses import Clause
from terrascope_sdk.plan.completing import completed, distinct, nothing_asked
from terrascope_sdk.plan.guards import refuse_misfits
from terrascope_sdk.plan.intents import asked_kinds
from terrascope_sdk.plan.language import DisplayUnit
from terrascope_sdk.plan.measures import Measure, MeasureKind
from terrascope_sdk.plan.outcomes import CannotPlan, NeedsInput, NotPlanned
from terrascope_sdk.plan.relations import Part, parts_of, refuse_same, separate_things, word_of
from terrascope_sdk.plan.schedule import Schedule
from terrascope_sdk.plan.things import AllOf, Largest, Named, Thing, concepts_of
from terrascope_sdk.plan.times import TimeMention
from terrascope_sdk.types.concepts import get_concept, vocabulary

__all__ = ["Reading"]

CLASSES = ("water", "tree", "shrub", "grass", "crop", "developed", "bare", "wetland", "snow")
"""Classes of land cover that exclude each other: those that a dominant class is looked for among."""

_CLASS_THINGS = tuple(Named(key, key) for key in CLASSES)

_UNITS: dict[str, tuple[DisplayUnit, str]] = {
    "acre": ("ha", "Acres were asked for; the answer is given in hectares (1 acre is 0.4047 ha)."),
    "mi2": ("km2", "Square miles were asked for; the answer is given in km2 (1 square mile is 2.590 km2)."),
    "ft2": ("m2", "Square feet were asked for; the answer is given in m2 (1 square foot is 0.0929 m2)."),
    "mi": ("km", "Miles were asked for; the answer is given in kilometres (1 mile is 1.609 km)."),
    "ft": ("m", "Feet or yards were asked for; the answer is given in metres."),
}
_LENGTHS = frozenset({"m", "km"})


@dataclass
class Reading:
    """Reads clause after clause; what one leaves open, its neighbours fill in."""

    schedule: Schedule
    """Turns times into windows."""

    assumptions: list[str] = field(default_factory=list)
    """Sentences to show."""

    _times: tuple[TimeMention, ...] = ()
    _lent: bool = False
    _last: Measure | None = None

    def measures(self, clauses: Sequence[Clause]) -> list[Measure]:
        """Return what to measure, in the order asked.

        Raises:
            NotPlanned: Something is missing, unclear, or not supported.
        """
        if not any(c.asks for c in clauses):
            raise NotPlanned(nothing_asked(clauses))
        first = next((c.times for c in clauses if c.times), ())
        self._times = first if all(m.kind == "one" for m in first) else ()
        found: list[Measure] = []
        for clause in completed(clauses):
            self._times, self._lent = clause.times or self._times, not clause.times
            found += self._clause(clause)
            self._last = found[-1]
        return distinct(found)

    def _clause(self, clause: Clause) -> list[Measure]:
        kinds = asked_kinds(clause)
        if kinds == ("area",) and len(clause.groups) == 2 and clause.groups[0].leads and not clause.has("unit", "size"):
            kinds = ("share",)  # "Of the cropland, how much is flooded?"
        if self._goes_on_about_change(clause, kinds):
            kinds = ("change",)
        refuse_misfits(clause, kinds)
        self._admit(clause, kinds)
        return [measure for kind in kinds for measure in self._kind(clause, kind, kinds)]

    def _goes_on_about_change(self, clause: Clause, kinds: Sequence[str]) -> bool:
        """Read *... and how many hectares is that*, and *... what percentage of the forest was that*."""
        last = self._last
        if last is None or last.kind != "change" or not {*kinds} <= {"share", "area"}:
            return False
        if not clause.groups:
            return clause.has("unit", "share")
        said_again = [g.thing for g in clause.groups] == list(last.things)
        return said_again and clause.has("pronoun") and kinds == ("share",) and not clause.of_it

    def _admit(self, clause: Clause, kinds: Sequence[str]) -> None:
        """Say how a loose word was taken."""
        if "amount" in clause.values("weak") and kinds == ("area",) and not clause.has("unit", "size"):
            self._assume("'How much' is taken as an area; ask for a share to get percent.")
        elif "map" in clause.values("weak") and kinds == ("area", "share"):
            self._assume("Where something is, is shown by its mask; area and share are measured with it.")
        elif "share" in kinds and clause.of_land:
            self._assume("'Of the land' is taken as of the whole scene, water included.")
        elif "any" in clause.values("weak") and kinds == ("share",) and not clause.has("share"):
            self._assume("Whether there is any is answered by its share of the scene.")

    def _kind(self, clause: Clause, kind: str, kinds: Sequence[str]) -> list[Measure]:
        if kind == "rank":
            return self._order(clause)
        if kind in {"touches", "distance"}:
            return [self._between(clause, cast(MeasureKind, kind))]
        if kind == "change":
            return self._change(clause)
        return self._amounts(clause, cast(MeasureKind, kind), each="rank" in kinds)

    # ------------------------------------------------------------------------------- share, area, number, change

    def _amounts(self, clause: Clause, kind: MeasureKind, *, each: bool) -> list[Measure]:
        found = []
        for part in self._parts(clause, kind, each=each):
            if kind == "count":
                self._refuse_uncountable(part.thing, clause)
            units = self._units(clause, lengths=False) if kind == "area" else ()
            of = part.of if kind == "share" else None
            measure = Measure(kind, (part.thing,), of=of, units=units)
            found.append(self._when(measure, clause))
        return found

    def _parts(self, clause: Clause, kind: str, *, each: bool = False) -> list[Part]:
        if clause.groups:
            parts = [Part(g.thing) for g in clause.groups] if each else parts_of(clause, kind, self.assumptions)
            if kind != "share" or self._last is None or len(parts) != 1 or not clause.has("pronoun"):
                return parts
            return [self._part_of_last(clause, parts[0])]
        if self._last is not None:
            return [Part(thing, self._last.of) for thing in self._last.things]
        if clause.has("land"):
            return parts_of(clause.with_land(), kind, self.assumptions)
        raise NotPlanned(_no_thing())

    def _part_of_last(self, clause: Clause, part: Part) -> Part:
        """Read *and how much of it is ice*, and *and what share of the cropland is that*."""
        last = cast(Measure, self._last).things[0]
        if clause.of_it:
            refuse_same([last, part.thing])
            return Part(AllOf((last, part.thing)), last)
        if isinstance(last, AllOf) and part.thing in last.parts:
            return Part(last, part.thing)
        raise NotPlanned(
            NeedsInput(
                f"Which share do you mean: that of {word_of(part.thing)} in the scene, or of something in it?",
                "It is not clear what 'that' stands for.",
            )
        )

    def _refuse_uncountable(self, thing: Thing, clause: Clause) -> None:
        self._assume("Connected regions are counted: things that touch each other count as one.")
        if clause.has("pieces"):
            return
        if isinstance(thing, Named) and get_concept(thing.key).counts(thing.word):
            return
        what = word_of(thing)
        raise NotPlanned(
            NeedsInput(
                f"Do you want the number of separate patches of {_titles(thing)}? Single things called '{what}' cannot "
                "be told apart.",
                f"'{what}' cannot be counted on an image: only connected regions can.",
            )
        )

    def _change(self, clause: Clause) -> list[Measure]:
        if clause.has("between") and len(clause.groups) == 2 and clause.values("change") == ("net",):
            return self._order(clause)  # the difference between forest and cropland
        parts = self._parts(clause, "change")
        if clause.has("ranking", "rank", "dominant") and len(clause.groups) > 1:
            raise NotPlanned(CannotPlan("Comparing changes is not understood yet; ask for each change by itself."))
        if any(get_concept(n.key).dates > 1 for p in parts for n in concepts_of(p.thing)):
            raise NotPlanned(CannotPlan("A burn scar is a change already; ask for its area or its share."))
        windows = self.schedule.pair(self._times)
        units = self._units(clause, lengths=False)
        earlier = self._last if self._last is not None and self._last.kind == "change" else None
        return [m for part in parts for m in change_measures(clause, part.thing, windows, units, earlier)]

    # --------------------------------------------------------------------------------- contact, distance, order

    def _between(self, clause: Clause, kind: MeasureKind) -> Measure:
        things = self._two_things(clause, kind)
        refuse_same(things)
        units = self._units(clause, lengths=True) if kind == "distance" else ()
        return self._when(Measure(kind, things, units=units), clause)

    def _two_things(self, clause: Clause, kind: str) -> tuple[Thing, ...]:
        groups = separate_things((clause if len(clause.groups) > 1 else clause.with_land()).groups)
        things = tuple(g.thing for g in groups)
        if clause.has("pair") and len(things) == 1:
            return (Largest(things[0], 1), Largest(things[0], 2))
        if len(things) < 2 and self._last is not None and (not things or clause.has("pronoun")):
            if things and len(self._last.things) > 1:
                words = " or ".join(f"'{word_of(t)}'" for t in self._last.things)
                raise NotPlanned(NeedsInput(f"Which is meant by 'it', {words}?", "'It' can mean several things."))
            things = self._last.things + things
        if len(things) == 2 and not any(g.joined_by("or") for g in groups[1:]):
            return things
        if len(things) > 2:
            raise NotPlanned(
                CannotPlan(f"{len(things)} things are named; {_NOUNS[kind]} is between two. Ask for each.")
            )
        raise NotPlanned(
            NeedsInput(
                f"{_NOUNS[kind].capitalize()} between what and what? Please name two of {', '.join(vocabulary)}.",
                "Two things are needed, and only one is clear.",
            )
        )

    def _order(self, clause: Clause) -> list[Measure]:
        groups = separate_things((clause if len(clause.groups) != 1 else clause.with_land()).groups)
        things = tuple(g.thing for g in groups)
        if len(things) == 1 and len(self._times) == 2:
            if clause.has("ranking"):
                return self._change(clause)  # larger in 2019 or in 2021?
            return self._amounts(clause, "area", each=False)
        smallest = "smallest" in clause.values("ranking")
        if not things and self._last is not None and len(self._last.things) > 1:
            things = self._last.things
        elif clause.has("dominant") and {type(t) for t in things} == {Named} and len(things) == 1:
            return self._dominant(clause, smallest=smallest)  # is forest the dominant class?
        elif not things and clause.has("classes", "dominant"):
            return self._dominant(clause, smallest=smallest)
        if len(things) < 2:
            raise NotPlanned(NeedsInput("Compared with what? Please name two classes.", "An order needs two things."))
        if clause.has("together", "total"):
            raise NotPlanned(CannotPlan("Comparing sums of classes is not understood yet; ask for each area."))
        refuse_same(things)
        return [self._when(Measure("rank", things, smallest_first=smallest), clause)]

    def _dominant(self, clause: Clause, *, smallest: bool) -> list[Measure]:
        self._assume(f"Compared are the classes {', '.join(CLASSES)}, as far as they can be seen.")
        if any(g.thing not in _CLASS_THINGS for g in clause.groups):
            raise NotPlanned(NeedsInput("Compared with what? Please name two classes.", "An order needs two things."))
        return [self._when(Measure("rank", _CLASS_THINGS, smallest_first=smallest, optional=True), clause)]

    # ------------------------------------------------------------------------------------------- units and times

    def _units(self, clause: Clause, *, lengths: bool) -> tuple[DisplayUnit, ...]:
        units: list[DisplayUnit] = []
        for unit in clause.values("unit"):
            shown, sentence = _UNITS.get(unit, (cast(DisplayUnit, unit), ""))
            if (shown in _LENGTHS) == lengths:
                units.append(shown)
                self._assume(sentence)
        return tuple(dict.fromkeys(units))

    def _when(self, measure: Measure, clause: Clause) -> Measure:
        named = [n for thing in (*measure.things, measure.of) if thing is not None for n in concepts_of(thing)]
        if any(get_concept(n.key).dates > 1 for n in named):
            return replace(measure, windows=self.schedule.pair(self._times))
        if self._lent and any(m.kind != "one" for m in self._times):
            raise NotPlanned(
                NeedsInput(f"On which date, for the {measure.kind}?", "The dates of a change are no single date.")
            )
        windows = self.schedule.single(self._times)
        but_not = len(windows) == 2 and clause.but_not
        if but_not and windows[0] != self._times[0].windows[0]:
            windows = windows[::-1]
        return replace(measure, windows=windows, but_not=but_not)

    def _assume(self, sentence: str) -> None:
        if sentence and sentence not in self.assumptions:
            self.assumptions.append(sentence)


_NOUNS = {"touches": "contact", "distance": "a distance"}


def _titles(thing: Thing) -> str:
    return " and ".join(get_concept(named.key).title for named in concepts_of(thing))


def _no_thing() -> NeedsInput:
    return NeedsInput(f"Of what? Please name one of {', '.join(vocabulary)}.", "The question names nothing to measure.")
