"""The stages of a run, from a question to an answer, each from plain values to plain values.

The state names values by content id; pixels lie in the workspace. So a stage can be called from a graph, from another
process, or a second time, and gives the same.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import replace
from functools import cached_property
from pathlib import Path

import terrascope_sdk
from terrascope_sdk.errors import GroundingError, InputError, UndefinedMeasurement
from terrascope_sdk.plan.budget import over_budget
from terrascope_sdk.plan.checking import check_plan
from terrascope_sdk.plan.choosing import Chosen, choose_scenes
from terrascope_sdk.plan.composing import compose_answer
from terrascope_sdk.plan.cost import estimate_cost
from terrascope_sdk.plan.grounding import ground_plan
from terrascope_sdk.plan.language import Plan
from terrascope_sdk.plan.mask_steps import Ground
from terrascope_sdk.plan.measuring import measure_plan
from terrascope_sdk.plan.outputs import ask_plan, export_plan
from terrascope_sdk.plan.pixels import needed_bands, unobserved
from terrascope_sdk.plan.planning import Planner, plan_run
from terrascope_sdk.plan.rescue import rescues, rescuing
from terrascope_sdk.plan.run_state import RunState
from terrascope_sdk.plan.runnable import RunnablePlan
from terrascope_sdk.plan.starting import start_state
from terrascope_sdk.plan.workspace import Workspace
from terrascope_sdk.stac import Catalog, load_whole
from terrascope_sdk.types import (
    Answer,
    Aoi,
    Check,
    Event,
    Listener,
    Mask,
    Reasoner,
    ReasoningChain,
    Step,
)
from terrascope_sdk.types.concepts import get_concept

__all__ = ["STAGES", "Stages", "start_state"]

STAGES = ("plan", "find", "estimate", "load", "reason", "measure", "check", "answer")
"""In the order in which they run; a graph may have a review between plan and find."""


class Stages:
    """The stages over one workspace with one reasoner."""

    def __init__(
        self,
        *,
        workspace: Workspace | None = None,
        reasoner: Reasoner | None = None,
        allow_low_confidence: bool = False,
        catalog: str | Path | Catalog | None = None,
        planner: Planner | None = None,
    ) -> None:
        self.workspace = workspace or Workspace()
        self.catalog = catalog
        self.planner = planner
        self.allow_low_confidence = allow_low_confidence
        self._given = reasoner

    @cached_property
    def reasoner(self) -> Reasoner:
        """What turns pixels into masks. Weights are loaded when it is first needed."""
        given = self._given
        if given is not None and not hasattr(given, "fitness"):
            return given
        from terrascope_sdk.engine.terrascope import TerraScope
        from terrascope_sdk.engine.weighed import WeighedReasoner

        if given is not None and not isinstance(given, TerraScope):
            return given
        return WeighedReasoner(given, allow_low_confidence=self.allow_low_confidence)

    def run(self, name: str, state: RunState, *, on_event: Listener | None = None) -> RunState:
        """Run one stage and return what it adds to the state.

        Args:
            name: One of :data:`STAGES`.
            state: What is known so far.
            on_event: Called with each event.
        """
        emit: Listener = on_event if on_event is not None else _silent
        emit(Event("stage", name, {"stage": name, "number": STAGES.index(name) + 1, "of": len(STAGES)}))
        stage: Callable[[RunState, Listener], RunState] = getattr(self, f"_{name}")
        return stage(state, emit)

    # ---------------------------------------------------------------------------------------------------- stages

    def _plan(self, state: RunState, emit: Listener) -> RunState:
        return plan_run(state, emit, self.planner)

    def _find(self, state: RunState, emit: Listener) -> RunState:
        chosen = choose_scenes(
            Plan.parse(state["plan"]), _area(state), catalog=self.catalog, say=lambda text: emit(Event("scenes", text))
        )
        for reason in chosen.reasons:
            emit(Event("scenes", reason))
        update = RunState(
            plan=(chosen.plan or Plan.parse(state["plan"])).to_json(),
            scenes=self.workspace.save_document("scenes", chosen.to_json()),
            warnings=[*state["warnings"], *chosen.warnings],
        )
        if chosen.refusal:
            update |= RunState(status="cannot_answer", text=chosen.refusal)
        return update

    def _estimate(self, state: RunState, emit: Listener) -> RunState:
        plan, chosen = Plan.parse(state["plan"]), self._chosen(state)
        name = self.reasoner.name
        cost = estimate_cost(plan, chosen, _area(state), reasoner_name=name, bands=needed_bands(chosen))
        emit(Event("cost", str(cost), cost.to_json()))
        update = RunState(cost=cost.to_json())
        over = over_budget(cost, state.get("max_download_bytes"), state.get("max_seconds"))
        return update | RunState(status="cannot_answer", text=over) if over else update

    def _load(self, state: RunState, emit: Listener) -> RunState:
        chosen = self._chosen(state)
        bands = needed_bands(chosen)
        recipe = {
            "do": "load", "scenes": state["scenes"], "aoi": state["aoi"], "bands": bands,
            "version": terrascope_sdk.__version__,
        }  # fmt: skip
        known = self.workspace.recall(recipe)
        if known is None:
            stack = load_whole(chosen.scenes, aoi=_area(state), bands=bands)
            known = self.workspace.remember(recipe, self.workspace.save(stack))
        else:
            stack = self.workspace.load_stack(known)
        emit(Event("stack", repr(stack), {"stack": known}))
        pictures = [
            self.workspace.save(stack.picture(sensor, when))
            for sensor in stack.sensors
            for when in range(len(stack.series(sensor)))
        ]
        return RunState(stack=known, pictures=pictures)

    def _reason(self, state: RunState, emit: Listener) -> RunState:
        plan, chosen = Plan.parse(state["plan"]), self._chosen(state)
        stack = self.workspace.load_stack(state["stack"])
        seen = [f"{d}: nothing was observed" for d in unobserved(stack)]
        if len(seen) == sum(len(stack.series(s)) for s in stack.sensors):
            return RunState(status="cannot_answer", text=f"No pixel of the area was observed ({'; '.join(seen)}).")
        try:
            looking = rescuing(self.reasoner, plan)
            found = ground_plan(plan, stack, chosen.by_window, reasoner=looking, workspace=self.workspace)
        except (GroundingError, UndefinedMeasurement) as err:
            return RunState(status="cannot_answer", text=str(err))
        asked = ask_plan(plan, stack, reasoner=self.reasoner, workspace=self.workspace, computed=found.computed)
        opening = Step("text", f"Looking at the {', the '.join(chosen.reasons)}.")
        chain = ReasoningChain(plan.question, (opening, *found.steps), reasoner=self.reasoner.name, stack_id=stack.id)
        for step in chain.steps:
            emit(Event("step", step.text, {"mask": None if step.mask is None else step.mask.id}))
        for mask in (*found.masks.values(), *itertools.chain(*found.second.values())):
            self.workspace.save(mask)
        left = [f"Left out: {reason}" for reason in dict.fromkeys(found.left_out.values())]
        return RunState(
            chain=self.workspace.save(chain),
            masks={name: mask.id for name, mask in found.masks.items()},
            second={name: [m.id for m in masks] for name, masks in found.second.items()},
            chains={name: chain.id for name, chain in asked.items()},
            computed=found.computed,
            warnings=[*state["warnings"], *left, *rescues(found.steps)],
        )

    def _measure(self, state: RunState, emit: Listener) -> RunState:
        masks, plan, computed = self._masks(state["masks"]), Plan.parse(state["plan"]), list(state.get("computed", []))
        try:
            numbers, checks = measure_plan(plan, masks, _area(state), workspace=self.workspace, computed=computed)
        except UndefinedMeasurement as err:
            return RunState(status="cannot_answer", text=str(err))
        for measured in numbers.values():
            for number in measured:
                emit(Event("measurement", str(number), number.to_json()))
        return RunState(
            measurements={name: [n.to_json() for n in measured] for name, measured in numbers.items()},
            checks=[c.to_json() for c in checks],
            files=export_plan(plan, masks, numbers, self.workspace),
            computed=computed,
        )

    def _check(self, state: RunState, emit: Listener) -> RunState:
        plan, masks = Plan.parse(state["plan"]), self._masks(state["masks"])
        checks = [Check.from_json(c) for c in state["checks"]]
        second = {name: list(self.workspace.load_masks(ids).values()) for name, ids in state["second"].items()}
        checks += check_plan(plan, masks, second, _area(state))
        for check in checks:
            emit(Event("check", str(check), check.to_json()))
        failed = [f"Failed check '{c.name}': {c.detail}" for c in checks if not c.passed]
        cautions = [get_concept(s.concept).warning for s in plan.steps if isinstance(s, Ground) and s.id in masks]
        asked = [state["measurements"].get(a.step, [])[:1] for a in plan.answer]  # the number itself, not its company
        notes = [n for numbers in asked for m in numbers for n in m["notes"] if n != "mapped, not bias-adjusted"]
        return RunState(
            checks=[c.to_json() for c in checks],
            warnings=list(dict.fromkeys([*state["warnings"], *failed, *filter(None, cautions), *notes])),
        )

    def _answer(self, state: RunState, emit: Listener) -> RunState:
        answer = compose_answer(state, self.workspace, reasoner=self.reasoner.name)
        for warning in answer.warnings:
            emit(Event("warning", warning))
        document = {"answer": answer.to_json(), "pictures": state.get("pictures", [])}
        name = self.workspace.save_document("answer", document)
        emit(Event("answer", answer.text, {"answer": name, "status": answer.status}))
        return RunState(answer=name, status=answer.status, text=answer.text)

    # ------------------------------------------------------------------------------------------- reading the state

    def read_answer(self, name: str) -> Answer:
        """Return the answer of a run by its id, with its masks and pictures."""
        document = self.workspace.load_document(name)
        ids = [s["mask"]["id"] for c in document["answer"]["chain"] for s in c["steps"] if s["mask"] is not None]
        pictures = tuple(self.workspace.load_picture(p) for p in document["pictures"])
        answer = Answer.from_json(document["answer"], self.workspace.load_masks(ids), pictures)
        return replace(answer, plan=RunnablePlan(answer.plan, self))

    def _chosen(self, state: RunState) -> Chosen:
        return Chosen.from_json(self.workspace.load_document(state["scenes"]))

    def _masks(self, ids: dict[str, str]) -> dict[str, Mask]:
        return {name: self.workspace.load_mask(i) for name, i in ids.items()}


def _silent(event: Event) -> None:
    """Nobody listens."""


def _area(state: RunState) -> Aoi:
    document = state["aoi"]
    if document is None:  # the plan stage ends the run before any stage that needs an area
        raise InputError("No area was given.")
    return Aoi.from_json(document)
