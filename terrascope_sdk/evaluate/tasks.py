"""The answers of six of the seven tasks, from masks: wherever the masks come from, the arithmetic is the same."""

from __future__ import annotations

from collections.abc import Sequence

from terrascope_sdk import measure
from terrascope_sdk.errors import InputError, UndefinedMeasurement
from terrascope_sdk.evaluate.given import GivenAnswer
from terrascope_sdk.evaluate.ground import area_m2, distance_m, has_ground, largest_two, pixel_side_m, size, unplaced
from terrascope_sdk.evaluate.question import Question
from terrascope_sdk.evaluate.wording import ranked_names, smaller_asked
from terrascope_sdk.types import Mask

__all__ = ["answer_from_masks", "coverage_percent"]


def coverage_percent(mask: Mask) -> float:
    """Return pixels of the mask over valid pixels, 0-100.

    Raises:
        UndefinedMeasurement: No pixel is valid.
    """
    return 100 * float(measure.share(unplaced(mask), of="pixels").value)


def answer_from_masks(question: Question, masks: Sequence[Mask]) -> GivenAnswer:
    """Answer a coverage, area, ranking, boundary, distance or count question.

    Args:
        question: What is asked.
        masks: What it is about, in the order in which it names them.

    Raises:
        UndefinedMeasurement: The question has no answer in these masks.
        InputError: The task is not known, or there are too many or too few masks for it.
        ParseError: The words of a ranking question do not name what is ranked.
    """
    known = {
        "coverage": _coverage,
        "area": _area,
        "ranking": _ranking,
        "boundary": _boundary,
        "distance": _distance,
        "count": _count,
    }
    if question.task not in known:
        raise InputError(f"The task {question.task!r} is not known.", hint=f"Known are {', '.join(known)} and change.")
    return known[question.task](question, masks)


def _coverage(question: Question, masks: Sequence[Mask]) -> GivenAnswer:
    return GivenAnswer(question.id, "answered", coverage_percent(masks[0]), "%", "mask pixels / valid pixels")


def _area(question: Question, masks: Sequence[Mask]) -> GivenAnswer:
    return GivenAnswer(question.id, "answered", area_m2(masks[0]), "m2", "sum of ground pixel areas")


def _ranking(question: Question, masks: Sequence[Mask]) -> GivenAnswer:
    if len(masks) < 2:
        raise InputError(f"A ranking needs two classes, not {len(masks)}.")
    names = ranked_names(question.question, len(masks))
    placed = all(has_ground(mask.grid) for mask in masks)
    sizes = [size(mask if placed else unplaced(mask)) for mask in masks]
    wanted = min(sizes) if smaller_asked(question.question) else max(sizes)
    if sizes.count(wanted) > 1:
        raise UndefinedMeasurement(f"{' and '.join(names)} are equally large.")
    unit = "m2" if placed else "pixels"
    told = ", ".join(f"{name} {value:.6g} {unit}" for name, value in zip(names, sizes, strict=True))
    return GivenAnswer(question.id, "answered", names[sizes.index(wanted)], "", told)


def _two(question: Question, masks: Sequence[Mask]) -> tuple[Mask, Mask]:
    if len(masks) != 2:
        raise InputError(f"A {question.task} question is about two things, not {len(masks)}.")
    return masks[0], masks[1]


def _boundary(question: Question, masks: Sequence[Mask]) -> GivenAnswer:
    a, b = _two(question, masks)
    found = measure.touches(unplaced(a), unplaced(b), neighbours=4)
    return GivenAnswer(question.id, "answered", "yes" if found.value else "no", "", found.method)


def _distance(question: Question, masks: Sequence[Mask]) -> GivenAnswer:
    a, b = largest_two(masks[0]) if len(masks) == 1 else _two(question, masks)
    side = pixel_side_m(a.grid)
    return GivenAnswer(question.id, "answered", distance_m(a, b), "m", "between pixel centres", side)


def _count(question: Question, masks: Sequence[Mask]) -> GivenAnswer:
    found = len(measure.components(unplaced(masks[0]), neighbours=4))
    return GivenAnswer(question.id, "answered", found, "count", "edge-connected regions")
