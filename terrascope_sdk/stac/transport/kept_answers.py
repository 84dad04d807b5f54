"""A fetcher that keeps a catalogue's answers for a while, so that a notebook run again asks nobody again."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable
from dataclasses import replace

from terrascope_sdk.stac.store import Store, store_key
from terrascope_sdk.stac.transport.exchange import Ask, Reply
from terrascope_sdk.stac.transport.fetch import Fetcher
from terrascope_sdk.stac.transport.signatures import link_key
from terrascope_sdk.stac.transport.signing import Signer

__all__ = ["KEPT_S", "KeepingFetcher"]

KEPT_S = 600.0
"""How long an answer counts as fresh, seconds: new scenes appear a few times a day."""

_KEPT_HEADERS = ("content-type",)


class KeepingFetcher(Fetcher):
    """Answers of the catalogue itself (landing page, collections, searches) come from a store while they are fresh.

    Pieces of files are kept elsewhere, block by block. Requests with headers of the user's own are never kept.
    """

    def __init__(
        self,
        catalog_url: str,
        *,
        store: Callable[[], Store],
        signer: Signer | None = None,
        kept_s: float = KEPT_S,
        now: Callable[[], float] = time.time,
    ) -> None:
        super().__init__(catalog_url, signer=signer)
        self._store, self._kept_s, self._now = store, kept_s, now

    def exchange(self, ask: Ask) -> Reply:
        """Return the answer to a request, kept or new."""
        names = {name.lower() for name in ask.headers}
        own = ask.url.startswith(str(self.catalog_url)) and ask.method in ("GET", "POST") and "range" not in names
        if not own or names & {"authorization", "cookie"}:
            return super().exchange(ask)
        body = hashlib.sha256(ask.body or b"").hexdigest()
        key = store_key(["answer", ask.method, link_key(ask.url), body])
        kept = self._kept(key)
        if kept is not None:
            return kept
        reply = super().exchange(ask)
        if reply.status == 200:
            headers = {k: v for k, v in reply.headers.items() if k in _KEPT_HEADERS}
            head = json.dumps({"at": self._now(), "headers": headers}).encode()
            self._store().put(key, len(head).to_bytes(4, "big") + head + reply.body)
        return reply

    def _kept(self, key: str) -> Reply | None:
        data = self._store().get(key)
        if data is None or len(data) < 4:
            return None
        size = int.from_bytes(data[:4], "big")
        try:
            head = json.loads(data[4 : 4 + size])
        except ValueError:
            return None
        if not 0 <= self._now() - float(head["at"]) < self._kept_s:
            return None
        return replace(Reply(200, {}, b""), headers=dict(head["headers"]), body=data[4 + size :])
