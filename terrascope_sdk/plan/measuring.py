"""Measure stage: carry out the measuring steps of a plan on its masks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from terrascope_sdk import measure
from terrascope_sdk.errors import UndefinedMeasurement
from terrascope_sdk.plan.language import Plan
from terrascope_sdk.plan.mask_algebra import memory_of, step_recipe
from terrascope_sdk.plan.measure_steps import (
    Area,
    Change,
    Compare,
    Count,
    Distance,
    Length,
    Rank,
    Share,
    Touches,
    Trend,
)
from terrascope_sdk.plan.resolution import grounds_of, require_countable
from terrascope_sdk.plan.side_by_side import MEMORY_BYTES, WORKERS, Job, run_steps
from terrascope_sdk.plan.step import StepBase
from terrascope_sdk.plan.workspace import Workspace
from terrascope_sdk.types import Aoi, Check, Mask, Measurement
from terrascope_sdk.types.encoding import JsonValue, content_id

__all__ = ["measure_plan"]

Numbers = dict[str, tuple[Measurement, ...]]
"""Measurements by step id, the number asked for first."""

_BELT_LIMIT = 0.5
"""From this share on, a one-pixel shift between the images could explain most of a change."""


@dataclass(frozen=True)
class _Numbered:
    """What one step gave."""

    numbers: tuple[Measurement, ...]
    checks: tuple[Check, ...]
    computed: bool


def _area_unit(plan: Plan, step: StepBase) -> str | None:
    """Return the display unit that was asked for, where it is one of areas."""
    unit = next((a.unit for a in plan.answer if a.step == step.id), None)
    return unit if unit in {"m2", "ha", "km2"} else None


def _share(step: Share, masks: Mapping[str, Mask], aoi: Aoi) -> Measurement:
    part = masks[step.mask]
    if step.of is None:
        return measure.share(part, aoi=aoi)
    whole = masks[step.of]
    inside = measure.share(part.observed_within(whole.pixels), aoi=aoi)
    return replace(
        inside,
        subject=f"{inside.subject} within {whole.label}",
        mask_ids=(part.id, whole.id),
        observed_frac=measure.share(whole, aoi=aoi).observed_frac,
        notes=(*inside.notes, f"the whole is {whole.label}, not the area of interest"),
    )


def _relative(number: Measurement, whole_m2: float, name: str) -> Measurement:
    """Return a gain or loss over the area before."""
    low, high = (None if v is None else v / whole_m2 for v in (number.low, number.high))
    method = f"{number.name} over the earlier area: {number.method}"
    return replace(
        number, name=name, value=number.value / whole_m2, unit="1", low=low, high=high, method=method, prefer=None
    )


def _change(step: Change, masks: Mapping[str, Mask], aoi: Aoi, prefer: str | None) -> tuple[list[Measurement], Check]:
    before, after = masks[step.before], masks[step.after]
    found = measure.change(before, after, aoi=aoi)
    numbers = {"gain": found.gain, "loss": found.loss, "net": found.net}
    numbers = {name: replace(m, prefer=prefer) for name, m in numbers.items()}
    if found.share_changed is not None:
        whole = measure.area(before.observed_within(after.valid), aoi=aoi).value
        numbers["share"] = found.share_changed
        numbers["gain_share"] = _relative(found.gain, whole, "gain_share")
        numbers["loss_share"] = _relative(found.loss, whole, "loss_share")
    asked = step.what if step.what in numbers else "net"
    extra = [n for n in ("net", "gain", "loss", "share") if n != asked and n in numbers]
    belt = found.registration_belt_frac
    check = Check(
        name="change beyond registration",
        passed=belt is None or belt < _BELT_LIMIT,
        detail="nothing changed"
        if belt is None
        else f"{belt:.0%} of the change lies within one pixel of an edge, where a shift between the images could "
        f"make it (at most {_BELT_LIMIT:.0%})",
    )
    return [numbers[asked], *(numbers[n] for n in extra)], check


def _rank(step: Rank, masks: Mapping[str, Mask], aoi: Aoi) -> tuple[Measurement, ...]:
    """Return the order, the end that was asked for first; only where what could not be mapped cannot upset it."""
    there = [masks[m] for m in step.masks if m in masks]
    if len(there) < len(step.masks):
        largest = max((measure.share(m, aoi=aoi).value for m in there), default=0.0)
        if len(there) < 2 or step.first == "smallest" or largest <= 0.5:
            named = ", ".join(m.label for m in there) or "none"
            raise UndefinedMeasurement(
                f"Of the {len(step.masks)} classes to compare only {len(there)} could be mapped ({named}), and none of "
                "them covers more than half of what was observed, so which one comes first cannot be told.",
                hint="Name the classes to compare.",
            )
    ranked = measure.rank(there, aoi=aoi)
    return ranked if step.first == "largest" else tuple(reversed(ranked))


def _pair_of(step: Distance | Touches, masks: Mapping[str, Mask], aoi: Aoi) -> list[Measurement]:
    a, b = masks[step.a], masks[step.b]
    if isinstance(step, Distance):
        return [measure.distance(a, b, aoi=aoi)]
    return [measure.touches(a, b, aoi=aoi), measure.shared_edge_length(a, b, aoi=aoi)]


def _compare(step: Compare, numbers: Numbers) -> tuple[Measurement, ...]:
    """Return the difference of two numbers, and the two."""
    before, after = numbers[step.before][0], numbers[step.after][0]
    bounds: tuple[float | None, float | None] = (None, None)
    if None not in (before.low, before.high, after.low, after.high):
        bounds = (after.low - before.high, after.high - before.low)  # type: ignore[operator]  # none is None
    seen = [m.observed_frac for m in (before, after) if m.observed_frac is not None]
    difference = Measurement(
        name="difference",
        subject=f"{after.name} of {after.subject}, less {before.name} of {before.subject}",
        value=after.value - before.value,
        unit=after.unit,
        low=bounds[0],
        high=bounds[1],
        interval="none" if bounds[0] is None else after.interval,
        method="the second number less the first; bounds: both at their ends, the farthest apart",
        mask_ids=tuple(dict.fromkeys([*before.mask_ids, *after.mask_ids])),
        observed_frac=min(seen) if seen else None,
        notes=tuple(dict.fromkeys([*before.notes, *after.notes])),
        prefer=after.prefer or before.prefer,
    )
    return difference, before, after


def _trend(step: Trend, plan: Plan, numbers: Numbers, masks: Mapping[str, Mask]) -> tuple[Measurement, ...]:
    """Return the slope where the dates carry one, and the values in order of time."""
    dated = []
    for name in step.values:
        when = max(d for i in grounds_of(plan, name) if (d := masks[i].date) is not None)
        dated.append((when, numbers[name][0]))
    dated.sort(key=lambda pair: pair[0])
    slope = measure.trend([n for _, n in dated], [when for when, _ in dated])
    return (*(() if slope is None else (slope,)), *(n for _, n in dated))


def _measured(
    step: StepBase, masks: Mapping[str, Mask], aoi: Aoi, prefer: str | None
) -> tuple[tuple[Measurement, ...], tuple[Check, ...]]:
    """Carry out one step that measures masks."""
    if isinstance(step, Rank):
        return _rank(step, masks, aoi), ()
    if isinstance(step, Area):
        return (replace(measure.area(masks[step.mask], aoi=aoi), prefer=prefer),), ()
    if isinstance(step, Share):
        return (_share(step, masks, aoi),), ()
    if isinstance(step, Count):
        return (measure.count(masks[step.mask], aoi=aoi),), ()
    if isinstance(step, Length):
        return (measure.edge_length(masks[step.mask], aoi=aoi),), ()
    if isinstance(step, Distance | Touches):
        return tuple(_pair_of(step, masks, aoi)), ()
    if isinstance(step, Change):
        found, check = _change(step, masks, aoi, prefer)
        return tuple(found), (check,)
    raise TypeError(f"{type(step).__name__} measures nothing.")  # the plan's own checks know every kind


def _measured_or_told(
    step: StepBase, plan: Plan, masks: Mapping[str, Mask], numbers: Numbers, aoi: Aoi
) -> tuple[tuple[Measurement, ...], tuple[Check, ...]]:
    if isinstance(step, Compare):
        return _compare(step, numbers), ()
    if isinstance(step, Trend):
        return _trend(step, plan, numbers, masks), ()
    return _measured(step, masks, aoi, _area_unit(plan, step))


def _recipe(step: StepBase, plan: Plan, masks: Mapping[str, Mask], numbers: Numbers, aoi: Aoi) -> dict[str, JsonValue]:
    """Return what decides a measurement: the step, the contents of what it takes, and where."""
    inputs: dict[str, JsonValue] = {}
    for name, _ in step.references:
        if name in masks:
            inputs[name] = masks[name].id
        elif name in numbers:
            dates = [str(masks[g].date) for g in grounds_of(plan, name)] if isinstance(step, Trend) else []
            inputs[name] = content_id("numbers", [dates, *(n.to_json() for n in numbers[name])])
        else:
            inputs[name] = None
    return step_recipe(step, inputs) | {"aoi": aoi.to_json(), "prefer": _area_unit(plan, step)}


def _job(
    step: StepBase, plan: Plan, masks: Mapping[str, Mask], numbers: Numbers, aoi: Aoi, workspace: Workspace | None
) -> Job[_Numbered]:
    recipe = _recipe(step, plan, masks, numbers, aoi)

    def run() -> _Numbered:
        known = None if workspace is None else workspace.recall(recipe)
        if known is not None:
            found = tuple(Measurement.from_json(n) for n in known["numbers"])
            return _Numbered(found, tuple(Check.from_json(c) for c in known["checks"]), computed=False)
        found, checks = _measured_or_told(step, plan, masks, numbers, aoi)
        if workspace is not None:
            told = {"numbers": [n.to_json() for n in found], "checks": [c.to_json() for c in checks]}
            workspace.remember(recipe, told)
        return _Numbered(found, checks, computed=True)

    pixels = max((masks[name].pixels.size for name, _ in step.references if name in masks), default=0)
    return Job(content_id("memo", recipe), memory_of(step, pixels), run)


def measure_plan(
    plan: Plan,
    masks: Mapping[str, Mask],
    aoi: Aoi,
    *,
    workspace: Workspace | None = None,
    computed: list[str] | None = None,
    workers: int = WORKERS,
    memory_bytes: int = MEMORY_BYTES,
) -> tuple[Numbers, tuple[Check, ...]]:
    """Carry out every step of a plan that measures.

    Args:
        plan: What to measure.
        masks: Mask by step id; steps whose masks were left out are passed over.
        aoi: Where.
        workspace: Where results are remembered; every step is measured anew when left out.
        computed: Gets the ids of the steps that were measured now.
        workers: Steps at a time.
        memory_bytes: Budget of the steps that run beside each other.

    Returns:
        Measurements by step id, the number asked for first; and checks that come with measuring.

    Raises:
        UndefinedMeasurement: A number has no meaning here: an empty region, nothing observed, no CRS, or things to
            count that are smaller than a pixel.
    """

    def job_of(step: StepBase, done: Mapping[str, _Numbered]) -> Job[_Numbered] | None:
        there = {**dict.fromkeys(masks), **dict.fromkeys(done)}
        if not isinstance(step, Rank) and not all(name in there for name, _ in step.references):
            return None
        if isinstance(step, Count):
            require_countable(step, plan, masks)
        return _job(step, plan, masks, {name: n.numbers for name, n in done.items()}, aoi, workspace)

    measuring = [s for s in plan.order() if s.gives == "measurement"]
    made = run_steps(measuring, job_of, workers=workers, memory_bytes=memory_bytes)
    if computed is not None:
        computed += [name for name, n in made.items() if n.computed]
    return {name: n.numbers for name, n in made.items()}, tuple(c for n in made.values() for c in n.checks)
