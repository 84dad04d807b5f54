"""What every step of a plan has: an id, and what it takes and gives."""

from collections.abc import Iterator
from typing import ClassVar, Literal

from pydantic import BaseModel, ConfigDict

from terrascope_sdk.plan.windows import Name

__all__ = ["Kind", "StepBase"]

Kind = Literal["scenes", "stack", "mask", "measurement", "chain", "file", "result"]
"""What a step gives; ``result`` stands for a mask or a measurement, where a step takes either."""


class StepBase(BaseModel):
    """What every step has: an id, and what it takes and gives."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    gives: ClassVar[Kind]
    """What comes out."""

    inputs: ClassVar[dict[str, Kind]] = {}
    """Fields that name other steps, with what these must give."""

    window_fields: ClassVar[tuple[str, ...]] = ()
    """Fields that name time windows."""

    id: Name
    """Name of this step, unique in the plan."""

    @property
    def unit(self) -> str | None:
        """Unit of the number that comes out: ``m2``, ``m``, ``1``, ``count``; None where there is no number."""
        return None

    @property
    def references(self) -> tuple[tuple[str, Kind], ...]:
        """The ids of the steps it takes, in order, with what each must give."""
        return tuple((name, kind) for field, kind in self.inputs.items() for name in _names(getattr(self, field)))

    @property
    def windows(self) -> tuple[str, ...]:
        """The windows it names, in order."""
        return tuple(name for field in self.window_fields for name in _names(getattr(self, field)))


def _names(value: str | tuple[str, ...] | None) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif value is not None:
        yield from value
