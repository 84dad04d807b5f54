"""Search: which acquisitions show a place in a time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import shapely

from terrascope_sdk.errors import InputError, NoScenesFound
from terrascope_sdk.stac.bundled import bundled_items, places, resolve_aoi
from terrascope_sdk.types import Aoi, Scene, TimeRange
from terrascope_sdk.types.encoding import JsonValue
from terrascope_sdk.types.instant import parse_instant

__all__ = ["scene_from_item", "search"]


def scene_from_item(item: dict[str, JsonValue]) -> Scene:
    """Return the scene that a STAC item describes.

    Raises:
        InputError: A field that is needed is missing; the message names it.
    """
    properties = item["properties"]
    try:
        west, south, east, north = item["bbox"]
        start, end = properties.get("start_datetime"), properties.get("end_datetime")
        period = (parse_instant(end) - parse_instant(start)).total_seconds() if start and end else 0.0
        cloud = properties.get("eo:cloud_cover")
        orbit = f"{properties.get('sat:orbit_state') or ''} {properties.get('sat:relative_orbit') or ''}".strip()
        notes = properties.get("terrascope:notes") or ()
        return Scene(
            id=item["id"],
            collection=item["collection"],
            sensor=properties["terrascope:sensor"],
            acquired=parse_instant(properties["datetime"]),
            quantity=properties["terrascope:quantity"],
            bbox=(west, south, east, north),
            gsd_m=float(properties["gsd"]),
            platform=properties.get("platform") or "",
            orbit=orbit,
            period_s=period,
            cloud_frac=None if cloud is None else float(cloud) / 100,
            attribution=properties["terrascope:attribution"],
            license=properties["terrascope:license"],
            notes=(notes,) if isinstance(notes, str) else tuple(notes),
            item=item,
        )
    except KeyError as err:
        raise InputError(f"The item {item.get('id')!r} has no {err.args[0]!r}.") from err


def _matching(items: Sequence[dict[str, JsonValue]], aoi: Aoi) -> list[Scene]:
    return [scene_from_item(i) for i in items if shapely.box(*i["bbox"]).intersects(aoi.geometry)]


def _filtered(items: Sequence[dict[str, JsonValue]], text: str | None) -> Sequence[dict[str, JsonValue]]:
    if text is None:
        return items
    import cql2

    try:
        expression = cql2.Expr(text)
        expression.validate()
    except Exception as err:  # cql2 raises several classes for one thing: the text is no CQL2
        raise InputError(f"{text!r} is no CQL2 filter: {err}.", hint='For example "eo:cloud_cover < 20".') from err

    def matches(item: dict[str, JsonValue]) -> bool:
        try:
            return bool(expression.matches(item))
        except Exception:  # noqa: BLE001  cql2 raises plain Exception: the item lacks a property that the filter names: unknown, hence no match
            return False

    return [i for i in items if matches(i)]


def search(
    aoi: Any,  # anything resolve_aoi takes
    *,
    time: TimeRange | str | tuple[str, str] | None = None,
    sensor: str | None = None,
    collections: Sequence[str] | None = None,
    max_cloud_frac: float | None = None,
    query: str | None = None,
) -> list[Scene]:
    """Return the scenes of the bundled catalogue that show an area, oldest first.

    Args:
        aoi: A place name, bbox (west, south, east, north), geometry, GeoJSON file or :class:`Aoi`.
        time: Window such as ``"2020"`` or ``"2020-05/2020-07"``; any time when left out.
        sensor: ``"optical"`` or ``"sar"``; both when left out.
        collections: Only these STAC collections.
        max_cloud_frac: Largest share of clouded pixels of an optical scene, 0-1.
        query: A CQL2 text filter on the items, for example ``"platform = 'sentinel-2a'"``.

    Raises:
        InputError: An argument makes no sense.
        NoScenesFound: Nothing fits; the message says what there is and which limit to change.
    """
    where = resolve_aoi(aoi)
    if sensor not in (None, "optical", "sar"):
        raise InputError(f"{sensor!r} is no sensor.", hint="Use 'optical' or 'sar', or leave it out for both.")
    if max_cloud_frac is not None and not 0 <= max_cloud_frac <= 1:
        raise InputError(f"max_cloud_frac is a share, 0-1, not {max_cloud_frac}.")
    window = None if time is None else TimeRange.parse(time)
    there = _matching(bundled_items(), where)
    if not there:
        names = ", ".join(p.name for p in places())
        raise NoScenesFound(f"No scene of the bundled catalogue shows {where!r}.", hint=f"It covers {names}.")
    wanted = {i["id"] for i in _filtered([s.item for s in there], query)}
    found = [
        s
        for s in there
        if s.id in wanted
        and (window is None or window.contains(s.acquired))
        and (sensor is None or s.sensor == sensor)
        and (collections is None or s.collection in collections)
        and (max_cloud_frac is None or (s.cloud_frac or 0.0) <= max_cloud_frac)
    ]
    if found:
        return sorted(found, key=lambda s: (s.acquired, s.id))
    limits = {
        "time": None if window is None else str(window),
        "sensor": sensor,
        "collections": collections,
        "max_cloud_frac": max_cloud_frac,
        "query": query,
    }
    asked = ", ".join(f"{name}={value}" for name, value in limits.items() if value is not None)
    dates = ", ".join(f"{s.when} ({s.sensor})" for s in there[:12])
    more = f" and {len(there) - 12} more" if len(there) > 12 else ""
    raise NoScenesFound(
        f"No scene of {where.name or 'the area'} fits {asked}.",
        hint=f"There are {dates}{more}: widen one of the limits.",
    )
