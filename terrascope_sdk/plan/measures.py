"""One thing to measure, as it was understood, before it becomes steps of a plan."""

from dataclasses import dataclass
from typing import Literal

from terrascope_sdk.plan.language import DisplayUnit
from terrascope_sdk.plan.things import Thing
from terrascope_sdk.plan.windows import Window

__all__ = ["ChangeKind", "Measure", "MeasureKind"]

MeasureKind = Literal["share", "area", "count", "touches", "distance", "rank", "change"]
ChangeKind = Literal["gain", "loss", "net", "share", "gain_share", "loss_share"]


@dataclass(frozen=True)
class Measure:
    """What to measure, on what, when, shown in which units."""

    kind: MeasureKind
    """Which measurement."""

    things: tuple[Thing, ...]
    """On what: one thing, two for contact and distance, several for an order."""

    of: Thing | None = None
    """For a share: of what; None for the scene."""

    units: tuple[DisplayUnit, ...] = ()
    """Units to show it in; none: by size."""

    windows: tuple[Window, ...] = ()
    """When: two for a change and for what needs two dates; of several others, each is measured."""

    but_not: bool = False
    """Whether what was there in the first window and not in the second is meant."""

    what: ChangeKind = "net"
    """For a change: which."""

    direction: Literal["gain", "loss"] | None = None
    """For a change: what the question takes for granted."""

    smallest_first: bool = False
    """For an order: whether the smallest was asked for."""

    optional: bool = False
    """Whether things that cannot be seen may be left out."""
