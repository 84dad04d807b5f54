"""The agent: asks a question through the graph, streams what happens, returns the answer."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from terrascope_sdk.agent.graph import build_graph
from terrascope_sdk.plan.stages import Stages, start_state
from terrascope_sdk.plan.workspace import Workspace
from terrascope_sdk.types import Answer, Event, Listener, Reasoner, TimeRange

if TYPE_CHECKING:
    from langchain_core.runnables import RunnableConfig
    from langgraph.checkpoint.base import BaseCheckpointSaver
    from langgraph.graph.state import CompiledStateGraph

__all__ = ["Agent"]


class Agent:
    """Answers questions by a LangGraph graph whose state holds plain values and whose pixels lie in a workspace.

    Examples:
        >>> import terrascope_sdk as ts
        >>> agent = ts.Agent()
        >>> answer = agent.ask("How many hectares of water are there?", aoi="spain")  # doctest: +SKIP
    """

    def __init__(
        self,
        *,
        reasoner: Reasoner | None = None,
        workspace: str | Path | Workspace | None = None,
        checkpointer: BaseCheckpointSaver[Any] | None = None,
        allow_low_confidence: bool = False,
    ) -> None:
        """Make an agent.

        Args:
            reasoner: What turns pixels into masks; when left out, the network inside the package beside the
                index-based reasoner, each concept mapped by the one that did better on labelled pixels.
            workspace: Folder (or workspace) for scenes, stacks and masks; the user's cache when left out.
            checkpointer: LangGraph saver, to look at a run's states afterwards; none when left out.
            allow_low_confidence: Give numbers also for concepts that the network was not tested on, or maps badly;
                the answer says so. Without it, such a question ends as ``cannot_answer``.
        """
        home = workspace if isinstance(workspace, Workspace) else Workspace(workspace)
        self.stages = Stages(workspace=home, reasoner=reasoner, allow_low_confidence=allow_low_confidence)
        self.checkpointer = checkpointer

    @property
    def workspace(self) -> Workspace:
        """Where the values of the runs lie."""
        return self.stages.workspace

    @property
    def graph(self) -> CompiledStateGraph[Any, Any, Any, Any]:  # LangGraph's own type variables
        """The compiled graph, for use as a subgraph or for drawing."""
        return build_graph(self.stages, checkpointer=self.checkpointer)

    def stream(
        self,
        question: str,
        *,
        aoi: Any = None,  # anything resolve_aoi takes
        time: TimeRange | str | tuple[str, str] | None = None,
        sensor: str | None = None,
        thread_id: str | None = None,
    ) -> Iterator[Event | Answer]:
        """Yield events as they happen, and the answer last.

        Args:
            question: In plain words.
            aoi: A place name, bbox (west, south, east, north), geometry, or GeoJSON file.
            time: Window such as ``"2020"`` or ``"2020/2021"``; what the question says comes first.
            sensor: ``"optical"`` or ``"sar"``; both when left out.
            thread_id: Name of the thread for the checkpointer; a new one when left out.

        Raises:
            InputError: The question is empty, or an argument makes no sense.
            NoScenesFound: No scene fits.
            RasterError: Pixels cannot be read.
        """
        state = start_state(question, aoi=aoi, time=time, sensor=sensor)
        config: RunnableConfig = {"configurable": {"thread_id": thread_id or uuid.uuid4().hex}}
        final: dict[str, Any] = {}  # the graph's last state
        for mode, part in self.graph.stream(state, config, stream_mode=["custom", "values"]):
            if not isinstance(part, dict):  # both modes give objects
                continue
            if mode == "custom":
                yield Event.from_json(part)
            else:
                final = part
        yield self.stages.read_answer(final["answer"])

    def ask(
        self,
        question: str,
        *,
        aoi: Any = None,  # anything resolve_aoi takes
        time: TimeRange | str | tuple[str, str] | None = None,
        sensor: str | None = None,
        thread_id: str | None = None,
        on_event: Listener | None = None,
    ) -> Answer:
        """Return the answer to a question; see :meth:`stream` for the arguments.

        Args:
            question: In plain words.
            aoi: Where.
            time: When.
            sensor: Which sensor.
            thread_id: Name of the thread for the checkpointer.
            on_event: Called with each event as it happens.
        """
        answer: Answer | None = None
        for item in self.stream(question, aoi=aoi, time=time, sensor=sensor, thread_id=thread_id):
            if isinstance(item, Answer):
                answer = item
            elif on_event is not None:
                on_event(item)
        if answer is None:  # stream always ends with one
            raise RuntimeError("The run ended without an answer.")
        return answer

    def __repr__(self) -> str:
        return f"Agent({self.stages.reasoner.name}, {self.workspace!r})"
