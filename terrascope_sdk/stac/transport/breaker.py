"""A circuit breaker for each host: a server that keeps failing is left alone for a while."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from terrascope_sdk.errors import CatalogError, InputError

__all__ = ["Breaker"]


@dataclass
class _Host:
    failures: int = 0
    opened_s: float | None = None  # when it opened; None while closed
    trying: bool = False  # the one request of the half-open state is under way


class Breaker:
    """Counts a host's failures in a row; after too many, requests are refused at once until a pause has passed.

    After the pause one request goes through: its success closes the circuit, its failure starts another pause.
    """

    def __init__(
        self, *, failures: int = 8, pause_s: float = 30.0, clock: Callable[[], float] = time.monotonic
    ) -> None:
        if failures < 1 or pause_s <= 0:
            raise InputError(f"A breaker of {failures} failures and {pause_s} s never opens or never closes.")
        self.failures = failures
        self.pause_s = pause_s
        self._clock = clock
        self._hosts: dict[str, _Host] = {}
        self._lock = threading.Lock()

    def wait_s(self, host: str) -> float:
        """Return the seconds until a request to a host is let through; 0 when it is now."""
        with self._lock:
            return self._wait_s(self._hosts.get(host, _Host()))

    def _wait_s(self, state: _Host) -> float:
        if state.opened_s is None:
            return 0.0
        left = max(0.0, state.opened_s + self.pause_s - self._clock())
        return max(left, 1.0) if state.trying else left

    def enter(self, host: str) -> None:
        """Ask to send a request; every request let through is followed by :meth:`succeeded`, `failed` or `left`.

        Raises:
            CatalogError: The host failed too often in a row, and its pause is not over.
        """
        with self._lock:
            state = self._hosts.setdefault(host, _Host())
            wait_s = self._wait_s(state)
            if wait_s > 0:
                raise CatalogError(
                    f"{host} failed {state.failures} times in a row and is left alone for another {wait_s:.0f} s.",
                    hint="Wait, or ask another catalogue for the same scenes.",
                )
            state.trying = state.opened_s is not None

    def succeeded(self, host: str) -> None:
        """Note that a host answered, be it with a refusal: it works."""
        with self._lock:
            self._hosts[host] = _Host()

    def failed(self, host: str) -> None:
        """Note that a host did not answer, or answered that it cannot."""
        with self._lock:
            state = self._hosts.setdefault(host, _Host())
            state.failures += 1
            if state.trying or state.failures >= self.failures:
                state.opened_s, state.trying = self._clock(), False

    def left(self, host: str) -> None:
        """Note that a request ended without telling anything about its host: it was cancelled."""
        with self._lock:
            self._hosts.setdefault(host, _Host()).trying = False
