"""From the tags of a question, and the plan before it, to what is asked for."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from terrascope_sdk.plan.language import Plan
from terrascope_sdk.plan.outcomes import NeedsInput, NotPlanned
from terrascope_sdk.plan.questions.amounts import Limits
from terrascope_sdk.plan.questions.askbacks import nothing_asked
from terrascope_sdk.plan.questions.clauses import Clause
from terrascope_sdk.plan.questions.dates import Clock
from terrascope_sdk.plan.questions.follow_ups import follow_up
from terrascope_sdk.plan.questions.frames import Frames
from terrascope_sdk.plan.questions.nouns import Group, Nouns
from terrascope_sdk.plan.questions.periods import with_periods
from terrascope_sdk.plan.questions.plans_read import cloud_limit_of, requests_of
from terrascope_sdk.plan.questions.requests import Request
from terrascope_sdk.plan.questions.sentences import split_clauses
from terrascope_sdk.plan.questions.tagging import Tag
from terrascope_sdk.plan.questions.things import AllOf, AnyOf, Buffered, Moment, Named, Thing, Without, named_in

__all__ = ["Read", "read_requests"]


@dataclass
class Read:
    """What was understood."""

    requests: list[Request]
    """What to measure, in the order asked."""

    assumptions: list[str] = field(default_factory=list)
    """Sentences to show."""

    cloud_max_frac: float | None = None
    """Largest share of clouds on a scene."""

    used_ends: bool = False
    """Whether the dates of a change came from the caller."""


def read_requests(
    tags: Sequence[Tag],
    clock: Clock,
    limits: Limits,
    *,
    ends: tuple[Moment, Moment] | None,
    previous: Plan | None,
) -> Read:
    """Return what a question asks for.

    Args:
        tags: The question, without what limits sizes and clouds.
        clock: What open ends of time run up to.
        limits: What holds for all of it.
        ends: The two dates of a change whose dates the question does not name.
        previous: The plan of the question before.

    Raises:
        NotPlanned: Something is missing or unclear.
    """
    timed, periods = with_periods(tags, clock)
    plain = [t for t in timed if t.kind not in {"filler", "place", "sensor", "bbox", "point", "only"}]
    last = None
    if previous is not None:
        last = _referred(previous)
    clauses = split_clauses(plain, periods, last)
    frames = Frames(clock, limits.min_area_m2, ends)
    requests: list[Request] = []
    if previous is not None and _goes_on(clauses):
        found = follow_up(clauses, previous, clock, limits.min_area_m2)
        return Read(found, [f"It goes on from: {previous.question}"], limits.cloud_max_frac or cloud_limit_of(previous))
    for clause in _completed(clauses):
        requests += frames.read(clause)
    found = list(dict.fromkeys(requests))
    return Read(found, frames.assumptions, limits.cloud_max_frac, frames.used_ends)


def _referred(plan: Plan) -> Thing | None:
    """Return what *it* stands for in the question after: what a zone was around, or the only thing that was named."""
    things = [t for r in requests_of(plan) for p in (r, *r.parts) for t in p.things]
    zones = [b for t in things for b in _zones_in(t)]
    if zones:
        return _undated(zones[-1].of)
    named = list(dict.fromkeys(n.key for t in things for n in named_in(t)))
    return Named(named[-1], named[-1]) if named else None


def _zones_in(thing: Thing) -> list[Buffered]:
    if isinstance(thing, Buffered):
        return [thing]
    parts = (
        thing.parts if isinstance(thing, AllOf | AnyOf) else (thing.a, thing.b) if isinstance(thing, Without) else ()
    )
    return [b for part in parts for b in _zones_in(part)]


def _undated(thing: Thing) -> Thing:
    return Named(thing.key, thing.word) if isinstance(thing, Named) else thing


def _goes_on(clauses: Sequence[Clause]) -> bool:
    """Whether a question only says what should be different from the one before."""
    if len(clauses) > 1:
        return False
    if not clauses:
        return True
    clause = clauses[0]
    if not clause.asks:
        return True
    return not clause.groups and not clause.has("dominant", "classes")


def _completed(clauses: Sequence[Clause]) -> list[Clause]:
    """Return the clauses that ask; those that only add to them lend their things and times.

    Raises:
        NotPlanned: Nothing is asked for.
    """
    asking = [c for c in clauses if c.asks]
    if not asking:
        raise NotPlanned(nothing_asked(clauses[0] if clauses else Clause((), Nouns())))
    kept: list[Clause] = []
    for clause in asking:
        before = next((c for c in reversed(clauses[: clauses.index(clause)]) if c.groups), None)
        if before is not None and clause.has("touch", "distance") and clause.has("pronoun") and len(clause.groups) < 2:
            if len(clause.groups) == 1 and len(before.groups) > 1:
                raise NotPlanned(
                    NeedsInput("Which of the two do you mean?", "It is not clear what the pronoun stands for.")
                )
            missing = before.groups[-2:] if not clause.groups else before.groups[-1:]
            clause.nouns.groups = [*(replace(g, period=None) for g in missing), *clause.groups]
        if clause.groups or clause.has("dominant", "classes"):
            kept.append(clause)
            continue
        if before is None:
            kept.append(clause)
            continue
        if before in kept and not clause.periods and _only_shows(clause):
            kept[kept.index(before)] = _merged(before, clause)
            continue
        clause.nouns.groups = _lent(before, clause)
        if clause.has("many") and clause.has("pronoun") and not clause.has("patch", "unit") and before.has("unit"):
            clause.tags = [t for t in clause.tags if t.kind != "many"] + [t for t in before.tags if t.kind == "unit"]
            clause.__dict__.pop("kinds", None)
        kept.append(clause)
    return kept


def _only_shows(clause: Clause) -> bool:
    """Whether a clause only says how to give the number: *Give me a percentage*, *in hectares*."""
    return not clause.has("many", "wh", "size", "length", "trend", "change", "pronoun") and not clause.nouns.zones


def _merged(clause: Clause, more: Clause) -> Clause:
    return Clause((*clause.tags, *more.tags), clause.nouns, clause.periods, clause.loose)


def _lent(before: Clause, clause: Clause) -> list[Group]:
    """Return the things of the clause before, narrowed down by this one: *how many of these lie within ...*."""
    lent = [replace(g, filters=[*g.filters], is_of=clause.has("share"), period=None) for g in before.groups]
    ranked = before.has("rank")
    for group in lent:
        group.joined = "and" if ranked and group.joined else group.joined
        group.filters += [replace(z, links=1) for z in clause.nouns.zones]
    clause.nouns.zones = []
    return lent
