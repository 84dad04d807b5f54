"""Multiple choice without a giveaway: wrong numbers are right answers of other questions of the same kind.

Distractors made from the answer (half of it, 1.4 times it) can be told without a look at the image. Here options are
drawn from one distribution, the answers that other scenes gave to the same question, so that the right one has no mark.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence

import numpy as np

from terrascope_sdk.train.cot.drafts import Draft
from terrascope_sdk.train.cot.sentences import written
from terrascope_sdk.train.cot.tasks import TASKS, Task

__all__ = ["AnswerPool", "options_for"]

_LETTERS = "ABCD"
_ENOUGH = 12  # real answers of one topic before those of the whole task are taken


class AnswerPool:
    """Numeric answers by task and topic."""

    def __init__(self, answers: Mapping[str, Mapping[str, Sequence[float]]] | None = None) -> None:
        """Start a pool.

        Args:
            answers: Numbers by task and topic, as :meth:`to_json` gives them.
        """
        self._answers: dict[str, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
        for task, topics in (answers or {}).items():
            for topic, values in topics.items():
                self._answers[task][topic] = list(values)

    def add(self, draft: Draft) -> None:
        """Remember the answer of a draft, if it is a number."""
        if draft.value is not None:
            self._answers[draft.task][draft.topic].append(float(f"{draft.value:.6g}"))

    def alike(self, draft: Draft) -> list[float]:
        """Return answers to the same question about other scenes; of the whole task where there are too few."""
        topics = self._answers.get(draft.task, {})
        same = topics.get(draft.topic, [])
        if len(set(same)) >= _ENOUGH:
            return same
        return [value for values in topics.values() for value in values]

    def to_json(self) -> dict[str, dict[str, list[float]]]:
        """Return the pool as plain values."""
        return {task: {topic: list(v) for topic, v in topics.items()} for task, topics in self._answers.items()}


def _apart(task: Task, value: float, others: Sequence[float]) -> bool:
    return all(
        abs(value - other) >= max(task.apart, task.apart_frac * max(abs(value), abs(other)), 1e-9) for other in others
    )


def _numbers(draft: Draft, value: float, pool: AnswerPool) -> list[str] | None:
    task = TASKS[draft.task]
    alike = pool.alike(draft)
    chosen = [value]
    for index in draft.rng.permutation(len(alike)).tolist():
        if _apart(task, alike[index], chosen):
            chosen.append(alike[index])
        if len(chosen) == len(_LETTERS):
            break
    texts = [draft.answer, *(written(task.slot, other) + task.unit for other in chosen[1:])]
    return texts if len(set(texts)) == len(_LETTERS) else None


def options_for(draft: Draft, pool: AnswerPool) -> dict[str, str]:
    """Return options by letter, shuffled, the right one among them; none where no three wrong numbers are known.

    Args:
        draft: A finished draft.
        pool: Real answers.
    """
    if draft.value is not None:
        texts = _numbers(draft, draft.value, pool)
    elif len(draft.options) > len(_LETTERS):
        others = [option for option in draft.options if option != draft.answer]
        texts = [draft.answer, *draft.rng.permutation(others)[: len(_LETTERS) - 1].tolist()]
    else:
        texts = list(draft.options) or None
    if texts is None:
        return {}
    return dict(zip(_LETTERS, np.array(texts)[draft.rng.permutation(len(texts))].tolist(), strict=False))
