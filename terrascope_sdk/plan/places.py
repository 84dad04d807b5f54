"""An area as a plan holds it: a GeoJSON document that was read once, so that it is known to be sound."""

from typing import Any

from terrascope_sdk.errors import InputError
from terrascope_sdk.types.aoi import Aoi
from terrascope_sdk.types.encoding import JsonValue

__all__ = ["sound_aoi"]


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
