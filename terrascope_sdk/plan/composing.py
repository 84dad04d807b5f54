"""Answer stage: put the answer together from the values that the other stages left."""

from __future__ import annotations

import importlib.metadata
from collections.abc import Mapping
from pathlib import Path
from typing import cast

import terrascope_sdk
from terrascope_sdk.plan.choosing import Chosen
from terrascope_sdk.plan.language import Plan
from terrascope_sdk.plan.run_state import RunState
from terrascope_sdk.plan.wording import answer_sentences
from terrascope_sdk.plan.workspace import Workspace
from terrascope_sdk.types import Answer, Check, Mask, Measurement, Provenance, ReasoningChain, Step
from terrascope_sdk.types.answer import Status
from terrascope_sdk.types.provenance import scene_record

__all__ = ["compose_answer"]

_VERSIONED = ("numpy", "scipy", "pyproj", "odc-stac", "rasterio")
"""Packages whose versions can change a number."""

Numbers = dict[str, tuple[Measurement, ...]]


def compose_answer(state: RunState, workspace: Workspace, *, reasoner: str) -> Answer:
    """Return the answer of a run.

    Args:
        state: What the stages left.
        workspace: Where the values lie.
        reasoner: Name of what made the masks.
    """
    plan = Plan.parse(state["plan"]) if state.get("plan") else None
    status = cast(Status, state.get("status") or "answered")
    masks = {name: workspace.load_mask(i) for name, i in state.get("masks", {}).items()}
    numbers: Numbers = {
        name: tuple(Measurement.from_json(n) for n in measured)
        for name, measured in state.get("measurements", {}).items()
    }
    chains: tuple[ReasoningChain, ...] = (workspace.load_chain(state["chain"]),) if state.get("chain") else ()
    text = state.get("text", "")
    if plan is not None and status == "answered":
        asked = {name: workspace.load_chain(i) for name, i in state.get("chains", {}).items()}
        text = _text(plan, numbers, masks, chains[0])
        text = " ".join([text, *_told(asked), *_written(state.get("files", {}))]).strip()
        chains = (_finished(chains[0], numbers, text), *asked.values())
    return Answer(
        question=state["question"],
        status=status,
        text=text,
        measurements=_in_order(plan, numbers),
        checks=tuple(Check.from_json(c) for c in state.get("checks", [])),
        warnings=tuple(state["warnings"]),
        chains=chains,
        plan={} if plan is None else plan.to_json(),
        provenance=_provenance(state, workspace, plan, reasoner),
    )


def _text(plan: Plan, numbers: Numbers, masks: dict[str, Mask], chain: ReasoningChain) -> str:
    assumed = [f"Assumed: {a}" for a in plan.assumptions]
    methods = dict.fromkeys(s.text for s in chain.steps if s.kind == "text" and s.method)
    return " ".join([*answer_sentences(plan, numbers, masks), *assumed, *methods])


def _told(asked: Mapping[str, ReasoningChain]) -> list[str]:
    """Return the claims of the reasoner's own chains, in its own words."""
    return [f"{chain.reasoner} says, not measured: {chain.claim or chain.steps[-1].text}" for chain in asked.values()]


def _written(files: Mapping[str, list[str]]) -> list[str]:
    return [f"Written: {', '.join(Path(p).name for p in paths)}." for paths in files.values()]


def _finished(chain: ReasoningChain, numbers: Numbers, text: str) -> ReasoningChain:
    """Return the chain with its numbers and the answer at its end."""
    measured = [n for found in numbers.values() for n in found]
    return chain.extended(*(Step("measure", f"{n}.", measurements=(n,)) for n in measured), Step("answer", text))


def _in_order(plan: Plan | None, numbers: Numbers) -> tuple[Measurement, ...]:
    """Return all numbers, what was asked for first."""
    asked = [] if plan is None else [a.step for a in plan.answer]
    return tuple(n for name in dict.fromkeys([*asked, *numbers]) for n in numbers.get(name, ()))


def _provenance(state: RunState, workspace: Workspace, plan: Plan | None, reasoner: str) -> Provenance:
    scenes = Chosen.from_json(workspace.load_document(state["scenes"])).scenes if state.get("scenes") else ()
    stack = workspace.load_stack(state["stack"]) if state.get("stack") else None
    series = [] if stack is None else [stack.series(s) for s in stack.sensors]
    ids = {} if plan is None else {"plan": plan.id}
    ids |= {name: str(value) for name, value in state.items() if value and name in {"scenes", "stack", "chain"}}
    versions = {name: importlib.metadata.version(name) for name in _VERSIONED}
    return Provenance(
        aoi=state["aoi"] or {},
        scenes=tuple(scene_record(s) for s in scenes),
        grid={} if stack is None else stack.grid.to_json(),
        quantities={s.sensor: s.quantity for s in series},
        processing=tuple(dict.fromkeys(n for s in series for n in s.notes)),
        reasoner=reasoner,
        ids=ids,
        versions={"terrascope-sdk": terrascope_sdk.__version__} | versions,
    )
