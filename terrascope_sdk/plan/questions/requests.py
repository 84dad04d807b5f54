"""One thing that a question asks for, as it was understood, before it becomes steps of a plan."""

from dataclasses import dataclass
from typing import Literal

from terrascope_sdk.plan.language import DisplayUnit
from terrascope_sdk.plan.questions.things import Thing

__all__ = ["ChangeKind", "Kind", "Request"]

Kind = Literal[
    "share", "area", "count", "length", "touches", "distance", "rank", "change", "trend", "compare", "mask"
]  # fmt: skip
ChangeKind = Literal["gain", "loss", "net", "share", "gain_share", "loss_share"]


@dataclass(frozen=True)
class Request:
    """What to measure, on what, shown in which units."""

    kind: Kind
    """Which measurement; ``mask`` when only a map is wanted."""

    things: tuple[Thing, ...] = ()
    """On what: one thing, two for contact, distance and change, several for an order."""

    of: Thing | None = None
    """For a share: of what; None for the scene."""

    units: tuple[DisplayUnit, ...] = ()
    """Units to show it in; none: by size."""

    what: ChangeKind = "net"
    """For a change: which."""

    direction: Literal["gain", "loss"] | None = None
    """For a change: what the question takes for granted."""

    smallest_first: bool = False
    """For an order: whether the smallest was asked for."""

    optional: bool = False
    """Whether things that cannot be seen may be left out."""

    parts: "tuple[Request, ...]" = ()
    """For a trend or a comparison: what it puts together."""

    with_values: bool = False
    """For a trend: whether its values are asked for as well."""

    export: str = ""
    """Format of the file that is asked for; empty for none."""
