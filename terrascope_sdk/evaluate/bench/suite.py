"""A suite: scenes, and questions about them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from math import ceil

import numpy as np

from terrascope_sdk.evaluate.bench.balance import select_groups
from terrascope_sdk.evaluate.bench.building import build_questions
from terrascope_sdk.evaluate.bench.candidates import candidates_of
from terrascope_sdk.evaluate.bench.question import BenchQuestion, Candidate
from terrascope_sdk.evaluate.bench.scenes import BenchScene, see
from terrascope_sdk.evaluate.bench.synthetic import landscapes, towns
from terrascope_sdk.evaluate.bench.tasks import bench_tasks

__all__ = ["Suite", "suite_of", "synthetic_suite"]

_CHUNK = 32
_RESERVE = 1.2
_MOST_A_QUESTION = 10
_FINE = ("building_change", "building_loss")
_BOTH = ("count",)


@dataclass(frozen=True)
class Suite:
    """Scenes with their questions."""

    name: str
    """``synthetic`` or ``real``."""

    scenes: tuple[BenchScene, ...]
    """Those that are asked about, in order."""

    questions: tuple[BenchQuestion, ...]
    """All questions, scene by scene."""


def suite_of(name: str, scenes: Sequence[BenchScene], questions: Sequence[BenchQuestion]) -> Suite:
    """Return a suite whose questions stand scene by scene, and whose scenes are all asked about."""
    order = {s.name: i for i, s in enumerate(scenes)}
    asked = {q.asked.scene for q in questions}
    kept = sorted(questions, key=lambda q: (order[q.asked.scene], q.id))
    return Suite(name, tuple(s for s in scenes if s.name in asked), tuple(kept))


def _lacking(candidates: Sequence[Candidate], n: int, tasks: Sequence[str], rng: np.random.Generator) -> list[str]:
    """Return the tasks of which there may be fewer than `n` balanced questions: other groupings give somewhat fewer."""
    enough = ceil(_RESERVE * n)
    groups = {t: select_groups(t, [c for c in candidates if c.task == t], enough, rng, strict=True) for t in tasks}
    return [t for t in tasks if sum(map(len, groups[t])) < enough]


def _gather(
    source: Iterator[BenchScene], n: int, tasks: Sequence[str], rng: np.random.Generator
) -> tuple[list[BenchScene], list[Candidate]]:
    scenes: list[BenchScene] = []
    candidates: list[Candidate] = []
    lacking = list(tasks)
    tried = 0
    while lacking and tried < max(_CHUNK, _MOST_A_QUESTION * n):
        for scene in islice(source, _CHUNK):
            found = candidates_of(see(scene), rng, lacking)
            scenes += [scene] if found else []
            candidates += found
            tried += 1
        lacking = _lacking(candidates, n, lacking, rng)
    return scenes, candidates


def synthetic_suite(seed: int, n: int) -> Suite:
    """Return questions about fresh worlds, at least `n` of each task unless worlds that allow them are too rare.

    Args:
        seed: The same seed gives the same scenes and questions.
        n: Questions a task.
    """
    rng = np.random.default_rng([seed, 77])
    coarse = [t for t in bench_tasks if t not in _FINE]
    scenes, candidates = _gather(landscapes(seed), n, coarse, rng)
    fine_scenes, fine = _gather(towns(seed), n, (*_FINE, *_BOTH), rng)
    return suite_of("synthetic", [*scenes, *fine_scenes], build_questions([*candidates, *fine], n, seed))
