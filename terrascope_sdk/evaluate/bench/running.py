"""Running the chain of one question, and judging it against the labels."""

import time
from collections.abc import Sequence

import numpy as np
import torch

from terrascope_sdk.engine.telling import claim_of
from terrascope_sdk.evaluate.bench.chain_run import ChainRun, answer_of, run_words
from terrascope_sdk.evaluate.bench.measuring import scribe_of
from terrascope_sdk.evaluate.bench.modes import SessionMaker
from terrascope_sdk.evaluate.bench.outcome import Outcome, PlaceSaid
from terrascope_sdk.evaluate.bench.question import BenchQuestion
from terrascope_sdk.evaluate.bench.same_program import program_of_chain, same_program
from terrascope_sdk.evaluate.bench.scenes import SeenScene
from terrascope_sdk.evaluate.bench.session_kinds import mirrored
from terrascope_sdk.model.chain_grammar import Ordered
from terrascope_sdk.model.tokens import RESULTS
from terrascope_sdk.model.words import split_question
from terrascope_sdk.train.pixel_truth import centre_place
from terrascope_sdk.train.programs import Program

__all__ = ["run_question"]


def _agrees(seen: SeenScene, run: ChainRun, dates: Sequence[int], wanted: Program) -> bool | None:
    """Return whether the answer says what measuring the shown masks again gives; None where there is no such number."""
    words, asked = run.reader.answer, wanted.measure
    fresh = scribe_of(seen, run.finds, run.pixels, dates)
    pointed = [RESULTS.index(w) for w in words if w in RESULTS]
    if pointed:
        for done in run.reader.measures:
            fresh(done.kind, done.masks, [run.pixels[i - 1] for i in done.masks])
        told, again = (claim_of(words, results, RESULTS) for results in (run.scribe.results, fresh.results))
        same = [_result_words(run, i) == tuple(fresh.results[i].words) for i in pointed]
        return all(same) and told == again
    if asked is None or run.finds != list(wanted.finds):
        return None
    return tuple(fresh(asked.kind, asked.masks, [run.pixels[i - 1] for i in asked.masks])) == tuple(words)


def _result_words(run: ChainRun, number: int) -> tuple[str, ...]:
    """Return what stands in the chain between <result> and </result>."""
    words = run.reader.words
    starts = [i for i, w in enumerate(words) if w == "<result>"]
    ends = [i for i, w in enumerate(words) if w == "</result>"]
    return tuple(words[starts[number] + 1 : ends[number]])


def _overlaps(seen: SeenScene, run: ChainRun, dates: Sequence[int], wanted: Program) -> tuple[float | None, ...]:
    shown = {(f.concept, f.way, f.dates): p for f, p in zip(run.finds, run.pixels, strict=True)}
    found: list[float | None] = []
    for find in wanted.finds:
        valid = np.logical_and.reduce([seen.observed[dates[d - 1]] for d in find.dates])
        truth = seen.scene.truth.mask(find, dates) & valid
        made = shown.get((find.concept, find.way, find.dates))
        if made is None:
            found.append(0.0)
            continue
        union = int((truth | made).sum())
        found.append(int((truth & made).sum()) / union if union else None)
    return tuple(found)


def _understood(run: ChainRun, wanted: Program, *, direct: bool) -> bool:
    if run.problem:
        return False
    done = program_of_chain(run.finds, run.reader.measures)
    if direct and done.measure is None and wanted.measure is not None and len(done.finds) == len(wanted.finds):
        done = Program(done.finds, Ordered(wanted.measure.kind, wanted.measure.masks))  # nothing is said of the kind
    return same_program(done, wanted)


def run_question(
    seen: SeenScene, question: BenchQuestion, make: SessionMaker, *, wording: str = "known", direct: bool = False
) -> Outcome:
    """Return what comes of a question.

    Args:
        seen: Its scene, encoded where the session needs it.
        question: The question.
        make: Makes the session of the chain.
        wording: Which of its wordings is asked.
        direct: Whether the network writes the answer itself.
    """
    dates, wanted = question.asked.dates, question.program(wording)
    words = split_question(question.wordings[wording].text)
    start = time.perf_counter()
    with torch.inference_mode():
        run = run_words(seen, dates, words, make(seen, question, words))
    seconds = time.perf_counter() - start
    told = run.pixels[:-1] if run.stopped else run.pixels
    said = [*run.said, *[""] * (len(told) - len(run.said))]
    places = tuple(PlaceSaid(s, centre_place(p), centre_place(mirrored(p))) for s, p in zip(said, told, strict=True))
    return Outcome(
        question.id,
        value=answer_of(run, question.task.kind),
        understood=_understood(run, wanted, direct=direct),
        refused_word="<unk>" in words,
        overlaps=_overlaps(seen, run, dates, wanted),
        places=places,
        agrees=None if run.problem else _agrees(seen, run, dates, wanted),
        problem=run.problem,
        seconds=seconds,
    )
