"""A mask corrected by a person: what hangs on it is computed again, and the answer says that it was corrected."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from terrascope_sdk.errors import InputError
from terrascope_sdk.plan.execute import start_of
from terrascope_sdk.plan.language import Plan
from terrascope_sdk.plan.mask_algebra import combined, combines
from terrascope_sdk.plan.mask_steps import Ground
from terrascope_sdk.plan.run_state import RunState
from terrascope_sdk.plan.stages import Stages
from terrascope_sdk.types import Answer, Mask, Step

__all__ = ["corrected_answer"]


def corrected_answer(answer: Answer, corrections: Mapping[str, Mask], *, stages: Stages) -> Answer:
    """Return an answer anew, with some of its masks replaced; the old answer stays as it is.

    Every mask, number and check that hangs on a corrected mask is computed again, nothing else is.

    Args:
        answer: A measured answer.
        corrections: New mask by the id of the one that it replaces; on the same grid.
        stages: Workspace and reasoner of the answer.

    Returns:
        The new answer. Its chain ends with what was corrected, its provenance names both masks.

    Raises:
        InputError: The answer has no plan, or no mask of that id that the reasoner drew, or the grids differ.
        UndefinedMeasurement: With the corrected masks a number has no meaning.
    """
    if answer.status != "answered" or not answer.plan:
        raise InputError(f"This answer is {answer.status}; there is no mask to correct.")
    plan = Plan.parse(dict(answer.plan))
    state = _found(plan, stages)
    replaced = {name: corrections[i] for name, i in state["masks"].items() if i in corrections}
    drawn = {name for name in replaced if isinstance(plan.step(name), Ground)}
    unknown = set(corrections) - {state["masks"][name] for name in drawn}
    if unknown:
        raise InputError(f"{sorted(unknown)[0]} is no mask that was drawn for this answer.", hint="See answer.masks.")
    masks = {name: stages.workspace.load_mask(i) for name, i in state["masks"].items()}
    notes = []
    for name in sorted(drawn):
        old, new = masks[name], replaced[name]
        if not old.grid.same_as(new.grid):
            raise InputError(f"The corrected {old.label} lies on another grid than the mask it replaces.")
        masks[name] = replace(new, label=old.label, date=old.date, sensor=old.sensor)
        stages.workspace.save(masks[name])
        notes.append(_note(old, masks[name]))
    for step in plan.order():
        if combines(step) and step.id in masks:
            masks[step.id] = combined(step, masks, workspace=stages.workspace).mask
    return _measured_again(state, stages, masks, notes)


def _found(plan: Plan, stages: Stages) -> RunState:
    """Return the state of the plan's run up to its masks, all of which are known already."""
    state = start_of(plan)
    for name in ("find", "load", "reason"):
        state = state | stages.run(name, state)
    return state


def _note(old: Mask, new: Mask) -> Step:
    added, erased = int((new.pixels & ~old.pixels).sum()), int((old.pixels & ~new.pixels).sum())
    text = f"Corrected by a person: {old.label}, {added:,} pixels added and {erased:,} erased."
    return Step("ground", text, new, method=f"painted by hand over {old.id}")


def _measured_again(state: RunState, stages: Stages, masks: Mapping[str, Mask], notes: list[Step]) -> Answer:
    chain = stages.workspace.load_chain(state["chain"]).extended(*notes)
    state = state | RunState(
        masks={name: mask.id for name, mask in masks.items()},
        second={},
        chain=stages.workspace.save(chain),
        warnings=[*state["warnings"], *(note.text for note in notes)],
    )
    for name in ("measure", "check", "answer"):
        if not state.get("status") or name == "answer":
            state = state | stages.run(name, state)
    made = stages.read_answer(state["answer"])
    pairs = {
        f"corrected_{i}": f"{n.method.rpartition(' ')[2]} -> {n.mask.id}" for i, n in enumerate(notes, 1) if n.mask
    }
    return replace(made, provenance=replace(made.provenance, ids=made.provenance.ids | pairs))
