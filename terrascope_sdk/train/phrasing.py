"""Questions as users would type them, with what they mean: sampled from the phrasing grammar in ``phrases/``.

A question is a template of its task, filled with names and dates, put into a way of asking ("could you tell me ..."),
with or without words before and after, and typed as people type. Templates marked ``!`` never take part in training.
"""

from collections.abc import Mapping, Sequence
from functools import cache
from types import MappingProxyType

import numpy as np

from terrascope_sdk.errors import InputError
from terrascope_sdk.train.asking import Asking, Split
from terrascope_sdk.train.filling import luck
from terrascope_sdk.train.intents import UNCLEAR, Intent, TaskShape, task_shapes
from terrascope_sdk.train.misunderstood import ask_unclear
from terrascope_sdk.train.typed import as_typed
from terrascope_sdk.types.concepts import vocabulary

__all__ = ["UNCLEAR", "Intent", "PhraseBook", "Split", "TaskShape", "task_shapes"]


class PhraseBook:
    """The phrasing grammar. Get it with `PhraseBook.load`."""

    def __init__(self) -> None:
        """Compile the grammar."""
        splits: tuple[Split, ...] = ("train", "held_out", "all")
        self._asking: Mapping[Split, Asking] = MappingProxyType({split: Asking(split) for split in splits})

    @staticmethod
    @cache
    def load() -> "PhraseBook":
        """Return the book; its files are read once."""
        return PhraseBook()

    def count(self, task: str, split: Split = "train") -> int:
        """Return how many templates of a task take part."""
        return len(self._asking[split].templates(task))

    def sample(
        self, task: str, rng: np.random.Generator, *, concepts: Sequence[str], n_dates: int, split: Split = "train"
    ) -> tuple[str, Intent]:
        """Return a random question, and what it means.

        Of something that takes two dates to see ("burned"), any task may name two. A concept without adjectives or
        countable names is asked about in the templates that need none.

        Args:
            task: One of `task_shapes`, or ``unclear``, for which concepts and dates do not matter.
            rng: Source of randomness; the same state gives the same question.
            concepts: Keys of the vocabulary, as many as the task names; they may be mentioned in another order.
            n_dates: How many dates there are.
            split: Which templates take part.

        Raises:
            InputError: The number of concepts or dates does not fit the task.
        """
        if task == UNCLEAR:
            return self.sample_unclear(rng, split)
        shape = task_shapes[task]
        if len(concepts) != shape.concepts or n_dates < shape.dates:
            raise InputError(
                f"{task} was asked of {len(concepts)} concepts at {n_dates} dates.",
                hint=f"It names {shape.concepts} and needs {shape.dates}.",
            )
        asking, draw = self._asking[split], luck(rng)
        fitting = asking.fitting(task, concepts)
        template = fitting[int(draw() * len(fitting))]
        names = template.named(concepts, draw)
        dates = shape.dates
        if len(concepts) == 1 and n_dates > 1 and vocabulary[concepts[0]].dates > 1 and draw() < 0.6:
            dates = 2  # "burned between <t1> and <t2>"
        asked = asking.ask(template, names, draw, dates=dates, n_dates=n_dates)
        letters = dict.fromkeys((*asked.mentions, *"abc"[: len(concepts)]))
        keys = tuple(concepts["abc".index(letter)] for letter in letters)
        return as_typed(asked.text, draw), Intent(task, keys, asked.dates)

    def sample_unclear(self, rng: np.random.Generator, split: Split = "train") -> tuple[str, Intent]:
        """Return a random question that cannot be answered or understood.

        Args:
            rng: Source of randomness; the same state gives the same question.
            split: Which templates take part.
        """
        draw = luck(rng)
        return as_typed(ask_unclear(self._asking[split], draw), draw), Intent(UNCLEAR)
