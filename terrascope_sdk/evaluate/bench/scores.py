"""Scores of answers: the right letter, near enough, numeric errors, masks, agreement."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from terrascope_sdk.evaluate.bench.outcome import Outcome
from terrascope_sdk.evaluate.bench.question import BenchQuestion
from terrascope_sdk.evaluate.bench.rates import Bootstrap, Rate
from terrascope_sdk.evaluate.bench.tasks import CODES, bench_tasks
from terrascope_sdk.types.encoding import JsonValue

__all__ = ["Pair", "averages", "by_task", "score_chains", "score_task"]


@dataclass(frozen=True)
class Pair:
    """A question with what came of it."""

    question: BenchQuestion
    outcome: Outcome

    @property
    def scene(self) -> str:
        """Name of its scene."""
        return self.question.asked.scene

    @property
    def right(self) -> bool:
        """Whether the right letter was chosen."""
        return self.question.choose(self.outcome.value) == self.question.letter

    @property
    def hit(self) -> bool:
        """Whether the answer is within the tolerance of its task."""
        return self.question.within(self.outcome.value)


def by_task(pairs: Sequence[Pair]) -> dict[str, list[Pair]]:
    """Return the pairs of each task that has any, in the order of the tasks."""
    found: dict[str, list[Pair]] = {t: [p for p in pairs if p.question.asked.task == t] for t in bench_tasks}
    return {t: own for t, own in found.items() if own}


def _rate(boot: Bootstrap, pairs: Sequence[Pair], values: Sequence[float]) -> Rate:
    return boot.mean(values, [p.scene for p in pairs])


def _errors(pairs: Sequence[Pair], boot: Bootstrap) -> dict[str, JsonValue]:
    """Return bias, root mean square and median of the errors of those that gave a number."""
    given = [p for p in pairs if isinstance(p.outcome.value, float) and not isinstance(p.outcome.value, bool)]
    truths = [float(p.question.asked.truth) for p in given]  # type: ignore[arg-type]
    off = [float(p.outcome.value) - t for p, t in zip(given, truths, strict=True)]  # type: ignore[arg-type]
    unit = bench_tasks[pairs[0].question.asked.task].unit
    relative = [abs(e) / abs(t) for e, t in zip(off, truths, strict=True) if t]
    return {
        "unit": unit,
        "bias": _rate(boot, given, off).to_json(),
        "rmse": _rate(boot, given, [e * e for e in off]).root().to_json(),
        "median_error": round(float(np.median(np.abs(off))), 5) if off else None,
        "median_relative_error": round(float(np.median(relative)), 4) if relative else None,
    }


def _balanced(pairs: Sequence[Pair], boot: Bootstrap) -> Rate:
    sides = [[p for p in pairs if p.question.asked.truth is side] for side in (True, False)]
    return Bootstrap.average([_rate(boot, side, [p.hit for p in side]) for side in sides])


def score_task(pairs: Sequence[Pair], boot: Bootstrap) -> dict[str, JsonValue]:
    """Return the scores of the answers to one task.

    Args:
        pairs: All of one task, at least one.
        boot: Resampled scenes.
    """
    task = pairs[0].question.task
    made: dict[str, JsonValue] = {
        "n": len(pairs),
        "accuracy": _rate(boot, pairs, [p.right for p in pairs]).to_json(),
        "hit": _rate(boot, pairs, [p.hit for p in pairs]).to_json(),
        "answered": _rate(boot, pairs, [p.outcome.value is not None for p in pairs]).to_json(),
    }
    if task.unit:
        made["error"] = _errors(pairs, boot)
    if task.kind in {"touches", "present"}:
        made["balanced_accuracy"] = _balanced(pairs, boot).to_json()
    return made


def score_chains(pairs: Sequence[Pair], boot: Bootstrap) -> dict[str, JsonValue]:
    """Return the scores of the chains behind answers: understanding, masks, agreement of number and mask."""
    overlaps = [(p, v) for p in pairs for v in p.outcome.overlaps if v is not None]
    told = [p for p in pairs if p.outcome.agrees is not None]
    return {
        "understood": _rate(boot, pairs, [p.outcome.understood for p in pairs]).to_json(),
        "unknown_word": _rate(boot, pairs, [p.outcome.refused_word for p in pairs]).to_json(),
        "mean_iou": _rate(boot, [p for p, _ in overlaps], [v for _, v in overlaps]).to_json(),
        "right_with_right_masks": _rate(boot, pairs, [p.right and p.outcome.masks_right for p in pairs]).to_json(),
        "answer_is_measurement": _rate(boot, told, [bool(p.outcome.agrees) for p in told]).to_json(),
    }


def averages(pairs: Sequence[Pair], boot: Bootstrap) -> dict[str, JsonValue]:
    """Return the accuracies of the paper's six tasks, averaged over tasks and over questions.

    The three kinds of change questions are one task, as in the paper.
    """
    codes: Mapping[str, list[Pair]] = {c: [p for p in pairs if p.question.task.code == c] for c in CODES}
    rates = {c: _rate(boot, own, [p.right for p in own]) for c, own in codes.items() if own}
    six = [p for own in codes.values() for p in own]
    return {
        "macro": Bootstrap.average(list(rates.values())).to_json(),
        "micro": _rate(boot, six, [p.right for p in six]).to_json(),
        "by_code": {c: r.to_json() for c, r in rates.items()},
        "chance": _chance(codes),
    }


def _chance(codes: Mapping[str, Sequence[Pair]]) -> float | None:
    """Return what a blind guess gets, averaged over the tasks."""
    kept = [np.mean([1 / len(p.question.values) for p in own]) for own in codes.values() if own]
    return round(float(np.mean(kept)), 4) if kept else None
