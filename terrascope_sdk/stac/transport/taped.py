"""A fetcher whose answers are recorded, or come from a recording."""

from __future__ import annotations

from terrascope_sdk.stac.transport.exchange import Ask, Reply
from terrascope_sdk.stac.transport.fetch import Fetcher
from terrascope_sdk.stac.transport.signing import Signer
from terrascope_sdk.stac.transport.tape import Tape

__all__ = ["TapedFetcher"]


class TapedFetcher(Fetcher):
    """Sends requests like any fetcher and keeps the answers; in a replay nothing is sent at all."""

    def __init__(self, tape: Tape, catalog_url: str | None = None, *, signer: Signer | None = None) -> None:
        super().__init__(catalog_url, signer=signer)
        self._tape = tape

    def exchange(self, ask: Ask) -> Reply:
        """Return the answer to a request.

        Raises:
            CatalogError: No answer, or in a replay one that was not recorded.
        """
        if self._tape.mode == "replay":
            return self._tape.recall(ask)
        reply = super().exchange(ask)
        self._tape.keep(ask, reply)
        return reply
