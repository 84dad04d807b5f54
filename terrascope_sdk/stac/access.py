"""Access: how the files of a catalogue's scenes are reached, by http(s) or below the folder of a local catalogue."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from terrascope_sdk.errors import InputError, RasterError
from terrascope_sdk.stac.bundled import asset_path
from terrascope_sdk.stac.catalogs import Catalog, catalog_of, find_catalog
from terrascope_sdk.stac.store import default_store
from terrascope_sdk.stac.transport.links import checked_link
from terrascope_sdk.stac.transport.signing import PlanetaryComputerSigner
from terrascope_sdk.stac.transport.tape import Tape, running_tape
from terrascope_sdk.types import Scene
from terrascope_sdk.types.encoding import JsonValue

if TYPE_CHECKING:
    from terrascope_sdk.stac.transport.fetch import Fetcher
    from terrascope_sdk.stac.transport.openers import RangeOpener

__all__ = ["Access", "access_for", "access_of", "is_remote"]

_DOCUMENT_BYTES = 32_000_000
"""Largest annotation that is read."""


def is_remote(scene: Scene) -> bool:
    """Return whether a scene's files come over the network."""
    return any(_is_address(str(a.get("href", ""))) for a in scene.item["assets"].values())


def _is_address(href: str) -> bool:
    return href.startswith(("http://", "https://"))


def _href_of(asset: JsonValue) -> str:
    """Return an asset's link, or the http(s) one among its alternates where the link itself needs a cloud account."""
    href = str(asset.get("href") or "")
    if _is_address(href) or "://" not in href:
        return href
    others = [str(a.get("href") or "") for a in (asset.get("alternate") or {}).values() if isinstance(a, dict)]
    return next((o for o in others if _is_address(o)), href)


class Access:
    """The way to the files of one catalogue; threads share it."""

    def __init__(self, catalog: Catalog | None, tape: Tape | None = None) -> None:
        self.catalog = catalog
        self._tape = tape
        self._fetcher: Fetcher | None = None
        self._lock = threading.Lock()

    @property
    def fetcher(self) -> Fetcher:
        """What sends this catalogue's requests; made when it is first needed."""
        with self._lock:
            if self._fetcher is None:
                self._fetcher = _fetcher(self.catalog, self._tape)
            return self._fetcher

    def links(self, assets: Mapping[str, JsonValue]) -> dict[str, str]:
        """Return the checked link, or path, of each asset.

        Args:
            assets: Asset objects of a STAC item by name.

        Raises:
            UnsafeLink: A link leads where this catalogue's imagery cannot lie.
        """
        return {name: self._link(_href_of(asset)) for name, asset in assets.items()}

    def _link(self, href: str) -> str:
        if _is_address(href):
            return checked_link(href).url
        if self.catalog is not None and self.catalog.kind == "bundled":
            return asset_path(href)
        if self.catalog is None:  # an item that the user made: its paths are the user's own
            folders = [Path(href).parent] if "://" not in href and not href.lower().startswith("/vsi") else []
            return checked_link(href, allowed=folders).url if Path(href).is_file() or not folders else href
        own = self.catalog.kind in ("static", "parquet") and not _is_address(self.catalog.url)
        return checked_link(href, allowed=[Path(self.catalog.url).parent] if own else ()).url

    def opener(self, href: str) -> RangeOpener | None:
        """Return a new opener of a link for rasterio, or None for a path, which needs none."""
        if not _is_address(href):
            return None
        from terrascope_sdk.stac.transport.ranges import opener_for

        return opener_for(self.fetcher, href, store=default_store() if self._tape is None else None)

    def read_bytes(self, href: str) -> bytes:
        """Return a whole document, such as an annotation.

        Raises:
            CatalogError: Its server did not answer.
            RasterError: The file is not there.
        """
        if _is_address(href):
            return self.fetcher.get(href, limit_bytes=_DOCUMENT_BYTES)
        try:
            return Path(href).read_bytes()
        except OSError as err:
            raise RasterError(f"{href} cannot be read: {err.strerror}.", hint="Check the folder of the scene.") from err


def _fetcher(catalog: Catalog | None, tape: Tape | None) -> Fetcher:
    from terrascope_sdk.stac.transport.fetch import Fetcher
    from terrascope_sdk.stac.transport.kept_answers import KeepingFetcher
    from terrascope_sdk.stac.transport.taped import TapedFetcher

    url = catalog.url if catalog is not None and _is_address(catalog.url) else None
    signer = PlanetaryComputerSigner() if catalog is not None and catalog.signing == "planetary-computer" else None
    if tape is None and url is not None:
        return KeepingFetcher(url, store=default_store, signer=signer)
    if tape is None:
        return Fetcher(signer=signer)
    return TapedFetcher(tape, url, signer=signer if tape.mode == "record" else None)


_known: dict[str, Access] = {}
_lock = threading.Lock()


def access_for(catalog: Catalog | None) -> Access:
    """Return the access to a catalogue, the same one each time; None is for items that the user made.

    While a recording or a replay runs, it is one of its own.
    """
    tape = running_tape()
    if tape is not None:
        return tape.share("" if catalog is None else catalog.name, lambda: Access(catalog, tape))
    name = "" if catalog is None else catalog.name
    with _lock:
        access = _known.get(name)
        if access is None or access.catalog != catalog:
            access = _known[name] = Access(catalog)
        return access


def access_of(scene: Scene) -> Access:
    """Return the access to the catalogue that a scene came from.

    Raises:
        InputError: The scene names a catalogue that is no longer there.
    """
    name = catalog_of(scene.item)
    if name == "unknown":
        return access_for(None)
    try:
        return access_for(find_catalog(name))
    except InputError as err:
        raise InputError(f"{scene.id} comes from a catalogue that is not known here. {err}") from err
