"""Connections that lead only to addresses that were checked, and end at a deadline however slowly a server sends."""

from __future__ import annotations

import http.client
import io
import logging
import re
import socket

import requests.adapters
import urllib3
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import ConnectTimeoutError, NewConnectionError
from urllib3.util.connection import create_connection

from terrascope_sdk.stac.transport.deadline import look_up, within
from terrascope_sdk.stac.transport.links import Resolver

__all__ = ["CheckedAdapter"]


class _TimedReader(io.RawIOBase):
    """A socket's bytes; every read waits no longer than the socket's timeout and the deadline."""

    def __init__(self, raw: io.RawIOBase, sock: socket.socket) -> None:
        self._raw, self._sock, self._timeout_s = raw, sock, sock.gettimeout()

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int | None:  # type: ignore[override]  # any buffer there
        self._sock.settimeout(within(self._timeout_s))
        return self._raw.readinto(buffer)

    def close(self) -> None:
        self._raw.close()
        super().close()


class _TimedResponse(http.client.HTTPResponse):
    def __init__(
        self, sock: socket.socket, debuglevel: int = 0, method: str | None = None, url: str | None = None
    ) -> None:
        super().__init__(sock, debuglevel, method, url)
        self.fp = io.BufferedReader(_TimedReader(self.fp.detach(), sock), 65536)


def _connected(connection: HTTPConnection, addresses: list[str]) -> socket.socket:
    trouble: OSError | None = None
    for address in addresses:
        timeout_s = connection.timeout if isinstance(connection.timeout, int | float) else None
        try:
            return create_connection(
                (address, connection.port or 80),
                within(timeout_s),
                source_address=connection.source_address,
                socket_options=connection.socket_options,
            )
        except TimeoutError as err:
            trouble = err
        except OSError as err:
            trouble = err
    if isinstance(trouble, TimeoutError):
        raise ConnectTimeoutError(connection, f"{connection.host} did not accept a connection in time") from trouble
    raise NewConnectionError(connection, f"{connection.host} accepts no connection") from trouble


def _pools(addresses: Resolver) -> dict[str, type[urllib3.HTTPConnectionPool]]:
    """Return pool classes whose connections go to what `addresses` returns for a host and port."""

    class Plain(HTTPConnection):
        response_class = _TimedResponse

        def _new_conn(self) -> socket.socket:
            return _connected(self, addresses(self.host, self.port or 80))

    class Secure(HTTPSConnection):
        response_class = _TimedResponse

        def _new_conn(self) -> socket.socket:
            return _connected(self, addresses(self.host, self.port or 443))

    class PlainPool(urllib3.HTTPConnectionPool):
        ConnectionCls = Plain

    class SecurePool(urllib3.HTTPSConnectionPool):
        ConnectionCls = Secure

    return {"http": PlainPool, "https": SecurePool}


class CheckedAdapter(requests.adapters.HTTPAdapter):
    """Sends requests over connections to the addresses that a function returns: what was checked is what is used.

    Behind a proxy the proxy looks names up and connects; the deadline holds there all the same.
    """

    def __init__(self, addresses: Resolver) -> None:
        self._addresses = addresses
        _hide_signatures()
        super().__init__(pool_connections=16, pool_maxsize=32, max_retries=0)

    def init_poolmanager(self, *args: object, **kwargs: object) -> None:
        """Make the pools, with checked connections."""
        super().init_poolmanager(*args, **kwargs)  # type: ignore[arg-type]  # handed through
        self.poolmanager.pool_classes_by_scheme = _pools(self._addresses)

    def proxy_manager_for(self, proxy: str, **kwargs: object) -> urllib3.ProxyManager:
        """Return the pools of a proxy, which may stand at a private address."""
        manager: urllib3.ProxyManager = super().proxy_manager_for(proxy, **kwargs)
        manager.pool_classes_by_scheme = _pools(look_up)
        return manager


class _WithoutQueries(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        if isinstance(record.args, tuple):
            record.args = tuple(re.sub(r"\?\S*", "?...", str(a)) if "?" in str(a) else a for a in record.args)
        return True


_without_queries = _WithoutQueries()


def _hide_signatures() -> None:
    """Keep queries, where signatures are, out of what urllib3 writes to its log at the level DEBUG."""
    for name in ("urllib3.connectionpool", "urllib3.util.retry", "urllib3.connection"):
        logging.getLogger(name).addFilter(_without_queries)  # the same filter again changes nothing
