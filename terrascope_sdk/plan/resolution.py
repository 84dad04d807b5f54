"""What a mask goes back to, and whether its pixels are fine enough to count single things."""

from __future__ import annotations

from collections.abc import Mapping

from terrascope_sdk.errors import UndefinedMeasurement
from terrascope_sdk.plan.language import Plan
from terrascope_sdk.plan.mask_steps import Ground
from terrascope_sdk.plan.measure_steps import Count
from terrascope_sdk.types import Mask
from terrascope_sdk.types.concepts import get_concept

__all__ = ["grounds_of", "require_countable"]


def grounds_of(plan: Plan, step_id: str) -> list[str]:
    """Return the ids of the ground steps that a mask or a measurement goes back to."""
    step = plan.step(step_id)
    if isinstance(step, Ground):
        return [step_id]
    return [i for name, kind in step.references if kind in ("mask", "measurement") for i in grounds_of(plan, name)]


def require_countable(step: Count, plan: Plan, masks: Mapping[str, Mask]) -> None:
    """Refuse to count things that are smaller than a pixel, whoever drew the mask.

    Raises:
        UndefinedMeasurement: The mask goes back to a concept whose single things such pixels cannot show.
    """
    grid = masks[step.mask].grid
    if grid.crs is None:
        return
    side_m = max(grid.pixel_size_m)
    for name in grounds_of(plan, step.mask):
        concept = get_concept(plan.step(name).concept)  # type: ignore[union-attr]  # a ground step has one
        if concept.max_gsd_m is not None and side_m > concept.max_gsd_m:
            raise UndefinedMeasurement(
                f"Step {step.id!r} counts {concept.title} in pixels of {side_m:.3g} m: single ones are smaller than a "
                f"pixel and run together; counting them takes pixels of {concept.max_gsd_m:g} m or finer.",
                hint="Measure the area or the share instead, or load finer imagery.",
            )
