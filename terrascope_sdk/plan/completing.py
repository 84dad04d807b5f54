"""What clauses lend each other: things that one names and another asks about; measures that are asked for twice."""

from collections.abc import Sequence
from dataclasses import replace

from terrascope_sdk.plan.clauses import Clause
from terrascope_sdk.plan.measures import Measure
from terrascope_sdk.plan.outcomes import NeedsInput, NotPlanned
from terrascope_sdk.plan.relations import refuse_same, word_of
from terrascope_sdk.plan.things import concepts_of

__all__ = ["completed", "distinct", "nothing_asked"]


def completed(clauses: Sequence[Clause]) -> list[Clause]:
    """Return the clauses that ask, those without things with those that stand alone before or come first after.

    Raises:
        NotPlanned: Things are named and nothing is asked about them.
    """
    asking: list[Clause] = []
    alone: Clause | None = None
    for position, clause in enumerate(clauses):
        if not clause.asks:
            if alone is not None and clause.groups:
                raise NotPlanned(nothing_asked(clauses))
            alone = clause if clause.groups else alone
            continue
        lent = None if clause.groups else alone
        if not clause.groups and not asking and lent is None and not clause.has("land", "dominant", "classes"):
            lent = next((c for c in clauses[position + 1 :] if c.groups), None)
        if lent is not None:
            clause = replace(clause, groups=lent.groups)
            alone = None
        asking.append(clause)
    if alone is not None and all(c.groups is not alone.groups for c in asking):
        raise NotPlanned(nothing_asked([alone]))
    return asking


def distinct(measures: Sequence[Measure]) -> list[Measure]:
    """Return the measures without repeats.

    Raises:
        NotPlanned: Two questions would get one number, because two words mean one class.
    """
    kept: dict[Measure, Measure] = {}
    for measure in measures:
        known = kept.setdefault(replace(measure, units=()), measure)
        words = [tuple(n.word.lower() for t in m.things for n in concepts_of(t)) for m in (known, measure)]
        if words[0] != words[1]:
            refuse_same([known.things[0], measure.things[0]])
        kept[replace(measure, units=())] = replace(known, units=tuple(dict.fromkeys(known.units + measure.units)))
    return list(kept.values())


def nothing_asked(clauses: Sequence[Clause]) -> NeedsInput:
    """Return the question back for clauses that do not say what to measure."""
    things = [g.thing for c in clauses for g in c.groups]
    if not things:
        return NeedsInput(
            "What would you like to know? Ask for example: What share of the scene is water?",
            "The question asks for nothing that can be measured.",
        )
    return NeedsInput(
        f"What about {word_of(things[0])}: its share, its area, its number, its change, its distance to something, or "
        "whether it touches something?",
        "The question names a thing and does not say what to measure.",
    )
