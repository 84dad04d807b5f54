"""A sample in the making: a question, the sentences said so far, the masks pointed at, the answer they lead to."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from terrascope_sdk.train.cot.rle import Rle
from terrascope_sdk.train.cot.scene_view import SceneView
from terrascope_sdk.train.cot.sentences import Value, capital, say, written
from terrascope_sdk.train.cot.tasks import TASKS

__all__ = ["Draft"]


@dataclass(eq=False)
class Draft:
    """A chain under construction. Methods append to it, in the order in which the text will stand."""

    task: str
    """Key of the tasks."""

    rng: np.random.Generator
    """Chooses wordings."""

    question: str = ""
    """What is asked."""

    steps: list[str] = field(default_factory=list)
    """Sentences of the chain."""

    labels: list[str] = field(default_factory=list)
    """Name of each thing pointed at."""

    masks: list[list[Rle]] = field(default_factory=list)
    """Its masks."""

    answer: str = ""
    """The answer in words."""

    value: float | None = None
    """The answer as a number, where it is one."""

    options: tuple[str, ...] = ()
    """All possible answers, where they are words."""

    topic: str = ""
    """What the question is about: numbers of one topic are alike."""

    rule: str = ""
    """Name of the rule that it follows."""

    stated: str = ""
    """Numbers of that rule, as ``slot=value``."""

    pair: bool = False
    """Whether it is about two dates."""

    def ask(self, **values: str | float) -> None:
        """Put the question in one of its ways."""
        ways = TASKS[self.task].questions
        slots = {slot: written(slot, value) for slot, value in values.items()}
        self.question = capital(ways[int(self.rng.integers(len(ways)))].format(**slots))

    def say(self, kind: str, **values: Value) -> None:
        """Append a sentence; the numbers of a rule are remembered beside it."""
        if kind.startswith("rule_"):
            self.stated = ", ".join(f"{slot}={written(slot, value)}" for slot, value in values.items())
        self.steps.append(say(kind, self.rng, **values))

    def mark(self, name: str, masks: Sequence[Rle], *, count: int, total: int) -> None:
        """Point at something and state its pixels.

        Args:
            name: How the chain calls it from now on.
            masks: One mask, or one for each single thing.
            count: Pixels of them all.
            total: Labelled pixels of the image.
        """
        self.labels.append(name)
        self.masks.append(list(masks))
        self.say("point", name=name, count=count, total=total)

    def mark_class(self, view: SceneView, key: str) -> str:
        """Point at all of a concept; return how the chain calls it."""
        name = view.name(key)
        self.mark(name, [view.rle(key)], count=view.count(key), total=view.total)
        return name

    def conclude(self, value: Value, *, options: Sequence[str] = (), topic: str = "") -> None:
        """Set the answer, in the words of its task.

        Args:
            value: A number, or words.
            options: All possible answers, where they are words.
            topic: What a number is about.
        """
        task = TASKS[self.task]
        self.answer = written(task.slot or "name", value) + task.unit
        self.value = None if isinstance(value, str) else float(value)
        self.options, self.topic = tuple(options), topic
