"""The bundled catalogue: a few real scenes, as places with names, that work with no network."""

from __future__ import annotations

import difflib
import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from terrascope_sdk.errors import CatalogError, InputError
from terrascope_sdk.stac.footprint import grid_outline, item_grid
from terrascope_sdk.types import Aoi
from terrascope_sdk.types.encoding import JsonValue

__all__ = ["Place", "bundled_items", "find_place", "places", "resolve_aoi"]

_FOLDER = Path(__file__).parent / "data"


@dataclass(frozen=True)
class Place:
    """A place with imagery inside the package."""

    name: str
    """What to pass as ``aoi``."""

    title: str
    """Where it is."""

    description: str
    """What can be seen there."""

    bbox: tuple[float, float, float, float]
    """(west, south, east, north) in degrees."""

    dates: tuple[str, ...]
    """Dates of its scenes."""

    sensors: tuple[str, ...]
    """``optical``, ``sar`` or both."""

    quantity: str
    """What its pixels are."""

    attribution: str
    """Credit line to show with results."""

    license: str
    """Terms."""

    traps: tuple[str, ...] = ()
    """What to be careful about."""

    def __str__(self) -> str:
        when = self.dates[0] if len(self.dates) == 1 else f"{len(self.dates)} dates {self.dates[0]} to {self.dates[-1]}"
        return f"{self.name:<14} {self.title} ({' + '.join(self.sensors)}, {when})"


def _texts(value: JsonValue) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(str(v) for v in value)


@cache
def places() -> tuple[Place, ...]:
    """Return the bundled places.

    Raises:
        CatalogError: The package's data are incomplete.
    """
    try:
        records = json.loads((_FOLDER / "places.json").read_text(encoding="utf-8"))
    except (OSError, json.JSONDecodeError) as err:
        raise CatalogError("The bundled catalogue cannot be read.", hint="Reinstall terrascope-sdk.") from err
    made = []
    for record in records:
        west, south, east, north = record["bbox"]
        made.append(
            Place(
                name=record["name"],
                title=record["title"],
                description=record["description"],
                bbox=(west, south, east, north),
                dates=_texts(record["dates"]),
                sensors=_texts(record["sensors"]),
                quantity=", ".join(_texts(record["quantity"])),
                attribution=record["attribution"],
                license=record["license"],
                traps=_texts(record.get("traps", ())),
            )
        )
    return tuple(made)


def find_place(name: str) -> Place | None:
    """Return the place of that name, whatever the case, or None."""
    return next((p for p in places() if p.name == name.strip().lower()), None)


@cache
def bundled_items() -> tuple[dict[str, JsonValue], ...]:
    """Return the STAC items of the bundled scenes, links as absolute paths, oldest first.

    Raises:
        CatalogError: The package's data are incomplete.
    """
    import rustac

    try:
        document = rustac.read_sync(str(_FOLDER / "items.parquet"))
    except Exception as err:  # rustac raises its own class, which it does not export
        raise CatalogError("The bundled catalogue cannot be read.", hint="Reinstall terrascope-sdk.") from err
    items: list[dict[str, JsonValue]] = list(document["features"])
    return tuple(sorted(items, key=lambda i: (i["properties"]["datetime"], i["id"])))


def place_area(place: Place) -> Aoi:
    """Return the outline of a place's pixels, so that all of them count as inside and nothing else does."""
    grids = (item_grid(i) for i in bundled_items() if i["properties"].get("terrascope:place") == place.name)
    grid = next((g for g in grids if g is not None), None)
    return Aoi.from_bbox(place.bbox, name=place.name) if grid is None else Aoi(grid_outline(grid), place.name)


def asset_path(href: str) -> str:
    """Return where an asset of a bundled item lies; other links are returned as they are."""
    return href if "://" in href or Path(href).is_absolute() else str(_FOLDER / href)


def resolve_aoi(value: Any) -> Aoi:  # whatever a user may call an area; checked below
    """Return the area that a user means.

    Args:
        value: An :class:`Aoi`; a bbox (west, south, east, north) in degrees; anything with ``__geo_interface__``; the
            name of a bundled place; a path to a GeoJSON file; or a bbox as text, ``"11.3,46.4,11.4,46.5"``.

    Raises:
        InputError: Nothing of that; the closest place names are in the message.
    """
    if value is None:
        raise InputError("No area was given.", hint=f"Pass aoi=..., for example aoi={places()[0].name!r}.")
    if isinstance(value, Aoi):
        return value
    if isinstance(value, Path):
        return Aoi.from_file(value)
    if isinstance(value, str):
        return _aoi_from_text(value)
    if hasattr(value, "__geo_interface__") or isinstance(value, dict):
        return Aoi.from_geometry(value)
    return Aoi.from_bbox(value)


def _aoi_from_text(text: str) -> Aoi:
    place = find_place(text)
    if place is not None:
        return place_area(place)
    if text.lower().endswith((".geojson", ".json")):
        return Aoi.from_file(text)
    parts = text.replace(" ", "").split(",")
    if len(parts) == 4:
        return Aoi.from_bbox(parts)
    names = [p.name for p in places()]
    close = difflib.get_close_matches(text.strip().lower(), names, n=1)
    meant = f"Did you mean {close[0]!r}? " if close else ""
    raise InputError(
        f"{text[:60]!r} is not a bundled place.",
        hint=f"{meant}Places are {', '.join(names)}; a bbox or a GeoJSON file works too.",
    )
