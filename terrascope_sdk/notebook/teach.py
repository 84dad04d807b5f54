"""Teach with a question: the chain stops before each mask and number until the student has given one."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from terrascope_sdk.notebook.teach_lesson import RESULTS, Lesson
from terrascope_sdk.notebook.teach_record import read_results
from terrascope_sdk.notebook.teach_scores import Attempt
from terrascope_sdk.types import Mask, TimeRange

if TYPE_CHECKING:
    from terrascope_sdk.agent.agent import Agent

__all__ = ["RESULTS", "Attempt", "Lesson", "read_results", "teach"]


def teach(
    question: str,
    *,
    aoi: Any = None,  # anything resolve_aoi takes
    time: TimeRange | str | tuple[str, str] | None = None,
    sensor: str | None = None,
    agent: Agent | None = None,
    references: Sequence[Mask] = (),
    results: str | Path | None = RESULTS,
    student: str = "",
) -> Lesson:
    """Run a question and return it as a lesson that stops before each mask and each number.

    The run goes through to its end in the kernel; masks, numbers and texts that tell them are sent to the browser,
    and so can get into the notebook's file, only after the student has given an answer of their own.

    Args:
        question: In plain words.
        aoi: The name of a bundled place, a bbox (west, south, east, north) in degrees, a geometry or a GeoJSON file.
        time: Window such as ``"2020"`` or ``"2020/2021"``; what the question says comes first.
        sensor: ``"optical"`` or ``"sar"``; both when left out.
        agent: Whom to ask, such as ``ts.Agent(reasoner=ts.IndexReasoner())``; the default agent when left out.
        references: Masks that the instructor trusts; attempts and the model's masks are scored against them as well.
        results: File to which each attempt is added as a line of JSON; None to keep them in the kernel only.
        student: Name for the results; can also be typed in the lesson. ``anonymous`` when there is none.

    Returns:
        The lesson, a widget.

    Raises:
        InputError: An argument makes no sense, the question has no measured answer, or a reference fits no mask.
        NoScenesFound: No scene fits place and time.
    """
    from terrascope_sdk.agent.agent import Agent as Asked

    answer = (agent or Asked()).ask(question, aoi=aoi, time=time, sensor=sensor)
    return Lesson(answer, references=references, results=results, student=student)
