"""An area of interest: where the question is asked, always as longitude and latitude on WGS 84."""

import json
import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import shapely
from shapely.geometry import mapping, shape

from terrascope_sdk.errors import InputError
from terrascope_sdk.types.encoding import JsonValue

__all__ = ["Aoi"]

_BBOX_HINT = "Give (west, south, east, north) in degrees, EPSG:4326, for example (11.28, 46.46, 11.40, 46.52)."


@dataclass(frozen=True)
class Aoi:
    """A named polygon in EPSG:4326.

    Two areas are equal when name and outline are equal.
    """

    geometry: shapely.Geometry
    """Polygon or MultiPolygon, longitude and latitude in degrees."""

    name: str = ""
    """What to call it in text; empty for a bare box or outline."""

    def __post_init__(self) -> None:
        g = self.geometry
        if g.geom_type not in {"Polygon", "MultiPolygon"} or g.is_empty or not g.is_valid or g.area == 0:
            why = "is empty" if g.is_empty or g.area == 0 else shapely.is_valid_reason(g)
            raise InputError(
                f"An area of interest must be a valid polygon; this {g.geom_type} {why}.",
                hint="Draw a polygon, or give a bbox (west, south, east, north).",
            )
        west, south, east, north = g.bounds
        if west < -180 or east > 180 or south < -90 or north > 90:
            raise InputError(
                f"The area reaches x {west:g} to {east:g} and y {south:g} to {north:g}, which is not longitude and "
                "latitude in degrees.",
                hint="Reproject it to EPSG:4326 first.",
            )

    @classmethod
    def from_bbox(cls, bbox: Any, *, name: str = "") -> "Aoi":  # four numbers in any container; checked below
        """Make an area from (west, south, east, north) in degrees.

        Raises:
            InputError: Not four finite numbers, reversed, outside the world, or across the antimeridian.
        """
        try:
            west, south, east, north = (float(v) for v in bbox)
        except (TypeError, ValueError) as err:
            raise InputError(f"{bbox!r} is not a bounding box.", hint=_BBOX_HINT) from err
        if not all(math.isfinite(v) for v in (west, south, east, north)):
            raise InputError(f"The bounding box {tuple(bbox)} holds a value that is no number.", hint=_BBOX_HINT)
        if not (-180 <= west <= 180 and -180 <= east <= 180 and -90 <= south <= 90 and -90 <= north <= 90):
            raise InputError(f"The bounding box {tuple(bbox)} lies outside the world in degrees.", hint=_BBOX_HINT)
        if north <= south:
            raise InputError(
                f"The bounding box has its north ({north}) at or below its south ({south}).", hint=_BBOX_HINT
            )
        if east <= west:
            if west > 0 > east:
                raise InputError(
                    f"The bounding box runs from {west} east to {east}, across the antimeridian.",
                    hint="Ask two questions: one up to 180, one from -180.",
                )
            raise InputError(f"The bounding box has its east ({east}) at or before its west ({west}).", hint=_BBOX_HINT)
        return cls(shapely.box(west, south, east, north), name)

    @classmethod
    def from_geometry(cls, geometry: Any, *, name: str = "") -> "Aoi":  # anything with __geo_interface__
        """Make an area from GeoJSON (geometry, Feature or FeatureCollection) or anything with ``__geo_interface__``.

        A FeatureCollection, such as a GeoDataFrame in EPSG:4326, becomes the union of its polygons. A GeoDataFrame
        in another CRS is reprojected.
        """
        crs = getattr(geometry, "crs", None)
        if crs is not None and hasattr(geometry, "to_crs"):
            geometry = geometry.to_crs("EPSG:4326")
        document = getattr(geometry, "__geo_interface__", geometry)
        try:
            if document["type"] == "FeatureCollection":
                parts = [shape(f["geometry"]) for f in document["features"]]
            elif document["type"] == "Feature":
                parts = [shape(document["geometry"])]
            else:
                parts = [shape(document)]
        except (KeyError, TypeError, ValueError, AttributeError, shapely.errors.ShapelyError) as err:
            raise InputError(
                f"This is no GeoJSON geometry: {str(document)[:80]}.",
                hint="Give a polygon as GeoJSON, a shapely polygon, or a bbox.",
            ) from err
        if not parts:
            raise InputError("The feature collection is empty.", hint="Give at least one polygon.")
        return cls(parts[0] if len(parts) == 1 else shapely.union_all(parts), name)

    @classmethod
    def from_file(cls, path: str | Path) -> "Aoi":
        """Read a GeoJSON file.

        Raises:
            InputError: The file is missing or is no GeoJSON.
        """
        file = Path(path)
        try:
            document = json.loads(file.read_text(encoding="utf-8"))
        except FileNotFoundError as err:
            raise InputError(f"There is no file {file}.", hint="Check the path of the GeoJSON file.") from err
        except (OSError, UnicodeDecodeError, json.JSONDecodeError) as err:
            raise InputError(f"{file} is not readable as GeoJSON: {err}.") from err
        return cls.from_geometry(document, name=file.stem)

    @property
    def bbox(self) -> tuple[float, float, float, float]:
        """(west, south, east, north) in degrees."""
        west, south, east, north = (float(v) for v in self.geometry.bounds)
        return west, south, east, north

    @property
    def is_box(self) -> bool:
        """Whether the outline is its own bounding box."""
        return bool(self.geometry.equals(shapely.box(*self.geometry.bounds)))

    @property
    def __geo_interface__(self) -> dict[str, JsonValue]:
        """The geometry as GeoJSON."""
        return dict(mapping(self.geometry))

    def to_json(self) -> dict[str, JsonValue]:
        """Return ``{"name", "geometry"}`` with a GeoJSON geometry."""
        return {"name": self.name, "geometry": json.loads(shapely.to_geojson(self.geometry))}

    @classmethod
    def from_json(cls, document: dict[str, JsonValue]) -> "Aoi":
        """Read what :meth:`to_json` wrote."""
        return cls.from_geometry(document["geometry"], name=str(document["name"]))

    def __repr__(self) -> str:
        west, south, east, north = self.bbox
        name = f"{self.name!r}, " if self.name else ""
        return f"Aoi({name}{west:.4f}, {south:.4f}, {east:.4f}, {north:.4f})"
