"""Answers without looking: what priors alone get. On questions that give nothing away they are at chance."""

from collections import Counter, defaultdict
from collections.abc import Sequence

import numpy as np

from terrascope_sdk.evaluate.bench.outcome import Outcome
from terrascope_sdk.evaluate.bench.question import BenchQuestion
from terrascope_sdk.evaluate.bench.tasks import Value

__all__ = ["middle_option", "prior_answers"]


def _learned(question: BenchQuestion, truths: Sequence[Value]) -> Value:
    """Return the median of true numbers, or the option that was right most often; the first one without any."""
    numbers = [float(t) for t in truths if isinstance(t, (int, float)) and not isinstance(t, bool)]
    if numbers:
        return float(np.median(numbers))
    counts = Counter(t[0] if isinstance(t, tuple) and len(t) == 2 else t for t in truths)
    return max(question.values, key=lambda v: (counts[v], str(v))) if counts else question.values[0]


def prior_answers(questions: Sequence[BenchQuestion], *, by_subject: bool) -> list[Outcome]:
    """Return answers learned from the truths of other questions, as far as they are about other scenes.

    Left out are all scenes of a question's group, as the same thing on another date has nearly the same answer. Where
    there is nothing to learn from, the first option is taken.

    Args:
        questions: All questions.
        by_subject: Whether the prior is that of the concepts asked about, where there are other questions on them;
            otherwise that of the task.
    """
    scenes: dict[int, set[str]] = defaultdict(set)
    for question in questions:
        scenes[question.group].add(question.asked.scene)
    made = []
    for question in questions:
        own = question.asked
        others = [
            q.asked for q in questions if q.asked.task == own.task and q.asked.scene not in scenes[question.group]
        ]
        alike = [c.truth for c in others if c.subject == own.subject] if by_subject else []
        made.append(Outcome(question.id, value=_learned(question, alike or [c.truth for c in others])))
    return made


def middle_option(questions: Sequence[BenchQuestion]) -> list[Outcome]:
    """Return the option nearest to the mean of the options: what gives formulaic distractors away."""
    made = []
    for question in questions:
        numbers = [v for v in question.values if isinstance(v, (int, float)) and not isinstance(v, bool)]
        value: Value = float(np.mean(numbers)) if numbers else question.values[0]
        made.append(Outcome(question.id, value=value))
    return made
