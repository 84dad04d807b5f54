"""Run a question or a plan from beginning to end, without any agent framework."""

from __future__ import annotations

from terrascope_sdk.plan.language import Plan
from terrascope_sdk.plan.planning import area_of_plan
from terrascope_sdk.plan.run_state import RunState
from terrascope_sdk.plan.stages import STAGES, Stages
from terrascope_sdk.plan.starting import plan_state
from terrascope_sdk.types import Answer, Listener

__all__ = ["execute", "run_stages", "start_of"]


def run_stages(stages: Stages, state: RunState, *, on_event: Listener | None = None, first: str = "plan") -> Answer:
    """Run the stages in order and return the answer; a stage that decides the status early ends the run.

    Args:
        stages: Workspace and reasoner.
        state: From :func:`~terrascope_sdk.plan.stages.start_state`, or of a run that stopped.
        on_event: Called with each event.
        first: The stage to begin with.
    """
    for name in STAGES[STAGES.index(first) :]:
        if state.get("status") and name != "answer":
            continue
        state = state | stages.run(name, state, on_event=on_event)
    return stages.read_answer(state["answer"])


def execute(plan: Plan, *, stages: Stages | None = None, on_event: Listener | None = None) -> Answer:
    """Carry out a plan that was written or edited by hand.

    Args:
        plan: What to do; must say where.
        stages: Workspace and reasoner; defaults when left out.
        on_event: Called with each event.

    Raises:
        InputError: The plan has no area.
        NoScenesFound: No scene fits.
    """
    return run_stages(stages or Stages(), start_of(plan), on_event=on_event, first="find")


def start_of(plan: Plan) -> RunState:
    """Return the state with which a plan's run begins, after planning.

    Raises:
        InputError: The plan has no area.
    """
    return plan_state(plan.question, plan.to_json(), area_of_plan(plan))
