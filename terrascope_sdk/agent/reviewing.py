"""Review: a plan is shown to a person, who approves it, changes it or says no, before anything is spent."""

from __future__ import annotations

import concurrent.futures
import json
from collections.abc import Callable
from typing import Annotated, cast

from langgraph.types import interrupt
from pydantic import Strict

from terrascope_sdk.errors import InputError
from terrascope_sdk.plan.language import Plan
from terrascope_sdk.plan.planning import area_of_plan
from terrascope_sdk.plan.run_state import RunState
from terrascope_sdk.types.encoding import JsonValue

__all__ = ["Decision", "Reviewer", "asked_person", "asked_reviewer", "decided", "decision_of"]

Decision = Plan | bool
"""What may come back from a review: a plan instead of the one that was shown, True, or False."""

Reviewer = Callable[[Plan], Decision]
"""Anything that is shown a plan and decides."""

_Reply = Annotated[bool, Strict()] | Plan

_MAX_SHOWN = 20_000
"""Characters of a plan that travel in an interrupt; the text form stands in for a longer one."""


def asked_person(state: RunState) -> RunState:
    """Stop the graph until a decision comes back by ``Command(resume=...)``; anything but a decision is refused.

    Args:
        state: With the plan.
    """
    shown: JsonValue = state["plan"]
    plan = Plan.parse(shown)
    if len(json.dumps(shown)) > _MAX_SHOWN:
        shown = {"id": plan.id}
    question = {"question": plan.question, "plan": shown, "text": str(plan)[: _MAX_SHOWN // 4]}
    reply = interrupt(question, response_schema=cast(type[Decision], _Reply))  # a union has a schema too
    return decided(reply, plan)


def asked_reviewer(state: RunState, reviewer: Reviewer, timeout_s: float | None) -> RunState:
    """Ask a function to decide, and count silence as no.

    Args:
        state: With the plan.
        reviewer: Who decides.
        timeout_s: How long to wait, s; for ever when None.

    Raises:
        InputError: What came back is no decision.
    """
    plan = Plan.parse(state["plan"])
    pool = concurrent.futures.ThreadPoolExecutor(1, "terrascope-review")
    try:
        reply = decision_of(pool.submit(reviewer, plan).result(timeout_s))
    except concurrent.futures.TimeoutError:
        return _refused(f"Nobody approved the plan within {timeout_s:g} s, which counts as no. Nothing was spent.")
    finally:
        pool.shutdown(wait=False)
    return decided(reply, plan)


def decision_of(value: Decision | JsonValue) -> Decision:
    """Return a value from outside as a decision.

    Args:
        value: True, False, a plan, or a plan as JSON.

    Raises:
        InputError: It is none; for a plan the message names the step and what is wrong with it.
    """
    if isinstance(value, bool | Plan):
        return value
    if isinstance(value, dict):
        return Plan.parse(value)
    raise InputError(f"{str(value)[:60]!r} is no decision about a plan.", hint="Give True, False, or a changed plan.")


def decided(reply: Decision, plan: Plan) -> RunState:
    """Return what a decision adds to a run.

    Args:
        reply: The decision.
        plan: The plan that was shown.

    Raises:
        InputError: The new plan has no area that is known.
    """
    if reply is False:
        return _refused("The plan was not approved, so nothing was spent. Change it, or ask another question.")
    if reply is True:
        return RunState(review=False)
    where = reply if reply.aoi is not None else Plan.parse(reply.to_json() | {"aoi": plan.to_json()["aoi"]})
    return RunState(review=False, plan=where.to_json(), planned=where.to_json(), aoi=area_of_plan(where))


def _refused(text: str) -> RunState:
    return RunState(review=False, status="cannot_answer", text=text)
