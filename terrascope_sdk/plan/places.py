"""An area as a plan holds it: a GeoJSON document that was read once, or the name of a place; never a file."""

from typing import Any

from terrascope_sdk.errors import InputError
from terrascope_sdk.types.aoi import Aoi
from terrascope_sdk.types.encoding import JsonValue

__all__ = ["known_place", "place_name", "sound_aoi"]


def sound_aoi(document: dict[str, Any]) -> dict[str, JsonValue]:  # any JSON object from outside
    """Return an area's document in its one form.

    Raises:
        InputError: It is no area of interest.
    """
    try:
        return Aoi.from_json(document).to_json()
    except InputError:
        raise
    except Exception as err:  # shapely raises many kinds on malformed GeoJSON
        raise InputError("This is no area of interest.", hint='Write {"name": ..., "geometry": GeoJSON}.') from err


def place_name(text: str) -> str:
    """Return the name of a place; a plan may come from anywhere, so it opens no file.

    Raises:
        InputError: It names a file.
    """
    if text.strip().lower().endswith((".json", ".geojson")):
        raise InputError(
            f"{text[:60]!r} is a file, and a plan names places only.",
            hint="Write the area itself: Aoi.from_file(...).to_json().",
        )
    return text


def known_place(text: str) -> str:
    """Return the name of a place that is known, or four corners in degrees as text.

    Raises:
        InputError: It is neither; the closest names are in the message.
    """
    from terrascope_sdk.stac import resolve_aoi

    resolve_aoi(place_name(text))
    return text
