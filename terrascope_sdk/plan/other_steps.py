"""The steps that are neither mask nor measurement: a whole chain of the reasoner, and files."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field, StringConstraints

from terrascope_sdk.plan.step import Kind, StepBase
from terrascope_sdk.plan.windows import Name

__all__ = ["Ask", "Export"]


class Ask(StepBase):
    """Let the reasoner answer a question by a chain of its own; its claim stands beside what is measured."""

    gives: ClassVar[Kind] = "chain"
    inputs: ClassVar[dict[str, Kind]] = {"stack": "stack"}
    op: Literal["ask"] = "ask"
    stack: Name
    """The load step whose pixels are looked at."""
    question: Annotated[str, StringConstraints(min_length=1, max_length=500)]
    """What to ask, in plain words."""


class Export(StepBase):
    """Write masks or measurements as a file into the workspace."""

    gives: ClassVar[Kind] = "file"
    inputs: ClassVar[dict[str, Kind]] = {"what": "result"}
    op: Literal["export"] = "export"
    what: Annotated[tuple[Name, ...], Field(min_length=1, max_length=32)]
    """Steps that give masks or measurements."""
    format: Literal["geotiff", "geojson", "csv", "json"]
    """``geotiff`` for masks, ``geojson`` for outlines of masks, ``csv`` for measurements, ``json`` for either."""
