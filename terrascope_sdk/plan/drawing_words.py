"""What a step does, in the few words that fit into a box."""

from __future__ import annotations

from typing import TYPE_CHECKING

from terrascope_sdk.plan.mask_steps import (
    Buffer,
    Complement,
    Components,
    Find,
    Ground,
    Region,
    Select,
    Subtract,
    Within,
)
from terrascope_sdk.plan.measure_steps import Change, Rank, Share, Trend
from terrascope_sdk.plan.other_steps import Ask, Export
from terrascope_sdk.plan.soundness import unit_of
from terrascope_sdk.plan.step import StepBase
from terrascope_sdk.types.concepts import get_concept

if TYPE_CHECKING:
    from terrascope_sdk.plan.language import Plan

__all__ = ["step_unit", "step_words"]

_PLAIN = {
    "load": ("load pixels", "all on one grid"),
    "union": ("in at least one of them", ""),
    "intersect": ("in all of them", ""),
    "area": ("area", ""),
    "count": ("number of patches", ""),
    "length": ("length of the edge", ""),
    "distance": ("shortest distance", ""),
    "touches": ("do they touch?", ""),
    "compare": ("side by side", "with the difference"),
}

_CHANGES = {
    "gain": "what is new", "loss": "what is gone", "net": "net change", "share": "net change, relative",
    "gain_share": "what is new, relative", "loss_share": "what is gone, relative",
}  # fmt: skip


def step_words(plan: Plan, step: StepBase) -> tuple[str, str]:
    """Return what a step does, and when or how.

    Args:
        plan: The plan it belongs to.
        step: One of its steps.
    """
    match step:
        case Find():
            cloud = "" if step.cloud_max_frac is None else f", cloud ≤ {step.cloud_max_frac:.0%}"
            sensor = "scenes" if step.sensor == "any" else f"{step.sensor} scenes"
            return f"find {sensor}", _when(plan, step.window) + cloud
        case Ground():
            when = _when(plan, step.window)
            since = "" if step.earlier is None else f"{_when(plan, step.earlier)} → "
            return get_concept(step.concept).title, since + when + (f", {step.sensor}" if step.sensor else "")
        case Ask():
            return "ask the reasoner", f"“{step.question}”"
        case Export():
            return f"write {step.format}", ", ".join(step.what)
    return _mask_words(step) or _measure_words(step)


def step_unit(plan: Plan, step: StepBase) -> str:
    """Return the unit of a step's number as it is written, or nothing."""
    unit = unit_of(step, {s.id: s for s in plan.steps}) if step.gives == "measurement" else None
    written = {"m2": "m²", "1": "share", None: ""}.get(unit, unit) or ""
    return f"{written} a year" if isinstance(step, Trend) else written


def _when(plan: Plan, window: str) -> str:
    found = plan.window(window)
    return {"clearest": "", "each": "each year of "}.get(found.pick, f"{found.pick} of ") + (
        "any date" if found.time is None else str(found.time)
    )


def _mask_words(step: StepBase) -> tuple[str, str] | None:
    match step:
        case Subtract():
            return "one without the other", f"{step.a} without {step.b}"
        case Complement():
            return "everything else", f"not {step.mask}"
        case Region():
            return f"patch number {step.rank} by size", ""
        case Buffer():
            return f"within {step.distance_m:g} m of it", ""
        case Within():
            name = step.aoi if isinstance(step.aoi, str) else str(step.aoi.get("name") or "an area")
            return f"inside {name}", ""
        case Components():
            return f"patches ≥ {step.min_area_m2:,.10g} m²", ""
        case Select():
            how = "touching" if step.distance_m == 0 else f"within {step.distance_m:g} m of"
            return "whole patches near", f"{step.mask} {how} {step.other}"
    return None


def _measure_words(step: StepBase) -> tuple[str, str]:
    match step:
        case Share():
            return "share", "of the area" if step.of is None else f"{step.mask} of {step.of}"
        case Rank():
            return "order by area", f"{step.first} first"
        case Change():
            return _CHANGES[step.what], f"{step.before} → {step.after}"
        case Trend():
            return "trend", f"{len(step.values)} value{'s' * (len(step.values) != 1)}"
    return _PLAIN[type(step).model_fields["op"].default]
