"""From candidates to questions whose options give nothing away.

Distractors are the true answers of other questions: four questions whose answers lie far enough apart share one set of
options, so each option is right exactly once and whoever does not look at the image is right one time in four, however
clever the prior. Where it can be had the four are about the same concept. Yes comes with no, and A larger than B with B
larger than A, for the same concepts. The letters of a group are all different.
"""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence

import numpy as np

from terrascope_sdk.evaluate.bench.question import Candidate
from terrascope_sdk.evaluate.bench.tasks import Value, bench_tasks

__all__ = ["Group", "far_enough", "grouped", "paired", "select_groups"]

Group = tuple[Candidate, ...]
"""Candidates that share their options."""

_SPACING: dict[str, tuple[float, float]] = {  # least difference, absolute and of the larger number
    "coverage": (0.04, 0.25), "area": (0.0, 0.25), "distance": (30.0, 0.2), "change": (0.0, 0.3),
    "building_change": (0.0, 0.3), "building_loss": (0.04, 0.3), "count": (2.0, 0.3),
}  # fmt: skip


def far_enough(task: str, one: Value, other: Value) -> bool:
    """Return whether two answers can stand beside each other as options.

    >>> far_enough("coverage", 0.10, 0.12), far_enough("distance", 100.0, 140.0), far_enough("location", "east", "west")
    (False, True, True)
    """
    if isinstance(one, (int, float)) and isinstance(other, (int, float)):
        least, frac = _SPACING[task]
        return abs(one - other) >= max(least, frac * max(abs(one), abs(other)))
    return one != other


def _fill(task: str, candidates: Iterable[Candidate], size: int) -> tuple[list[Group], list[Candidate]]:
    """Return full groups, greedily made, and what was left over."""
    open_groups: list[list[Candidate]] = []
    full: list[Group] = []
    for candidate in candidates:
        for group in open_groups:
            if all(c.scene != candidate.scene and far_enough(task, c.truth, candidate.truth) for c in group):
                group.append(candidate)
                if len(group) == size:
                    full.append(tuple(group))
                    open_groups.remove(group)
                break
        else:
            open_groups.append([candidate])
    return full, [c for group in open_groups for c in group]


def grouped(task: str, candidates: Sequence[Candidate], rng: np.random.Generator) -> tuple[list[Group], list[Group]]:
    """Return groups of candidates with answers far apart: those about the same concepts, and others."""
    buckets: dict[Hashable, list[Candidate]] = defaultdict(list)
    for i in rng.permutation(len(candidates)):
        candidate = candidates[i]
        truth = candidate.truth
        rises = task in {"change", "building_change"} and isinstance(truth, float) and truth > 0
        buckets[(candidate.subject, rises)].append(candidate)
    by_bucket, left = [], []
    for bucket in buckets.values():
        full, rest = _fill(task, bucket, bench_tasks[task].options)
        by_bucket.append(full)
        left += rest
    if task in {"change", "building_change"}:  # gains and losses never stand beside each other
        left = []
    mixed, _ = _fill(task, left, bench_tasks[task].options)
    return _in_turn(by_bucket), mixed


def paired(
    candidates: Sequence[Candidate],
    rng: np.random.Generator,
    *,
    key: Callable[[Candidate], tuple[Hashable, bool]],
    loose: bool = False,
) -> list[Group]:
    """Return pairs of candidates with opposite answers to the same question.

    Args:
        candidates: What there is.
        rng: Source of randomness.
        key: Says what a candidate is about, and on which side its answer is.
        loose: Also pair opposite answers to different questions, after the others.
    """
    sides: dict[Hashable, tuple[list[Candidate], list[Candidate]]] = defaultdict(lambda: ([], []))
    for i in rng.permutation(len(candidates)):
        about, side = key(candidates[i])
        sides[about][int(side)].append(candidates[i])
    by_bucket = [list(zip(no, yes, strict=False)) for no, yes in sides.values()]
    pairs: list[Group] = list(_in_turn(by_bucket))
    if loose:
        no_left = [c for no, yes in sides.values() for c in no[len(yes) :]]
        yes_left = [c for no, yes in sides.values() for c in yes[len(no) :]]
        pairs += list(zip(no_left, yes_left, strict=False))
    return pairs


def _in_turn(buckets: Sequence[Sequence[Group]]) -> list[Group]:
    """Return the first of each bucket, then the second of each, so that rare concepts are not left out."""
    longest = max((len(b) for b in buckets), default=0)
    return [b[i] for i in range(longest) for b in buckets if i < len(b)]


def _about(candidate: Candidate) -> tuple[Hashable, bool]:
    truth = candidate.truth
    if isinstance(truth, tuple):
        one, other = truth, truth[::-1]
        return min(one, other), one < other
    return candidate.subject, bool(truth)


def select_groups(
    task: str, candidates: Sequence[Candidate], n: int, rng: np.random.Generator, *, strict: bool = False
) -> list[Group]:
    """Return groups that hold `n` questions, or all there are.

    Args:
        task: Name of the task.
        candidates: All of that task.
        n: How many questions are wanted.
        rng: Source of randomness.
        strict: Only groups about the same concepts, which leave the least to guess; otherwise those come first. Pairs
            of concepts are too many for distances.
    """
    kind = bench_tasks[task].kind
    if kind in {"order", "touches", "present"}:
        groups = paired(candidates, rng, key=_about, loose=kind == "touches")
    else:
        alike, mixed = grouped(task, candidates, rng)
        groups = alike if strict and task != "distance" else [*alike, *mixed]
    size = bench_tasks[task].options if kind not in {"order", "touches", "present"} else 2
    return groups[: -(-n // size)]
