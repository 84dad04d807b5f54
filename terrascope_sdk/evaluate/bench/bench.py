"""The benchmark: every question by the network in all its modes and by what needs no network, as one document."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import groupby

import numpy as np

from terrascope_sdk.evaluate.bench.blind import middle_option, prior_answers
from terrascope_sdk.evaluate.bench.given_masks import index_masks, label_masks, outcome_of_masks
from terrascope_sdk.evaluate.bench.locations import score_locations
from terrascope_sdk.evaluate.bench.modes import bench_modes, network_sessions
from terrascope_sdk.evaluate.bench.outcome import Outcome
from terrascope_sdk.evaluate.bench.question import BenchQuestion
from terrascope_sdk.evaluate.bench.rates import Bootstrap
from terrascope_sdk.evaluate.bench.running import run_question
from terrascope_sdk.evaluate.bench.scenes import see
from terrascope_sdk.evaluate.bench.scores import Pair, averages, by_task, score_chains, score_task
from terrascope_sdk.evaluate.bench.suite import Suite
from terrascope_sdk.evaluate.bench.tasks import bench_tasks
from terrascope_sdk.model.compact import CompactNetwork
from terrascope_sdk.types.encoding import JsonValue

__all__ = ["answer_suite", "bench_document", "some_of_each"]

Answers = Mapping[str, Sequence[Outcome]]
"""Outcomes by the name of a mode or baseline."""

_MAIN = ("measured", "new_phrasings")
_TOLD = {
    "no_image": "the usual answer of other questions about the same concepts",
    "most_frequent": "the usual answer of other questions of the task",
    "middle_option": "the option nearest to the mean of the options",
    "index_rules": "the index-based reasoner's masks, measured alike; the question is given as understood",
    "perfect_masks": "the masks of the labels, measured alike; the question is given as understood",
}


def some_of_each(questions: Sequence[BenchQuestion], n: int) -> list[BenchQuestion]:
    """Return about `n` questions of each task, in whole groups, in the given order."""
    kept: set[int] = set()
    for task in bench_tasks:
        own = sorted((q for q in questions if q.asked.task == task), key=lambda q: q.group)
        count = 0
        for group, members in groupby(own, key=lambda q: q.group):
            if count < n:
                kept.add(group)
                count += len(list(members))
    return [q for q in questions if q.group in kept]


def answer_suite(
    suite: Suite,
    network: CompactNetwork,
    *,
    modes: Iterable[str] = tuple(bench_modes),
    others: int = 60,
    on_scene: Callable[[int, int], None] | None = None,
) -> dict[str, list[Outcome]]:
    """Return what comes of the questions of a suite; each scene is loaded and encoded once.

    Args:
        suite: Scenes and questions.
        network: The trained network.
        modes: How it is run; ``measured`` and ``new_phrasings`` over all questions.
        others: Questions a task for the other modes.
        on_scene: Told after each scene: how many are done, how many there are.
    """
    chosen = {name: bench_modes[name] for name in modes}
    few = {q.id for q in some_of_each(suite.questions, others)}
    found: dict[str, list[Outcome]] = {name: [] for name in (*chosen, "index_rules", "perfect_masks")}
    for done, scene in enumerate(suite.scenes, 1):
        seen = see(scene, network)
        for question in (q for q in suite.questions if q.asked.scene == scene.name):
            found["index_rules"].append(outcome_of_masks(seen, question, index_masks))
            found["perfect_masks"].append(outcome_of_masks(seen, question, label_masks))
            for name, mode in chosen.items():
                if name in _MAIN or question.id in few:
                    make = network_sessions(network, mode)
                    made = run_question(seen, question, make, wording=mode.wording, direct=mode.direct)
                    found[name].append(made)
        if on_scene is not None:
            on_scene(done, len(suite.scenes))
    return found


def _scored(pairs: Sequence[Pair], boot: Bootstrap) -> dict[str, JsonValue]:
    return {t: score_task(own, boot) for t, own in by_task(pairs).items()}


def _tasks(pairs: Sequence[Pair], fresh: Sequence[Pair], boot: Bootstrap) -> dict[str, JsonValue]:
    made: dict[str, JsonValue] = {}
    again = by_task(fresh)
    for name, own in by_task(pairs).items():
        task = bench_tasks[name]
        known = score_chains(own, boot)
        made[name] = {
            "code": task.code, "options": task.options, "tolerance": task.told, **score_task(own, boot), **known,
            "understood": {
                "known": known["understood"],
                "new": score_chains(again[name], boot)["understood"] if name in again else None,
            },
        }  # fmt: skip
    seconds = [p.outcome.seconds for p in pairs]
    made["average"] = averages(pairs, boot) | {
        **score_chains(pairs, boot),
        "understood": {
            "known": score_chains(pairs, boot)["understood"],
            "new": score_chains(fresh, boot)["understood"] if fresh else None,
        },
        "seconds_a_chain": round(float(np.median(seconds)), 4) if seconds else None,
    }
    return made


def _masks(pairs: Sequence[Pair], boot: Bootstrap) -> dict[str, JsonValue]:
    """Return the overlap of the masks of chains, by what they show."""
    by_concept: dict[str, list[tuple[str, float]]] = {}
    for pair in pairs:
        for find, overlap in zip(pair.question.program().finds, pair.outcome.overlaps, strict=True):
            if overlap is not None:
                key = f"{find.way}:{find.concept}" if find.way else find.concept
                by_concept.setdefault(key, []).append((pair.scene, overlap))
    every = [item for items in by_concept.values() for item in items]
    return {
        "mean_iou": _mean(every, boot),
        "by_concept": {k: _mean(items, boot) for k, items in sorted(by_concept.items())},
        "right_answers": _mean_of(pairs, boot, right=True),
        "wrong_answers": _mean_of(pairs, boot, right=False),
    }


def _mean_of(pairs: Sequence[Pair], boot: Bootstrap, *, right: bool) -> JsonValue:
    return _mean([(p.scene, v) for p in pairs if p.right is right for v in p.outcome.overlaps if v is not None], boot)


def _mean(items: Sequence[tuple[str, float]], boot: Bootstrap) -> JsonValue:
    return boot.mean([v for _, v in items], [s for s, _ in items]).to_json()


def bench_document(suite: Suite, answers: Answers) -> dict[str, JsonValue]:
    """Return tasks, masks and baselines as plain values.

    Args:
        suite: Scenes and questions.
        answers: What came of them, by mode; ``measured`` at least.
    """
    by_id = {q.id: q for q in suite.questions}
    boot = Bootstrap([s.name for s in suite.scenes])
    blind = {
        "no_image": prior_answers(suite.questions, by_subject=True),
        "most_frequent": prior_answers(suite.questions, by_subject=False),
        "middle_option": middle_option(suite.questions),
    }
    paired = {name: [Pair(by_id[o.question], o) for o in made] for name, made in {**blind, **answers}.items()}
    main, fresh = paired["measured"], paired.get("new_phrasings", [])
    masks = _masks(main, boot)
    masks["location"] = {
        name: score_locations(paired[name], boot) for name in answers if any(o.places for o in answers[name])
    }
    baselines: dict[str, JsonValue] = {}
    for name, pairs in paired.items():
        if name == "measured":
            continue
        told = _TOLD[name] if name in _TOLD else bench_modes[name].told
        average = averages(pairs, boot)
        baselines[name] = {"told": told, "n": len(pairs), "tasks": _scored(pairs, boot), "average": average}
        if name not in blind:
            baselines[name]["chains"] = score_chains(pairs, boot)
    return {"tasks": _tasks(main, fresh, boot), "masks": masks, "baselines": baselines}
