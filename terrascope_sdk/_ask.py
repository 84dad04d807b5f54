"""One call from a question to a measured answer."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from terrascope_sdk.agent.agent import Agent
from terrascope_sdk.plan.workspace import Workspace
from terrascope_sdk.types import Answer, Listener, Reasoner, TimeRange

if TYPE_CHECKING:
    from terrascope_sdk.plan.planning import Planner
    from terrascope_sdk.stac import Catalog

__all__ = ["ask"]


def ask(  # noqa: PLR0913  # the front door has every switch; all but the question are keywords
    question: str,
    *,
    aoi: Any = None,  # anything resolve_aoi takes
    time: TimeRange | str | tuple[str, str] | None = None,
    sensor: str | None = None,
    reasoner: Reasoner | None = None,
    allow_low_confidence: bool = False,
    workspace: str | Path | Workspace | None = None,
    on_event: Listener | None = None,
    catalog: str | Path | Catalog | None = None,
    planner: Planner | None = None,
) -> Answer:
    """Answer a question about a place, with numbers measured on masks.

    Args:
        question: In plain words, for example "What share of the scene is water?".
        aoi: The name of a bundled place (see ``ts.places()``), a bbox (west, south, east, north) in degrees, anything
            with ``__geo_interface__``, or a path to a GeoJSON file.
        time: Window such as ``"2020"`` or ``"2020/2021"``; what the question says comes first.
        sensor: ``"optical"`` or ``"sar"``; both when left out.
        reasoner: What turns pixels into masks; when left out, the network inside the package beside the index-based
            reasoner, each concept mapped by the one that did better on labelled pixels. The answer says which.
        allow_low_confidence: Give numbers also for concepts that the network was not tested on, or maps with an
            intersection over union below 0.5; the answer says so. Without it, they end as ``cannot_answer``.
        workspace: Folder for scenes, stacks and masks; the user's cache when left out.
        on_event: Called with each event as it happens.
        catalog: Where scenes are looked for: the bundled catalogue when left out; else the name of a known one, the
            address of a STAC API, or the path of a catalogue file.
        planner: What turns the question into a plan, for example a ``ChatPlanner``; the rules when left out.

    Returns:
        An answer that shows itself in a notebook and as text. Its status is ``answered``, ``needs_input`` (with one
        question back) or ``cannot_answer`` (with the reason).

    Raises:
        InputError: The question is empty, or an argument makes no sense.
        NoScenesFound: No scene fits place and time.
        CatalogError: The catalogue cannot be reached or read.
        RasterError: Pixels cannot be read.
        ExportError: The workspace cannot be written.
    """
    agent = Agent(
        reasoner=reasoner,
        workspace=workspace,
        checkpointer=False,
        allow_low_confidence=allow_low_confidence,
        catalog=catalog,
        planner=planner,
    )
    return agent.ask(question, aoi=aoi, time=time, sensor=sensor, on_event=on_event)
