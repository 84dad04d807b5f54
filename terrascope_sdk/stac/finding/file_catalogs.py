"""Catalogues that are files: a static catalogue of JSON documents, one item or item collection, or stac-geoparquet.

A local catalogue is read from its own folder and below, and nowhere else; one at an address through the fetcher.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Collection, Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urljoin, urlsplit

from terrascope_sdk.errors import CatalogError, TerraScopeError, TooLarge, UnsafeLink
from terrascope_sdk.types.encoding import JsonValue

if TYPE_CHECKING:
    import pystac

__all__ = ["read_items"]

_MAX_ITEMS = 200_000
_MAX_DOCUMENTS = 200_000
"""Documents that are opened before a tree counts as endless."""


def read_items(
    place: str | Path, *, get: Callable[[str], bytes] | None = None, collections: Collection[str] | None = None
) -> list[dict[str, JsonValue]]:
    """Return the items of a catalogue that is a file, asset links as absolute paths or addresses.

    Args:
        place: Path or address of a ``catalog.json``, ``collection.json``, item, item collection or ``.parquet``.
        get: Fetches an address; needed for an address only.
        collections: Items of other collections need not be opened.

    Raises:
        CatalogError: A document is missing, is no STAC or leads outside.
        TooLarge: There are more items, documents or bytes than the budget allows.
    """
    text = str(place)
    remote = text.lower().startswith(("http://", "https://"))
    if remote and get is None:
        raise CatalogError(f"{urlsplit(text).netloc} cannot be read without something that fetches.")
    try:
        if urlsplit(text).path.lower().endswith((".parquet", ".geoparquet")):
            found = _parquet(text, get if remote else None)
        else:
            found = _documents(text, _web(get) if remote and get else _folder(Path(text)), collections)
    except OSError as err:
        if isinstance(err, TerraScopeError):
            raise
        raise CatalogError(f"{text} cannot be read: {err.strerror or err}.", hint="Check the path.") from err
    if len(found) > _MAX_ITEMS:
        raise TooLarge(f"The catalogue holds more than {_MAX_ITEMS} items.", hint="Name one of its collections.")
    return found


# ------------------------------------------------------------------------------------------------ where bytes come from


def _folder(file: Path) -> Callable[[str], str]:
    """Return what reads documents below the folder of a catalogue's first file, and refuses all others."""
    root = file.resolve().parent

    def read(href: str) -> str:
        path = Path(unquote(href.removeprefix("file://")))
        if "://" in href.removeprefix("file://") or not path.resolve().is_relative_to(root):
            raise UnsafeLink(
                f"The catalogue in {root} links to {href.split('?')[0][:200]}, which lies outside its folder.",
                hint="Copy the document into the folder, or open it by itself.",
            )
        return path.read_text(encoding="utf-8")

    return read


def _web(get: Callable[[str], bytes]) -> Callable[[str], str]:
    """Return what reads documents of a catalogue at an address; its links lead to addresses only."""

    def read(href: str) -> str:
        if not href.lower().startswith(("http://", "https://")):
            raise UnsafeLink(
                f"A remote catalogue links to {_short(href)}, which is no address.", hint="Tell its owner."
            )
        return get(href).decode("utf-8")

    return read


def _parquet(place: str, get: Callable[[str], bytes] | None) -> list[dict[str, JsonValue]]:
    import rustac

    with tempfile.TemporaryDirectory() as folder:
        file = Path(place)
        if get is not None:
            file = Path(folder) / "items.parquet"
            file.write_bytes(get(place))
        elif not file.is_file():
            raise CatalogError(f"There is no file {place}.", hint="Check the path of the stac-geoparquet file.")
        try:
            items = rustac.read_sync(str(file))["features"]
        except Exception as err:  # rustac raises its own class, which it does not export
            raise CatalogError(f"{_short(place)} is no stac-geoparquet file: {str(err)[:200]}.") from err
    base = place if get is not None else str(Path(place).resolve())
    return [_absolute(item, base) for item in items]


# ------------------------------------------------------------------------------------------------------ what they say


def _short(place: str) -> str:
    return place.split("?")[0][:200]


def _absolute(item: dict[str, JsonValue], base: str) -> dict[str, JsonValue]:
    """Return an item whose asset links stand for themselves, wherever they are read from."""

    def full(href: str) -> str:
        if "://" in base:
            return urljoin(base, href)
        return href if "://" in href or Path(href).is_absolute() else str(Path(base).parent / href)

    assets = {name: asset | {"href": full(str(asset["href"]))} for name, asset in (item.get("assets") or {}).items()}
    return item | {"assets": assets}


def _documents(
    place: str, read: Callable[[str], str], collections: Collection[str] | None
) -> list[dict[str, JsonValue]]:
    first = place if "://" in place else str(Path(place).resolve())
    try:
        document = json.loads(read(first))
    except json.JSONDecodeError as err:
        raise CatalogError(f"{_short(place)} is no JSON: {err}.", hint="Give a catalog.json or a .parquet.") from err
    kind = document.get("type") if isinstance(document, dict) else None
    if kind == "FeatureCollection":
        return [_absolute(item, first) for item in document.get("features") or []]
    if kind == "Feature":
        return [_absolute(document, first)]
    if kind not in ("Catalog", "Collection"):
        raise CatalogError(f"{_short(place)} is no STAC document: its type is {kind!r}.", hint="Give a catalog.json.")
    return list(_walk(first, read, collections))


def _walk(
    first: str, read: Callable[[str], str], collections: Collection[str] | None
) -> Iterator[dict[str, JsonValue]]:
    """Yield every item below a catalogue document; each document is opened once, whatever links back to it."""
    import pystac

    class Reader(pystac.stac_io.DefaultStacIO):
        """Lets pystac read through ours and nothing else."""

        def read_text(self, source: pystac.link.HREF, *_: object, **__: object) -> str:
            return read(str(getattr(source, "href", source)))

    reader, waiting, seen = Reader(), [first], {first}
    while waiting:
        href = waiting.pop()
        found = _opened(reader, href)
        if isinstance(found, pystac.Item):
            found.make_asset_hrefs_absolute()
            yield found.to_dict(include_self_link=True, transform_hrefs=False)
            continue
        wanted = collections is None or not isinstance(found, pystac.Collection) or found.id in collections
        for link in reversed(found.links):
            target = str(link.absolute_href) if link.rel == "child" or (link.rel == "item" and wanted) else None
            if target and target not in seen:
                seen.add(target)
                waiting.append(target)
        if len(seen) > _MAX_DOCUMENTS:
            raise TooLarge(f"The catalogue has more than {_MAX_DOCUMENTS} documents.", hint="Open a part of it.")


def _opened(reader: pystac.StacIO, href: str) -> pystac.STACObject:
    import pystac

    try:
        return reader.read_stac_object(href)
    except TerraScopeError:
        raise
    except FileNotFoundError as err:
        raise CatalogError(f"The catalogue links to {href}, which is not there.", hint="Copy all of it.") from err
    except (pystac.STACError, OSError, LookupError, TypeError, ValueError, AttributeError) as err:
        raise CatalogError(f"{_short(href)} cannot be read as STAC: {str(err)[:200]}.") from err
