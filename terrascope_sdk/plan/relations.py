"""How the things of one clause belong together: one of several, all at once, a part of another, or each by itself."""

from collections.abc import Sequence
from dataclasses import dataclass

from terrascope_sdk.plan.clauses import Clause, Group
from terrascope_sdk.plan.outcomes import CannotPlan, NeedsInput, NotPlanned
from terrascope_sdk.plan.things import AllOf, AnyOf, Named, Opposite, Thing, concepts_of
from terrascope_sdk.types.concepts import get_concept

__all__ = ["Part", "parts_of", "refuse_same", "separate_things", "word_of"]

STATES = frozenset(
    {"flooded", "inundated", "submerged", "under water", "underwater", "burned", "burnt", "snow covered", "ice covered"}
)
"""Words for what another thing can be as well: flooded cropland, burned forest, snow-covered grass."""


@dataclass(frozen=True)
class Part:
    """A thing to measure, and the thing it is a part of."""

    thing: Thing
    """What to measure."""

    of: Thing | None = None
    """The whole; None for the scene."""


def word_of(thing: Thing) -> str:
    """Return how the question calls a thing."""
    return concepts_of(thing)[0].word if isinstance(thing, Named) else " and ".join(n.word for n in concepts_of(thing))


def refuse_same(things: Sequence[Thing]) -> None:
    """Refuse to set a class against itself, as a river against a lake.

    Raises:
        NotPlanned: Two things are the same class.
    """
    for position, thing in enumerate(things):
        for other in things[:position]:
            if thing == other:
                title = get_concept(concepts_of(thing)[0].key).title
                raise NotPlanned(
                    NeedsInput(
                        f"Which two classes do you mean? '{word_of(other)}' and '{word_of(thing)}' are both {title}, "
                        "and cannot be told apart.",
                        f"'{word_of(other)}' and '{word_of(thing)}' are the same class here, {title}.",
                    )
                )


def _all_of(*things: Thing) -> Thing:
    refuse_same(things)
    return AllOf(things)


def _unclear(groups: Sequence[Group]) -> NotPlanned:
    words = " and ".join(f"'{word_of(g.thing)}'" for g in groups)
    return NotPlanned(
        NeedsInput(f"How do {words} belong together: one of them, both at once, or each by itself?",
                   f"How {words} belong together is not clear.")
    )  # fmt: skip


def _is_state(thing: Thing) -> bool:
    return isinstance(thing, Named) and thing.word.lower().replace("-", " ") in STATES


def _state_first(group: Group, following: Group) -> bool:
    return following.close and _is_state(group.thing)


def _state_last(following: Group) -> bool:
    return following.close and _is_state(following.thing)


def separate_things(groups: Sequence[Group], *, verbs: bool = False) -> list[Group]:
    """Join *flooded cropland* to one thing, and refuse other things that stand side by side.

    Args:
        groups: Things as they were named.
        verbs: Whether a state may follow its thing, as in *how much of the forest burned*; it stays by itself.

    Raises:
        NotPlanned: Two things follow each other without a word in between.
    """
    joined: list[Group] = []
    for group in groups:
        if joined and _state_first(joined[-1], group):
            joined[-1] = Group(_all_of(joined[-1].thing, group.thing), joined[-1].before, joined[-1].close)
        elif joined and group.close and not (verbs and _state_last(group)):
            raise _unclear([joined[-1], group])
        else:
            joined.append(group)
    return joined


def parts_of(clause: Clause, kind: str, assumptions: list[str]) -> list[Part]:
    """Return what a share, an area, a number or a change is measured on.

    Args:
        clause: With at least one thing.
        kind: ``share``, ``area``, ``count`` or ``change``.
        assumptions: Readings that the user should know are added here.

    Raises:
        NotPlanned: How the things belong together is unclear, or too involved.
    """
    groups = separate_things(clause.groups, verbs=True)
    if len(groups) == 1:
        return [Part(groups[0].thing)]
    later = groups[1:]
    if len(groups) == 2 and groups[0].leads and later[0].joined_by("link"):  # of the cropland, how much is flooded
        return [Part(_all_of(groups[0].thing, later[0].thing), groups[0].thing)]
    if all(g.joined_by("or") for g in later[-1:]) and all(g.joined_by("or", "comma") for g in later):
        if any(isinstance(g.thing, Opposite) for g in groups):  # not forest or water
            raise _unclear(groups)
        return [Part(_one_of(groups))]
    if later[-1].joined_by("and", "comma") and all(g.joined_by("and", "comma") for g in later):
        return _listed(clause, groups, assumptions)
    if len(groups) == 2:
        part = _part_and_whole(kind, *groups)
        if part is not None:
            return [part]
        raise _unclear(groups)
    raise NotPlanned(CannotPlan("The question joins more things than is understood; ask about two at a time."))


def _one_of(groups: Sequence[Group]) -> Thing:
    distinct = tuple(dict.fromkeys(g.thing for g in groups))
    return AnyOf(distinct) if len(distinct) > 1 else distinct[0]


def _listed(clause: Clause, groups: Sequence[Group], assumptions: list[str]) -> list[Part]:
    union = _one_of(groups)
    if clause.has("each"):
        refuse_same([g.thing for g in groups])
    if clause.has("together", "total") or not isinstance(union, AnyOf):
        return [Part(union)]
    if any(isinstance(thing, Opposite) for thing in union.parts):  # water and not forest
        raise _unclear(groups)
    if not clause.has("each"):
        names = ", ".join(f"'{word_of(t)}'" for t in union.parts)
        assumptions.append(f"{names} are measured each by itself; ask for them 'together' to get one number.")
    return [Part(thing) for thing in union.parts]


def _part_and_whole(kind: str, first: Group, second: Group) -> Part | None:
    """Read *share of the cropland that is flooded*, *ice as a share of the lake*, *hectares of burned forest*."""
    linked = second.joined_by("link") or _state_last(second)
    if second.joined_by("and", "or", "comma", "prep") and not second.joined_by("share"):
        return None
    if kind != "share":
        return Part(_all_of(first.thing, second.thing)) if linked else None
    if second.joined_by("share") and second.is_of:
        return Part(_all_of(second.thing, first.thing), second.thing)
    if first.is_of and (linked or second.joined_by("share")):
        return Part(_all_of(first.thing, second.thing), first.thing)
    return None
