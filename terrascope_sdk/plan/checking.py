"""Check stage: what can be verified about the masks and numbers of a plan."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from terrascope_sdk import measure
from terrascope_sdk.errors import UndefinedMeasurement
from terrascope_sdk.plan.language import Plan
from terrascope_sdk.plan.measure_steps import Area, Change, Rank, Share
from terrascope_sdk.types import Aoi, Check, Mask

__all__ = ["check_plan"]


def _measured_for_size(plan: Plan) -> set[str]:
    """Return the mask steps whose size is a part of the answer."""
    return {
        name
        for step in plan.steps
        if isinstance(step, Area | Share | Rank | Change)
        for name, kind in step.references
        if kind == "mask"
    }


def check_plan(
    plan: Plan, masks: Mapping[str, Mask], second: Mapping[str, Sequence[Mask]], aoi: Aoi
) -> tuple[Check, ...]:
    """Return the checks of a plan's masks.

    Args:
        plan: What was carried out.
        masks: Mask by step id.
        second: The same thing seen by another sensor or method, by step id; independent evidence where no sensor is
            common to both.
        aoi: Where.
    """
    checks: list[Check] = []
    sized = _measured_for_size(plan)
    for name, mask in masks.items():
        try:
            checks.append(measure.observed_enough(mask, aoi))
            if name in sized and mask.pixels.any():
                checks.append(measure.thin_class(mask, aoi=aoi))
            for other in second.get(name, ()):
                apart = not set(mask.sensor.split("+")) & set(other.sensor.split("+"))
                checks.append(measure.agreement(mask, other, aoi=aoi, independent=apart))
        except UndefinedMeasurement as err:
            checks.append(Check("measurable", passed=False, detail=str(err)))
    return tuple(dict.fromkeys(checks))
