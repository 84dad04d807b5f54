"""The graph: plan -> review -> find -> estimate -> load -> reason -> measure -> check -> answer, one node a stage.

Nodes are thin: each calls the stage of the same name, which knows no LangGraph. As soon as a stage decides that the
run ends early (a question back, or a reason why not), the graph goes straight to the answer. The review does nothing
unless one was asked for; it is a node of its own, so that nothing runs twice when the graph goes on.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from langchain_core.runnables import RunnableLambda
from langgraph.config import get_stream_writer
from langgraph.graph import END, START, StateGraph

from terrascope_sdk.agent.reviewing import Reviewer, asked_person, asked_reviewer
from terrascope_sdk.plan.run_state import RunState
from terrascope_sdk.plan.shelving import shelved, unshelved
from terrascope_sdk.plan.stages import STAGES, Stages
from terrascope_sdk.types import Event

if TYPE_CHECKING:
    from langgraph.checkpoint.base import BaseCheckpointSaver
    from langgraph.graph.state import CompiledStateGraph

__all__ = ["NODES", "build_graph"]

Node = Callable[[RunState], RunState]


NODES = ("plan", "review", *STAGES[1:])
"""Names of the nodes in the order in which they run."""


def _emit(event: Event) -> None:
    """Send an event into the graph's custom stream; silent where nobody listens."""
    get_stream_writer()(event.to_json())


def _node(stages: Stages, name: str, work: Node) -> RunnableLambda[RunState, RunState]:
    def node(state: RunState) -> RunState:
        return shelved(work(unshelved(state, stages.workspace)), stages.workspace)

    node.__name__ = name
    return RunnableLambda(node, name=name)


def _stage(stages: Stages, name: str) -> Node:
    return lambda state: stages.run(name, state, on_event=_emit)


def _review(reviewer: Reviewer | None, timeout_s: float | None) -> Node:
    def work(state: RunState) -> RunState:
        if not state.get("review"):
            return RunState(review=False)
        if reviewer is None:
            return asked_person(state)
        _emit(Event("review", "The plan is shown for approval.", {"plan": state["plan"]}))
        return asked_reviewer(state, reviewer, timeout_s)

    return work


def _next(following: str) -> Callable[[RunState], str]:
    def choose(state: RunState) -> str:
        return "answer" if state.get("status") else following

    return choose


def build_graph(
    stages: Stages,
    *,
    checkpointer: BaseCheckpointSaver[Any] | None = None,
    reviewer: Reviewer | None = None,
    review_timeout_s: float | None = None,
) -> CompiledStateGraph[RunState, Any, RunState, RunState]:  # no context type
    """Return the compiled graph.

    Args:
        stages: What the nodes do.
        checkpointer: Any LangGraph saver; without one, nothing outlives the call.
        reviewer: A function that decides about plans for which the state asks a review; without one, the graph stops
            there until ``Command(resume=...)`` brings a decision, which needs a checkpointer.
        review_timeout_s: How long such a function may take, s; longer counts as no.
    """
    graph = StateGraph(RunState)
    for name in NODES:
        work = _review(reviewer, review_timeout_s) if name == "review" else _stage(stages, name)
        graph.add_node(name, _node(stages, name, work))
    graph.add_edge(START, NODES[0])
    for name, following in itertools.pairwise(NODES):
        if following == "answer":
            graph.add_edge(name, following)
        else:
            graph.add_conditional_edges(name, _next(following), [following, "answer"])
    graph.add_edge("answer", END)
    return graph.compile(checkpointer=checkpointer, name="terrascope")
