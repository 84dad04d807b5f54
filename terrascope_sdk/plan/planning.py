"""Plan stage: from a question to a plan, by the rules or by another planner."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Protocol

from terrascope_sdk.plan.language import Plan
from terrascope_sdk.plan.outcomes import CannotPlan, NeedsInput, PlanOutcome
from terrascope_sdk.plan.rules import plan_question
from terrascope_sdk.plan.run_state import RunState
from terrascope_sdk.stac import places, resolve_aoi
from terrascope_sdk.types import Aoi, Event, Listener, TimeRange
from terrascope_sdk.types.encoding import JsonValue

__all__ = ["Planner", "area_of_plan", "plan_run"]


class Planner(Protocol):
    """Turns questions into plans."""

    def plan(
        self,
        question: str,
        *,
        aoi: Aoi | str | None = None,
        time: TimeRange | None = None,
        sensor: str | None = None,
        known_places: Sequence[str] = (),
        today: date | None = None,
        previous: Plan | None = None,
    ) -> PlanOutcome:
        """Return a plan, a question back, or a refusal; `previous` is the plan of the question before."""


def area_of_plan(plan: Plan) -> dict[str, JsonValue]:
    """Return where a plan looks, as JSON.

    Raises:
        InputError: The plan has no area, or none that is known.
    """
    where = Aoi.from_json(plan.aoi) if isinstance(plan.aoi, dict) else plan.aoi
    return resolve_aoi(where).to_json()


def plan_run(state: RunState, emit: Listener, planner: Planner | None) -> RunState:
    """Return what the plan stage adds to a run.

    Args:
        state: With the question, and the plan of the question before.
        emit: Hears the plan.
        planner: Who plans; the rules when None.
    """
    before = Plan.parse(state["previous"]) if state.get("previous") else None
    outcome = _outcome(state, planner, before)
    if isinstance(outcome, NeedsInput):
        return RunState(status="needs_input", text=f"{outcome.reason} {outcome.question_back}".strip())
    if isinstance(outcome, CannotPlan):
        return RunState(status="cannot_answer", text=outcome.reason)
    plan = outcome.plan
    if plan.aoi is None and before is not None and before.aoi is not None:
        told = (*plan.assumptions, "The area is that of the question before.")
        plan = Plan.parse(plan.to_json() | {"aoi": before.to_json()["aoi"], "assumptions": list(told)})
    if plan.aoi is None:
        names = ", ".join(p.name for p in places())
        return RunState(
            plan=plan.to_json(),
            status="needs_input",
            text=f"Which area do you mean? Name a place ({names}), or give a bbox or a GeoJSON file as aoi.",
        )
    emit(Event("plan", f"{plan.planner}: {len(plan.steps)} steps", {"plan": plan.to_json()}))
    return RunState(plan=plan.to_json(), planned=plan.to_json(), aoi=area_of_plan(plan))


def _outcome(state: RunState, planner: Planner | None, before: Plan | None) -> PlanOutcome:
    aoi = None if state["aoi"] is None else Aoi.from_json(state["aoi"])
    time = None if state["time"] is None else TimeRange.parse(state["time"])
    names = [p.name for p in places()]
    plan = plan_question if planner is None else planner.plan
    return plan(state["question"], aoi=aoi, time=time, sensor=state.get("sensor"), known_places=names, previous=before)
