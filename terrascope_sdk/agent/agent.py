"""The agent: asks questions through the graph, streams what happens, keeps threads that can be left and taken up."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from terrascope_sdk.agent.graph import build_graph
from terrascope_sdk.agent.reviewing import Decision, Reviewer, decision_of
from terrascope_sdk.agent.running import last_of, running
from terrascope_sdk.agent.threads import Moment, Threads, age_s, config_of, is_waiting
from terrascope_sdk.errors import InputError
from terrascope_sdk.plan.language import Plan
from terrascope_sdk.plan.planning import Planner, area_of_plan
from terrascope_sdk.plan.run_state import RunState
from terrascope_sdk.plan.shelving import shelved
from terrascope_sdk.plan.stages import Stages, start_state
from terrascope_sdk.plan.workspace import Workspace
from terrascope_sdk.stac import Catalog
from terrascope_sdk.types import Answer, Event, Listener, Reasoner, TimeRange
from terrascope_sdk.types.encoding import JsonValue

if TYPE_CHECKING:
    from langchain_core.runnables import RunnableConfig
    from langgraph.checkpoint.base import BaseCheckpointSaver
    from langgraph.graph.state import CompiledStateGraph
    from langgraph.types import Command

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
        checkpointer: BaseCheckpointSaver[Any] | Literal[False] | None = None,
        allow_low_confidence: bool = False,
        catalog: str | Path | Catalog | None = None,
        planner: Planner | None = None,
        review: bool | Reviewer = False,
        review_timeout_s: float | None = None,
    ) -> None:
        """Make an agent.

        Args:
            reasoner: What turns pixels into masks; when left out, the network inside the package beside the
                index-based reasoner, each concept mapped by the one that did better on labelled pixels.
            workspace: Folder (or workspace) for scenes, stacks and masks; the user's cache when left out.
            checkpointer: Where threads are kept: any LangGraph saver; a SQLite file in the workspace when left out;
                False for nowhere.
            allow_low_confidence: Give numbers also for concepts that the network was not tested on, or maps badly;
                the answer says so. Without it, such a question ends as ``cannot_answer``.
            catalog: Where scenes are looked for: anything that ``search`` takes; the bundled catalogue when left out.
            planner: What turns questions into plans, for example a ``ChatPlanner``; the rules when left out.
            review: True to stop at every plan until :meth:`resume` brings a decision; or a function that is shown the
                plan and returns True, False or a changed plan.
            review_timeout_s: How long a decision may take, s; a later one counts as no. For ever when left out.

        Raises:
            InputError: A review without a checkpointer, or a time-out that is not above 0.
        """
        if review is True and checkpointer is False:
            raise InputError("A plan that waits for approval has to be kept.", hint="Leave checkpointer out.")
        if review_timeout_s is not None and not review_timeout_s > 0:
            raise InputError(f"review_timeout_s cannot be {review_timeout_s}.", hint="Give seconds above 0.")
        home = workspace if isinstance(workspace, Workspace) else Workspace(workspace)
        self.stages = Stages(
            workspace=home,
            reasoner=reasoner,
            allow_low_confidence=allow_low_confidence,
            catalog=catalog,
            planner=planner,
        )
        self.review = review
        self.review_timeout_s = review_timeout_s
        self._saver = checkpointer

    @property
    def workspace(self) -> Workspace:
        """Where the values of the runs lie."""
        return self.stages.workspace

    @cached_property
    def checkpointer(self) -> BaseCheckpointSaver[Any] | None:
        """What keeps the threads; None when nothing does."""
        if self._saver is False:
            return None
        if self._saver is not None:
            return self._saver
        from terrascope_sdk.agent.savers import workspace_saver

        return workspace_saver(self.workspace)

    @cached_property
    def graph(self) -> CompiledStateGraph[Any, Any, Any, Any]:  # LangGraph's own type variables
        """The compiled graph, for use as a subgraph or for drawing."""
        reviewer = None if isinstance(self.review, bool) else self.review
        return build_graph(
            self.stages, checkpointer=self.checkpointer, reviewer=reviewer, review_timeout_s=self.review_timeout_s
        )

    # -------------------------------------------------------------------------------------------------------- asking

    def stream(
        self,
        question: str,
        *,
        aoi: Any = None,  # anything resolve_aoi takes
        time: TimeRange | str | tuple[str, str] | None = None,
        sensor: str | None = None,
        thread_id: str | None = None,
        max_download_bytes: int | None = None,
        max_seconds: float | None = None,
    ) -> Iterator[Event | Answer]:
        """Yield events as they happen, and the answer last.

        Args:
            question: In plain words. In a thread that had a question before, it may be a follow-up of that.
            aoi: A place name, bbox (west, south, east, north), geometry, or GeoJSON file.
            time: Window such as ``"2020"`` or ``"2020/2021"``; what the question says comes first.
            sensor: ``"optical"`` or ``"sar"``; both when left out.
            thread_id: Name of the thread; a new one when left out.
            max_download_bytes: A plan that would download more ends as ``cannot_answer`` before anything is loaded.
            max_seconds: A plan that would take longer, by the estimate, ends likewise.

        Raises:
            InputError: The question is empty, or an argument makes no sense.
            NoScenesFound: No scene fits.
            CatalogError: The catalogue cannot be reached or read.
            RasterError: Pixels cannot be read.
        """
        config = config_of(thread_id)
        known = thread_id is not None and self.checkpointer is not None
        state = start_state(
            question,
            aoi=aoi,
            time=time,
            sensor=sensor,
            max_download_bytes=max_download_bytes,
            max_seconds=max_seconds,
            previous=self._threads.previous_plan(str(thread_id)) if known else None,
        )
        state |= RunState(review=bool(self.review))
        yield from self._run(shelved(state, self.workspace), config)

    def ask(
        self,
        question: str,
        *,
        aoi: Any = None,  # anything resolve_aoi takes
        time: TimeRange | str | tuple[str, str] | None = None,
        sensor: str | None = None,
        thread_id: str | None = None,
        max_download_bytes: int | None = None,
        max_seconds: float | None = None,
        on_event: Listener | None = None,
    ) -> Answer:
        """Return the answer to a question; see :meth:`stream` for the arguments.

        With ``review=True`` it is an answer of status ``needs_input`` that carries the plan; :meth:`resume` goes on.

        Args:
            question: In plain words.
            aoi: Where.
            time: When.
            sensor: Which sensor.
            thread_id: Name of the thread.
            max_download_bytes: Largest download.
            max_seconds: Longest estimated time, s.
            on_event: Called with each event as it happens.
        """
        run = self.stream(
            question,
            aoi=aoi,
            time=time,
            sensor=sensor,
            thread_id=thread_id,
            max_download_bytes=max_download_bytes,
            max_seconds=max_seconds,
        )
        return last_of(run, on_event)

    # ------------------------------------------------------------------------------------------------------- threads

    def resume(
        self, thread_id: str, decision: Decision | JsonValue = None, *, on_event: Listener | None = None
    ) -> Answer:
        """Go on with a thread where it stopped, in this process or in another: killed, failed, or waiting.

        What had finished is not computed again. A thread that had ended gives its answer.

        Args:
            thread_id: Name of the thread.
            decision: For a thread that waits for approval: True, False, or a changed plan (also as JSON).
            on_event: Called with each event as it happens.

        Raises:
            InputError: There is no such thread; or it waits and `decision` is none; a plan that cannot be used is
                named with its step, and the thread goes on waiting.
        """
        from langgraph.types import Command

        last = self._threads.last(thread_id)
        config = config_of(thread_id)
        if not last.tasks:  # a stage that had finished and was not yet followed by the next is a task still
            return self.stages.read_answer(str(last.values["answer"]))
        if not is_waiting(last):
            return last_of(self._run(None, config), on_event)
        reply = self._checked(decision)
        if self.review_timeout_s is not None and age_s(last) > self.review_timeout_s:
            reply = False
            if on_event is not None:
                text = f"The time for approval, {self.review_timeout_s:g} s, is over, which counts as no."
                on_event(Event("review", text))
        given = reply.to_json() if isinstance(reply, Plan) else reply
        return last_of(self._run(Command(resume=given), config), on_event)

    def history(self, thread_id: str) -> tuple[Moment, ...]:
        """Return the moments of a thread, newest first.

        Args:
            thread_id: Name of the thread.

        Raises:
            InputError: There is no such thread.
        """
        return tuple(self._threads.moments(thread_id))

    def fork(
        self,
        thread_id: str,
        *,
        stage: str = "find",
        checkpoint: str | None = None,
        plan: Plan | None = None,
        new_thread: str | None = None,
    ) -> str:
        """Begin a new thread at a moment of another and return its name; :meth:`resume` runs it.

        Only what differs is computed: with an edited plan, the changed steps and those that take what they give.

        Args:
            thread_id: The thread to leave; it stays as it is.
            stage: The stage to go on with.
            checkpoint: Id of a certain moment from :meth:`history`; the newest before that stage when left out.
            plan: Instead of the plan that was there.
            new_thread: Name for the new thread; made up when left out.

        Raises:
            InputError: There is no such thread, moment or stage, or the plan has no area.
        """
        return self._threads.branch(thread_id, stage=stage, checkpoint=checkpoint, plan=plan, new_thread=new_thread)

    # ------------------------------------------------------------------------------------------------------- running

    @property
    def _threads(self) -> Threads:
        if self.checkpointer is None:
            raise InputError("This agent keeps no threads.", hint="Leave checkpointer out when making it.")
        return Threads(self.graph, self.workspace)

    def _checked(self, decision: Decision | JsonValue) -> Decision:
        reply = decision_of(decision)
        if isinstance(reply, Plan) and reply.aoi is not None:
            area_of_plan(reply)  # an area that is not known is told before the thread goes on
        return reply

    def _run(self, given: RunState | Command[Any] | None, config: RunnableConfig) -> Iterator[Event | Answer]:
        threads = None if self.checkpointer is None else self._threads
        return running(self.graph, given, config, stages=self.stages, threads=threads)

    def __repr__(self) -> str:
        return f"Agent({self.stages.reasoner.name}, {self.workspace!r})"
