"""Measure stage: carry out the measuring steps of a plan on its masks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from terrascope_sdk import measure
from terrascope_sdk.errors import UndefinedMeasurement
from terrascope_sdk.plan.language import Plan
from terrascope_sdk.plan.measure_steps import Area, Change, Count, Distance, Rank, Share, Touches
from terrascope_sdk.plan.step import StepBase
from terrascope_sdk.types import Aoi, Check, Mask, Measurement

__all__ = ["measure_plan"]

_BELT_LIMIT = 0.5
"""From this share on, a one-pixel shift between the images could explain most of a change."""


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


def measure_plan(
    plan: Plan, masks: Mapping[str, Mask], aoi: Aoi
) -> tuple[dict[str, tuple[Measurement, ...]], tuple[Check, ...]]:
    """Carry out every step of a plan that measures.

    Args:
        plan: What to measure.
        masks: Mask by step id; steps whose masks were left out are passed over.
        aoi: Where.

    Returns:
        Measurements by step id, the number asked for first; and checks that come with measuring.

    Raises:
        UndefinedMeasurement: A number has no meaning here: an empty region, nothing observed, or no CRS.
    """
    numbers: dict[str, tuple[Measurement, ...]] = {}
    checks: list[Check] = []
    for step in plan.order():
        if step.gives != "measurement":
            continue
        needed = [name for name, kind in step.references if kind == "mask"]
        prefer = _area_unit(plan, step)
        if isinstance(step, Rank):
            numbers[step.id] = _rank(step, masks, aoi)
        elif not all(name in masks for name in needed):
            continue
        elif isinstance(step, Area):
            found = measure.area(masks[step.mask], aoi=aoi)
            numbers[step.id] = (replace(found, prefer=prefer),)
        elif isinstance(step, Share):
            numbers[step.id] = (_share(step, masks, aoi),)
        elif isinstance(step, Count):
            numbers[step.id] = (measure.count(masks[step.mask], aoi=aoi),)
        elif isinstance(step, Distance | Touches):
            numbers[step.id] = tuple(_pair_of(step, masks, aoi))
        elif isinstance(step, Change):
            found_numbers, check = _change(step, masks, aoi, prefer)
            numbers[step.id] = tuple(found_numbers)
            checks.append(check)
    return numbers, tuple(checks)
