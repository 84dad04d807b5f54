"""What the answering side gives: an answer, a refusal, or a failure, with its reason."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

__all__ = ["GivenAnswer", "Outcome", "Unit"]

Outcome = Literal["answered", "refused", "failed"]
Unit = Literal["%", "m2", "m", "count", ""]


@dataclass(frozen=True)
class GivenAnswer:
    """One question's answer."""

    id: str
    """Name of the question."""

    outcome: Outcome
    """``refused``: the data, or the reasoner, cannot tell, which can be the right thing to say. ``failed``: the
    question or a file of its scene could not be read, which never is."""

    value: float | int | str | None = None
    """Number in `unit`, ``yes`` or ``no``, or a name; None unless answered."""

    unit: Unit = ""
    """Unit of a number; empty for words."""

    why: str = ""
    """How it was found, or why there is no answer."""

    pixel_m: float | None = None
    """Longer ground side of a pixel in m, which distances are allowed to differ by; None where it is not known."""
