"""Threads: what a saver knows of a conversation, moment by moment, and new threads that begin at one of them."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, cast

from terrascope_sdk.agent.graph import NODES
from terrascope_sdk.errors import InputError
from terrascope_sdk.plan.language import Plan
from terrascope_sdk.plan.planning import area_of_plan
from terrascope_sdk.plan.run_state import RunState
from terrascope_sdk.plan.shelving import shelved, unshelved
from terrascope_sdk.plan.workspace import Workspace
from terrascope_sdk.types.encoding import JsonValue

if TYPE_CHECKING:
    from langchain_core.runnables import RunnableConfig
    from langgraph.graph.state import CompiledStateGraph
    from langgraph.types import StateSnapshot

    Graph = CompiledStateGraph[Any, Any, Any, Any]  # LangGraph's own type variables

__all__ = ["Moment", "Threads", "config_of"]

_MAX_NAME = 200


@dataclass(frozen=True)
class Moment:
    """One checkpoint of a thread: what was known between two stages."""

    checkpoint: str
    """Its id, for :meth:`Agent.fork`."""

    following: str
    """The stage that came next; empty when the run had ended."""

    question: str
    """What was asked."""

    status: str
    """As in an answer; empty while it was open."""

    waits: bool
    """Whether the run waits here for approval of its plan."""

    created: str
    """When, ISO 8601."""

    plan: dict[str, JsonValue]
    """The plan as JSON; empty before there was one."""


def config_of(thread_id: str | None, checkpoint: str | None = None) -> RunnableConfig:
    """Return LangGraph's configuration for a thread; a new one when no name is given.

    Raises:
        InputError: The name is empty, too long, or no text.
    """
    name = uuid.uuid4().hex if thread_id is None else thread_id
    if not isinstance(name, str) or not name.strip() or len(name) > _MAX_NAME:
        raise InputError(f"{str(name)[:40]!r} cannot name a thread.", hint=f"Use 1 to {_MAX_NAME} characters.")
    found: dict[str, str] = {"thread_id": name}
    if checkpoint is not None:
        found |= {"checkpoint_id": checkpoint, "checkpoint_ns": ""}
    return {"configurable": found}


class Threads:
    """The threads that the saver of a graph keeps."""

    def __init__(self, graph: Graph, workspace: Workspace) -> None:
        self.graph = graph
        self.workspace = workspace

    def last(self, thread_id: str) -> StateSnapshot:
        """Return the newest state of a thread.

        Raises:
            InputError: There is no such thread.
        """
        found = self.graph.get_state(config_of(thread_id))
        if found.created_at is None:
            raise InputError(
                f"There is no thread {thread_id[:60]!r} in {self.workspace.folder}.",
                hint="Use the workspace (or checkpointer) in which it was begun.",
            )
        return found

    def state(self, snapshot: StateSnapshot) -> RunState:
        """Return the values of a state, whole."""
        return unshelved(cast(RunState, snapshot.values), self.workspace)

    def previous_plan(self, thread_id: str) -> dict[str, JsonValue]:
        """Return the plan of the last question of a thread that had one; empty when there is none."""
        found = self.graph.get_state(config_of(thread_id))
        state = self.state(found)
        return state.get("planned") or state.get("previous") or {}

    def moments(self, thread_id: str) -> Iterator[Moment]:
        """Yield the moments of a thread, newest first.

        Raises:
            InputError: There is no such thread.
        """
        self.last(thread_id)
        for found in self.graph.get_state_history(config_of(thread_id)):
            state = self.state(found)
            yield Moment(
                checkpoint=str(found.config["configurable"]["checkpoint_id"]),
                following=next((task.name for task in found.tasks), ""),
                question=state.get("question", ""),
                status=state.get("status", ""),
                waits=is_waiting(found),
                created=str(found.created_at),
                plan=state.get("plan", {}),
            )

    def branch(
        self, thread_id: str, *, stage: str, checkpoint: str | None, plan: Plan | None, new_thread: str | None
    ) -> str:
        """Begin a new thread at a moment of another, which stays as it is; return its name.

        Args:
            thread_id: The thread to leave.
            stage: The stage to go on with.
            checkpoint: A certain moment, before that stage or after it; the newest before it when left out.
            plan: Instead of the plan that was there.
            new_thread: Name for the new thread.

        Raises:
            InputError: There is no such thread, moment or stage, or the plan has no area.
        """
        if stage not in NODES:
            raise InputError(f"There is no stage {stage[:40]!r}.", hint=f"Stages are {', '.join(NODES)}.")
        if plan is not None and NODES.index(stage) > NODES.index("find"):
            raise InputError(f"With another plan a run cannot go on at {stage!r}.", hint="Use stage='find'.")
        values = self.state(self._at(thread_id, stage, checkpoint))
        if plan is not None:
            document = plan.to_json()
            values |= RunState(question=plan.question, plan=document, planned=document, aoi=area_of_plan(plan))
        config = config_of(new_thread)
        if self.graph.get_state(config).created_at is not None:
            raise InputError(f"There is a thread {new_thread!r} already.", hint="Choose another name.")
        before = "__start__" if stage == NODES[0] else NODES[NODES.index(stage) - 1]
        self.graph.update_state(config, shelved(values, self.workspace), as_node=before)
        return str(config["configurable"]["thread_id"])

    def _at(self, thread_id: str, stage: str, checkpoint: str | None) -> StateSnapshot:
        self.last(thread_id)
        for found in self.graph.get_state_history(config_of(thread_id)):
            here = stage in {task.name for task in found.tasks} if checkpoint is None else _id_of(found) == checkpoint
            if here:
                return found
        what = f"moment before {stage!r}" if checkpoint is None else f"checkpoint {checkpoint[:60]!r}"
        raise InputError(f"Thread {thread_id[:60]!r} has no {what}.", hint="agent.history(thread_id) lists them.")


def is_waiting(snapshot: StateSnapshot) -> bool:
    """Return whether a run waits for a decision."""
    return bool(snapshot.interrupts)


def age_s(snapshot: StateSnapshot) -> float:
    """Return how long ago a state was written, s."""
    return (datetime.now(UTC) - datetime.fromisoformat(str(snapshot.created_at))).total_seconds()


def _id_of(snapshot: StateSnapshot) -> str:
    return str(snapshot.config["configurable"]["checkpoint_id"])
