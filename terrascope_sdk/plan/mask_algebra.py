"""Masks made of other masks: set operations, buffers, areas, patches. What was made once is remembered."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import terrascope_sdk
from terrascope_sdk.measure import buffered, largest_regions, near_patches, sizeable_patches
from terrascope_sdk.plan.mask_steps import (
    Buffer,
    Complement,
    Components,
    Intersect,
    Region,
    Select,
    Subtract,
    Union,
    Within,
)
from terrascope_sdk.plan.step import StepBase
from terrascope_sdk.plan.workspace import Workspace
from terrascope_sdk.stac import resolve_aoi
from terrascope_sdk.types import Aoi, Mask
from terrascope_sdk.types.encoding import JsonValue

__all__ = ["Combined", "combined", "combines", "memory_of", "step_recipe"]

_SETS, _NEAR = "set operation on masks", "distance on the true ground, between pixel centres"

_SET_BYTES, _WORK_BYTES = 8, 100
"""Memory a pixel of set operations, and of everything else (measured with tracemalloc: 4, and 11 to 74)."""


@dataclass(frozen=True)
class Combined:
    """A mask made of others."""

    mask: Mask
    """The mask."""

    how: str
    """How it was made, as half a sentence."""

    method: str
    """Kind of operation."""

    computed: bool
    """Whether it was made now; False when it was known."""


Made = tuple[Mask, str, str]


def _union(step: Any, masks: Mapping[str, Mask]) -> Made:  # each function gets its own class of step
    made = masks[step.masks[0]]
    for name in step.masks[1:]:
        made = made.union(masks[name])
    return made, f"in at least one of {len(step.masks)} masks", _SETS


def _intersect(step: Any, masks: Mapping[str, Mask]) -> Made:
    made = masks[step.masks[0]]
    for name in step.masks[1:]:
        made = made.intersect(masks[name])
    return made, f"in all of {len(step.masks)} masks", _SETS


def _subtract(step: Any, masks: Mapping[str, Mask]) -> Made:
    return masks[step.a].subtract(masks[step.b]), "in the first mask and not in the second", _SETS


def _complement(step: Any, masks: Mapping[str, Mask]) -> Made:
    return masks[step.mask].complement(), "observed, and not in the mask", _SETS


def _region(step: Any, masks: Mapping[str, Mask]) -> Made:
    found = largest_regions(masks[step.mask], n=step.rank)
    return found[-1], f"connected region number {step.rank} of {masks[step.mask].label}, by size", _SETS


def _buffer(step: Any, masks: Mapping[str, Mask]) -> Made:
    return buffered(masks[step.mask], step.distance_m), f"everything within {step.distance_m:g} m of it", _NEAR


def _within(step: Any, masks: Mapping[str, Mask]) -> Made:
    area = Aoi.from_json(step.aoi) if isinstance(step.aoi, dict) else resolve_aoi(step.aoi)
    mask = masks[step.mask]
    return mask.observed_within(mask.grid.contains(area)), f"only inside {area.name or 'the area'}", _SETS


def _components(step: Any, masks: Mapping[str, Mask]) -> Made:
    made = sizeable_patches(masks[step.mask], step.min_area_m2)
    return made, f"only patches of at least {step.min_area_m2:g} m2", "connected patches by their true area"


def _select(step: Any, masks: Mapping[str, Mask]) -> Made:
    made = near_patches(masks[step.mask], masks[step.other], step.distance_m)
    how = "that touch it" if step.distance_m == 0 else f"within {step.distance_m:g} m of it"
    return made, f"only whole patches {how}", _NEAR


_MAKERS: dict[type[StepBase], Callable[[Any, Mapping[str, Mask]], Made]] = {
    Union: _union, Intersect: _intersect, Subtract: _subtract, Complement: _complement, Region: _region,
    Buffer: _buffer, Within: _within, Components: _components, Select: _select,
}  # fmt: skip


def combines(step: StepBase) -> bool:
    """Return whether a step makes a mask of other masks."""
    return type(step) in _MAKERS


def memory_of(step: StepBase, pixels: int) -> int:
    """Return the most memory that a step over masks takes, in bytes.

    Args:
        step: A step that makes a mask of others, or measures masks.
        pixels: Pixels of one mask.
    """
    return pixels * (_SET_BYTES if isinstance(step, Union | Intersect | Subtract | Complement) else _WORK_BYTES)


def step_recipe(step: StepBase, inputs: Mapping[str, JsonValue]) -> dict[str, JsonValue]:
    """Return what decides the result of a step: kind, fields, version, ids of what it takes; but not its own name."""
    fields = step.model_dump(mode="json", exclude={"id"})
    named = {field: fields[field] for field in type(step).inputs if field in fields}
    taken = {
        field: [inputs[n] for n in names] if isinstance(names, list) else None if names is None else inputs[names]
        for field, names in named.items()
    }
    return {"do": "step", "version": terrascope_sdk.__version__} | fields | taken


def combined(step: StepBase, masks: Mapping[str, Mask], *, workspace: Workspace) -> Combined:
    """Return the mask that a step makes of others.

    Args:
        step: One for which :func:`combines` holds.
        masks: Mask by step id.
        workspace: Where results are remembered.

    Raises:
        UndefinedMeasurement: A region that is asked for does not exist, or a distance in pixels without a CRS.
        InputError: The grids differ.
    """
    recipe = step_recipe(step, {name: mask.id for name, mask in masks.items()})
    known = workspace.recall(recipe)
    if known is not None:
        return Combined(workspace.load_mask(known["mask"]), known["how"], known["method"], computed=False)
    mask, how, method = _MAKERS[type(step)](step, masks)
    workspace.save(mask)
    workspace.remember(recipe, {"mask": mask.id, "how": how, "method": method})
    return Combined(mask, how, method, computed=True)
