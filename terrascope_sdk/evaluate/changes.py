"""Change questions: instances that vanish, a class that grows, two labels that differ."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from terrascope_sdk.errors import InputError, UndefinedMeasurement
from terrascope_sdk.evaluate.given import GivenAnswer
from terrascope_sdk.evaluate.ground import area_m2, has_ground, size
from terrascope_sdk.evaluate.labels import Label
from terrascope_sdk.evaluate.question import Question
from terrascope_sdk.evaluate.sources import parse_sources
from terrascope_sdk.evaluate.subjects import reference_label, reference_label_pair
from terrascope_sdk.evaluate.tasks import coverage_percent
from terrascope_sdk.evaluate.wording import asked_unit, points_asked
from terrascope_sdk.types import Mask

__all__ = ["answer_change", "growth"]


def answer_change(question: Question, folder: Path) -> GivenAnswer:
    """Answer a change question from labels.

    Raises:
        UndefinedMeasurement: The labels hold no answer.
        InputError: `measure` is not known or does not fit the label.
        RasterError: A label cannot be read.
        ParseError: `label` has none of the five forms.
    """
    if question.measure in ("count_share", "area_share"):
        return _vanished(question, folder)
    if question.measure == "area_growth":
        before, after = reference_label_pair(question, folder)
        return growth(question, before.mask(question.label_values), after.mask(question.label_values))
    if question.measure == "differing_area":
        return _differing(question, *reference_label_pair(question, folder))
    raise InputError(
        f"The measure {question.measure!r} of a change question is not known.",
        hint="Known are count_share, area_share, area_growth and differing_area.",
    )


def growth(question: Question, before: Mask, after: Mask) -> GivenAnswer:
    """Return the area in the second mask minus the first, each on its own grid.

    In m2 unless the words ask for percent: then of the first area, or as the difference of shares of the valid
    pixels where they ask for percentage points.

    Raises:
        UndefinedMeasurement: No CRS for m2, or nothing to take a percentage of.
    """
    if points_asked(question.question):
        points = coverage_percent(after) - coverage_percent(before)
        return GivenAnswer(question.id, "answered", points, "%", "difference of shares of the valid pixels")
    if asked_unit(question.question, default="m2") == "m2":
        gain = area_m2(after) - area_m2(before)
        return GivenAnswer(question.id, "answered", gain, "m2", "second area minus first, each on its own grid")
    if has_ground(before.grid) != has_ground(after.grid):
        raise UndefinedMeasurement("Only one of the two labels has a coordinate reference system.")
    first, second = size(before), size(after)
    if first == 0:
        raise UndefinedMeasurement("There is nothing on the first date to take a percentage of.")
    return GivenAnswer(question.id, "answered", 100 * (second - first) / first, "%", "growth over the first area")


def _vanished(question: Question, folder: Path) -> GivenAnswer:
    if len(parse_sources(question.label)) == 2 and question.removed_instances is None:
        label, later = reference_label_pair(question, folder)
        removed = np.setdiff1d(label.instances(), later.instances())
    elif question.removed_instances is None:
        raise InputError("The question does not say which instances are removed.")
    else:
        label = reference_label(question, folder)
        removed = np.intersect1d(label.instances(), question.removed_instances)
    everything = label.instances()
    if not len(everything):
        raise UndefinedMeasurement("There is no instance on the first date.")
    if question.measure == "count_share":
        share = 100 * len(removed) / len(everything)
        return GivenAnswer(question.id, "answered", share, "%", f"{len(removed)} of {len(everything)} instances")
    lost, whole = label.mask(removed.tolist()), label.mask(None)
    if asked_unit(question.question, default="%") == "m2":
        return GivenAnswer(question.id, "answered", area_m2(lost), "m2", "area of the removed instances")
    share = 100 * size(lost) / size(whole)
    return GivenAnswer(question.id, "answered", share, "%", "area of the removed instances over that of all")


def _differing(question: Question, first: Label, second: Label) -> GivenAnswer:
    if first.codes.shape != second.codes.shape or not _aligned(first, second):
        raise InputError("The two labels lie on different grids, so their pixels cannot be compared.")
    both = first.valid & second.valid
    differs = Mask((first.codes != second.codes) & both, both, first.grid, "differing")
    if asked_unit(question.question, default="m2") == "m2":
        if not has_ground(second.grid):
            raise UndefinedMeasurement("Square metres cannot be given: the second label has no CRS.")
        return GivenAnswer(question.id, "answered", area_m2(differs), "m2", "pixels valid in both whose values differ")
    compared = Mask(both, both, first.grid, "compared")
    if not both.any():
        raise UndefinedMeasurement("No pixel is valid in both labels.")
    return GivenAnswer(
        question.id, "answered", 100 * size(differs) / size(compared), "%", "of the pixels valid in both"
    )


def _aligned(first: Label, second: Label) -> bool:
    """Return whether pixels lie on each other to half a pixel; labels without a place are taken as aligned."""
    if first.grid.crs is None or second.grid.crs is None:
        return True
    return first.grid.same_as(second.grid, tolerance_px=0.5)
