"""From a question to the reference masks it is about, in the order in which it names them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from terrascope_sdk.errors import InputError
from terrascope_sdk.evaluate.days import Day, asked_days, find_days, image_days
from terrascope_sdk.evaluate.labels import Label, label_at
from terrascope_sdk.evaluate.layers import Layer, read_layer
from terrascope_sdk.evaluate.question import Question
from terrascope_sdk.evaluate.sources import parse_sources
from terrascope_sdk.types import Mask

__all__ = ["reference_label", "reference_label_pair", "reference_masks"]

_FIRST = re.compile(r"\b(?:first|earlier|earliest)\b", re.IGNORECASE)
_SECOND = re.compile(r"\b(?:second|later|latest|last)\b", re.IGNORECASE)


def reference_label(question: Question, folder: Path) -> Label:
    """Return the label of a question about one date.

    Raises:
        RasterError: It cannot be read.
        InputError: The label has several dates and the question does not say which.
        ParseError: `label` has none of the five forms.
    """
    layers = [read_layer(source, folder) for source in parse_sources(question.label)]
    frames = [(layer, when) for layer in layers for when in range(len(layer.codes))]
    if len(frames) > 1:
        dated = _of_days(frames, asked_days(question)) or _of_days(frames, image_days(question))
        frames = dated or (_of_words(frames, question.question) if len(layers) == len(frames) == 2 else [])
    if not frames:
        raise InputError(f"{question.label} has several dates; the question asks about none of them.")
    if len({id(layer) for layer, _ in frames}) > 1:
        raise InputError(f"{question.label} has several dates; the question asks about more than one of them.")
    return label_at(*frames[0], asked=question.label_values or ())


def reference_label_pair(question: Question, folder: Path) -> tuple[Label, Label]:
    """Return the labels of the first and the second date of a change question.

    Raises:
        RasterError: One cannot be read.
        InputError: There are not two dates.
        ParseError: `label` has none of the five forms.
    """
    layers = [read_layer(source, folder) for source in parse_sources(question.label)]
    asked = question.label_values or ()
    if len(layers) == 2:
        first, second = layers
        if len(first.codes) == len(second.codes) == 1:
            return label_at(first, asked=asked), label_at(second, asked=asked)
    frames = [(layer, when) for layer in layers for when in range(len(layer.codes))]
    found = [_of_days(frames, [day]) for day in sorted(asked_days(question), key=str)]
    if len(found) != 2 or not all(found):
        raise InputError(f"{question.label} does not hold two dates of this question.", hint="Write first + second.")
    first_frame, second_frame = found[0][0], found[1][0]
    return label_at(*first_frame, asked=asked), label_at(*second_frame, asked=asked)


def _of_days(frames: Sequence[tuple[Layer, int]], days: Sequence[Day]) -> list[tuple[Layer, int]]:
    return [(layer, when) for layer, when in frames if when in layer.positions(days)]


def _of_words(frames: Sequence[tuple[Layer, int]], text: str) -> list[tuple[Layer, int]]:
    """Return the first or the second date where the words say one of them."""
    said = [bool(pattern.search(text)) for pattern in (_FIRST, _SECOND)]
    return [frame for frame, named in zip(frames, said, strict=True) if named]


def reference_masks(question: Question, folder: Path) -> tuple[Mask, ...]:
    """Return one mask for coverage, area and count, one for each thing otherwise.

    Two things from a single class, or from flags without classes, are that class and all other valid pixels; for
    distances a single class stays alone.

    Raises:
        RasterError: The label cannot be read.
        InputError: The question does not fit its label.
        ParseError: `label` has none of the five forms.
    """
    if question.task == "ranking" and _between_dates(question):
        masks = tuple(label.mask(question.label_values) for label in reference_label_pair(question, folder))
        first, second = map(str, find_days(question.question))
        return masks if first < second else masks[::-1]
    label = reference_label(question, folder)
    values = question.label_values
    if question.task in ("coverage", "area", "count"):
        return (label.mask(values),)
    if values is not None and len(values) > 1:
        return tuple(label.mask([value]) for value in values)
    one = label.mask(values)
    return (one,) if question.task == "distance" else (one, one.complement())


def _between_dates(question: Question) -> bool:
    """Return whether a ranking compares one class between two dates."""
    one = question.label_values is None or len(set(question.label_values)) == 1
    return one and len(parse_sources(question.label)) == 2 and len(find_days(question.question)) == 2
