"""The seams: what a reasoner is, and what may listen to a run."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from terrascope_sdk.types.chain import ReasoningChain, Step
from terrascope_sdk.types.events import Event
from terrascope_sdk.types.scene import Sensor
from terrascope_sdk.types.stack import ImageStack

__all__ = ["GroundRequest", "Listener", "Reasoner"]


@dataclass(frozen=True)
class GroundRequest:
    """One thing to find in one image."""

    concept: str
    """Key of the vocabulary, for example ``water``."""

    sensor: Sensor
    """Which series to look at."""

    when: int = 0
    """Position of the date in that series."""

    before: int | None = None
    """Position of an earlier date, for concepts that need two (``burned``)."""


@runtime_checkable
class Reasoner(Protocol):
    """Turns pixels and words into masks."""

    @property
    def name(self) -> str:
        """Name and version, as shown in provenance."""

    def unseen(self, stack: ImageStack, request: GroundRequest) -> str | None:
        """Return why the request cannot be met with these pixels, or None when it can."""

    def ground(self, stack: ImageStack, request: GroundRequest) -> Iterator[Step]:
        """Yield steps; the last one carries the mask. Masks of earlier steps are second views of the same thing.

        Raises:
            NotVisible: The pixels cannot show the concept.
            GroundingError: They could, but the result is undecided.
        """

    def reason(self, stack: ImageStack, question: str) -> ReasoningChain:
        """Answer a question in free words with a chain."""


class Listener(Protocol):
    """Anything that wants to hear what happens during a run."""

    def __call__(self, event: Event) -> None:
        """Take one event; must not raise."""
