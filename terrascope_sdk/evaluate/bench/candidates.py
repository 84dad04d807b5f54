"""What can be asked of a scene, with the true answers."""

from collections.abc import Collection, Iterator, Sequence
from itertools import combinations

import numpy as np

from terrascope_sdk.evaluate.bench import rules
from terrascope_sdk.evaluate.bench.measuring import measure_program, true_masks
from terrascope_sdk.evaluate.bench.question import Candidate
from terrascope_sdk.evaluate.bench.scenes import BenchScene, SeenScene
from terrascope_sdk.evaluate.bench.tasks import bench_tasks
from terrascope_sdk.train.intents import Intent
from terrascope_sdk.types.concepts import vocabulary

__all__ = ["candidates_of"]

_EACH = 2
"""Most questions of one task about one date of a scene."""

_OVERLAYS = ("building", "road")


class _Date:
    """One date of a scene, with what its labels show."""

    def __init__(self, scene: BenchScene, when: int) -> None:
        self.known = scene.truth.known[when]
        self.masks = {k: scene.truth.layer(k, when) for k in scene.truth.keys}
        self.classes = [k for k in self.masks if k not in _OVERLAYS]
        whole = max(1, int(self.known.sum()))
        self.shares = {k: float(self.masks[k].sum()) / whole for k in self.masks}


def _asked(date: _Date, rng: np.random.Generator, *, fine: bool) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield tasks with what they may be asked of on one date."""
    sized = [k for k in (("building",) if fine else date.classes) if k in date.masks and rules.large(date.shares[k])]
    shares = {k: date.shares[k] for k in date.classes}
    yield from (("coverage", (k,)) for k in sized)
    yield from (("area", (k,)) for k in sized)
    yield from (("location", (k,)) for k in sized if rules.clearly_placed(date.masks[k]))
    yield from (("presence", (k,)) for k in date.classes if not fine and not 0 < date.shares[k] < 0.01)
    counted = [k for k in date.masks if vocabulary[k].countable and (k == "building") == fine]
    yield from (("count", (k,)) for k in counted if rules.countable(date.masks[k]))
    if fine:
        return
    yield from (("ranking", pair) for pair in rules.ordered_pairs(shares))
    yield from (("ranking_three", triple) for triple in rules.ordered_triples(shares))
    few = [k for k in date.classes if rules.bordering(date.masks[k], date.known)]
    yield from (("boundary", pair) for pair in combinations(few, 2))
    there = [k for k in date.classes if date.shares[k] >= 0.003]
    pairs = list(combinations(there, 2))
    rng.shuffle(pairs)
    yield from (("distance", (a, b)) for a, b in pairs if rules.far_apart(date.masks[a], date.masks[b]))


def _changes(scene: BenchScene) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield tasks about two dates."""
    known = scene.truth.known[0] & scene.truth.known[1]
    for concept, task in (("developed", "change"), ("building", "building_change")):
        if concept not in scene.truth.keys or (scene.gsd_m < 3) != (concept == "building"):
            continue
        before, after = (scene.truth.layer(concept, t) & known for t in (0, 1))
        if rules.changed(before, after, known):
            yield task, (concept,)
        if concept == "building" and rules.lost_buildings(before, after):
            yield "building_loss", (concept,)


def _shown(when: int, count: int, rng: np.random.Generator) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Return which dates a stack shows for a question about one of them, and which of these is said."""
    if count == 1 or rng.random() < 0.6:
        return (when,), ()
    return (0, 1), ((1,) if when == 0 else ())


def _candidate(
    seen: SeenScene, task: str, concepts: Sequence[str], dates: tuple[int, ...], said: tuple[int, ...]
) -> Candidate | None:
    intent = Intent(bench_tasks[task].intent, tuple(concepts), said)
    bare = Candidate(task, seen.scene.name, dates, intent, False, 0.0)
    value = measure_program(seen, bare.program, true_masks(seen, bare.program, dates), dates)
    if value is None:
        return None
    return Candidate(
        task, seen.scene.name, dates, intent, value, float(seen.observed[dates[-1]].sum()) * seen.scene.gsd_m**2
    )


def candidates_of(
    seen: SeenScene, rng: np.random.Generator, tasks: Collection[str] = tuple(bench_tasks)
) -> list[Candidate]:
    """Return what can be asked of a scene, at most a few of each task and date.

    Args:
        seen: The scene, loaded.
        rng: Source of randomness.
        tasks: Tasks that are wanted.
    """
    scene = seen.scene
    wanted = [t for t in tasks if t in (scene.only or tuple(bench_tasks))]
    count = scene.truth.dates
    found = []
    for when in range(count):
        date = _Date(scene, when)
        asked = list(_asked(date, rng, fine=scene.gsd_m < 3))
        rng.shuffle(asked)
        taken: dict[str, int] = {}
        for task, concepts in asked:
            if task in wanted and taken.get(task, 0) < _EACH:
                taken[task] = taken.get(task, 0) + 1
                found.append(_candidate(seen, task, concepts, *_shown(when, count, rng)))
    if count == 2:
        found += [_candidate(seen, task, concepts, (0, 1), ()) for task, concepts in _changes(scene) if task in wanted]
    return [c for c in found if c is not None]
