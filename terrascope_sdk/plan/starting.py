"""The state that a run begins with."""

from __future__ import annotations

from typing import Any

from terrascope_sdk.errors import InputError
from terrascope_sdk.plan.run_state import RunState
from terrascope_sdk.stac import resolve_aoi
from terrascope_sdk.types import TimeRange
from terrascope_sdk.types.encoding import JsonValue

__all__ = ["plan_state", "start_state"]


def start_state(
    question: str,
    *,
    aoi: Any = None,  # anything resolve_aoi takes
    time: TimeRange | str | tuple[str, str] | None = None,
    sensor: str | None = None,
    max_download_bytes: int | None = None,
    max_seconds: float | None = None,
    previous: dict[str, JsonValue] | None = None,
) -> RunState:
    """Return the state that a run begins with: every key, so that nothing of an earlier question of a thread stays.

    Args:
        question: In plain words.
        aoi: Where.
        time: When.
        sensor: ``"optical"``, ``"sar"`` or None for both.
        max_download_bytes: Largest download; a run that would need more ends before anything is loaded.
        max_seconds: Longest estimated time, s; likewise.
        previous: Plan of the question before, as JSON, for a follow-up.

    Raises:
        InputError: The question is empty, a budget is below 0, or area, time or sensor make no sense.
    """
    if not question.strip():
        raise InputError("The question is empty.", hint="Ask for example: What share of the scene is water?")
    if sensor not in (None, "optical", "sar"):
        raise InputError(f"{sensor!r} is no sensor.", hint="Use 'optical' or 'sar', or leave it out for both.")
    for name, most in (("max_download_bytes", max_download_bytes), ("max_seconds", max_seconds)):
        if most is not None and not most >= 0:
            raise InputError(f"{name} cannot be {most}.", hint="Give 0 or more, or leave it out.")
    window = None if time is None else TimeRange.parse(time)
    return _blank() | RunState(
        question=question.strip(),
        aoi=None if aoi is None else resolve_aoi(aoi).to_json(),
        time=None if window is None else str(window),
        sensor=sensor,
        max_download_bytes=None if max_download_bytes is None else int(max_download_bytes),
        max_seconds=None if max_seconds is None else float(max_seconds),
        previous=previous or {},
    )


def plan_state(question: str, plan: dict[str, JsonValue], aoi: dict[str, JsonValue]) -> RunState:
    """Return the state of a run whose plan is there already.

    Args:
        question: What it answers.
        plan: The plan as JSON.
        aoi: Its area as JSON.
    """
    return _blank() | RunState(question=question, plan=plan, planned=plan, aoi=aoi)


def _blank() -> RunState:
    return RunState(
        question="", aoi=None, time=None, sensor=None, max_download_bytes=None, max_seconds=None, previous={}, plan={},
        planned={}, review=False, scenes="", cost={}, stack="", chain="", masks={}, second={}, pictures=[], chains={},
        measurements={}, files={}, computed=[], checks=[], warnings=[], status="", text="", answer="",
    )  # fmt: skip
