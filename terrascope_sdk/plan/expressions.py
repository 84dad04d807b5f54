"""What a mask of a plan stands for, in one short text, for example ``(crop & water@1)``."""

from collections.abc import Callable, Mapping, Sequence

from terrascope_sdk.errors import InputError
from terrascope_sdk.plan.mask_steps import (
    Buffer,
    Complement,
    Components,
    Ground,
    Intersect,
    Region,
    Select,
    Subtract,
    Union,
    Within,
)
from terrascope_sdk.plan.measure_steps import Change, Compare, Rank, Share, Trend
from terrascope_sdk.plan.step import StepBase

__all__ = ["mask_expression", "measure_expression"]

Steps = Mapping[str, StepBase]


def mask_expression(steps: Steps, step_id: str, windows: Sequence[str] = ()) -> str:
    """Return a mask as an expression over concepts: ``&``, ``|``, ``-``, ``not``, ``buffer(...,500)`` and so on.

    Operands of ``&`` and ``|`` are sorted, so that equal sets give equal text.

    Args:
        steps: Steps by id; references must be known and free of cycles.
        step_id: A step that gives a mask.
        windows: Names of the windows; when there are two or more, a concept is marked with its position (``@1``),
            except one that takes two dates by itself.

    Raises:
        InputError: The step gives no mask.
    """
    step = steps[step_id]

    def inner(name: str) -> str:
        return mask_expression(steps, name, windows)

    match step:
        case Ground():
            marked = len(windows) > 1 and step.earlier is None
            return f"{step.concept}@{windows.index(step.window)}" if marked else step.concept
        case Union():
            return f"({' | '.join(sorted(map(inner, step.masks)))})"
        case Intersect():
            return f"({' & '.join(sorted(map(inner, step.masks)))})"
        case Subtract():
            return f"({inner(step.a)} - {inner(step.b)})"
        case Complement():
            return f"not {inner(step.mask)}"
        case Region() | Buffer() | Within() | Components() | Select():
            return _called(step, inner)
    raise InputError(f"Step {step_id!r} gives no mask.")


def _called(step: Region | Buffer | Within | Components | Select, inner: Callable[[str], str]) -> str:
    """Return a mask that is made by a call, with what stands behind the mask in its brackets."""
    match step:
        case Region():
            name, behind = "region", f"{step.rank}"
        case Buffer():
            name, behind = "buffer", f"{round(step.distance_m)}"
        case Within():
            name, behind = "within", step.aoi if isinstance(step.aoi, str) else str(step.aoi.get("name") or "area")
        case Components():
            name, behind = "patches", f"{step.min_area_m2:g}"
        case Select():
            name, behind = "near", f"{inner(step.other)},{step.distance_m:g}"
    return f"{name}({inner(step.mask)},{behind})"


def measure_expression(steps: Steps, step_id: str, windows: Sequence[str] = ()) -> str:
    """Return a measuring step as text: ``share((crop & water) of crop)``, ``change(net, water)``.

    Args:
        steps: Steps by id.
        step_id: A step that gives a measurement.
        windows: As for :func:`mask_expression`.
    """
    step = steps[step_id]
    if isinstance(step, Change):  # the dates are those of before and after
        return f"change({step.what}, {mask_expression(steps, step.after)})"
    if isinstance(step, Compare | Trend):
        inside = (measure_expression(steps, name, windows) for name, _ in step.references)
        return f"{type(step).__name__.lower()}({', '.join(inside)})"
    operands = [mask_expression(steps, name, windows) for name, _ in step.references]
    if isinstance(step, Share) and step.of is not None:
        return f"share({' of '.join(operands)})"
    if isinstance(step, Rank) and step.first == "smallest":
        operands.append("smallest first")
    return f"{type(step).__name__.lower()}({', '.join(operands)})"
