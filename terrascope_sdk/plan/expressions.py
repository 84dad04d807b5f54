"""What a mask of a plan stands for, in one short text, for example ``(crop & water@1)``."""

from collections.abc import Mapping, Sequence

from terrascope_sdk.errors import InputError
from terrascope_sdk.plan.mask_steps import Complement, Ground, Intersect, Region, Subtract, Union
from terrascope_sdk.plan.measure_steps import Change, Rank, Share
from terrascope_sdk.plan.step import StepBase

__all__ = ["mask_expression", "measure_expression"]

Steps = Mapping[str, StepBase]


def mask_expression(steps: Steps, step_id: str, windows: Sequence[str] = ()) -> str:
    """Return a mask as an expression over concepts: ``&``, ``|``, ``-``, ``not``, ``region(...,1)``.

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
        case Region():
            return f"region({inner(step.mask)},{step.rank})"
    raise InputError(f"Step {step_id!r} gives no mask.")


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
    operands = [mask_expression(steps, name, windows) for name, _ in step.references]
    if isinstance(step, Share) and step.of is not None:
        return f"share({' of '.join(operands)})"
    if isinstance(step, Rank) and step.first == "smallest":
        operands.append("smallest first")
    return f"{type(step).__name__.lower()}({', '.join(operands)})"
