"""A moment at which a request has failed, whatever it is doing; and looking names up within it."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass

from terrascope_sdk.errors import CatalogError

__all__ = ["Deadline", "cancelled", "look_up", "under", "within"]


@dataclass(frozen=True)
class Deadline:
    """When a request must be over, and whether its user still wants it."""

    at_s: float
    """Moment on `clock`, in seconds."""

    total_s: float
    """How long the request may take altogether."""

    clock: Callable[[], float]
    """Returns the present moment, in seconds."""

    cancelled: Callable[[], bool] | None = None
    """Returns whether the user gave up."""

    def left_s(self) -> float:
        """Return the seconds left, at most 0 when the deadline has passed."""
        return self.at_s - self.clock()

    def check(self, host: str) -> None:
        """Raise CatalogError when the time is over or the user gave up."""
        if self.cancelled is not None and self.cancelled():
            raise cancelled(host)
        if self.left_s() <= 0:
            raise CatalogError(
                f"{host} did not finish its answer within {self.total_s:g} s.",
                hint="Try again later, or allow more time with total_s.",
            )


def cancelled(host: str) -> CatalogError:
    """Return the error of a request that its user gave up."""
    return CatalogError(f"The request to {host} was cancelled.", hint="Start it again when you want its pixels.")


class _Current(threading.local):
    deadline: Deadline | None = None


_current = _Current()


class under:  # noqa: N801 - reads as a phrase: `with under(deadline):`
    """Apply a deadline to everything that this thread reads from a checked connection."""

    def __init__(self, deadline: Deadline) -> None:
        self._deadline = deadline

    def __enter__(self) -> None:
        self._outer, _current.deadline = _current.deadline, self._deadline

    def __exit__(self, *_: object) -> None:
        _current.deadline = self._outer


def within(timeout_s: float | None) -> float | None:
    """Return a timeout in seconds, shortened to what this thread's deadline leaves.

    Args:
        timeout_s: The timeout without a deadline; None for none.

    Raises:
        TimeoutError: The deadline has passed.
        CatalogError: The user gave up.
    """
    deadline = _current.deadline
    if deadline is None:
        return timeout_s
    if deadline.cancelled is not None and deadline.cancelled():
        raise cancelled("the server")
    left_s = deadline.left_s()
    if left_s <= 0:
        raise TimeoutError("The deadline has passed.")
    return left_s if timeout_s is None else min(timeout_s, left_s)


def look_up(host: str, port: int, *, wait_s: float = 10.0) -> list[str]:
    """Return the addresses of a host, or nothing; a name server that does not answer is waited for `wait_s` seconds."""
    found: list[str] = []

    def ask() -> None:
        try:
            answers = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError):
            return
        found.extend(dict.fromkeys(str(answer[4][0]) for answer in answers))

    thread = threading.Thread(target=ask, name="terrascope-look-up", daemon=True)
    thread.start()
    thread.join(within(wait_s))
    return list(found)
