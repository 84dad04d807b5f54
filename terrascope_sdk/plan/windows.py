"""Named time windows of a plan, and the shortest text that reads back as the same window."""

from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, PlainSerializer, StringConstraints, WithJsonSchema

from terrascope_sdk.types.instant import TimeRange

__all__ = ["Name", "Pick", "PlanTime", "Window"]

Pick = Literal["clearest", "earliest", "latest", "each"]
"""Which of the scenes inside a window is meant; ``each``: one a year, of one season."""

Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=40)]
"""A name inside a plan: lower-case letters, digits and underscores."""


PlanTime = Annotated[
    TimeRange,
    BeforeValidator(TimeRange.parse),
    PlainSerializer(str, return_type=str),
    WithJsonSchema({"type": "string", "examples": ["2020", "2020-05", "2020-05-14", "2019/2021"]}),
]
"""A window of time; a short text in JSON, both ends inclusive there."""


class Window(BaseModel):
    """When to look: a time window with a name, and which of the scenes inside it is meant."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    name: Name
    """What the steps call it: ``only``, ``before``, ``after`` or any other name."""

    time: PlanTime | None = None
    """The window; any time when left out."""

    pick: Pick = "clearest"
    """Which scene inside it: the clearest (the newest of equals), the earliest, the latest; or one for each year."""

    def __str__(self) -> str:
        time = "any" if self.time is None else str(self.time)
        return time if self.pick == "clearest" else f"{time}, {self.pick}"
