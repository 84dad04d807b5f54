"""Which links are followed: http and https to public addresses, and local files below folders that the user named."""

from __future__ import annotations

import ipaddress
import re
import socket
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote, urlsplit

from terrascope_sdk.errors import CatalogError, UnsafeLink
from terrascope_sdk.stac.transport.signatures import link_key, without_signature

__all__ = [
    "Link",
    "Resolver",
    "checked_addresses",
    "checked_link",
    "is_public",
    "link_key",
    "own_addresses",
    "without_signature",
]

Resolver = Callable[[str, int], list[str]]
"""Takes a host and a port; returns its addresses as text."""

_Address = ipaddress.IPv4Address | ipaddress.IPv6Address

_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+._-]+):")  # two letters and more: one letter is a drive
_HOST = re.compile(r"(?P<host>[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(:(?P<port>[0-9]{1,5}))?")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_CLOUD_HOST = ipaddress.ip_address("168.63.129.16")  # a public number that only answers inside Azure's own machines
_HTTPS = "Use the https link of the same file: a catalogue often has it among the item's alternate assets."
_PUBLIC = "Imagery is read from public http(s) addresses; name a catalogue on that address to read from it there."


@dataclass(frozen=True)
class Link:
    """A link that may be followed."""

    url: str = field(repr=False)
    """The address to ask for, its signature included; the path as text for a local file."""

    host: str = ""
    """Host in lower case, without brackets; empty for a local file."""

    port: int = 0
    """Port; 0 for a local file."""

    path: Path | None = None
    """The local file, with every symbolic link resolved; None for an address."""

    @property
    def shown(self) -> str:
        """The link as it may be shown."""
        return without_signature(self.url)

    @property
    def origin(self) -> tuple[str, str, int]:
        """Scheme, host and port: what secrets of one server must not leave."""
        return (self.url.split(":", 1)[0].lower(), self.host, self.port)


def checked_link(href: str, *, allowed: Iterable[str | Path] = frozenset()) -> Link:
    """Return a link that may be followed, or refuse it.

    This looks at the text (and, for a local file, at the disk); where a host's name leads is looked at again at the
    moment of connecting, see :func:`checked_addresses`.

    Args:
        href: The link, absolute.
        allowed: Folders that the user named; local files are read below these alone.

    Raises:
        UnsafeLink: It is neither http(s) nor a file below those folders, or its text hides something.
    """
    if not isinstance(href, str) or not href or _CONTROL.search(href):
        raise UnsafeLink(f"The link {href!r} is empty or holds control characters.", hint=_PUBLIC)
    if re.match(r"[\s/\\]*vsi", href, re.IGNORECASE) or href.lstrip().startswith("<"):
        raise UnsafeLink(f"The link {_short(href)} is a virtual file of GDAL.", hint=_PUBLIC)
    scheme = _SCHEME.match(href)
    name = scheme[1].lower() if scheme else ""
    if name in ("http", "https"):
        return _checked_url(href)
    if name in ("s3", "gs", "az", "abfs", "abfss", "gcs", "swift", "oss"):
        raise UnsafeLink(f"The link {_short(href)} needs the keys of a cloud account.", hint=_HTTPS)
    if name == "file":
        return _checked_file(_path_of(href), href, allowed)
    if name:
        raise UnsafeLink(f"The link {_short(href)} is neither http(s) nor a file.", hint=_PUBLIC)
    return _checked_file(href, href, allowed)


def _short(href: str) -> str:
    return repr(without_signature(href)[:200])


def _checked_url(href: str) -> Link:
    try:
        parts = urlsplit(href)
    except ValueError as err:
        raise UnsafeLink(f"The link {_short(href)} is no address.", hint=_PUBLIC) from err
    if "@" in parts.netloc or "\\" in href:
        raise UnsafeLink(
            f"The link {_short(href)} carries a user's name, or hides its host.",
            hint="Give credentials as headers of the catalogue, never inside a link.",
        )
    found = _HOST.fullmatch(parts.netloc)
    if not found:
        raise UnsafeLink(
            f"The link {_short(href)} has no plain host.", hint="Write international names in their xn-- form."
        )
    port = int(found["port"]) if found["port"] else (443 if parts.scheme.lower() == "https" else 80)
    if not 0 < port < 65536:
        raise UnsafeLink(f"The link {_short(href)} has port {port}.", hint="Ports go from 1 to 65535.")
    return Link(href, found["host"].strip("[]").lower().rstrip("."), port)


def _path_of(href: str) -> str:
    parts = urlsplit(href)
    path = unquote(parts.path)
    if parts.netloc not in ("", "localhost") or parts.query or _CONTROL.search(path):
        raise UnsafeLink(f"The link {_short(href)} is no plain path.", hint="Write file:///folder/file.tif.")
    return path


def _checked_file(path: str, href: str, allowed: Iterable[str | Path]) -> Link:
    try:
        real = Path(path).resolve(strict=True)
        inside = any(real.is_relative_to(Path(folder).resolve(strict=True)) for folder in allowed)
    except (OSError, RuntimeError, ValueError):
        inside = False
    if not inside:
        raise UnsafeLink(
            f"The link {_short(href)} is no file below a folder that you named.",
            hint="Name the catalogue by its path: files beside it and below may then be read.",
        )
    return Link(str(real), path=real)


# --------------------------------------------------------------------------------------------------------- addresses


def is_public(address: str) -> bool:
    """Return whether an address, written in any of the usual forms, belongs to the public internet.

    Addresses that carry another one (IPv4 inside IPv6, 6to4, Teredo, NAT64) are public when that one is.
    """
    number = _number(address)
    if number is None:
        return False
    inner = _embedded(number)
    if inner is not None:
        return is_public(str(inner))
    return bool(number.is_global and not number.is_multicast and not number.is_reserved and number != _CLOUD_HOST)


def _number(address: str) -> _Address | None:
    """Read an address: dotted, IPv6, or one of inet_aton's forms (2130706433, 0x7f.1, 0177.0.0.1); None for a name."""
    text = address.strip("[]").split("%")[0]
    try:
        return ipaddress.ip_address(text)
    except ValueError:
        pass
    if not re.fullmatch(r"[0-9a-fA-FxX.]+", text):
        return None
    try:
        return ipaddress.IPv4Address(socket.inet_aton(text.rstrip(".")))
    except OSError:
        return None


def _embedded(number: _Address) -> _Address | None:
    if isinstance(number, ipaddress.IPv4Address):
        return None
    if number in _NAT64:
        return ipaddress.IPv4Address(int(number) & 0xFFFFFFFF)
    return number.ipv4_mapped or number.sixtofour or (number.teredo[1] if number.teredo else None)


def own_addresses(host: str, port: int, resolve: Resolver) -> frozenset[str]:
    """Return the addresses of the user's own catalogue when it is on a private network, else nothing.

    A name that leads to public and private addresses at once opens none of the private ones.
    """
    found = _resolved(host, port, resolve)
    return frozenset() if any(is_public(a) for a in found) else frozenset(str(_number(a)) for a in found)


def checked_addresses(host: str, port: int, *, own: frozenset[str], resolve: Resolver) -> list[str]:
    """Return the addresses of a host that may be connected to; connect to these, not to the name.

    Args:
        host: A name or an address.
        port: Port.
        own: Private addresses that are allowed because the user's catalogue is there.
        resolve: Looks a name up.

    Returns:
        Addresses, at least one.

    Raises:
        UnsafeLink: One of its addresses is private, loopback, link-local, multicast or reserved.
        CatalogError: The name has no address.
    """
    found = _resolved(host, port, resolve)
    for address in found:
        if not is_public(address) and str(_number(address)) not in own:
            raise UnsafeLink(f"The host {host!r} leads to {address}, which is no public address.", hint=_PUBLIC)
    return found


def _resolved(host: str, port: int, resolve: Resolver) -> list[str]:
    number = _number(host)
    found = [str(number)] if number is not None else resolve(host, port)
    if not found:
        raise CatalogError(f"The host {host!r} has no address.", hint="Check the spelling and the network.")
    return found
