"""Masks as GeoJSON (RFC 7946): one feature for each region, with its true ground area."""

import json
from pathlib import Path

import numpy as np
import pyproj
import shapely
from affine import Affine
from shapely.geometry import mapping

from terrascope_sdk.errors import ExportError, InputError
from terrascope_sdk.export.writing import write_file
from terrascope_sdk.render.html import printable
from terrascope_sdk.types import Mask
from terrascope_sdk.types.encoding import JsonValue
from terrascope_sdk.types.instant import format_instant
from terrascope_sdk.types.outlines import mask_outlines

__all__ = ["geojson", "geojson_text"]

_DECIMALS = 7
"""Of a degree: about a centimetre."""

_LONGEST_EDGE_PX = 100
"""Straight pixel edges get a vertex this often, because a straight line on the grid is none in degrees."""


def _regions_m2(mask: Mask, outlines: list[shapely.Polygon]) -> tuple[np.ndarray, np.ndarray]:
    """Return true ground area in m2 and number of pixels of each outline's region, summed over its own pixels."""
    from scipy.ndimage import label

    numbers, count = label(mask.pixels)
    areas = np.broadcast_to(mask.grid.pixel_area_m2, mask.grid.shape)
    by_region = np.bincount(numbers.ravel(), weights=areas.ravel(), minlength=count + 1)
    sizes = np.bincount(numbers.ravel(), minlength=count + 1)
    inside = shapely.get_coordinates(shapely.point_on_surface(outlines))
    columns, rows = ~mask.grid.transform @ (inside[:, 0], inside[:, 1])
    found = numbers[np.floor(rows).astype(int), np.floor(columns).astype(int)]
    return by_region[found], sizes[found]


def _longest_edge(transform: Affine) -> float:
    across, down = np.hypot(transform.a, transform.d), np.hypot(transform.b, transform.e)
    return float(_LONGEST_EDGE_PX * min(across, down))


def _cut_at_antimeridian(polygon: shapely.Polygon) -> shapely.Geometry:
    """Return a polygon whose longitudes jump at 180 degrees as one that stops there on both sides (section 3.1.9)."""
    west, _, east, _ = polygon.bounds
    if east - west <= 180:
        return polygon
    around = shapely.transform(polygon, lambda p: np.stack([np.where(p[:, 0] < 0, p[:, 0] + 360, p[:, 0]), p[:, 1]], 1))
    before = around.intersection(shapely.box(0, -90, 180, 90))
    after = shapely.transform(around.intersection(shapely.box(180, -90, 360, 90)), lambda p: p - [360, 0])
    parts = [g for g in (*shapely.get_parts(before), *shapely.get_parts(after)) if g.geom_type == "Polygon"]
    return shapely.MultiPolygon(parts)


def _require_place(mask: Mask) -> None:
    if mask.grid.crs is None:
        raise ExportError(
            f"{mask!r} has no coordinate reference system, so it has no place in GeoJSON.",
            hint="Give its raster a CRS; the GeoTIFF is written without one.",
        )
    from_lonlat = pyproj.Transformer.from_crs("EPSG:4326", mask.grid.projection, always_xy=True)
    for latitude in (90.0, -90.0):
        x, y = from_lonlat.transform(0.0, latitude)
        if not np.isfinite([x, y]).all() or mask.grid.projection.is_geographic:
            continue
        column, row = ~mask.grid.transform @ (x, y)
        if 0 <= column <= mask.grid.width and 0 <= row <= mask.grid.height:
            raise ExportError(
                f"{mask!r} holds a pole, around which GeoJSON has no polygons.",
                hint="Crop the pole away, or use GeoTIFF.",
            )


def _in_degrees(mask: Mask, outlines: list[shapely.Polygon]) -> list[shapely.Geometry]:
    """Return outlines as longitude and latitude, exterior rings counterclockwise, holes clockwise."""

    def placed(points: np.ndarray) -> np.ndarray:
        lon, lat = mask.grid.to_lonlat.transform(points[:, 0], points[:, 1])
        return np.round(np.stack([lon, lat], axis=1), _DECIMALS)

    denser = shapely.segmentize(outlines, _longest_edge(mask.grid.transform))
    return [shapely.orient_polygons(_cut_at_antimeridian(shapely.transform(p, placed))) for p in denser]


def geojson_text(mask: Mask, *, attribution: str = "") -> str:
    """Return the text that :func:`geojson` writes, one feature a line. The same mask gives the same text.

    Raises:
        ExportError: The mask has no CRS, holds a pole, or lies outside its projection's domain.
    """
    _require_place(mask)
    outlines = mask_outlines(mask)
    try:
        areas_m2, sizes = _regions_m2(mask, outlines) if outlines else (np.empty(0), np.empty(0, int))
        shapes = _in_degrees(mask, outlines)
    except InputError as err:
        raise ExportError(f"{mask!r} cannot be written as GeoJSON: {err}") from err
    shared: dict[str, JsonValue] = {
        "label": printable(mask.label),
        "date": None if mask.date is None else format_instant(mask.date),
        "sensor": printable(mask.sensor),
        "mask": mask.id,
        "attribution": printable(attribution),
    }
    features = [
        {
            "type": "Feature",
            "id": number,
            "properties": shared | {"area_m2": round(float(area), 3), "pixels": int(size)},
            "geometry": mapping(geometry),
        }
        for number, (geometry, area, size) in enumerate(zip(shapes, areas_m2, sizes, strict=True), 1)
    ]
    lines = ",\n".join(json.dumps(f, ensure_ascii=False, allow_nan=False, separators=(",", ":")) for f in features)
    return f'{{"type":"FeatureCollection","features":[\n{lines}\n]}}\n'


def geojson(mask: Mask, path: str | Path, *, attribution: str = "") -> Path:
    """Write a mask as GeoJSON: a feature for each edge-connected region, largest first, in EPSG:4326.

    Each feature carries label, date, sensor, mask id, credit line, pixel count and ``area_m2``: the true ground area
    of its pixels on the WGS 84 ellipsoid, not the area of the polygon in degrees. Unobserved pixels are in no feature.

    Args:
        mask: What to write; it needs a CRS.
        path: Where; an existing file is replaced.
        attribution: Credit line.

    Returns:
        The path.

    Raises:
        ExportError: It cannot be written, or the mask has no CRS or holds a pole.
    """
    return write_file(path, geojson_text(mask, attribution=attribution).encode())
