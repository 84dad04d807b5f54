"""When a request is tried again, and after how long."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

__all__ = ["RETRIED", "backoff_s", "retry_after_s"]

RETRIED = frozenset({408, 429, 500, 502, 503, 504})
"""Statuses after which the same request may succeed."""


def backoff_s(attempt: int, *, draw: Callable[[], float], first_s: float = 0.5, most_s: float = 20.0) -> float:
    """Return how long to wait before the next attempt: a random share of a time that doubles.

    The whole span is random ("full jitter"), so that many clients that failed together do not come back together.

    Args:
        attempt: How many attempts failed so far, from 1.
        draw: Returns a number in [0, 1).
        first_s: Longest wait after the first failure, in seconds.
        most_s: Longest wait at all, in seconds.

    Returns:
        Seconds in [0, most_s).
    """
    longest = most_s if attempt > 32 else min(most_s, first_s * float(2 ** (attempt - 1)))
    return draw() * longest


def retry_after_s(value: str | None, *, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> float | None:
    """Return the seconds that a Retry-After header asks to wait, from a number or a date; None without a legible one.

    Args:
        value: The header's value.
        now: Returns the present time, UTC.
    """
    text = (value or "").strip()
    if text.isascii() and text.isdigit():
        return float(text[:12])
    try:
        when = parsedate_to_datetime(text)
    except (TypeError, ValueError, IndexError):
        return None
    when = when if when.tzinfo else when.replace(tzinfo=UTC)
    return max(0.0, (when - now()).total_seconds())
