"""How much the tools may spend, and the meter that refuses with both numbers."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass

from terrascope_sdk.errors import InputError, TerraScopeError

__all__ = ["BudgetSpent", "ToolBudget", "ToolMeter"]


class BudgetSpent(TerraScopeError, RuntimeError):
    """A tool was refused because it would spend more than was allowed; both numbers are in the message."""


@dataclass(frozen=True)
class ToolBudget:
    """What a run of tools may spend; None is no limit."""

    calls: int | None = None
    """Number of tool calls."""

    load_bytes: int | None = 2_000_000_000
    """Bytes of pixels that are fetched or held, all calls together."""

    seconds: float | None = None
    """Seconds spent inside tools, all calls together."""

    def __post_init__(self) -> None:
        for name in ("calls", "load_bytes", "seconds"):
            value = getattr(self, name)
            if value is not None and not value >= 0:
                raise InputError(f"A budget of {value!r} {name} makes no sense.", hint="Use a number of at least 0.")

    def check(self, *, calls: int = 0, load_bytes: int = 0, seconds: float = 0.0) -> None:
        """Refuse what goes over the budget.

        Args:
            calls: Number of calls, this one included.
            load_bytes: Bytes so far, with those that are about to be spent.
            seconds: Seconds so far.

        Raises:
            BudgetSpent: One of them is over its limit.
        """
        if self.calls is not None and calls > self.calls:
            raise BudgetSpent(f"This would be tool call {calls}, and {self.calls} are allowed.", hint=_END)
        if self.load_bytes is not None and load_bytes > self.load_bytes:
            raise BudgetSpent(
                f"This would bring the pixels to {load_bytes / 1e6:.1f} MB, and {self.load_bytes / 1e6:.1f} MB are "
                "allowed.",
                hint="Load fewer scenes or a smaller area.",
            )
        if self.seconds is not None and seconds > self.seconds:
            raise BudgetSpent(f"The tools took {seconds:.1f} s, and {self.seconds:.1f} s are allowed.", hint=_END)


_END = "Answer with what is known, and say what is missing."


class ToolMeter:
    """Counts what one set of tools spent. Safe to share between threads."""

    def __init__(self, budget: ToolBudget) -> None:
        self.budget = budget
        self._lock = threading.Lock()
        self._calls = self._bytes = 0
        self._seconds = 0.0

    def begin(self) -> float:
        """Count a call and return when it began.

        Raises:
            BudgetSpent: Calls or seconds are used up.
        """
        with self._lock:
            self.budget.check(calls=self._calls + 1, seconds=self._seconds)
            self._calls += 1
        return time.monotonic()

    def spend(self, load_bytes: int) -> None:
        """Count pixels before they are loaded.

        Raises:
            BudgetSpent: They are too many.
        """
        with self._lock:
            self.budget.check(load_bytes=self._bytes + load_bytes)
            self._bytes += load_bytes

    def end(self, began: float) -> float:
        """Count the time of a call and return it, in seconds."""
        spent = time.monotonic() - began
        with self._lock:
            self._seconds += spent
        return spent

    def left_s(self, began: float) -> float | None:
        """Return the seconds that a running call still has, or None where there is no limit."""
        if self.budget.seconds is None:
            return None
        with self._lock:
            return self.budget.seconds - self._seconds - (time.monotonic() - began)
