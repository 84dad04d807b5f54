"""The marks of an attempt: fields of its line in the results."""

from __future__ import annotations

from typing import TypedDict

import numpy as np
from jaxtyping import Bool

from terrascope_sdk.errors import InputError
from terrascope_sdk.notebook.teach_exercises import Exercise
from terrascope_sdk.notebook.teach_scores import overlap, relative_error, within_bounds

__all__ = ["Marks", "marks", "read_number"]


class Marks(TypedDict, total=False):
    """The scored fields of an :class:`~terrascope_sdk.notebook.teach_scores.Attempt`, of a mask or of a number."""

    iou_model_frac: float
    precision_frac: float | None
    recall_frac: float | None
    iou_reference_frac: float
    model_reference_frac: float
    given: float
    measured: float
    unit: str
    relative_error: float | None
    within_bounds: bool | None


def marks(exercise: Exercise, pixels: Bool[np.ndarray, "y x"] | None, value: object) -> Marks:
    """Return the marks of an attempt.

    Args:
        exercise: What was asked.
        pixels: What was painted; used for a mask only.
        value: What was predicted, in the exercise's unit, as a number or as it was typed; used for a number only.

    Raises:
        InputError: The value is no number.
    """
    if exercise.mask is not None and pixels is not None:
        model = overlap(pixels, exercise.mask)
        made = Marks(iou_model_frac=model.iou, precision_frac=model.precision, recall_frac=model.recall)
        if exercise.reference is not None:
            made["iou_reference_frac"] = overlap(pixels, exercise.reference).iou
            made["model_reference_frac"] = overlap(exercise.mask.pixels, exercise.reference).iou
        return made
    number = exercise.measurement
    if number is None:  # a mask without a painting: the lesson always has one
        raise InputError("Nothing was painted.")
    given = read_number(value) * exercise.scale
    return Marks(
        given=given,
        measured=float(number.value),
        unit=number.unit,
        relative_error=relative_error(given, number),
        within_bounds=within_bounds(given, number),
    )


def read_number(value: object) -> float:
    """Return what a person typed as a number.

    Raises:
        InputError: It is none.
    """
    try:
        number = float(value) if isinstance(value, bool | int | float) else float(str(value).replace(" ", ""))
    except ValueError as err:
        raise InputError(
            f"{str(value)[:40]!r} is no number.", hint="Write digits, with a point, such as 12.5."
        ) from err
    if not abs(number) < 1e15:  # also false for what is no number
        raise InputError(f"{str(value)[:40]!r} is no number that could be measured.", hint="Write for example 12.5.")
    return number
