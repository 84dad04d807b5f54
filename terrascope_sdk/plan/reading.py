"""From clauses to measures: which things each measurement is about. What is not clear is asked back, never guessed."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import cast

from terrascope_sdk.plan.clauses import Clause, Group
from terrascope_sdk.plan.intents import asked_kinds
from terrascope_sdk.plan.language import DisplayUnit
from terrascope_sdk.plan.measures import ChangeKind, Measure, MeasureKind
from terrascope_sdk.plan.outcomes import CannotPlan, NeedsInput, NotPlanned
from terrascope_sdk.plan.schedule import Schedule
from terrascope_sdk.plan.things import AllOf, AnyOf, Largest, Named, Opposite, Thing, Without, concepts_of
from terrascope_sdk.plan.times import TimeMention
from terrascope_sdk.types.concepts import get_concept, vocabulary

__all__ = ["Reading"]

STATES = frozenset({"water", "burned", "snow"})
"""Concepts that can lie upon another: flooded cropland, burned forest, snow-covered grass."""

CLASSES = ("water", "tree", "shrub", "grass", "crop", "developed", "bare", "wetland", "snow")
"""Classes of land cover that exclude each other: those that a dominant class is looked for among."""

_UNITS: dict[str, tuple[str, str]] = {
    "acre": ("ha", "Acres were asked for; the answer is given in hectares (1 acre is 0.4047 ha)."),
    "mi2": ("km2", "Square miles were asked for; the answer is given in km2 (1 square mile is 2.590 km2)."),
    "ft2": ("m2", "Square feet were asked for; the answer is given in m2 (1 square foot is 0.0929 m2)."),
    "mi": ("km", "Miles were asked for; the answer is given in kilometres (1 mile is 1.609 km)."),
    "ft": ("m", "Feet or yards were asked for; the answer is given in metres."),
}


@dataclass
class Reading:
    """Reads clause after clause; what one leaves open, its neighbours fill in."""

    schedule: Schedule
    """Turns times into windows."""

    assumptions: list[str] = field(default_factory=list)
    """Sentences to show."""

    def measures(self, clauses: Sequence[Clause]) -> list[Measure]:
        """Return what to measure.

        Raises:
            NotPlanned: Something is missing, unclear, or not supported.
        """
        asking = [c for c in clauses if c.asks]
        named = [c for c in clauses if c.groups or _has_land(c)]
        if not asking or not named:
            raise NotPlanned(_what_is_missing(clauses))
        self._times = next((c.times for c in clauses if c.times), ())
        self._things = self._first_things(clauses)
        found: list[Measure] = []
        for clause in clauses:
            if clause.times:
                self._times = clause.times
            if clause.asks:
                found += self._clause(clause, found)
            elif clause.groups and not any(not c.groups for c in asking):
                raise NotPlanned(NeedsInput(f"What about {_word(clause.groups[0].thing)}?", "A part asks for nothing."))
        return found
