"""How near an attempt came: a painted mask against a mask, a predicted number against a measurement."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from datetime import UTC, datetime

import numpy as np
from jaxtyping import Bool

from terrascope_sdk.errors import InputError, ParseError
from terrascope_sdk.types import Mask, Measurement
from terrascope_sdk.types.encoding import JsonValue
from terrascope_sdk.types.instant import format_instant, parse_instant

__all__ = ["LESSON_SCHEMA", "Attempt", "Overlap", "overlap", "relative_error", "within_bounds"]

LESSON_SCHEMA = "terrascope-lesson/1"
"""Name and version of a line of a results file."""


@dataclass(frozen=True)
class Overlap:
    """How two masks agree, counted over the pixels that the second one observed."""

    iou: float
    """Pixels in both by pixels in either, 0-1; 1 when both are empty."""

    precision: float | None
    """Share of what was painted that lies in the other mask, 0-1; None when nothing was painted."""

    recall: float | None
    """Share of the other mask that was painted, 0-1; None when the other mask is empty."""


@dataclass(frozen=True)
class Attempt:
    """One exercise of a lesson as a student gave it, with its score. Holds no path and no pixel."""

    question: str
    """The lesson's question."""

    student: str
    """Name that the student gave, or ``anonymous``."""

    session: str
    """Random name of this opening of the lesson, so that attempts of one sitting can be told together."""

    exercise: int
    """Place of the exercise in the lesson, from 1."""

    kind: str
    """``mask`` or ``number``."""

    subject: str
    """What was asked for, in words."""

    at: datetime
    """When it was given, UTC."""

    spent_s: float
    """Time since the exercise was shown, seconds."""

    iou_model_frac: float | None = None
    """IoU against the model's mask, 0-1; of masks only."""

    precision_frac: float | None = None
    """Share of the painted pixels that the model has as well, 0-1."""

    recall_frac: float | None = None
    """Share of the model's pixels that were painted, 0-1."""

    iou_reference_frac: float | None = None
    """IoU against the instructor's reference mask, 0-1; None without one."""

    model_reference_frac: float | None = None
    """IoU of the model's mask against that reference, 0-1: the model can be wrong too."""

    given: float | None = None
    """The number that was predicted, in `unit`; 0 or 1 for no and yes."""

    measured: float | None = None
    """The number that was measured, in `unit`."""

    unit: str = ""
    """Unit of both: ``m2``, ``m``, ``1`` or ``count``, also by ``year-1``."""

    relative_error: float | None = None
    """(given - measured) by the size of the measured number; None where that is zero, and for yes or no."""

    within_bounds: bool | None = None
    """Whether the number lies within the measurement's bounds; for yes or no whether it is right; None without."""

    def to_json(self) -> dict[str, JsonValue]:
        """Return plain JSON values."""
        return {"schema": LESSON_SCHEMA} | asdict(self) | {"at": format_instant(self.at)}

    @classmethod
    def from_json(cls, document: dict[str, JsonValue]) -> Attempt:
        """Read what :meth:`to_json` wrote.

        Raises:
            ParseError: It is something else.
        """
        if document.get("schema") != LESSON_SCHEMA:
            raise ParseError(f"This is no {LESSON_SCHEMA} but {document.get('schema')!r}.")
        known = {f.name for f in fields(cls)}
        try:
            return cls(**{k: v for k, v in document.items() if k in known} | {"at": parse_instant(document["at"])})
        except (KeyError, TypeError, AttributeError, InputError) as err:
            raise ParseError(f"An attempt is incomplete: {err}.") from err


def now() -> datetime:
    """Return the time, UTC, to the second."""
    return datetime.now(UTC).replace(microsecond=0)


def overlap(painted: Bool[np.ndarray, "y x"], mask: Mask) -> Overlap:
    """Return how a painted mask agrees with another one; pixels that the other did not observe do not count.

    Args:
        painted: True where the student says that the thing is; on the grid of `mask`.
        mask: The model's mask or a reference.
    """
    given = painted & mask.valid
    both, either = int((given & mask.pixels).sum()), int((given | mask.pixels).sum())
    mine, theirs = int(given.sum()), int(mask.pixels.sum())
    return Overlap(
        iou=both / either if either else 1.0,
        precision=both / mine if mine else None,
        recall=both / theirs if theirs else None,
    )


def relative_error(given: float, number: Measurement) -> float | None:
    """Return (given - measured) by the size of the measured number; None where that is zero or a truth value.

    Args:
        given: The prediction, in the measurement's unit.
        number: What was measured.
    """
    if isinstance(number.value, bool) or number.value == 0:
        return None
    return (given - number.value) / abs(number.value)


def within_bounds(given: float, number: Measurement) -> bool | None:
    """Return whether a prediction lies within a measurement's bounds, ends included; None where it has none.

    Without bounds, a truth value or a count is right or wrong.

    Args:
        given: The prediction, in the measurement's unit; 0 or 1 for no and yes.
        number: What was measured.
    """
    if number.low is not None and number.high is not None:
        return bool(number.low <= given <= number.high)
    if isinstance(number.value, bool) or number.unit == "count":
        return given == float(number.value)
    return None
