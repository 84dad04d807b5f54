"""The graph: plan -> find -> load -> reason -> measure -> check -> answer, one node a stage.

Nodes are thin: each calls the stage of the same name, which knows no LangGraph. As soon as a stage decides that the
run ends early (a question back, or a reason why not), the graph goes straight to the answer.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from langchain_core.runnables import RunnableLambda
from langgraph.config import get_stream_writer
from langgraph.graph import END, START, StateGraph

from terrascope_sdk.plan.run_state import RunState
from terrascope_sdk.plan.stages import STAGES, Stages
from terrascope_sdk.types import Event

if TYPE_CHECKING:
    from langgraph.checkpoint.base import BaseCheckpointSaver
    from langgraph.graph.state import CompiledStateGraph

__all__ = ["build_graph"]


def _emit(event: Event) -> None:
    """Send an event into the graph's custom stream; silent where nobody listens."""
    get_stream_writer()(event.to_json())


def _node(stages: Stages, name: str) -> Callable[[RunState], RunState]:
    def node(state: RunState) -> RunState:
        return stages.run(name, state, on_event=_emit)

    node.__name__ = name
    return node


def _next(following: str) -> Callable[[RunState], str]:
    def choose(state: RunState) -> str:
        return "answer" if state.get("status") else following

    return choose


def build_graph(
    stages: Stages, *, checkpointer: BaseCheckpointSaver[Any] | None = None
) -> CompiledStateGraph[RunState, Any, RunState, RunState]:  # no context type
    """Return the compiled graph.

    Args:
        stages: What the nodes do.
        checkpointer: Any LangGraph saver; without one, nothing outlives the call.
    """
    graph = StateGraph(RunState)
    for name in STAGES:
        graph.add_node(name, RunnableLambda(_node(stages, name), name=name))
    graph.add_edge(START, STAGES[0])
    for name, following in itertools.pairwise(STAGES):
        if following == "answer":
            graph.add_edge(name, following)
        else:
            graph.add_conditional_edges(name, _next(following), [following, "answer"])
    graph.add_edge("answer", END)
    return graph.compile(checkpointer=checkpointer, name="terrascope")
