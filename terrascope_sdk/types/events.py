"""What happens during a run, as values: progress bars, widgets, logs and tests subscribe to these."""

from dataclasses import dataclass, field
from typing import Literal

from terrascope_sdk.types.encoding import JsonValue

__all__ = ["Event", "EventKind"]

EventKind = Literal[
    "stage", "plan", "review", "scenes", "cost", "stack", "step", "measurement", "check", "warning", "answer"
]


@dataclass(frozen=True)
class Event:
    """One thing that happened.

    The data are plain JSON values and names (content ids), never pixels, so that an event can cross a process.
    """

    kind: EventKind
    """What is reported; ``stage`` says that a stage of the run begins."""

    text: str
    """What happened, in one sentence."""

    data: dict[str, JsonValue] = field(default_factory=dict)
    """Plain values; ids refer to the workspace."""

    def to_json(self) -> dict[str, JsonValue]:
        """Return the fields as plain JSON values."""
        return {"kind": self.kind, "text": self.text, "data": self.data}

    @classmethod
    def from_json(cls, document: dict[str, JsonValue]) -> "Event":
        """Read what :meth:`to_json` wrote."""
        return cls(**document)
