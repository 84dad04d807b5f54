"""Running the graph: its streams as events, and the answer last."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Literal

from terrascope_sdk.plan.run_state import RunState
from terrascope_sdk.plan.runnable import RunnablePlan
from terrascope_sdk.plan.stages import Stages
from terrascope_sdk.types import Answer, Event, Listener

if TYPE_CHECKING:
    from langchain_core.runnables import RunnableConfig
    from langgraph.graph.state import CompiledStateGraph
    from langgraph.types import Command

    from terrascope_sdk.agent.threads import Threads

__all__ = ["last_of", "running"]


def running(
    graph: CompiledStateGraph[Any, Any, Any, Any],  # LangGraph's own type variables
    given: RunState | Command[Any] | None,  # what is resumed with is checked before
    config: RunnableConfig,
    *,
    stages: Stages,
    threads: Threads | None,
) -> Iterator[Event | Answer]:
    """Yield the events of a run as they happen, and its answer, or one that says that it waits for approval.

    Args:
        graph: The graph.
        given: The state to begin with, a decision to go on with, or None to go on where a thread stopped.
        config: Which thread.
        stages: What reads the answer.
        threads: The threads, when they are kept. Each checkpoint is written before the next stage begins.
    """
    durability: Literal["sync"] | None = None if threads is None else "sync"
    final: dict[str, Any] = {}  # the graph's last state
    waits = False
    for mode, part in graph.stream(given, config, stream_mode=["custom", "values"], durability=durability):
        if not isinstance(part, dict):  # both modes give objects
            continue
        if mode == "custom":
            yield Event.from_json(part)
        elif "__interrupt__" in part:
            waits = True
        else:
            final = part
    if waits and threads is not None:
        yield from _waiting(threads, str(config["configurable"]["thread_id"]), stages)
    else:
        yield stages.read_answer(final["answer"])


def _waiting(threads: Threads, thread_id: str, stages: Stages) -> Iterator[Event | Answer]:
    state = threads.state(threads.last(thread_id))
    text = (
        f"The plan waits for approval in thread {thread_id}: resume the thread with True, with False, or with a "
        "changed plan."
    )
    yield Event("review", text, {"thread_id": thread_id, "plan": state["plan"]})
    plan = RunnablePlan(state["plan"], stages)
    yield Answer(question=state["question"], status="needs_input", text=text, plan=plan)


def last_of(run: Iterator[Event | Answer], on_event: Listener | None) -> Answer:
    """Return the answer at the end of a run, and hand its events on.

    Args:
        run: Events, and the answer last.
        on_event: Called with each event.
    """
    for item in run:
        if isinstance(item, Answer):
            return item
        if on_event is not None:
            on_event(item)
    raise RuntimeError("The run ended without an answer.")  # every run ends with one
