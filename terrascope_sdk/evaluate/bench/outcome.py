"""What came of one question."""

from dataclasses import dataclass

from terrascope_sdk.evaluate.bench.tasks import Value

__all__ = ["Outcome", "PlaceSaid"]


@dataclass(frozen=True)
class PlaceSaid:
    """What a chain said about where one of its masks lies."""

    said: str
    """The place, or ``absent``; empty where the chain broke off."""

    shown: str | None
    """Place of the centre of the mask that was made; None for an empty one."""

    mirrored: str | None
    """The same for the mask mirrored in both axes."""


@dataclass(frozen=True)
class Outcome:
    """The chain of one question, judged."""

    question: str
    """Id of the question."""

    value: Value | None = None
    """The answer; None without one, or with one of another kind than was asked."""

    understood: bool = False
    """Whether the chain did what the question means, and did not decline."""

    refused_word: bool = False
    """Whether the product would have declined, because of a word that the network does not know."""

    overlaps: tuple[float | None, ...] = ()
    """Intersection over union of each mask that the question needs; None where both are empty, 0 for a missing one."""

    places: tuple[PlaceSaid, ...] = ()
    """What was said of each mask that was made."""

    agrees: bool | None = None
    """Whether the number of the answer is that of the shown masks, measured again; None without a number."""

    problem: str = ""
    """Why there is no answer."""

    seconds: float = 0.0
    """How long the chain took, without encoding."""

    @property
    def masks_right(self) -> bool:
        """Whether every mask overlaps the true one by half at least; an empty mask is right where nothing is."""
        return bool(self.overlaps) and all(v is None or v >= 0.5 for v in self.overlaps)
