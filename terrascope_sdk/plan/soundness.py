"""Is a plan sound? Names, types, cycles, dates, grids and units, each refusal naming the step."""

from collections.abc import Mapping, Sequence

from terrascope_sdk.errors import InputError
from terrascope_sdk.plan.expressions import mask_expression, measure_expression
from terrascope_sdk.plan.mask_steps import Find, Ground
from terrascope_sdk.plan.measure_steps import Change, Compare, Distance, Rank, Touches, Trend
from terrascope_sdk.plan.other_steps import Export
from terrascope_sdk.plan.step import StepBase
from terrascope_sdk.plan.windows import Window
from terrascope_sdk.types.concepts import get_concept

__all__ = ["MAX_LEAVES", "check_steps", "ordered", "unit_of"]

MAX_LEAVES = 256
"""Most ground steps, counted with repeats, that one step may go back to."""

_ARTICLES = {
    "scenes": "scenes", "stack": "a stack", "mask": "a mask", "measurement": "a measurement", "chain": "a chain",
    "file": "a file", "result": "a mask or a measurement",
}  # fmt: skip

_TREND_DATES = 3


def check_steps(steps: Sequence[StepBase], windows: Sequence[Window]) -> None:
    """Refuse what could not be carried out.

    Raises:
        InputError: A repeated or unknown name, a cycle, a wrong type, an unknown concept, masks of different grids, a
            change within one date or backwards in time; the step is named.
    """
    _check_names(steps, windows)
    by_id = {s.id: s for s in steps}
    by_name = {w.name: w for w in windows}
    order = ordered(steps)
    _check_size(order)
    for step in order:
        _check_one_grid(step, by_id)
        if isinstance(step, Ground):
            _check_ground(step, by_id, by_name)
        if isinstance(step, Change):
            _check_change(step, by_id, by_name)
        if isinstance(step, Distance | Touches | Rank | Compare):
            _check_distinct(step)
        if isinstance(step, Compare | Trend):
            _check_one_unit(step, by_id)
        if isinstance(step, Trend):
            _check_trend(step, by_id, by_name)
        if isinstance(step, Export):
            _check_export(step, by_id)


def ordered(steps: Sequence[StepBase]) -> tuple[StepBase, ...]:
    """Return the steps so that each comes after what it takes; otherwise in the order given.

    Raises:
        InputError: Steps wait for each other.
    """
    waiting, done, order = list(steps), set[str](), []
    while waiting:
        ready = next((s for s in waiting if all(name in done for name, _ in s.references)), None)
        if ready is None:
            names = ", ".join(repr(s.id) for s in waiting)
            raise InputError(f"The steps {names} wait for each other.", hint="A plan must not run in circles.")
        waiting.remove(ready)
        done.add(ready.id)
        order.append(ready)
    return tuple(order)


def _check_names(steps: Sequence[StepBase], windows: Sequence[Window]) -> None:
    for what, names in (("step", [s.id for s in steps]), ("window", [w.name for w in windows])):
        twice = next((n for i, n in enumerate(names) if n in names[:i]), None)
        if twice is not None:
            raise InputError(f"There are two {what}s called {twice!r}.", hint="Give each its own name.")
    kinds = {s.id: s.gives for s in steps}
    known = {w.name for w in windows}
    for step in steps:
        for name, kind in step.references:
            if name not in kinds:
                raise InputError(f"Step {step.id!r} takes {name!r}, which is no step of the plan.")
            if kinds[name] != kind and not (kind == "result" and kinds[name] in {"mask", "measurement"}):
                raise InputError(
                    f"Step {step.id!r} ({type(step).__name__.lower()}) takes {_ARTICLES[kind]}, but {name!r} gives "
                    f"{_ARTICLES[kinds[name]]}."
                )
        for name in step.windows:
            if name not in known:
                raise InputError(f"Step {step.id!r} names the window {name!r}, which the plan does not have.")


_COMPUTED = ("mask", "measurement", "result")
"""Kinds of input that are themselves computed from masks."""


def _check_size(order: Sequence[StepBase]) -> None:
    """Refuse masks that grow with every step: written out in full, they would be longer than memory."""
    leaves: dict[str, int] = {}
    for step in order:
        leaves[step.id] = sum(leaves[name] for name, kind in step.references if kind in _COMPUTED) or 1
        if leaves[step.id] > MAX_LEAVES:
            raise InputError(f"Step {step.id!r} goes back to more than {MAX_LEAVES} maps.", hint="Split the plan up.")


def _grounds(step: StepBase, steps: Mapping[str, StepBase]) -> set[Ground]:
    """Return the ground steps that a mask goes back to."""
    if isinstance(step, Ground):
        return {step}
    below = (steps[name] for name, kind in step.references if kind in _COMPUTED)
    return set().union(*(_grounds(s, steps) for s in below))


def _check_one_grid(step: StepBase, steps: Mapping[str, StepBase]) -> None:
    stacks = {ground.stack for ground in _grounds(step, steps)}
    if len(stacks) > 1:
        raise InputError(
            f"Step {step.id!r} mixes masks of {' and '.join(sorted(stacks))}, which may lie on unlike grids.",
            hint="Load all scenes in one step.",
        )


def _check_ground(step: Ground, steps: Mapping[str, StepBase], windows: Mapping[str, Window]) -> None:
    try:
        concept = get_concept(step.concept)
    except InputError as err:
        raise InputError(f"Step {step.id!r}: {err}") from err
    if (step.earlier is not None) != (concept.dates == 2):
        needs = "needs an earlier date as well" if concept.dates == 2 else "takes one date, not two"
        raise InputError(f"Step {step.id!r}: {concept.title} {needs}.")
    if step.earlier is not None:
        _check_forward(step.id, windows[step.earlier], windows[step.window])
    finds = [f for name, _ in steps[step.stack].references if isinstance(f := steps[name], Find)]
    for name in step.windows:
        sensors = {f.sensor for f in finds if f.window == name}
        if not sensors:
            raise InputError(f"Step {step.id!r} looks at the window {name!r}, which {step.stack!r} does not load.")
        if step.sensor is not None and not sensors & {step.sensor, "any"}:
            raise InputError(f"Step {step.id!r} looks with {step.sensor}, which {step.stack!r} does not load.")


def unit_of(step: StepBase, steps: Mapping[str, StepBase]) -> str | None:
    """Return the unit of the number that a step gives; a comparison has that of what it compares."""
    if isinstance(step, Compare | Trend):
        return unit_of(steps[step.references[0][0]], steps)
    return step.unit


def _check_one_unit(step: Compare | Trend, steps: Mapping[str, StepBase]) -> None:
    units = {name: unit_of(steps[name], steps) for name, _ in step.references}
    bare = next((name for name, unit in units.items() if unit is None), None)
    if bare is not None:
        raise InputError(f"Step {step.id!r} compares {bare!r}, which gives no number with a unit.")
    if len(set(units.values())) > 1:
        told = ", ".join(f"{name} in {unit}" for name, unit in units.items())
        raise InputError(f"Step {step.id!r} mixes units: {told}.", hint="Compare measurements of one kind.")


def _check_trend(step: Trend, steps: Mapping[str, StepBase], windows: Mapping[str, Window]) -> None:
    looked = {g.window for name in step.values for g in _grounds(steps[name], steps)}
    things = {measure_expression(steps, name) for name in step.values}
    if len(things) > 1:
        raise InputError(
            f"Step {step.id!r} follows {', '.join(sorted(things))}; a trend is that of one thing.",
            hint="Make one trend for each.",
        )
    if len(looked) < _TREND_DATES and not any(windows[name].pick == "each" for name in looked):
        raise InputError(
            f"Step {step.id!r} has {len(looked)} date{'s' * (len(looked) != 1)}; a trend needs three or more.",
            hint="Two dates make a change. Add dates, or a window with pick 'each'.",
        )


def _check_export(step: Export, steps: Mapping[str, StepBase]) -> None:
    wanted = {"geotiff": "mask", "geojson": "mask", "csv": "measurement"}.get(step.format)
    wrong = next((n for n in step.what if wanted is not None and steps[n].gives != wanted), None)
    if wrong is not None:
        raise InputError(f"Step {step.id!r} writes {step.format}, which holds no {steps[wrong].gives} like {wrong!r}.")


def _check_change(step: Change, steps: Mapping[str, StepBase], windows: Mapping[str, Window]) -> None:
    before, after = (mask_expression(steps, name) for name in (step.before, step.after))
    if before != after:
        raise InputError(f"Step {step.id!r} compares {before} with {after}; a change is that of one thing.")
    early, late = ({g.window for g in _grounds(steps[name], steps)} for name in (step.before, step.after))
    if any(windows[name].pick == "each" for name in early | late):
        raise InputError(f"Step {step.id!r} compares two dates, and a window with pick 'each' has many.")
    if early == late:
        raise InputError(f"Step {step.id!r}: a change needs two dates, and both masks are of the same.")
    if len(early) == len(late) == 1:
        _check_forward(step.id, windows[early.pop()], windows[late.pop()])


def _check_forward(step_id: str, early: Window, late: Window) -> None:
    if early.time == late.time and (early.pick == late.pick or early.pick == "latest" or late.pick == "earliest"):
        raise InputError(
            f"Step {step_id!r}: {late.name!r} ({late}) does not come after {early.name!r} ({early}).",
            hint="Name two windows of different dates.",
        )
    if early.time is not None and late.time is not None and early.time.start > late.time.start:
        raise InputError(
            f"Step {step_id!r} runs backwards: {early.name!r} ({early}) begins after {late.name!r} ({late}).",
            hint="Put the earlier window first.",
        )


def _check_distinct(step: StepBase) -> None:
    names = [name for name, _ in step.references]
    if len(set(names)) < len(names):
        raise InputError(f"Step {step.id!r} compares a mask with itself.", hint="Name different masks.")
