"""One call from a question to a measured answer."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from terrascope_sdk.agent.agent import Agent
from terrascope_sdk.plan.workspace import Workspace
from terrascope_sdk.types import Answer, Listener, Reasoner, TimeRange

__all__ = ["ask"]


def ask(
    question: str,
    *,
    aoi: Any = None,  # anything resolve_aoi takes
    time: TimeRange | str | tuple[str, str] | None = None,
    sensor: str | None = None,
    reasoner: Reasoner | None = None,
    workspace: str | Path | Workspace | None = None,
    on_event: Listener | None = None,
) -> Answer:
    """Answer a question about a place, with numbers measured on masks.

    Args:
        question: In plain words, for example "What share of the scene is water?".
        aoi: The name of a bundled place (see ``ts.places()``), a bbox (west, south, east, north) in degrees, anything
            with ``__geo_interface__``, or a path to a GeoJSON file.
        time: Window such as ``"2020"`` or ``"2020/2021"``; what the question says comes first.
        sensor: ``"optical"`` or ``"sar"``; both when left out.
        reasoner: What turns pixels into masks; the index-based reasoner when left out.
        workspace: Folder for scenes, stacks and masks; the user's cache when left out.
        on_event: Called with each event as it happens.

    Returns:
        An answer that shows itself in a notebook and as text. Its status is ``answered``, ``needs_input`` (with one
        question back) or ``cannot_answer`` (with the reason).

    Raises:
        InputError: The question is empty, or an argument makes no sense.
        NoScenesFound: No scene fits place and time.
        RasterError: Pixels cannot be read.
        ExportError: The workspace cannot be written.
    """
    agent = Agent(reasoner=reasoner, workspace=workspace)
    return agent.ask(question, aoi=aoi, time=time, sensor=sensor, on_event=on_event)
