"""The steps that measure masks: area, share, distance, contact, number, order, change."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from terrascope_sdk.plan.step import Kind, StepBase
from terrascope_sdk.plan.windows import Name

__all__ = ["Area", "Change", "Compare", "Count", "Distance", "Length", "Rank", "Share", "Touches", "Trend"]


class Area(StepBase):
    """Measure the ground area of a mask, in m2."""

    gives: ClassVar[Kind] = "measurement"
    inputs: ClassVar[dict[str, Kind]] = {"mask": "mask"}
    op: Literal["area"] = "area"
    mask: Name
    """What to measure."""

    @property
    def unit(self) -> str:
        """Square metres."""
        return "m2"


class Share(StepBase):
    """Measure which share a mask is of the area of interest, or of another mask, 0-1."""

    gives: ClassVar[Kind] = "measurement"
    inputs: ClassVar[dict[str, Kind]] = {"mask": "mask", "of": "mask"}
    op: Literal["share"] = "share"
    mask: Name
    """The part."""
    of: Name | None = None
    """The whole; what was observed of the area of interest when left out."""

    @property
    def unit(self) -> str:
        """A plain number from 0 to 1."""
        return "1"


class Distance(StepBase):
    """Measure the shortest distance between two masks, in m."""

    gives: ClassVar[Kind] = "measurement"
    inputs: ClassVar[dict[str, Kind]] = {"a": "mask", "b": "mask"}
    op: Literal["distance"] = "distance"
    a: Name
    """From here."""
    b: Name
    """To there."""

    @property
    def unit(self) -> str:
        """Metres."""
        return "m"


class Touches(StepBase):
    """Tell whether two masks touch."""

    gives: ClassVar[Kind] = "measurement"
    inputs: ClassVar[dict[str, Kind]] = {"a": "mask", "b": "mask"}
    op: Literal["touches"] = "touches"
    a: Name
    """One mask."""
    b: Name
    """The other."""


class Count(StepBase):
    """Count the connected regions of a mask."""

    gives: ClassVar[Kind] = "measurement"
    inputs: ClassVar[dict[str, Kind]] = {"mask": "mask"}
    op: Literal["count"] = "count"
    mask: Name
    """What to count."""

    @property
    def unit(self) -> str:
        """A whole number."""
        return "count"


class Rank(StepBase):
    """Put masks in order of area."""

    gives: ClassVar[Kind] = "measurement"
    inputs: ClassVar[dict[str, Kind]] = {"masks": "mask"}
    op: Literal["rank"] = "rank"
    masks: Annotated[tuple[Name, ...], Field(min_length=2, max_length=32)]
    """Two masks or more, in the order in which the question names them."""
    first: Literal["largest", "smallest"] = "largest"
    """Which end of the order was asked for."""


class Change(StepBase):
    """Compare one mask on two dates, where both were observed."""

    gives: ClassVar[Kind] = "measurement"
    inputs: ClassVar[dict[str, Kind]] = {"before": "mask", "after": "mask"}
    op: Literal["change"] = "change"
    before: Name
    """The mask on the earlier date."""
    after: Name
    """The same on the later date."""
    what: Literal["gain", "loss", "net", "share", "gain_share", "loss_share"]
    """New, lost or net area in m2; ``share``, ``gain_share``, ``loss_share``: net, new, lost over the area before."""
    direction: Literal["gain", "loss"] | None = None
    """What the question takes for granted ("how much did it shrink": loss), so that a wrong premise can be shown."""

    @property
    def unit(self) -> str:
        """Square metres, or a plain number for shares."""
        return "m2" if self.what in {"gain", "loss", "net"} else "1"


class Length(StepBase):
    """Measure how long the edge of a mask is, in m."""

    gives: ClassVar[Kind] = "measurement"
    inputs: ClassVar[dict[str, Kind]] = {"mask": "mask"}
    op: Literal["length"] = "length"
    mask: Name
    """What to measure."""

    @property
    def unit(self) -> str:
        """Metres."""
        return "m"


class Compare(StepBase):
    """Put two measurements of one unit side by side, with their difference: after minus before."""

    gives: ClassVar[Kind] = "measurement"
    inputs: ClassVar[dict[str, Kind]] = {"before": "measurement", "after": "measurement"}
    op: Literal["compare"] = "compare"
    before: Name
    """The measurement to start from."""
    after: Name
    """The one to compare with it."""


class Trend(StepBase):
    """Follow measurements of one thing over three dates or more.

    Five dates or more of one season give a slope (Theil and Sen) with its interval, fewer only the values. A
    measurement that looks into a window with ``pick: each`` stands for one a date.
    """

    gives: ClassVar[Kind] = "measurement"
    inputs: ClassVar[dict[str, Kind]] = {"values": "measurement"}
    op: Literal["trend"] = "trend"
    values: Annotated[tuple[Name, ...], Field(min_length=1, max_length=100)]
    """Measurements of the same thing, in any order."""
