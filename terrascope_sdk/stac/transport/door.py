"""What the requests of one catalogue share: its own addresses, the secrets of each host, and the open connections."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from typing import TYPE_CHECKING

from terrascope_sdk.errors import CatalogError, UnsafeLink
from terrascope_sdk.stac.transport.links import Link, Resolver, checked_addresses, checked_link, own_addresses

if TYPE_CHECKING:
    import requests

__all__ = ["Door"]


class Door:
    """Connections to checked addresses only, safe to share between threads."""

    def __init__(
        self,
        catalog_url: str | None,
        *,
        timeout_s: tuple[float, float],
        headers: Mapping[str, Mapping[str, str]],
        resolve: Resolver,
    ) -> None:
        self.timeout_s = timeout_s
        self._catalog_url = catalog_url or ""
        self._headers = {host.lower(): dict(given) for host, given in headers.items()}
        self._resolve = resolve
        self._own: frozenset[str] | None = None
        self._session: requests.Session | None = None
        self._lock = threading.RLock()

    def own(self) -> frozenset[str]:
        """Return the private addresses that may be read from because the user's catalogue is there."""
        with self._lock:
            if self._own is None:
                remote = self._catalog_url.lower().startswith(("http://", "https://"))
                link = checked_link(self._catalog_url) if remote else Link("")
                self._own = own_addresses(link.host, link.port, self._resolve) if link.host else frozenset()
            return self._own

    def addresses(self, host: str, port: int) -> list[str]:
        """Return the addresses of a host that may be connected to."""
        return checked_addresses(host, port, own=self.own(), resolve=self._resolve)

    def session(self) -> requests.Session:
        """Return the session whose connections go to checked addresses; it is made at the first request."""
        with self._lock:
            if self._session is None:
                import requests

                from terrascope_sdk.stac.transport.connections import CheckedAdapter

                adapter, session = CheckedAdapter(self.addresses), requests.Session()
                session.mount("https://", adapter)
                session.mount("http://", adapter)
                self._session = session
            return self._session

    def close(self) -> None:
        """Close the connections that are not in use; the next request opens new ones."""
        with self._lock:
            if self._session is not None:
                self._session.close()

    def headers_for(self, link: Link) -> Mapping[str, str]:
        """Return the headers, secrets among them, that belong to a link's host."""
        return {"User-Agent": "terrascope-sdk"} | self._headers.get(link.host, {})

    def proxies_for(self, link: Link) -> dict[str, str]:
        """Return the proxies that the environment names for a link; none towards the user's own private catalogue.

        Raises:
            UnsafeLink: The link is to go through a proxy, and its host is at a private address.
        """
        from requests.utils import get_environ_proxies, select_proxy

        proxies: dict[str, str] = dict(get_environ_proxies(link.url) or {})
        if not select_proxy(link.url, proxies):
            return {}
        try:
            found = set(self.addresses(link.host, link.port))
        except UnsafeLink:
            raise
        except CatalogError:  # only the proxy knows this name
            return proxies
        return {} if found <= self.own() else proxies
