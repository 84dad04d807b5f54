"""Questions that go on from the one before: another time, another thing, a zone around it, another measurement."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from terrascope_sdk.plan.language import Plan
from terrascope_sdk.plan.outcomes import NeedsInput, NotPlanned
from terrascope_sdk.plan.questions.clauses import Clause
from terrascope_sdk.plan.questions.dates import Clock
from terrascope_sdk.plan.questions.kinds import asked_kinds
from terrascope_sdk.plan.questions.periods import Period
from terrascope_sdk.plan.questions.plans_read import UNCLEAR, requests_of
from terrascope_sdk.plan.questions.requests import Request
from terrascope_sdk.plan.questions.things import (
    AllOf,
    AnyOf,
    Buffered,
    Moment,
    Named,
    Patches,
    Thing,
    Touching,
    Without,
    both,
    bound,
    named_in,
)

__all__ = ["follow_up"]


def follow_up(clauses: Sequence[Clause], plan: Plan, clock: Clock, min_area_m2: float | None) -> list[Request]:
    """Return what the question before asked for, with what this one changes.

    Args:
        clauses: The follow-up.
        plan: The plan of the question before.
        clock: What open ends of time run up to.
        min_area_m2: Smallest patch that counts from now on.

    Raises:
        NotPlanned: It is not clear what it changes.
    """
    clause = clauses[0]
    requests = requests_of(plan)
    if not requests:
        raise NotPlanned(UNCLEAR)
    changed = False
    if clause.groups and not clause.groups[0].filters:
        requests, changed = _with_thing(requests, clause), True
    if clause.periods:
        requests, changed = [_at(r, clause.periods, clock) for r in requests], True
    for zone in [*clause.nouns.zones, *(f for g in clause.groups for f in g.filters)]:
        requests, changed = [_narrowed(r, zone.op, zone.thing) for r in requests], True
    if min_area_m2 is not None:
        requests, changed = [_mapped(r, lambda t: Patches(t, min_area_m2)) for r in requests], True
    kinds = asked_kinds(clause) if clause.asks else ()
    if kinds:
        requests, changed = [r for k in kinds for r in _measured(requests, k, clause)], True
    if not changed:
        raise NotPlanned(UNCLEAR)
    return requests


def _mapped(request: Request, make: Callable[[Thing], Thing]) -> Request:
    return replace(
        request,
        things=tuple(make(t) for t in request.things),
        of=None if request.of is None else request.of,
        parts=tuple(_mapped(p, make) for p in request.parts),
    )


def _at(request: Request, periods: Sequence[Period], clock: Clock) -> Request:
    """Return a request at another time; one of two dates keeps two."""
    ends = periods[0].ends(clock)
    ones = sorted({p.first for p in periods if p.kind == "one" and p.first is not None})
    pair = ends or ((ones[0], ones[1]) if len(ones) == 2 else None)
    moments = sorted(
        {
            m
            for t in (*request.things, *(x for p in request.parts for x in p.things))
            for n in named_in(t)
            for m in (n.when, n.earlier)
            if m is not None
        },
        key=lambda m: str(m.span),
    )
    if request.kind == "trend":
        whole = Moment(periods[0].whole(clock), "each")
        return replace(request, parts=(_every(request.parts[0], dict.fromkeys(moments, whole)),))
    if len(moments) == 2:
        if pair is None:
            raise NotPlanned(NeedsInput("Between which two dates?", "The question before was about two dates."))
        return _every(request, dict(zip(moments, (Moment(pair[0]), Moment(pair[1])), strict=True)))
    whole = Moment(periods[0].whole(clock))
    return _every(request, dict.fromkeys(moments, whole))


def _every(request: Request, times: Mapping[Moment, Moment]) -> Request:
    def make(thing: Thing) -> Thing:
        return _timed(thing, times)

    made = _mapped(request, make)
    return made if request.of is None else replace(made, of=make(request.of))


def _timed(thing: Thing, times: Mapping[Moment, Moment]) -> Thing:
    match thing:
        case Named():
            when = None if thing.when is None else times.get(thing.when, thing.when)
            earlier = None if thing.earlier is None else times.get(thing.earlier, thing.earlier)
            return replace(thing, when=when, earlier=earlier)
        case Without():
            return Without(_timed(thing.a, times), _timed(thing.b, times))
        case Touching():
            return Touching(_timed(thing.of, times), _timed(thing.other, times))
        case AnyOf() | AllOf():
            return replace(thing, parts=tuple(_timed(p, times) for p in thing.parts))
        case _:
            return replace(thing, of=_timed(thing.of, times))


def _narrowed(request: Request, op: str, zone: Thing) -> Request:
    """Return a request within a zone; a zone around the same thing replaces the one before."""

    def make(thing: Thing) -> Thing:
        when = named_in(thing)[0].when or Moment()
        other = bound(zone, when)
        base = _without_zone(thing, other)
        return Without(base, other) if op in {"far", "minus"} else both(base, other)

    return _mapped(request, make)


def _without_zone(thing: Thing, zone: Thing) -> Thing:
    if isinstance(thing, AllOf) and len(thing.parts) == 2 and isinstance(zone, Buffered):
        kept = [p for p in thing.parts if not (isinstance(p, Buffered) and p.of == zone.of)]
        return kept[0] if len(kept) == 1 else thing
    if (
        isinstance(thing, Without)
        and isinstance(thing.b, Buffered)
        and isinstance(zone, Buffered)
        and thing.b.of == zone.of
    ):
        return thing.a
    return thing


def _with_thing(requests: Sequence[Request], clause: Clause) -> list[Request]:
    """Return the requests about another thing: *and cropland?*."""
    new = clause.groups[0].thing
    first = requests[0]
    subject = (first.parts[0] if first.parts else first).things
    if not subject:
        raise NotPlanned(UNCLEAR)
    old = named_in(subject[0])[0].key

    def make(thing: Thing) -> Thing:
        return _swapped(thing, old, new)

    if first.kind in {"touches", "distance"}:
        return [replace(first, things=(first.things[0], bound(new, named_in(first.things[0])[0].when or Moment())))]
    if first.kind == "rank":
        return [replace(first, things=(*first.things, bound(new, named_in(first.things[0])[0].when or Moment())))]
    made = [_mapped(r, make) for r in requests]
    return [m if r.of is None else replace(m, of=make(r.of)) for r, m in zip(requests, made, strict=True)]


def _swapped(thing: Thing, old: str, new: Thing) -> Thing:
    match thing:
        case Named():
            if thing.key != old:
                return thing
            return bound(new, thing.when or Moment(), thing.earlier)
        case Without():
            return Without(_swapped(thing.a, old, new), thing.b)
        case Touching():
            return Touching(_swapped(thing.of, old, new), thing.other)
        case AnyOf() | AllOf():
            return replace(thing, parts=tuple(_swapped(p, old, new) for p in thing.parts))
        case Buffered():
            return thing
        case _:
            return replace(thing, of=_swapped(thing.of, old, new))


def _measured(requests: Sequence[Request], kind: str, clause: Clause) -> list[Request]:
    """Return another measurement of the same things: *and how many hectares is that?*."""
    first = requests[0]
    if first.kind == "change" and kind in {"share", "area"}:
        relative = {"net": "share", "gain": "gain_share", "loss": "loss_share"}
        what = relative.get(first.what, first.what) if kind == "share" else first.what
        return [replace(first, what=what, units=clause.units if kind == "area" else ())]  # type: ignore[arg-type]
    if kind not in {"share", "area", "count", "length", "mask"} or not first.things:
        raise NotPlanned(UNCLEAR)
    units = {"area": ("m2", "ha", "km2"), "length": ("m", "km")}.get(kind, ())
    shown = tuple(u for u in clause.units if u in units)
    return [Request(kind, (t,), units=shown) for r in requests for t in r.things[:1]]  # type: ignore[arg-type]
