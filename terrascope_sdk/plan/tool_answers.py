"""Tools that answer a whole question, or carry out a plan that was written out."""

from __future__ import annotations

import json

from terrascope_sdk.errors import InputError
from terrascope_sdk.plan.execute import execute, run_stages
from terrascope_sdk.plan.language import Plan
from terrascope_sdk.plan.mask_steps import Within
from terrascope_sdk.plan.starting import start_state
from terrascope_sdk.plan.tool_arguments import AnswerQuestion, RunPlan, is_area
from terrascope_sdk.plan.tool_digest import ToolResult, answer_lines, digest, masks_of
from terrascope_sdk.plan.tool_imagery import mask_entry
from terrascope_sdk.plan.tool_workshop import ToolCall, Workshop
from terrascope_sdk.stac import resolve_aoi
from terrascope_sdk.stac.shown_text import shown
from terrascope_sdk.types import Answer, Aoi, Event
from terrascope_sdk.types.encoding import JsonValue

__all__ = ["answer_question", "run_plan"]

_LARGEST_BYTES = 24_000
"""Largest chain or plan that travels in an artifact, bytes."""


def answer_question(shop: Workshop, wanted: AnswerQuestion, call: ToolCall) -> ToolResult:
    """Return the answer to a question, with its numbers, masks and plan.

    Args:
        shop: Where to work.
        wanted: Question, area, time, sensor.
        call: The running call.

    Raises:
        NoScenesFound: No scene fits.
        BudgetSpent: The pixels are more than is left; nothing is fetched then.
    """
    state = start_state(wanted.question, aoi=wanted.aoi, time=wanted.time, sensor=wanted.sensor)
    with shop.reasoning:
        call.go_on()
        spending = _Spending(call)
        answer = run_stages(shop.stages, state, on_event=spending)
    return _told(shop, answer, spending.spent)


def run_plan(shop: Workshop, wanted: RunPlan, call: ToolCall) -> ToolResult:
    """Carry out a plan and return its answer.

    Args:
        shop: Where to work.
        wanted: The plan; its areas are known places, boxes or geometries, never files.
        call: The running call.

    Raises:
        InputError: An area is none, or the plan cannot be carried out.
        NoScenesFound: No scene fits.
    """
    plan = wanted.plan
    if plan.aoi is None:
        raise InputError("The plan has no area.", hint="Set aoi to a known place or {'name', 'geometry'}.")
    for area in (plan.aoi, *(s.aoi for s in plan.steps if isinstance(s, Within))):
        if isinstance(area, str) and not is_area(area):
            raise InputError("The plan names an area that is neither a known place nor a bbox.")
    with shop.reasoning:
        call.go_on()
        spending = _Spending(call)
        answer = execute(plan, stages=shop.stages, on_event=spending)
    return _told(shop, answer, spending.spent)


class _Spending:
    """Passes events on, and charges the pixels as soon as the run says what they would cost."""

    def __init__(self, call: ToolCall) -> None:
        self._call, self.spent = call, 0

    def __call__(self, event: Event) -> None:
        if event.kind == "cost":
            needed = max(int(event.data["download_bytes"]), int(event.data["memory_bytes"]))
            self._call.meter.spend(needed)
            self.spent += needed
        self._call.emit(event)


def _told(shop: Workshop, answer: Answer, spent: int) -> ToolResult:
    name = shop.workspace.save_document("answer", {"answer": answer.to_json(), "pictures": _pictures(shop, answer)})
    for mask in answer.masks:
        shop.workspace.save(mask)
    shop.note_area((m.id for m in answer.masks), _area_of(answer))
    plan_id = Plan.parse(answer.plan).id if answer.plan else ""
    chain_ids = [shop.workspace.save(chain) for chain in answer.chains]
    masks: list[JsonValue] = [mask_entry(m) for m in masks_of(answer)]
    return ToolResult(
        digest(f"{name}, {answer.status}: {shown(answer.text, 500)}", answer_lines(answer)),
        {
            "answer": name,
            "status": answer.status,
            "bytes": spent,
            "text": answer.text,
            "measurements": [m.to_json() for m in answer.measurements],
            "masks": masks,
            "chain_ids": chain_ids,
            "chains": _small([c.to_json(pixels=False) for c in answer.chains]),
            "plan": _small(dict(answer.plan)),
            "plan_id": plan_id,
            "warnings": list(answer.warnings),
        },
    )


def _small(document: JsonValue) -> JsonValue:
    """Return a document that a checkpoint can hold, or None: it is in the workspace in any case."""
    return document if len(json.dumps(document)) <= _LARGEST_BYTES else None


def _pictures(shop: Workshop, answer: Answer) -> list[JsonValue]:
    return [shop.workspace.save(p) for p in answer.pictures]


def _area_of(answer: Answer) -> Aoi | None:
    where = answer.plan.get("aoi") if answer.plan else None
    if where is None:
        return None
    return Aoi.from_json(where) if isinstance(where, dict) else resolve_aoi(where)
