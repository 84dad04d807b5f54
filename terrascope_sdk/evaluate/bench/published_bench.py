"""Scores on a published file: the official letter scoring with both averages, and ours beside it."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import torch

from terrascope_sdk.engine.moments import moments_of
from terrascope_sdk.engine.preparing import prepare
from terrascope_sdk.evaluate.bench.chain_run import answer_of, run_words
from terrascope_sdk.evaluate.bench.ground_truth import GroundTruth
from terrascope_sdk.evaluate.bench.official import extract_letter, parse_letter, response_text
from terrascope_sdk.evaluate.bench.picking import pick_published
from terrascope_sdk.evaluate.bench.published import GSD_M, PublishedQuestion, tasks_in
from terrascope_sdk.evaluate.bench.rates import Bootstrap, Rate
from terrascope_sdk.evaluate.bench.scenes import BenchScene, SeenScene
from terrascope_sdk.evaluate.options import parse_number
from terrascope_sdk.model.compact import CompactNetwork
from terrascope_sdk.model.fields import encode_fields
from terrascope_sdk.model.session import CompactSession
from terrascope_sdk.model.words import split_question
from terrascope_sdk.types.encoding import JsonValue

__all__ = ["PublishedAnswer", "answer_published", "published_document"]


@dataclass(frozen=True)
class PublishedAnswer:
    """What came of one question."""

    letter: str | None
    """The chosen letter."""

    problem: str
    """Why there is none."""


def _see(question: PublishedQuestion, network: CompactNetwork) -> SeenScene:
    stack = question.stack()
    moments = moments_of(stack)
    ready = prepare(stack, moments)
    device = network.language.embed.weight.device
    fields = encode_fields(network.encoder, network.grounder, ready.views.to(device))
    truth = GroundTruth(np.zeros((1, *stack.grid.shape), np.uint8), {})
    scene = BenchScene(f"row-{question.number}", truth, stack.grid, GSD_M, (), lambda: stack)
    return SeenScene(scene, stack, moments, ready.observed, tuple(fields))


@torch.inference_mode()
def answer_published(question: PublishedQuestion, network: CompactNetwork) -> PublishedAnswer:
    """Answer one question by a chain whose masks are measured.

    Raises:
        ParseError: Its picture cannot be read.
    """
    seen = _see(question, network)
    words = split_question(question.question)
    run = run_words(seen, (0,), words, CompactSession(network, seen.fields, seen.observed, question=words))
    value = answer_of(run)
    if value is None:
        return PublishedAnswer(None, run.problem or "not defined")
    kind = run.reader.measures[0].kind
    letter = pick_published(value, kind, question.options, GSD_M)
    return PublishedAnswer(letter, "" if letter else f"no option fits a measured {kind}")


def _usual_letter(questions: Sequence[PublishedQuestion], task: str, *, rank: bool) -> list[str | None]:
    """Return, for each question of a task, the letter that the others would choose: by position, or by size."""
    own = [q for q in questions if q.task == task]
    sorted_letters = [_by_size(q) if rank else sorted(q.options) for q in own]
    places = [order.index(q.key) if q.key in order else None for q, order in zip(own, sorted_letters, strict=True)]
    counted = Counter(p for p in places if p is not None)
    made: list[str | None] = []
    for order, place in zip(sorted_letters, places, strict=True):
        others = counted - Counter([place] if place is not None else [])
        at = max(sorted(others), key=lambda p: others[p]) if others else 0
        made.append(order[at] if at < len(order) else None)
    return made


def _by_size(question: PublishedQuestion) -> list[str]:
    sizes = {letter: parse_number(text) or 0.0 for letter, text in question.options.items()}
    return sorted(sizes, key=lambda letter: sizes[letter])


def _rates(
    questions: Sequence[PublishedQuestion], right: Sequence[bool], boot: Bootstrap
) -> tuple[dict[str, Rate], Rate]:
    names = [f"row-{q.number}" for q in questions]
    by_task = {}
    for task in tasks_in(questions):
        at = [i for i, q in enumerate(questions) if q.task == task]
        by_task[task] = boot.mean([right[i] for i in at], [names[i] for i in at])
    return by_task, boot.mean(list(right), names)


def _scored(questions: Sequence[PublishedQuestion], right: Sequence[bool], boot: Bootstrap) -> dict[str, JsonValue]:
    by_task, micro = _rates(questions, right, boot)
    average = {"macro": Bootstrap.average(list(by_task.values())).to_json(), "micro": micro.to_json()}
    return {**{t: {"accuracy": r.to_json()} for t, r in by_task.items()}, "average": average}


def published_document(
    questions: Sequence[PublishedQuestion],
    network: CompactNetwork,
    *,
    on_question: Callable[[int, int], None] | None = None,
) -> dict[str, JsonValue]:
    """Return tasks, masks and baselines as plain values; the file holds no masks, so nothing is said of them.

    Args:
        questions: Of one file.
        network: The trained network.
        on_question: Told after each question: how many are done, how many there are.

    Raises:
        ParseError: A picture cannot be read.
    """
    answers = []
    for done, question in enumerate(questions, 1):
        answers.append(answer_published(question, network))
        if on_question is not None:
            on_question(done, len(questions))
    boot = Bootstrap([f"row-{q.number}" for q in questions])
    responses = [response_text(a.letter) for a in answers]
    official = [extract_letter(r) == q.key for r, q in zip(responses, questions, strict=True)]
    parsed = [parse_letter(r) == q.key for r, q in zip(responses, questions, strict=True)]
    tasks = _scored(questions, official, boot)
    names = [f"row-{q.number}" for q in questions]
    answered = boot.mean([a.letter is not None for a in answers], names)
    tasks["average"] = tasks["average"] | {
        "second_parser": boot.mean(parsed, names).to_json(),
        "answered": answered.to_json(),
        "chance": round(float(np.mean([1 / max(1, len(q.options)) for q in questions])), 4),
        "gsd_m": GSD_M,
        "problems": dict(Counter(a.problem[:80] for a in answers if a.problem).most_common(5)),
    }
    baselines: dict[str, JsonValue] = {}
    for name, rank in (("usual_letter", False), ("usual_rank", True)):
        guesses: dict[int, str | None] = {}
        for task in tasks_in(questions):
            own = [q.number for q in questions if q.task == task]
            guesses |= dict(zip(own, _usual_letter(questions, task, rank=rank), strict=True))
        baselines[name] = {"tasks": _scored(questions, [guesses[q.number] == q.key for q in questions], boot)}
    return {"tasks": tasks, "masks": {}, "baselines": baselines}
