"""One attempt at one request: redirects followed by hand, a limit on bytes, and what went wrong in words."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from terrascope_sdk.errors import CatalogError, TerraScopeError, TooLarge, UnsafeLink
from terrascope_sdk.stac.transport.deadline import Deadline, under
from terrascope_sdk.stac.transport.door import Door
from terrascope_sdk.stac.transport.links import Link, checked_link
from terrascope_sdk.stac.transport.signatures import without_signature

if TYPE_CHECKING:
    import requests

__all__ = ["Ask", "Reply", "Trouble", "find_error", "send_once"]

_MOST_REDIRECTS = 5
_CHUNK_BYTES = 262_144
_HARMLESS = frozenset({"accept", "accept-encoding", "accept-language", "content-type", "range", "user-agent"})
"""Headers that are sent to another server than the one they were meant for."""


@dataclass(frozen=True)
class Trouble:
    """Why an attempt failed, when another one may succeed."""

    text: str
    """What the server did, after its name: ``answered 503``."""

    wait_s: float | None = None
    """How long the server asked to wait; None when it did not say."""


@dataclass(frozen=True)
class Reply:
    """An answer that arrived whole."""

    status: int
    """Status code."""

    headers: Mapping[str, str]
    """Headers, their names in lower case."""

    body: bytes = field(repr=False)
    """Bytes, decoded where :attr:`Ask.decoded` says so."""


@dataclass(frozen=True)
class Ask:
    """A request, without the signature of its link."""

    url: str
    """The address."""

    method: str = "GET"
    """Method, in capitals."""

    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    """Headers for the server of `url`; secrets among them go nowhere else."""

    body: bytes | None = field(default=None, repr=False)
    """Bytes to send."""

    limit_bytes: int = 64_000_000
    """Largest answer, after decoding."""

    decoded: bool = True
    """Whether the answer may come compressed; pixels may not."""

    judge: Callable[[Reply], Trouble | None] = lambda reply: None
    """Looks at a whole answer and says why another attempt is needed."""


def find_error(err: BaseException | None) -> TerraScopeError | None:
    """Return the first typed error among an error and what led to it; None when there is none.

    pystac-client and GDAL wrap the errors of this package in their own: this finds them again.
    """
    seen: set[int] = set()
    while err is not None and id(err) not in seen:
        if isinstance(err, TerraScopeError):
            return err
        seen.add(id(err))
        err = err.__cause__ or err.__context__
    return None


def send_once(door: Door, ask: Ask, *, signed: str, deadline: Deadline) -> Reply | Trouble:
    """Send a request once, over up to five redirects.

    Args:
        door: Holds the session and the secrets of each host.
        ask: The request.
        signed: Its address as it is sent.
        deadline: When it must be over.

    Returns:
        The answer with whatever status, or what went wrong on the way when another attempt may help.

    Raises:
        UnsafeLink: The address or a redirect leads where nothing is read from.
        TooLarge: The answer is larger than the request's limit.
        CatalogError: The time is over, or nothing but another request can help.
    """
    first = link = checked_link(signed)
    for _ in range(_MOST_REDIRECTS + 1):
        deadline.check(link.host)
        given = ask.headers if link.origin == first.origin else _harmless(ask.headers)
        got = _hop(door, ask, link=link, headers={**given, **door.headers_for(link)}, deadline=deadline)
        target = got.headers.get("location") if isinstance(got, Reply) and 301 <= got.status <= 308 else None
        if isinstance(got, Trouble) or not target:
            return got
        ask = _redirected(ask, got.status)
        link = _next(link, target)
    raise CatalogError(
        f"{first.shown} redirects more than {_MOST_REDIRECTS} times.", hint="Ask the provider; the link is broken."
    )


def _harmless(headers: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in headers.items() if name.lower() in _HARMLESS}


def _redirected(ask: Ask, status: int) -> Ask:
    if ask.method in ("GET", "HEAD") or status in (307, 308):
        return ask
    from dataclasses import replace

    return replace(ask, method="GET", body=None)


def _next(link: Link, target: str) -> Link:
    following = checked_link(urljoin(link.url, target))
    if link.origin[0] == "https" and following.origin[0] != "https":
        raise UnsafeLink(
            f"{link.shown} redirects from https to the unprotected {following.shown}.",
            hint="Name the http address yourself if you trust the network.",
        )
    return following


def _hop(door: Door, ask: Ask, *, link: Link, headers: Mapping[str, str], deadline: Deadline) -> Reply | Trouble:
    import requests
    import urllib3

    prepared = requests.Request(ask.method, link.url, headers=dict(headers), data=ask.body).prepare()
    trouble: Exception
    connect_s, read_s = door.timeout_s
    try:
        with under(deadline):
            response = door.session().send(
                prepared,
                stream=True,
                allow_redirects=False,
                timeout=(max(min(connect_s, deadline.left_s()), 0.001), read_s),
                verify=os.environ.get("REQUESTS_CA_BUNDLE") or os.environ.get("CURL_CA_BUNDLE") or True,
                proxies=door.proxies_for(link),
            )
            with response:
                known = {name.lower(): value for name, value in response.headers.items()}
                body = b"" if response.is_redirect else _body(response, ask, link=link, deadline=deadline)
                return Reply(response.status_code, known, body)
    except (requests.RequestException, urllib3.exceptions.HTTPError, OSError) as err:
        trouble = err
    # outside of the handler: the libraries' errors quote the signed address, and would hang on to ours as its context
    return _in_words(trouble, link)


def _body(response: requests.Response, ask: Ask, *, link: Link, deadline: Deadline) -> bytes:
    announced = response.headers.get("Content-Length", "")
    if announced.isdigit() and int(announced) > ask.limit_bytes and ask.method != "HEAD":
        raise _too_large(link, f"{int(announced):,} bytes", ask)
    if announced.isdigit() and not ask.decoded:  # its length is known and allowed: one piece, no copies
        return bytes(response.raw.read(decode_content=False))
    body = bytearray()
    while chunk := response.raw.read(_CHUNK_BYTES, decode_content=ask.decoded):
        body += chunk
        deadline.check(link.host)
        if len(body) > ask.limit_bytes:
            raise _too_large(link, f"over {len(body):,} bytes", ask)
    return bytes(body)


def _too_large(link: Link, got: str, ask: Ask) -> TooLarge:
    ranged = "range" in {name.lower() for name in ask.headers}
    what = "ignores ranges and sends the whole file, " if ranged else "sends "
    return TooLarge(
        f"{link.shown} {what}{got}; {ask.limit_bytes:,} bytes are allowed.",
        hint="Download the file and load it from disk."
        if ranged
        else "Ask for less: fewer scenes a page, a smaller area.",
    )


def _in_words(err: Exception, link: Link) -> Trouble:
    import requests
    import urllib3

    typed = find_error(err)
    if typed is not None:
        raise typed.with_traceback(None) from None
    text = str(err)
    if isinstance(err, requests.exceptions.InvalidURL | requests.exceptions.InvalidSchema):
        raise UnsafeLink(f"The link {without_signature(link.url)!r} is no address.", hint="Check the catalogue's item.")
    if "CERTIFICATE_VERIFY_FAILED" in text:
        raise CatalogError(
            f"{link.host} shows a certificate that is not valid here.",
            hint="Check the clock, and name your organisation's certificates with REQUESTS_CA_BUNDLE.",
        )
    timeouts = (requests.Timeout, urllib3.exceptions.TimeoutError, TimeoutError)
    if isinstance(err, requests.ConnectTimeout):
        return Trouble("did not accept a connection in time")
    if isinstance(err, timeouts) or "timed out" in text:
        return Trouble("stopped sending in the middle of an answer")
    if "NewConnectionError" in text:
        return Trouble("accepts no connection")
    return Trouble("broke off the connection")
