"""Search of a STAC API, through pystac-client: ask for what the server can do, check what it gave, do the rest here."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import shapely
from shapely.geometry import mapping

from terrascope_sdk.errors import CatalogError, TerraScopeError
from terrascope_sdk.stac.finding.query import SceneQuery
from terrascope_sdk.stac.finding.sift import Sieve
from terrascope_sdk.stac.notices import PagesRepeat, QueryIgnored, UnknownProperty, announce
from terrascope_sdk.types import Scene
from terrascope_sdk.types.encoding import JsonValue

if TYPE_CHECKING:
    import pystac_client
    import requests

__all__ = ["ApiSearch", "Request", "request_for"]

_PAGE = 100
"""Items of one page that are asked for."""

_MAX_VERTICES = 1000
"""An outline of more vertices is asked for by its bbox, and cut here."""

_READ_FACTOR = 20
"""At most this many items are read for each scene of the limit, for servers that ignore most of a query."""

_READ_AT_LEAST = 2000

_STALE_PAGES = 3
"""Pages in a row that bring nothing new before reading stops."""

_CLOUD = "eo:cloud_cover"
_STATES_CLOUD = re.compile(r"^(sentinel-?2|landsat|hls)", re.IGNORECASE)
"""Collections all of whose items state a cloud cover, so that the `query` extension loses none by asking for it."""


@dataclass(frozen=True)
class Request:
    """What is asked of a server, and what is left to be done here."""

    bodies: tuple[dict[str, JsonValue], ...]
    """Parameters of one search each; two where the area runs across the antimeridian."""

    sent: frozenset[str]
    """The parts of the query that the server was asked to apply in full."""

    local: dict[str, str] = field(default_factory=dict)
    """The parts that are applied here only, with the reason."""


def _cloud_filter(percent: float) -> dict[str, JsonValue]:
    cloud = {"property": _CLOUD}
    return {"op": "or", "args": [{"op": "<=", "args": [cloud, percent]}, {"op": "isNull", "args": [cloud]}]}


def _with_filters(query: SceneQuery, conforms: Callable[[str], bool]) -> tuple[dict[str, JsonValue], dict[str, str]]:
    """Return the filter parameters that the server takes, and the parts it does not take."""
    percent = None if query.max_cloud_frac is None else round(query.max_cloud_frac * 100, 6)
    if conforms("FILTER"):
        parts = [] if percent is None else [_cloud_filter(percent)]
        parts += [] if query.filter is None else [query.filter.document]
        if not parts:
            return {}, {}
        return {"filter": parts[0] if len(parts) == 1 else {"op": "and", "args": parts}}, {}
    local = {} if query.filter is None else {"query": "it takes no CQL2 filter"}
    if percent is None:
        return {}, local
    if conforms("QUERY"):
        if query.collections and all(_STATES_CLOUD.match(c) for c in query.collections):
            return {"query": {_CLOUD: {"lte": percent}}}, local
        return {}, local | {"max_cloud_frac": "its query extension would lose scenes that state no cloud cover"}
    return {}, local | {"max_cloud_frac": "it takes no filter"}


def request_for(query: SceneQuery, conforms: Callable[[str], bool]) -> Request:
    """Return what to ask a server that has these abilities.

    Args:
        query: What is wanted.
        conforms: Whether the server has ``FILTER``, ``QUERY`` or ``SORT`` of the STAC API.
    """
    common, local = _with_filters(query, conforms)
    if query.collections:
        common["collections"] = list(query.collections)
    if query.interval:
        common["datetime"] = query.interval
    if conforms("SORT"):
        down = {"field": "properties.datetime", "direction": "desc"}
        common["sortby"] = [down, {"field": "id", "direction": "desc"}]
    sent = {name for name in query.limits if name != "sensor" and name not in local}
    outline = query.aoi.geometry
    if len(query.boxes) == 1 and not query.aoi.is_box and shapely.get_num_coordinates(outline) <= _MAX_VERTICES:
        return Request((common | {"intersects": mapping(outline)},), frozenset(sent | {"aoi"}), local)
    if query.aoi.is_box:
        sent.add("aoi")
    return Request(tuple(common | {"bbox": list(box)} for box in query.boxes), frozenset(sent), local)


class ApiSearch:
    """One STAC API, opened: its abilities are known.

    Args:
        url: Address of its landing page.
        session: Every request goes through it.
        name: What to call it in messages.
        read: Makes a scene of an item.
        once: Keeps one of several processings of an acquisition.

    Raises:
        CatalogError: It does not answer, or is no STAC API.
    """

    def __init__(
        self,
        url: str,
        session: requests.Session,
        *,
        read: Callable[[dict[str, JsonValue]], Scene],
        once: Callable[[Sequence[Scene]], Sequence[Scene]] = tuple,
        name: str = "",
    ) -> None:
        from terrascope_sdk.stac.finding.api_io import SessionIO, bare

        self.name = name or bare(url)
        self._read_item, self._once = read, once
        self._io = SessionIO(session, name=self.name)
        self._client = self._open(url)

    def _open(self, url: str) -> pystac_client.Client:
        import pystac
        import pystac_client
        from pystac_client.errors import ClientTypeError

        try:
            client = pystac_client.Client.from_file(url, stac_io=self._io)
        except TerraScopeError:
            raise
        except (pystac.STACError, ClientTypeError, LookupError, TypeError, ValueError, AttributeError) as err:
            raise CatalogError(
                f"{self.name} is no STAC API: its landing page is no catalogue.", hint="Give the address of its root."
            ) from err
        if not (client.conforms_to("ITEM_SEARCH") and any(k.rel == "search" for k in client.links)):
            raise CatalogError(
                f"{self.name} is no STAC API with an item search.",
                hint="A static catalogue is given by the address of its catalog.json.",
            )
        return client

    def _method(self) -> str:
        """Return POST, unless the server says that it takes GET only."""
        said = {str(k.extra_fields.get("method") or "") for k in self._client.links if k.rel == "search"}
        return "GET" if "GET" in said and "POST" not in said else "POST"

    def _pages(self, body: dict[str, JsonValue], page_size: int) -> Iterator[dict[str, JsonValue]]:
        search = self._client.search(**body, limit=page_size, max_items=None, method=self._method())
        return iter(self._io.get_pages(search.url, search.method, search.get_parameters()))

    def documents(
        self, *, collections: Sequence[str], bbox: Sequence[float], limit: int, page_size: int = _PAGE
    ) -> list[dict[str, JsonValue]]:
        """Return items as they are, such as the tiles of an elevation model, by collection and id, without repeats.

        Args:
            collections: Only these.
            bbox: (west, south, east, north) in degrees.
            limit: Largest number of items; no more are read.
            page_size: Items of a page.
        """
        found: dict[tuple[str, str], dict[str, JsonValue]] = {}
        for page in self._pages({"collections": list(collections), "bbox": list(bbox)}, page_size):
            fresh = {(str(i.get("collection")), str(i["id"])): i for i in page.get("features") or ()}
            if fresh.keys() <= found.keys() or len(found) >= limit:
                break
            found |= fresh
        return [found[key] for key in sorted(found)[:limit]]

    def scenes(self, query: SceneQuery, *, limit: int, page_size: int = _PAGE) -> list[Scene]:
        """Return the scenes that fit, oldest first, or an empty list.

        Args:
            query: What is wanted.
            limit: Largest number of scenes; where there are more the newest are kept, as far as the server sorts.
            page_size: Items of a page.

        Raises:
            InputError: The server refuses the query.
            CatalogError: The server fails.
        """
        request = request_for(query, self._client.conforms_to)
        sieve = Sieve(query, self._read_item, trusted="query" in request.sent, once=self._once)
        totals: list[int | None] = []
        more = False
        for body in request.bodies:
            matched, cut = self._read(body, sieve, limit=limit, page_size=min(page_size, limit + 1))
            totals.append(matched)
            more = more or cut
        for part, reason in request.local.items():
            announce(QueryIgnored(f"{self.name} did not apply {part}: {reason}. It was applied here.", part=part))
        sieve.tell_ignored(self.name, request.sent)
        sieve.tell_unreadable()
        self._tell_unknown(query, sieve)
        known = [t for t in totals if t is not None]
        return sieve.result(limit, matched=sum(known) if len(known) == len(totals) else None, more=more)

    def _read(self, body: dict[str, JsonValue], sieve: Sieve, *, limit: int, page_size: int) -> tuple[int | None, bool]:
        """Fill the sieve from one search; return the server's own count and whether reading stopped early."""
        matched, stale, kept = None, 0, len(sieve.scenes)
        budget = sieve.seen + max(limit * _READ_FACTOR, _READ_AT_LEAST)
        for number, page in enumerate(self._pages(body, page_size)):
            if number == 0:
                matched = _matched(page)
            items = page["features"]
            if (len(sieve.scenes) - kept >= limit or sieve.seen >= budget) and items:
                return matched, True
            fresh = sum(sieve.add(item) for item in items)
            stale = 0 if fresh else stale + 1
            if stale >= _STALE_PAGES:
                announce(PagesRepeat(f"{stale} pages of {self.name} in a row brought nothing new; reading stopped."))
                return matched, False
        return matched, False

    def glimpse(self, query: SceneQuery) -> str | None:
        """Return in words what a query would find, from one page of one item; None when it would find nothing."""
        request = request_for(query, self._client.conforms_to)
        try:
            page, item = self._one(request)
            if query.misfit(item, unknown_fits="query" in request.sent):
                return None
            if query.sensor and self._read_item(item).sensor != query.sensor:
                return None
            when = str(item["properties"].get("datetime") or item["properties"].get("start_datetime"))[:10]
        except (TerraScopeError, LookupError, TypeError, ValueError):
            return None  # a help of an error message must not raise another
        exact = not (request.local or query.sensor) and len(request.bodies) == 1
        matched = _matched(page) if exact else None
        return f"one of {when}" if matched is None else f"{matched}, one of them of {when}"

    def _one(self, request: Request) -> tuple[dict[str, JsonValue], dict[str, JsonValue]]:
        """Return a page that holds one item, and the item; LookupError when there is none."""
        page = next(self._pages(request.bodies[0], 1))
        return page, page["features"][0]

    def _tell_unknown(self, query: SceneQuery, sieve: Sieve) -> None:
        """Warn of filter properties that no item has: not one of those seen, not one the server would show without."""
        if query.filter is None:
            return
        names = {n.removeprefix("properties.") for n in query.filter.properties}
        absent = names - sieve.properties
        listed = self._queryables(query) if absent else set()
        absent -= listed
        if absent and not sieve.properties:
            with contextlib.suppress(TerraScopeError, LookupError, TypeError):
                _, item = self._one(request_for(query.without("query"), self._client.conforms_to))
                sieve.look(item)
                absent -= sieve.properties
        known = ", ".join(sorted(listed or sieve.properties)[:20])
        for name in sorted(absent) if known else ():
            announce(UnknownProperty(f"{self.name} does not know the property {name!r} of the filter; it has {known}."))

    def _queryables(self, query: SceneQuery) -> set[str]:
        """Return the properties that the server says a filter can use; empty when it does not say."""
        rel = "http://www.opengis.net/def/rel/ogc/1.0/queryables"
        links: list[str] = [str(k.absolute_href) for k in self._client.links if k.rel == rel][:1]
        data = next((str(k.absolute_href) for k in self._client.links if k.rel == "data"), None)
        if links and data:
            links += [f"{data}/{quote(c, safe='')}/queryables" for c in (query.collections or ())[:3]]
        found: set[str] = set()
        for link in links:
            try:
                document: Any = self._io.document(link)  # JSON of a server; read defensively below
                found |= set(document["properties"])
            except (TerraScopeError, LookupError, TypeError):
                continue  # it lists none
        return found


def _matched(page: dict[str, JsonValue]) -> int | None:
    """Return the server's own count of what it found, in whichever field it states it."""
    for value in (page.get("numberMatched"), (page.get("context") or {}).get("matched")):
        if isinstance(value, int) and value >= 0:
            return value
    return None
