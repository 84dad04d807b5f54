"""What a question can mean: the tasks, and what each is asked of."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

__all__ = ["UNCLEAR", "Intent", "TaskShape", "task_shapes"]

UNCLEAR = "unclear"
"""The task of a question that cannot be answered or is not understood."""


@dataclass(frozen=True)
class TaskShape:
    """What a task is asked of."""

    concepts: int
    """How many concepts it names."""

    dates: int = 1
    """How many dates it looks at."""


task_shapes: Mapping[str, TaskShape] = MappingProxyType({
    "present": TaskShape(1), "share": TaskShape(1), "area": TaskShape(1), "compare": TaskShape(2), "rank": TaskShape(3),
    "touch": TaskShape(2), "distance": TaskShape(2), "count": TaskShape(1), "where": TaskShape(1),
    "gain": TaskShape(1, dates=2), "loss": TaskShape(1, dates=2), "change": TaskShape(1, dates=2),
    "lost_part": TaskShape(1, dates=2),
})  # fmt: skip
"""The tasks that can be answered."""


@dataclass(frozen=True)
class Intent:
    """What a question means."""

    task: str
    """Name of the task."""

    concepts: tuple[str, ...] = ()
    """Keys of the vocabulary, in the order of mention."""

    dates: tuple[int, ...] = ()
    """Numbers of the dates that are said, from 1; empty means the latest, or the first and the last."""
