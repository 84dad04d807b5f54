"""A plan read back: what it asks for, as it was before it became steps."""

from collections.abc import Mapping
from dataclasses import replace

from terrascope_sdk.plan.language import Plan
from terrascope_sdk.plan.mask_steps import (
    Buffer,
    Complement,
    Components,
    Find,
    Ground,
    Intersect,
    Region,
    Select,
    Subtract,
    Union,
    Within,
)
from terrascope_sdk.plan.measure_steps import Change, Compare, Rank, Share, Trend
from terrascope_sdk.plan.other_steps import Ask, Export
from terrascope_sdk.plan.outcomes import NeedsInput, NotPlanned
from terrascope_sdk.plan.questions.requests import Kind, Request
from terrascope_sdk.plan.questions.spans import Span
from terrascope_sdk.plan.questions.things import (
    AllOf,
    AnyOf,
    Buffered,
    Largest,
    Moment,
    Named,
    Opposite,
    Patches,
    Thing,
    Touching,
    Without,
)
from terrascope_sdk.plan.step import StepBase

__all__ = ["UNCLEAR", "cloud_limit_of", "requests_of"]

UNCLEAR = NeedsInput("What should be different from the question before?", "The follow-up is not understood.")
"""The question back where a follow-up is not understood."""


def cloud_limit_of(plan: Plan) -> float | None:
    """Return the largest share of clouds that a plan lets scenes have, or None."""
    limits = [s.cloud_max_frac for s in plan.steps if isinstance(s, Find) and s.cloud_max_frac is not None]
    return min(limits) if limits else None


def requests_of(plan: Plan) -> list[Request]:
    """Return what a plan asks for, as it was before it became steps."""
    steps: dict[str, StepBase] = {s.id: s for s in plan.steps}
    found: list[Request] = []
    for asked in plan.answer:
        step = steps[asked.step]
        export = ""
        if isinstance(step, Export):
            export, step = step.format, steps[step.what[0]]
        if isinstance(step, Ask):
            continue
        request = _request(step, steps, plan)
        units = (asked.unit,) if asked.unit is not None else ()
        found.append(replace(request, units=units, export=export))
    return found


def _request(step: StepBase, steps: Mapping[str, StepBase], plan: Plan) -> Request:
    if step.gives == "mask":
        return Request("mask", (_thing(step, steps, plan),))
    if isinstance(step, Compare | Trend):
        parts = tuple(_request(steps[name], steps, plan) for name, _ in step.references)
        return Request("trend" if isinstance(step, Trend) else "compare", parts=parts)
    things = tuple(
        _thing(steps[name], steps, plan)
        for name, _ in step.references
        if not (isinstance(step, Share) and name == step.of and name != step.mask)
    )
    kind = _KINDS[type(step).__name__]
    if isinstance(step, Share):
        of = None if step.of is None else _thing(steps[step.of], steps, plan)
        return Request("share", things[:1], of=of)
    if isinstance(step, Change):
        return Request("change", things, what=step.what, direction=step.direction)
    if isinstance(step, Rank):
        return Request("rank", things, smallest_first=step.first == "smallest")
    return Request(kind, things)


_KINDS: Mapping[str, Kind] = {
    "Area": "area", "Share": "share", "Count": "count", "Length": "length", "Distance": "distance",
    "Touches": "touches", "Rank": "rank", "Change": "change",
}  # fmt: skip


def _moment(plan: Plan, name: str) -> Moment:
    window = plan.window(name)
    span = None if window.time is None else Span(window.time.start.date(), window.time.end.date())
    return Moment(span, window.pick)


def _thing(step: StepBase, steps: Mapping[str, StepBase], plan: Plan) -> Thing:
    def inner(name: str) -> Thing:
        return _thing(steps[name], steps, plan)

    match step:
        case Ground():
            earlier = None if step.earlier is None else _moment(plan, step.earlier)
            return Named(step.concept, step.concept, _moment(plan, step.window), earlier)
        case Union() | Intersect():
            parts = tuple(map(inner, step.masks))
            return AnyOf(parts) if isinstance(step, Union) else AllOf(parts)
        case Subtract():
            return Without(inner(step.a), inner(step.b))
        case Select():
            return Touching(inner(step.mask), inner(step.other))
        case Buffer() | Complement() | Components() | Region() | Within():
            return _around(step, inner(step.mask))
    raise NotPlanned(UNCLEAR)


def _around(step: StepBase, inside: Thing) -> Thing:
    match step:
        case Buffer():
            return Buffered(inside, step.distance_m)
        case Complement():
            return Opposite(inside)
        case Components():
            return Patches(inside, step.min_area_m2)
        case Region():
            return Largest(inside, step.rank)
    raise NotPlanned(UNCLEAR)
