"""Answers from masks that no network made: those of published indices, and those of the labels."""

from collections.abc import Callable, Sequence

import numpy as np
from jaxtyping import Bool

from terrascope_sdk.evaluate.bench.measuring import measure_program, true_masks
from terrascope_sdk.evaluate.bench.outcome import Outcome
from terrascope_sdk.evaluate.bench.question import BenchQuestion
from terrascope_sdk.evaluate.bench.scenes import SeenScene
from terrascope_sdk.evaluate.masks.place_dates import index_mask
from terrascope_sdk.model.chain_grammar import Find
from terrascope_sdk.train.programs import Program

__all__ = ["index_masks", "label_masks", "outcome_of_masks"]

Pixels = Bool[np.ndarray, "y x"]
MaskMaker = Callable[[SeenScene, Program, tuple[int, ...]], Sequence[Pixels | None]]


def label_masks(seen: SeenScene, program: Program, dates: tuple[int, ...]) -> Sequence[Pixels | None]:
    """Return the masks of the labels: with them every answer is right, or the benchmark is wrong."""
    return true_masks(seen, program, dates)


def index_masks(seen: SeenScene, program: Program, dates: tuple[int, ...]) -> Sequence[Pixels | None]:
    """Return the masks of the index-based reasoner, None where it declines; a change is a difference of two masks."""
    return [_index_mask(seen, find, dates) for find in program.finds]


def _index_mask(seen: SeenScene, find: Find, dates: tuple[int, ...]) -> Pixels | None:
    masks = [_index(seen, find.concept, dates[d - 1]) for d in find.dates]
    if any(m is None for m in masks):
        return None
    before, after = masks[0], masks[-1]
    assert before is not None
    assert after is not None
    if not find.way:
        return after
    return np.asarray(after & ~before if find.way == "gain" else before & ~after)


def _index(seen: SeenScene, concept: str, when: int) -> Pixels | None:
    moment = seen.moments[when]
    for sensor, position in (("optical", moment.optical), ("sar", moment.sar)):
        made = index_mask(seen.stack, sensor, position, concept) if position is not None else None  # type: ignore[arg-type]
        if made is not None:
            return made
    return None


def outcome_of_masks(seen: SeenScene, question: BenchQuestion, make: MaskMaker) -> Outcome:
    """Return what measuring given masks answers; the question counts as understood.

    Args:
        seen: The scene.
        question: The question.
        make: Makes the masks.
    """
    dates, program = question.asked.dates, question.program()
    made = make(seen, program, dates)
    masks, overlaps = [], []
    for find, mask in zip(program.finds, made, strict=True):
        if mask is None:
            return Outcome(question.id, problem=f"no mask of {find.concept}", overlaps=(0.0,) * len(made))
        valid = np.logical_and.reduce([seen.observed[dates[d - 1]] for d in find.dates])
        truth, shown = seen.scene.truth.mask(find, dates) & valid, mask & valid
        union = int((truth | shown).sum())
        overlaps.append(int((truth & shown).sum()) / union if union else None)
        masks.append(shown)
    value = measure_program(seen, program, masks, dates)
    return Outcome(question.id, value=value, understood=True, overlaps=tuple(overlaps))
