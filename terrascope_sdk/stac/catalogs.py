"""Catalogues by name, by address and by path."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urlsplit

from terrascope_sdk.errors import InputError
from terrascope_sdk.types.encoding import JsonValue

__all__ = ["Catalog", "catalog_of", "find_catalog", "known_catalogs", "register_catalog"]

_KINDS = ("api", "static", "parquet", "bundled")
_SIGNING = ("none", "planetary-computer")


@dataclass(frozen=True)
class Catalog:
    """Where scenes are searched."""

    name: str
    """What to pass as ``catalog``, and what scenes keep as their origin."""

    title: str = ""
    """Its own name."""

    url: str = ""
    """Address of an API without a slash at its end, or path of a file; empty for the bundled one."""

    kind: str = "api"
    """``api``, ``static`` (catalog.json or collection.json), ``parquet`` (stac-geoparquet) or ``bundled``."""

    signing: str = "none"
    """How links are signed: ``none`` or ``planetary-computer``."""

    license: str = ""
    """Terms, as one line."""

    notes: tuple[str, ...] = ()
    """What to be careful about."""

    verified: bool = False
    """Whether its answers were checked against recorded ones."""

    hosts: tuple[str, ...] = ()
    """Parts of the names of the hosts where its files lie."""


_BUILT_IN = (
    Catalog(
        "earth-search", "Earth Search v1 by Element 84", "https://earth-search.aws.element84.com/v1",
        license="each collection's own; Copernicus Sentinel data terms, public domain for Landsat and NAIP",
        notes=(
            "sentinel-2-l2a: pixels have the offset taken out although the fields of a band say -0.1",
            "landsat-c2-l2, sentinel-1-grd, sentinel-2-l1c: files lie in requester-pays buckets, no https link",
        ),
        verified=True,
        hosts=("sentinel-cogs.s3.", "e84-earth-search-sentinel-data.s3.", "earthsearch-data.s3."),
    ),
    Catalog(
        "planetary-computer", "Microsoft Planetary Computer", "https://planetarycomputer.microsoft.com/api/stac/v1",
        signing="planetary-computer",
        license="each collection's own; Copernicus Sentinel data terms, public domain for Landsat and NAIP",
        notes=("links are signed for under an hour, at the moment of a request",),
        verified=True,
        hosts=(".blob.core.windows.net",),
    ),
    Catalog(
        "copernicus", "Copernicus Data Space Ecosystem", "https://stac.dataspace.copernicus.eu/v1",
        license="Copernicus Sentinel data terms",
        notes=("searching is free; files need an account of the Data Space (s3 keys or a token)",),
        hosts=("eodata",),
    ),
    Catalog(
        "landsatlook", "USGS LandsatLook", "https://landsatlook.usgs.gov/stac-server",
        license="public domain (USGS Landsat)",
        notes=(
            "one item of 2020 is recorded, no search",
            "files need a USGS login by https, or a requester-pays bucket",
        ),
        hosts=("landsatlook.usgs.gov",),
    ),
    Catalog(
        "bundled", "Scenes inside the package", kind="bundled", license="each place's own: see the page on places",
        notes=("works with no network",), verified=True,
    ),
)  # fmt: skip

_known: dict[str, Catalog] = {c.name: c for c in _BUILT_IN}


def known_catalogs() -> tuple[Catalog, ...]:
    """Return the catalogues that have a name, those of the package first."""
    return tuple(_known.values())


def register_catalog(catalog: Catalog) -> None:
    """Give a catalogue a name.

    Args:
        catalog: With a name that no catalogue of the package has; one of the user's own is replaced.

    Raises:
        InputError: The name is taken, or kind, signing or address make no sense.

    Example:
        >>> from terrascope_sdk.stac.catalogs import Catalog, find_catalog, register_catalog
        >>> lab = Catalog("my-lab", "Our own scenes", "https://stac.example.org/api", license="CC-BY-4.0")
        >>> register_catalog(lab)
        >>> find_catalog("my-lab").url
        'https://stac.example.org/api'
    """
    if catalog.name.lower() in {c.name for c in _BUILT_IN}:
        raise InputError(f"The catalogue name {catalog.name!r} is taken.", hint="Choose another name.")
    if not catalog.name or "/" in catalog.name:
        raise InputError(f"{catalog.name!r} cannot name a catalogue.", hint="Use a short word without a slash.")
    for value, legal, what in ((catalog.kind, _KINDS, "kind"), (catalog.signing, _SIGNING, "signing")):
        if value not in legal:
            raise InputError(f"{value!r} is no {what} of a catalogue.", hint=f"Known are {', '.join(legal)}.")
    url = find_catalog(catalog.url).url if catalog.kind == "api" else catalog.url
    _known[catalog.name.lower()] = replace(catalog, url=url)


def find_catalog(value: str | Path | Catalog | None) -> Catalog:
    """Return the catalogue that a user means.

    Args:
        value: None for the bundled one; a name; the http(s) address of any STAC API; a path to a ``catalog.json`` or
            ``collection.json`` of a static catalogue, or to a stac-geoparquet file; a :class:`Catalog`.

    Raises:
        InputError: Nothing of that; the closest names are in the message.

    Example:
        >>> find_catalog("earth-search").url
        'https://earth-search.aws.element84.com/v1'
        >>> find_catalog("https://stac.example.org/").kind
        'api'
    """
    if value is None:
        return _known["bundled"]
    if isinstance(value, Catalog):
        return value
    text = str(value).strip()
    if isinstance(value, str) and text.lower() in _known:
        return _known[text.lower()]
    if "://" in text:
        return _from_address(text)
    if isinstance(value, Path) or text.lower().endswith((".json", ".parquet", ".geoparquet")):
        return _from_path(Path(text))
    close = difflib.get_close_matches(text.lower(), list(_known), n=2, cutoff=0.4)
    meant = f"Did you mean {' or '.join(map(repr, close))}? " if close else ""
    raise InputError(
        f"{text[:60]!r} is no catalogue.",
        hint=f"{meant}Known are {', '.join(_known)}; the address of a STAC API or the path of a catalog.json or "
        ".parquet works too.",
    )


def _from_address(text: str) -> Catalog:
    parts = urlsplit(text)
    if parts.scheme.lower() not in ("http", "https") or not parts.hostname:
        raise InputError(
            f"A catalogue cannot be reached by {parts.scheme}://.", hint="Give an http or https address, or a path."
        )
    if parts.username or parts.password or parts.query:
        raise InputError(
            f"The address of a catalogue on {parts.hostname} holds more than an address.",
            hint="Leave out names, passwords and all from the question mark on: it would be kept with each scene.",
        )
    url = f"{parts.scheme.lower()}://{parts.netloc.lower()}{parts.path.rstrip('/')}"
    same = next((c for c in _known.values() if c.url == url), None)
    return same or Catalog(url, parts.netloc, url, license="not known: see the catalogue's collections")


def _from_path(path: Path) -> Catalog:
    if not path.is_file():
        raise InputError(f"There is no catalogue file {str(path)!r}.", hint="Give the path of a file that exists.")
    if path.suffix.lower() in (".parquet", ".geoparquet"):
        kind = "parquet"
    elif path.suffix.lower() == ".json":
        kind = "static"
    else:
        raise InputError(
            f"{path.name!r} is no catalogue file.", hint="Use a catalog.json, a collection.json or a .parquet."
        )
    return Catalog(str(path), path.stem, str(path), kind, license="not known: see the catalogue's collections")


def catalog_of(item: dict[str, JsonValue]) -> str:
    """Return the name of the catalogue that an item comes from, or ``unknown``.

    Args:
        item: A STAC item; what it says itself (``terrascope:catalog``) comes first, then its self, root and collection
            links, then the hosts of its files.
    """
    properties = item.get("properties", {})
    stated = properties.get("terrascope:catalog")
    if stated:
        return str(stated)
    if "terrascope:place" in properties:
        return "bundled"
    links = {link.get("rel"): str(link.get("href") or "") for link in item.get("links") or ()}
    for rel in ("self", "root", "collection"):
        for catalog in _known.values():
            if catalog.kind == "api" and _below(links.get(rel, ""), catalog.url):
                return catalog.name
    for host in _hosts(item):
        for catalog in _known.values():
            if any(part in host for part in catalog.hosts):
                return catalog.name
    return "unknown"


def _below(href: str, url: str) -> bool:
    return bool(url) and (href == url or href.startswith(f"{url}/"))


def _hosts(item: dict[str, JsonValue]) -> Iterator[str]:
    for asset in item.get("assets", {}).values():
        href = str(asset.get("href") or "")
        if "://" in href:
            yield urlsplit(href).netloc.lower()
