"""Masks from a reasoner: the words of a question become concepts, the concepts masks of its images.

What counts as valid is still the label's to say, as in the README of the question files; where the reasoner could not
see the ground, its own mask is not valid either. Of the label nothing else is used.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from terrascope_sdk.errors import InputError, NotVisible
from terrascope_sdk.evaluate.days import Day, asked_days
from terrascope_sdk.evaluate.imagery import read_stack
from terrascope_sdk.evaluate.labels import Label
from terrascope_sdk.evaluate.question import Question
from terrascope_sdk.evaluate.subjects import reference_label, reference_label_pair
from terrascope_sdk.evaluate.wording import ranked_names
from terrascope_sdk.types import GroundRequest, ImageStack, Mask, Reasoner
from terrascope_sdk.types.concepts import find_concepts, get_concept

__all__ = ["segmented_masks"]

_NOT = re.compile(r"\b(?:not|non|without|no)[\s-]+$", re.IGNORECASE)
_REST = re.compile(r"\b(?:everything|anything|all)\s+else\b|\b(?:the\s+)?(?:rest|remainder)\b", re.IGNORECASE)
_DRY = re.compile(r"\bdry\s+land\b", re.IGNORECASE)
_SINGLE = re.compile(r"\binstances?\s+\d", re.IGNORECASE)


@dataclass(frozen=True)
class _Term:
    """Something to segment: a concept, or all that is not it."""

    concept: str
    negated: bool = False


def segmented_masks(question: Question, folder: Path, reasoner: Reasoner) -> tuple[Mask, ...]:
    """Return the masks a question is about, segmented, in the order in which it names them.

    Raises:
        NotVisible: The images, or the reasoner, cannot show what is asked.
        GroundingError: They could, but the result is undecided.
        RasterError: An image cannot be read.
        InputError: The images' layout is not known, or the question cannot be put into masks.
    """
    if not question.images:
        raise NotVisible("There is no picture to look at.")
    if question.task == "change" and question.measure != "area_growth":
        raise NotVisible(f"A change of kind {question.measure} is arithmetic on labels, nothing that images show.")
    terms = _terms(question)
    stack = read_stack(question.images, folder)
    if question.task == "change":
        pair = zip(("first", "last"), reference_label_pair(question, folder), strict=True)
        return tuple(_within(_merged(stack, terms, reasoner, when), label) for when, label in pair)
    days = asked_days(question)
    if question.task in ("coverage", "area", "count"):
        masks = [_merged(stack, terms, reasoner, days)]
    else:
        masks = [_mask(stack, term, reasoner, days) for term in terms]
    label = reference_label(question, folder)
    return tuple(_within(mask, label) for mask in masks)


def _terms(question: Question) -> list[_Term]:
    """Return what the words of a question name."""
    if _SINGLE.search(question.question):
        raise NotVisible("Numbered instances are known to the label alone; images do not show numbers.")
    if question.task == "ranking":
        names = ranked_names(question.question, 2)
        terms = [_term_of(name, other) for name, other in ((names[0], names[1]), (names[1], names[0]))]
    else:
        terms = _terms_in(question.question)
    if not terms:
        raise NotVisible(f"The question names nothing of the vocabulary: {question.question!r}.")
    two = question.task in ("ranking", "boundary") or (question.task == "distance" and len(terms) > 1)
    if two and len(set(terms)) != 2:
        raise NotVisible("The two things asked about are one and the same in the vocabulary, or not both in it.")
    return terms


def _terms_in(text: str) -> list[_Term]:
    found = [_Term(m.key, _NOT.search(text[: m.start]) is not None) for m in find_concepts(text)]
    if _DRY.search(text):
        found.append(_Term("water", negated=True))
    if _REST.search(text) and len(set(found)) == 1:
        found.append(_Term(found[0].concept, not found[0].negated))
    return list(dict.fromkeys(found))


def _term_of(name: str, other: str) -> _Term:
    """Return what one of two ranked names means."""
    if _REST.search(name):
        opposite = _terms_in(other)
        found = [_Term(t.concept, not t.negated) for t in opposite]
    else:
        found = _terms_in(name)
    if len(found) != 1:
        raise NotVisible(f"{name!r} is not one thing of the vocabulary.")
    return found[0]


def _mask(stack: ImageStack, term: _Term, reasoner: Reasoner, days: Sequence[Day] | str) -> Mask:
    reasons = []
    for sensor in stack.sensors:
        when = _position(stack, sensor, days)
        before = when - 1 if get_concept(term.concept).dates > 1 and when > 0 else None
        request = GroundRequest(term.concept, sensor, when, before)
        reason = reasoner.unseen(stack, request)
        if reason is None:
            made = [step.mask for step in reasoner.ground(stack, request) if step.mask is not None]
            if not made:
                raise InputError(f"{reasoner.name} made no mask of {term.concept}.")
            return made[-1].complement() if term.negated else made[-1]
        reasons.append(reason)
    raise NotVisible(" ".join(dict.fromkeys(reasons)))


def _merged(stack: ImageStack, terms: Sequence[_Term], reasoner: Reasoner, days: Sequence[Day] | str) -> Mask:
    first, *others = (_mask(stack, term, reasoner, days) for term in terms)
    for other in others:
        first = first.union(other)
    return first


def _position(stack: ImageStack, sensor: str, days: Sequence[Day] | str) -> int:
    """Return which date of a series is asked; the last one that the question's dates fit, or the last."""
    times = stack.series(sensor).acquired
    if isinstance(days, str):
        if len(times) < 2:
            raise NotVisible("A change needs images of two dates.")
        return 0 if days == "first" else len(times) - 1
    fitting = [i for i, t in enumerate(times) if any(d.agrees(Day(t.year, t.month, t.day)) for d in days)]
    return fitting[-1] if fitting else len(times) - 1


def _within(mask: Mask, label: Label) -> Mask:
    if label.grid.shape != mask.grid.shape:
        return mask
    same_place = label.grid.crs is None or label.grid.same_as(mask.grid, tolerance_px=0.5)
    return mask.observed_within(label.valid) if same_place else mask
