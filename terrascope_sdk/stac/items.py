"""From a STAC item of any catalogue to a scene."""

from __future__ import annotations

import math
from datetime import datetime, timedelta

from terrascope_sdk.errors import InputError
from terrascope_sdk.stac.catalogs import catalog_of
from terrascope_sdk.stac.describe import Reading, describe_item
from terrascope_sdk.stac.profile_fields import readable
from terrascope_sdk.stac.shown_text import MAX_NAME, is_plain_name, shown
from terrascope_sdk.stac.transport.signatures import without_signature
from terrascope_sdk.types import Scene
from terrascope_sdk.types.encoding import JsonValue
from terrascope_sdk.types.instant import parse_instant

__all__ = ["item_bbox", "scene_from_item", "unsigned_item"]

_DAY_S = 86_400.0


def _unsigned(value: JsonValue) -> JsonValue:
    """Return a JSON value with every link in it unsigned, and without headers; what needs no change is not copied."""
    if isinstance(value, dict):
        made = {
            k: without_signature(v) if k == "href" and isinstance(v, str) else _unsigned(v) for k, v in value.items()
        }
        made.pop("headers", None)
        return made if made != value else value
    if isinstance(value, list):
        items = [_unsigned(v) for v in value]
        return items if any(a is not b for a, b in zip(items, value, strict=True)) else value
    return value


def unsigned_item(item: dict[str, JsonValue], *, catalog: str) -> dict[str, JsonValue]:
    """Return a copy of an item that may be kept: links without signatures, and the name of its catalogue inside.

    Args:
        item: As the catalogue gave it; it is not changed.
        catalog: Name of the catalogue.
    """
    assets = {key: _unsigned_asset(asset) for key, asset in item.get("assets", {}).items()}
    return item | {
        "assets": assets,
        "links": [_unsigned(link) for link in item.get("links") or ()],
        "properties": item["properties"] | {"terrascope:catalog": catalog},
    }


def _unsigned_asset(asset: dict[str, JsonValue]) -> dict[str, JsonValue]:
    href, alternate = str(asset.get("href") or ""), asset.get("alternate")
    bare = without_signature(href)
    made = asset if bare == href else asset | {"href": bare}
    return made | {"alternate": _unsigned(alternate)} if alternate else made


def item_bbox(item: dict[str, JsonValue]) -> tuple[float, float, float, float]:
    """Return (west, south, east, north) in degrees, from the geometry where an item has no bbox.

    Raises:
        InputError: It has neither.
    """
    box = item.get("bbox")
    if box and len(box) in (4, 6):
        half = len(box) // 2
        west, south, east, north = (float(box[i]) for i in (0, 1, half, half + 1))
        if not all(map(math.isfinite, (west, south, east, north))):
            raise InputError(f"The item {shown(item.get('id'))!r} has the bbox {shown(box)}.")
        return west, south, east, north
    if not item.get("geometry"):
        raise InputError(f"The item {shown(item.get('id'))!r} has neither 'bbox' nor 'geometry'.")
    import shapely

    west, south, east, north = shapely.geometry.shape(item["geometry"]).bounds
    return float(west), float(south), float(east), float(north)


def _when(item: dict[str, JsonValue]) -> tuple[datetime, float]:
    """Return the time of acquisition, and the length of a composite's period in seconds."""
    properties = item["properties"]
    start, end = properties.get("start_datetime"), properties.get("end_datetime")
    period = (parse_instant(end) - parse_instant(start)).total_seconds() if start and end else 0.0
    if properties.get("datetime"):
        middle = parse_instant(properties["datetime"])
    elif start and end:
        middle = parse_instant(start) + timedelta(seconds=period / 2)
    else:
        raise InputError(
            f"The item {shown(item.get('id'))!r} has no 'datetime', nor 'start_datetime' with 'end_datetime'."
        )
    own = "terrascope:sensor" in properties  # whose periods are those of a known day, month or year
    return middle, period if own or period > _DAY_S else 0.0


def _orbit(properties: dict[str, JsonValue]) -> str:
    return shown(f"{properties.get('sat:orbit_state') or ''} {properties.get('sat:relative_orbit') or ''}", 40)


def _cloud_frac(properties: dict[str, JsonValue]) -> float | None:
    cloud = properties.get("eo:cloud_cover")
    return float(cloud) / 100 if cloud is not None and 0 <= float(cloud) <= 100 else None


def scene_from_item(item: dict[str, JsonValue], *, catalog: str | None = None) -> Scene:
    """Return the scene that a STAC item describes.

    Args:
        item: A STAC item of version 1.0 or 1.1; it is not changed.
        catalog: Name of the catalogue it comes from; found out from the item when left out.

    Raises:
        InputError: A field that is needed is missing, or the pixels are heights; the message names it.
    """
    with readable(item):
        where = catalog or catalog_of(item)
        return _scene(item, describe_item(item, catalog=where), where)


def _scene(item: dict[str, JsonValue], reading: Reading, catalog: str) -> Scene:
    if reading.sensor == "elevation":
        raise InputError(
            f"The item {shown(item['id'])!r} holds heights, not a scene.", hint="Load heights with load_elevation."
        )
    for name in (item["id"], item.get("collection") or ""):
        if not is_plain_name(name):
            raise InputError(
                f"The item {shown(name)!r} has an id or a collection that cannot be shown: no text, longer than "
                f"{MAX_NAME} characters, or with hidden characters.",
                hint="Leave it out, or tell its catalogue.",
            )
    properties = item["properties"]
    acquired, period = _when(item)
    radar = reading.sensor == "sar"
    return Scene(
        id=item["id"],
        collection=item.get("collection") or "",
        sensor="sar" if radar else "optical",
        acquired=acquired,
        quantity=reading.quantity,
        bbox=item_bbox(item),
        gsd_m=reading.gsd_m,
        platform=shown(properties.get("platform"), 40).lower().replace("_", "-"),
        orbit=_orbit(properties) if radar else "",
        period_s=period,
        cloud_frac=None if radar else _cloud_frac(properties),
        attribution=reading.attribution,
        license=reading.license,
        notes=reading.notes,
        item=unsigned_item(item, catalog=catalog),
    )
