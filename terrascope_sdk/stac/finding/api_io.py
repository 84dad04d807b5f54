"""What carries a search to a STAC API: pystac-client's own reader over our session, with errors that say what to do.

Imported only when an API is asked, because pystac-client and requests are slow to import.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import pystac
import requests
from pystac.link import Link
from pystac_client.stac_api_io import StacApiIO

from terrascope_sdk.errors import CatalogError, InputError
from terrascope_sdk.stac.notices import PagesRepeat, announce
from terrascope_sdk.stac.shown_text import shown
from terrascope_sdk.types.encoding import JsonValue

__all__ = ["SessionIO", "answer_detail", "bare"]

_DETAIL = 300
_REFUSED = frozenset({400, 405, 413, 422})
"""Statuses by which a server says that the request is at fault."""


def bare(text: str) -> str:
    """Return a text whose links have lost query and user: that is where signatures and keys are."""
    return re.sub(r"(https?://)(?:[^\s/@?\"']*@)?([^\s?#\"']*)(?:[?#][^\s\"']*)?", r"\1\2", text)


def answer_detail(body: str) -> str:
    """Return what a server's error answer says, in one line of at most 300 characters, with no query of a link."""
    try:
        document = json.loads(body)
    except ValueError:
        document = None
    if isinstance(document, dict):
        found = next((document[k] for k in ("detail", "description", "message", "title") if document.get(k)), document)
        body = found if isinstance(found, str) else json.dumps(found)
    text = " ".join(re.sub(r"<[^>]*>", " ", body).split())
    return shown(bare(text), _DETAIL) or "no reason given"


class SessionIO(StacApiIO):
    """Sends every request through one given session and turns each failure into an error of ours.

    Args:
        session: What sends; retries, limits and redirects are its business.
        name: What to call the catalogue in a message.
    """

    def __init__(self, session: requests.Session, *, name: str) -> None:
        super().__init__(max_retries=None)
        self.session = session
        self.name = name

    def update(self, *_: object, **__: object) -> None:
        """Leave the session as it is; pystac-client would set headers and a timeout here."""

    def read_text(self, source: pystac.link.HREF, *args: object, **kwargs: object) -> str:
        """Read a link or URL; a path of this machine is refused, wherever a server's document points to one."""
        href = source.href if isinstance(source, Link) else str(source)
        if not href.lower().startswith(("http://", "https://")):
            raise CatalogError(f"{self.name} has a link that is no http(s) address.", hint="Tell its operator.")
        return str(super().read_text(source, *args, **kwargs))

    def request(
        self,
        href: str,
        method: str | None = None,
        headers: dict[str, str] | None = None,
        parameters: dict[str, JsonValue] | None = None,
    ) -> str:
        """Send one request and return the body.

        Raises:
            InputError: The server refuses the request as wrong; its reason is in the message.
            CatalogError: The server cannot be reached or fails.
        """
        verb = (method or "GET").upper()
        payload = {"json": parameters} if verb != "GET" else {"params": parameters or {}}
        try:
            answer = self.session.request(verb, href, headers=headers, **payload)
            body = answer.content.decode("utf-8")
        except requests.RequestException as err:
            raise CatalogError(
                f"{self.name} cannot be reached: {type(err).__name__}.", hint="Check the network, or try again later."
            ) from None  # its text holds the whole URL
        except UnicodeDecodeError as err:
            raise CatalogError(f"{self.name} answered with something that is no text.") from err
        if answer.status_code in _REFUSED:
            raise InputError(
                f"{self.name} refused the search ({answer.status_code}): {answer_detail(body)}.",
                hint="Change the argument it names.",
            )
        if not 200 <= answer.status_code < 300:
            raise CatalogError(
                f"{self.name} failed ({answer.status_code}): {answer_detail(body)}.",
                hint="Check the address, or try again later.",
            )
        return body

    def document(
        self, source: str | Link, *, method: str | None = None, parameters: dict[str, JsonValue] | None = None
    ) -> JsonValue:
        """Return what a link leads to as JSON.

        Raises:
            CatalogError: The answer is no JSON, for example the HTML page of a portal.
        """
        try:
            return json.loads(self.read_text(source, method=method, parameters=parameters))
        except json.JSONDecodeError as err:
            raise CatalogError(
                f"{self.name} answered with something that is no JSON.", hint="Is this the address of its STAC API?"
            ) from err

    def get_pages(
        self, url: str, method: str | None = None, parameters: dict[str, JsonValue] | None = None
    ) -> Iterator[dict[str, JsonValue]]:
        """Yield page after page, as long as each next link is a new one.

        An empty page with a next link is not the end: some servers filter after paging.
        """
        page = self._page(url, method, parameters)
        seen: set[str] = set()
        while True:
            yield page
            following = next((k for k in page.get("links") or [] if k.get("rel") == "next" and k.get("href")), None)
            if following is None:
                return
            key = json.dumps([following.get(k) for k in ("href", "method", "body")], sort_keys=True)
            if key in seen:
                announce(PagesRepeat(f"The pages of {self.name} lead back to one already read; reading stopped there."))
                return
            seen.add(key)
            page = self._page(Link.from_dict(following), None, parameters)

    def _page(
        self, source: str | Link, method: str | None, parameters: dict[str, JsonValue] | None
    ) -> dict[str, JsonValue]:
        page = self.document(source, method=method, parameters=parameters)
        if not isinstance(page, dict) or not isinstance(page.get("features"), list):
            raise CatalogError(f"{self.name} answered a search with no list of features.", hint="Check the address.")
        return page
