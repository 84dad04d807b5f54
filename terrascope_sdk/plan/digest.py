"""What a plan comes to, in a few keys that can be compared: quantities, masks, what shares are of, windows, parameters.

Everything is derived from the steps, whoever wrote them.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping

from terrascope_sdk.plan.expressions import mask_expression
from terrascope_sdk.plan.language import Plan
from terrascope_sdk.plan.mask_steps import Components, Find
from terrascope_sdk.plan.measure_steps import Change, Compare, Share
from terrascope_sdk.plan.other_steps import Export
from terrascope_sdk.plan.outcomes import NeedsInput, Planned, PlanOutcome
from terrascope_sdk.plan.step import StepBase
from terrascope_sdk.types.encoding import JsonValue

__all__ = ["digest_outcome", "digest_plan"]

_EMPTY: dict[str, JsonValue] = {"quantities": [], "masks": [], "of": [], "windows": [], "params": {}}


def digest_outcome(outcome: PlanOutcome) -> dict[str, JsonValue]:
    """Return the keys of a plan, or the status alone where there is none.

    Args:
        outcome: What came of reading a question. A plan without an area has to ask for one.
    """
    if isinstance(outcome, Planned):
        return digest_plan(outcome.plan) if outcome.plan.aoi is not None else {"status": "needs_input", **_EMPTY}
    return {"status": "needs_input" if isinstance(outcome, NeedsInput) else "cannot_answer", **_EMPTY}


def digest_plan(plan: Plan) -> dict[str, JsonValue]:
    """Return ``status``, ``quantities``, ``masks``, ``of``, ``windows`` and ``params`` of a plan.

    A least size of patches and a limit on clouds stand under ``params`` in m2 and as a fraction, not in the masks.
    """
    steps: dict[str, StepBase] = {s.id: s for s in plan.steps}
    names = [w.name for w in plan.windows]
    bare = _without_patches(steps)
    asked = list(_asked(plan, steps))
    shares = {
        (_text(bare, s.mask, names), "aoi" if s.of is None else _text(bare, s.of, names))
        for step in asked
        for s in _measured(step, steps)
        if isinstance(s, Share)
    }
    masks = {_text(bare, name, names) for step in asked for name in _masks(step, steps)}
    ordered = sorted(shares)
    return {
        "status": "plan",
        "quantities": sorted({kind for step in asked for kind in _kinds(step, steps)}),
        "masks": sorted([*masks - {m for m, _ in shares}, *(m for m, _ in ordered)]),
        "of": [of for _, of in ordered],
        "windows": sorted(
            [w.time.start.date().isoformat(), w.time.end.date().isoformat()] for w in plan.windows if w.time
        ),
        "params": _params(asked, steps),
    }


def _asked(plan: Plan, steps: Mapping[str, StepBase]) -> Iterator[StepBase]:
    for asked in plan.answer:
        step = steps[asked.step]
        yield from (steps[name] for name in step.what) if isinstance(step, Export) else (step,)


def _kinds(step: StepBase, steps: Mapping[str, StepBase]) -> Iterable[str]:
    if step.gives == "mask":
        return ("mask",)
    if isinstance(step, Compare):
        return ("compare", *_kinds(steps[step.before], steps), *_kinds(steps[step.after], steps))
    return (type(step).__name__.lower(),)


def _measured(step: StepBase, steps: Mapping[str, StepBase]) -> Iterator[StepBase]:
    """Yield the measurements that a step puts together, or the step itself."""
    if isinstance(step, Compare):
        for name, _ in step.references:
            yield from _measured(steps[name], steps)
    else:
        yield step


def _masks(step: StepBase, steps: Mapping[str, StepBase]) -> Iterator[str]:
    """Yield the ids of the masks that are measured; what a share is one of is not."""
    if step.gives == "mask":
        yield step.id
        return
    for name, kind in step.references:
        if kind == "measurement":
            yield from _masks(steps[name], steps)
        elif not (isinstance(step, Share) and name == step.of and name != step.mask):
            yield name


def _without_patches(steps: Mapping[str, StepBase]) -> dict[str, StepBase]:
    """Return the steps with each choice of patches by size replaced by the mask that it chooses from."""

    def source(name: str) -> str:
        step = steps[name]
        return source(step.mask) if isinstance(step, Components) else name

    bare = {}
    for name in steps:
        step = steps[source(name)]
        fields = {f: _renamed(getattr(step, f), source) for f in step.inputs}
        bare[name] = step.model_copy(update=fields)
    return bare


def _renamed(value: str | tuple[str, ...] | None, source: Callable[[str], str]) -> str | tuple[str, ...] | None:
    if isinstance(value, tuple):
        return tuple(source(name) for name in value)
    return None if value is None else source(value)


def _text(steps: Mapping[str, StepBase], name: str, windows: list[str]) -> str:
    return mask_expression(steps, name, windows)


def _params(asked: Iterable[StepBase], steps: Mapping[str, StepBase]) -> dict[str, JsonValue]:
    params: dict[str, JsonValue] = {}
    sizes = {s.min_area_m2 for s in steps.values() if isinstance(s, Components)}
    if sizes:
        params["min_area_m2"] = _whole(max(sizes))
    limits = {s.cloud_max_frac for s in steps.values() if isinstance(s, Find) and s.cloud_max_frac is not None}
    if limits:
        params["cloud_max_frac"] = min(limits)
    for step in asked:
        if isinstance(step, Change):
            params["direction"] = step.direction or "net"
    return params


def _whole(value: float) -> float | int:
    return int(value) if float(value).is_integer() else value
