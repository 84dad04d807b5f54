"""Which questions of strangers are understood: what they should mean is known, what they show does not matter."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import torch

from terrascope_sdk.errors import InputError, ParseError
from terrascope_sdk.evaluate.bench.chain_run import run_words
from terrascope_sdk.evaluate.bench.same_program import program_of_chain, same_program
from terrascope_sdk.evaluate.bench.scenes import SeenScene, see
from terrascope_sdk.evaluate.bench.synthetic import landscapes
from terrascope_sdk.model.compact import CompactNetwork
from terrascope_sdk.model.session import CompactSession
from terrascope_sdk.model.words import split_question
from terrascope_sdk.train.intents import UNCLEAR, Intent, task_shapes
from terrascope_sdk.train.programs import program_of
from terrascope_sdk.types.encoding import JsonValue

__all__ = ["StrangerQuestion", "read_strangers", "score_strangers", "understands"]

_DATES = 2


@dataclass(frozen=True)
class StrangerQuestion:
    """A question with what it means."""

    text: str
    """As written."""

    intent: Intent
    """What it should be understood as, asked of two images."""


def read_strangers(path: Path) -> list[StrangerQuestion]:
    """Return the questions of a file with the columns task, concepts, dates and question, set apart by tabs.

    Raises:
        InputError: There is no such file.
        ParseError: A column is missing, or a task is not known.
    """
    if not path.is_file():
        raise InputError(f"There is no file {path}.")
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    try:
        return [_question(row) for row in rows]
    except (KeyError, AttributeError, ValueError) as err:
        hint = "Its columns are task, concepts, dates and question."
        raise ParseError(f"{path} is no file of questions: {err}.", hint=hint) from err


def _question(row: dict[str, str]) -> StrangerQuestion:
    task = row["task"]
    if task != UNCLEAR and task not in task_shapes:
        raise ValueError(f"there is no task {task!r}")
    concepts = tuple(c for c in row["concepts"].split(",") if c)
    dates = tuple(int(d) for d in row["dates"].split(",") if d)
    return StrangerQuestion(row["question"], Intent(task, concepts, dates))


@torch.inference_mode()
def understands(network: CompactNetwork, seen: SeenScene, question: StrangerQuestion) -> bool:
    """Return whether a network understands a question over two images.

    One that cannot be answered is understood when the network, or the check of its chain against the question's words,
    says so.
    """
    words = split_question(question.text)
    session = CompactSession(network, seen.fields, seen.observed, question=words)
    run = run_words(seen, (0, 1), words, session)
    if question.intent.task == UNCLEAR:
        return bool(run.problem) and "grammar" not in run.problem and "did not end" not in run.problem
    if run.problem:
        return False
    return same_program(program_of_chain(run.finds, run.reader.measures), program_of(question.intent, _DATES))


def score_strangers(network: CompactNetwork, questions: Sequence[StrangerQuestion]) -> dict[str, JsonValue]:
    """Return the share of questions understood, in all and by task; never a question itself.

    Returns:
        ``understood`` and ``n`` for all questions and by ``tasks``; ``answerable`` leaves out the unclear ones;
        ``unknown_word`` is the share of answerable questions with a word that the network does not know.
    """
    seen = see(next(landscapes(0)), network)
    right = [understands(network, seen, q) for q in questions]
    tasks: dict[str, list[bool]] = {}
    for question, good in zip(questions, right, strict=True):
        tasks.setdefault(question.intent.task, []).append(good)
    plain = [good for q, good in zip(questions, right, strict=True) if q.intent.task != UNCLEAR]
    unknown = ["<unk>" in split_question(q.text) for q in questions if q.intent.task != UNCLEAR]
    return {
        "n": len(questions),
        "understood": _share(right),
        "answerable": _share(plain),
        "unknown_word": _share(unknown),
        "tasks": {t: {"n": len(g), "understood": _share(g)} for t, g in tasks.items()},
    }


def _share(values: Sequence[bool]) -> float | None:
    return round(sum(values) / len(values), 4) if values else None
