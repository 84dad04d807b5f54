"""The one door for bytes: every request of a search and of a pixel goes through a Fetcher."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from terrascope_sdk.errors import CatalogError, InputError, RasterError
from terrascope_sdk.stac.transport.breaker import Breaker
from terrascope_sdk.stac.transport.deadline import Deadline, look_up, under
from terrascope_sdk.stac.transport.door import Door
from terrascope_sdk.stac.transport.exchange import Ask, Reply, Trouble, find_error, send_once
from terrascope_sdk.stac.transport.links import Resolver, checked_link
from terrascope_sdk.stac.transport.remote_files import FileFacts, Piece, facts_of, misfit, same_file
from terrascope_sdk.stac.transport.retries import RETRIED, backoff_s, retry_after_s
from terrascope_sdk.stac.transport.signatures import link_key, without_signature
from terrascope_sdk.stac.transport.signing import SignedLinks, Signer

if TYPE_CHECKING:
    import requests

__all__ = ["Fetcher", "Timing", "find_error"]

_MOST_SLICED_BYTES = 32_000_000
"""Largest file that is taken whole from a server that knows no ranges."""


@dataclass(frozen=True)
class Timing:
    """Where time, chance and names come from: the defaults are real, tests bring their own."""

    sleep: Callable[[float], None] = time.sleep
    """Waits for some seconds."""

    clock: Callable[[], float] = time.monotonic
    """Returns the present moment, in seconds."""

    draw: Callable[[], float] = random.random
    """Returns a number in [0, 1)."""

    resolve: Resolver = look_up
    """Returns the addresses of a host and port."""


class Fetcher:
    """Reads what one catalogue and its links hold: politely, within a time, from public addresses alone.

    One for each catalogue; threads share it. Redirects are followed here and checked at each hop. Failures that may
    pass (no connection, 408, 429, 500, 502, 503, 504, an answer cut short) are tried again after a random, growing wait
    or the one the server asks for; a host that keeps failing is left alone for a while.

    Args:
        catalog_url: The user's catalogue: links to its own private address are followed, to no other private one.
        signer: Signs links at the moment of each request; None when links are open.
        timeout_s: Seconds to connect, and between two pieces of an answer.
        total_s: Seconds for one request altogether, its repetitions and waits included.
        attempts: How often a request is sent at most.
        headers: Headers by host, secrets among them: no other host gets them.
        cancelled: Asked between attempts and between the pieces of an answer; returns whether to stop.
        timing: Where time, chance and names come from.
    """

    def __init__(
        self,
        catalog_url: str | None = None,
        *,
        signer: Signer | None = None,
        timeout_s: tuple[float, float] = (10.0, 30.0),
        total_s: float = 120.0,
        attempts: int = 5,
        headers: Mapping[str, Mapping[str, str]] | None = None,
        cancelled: Callable[[], bool] | None = None,
        timing: Timing | None = None,
    ) -> None:
        if min(*timeout_s, total_s) <= 0 or attempts < 1:
            raise InputError(f"Timeouts of {timeout_s} and {total_s} s with {attempts} attempts allow no request.")
        self.catalog_url, self.total_s, self.attempts = catalog_url, total_s, attempts
        self.cancelled = cancelled
        self.timing = timing or Timing()
        self.breaker = Breaker(clock=self.timing.clock)
        self._signed = SignedLinks(signer) if signer is not None else None
        self._door = Door(catalog_url, timeout_s=timeout_s, headers=headers or {}, resolve=self.timing.resolve)
        self._facts: dict[str, FileFacts] = {}
        self._lock = threading.Lock()

    def __repr__(self) -> str:
        return f"Fetcher({without_signature(self.catalog_url or '')!r}, total_s={self.total_s:g})"

    # ------------------------------------------------------------------------------------------------------ requests

    def get(self, url: str, *, headers: Mapping[str, str] | None = None, limit_bytes: int = 64_000_000) -> bytes:
        """Return a whole document.

        Args:
            url: Its link.
            headers: Headers for its server; not sent to another one that it redirects to.
            limit_bytes: Largest document, decompressed.

        Raises:
            CatalogError: There is none, or the server does not answer; UnsafeLink for a link that is not followed.
            TooLarge: It is larger than the limit.
        """
        reply = self.exchange(Ask(url, headers=dict(headers or {}), limit_bytes=limit_bytes))
        if reply.status >= 300:
            raise _refused(url, reply.status)
        return reply.body

    def get_range(self, url: str, start: int, stop: int) -> bytes:
        """Return the bytes of a file from `start` up to, not including, `stop`; fewer where the file ends before.

        Raises:
            CatalogError: The server does not answer, or never rightly.
            RasterError: The file changed since its last request, or ends before `start`.
            TooLarge: The server sends whole files only, and this one is large.
        """
        return self.fetch_piece(url, start, stop).data

    def fetch_piece(self, url: str, start: int, stop: int) -> Piece:
        """Return bytes like :meth:`get_range`, with what the answer says about the file they were cut from."""
        if not 0 <= start < stop:
            raise InputError(f"The bytes from {start} up to {stop} are no range.")
        headers = {"Range": f"bytes={start}-{stop - 1}", "Accept-Encoding": "identity"}
        limit = max(stop - start, _MOST_SLICED_BYTES)
        reply = self.exchange(
            Ask(url, headers=headers, limit_bytes=limit, decoded=False, judge=lambda got: misfit(got, start, stop))
        )
        if reply.status == 416:
            raise RasterError(
                f"{without_signature(url)} ends before byte {start}: it was cut short, or changed.",
                hint="Load again; if it stays so, the provider's file is broken.",
            )
        if reply.status not in (200, 206):
            raise _refused(url, reply.status)
        facts = facts_of(reply)
        self._remember(url, facts)
        return Piece(reply.body[start:stop] if reply.status == 200 else reply.body, facts)

    def size(self, url: str) -> int:
        """Return the size of a file in bytes; asks for one byte of it when nothing is known yet."""
        return (self.facts(url) or self.fetch_piece(url, 0, 1).facts).size_bytes

    def facts(self, url: str) -> FileFacts | None:
        """Return what earlier answers said about a file; None before the first."""
        with self._lock:
            return self._facts.get(link_key(url))

    def forget(self, url: str) -> None:
        """Drop what is known of a file, so that its new version is read as a new file."""
        with self._lock:
            self._facts.pop(link_key(url), None)

    def session(self) -> requests.Session:
        """Return a session for pystac-client (``StacApiIO(max_retries=None)``, then ``io.session = ...``).

        Its requests keep every rule of this class; errors are typed, and pystac-client wraps them: see
        :func:`find_error`.
        """
        from terrascope_sdk.stac.transport.sessions import FetcherSession

        return FetcherSession(self)

    def close(self) -> None:
        """Close idle connections; a later request opens new ones."""
        self._door.close()

    def _remember(self, url: str, facts: FileFacts) -> None:
        with self._lock:
            known = self._facts.setdefault(link_key(url), facts)
        same_file(known, facts, shown=without_signature(url))

    # -------------------------------------------------------------------------------------------------- tried again

    def exchange(self, ask: Ask) -> Reply:
        """Send a request until it is answered, and return the answer with whatever status is final.

        Raises:
            CatalogError: No answer within the time or the attempts, or the user gave up.
        """
        host = checked_link(ask.url).host
        if not host:
            raise InputError(f"{ask.url!r} is a file on disk.", hint="Open it directly; only addresses are fetched.")
        clock = self.timing.clock
        deadline = Deadline(clock() + self.total_s, self.total_s, clock, self.cancelled)
        trouble, renewed = Trouble("was not asked"), False
        for attempt in range(1, self.attempts + 1):
            got = self._attempt(ask, host, deadline)
            if isinstance(got, Reply) and got.status == 403 and self._signed is not None and not renewed:
                renewed = True
                self._signed.forget(ask.url)
                got = self._attempt(ask, host, deadline)
            if isinstance(got, Reply):
                return got
            trouble = got
            if attempt < self.attempts:
                self._wait(attempt, trouble, host, deadline)
        raise CatalogError(
            f"{host} {trouble.text}; it was asked {self.attempts} times.",
            hint="Try again later, or ask another catalogue for the same scenes.",
        )

    def _attempt(self, ask: Ask, host: str, deadline: Deadline) -> Reply | Trouble:
        deadline.check(host)
        self.breaker.enter(host)
        try:
            got = send_once(self._door, ask, signed=self._signed_link(ask.url, deadline), deadline=deadline)
        except BaseException:  # tell the breaker, and go on as it was
            if deadline.left_s() <= 0:
                self.breaker.failed(host)
            else:
                self.breaker.left(host)
            raise
        if isinstance(got, Reply):
            got = _judged(ask, got)
        if isinstance(got, Trouble):
            self.breaker.failed(host)
        else:
            self.breaker.succeeded(host)
        return got

    def _signed_link(self, url: str, deadline: Deadline) -> str:
        if self._signed is None:
            return url
        with under(deadline):
            return self._signed.signed(url)

    def _wait(self, attempt: int, trouble: Trouble, host: str, deadline: Deadline) -> None:
        wait_s = max(backoff_s(attempt, draw=self.timing.draw), trouble.wait_s or 0.0)
        if wait_s >= deadline.left_s():
            asked = f", and asks to wait {trouble.wait_s:.0f} s" if trouble.wait_s else ""
            raise CatalogError(
                f"{host} {trouble.text}{asked}; only {max(deadline.left_s(), 0):.0f} s of {self.total_s:g} s are left.",
                hint="Try again after that time, or allow more with total_s.",
            )
        while wait_s > 0:
            deadline.check(host)
            step_s = min(wait_s, 0.5) if self.cancelled is not None else wait_s
            self.timing.sleep(step_s)
            wait_s -= step_s


def _judged(ask: Ask, reply: Reply) -> Reply | Trouble:
    if reply.status in RETRIED:
        return Trouble(f"answered {reply.status}", retry_after_s(reply.headers.get("retry-after")))
    return ask.judge(reply) or reply


def _refused(url: str, status: int) -> CatalogError:
    hints = {
        401: "It needs credentials: give them as headers of that host.",
        403: "It is not open to you, or its signature is refused: check the credentials of this catalogue.",
        404: "The catalogue's link is old, or mistyped.",
        410: "The provider took it down.",
    }
    return CatalogError(f"{without_signature(url)} answered {status}.", hint=hints.get(status, "Ask the provider."))
