"""A question of the benchmark: its words, what they mean, its options, and what is right."""

from collections.abc import Mapping
from dataclasses import dataclass
from string import ascii_uppercase

from terrascope_sdk.evaluate.bench.tasks import BenchTask, Value, bench_tasks
from terrascope_sdk.train.intents import Intent
from terrascope_sdk.train.programs import Program, program_of

__all__ = ["BenchQuestion", "Candidate", "Wording", "nearest"]


@dataclass(frozen=True)
class Candidate:
    """Something that could be asked of a scene, with the true answer."""

    task: str
    """Name of the task."""

    scene: str
    """Name of the scene."""

    dates: tuple[int, ...]
    """Which of the scene's dates are shown, positions from 0."""

    intent: Intent
    """What is asked; its dates are numbers from 1 among those shown."""

    truth: Value
    """The answer by the labels, as :mod:`terrascope_sdk.measure` gives it."""

    frame_m2: float
    """Area of the frame, m2."""

    @property
    def subject(self) -> tuple[str, ...]:
        """What it is about, whatever the order."""
        return tuple(sorted(self.intent.concepts))

    @property
    def program(self) -> Program:
        """The chain that answers it."""
        return program_of(self.intent, len(self.dates))


@dataclass(frozen=True)
class Wording:
    """One way to ask a question."""

    text: str
    """The question as typed."""

    intent: Intent
    """What it means, concepts in the order of mention."""


@dataclass(frozen=True)
class BenchQuestion:
    """One question."""

    id: str
    """Unique in its suite."""

    asked: Candidate
    """Task, scene and truth."""

    wordings: Mapping[str, Wording]
    """``known`` for a phrasing of the training grammar, ``new`` for one kept apart."""

    values: tuple[Value, ...]
    """What each option stands for."""

    right: int
    """Position of the right option."""

    group: int = -1
    """Questions of one group share their options; -1 without a group."""

    @property
    def task(self) -> BenchTask:
        """The rules of its task."""
        return bench_tasks[self.asked.task]

    @property
    def letter(self) -> str:
        """Letter of the right option."""
        return ascii_uppercase[self.right]

    def program(self, wording: str = "known") -> Program:
        """Return the chain that answers it in one of its wordings."""
        return program_of(self.wordings[wording].intent, len(self.asked.dates))

    def choose(self, value: Value | None) -> str | None:
        """Return the letter of the option that an answer picks: the nearest number, or the one that is equal."""
        at = None if value is None else nearest(value, self.values)
        return None if at is None else ascii_uppercase[at]

    def within(self, value: Value | None) -> bool:
        """Return whether an answer comes near enough to the truth, by the tolerance of the task."""
        truth, tolerance = self.asked.truth, self.task.tolerance
        if isinstance(truth, tuple) and isinstance(value, str):  # only the first of an order
            return len(truth) == 2 and value == truth[0]
        if value is None or isinstance(value, (bool, str, tuple)) or tolerance is None:
            return value is not None and value == truth
        return abs(value - float(truth)) <= tolerance(float(truth), self.asked.frame_m2)  # type: ignore[arg-type]


def nearest(value: Value, values: tuple[Value, ...]) -> int | None:
    """Return the position of the nearest number, or of the equal value; of equally near ones the smaller.

    >>> nearest(0.31, (0.1, 0.3, 0.5)), nearest("north", ("south", "north")), nearest(("water", "tree"), ("tree",))
    (1, 1, None)
    """
    if isinstance(value, tuple) and value and isinstance(values[0], str):  # an order picks its first
        value = value[0]
    if isinstance(value, (bool, str, tuple)):
        return next((i for i, v in enumerate(values) if v == value), None)
    numbers = [float(v) for v in values if isinstance(v, (int, float))]
    if len(numbers) != len(values):
        return None
    return min(range(len(numbers)), key=lambda i: (abs(numbers[i] - value), numbers[i]))
