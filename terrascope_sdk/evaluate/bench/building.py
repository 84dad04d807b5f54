"""From groups of candidates to questions: words, options, letters."""

from collections.abc import Sequence
from itertools import permutations

import numpy as np

from terrascope_sdk.errors import InputError
from terrascope_sdk.evaluate.bench.balance import Group, select_groups
from terrascope_sdk.evaluate.bench.question import BenchQuestion, Candidate, Wording
from terrascope_sdk.evaluate.bench.same_program import same_program
from terrascope_sdk.evaluate.bench.tasks import Value, bench_tasks
from terrascope_sdk.train.phrasing import PhraseBook, Split
from terrascope_sdk.train.programs import program_of

__all__ = ["build_questions", "phrase"]

_TRIES = 300
_WORDINGS: tuple[tuple[str, Split], ...] = (("known", "train"), ("new", "held_out"))


def phrase(asked: Candidate, book: PhraseBook, rng: np.random.Generator, split: Split) -> Wording:
    """Return words for a candidate, drawn until they mean what it asks, its dates included.

    Raises:
        InputError: No phrasing was found.
    """
    dates = len(asked.dates)
    for _ in range(_TRIES):
        text, intent = book.sample(asked.intent.task, rng, concepts=asked.intent.concepts, n_dates=dates, split=split)
        if same_program(program_of(intent, dates), asked.program):
            return Wording(text, intent)
    raise InputError(f"No phrasing in {split} asks {asked.intent}.")


def _options(group: Group) -> tuple[Value, ...]:
    first = group[0].truth
    if isinstance(first, bool):
        return (True, False)
    if isinstance(first, tuple):
        return tuple(permutations(sorted(first))) if len(first) > 2 else tuple(sorted(first))
    return tuple(c.truth for c in group)


def _laid_out(group: Group, rng: np.random.Generator) -> list[tuple[tuple[Value, ...], int]]:
    """Return the options of each question in order, and which is right; right places differ within the group."""
    values = _options(group)
    places = rng.permutation(len(values))
    made = []
    for i, candidate in enumerate(group):
        truth = candidate.truth
        target = truth[0] if isinstance(truth, tuple) and len(truth) == 2 else truth
        right = int(places[i])
        others = [v for v in values if v != target]
        rng.shuffle(others)
        made.append(((*others[:right], target, *others[right:]), right))
    return made


def build_questions(
    candidates: Sequence[Candidate], n: int, seed: int, *, book: PhraseBook | None = None
) -> list[BenchQuestion]:
    """Return balanced questions, up to `n` of each task (rounded up to whole groups).

    Args:
        candidates: What can be asked.
        n: Questions a task.
        seed: The same seed gives the same questions.
        book: Phrasings; the package's own when left out.
    """
    words = book or PhraseBook.load()
    made: list[BenchQuestion] = []
    number = 0
    for at, task in enumerate(bench_tasks):
        rng = np.random.default_rng([seed, at])
        own = [c for c in candidates if c.task == task]
        for group in select_groups(task, own, n, rng):
            number += 1
            for candidate, (values, right) in zip(group, _laid_out(group, rng), strict=True):
                wordings = {name: phrase(candidate, words, rng, split) for name, split in _WORDINGS}
                made.append(BenchQuestion(f"{task}-{len(made)}", candidate, wordings, values, right, number))
    return made
