"""Where tools work: one workspace, one reasoner, one catalogue, a meter; and who may stop a call."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from terrascope_sdk.errors import InputError
from terrascope_sdk.plan.stages import Stages
from terrascope_sdk.plan.tool_budget import ToolMeter
from terrascope_sdk.plan.tool_errors import CallStopped
from terrascope_sdk.plan.workspace import Workspace
from terrascope_sdk.stac import Catalog, resolve_aoi
from terrascope_sdk.types import Aoi, Event, ImageStack, Listener, Mask, Reasoner
from terrascope_sdk.types.encoding import JsonValue

__all__ = ["ToolCall", "Workshop"]


class Workshop:
    """What all tools of one set share. Safe in several threads: one reasoning at a time, all else in parallel."""

    def __init__(
        self,
        *,
        workspace: Workspace,
        reasoner: Reasoner | None,
        catalog: str | Path | Catalog | None,
        meter: ToolMeter,
        allow_low_confidence: bool = False,
    ) -> None:
        self.stages = Stages(
            workspace=workspace, reasoner=reasoner, allow_low_confidence=allow_low_confidence, catalog=catalog
        )
        self.catalog, self.meter = catalog, meter
        self.reasoning = threading.Lock()

    @property
    def workspace(self) -> Workspace:
        """Where values lie."""
        return self.stages.workspace

    def document(self, name: str) -> JsonValue:
        """Return a stored value.

        Raises:
            InputError: There is none of that id.
        """
        self._require(name)
        return self.workspace.load_document(name)

    def mask(self, name: str) -> Mask:
        """Return a mask.

        Raises:
            InputError: There is none of that id.
        """
        self._require(name)
        return self.workspace.load_mask(name)

    def stack(self, name: str) -> ImageStack:
        """Return loaded pixels.

        Raises:
            InputError: There are none of that id.
        """
        self._require(name)
        return self.workspace.load_stack(name)

    def _require(self, name: str) -> None:
        if name not in self.workspace:
            raise InputError(f"There is no {name}.", hint="Use an id that an earlier tool gave.")

    # ------------------------------------------------------------------------------------------- which area is meant

    def note_area(self, names: Iterable[str], aoi: Aoi | None) -> None:
        """Remember for which area values were made, so that numbers are measured inside it."""
        if aoi is not None:
            for name in names:
                self.workspace.remember(_about(name), aoi.to_json())

    def area_of(self, given: str | None, names: Iterable[str]) -> Aoi | None:
        """Return the area that is given, else the one for which the first of the values was made."""
        if given is not None:
            return resolve_aoi(given)
        for name in names:
            known = self.workspace.recall(_about(name))
            if known is not None:
                return Aoi.from_json(known)
        return None


def _about(name: str) -> JsonValue:
    return {"do": "area of a tool's value", "of": name}


@dataclass(frozen=True)
class ToolCall:
    """One running call: who hears of it, and whether it is to stop."""

    began: float
    """When it began, on the monotonic clock, s."""

    meter: ToolMeter
    """What it may spend."""

    listener: Listener | None = None
    """Called with each event."""

    stopped: Callable[[], bool] | None = None
    """Whether whoever made the call no longer wants it."""

    def go_on(self) -> None:
        """Return if the call may go on.

        Raises:
            CallStopped: It was cancelled, or its time is used up.
        """
        if self.stopped is not None and self.stopped():
            raise CallStopped("The call was cancelled.")
        left = self.meter.left_s(self.began)
        if left is not None and left < 0:
            raise CallStopped(
                f"The tools' {self.meter.budget.seconds:g} s are used up, by {-left:.1f} s.",
                hint="Answer with what is known, and say what is missing.",
            )

    def emit(self, event: Event) -> None:
        """Pass an event on.

        Raises:
            CallStopped: The call is to stop.
        """
        self.go_on()
        if self.listener is not None:
            self.listener(event)
