"""Links signed at the moment of the request: signatures live for minutes, and are neither logged nor kept on disk."""

from __future__ import annotations

import importlib
import threading
from collections import OrderedDict
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from types import ModuleType
from typing import Protocol, runtime_checkable
from urllib.parse import parse_qs, urlsplit

from terrascope_sdk.errors import CatalogError, MissingDependency
from terrascope_sdk.stac.transport.deadline import within
from terrascope_sdk.stac.transport.signatures import link_key

__all__ = ["PlanetaryComputerSigner", "SignedLinks", "Signer"]

_MARGIN = timedelta(seconds=60)
_BLOBS = ".blob.core.windows.net"


@runtime_checkable
class Signer(Protocol):
    """Makes links that a provider answers."""

    def sign(self, url: str) -> tuple[str, datetime | None]:
        """Return a link with a signature and the moment, UTC, at which that ends; links that need none as they are."""

    def forget(self, url: str) -> None:
        """Drop what is known for a link, because the provider refused it; the next signature is a new one."""


class SignedLinks:
    """The signatures in use, renewed a minute before they end."""

    def __init__(self, signer: Signer, *, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._signer = signer
        self._now = now
        self._known: OrderedDict[str, tuple[str, datetime | None]] = OrderedDict()
        self._lock = threading.Lock()

    def signed(self, url: str) -> str:
        """Return a link to be sent now."""
        key = link_key(url)
        with self._lock:
            known = self._known.get(key)
        if known is None or (known[1] is not None and known[1] - self._now() < _MARGIN):
            known = self._signer.sign(url)
            with self._lock:
                self._known[key] = known
                while len(self._known) > 1024:
                    self._known.popitem(last=False)
        return known[0]

    def forget(self, url: str) -> None:
        """Sign a link anew at its next request."""
        with self._lock:
            self._known.pop(link_key(url), None)
        self._signer.forget(url)


class PlanetaryComputerSigner:
    """Signs links of the Microsoft Planetary Computer, one signature for each container of files.

    The package ``planetary-computer`` asks for the token; an answer is waited for `wait_s` seconds.
    """

    def __init__(self, *, wait_s: float = 30.0, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._wait_s = wait_s
        self._now = now
        self._tokens: dict[tuple[str, str], tuple[str, datetime]] = {}
        self._lock = threading.Lock()

    def sign(self, url: str) -> tuple[str, datetime | None]:
        """Return a link with its signature, and its end; a link that needs none comes back as it is."""
        container = _container(url)
        if container is None:
            return url, None
        if not self._lock.acquire(timeout=within(self._wait_s) or self._wait_s):
            raise _unsigned(*container, self._wait_s)
        try:  # one question for each container, however many threads wait for it
            known = self._tokens.get(container)
            if known is None or known[1] - self._now() < _MARGIN:
                known = self._tokens[container] = _asked(*container, wait_s=within(self._wait_s) or self._wait_s)
        finally:
            self._lock.release()
        return f"{url}{'&' if '?' in url else '?'}{known[0]}", known[1]

    def forget(self, url: str) -> None:
        """Ask for a new token for the container of a link."""
        container = _container(url)
        if container is None:
            return
        with self._lock:
            self._tokens.pop(container, None)
        tokens = _package().TOKEN_CACHE
        for address in [key for key in tokens if key.endswith("/" + "/".join(container))]:
            tokens.pop(address, None)


def _container(url: str) -> tuple[str, str] | None:
    """Return account and container of a file in Azure's store; None where nothing is signed."""
    parts = urlsplit(url)
    host = (parts.hostname or "").lower()
    name = parts.path.lstrip("/").split("/", 1)[0]
    if parts.scheme != "https" or not host.endswith(_BLOBS) or not name or {"sig", "se"} & set(parse_qs(parts.query)):
        return None
    if host == "ai4edatasetspublicassets.blob.core.windows.net":  # public pictures of collections
        return None
    return host.removesuffix(_BLOBS), name


def _package() -> ModuleType:
    try:
        return importlib.import_module("planetary_computer.sas")
    except ImportError as err:
        raise MissingDependency(
            "Links of the Planetary Computer are signed with the package 'planetary-computer', which is not installed.",
            hint="Install it: pip install 'terrascope-sdk[pc]'.",
        ) from err


def _asked(account: str, container: str, *, wait_s: float) -> tuple[str, datetime]:
    sas = _package()
    answer: list[tuple[str, datetime]] = []

    def ask() -> None:
        try:
            token = sas.get_token(account, container, retry_total=3, retry_backoff_factor=0.5)
            expiry = token.expiry if token.expiry.tzinfo else token.expiry.replace(tzinfo=UTC)
            answer.append((token.token, expiry))
        except Exception:  # noqa: BLE001 - any failure of the package is told below, without the address it asked
            return

    thread = threading.Thread(target=ask, name="terrascope-token", daemon=True)
    thread.start()
    thread.join(wait_s)
    if not answer:
        raise _unsigned(account, container, wait_s)
    return answer[0]


def _unsigned(account: str, container: str, wait_s: float) -> CatalogError:
    return CatalogError(
        f"The Planetary Computer gave no signature for {account}/{container} within {wait_s:g} s.",
        hint="Try again later; a key of your own (PC_SDK_SUBSCRIPTION_KEY) raises its limits.",
    )
