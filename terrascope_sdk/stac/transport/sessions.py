"""A session of requests, as pystac-client wants one, that keeps every rule of a Fetcher."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import requests
from requests.structures import CaseInsensitiveDict

from terrascope_sdk.stac.transport.exchange import Ask
from terrascope_sdk.stac.transport.signatures import without_signature

if TYPE_CHECKING:
    from terrascope_sdk.stac.transport.fetch import Fetcher

__all__ = ["FetcherSession"]


class FetcherSession(requests.Session):
    """Prepares requests as usual and lets a Fetcher send them: limits, retries, redirects and addresses are its own."""

    def __init__(self, fetcher: Fetcher) -> None:
        super().__init__()
        self._fetcher = fetcher
        self.trust_env = False  # no passwords out of ~/.netrc; proxies are the fetcher's

    def send(self, request: requests.PreparedRequest, **_: Any) -> requests.Response:  # Any: requests' own signature
        """Send a prepared request; timeouts and the like that the caller asks for give way to the fetcher's.

        Raises:
            CatalogError: No answer within the fetcher's time.
            UnsafeLink: The request or a redirect leads where nothing is read from.
            TooLarge: The answer is larger than a page of a search may be.
        """
        body = request.body.encode() if isinstance(request.body, str) else request.body
        headers = {name: str(value) for name, value in request.headers.items() if name.lower() != "user-agent"}
        method = (request.method or "GET").upper()
        reply = self._fetcher.exchange(
            Ask(request.url or "", method=method, headers=headers, body=body if isinstance(body, bytes) else None)
        )
        response = requests.Response()
        response.status_code = reply.status
        response._content = reply.body
        plain = {
            n: v for n, v in reply.headers.items() if n not in ("content-encoding", "content-length", "set-cookie")
        }
        response.headers = CaseInsensitiveDict(plain)
        response.url = without_signature(request.url or "")
        response.encoding = requests.utils.get_encoding_from_headers(response.headers)
        response.request = request
        return response
