"""From masks to the value of an answer, by the same measurements as in a chain."""

from collections.abc import Sequence

import numpy as np
from jaxtyping import Bool

from terrascope_sdk.engine.scribe import Result, Scribe
from terrascope_sdk.engine.telling import label_of
from terrascope_sdk.evaluate.bench.rules import without_specks
from terrascope_sdk.evaluate.bench.scenes import SeenScene
from terrascope_sdk.evaluate.bench.tasks import Value
from terrascope_sdk.model.chain_grammar import Find, Ordered
from terrascope_sdk.model.tokens import MASKS
from terrascope_sdk.train.programs import Program

__all__ = ["measure_program", "scribe_of", "true_mask_of", "true_masks", "value_of"]


def scribe_of(
    seen: SeenScene, finds: Sequence[Find], pixels: Sequence[Bool[np.ndarray, "y x"]], dates: Sequence[int]
) -> Scribe:
    """Return a scribe that holds masks under their numbers in a chain.

    Args:
        seen: The scene.
        finds: What each mask shows.
        pixels: Where it is.
        dates: Which of the scene's dates are shown, positions from 0.
    """
    masks = {
        f.mask: seen.mask(p, label_of(f), [dates[d - 1] for d in f.dates]) for f, p in zip(finds, pixels, strict=True)
    }
    return Scribe(masks=masks)


def true_mask_of(seen: SeenScene, find: Find, dates: Sequence[int], *, counts: bool) -> Bool[np.ndarray, "y x"]:
    """Return the mask of the labels; for a count without specks, which no mask shows."""
    mask = seen.scene.truth.mask(find, dates)
    return without_specks(mask) if counts else mask


def true_masks(seen: SeenScene, program: Program, dates: Sequence[int]) -> list[Bool[np.ndarray, "y x"]]:
    """Return the masks of the labels for a program."""
    counts = program.measure is not None and program.measure.kind == "count"
    return [true_mask_of(seen, f, dates, counts=counts) for f in program.finds]


def value_of(result: Result, asked: Ordered, finds: Sequence[Find]) -> Value | None:
    """Return what a result says, None where it is not defined; an order in concepts."""
    if result.problem:
        return None
    if asked.kind == "order":
        return tuple(finds[MASKS.index(w)].concept for w in result.words)
    if asked.kind in {"present", "touches"}:
        return result.words[0] == "yes"
    if asked.kind == "where":
        return result.words[0]
    return float(result.measurements[0].value)


def measure_program(
    seen: SeenScene, program: Program, pixels: Sequence[Bool[np.ndarray, "y x"]], dates: Sequence[int]
) -> Value | None:
    """Return the answer of a program on given masks; None where it is not defined.

    Args:
        seen: The scene.
        program: Which masks, and what to measure.
        pixels: The masks in the program's order.
        dates: Which of the scene's dates are shown, positions from 0.
    """
    if program.measure is None:
        return None
    scribe = scribe_of(seen, program.finds, pixels, dates)
    scribe(program.measure.kind, program.measure.masks, [pixels[i - 1] for i in program.measure.masks])
    return value_of(scribe.results[-1], program.measure, program.finds)
