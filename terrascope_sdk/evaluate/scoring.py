"""Scoring: what is expected against what was given, by the two ways of the question files' README.

Given the reference mask, the arithmetic is tested: numbers within 0.5 %, distances within 1.5 pixels, counts, yes or
no and rankings exactly. Segmented, the reasoner is tested: the right option, or a relative error up to 10 %. The two
never share a figure.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from terrascope_sdk.errors import ParseError
from terrascope_sdk.evaluate.given import GivenAnswer
from terrascope_sdk.evaluate.options import folded, parse_number, pick_option
from terrascope_sdk.types.encoding import JsonValue

__all__ = ["AnswerKey", "Masks", "Verdict", "judge"]

Masks = Literal["reference", "model"]
"""Where the masks came from."""

_REFERENCE_FRAC = 0.005
_MODEL_FRAC = 0.1
_DISTANCE_PX = 1.5
_ROUNDING = 1e-9  # of floating point, relative


@dataclass(frozen=True)
class AnswerKey:
    """The fields of a question that only scoring may see."""

    task: str
    """Task of the question."""

    answer: float | int | str | None
    """What is right; None when the question cannot be answered from the data."""

    options: Mapping[str, str] | None
    """Text by letter."""

    correct: str | None
    """Letter of the right option."""

    problem: str = ""
    """What is wrong with options and letter; they are then None. Only multiple choice needs them."""

    @classmethod
    def from_record(cls, record: Mapping[str, JsonValue]) -> AnswerKey:
        """Read the key from a line of a file.

        Raises:
            ParseError: There is no answer, or it is neither number nor text.
        """
        if "answer" not in record:
            raise ParseError(
                "The line has no 'answer' to score by.", hint='An unanswerable question has "answer": null.'
            )
        answer = record["answer"]
        if isinstance(answer, bool):
            answer = "yes" if answer else "no"
        if not isinstance(answer, int | float | str | None) or (
            isinstance(answer, float) and not math.isfinite(answer)
        ):
            raise ParseError(f"The answer {answer!r} is no number and no text.")
        task = str(record.get("task", "")).strip().lower()
        options, correct = record.get("options"), record.get("correct")
        if options is None and correct is None:
            return cls(task, answer, None, None)
        if not isinstance(options, dict) or not isinstance(correct, str) or correct not in options:
            odd = f"the options {options!r} and the correct letter {correct!r} do not belong together"
            return cls(task, answer, None, None, odd)
        return cls(task, answer, {letter: str(text) for letter, text in options.items()}, correct)


@dataclass(frozen=True)
class Verdict:
    """Whether an answer is right, and why."""

    correct: bool
    """Whether it is right."""

    why: str
    """What was compared."""


def judge(given: GivenAnswer, key: AnswerKey, *, masks: Masks) -> Verdict:
    """Compare an answer with what is expected.

    Args:
        given: The answer.
        key: What is expected.
        masks: Where the masks came from, which decides how.
    """
    if given.outcome == "failed":
        return Verdict(False, given.why)
    if key.answer is None:
        said = given.outcome == "refused"
        return Verdict(said, given.why if said else "this cannot be answered from the data, and was answered")
    if given.outcome == "refused" or given.value is None:
        return Verdict(False, f"refused: {given.why}")
    return _by_reference(given, key) if masks == "reference" else _by_model(given, key)


def _expected_number(given: GivenAnswer, key: AnswerKey) -> float | None:
    if isinstance(key.answer, str):
        return parse_number(key.answer, unit=given.unit)
    return None if key.answer is None else float(key.answer)


def _same_words(given: GivenAnswer, key: AnswerKey) -> Verdict:
    right = folded(str(given.value)) == folded(str(key.answer))
    return Verdict(right, f"{given.value!r} against {key.answer!r} ({given.why})")


def _within(value: float, expected: float, allowed: float, told: str) -> Verdict:
    off = abs(value - expected)
    right = off <= allowed + _ROUNDING * max(abs(expected), abs(allowed))
    return Verdict(right, f"{value:.7g} lies {off:.4g} from {expected:.7g}; {told} allowed")


def _by_reference(given: GivenAnswer, key: AnswerKey) -> Verdict:
    if isinstance(given.value, str):
        return _same_words(given, key)
    expected = _expected_number(given, key)
    if expected is None or given.value is None:
        return Verdict(False, f"{given.value!r} is no answer like {key.answer!r}")
    if given.unit == "count":
        return _within(given.value, expected, 0.0, "nothing")
    if key.task == "distance" and given.pixel_m is not None:
        allowed = _DISTANCE_PX * given.pixel_m
        return _within(given.value, expected, allowed, f"{allowed:.4g} (1.5 pixels)")
    return _within(given.value, expected, _REFERENCE_FRAC * abs(expected), "0.5 %")


def _by_model(given: GivenAnswer, key: AnswerKey) -> Verdict:
    if key.problem:
        return Verdict(False, f"the answer key cannot be read: {key.problem}")
    if key.options is not None and given.value is not None:
        picked = pick_option(given.value, key.options, unit=given.unit)
        if picked is None:
            return Verdict(False, f"{given.value!r} is none of the options")
        told = f"{given.value!r} picks {picked} ({key.options[picked]}), right is {key.correct}"
        return Verdict(picked == key.correct, told)
    if isinstance(given.value, str):
        return _same_words(given, key)
    expected = _expected_number(given, key)
    if expected is None or given.value is None:
        return Verdict(False, f"{given.value!r} is no answer like {key.answer!r}")
    return _within(given.value, expected, _MODEL_FRAC * abs(expected), "10 %")
