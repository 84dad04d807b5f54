"""Search: which acquisitions show a place in a time, in whichever catalogue."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import shapely

from terrascope_sdk.errors import InputError, NoScenesFound
from terrascope_sdk.stac.access import access_for
from terrascope_sdk.stac.bundled import bundled_items, places
from terrascope_sdk.stac.catalogs import Catalog, find_catalog
from terrascope_sdk.stac.finding.query import SceneQuery, make_query
from terrascope_sdk.stac.finding.sift import Sieve, in_order
from terrascope_sdk.stac.items import scene_from_item
from terrascope_sdk.types import Scene, TimeRange
from terrascope_sdk.types.encoding import JsonValue

__all__ = ["search"]

_FILES = (".json", ".parquet", ".geoparquet")
"""Ends of an address at which lies a file, not an API."""

_MAX_BYTES = 500_000_000
"""Largest file of a catalogue that is fetched."""

_LEVERS = ("time", "sensor", "max_cloud_frac", "collections", "query")
"""Limits that an empty answer tries without, one at a time."""


def search(
    aoi: Any,  # anything area_of takes
    *,
    time: TimeRange | str | tuple[str, str] | None = None,
    sensor: str | None = None,
    collections: Sequence[str] | None = None,
    max_cloud_frac: float | None = None,
    query: str | dict[str, JsonValue] | None = None,
    catalog: str | Path | Catalog | None = None,
    limit: int = 1000,
) -> list[Scene]:
    """Return the scenes of a catalogue that show an area, oldest first, each acquisition once.

    A server is asked for as much of the query as it says it can do. What it gives is then checked against every part
    of the query, and whatever it left out is done here: the scenes are right either way, and a
    :class:`~terrascope_sdk.stac.notices.QueryIgnored` warning names the part.

    Args:
        aoi: A place name, bbox (west, south, east, north), geometry, GeoDataFrame, GeoJSON file or :class:`Aoi`. A bbox
            with west above east runs across the antimeridian.
        time: Window such as ``"2020"`` or ``"2020-05/2020-07"``; any time when left out.
        sensor: ``"optical"`` or ``"sar"``; both when left out.
        collections: Only these STAC collections.
        max_cloud_frac: Largest share of clouded pixels of an optical scene, 0-1; scenes of which the catalogue states
            no share pass.
        query: A CQL2 filter on the items, as text such as ``"platform = 'sentinel-2a'"`` or as CQL2 JSON.
        catalog: The bundled catalogue when left out; else the name of a known one, the address of a STAC API, or the
            path or address of a ``catalog.json`` or a stac-geoparquet file.
        limit: Largest number of scenes; a :class:`~terrascope_sdk.stac.notices.MoreScenes` warning says when there are
            more, of which the newest are returned.

    Raises:
        InputError: An argument makes no sense, or the server refuses the query.
        NoScenesFound: Nothing fits; the message says what there is and which limit to change.
        CatalogError: The catalogue cannot be reached or read.
    """
    if not isinstance(limit, int) or limit < 1:
        raise InputError(f"limit is a number of scenes, at least 1, not {limit!r}.")
    wanted = make_query(
        aoi, time=time, sensor=sensor, collections=collections, max_cloud_frac=max_cloud_frac, query=query
    )
    entry = find_catalog(catalog)
    if entry.kind == "bundled":
        return _search_bundled(wanted, limit)
    a_file = entry.kind != "api" or urlsplit(entry.url).path.lower().endswith(_FILES)
    return _search_file(wanted, entry, limit) if a_file else _search_api(wanted, entry, limit)


def _reader(entry: Catalog) -> Callable[[dict[str, JsonValue]], Scene]:
    return lambda item: scene_from_item(item, catalog=entry.name)


def _search_api(query: SceneQuery, entry: Catalog, limit: int) -> list[Scene]:
    from terrascope_sdk.stac.finding.api_search import ApiSearch
    from terrascope_sdk.stac.reprocessed import newest_processing

    session = access_for(entry).fetcher.session()
    api = ApiSearch(entry.url, session, read=_reader(entry), once=newest_processing, name=entry.name)
    found = api.scenes(query, limit=limit)
    if not found:
        raise _nothing(query, entry.name, api.glimpse)
    return found


def _search_file(query: SceneQuery, entry: Catalog, limit: int) -> list[Scene]:
    from terrascope_sdk.stac.finding.file_catalogs import read_items
    from terrascope_sdk.stac.reprocessed import newest_processing

    get = partial(access_for(entry).fetcher.get, limit_bytes=_MAX_BYTES) if "://" in entry.url else None
    items = read_items(entry.url, get=get)

    def sieved(wanted: SceneQuery) -> Sieve:
        sieve = Sieve(wanted, _reader(entry), once=newest_processing)
        for item in items:
            sieve.add(item)
        return sieve

    def glimpse(wanted: SceneQuery) -> str | None:
        scenes = in_order(sieved(wanted).scenes)
        return f"{len(scenes)}, the newest of {scenes[-1].when}" if scenes else None

    first = sieved(query)
    first.tell_unreadable()
    found = first.result(limit)
    if not found:
        raise _nothing(query, entry.name, glimpse)
    return found


def _nothing(query: SceneQuery, where: str, glimpse: Callable[[SceneQuery], str | None]) -> NoScenesFound:
    """Return the error of an empty answer: what was asked, and what there is with one limit dropped."""
    limits = query.limits
    asked = ", ".join(f"{name}={value}" for name, value in limits.items()) or "no further limit"
    west, south, east, north = query.aoi.bbox
    place = query.aoi.name or f"the area {west:.3f}, {south:.3f}, {east:.3f}, {north:.3f}"
    tried = {name: glimpse(query.without(name)) for name in _LEVERS if name in limits}
    there = [f"without {name} there are scenes ({found})" for name, found in tried.items() if found]
    if there:
        hint = f"{'; '.join(there)}.".capitalize()
    elif len(limits) > 1:
        hint = f"Dropping any one of {', '.join(limits)} is not enough: widen several, or choose another area."
    else:
        hint = "Choose another area, another catalogue, or a collection of another sensor."
    return NoScenesFound(f"No scene of {place} in {where} fits {asked}.", hint=hint)


def _search_bundled(query: SceneQuery, limit: int) -> list[Scene]:
    items = bundled_items()
    there = in_order(scene_from_item(i) for i in items if shapely.box(*i["bbox"]).intersects(query.aoi.geometry))
    if not there:
        names = ", ".join(p.name for p in places())
        raise NoScenesFound(f"No scene of the bundled catalogue shows {query.aoi!r}.", hint=f"It covers {names}.")
    sieve = Sieve(query, scene_from_item)
    for scene in there:
        sieve.add(scene.item)
    found = sieve.result(limit)
    if found:
        return found
    asked = ", ".join(f"{name}={value}" for name, value in query.limits.items())
    dates = ", ".join(f"{s.when} ({s.sensor})" for s in there[:12])
    more = f" and {len(there) - 12} more" if len(there) > 12 else ""
    raise NoScenesFound(
        f"No scene of {query.aoi.name or 'the area'} fits {asked}.",
        hint=f"There are {dates}{more}: widen one of the limits.",
    )
