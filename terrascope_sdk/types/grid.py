"""Where pixels lie: a coordinate reference system, an affine and a shape, with the true ground area of each pixel."""

import math
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

import numpy as np
import pyproj
import shapely
from affine import Affine
from jaxtyping import Bool, Float64

from terrascope_sdk.errors import InputError
from terrascope_sdk.types.encoding import JsonValue
from terrascope_sdk.types.ground import ground_pixel_area_m2

__all__ = ["PixelGrid"]


@lru_cache(maxsize=64)
def _parse_crs(text: str) -> pyproj.CRS:
    try:
        return pyproj.CRS.from_user_input(text)
    except pyproj.exceptions.CRSError as err:
        raise InputError(
            f"{text[:80]!r} is not a coordinate reference system.", hint="Give an EPSG code such as EPSG:32632, or WKT."
        ) from err


@dataclass(frozen=True)
class PixelGrid:
    """A raster's geometry. Pixel coordinates are (row, column); map coordinates are (x, y); row 0 is usually north."""

    crs: str | None
    """``EPSG:n`` where there is a code, else WKT2; None for pixels without a georeference."""

    transform: Affine
    """Pixel (column, row) corner to map (x, y), in the units of the CRS."""

    height: int
    """Rows."""

    width: int
    """Columns."""

    def __post_init__(self) -> None:
        if self.height < 1 or self.width < 1:
            raise InputError(f"A grid needs at least one pixel, not {self.height} x {self.width}.")
        if not all(math.isfinite(v) for v in self.transform[:6]) or self.transform.determinant == 0:
            raise InputError(f"The affine {tuple(self.transform[:6])} maps pixels onto nothing.")
        if self.crs is not None:
            crs = _parse_crs(str(self.crs))
            authority = crs.to_authority()
            object.__setattr__(self, "crs", ":".join(authority) if authority else crs.to_wkt())

    # ------------------------------------------------------------------------------------------------ geometry

    @property
    def shape(self) -> tuple[int, int]:
        """(rows, columns)."""
        return self.height, self.width

    @cached_property
    def projection(self) -> pyproj.CRS:
        """The CRS as a pyproj object.

        Raises:
            InputError: The grid has no georeference.
        """
        if self.crs is None:
            raise InputError(
                "These pixels have no coordinate reference system, so they have no place and no size on the ground.",
                hint="Give the raster a CRS (for example with rioxarray's write_crs), or ask for shares only.",
            )
        return _parse_crs(self.crs)

    @cached_property
    def to_lonlat(self) -> pyproj.Transformer:
        """Transformer from map coordinates to longitude and latitude on WGS 84, always x first."""
        return pyproj.Transformer.from_crs(self.projection, "EPSG:4326", always_xy=True)

    def xy(self, rows: Any, columns: Any) -> tuple[np.ndarray, np.ndarray]:  # anything numpy can broadcast
        """Return map coordinates of lattice points: whole numbers are pixel corners, halves are centres."""
        r, c = np.asarray(rows, np.float64), np.asarray(columns, np.float64)
        t = self.transform
        return np.asarray(t.a * c + t.b * r + t.c), np.asarray(t.d * c + t.e * r + t.f)

    def lonlat(self, rows: Any, columns: Any) -> tuple[np.ndarray, np.ndarray]:  # anything numpy can broadcast
        """Return longitude and latitude in degrees of lattice points (halves are pixel centres)."""
        x, y = self.xy(rows, columns)
        lon, lat = self.to_lonlat.transform(x, y)
        return np.asarray(lon, np.float64), np.asarray(lat, np.float64)

    @cached_property
    def pixel_size_m(self) -> tuple[float, float]:
        """Ground size of the middle pixel as (height, width) in metres, geodesic."""
        geod = pyproj.Geod(ellps="WGS84")
        row, column = self.height / 2, self.width / 2
        lon, lat = self.lonlat([row - 0.5, row + 0.5, row, row], [column, column, column - 0.5, column + 0.5])
        _, _, sizes = geod.inv(lon[[0, 2]], lat[[0, 2]], lon[[1, 3]], lat[[1, 3]])
        return float(sizes[0]), float(sizes[1])

    @cached_property
    def pixel_area_m2(self) -> Float64[np.ndarray, "y #x"]:
        """True ground area of each pixel in m2 on the WGS 84 ellipsoid.

        Shape (y, 1) where all pixels of a row are alike (EPSG:4326, EPSG:3857), else (y, x).

        Raises:
            InputError: The grid has no CRS, or lies where the projection is not defined.
        """
        return ground_pixel_area_m2(crs=self.projection, transform=self.transform, height=self.height, width=self.width)

    @cached_property
    def bounds_lonlat(self) -> tuple[float, float, float, float]:
        """(west, south, east, north) in degrees, EPSG:4326, of the outer edge."""
        n = 21
        r = np.linspace(0, self.height, n)
        c = np.linspace(0, self.width, n)
        rows = np.concatenate([r, r, np.zeros(n), np.full(n, self.height)])
        columns = np.concatenate([np.zeros(n), np.full(n, self.width), c, c])
        lon, lat = self.lonlat(rows, columns)
        return float(lon.min()), float(lat.min()), float(lon.max()), float(lat.max())

    def contains(self, geometry: Any) -> Bool[np.ndarray, "y x"]:  # anything with __geo_interface__
        """Return which pixels have their centre inside a polygon.

        Args:
            geometry: A polygon in EPSG:4326 (longitude, latitude), as shapely object or ``__geo_interface__``.
                A centre exactly on the outline counts as inside.
        """
        shape = shapely.geometry.shape(geometry)
        rows, columns = np.mgrid[0 : self.height, 0 : self.width] + 0.5
        lon, lat = self.lonlat(rows, columns)
        shapely.prepare(shape)
        inside = shapely.intersects_xy(shape, lon.ravel(), lat.ravel())
        return np.asarray(inside, bool).reshape(self.shape)

    def crop(self, *, row: int, column: int, height: int, width: int) -> "PixelGrid":
        """Return the grid of a window; row and column are of its upper left pixel."""
        return PixelGrid(self.crs, self.transform @ Affine.translation(column, row), height, width)

    def same_as(self, other: "PixelGrid", *, tolerance_px: float = 1e-3) -> bool:
        """Return whether two grids put every pixel in the same place, up to a fraction of a pixel."""
        if self.crs != other.crs or self.shape != other.shape:
            return False
        corners = np.array([[0, 0], [0, self.width], [self.height, 0], [self.height, self.width]])
        x, y = self.xy(corners[:, 0], corners[:, 1])
        columns, rows = ~other.transform @ (x, y)
        offset = np.hypot(rows - corners[:, 0], columns - corners[:, 1])
        return bool(offset.max() <= tolerance_px)

    # ---------------------------------------------------------------------------------------------- in and out

    def to_json(self) -> dict[str, JsonValue]:
        """Return ``{"crs", "transform", "height", "width"}``; the affine as six numbers a, b, c, d, e, f."""
        return {
            "crs": self.crs,
            "transform": [float(v) for v in self.transform[:6]],
            "height": self.height,
            "width": self.width,
        }

    @classmethod
    def from_json(cls, document: dict[str, JsonValue]) -> "PixelGrid":
        """Read what :meth:`to_json` wrote."""
        return cls(document["crs"], Affine(*document["transform"]), int(document["height"]), int(document["width"]))

    def __repr__(self) -> str:
        name = (self.crs if len(self.crs) < 30 else "custom CRS") if self.crs else "no CRS"
        t = self.transform
        return f"PixelGrid({self.height} x {self.width} px, {name}, pixel {abs(t.a):g} x {abs(t.e):g})"
