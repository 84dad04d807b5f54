"""A mask: where something is, where it is not, and where nobody could see."""

from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from jaxtyping import Bool, Float32, UInt8

from terrascope_sdk.errors import InputError
from terrascope_sdk.types.encoding import JsonValue, content_id, decode_array, encode_array
from terrascope_sdk.types.grid import PixelGrid
from terrascope_sdk.types.instant import format_instant, parse_instant, utc, when_text

if TYPE_CHECKING:
    import geopandas
    import xarray

__all__ = ["Mask"]

UNOBSERVED = 255
"""Code of an unobserved pixel in files; 0 is no, 1 is yes."""


@dataclass(frozen=True, eq=False)
class Mask:
    """Pixels that belong to something, on a known grid, at a known time.

    Three-valued: a pixel is inside, outside or unobserved. Unobserved pixels stay unknown through every operation
    (Kleene's logic: a union is known to be inside where one side is, whatever the other hides), so every
    measurement can state its observed share. Equality is equality of content.
    """

    pixels: Bool[np.ndarray, "y x"]
    """True where the thing is. Always False where unobserved."""

    valid: Bool[np.ndarray, "y x"]
    """True where the sensor saw the ground."""

    grid: PixelGrid
    """Where the pixels lie."""

    label: str = ""
    """What the mask shows: a concept of the vocabulary, or free text."""

    date: datetime | None = None
    """When it was seen, UTC."""

    sensor: str = ""
    """``optical``, ``sar``, both joined by ``+``, or empty when it does not matter."""

    period_s: float = 0.0
    """Length of the period that a composite covers, seconds; 0 for a single acquisition. `date` is its middle."""

    score: float | None = None
    """Confidence of the reasoner in the whole mask, 0-1."""

    probability: Float32[np.ndarray, "y x"] | None = None
    """Probability of being inside for each pixel, 0-1."""

    def __post_init__(self) -> None:
        for name in ("pixels", "valid"):
            array = np.asarray(getattr(self, name))
            if array.dtype != bool or array.shape != self.grid.shape:
                raise InputError(
                    f"Mask.{name} is {array.dtype}{list(array.shape)}; the grid needs bool{list(self.grid.shape)}."
                )
        valid = np.array(self.valid, bool)
        pixels = np.asarray(self.pixels, bool) & valid
        for name, array in (("pixels", pixels), ("valid", valid)):
            array.setflags(write=False)
            object.__setattr__(self, name, array)
        if self.date is not None:
            object.__setattr__(self, "date", utc(self.date))
        if self.score is not None and not 0 <= self.score <= 1:
            raise InputError(f"A score lies in 0-1, not {self.score}.")
        if self.probability is not None and self.probability.shape != self.grid.shape:
            raise InputError(f"Mask.probability is {list(self.probability.shape)}, the grid {list(self.grid.shape)}.")

    # ------------------------------------------------------------------------------------------------- identity

    @cached_property
    def id(self) -> str:
        """Content hash: the same pixels of the same thing at the same time have the same id."""
        return content_id("mask", self.to_json_head(), [self.pixels, self.valid])

    @property
    def when(self) -> str:
        """The date as precisely as it is known; empty without one."""
        return "" if self.date is None else when_text(self.date, self.period_s)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Mask) and self.id == other.id

    def __hash__(self) -> int:
        return hash(self.id)

    # --------------------------------------------------------------------------------------------------- algebra

    def _check_grid(self, other: "Mask") -> None:
        if not self.grid.same_as(other.grid):
            raise InputError(
                f"The masks lie on different grids: {self.grid} and {other.grid}.",
                hint="Load both on one grid, or reproject one of them first.",
            )

    def _joined(self, other: "Mask", pixels: np.ndarray, valid: np.ndarray, label: str) -> "Mask":
        dates = {(self.date, self.period_s), (other.date, other.period_s)}
        date, period_s = dates.pop() if len(dates) == 1 else (None, 0.0)
        sensors = sorted({s for m in (self, other) for s in m.sensor.split("+") if s})
        return Mask(pixels, valid, self.grid, label, date, "+".join(sensors), period_s)

    def union(self, other: "Mask", *, label: str | None = None) -> "Mask":
        """Return where at least one is; known where one is seen to be, or both were seen not to be."""
        self._check_grid(other)
        yes = self.pixels | other.pixels
        known = yes | (self.valid & other.valid)
        return self._joined(other, yes, known, f"{self.label} or {other.label}" if label is None else label)

    def intersect(self, other: "Mask", *, label: str | None = None) -> "Mask":
        """Return where both are; known where both were seen, or one was seen not to be."""
        self._check_grid(other)
        yes = self.pixels & other.pixels
        no = (self.valid & ~self.pixels) | (other.valid & ~other.pixels)
        return self._joined(other, yes, yes | no, f"{self.label} and {other.label}" if label is None else label)

    def subtract(self, other: "Mask", *, label: str | None = None) -> "Mask":
        """Return where this is and the other is not."""
        return self.intersect(
            other.complement(), label=f"{self.label} without {other.label}" if label is None else label
        )

    def complement(self, *, label: str | None = None) -> "Mask":
        """Return where it was seen not to be."""
        name = f"not {self.label}" if label is None else label
        return replace(self, pixels=self.valid & ~self.pixels, label=name, probability=None)

    def observed_within(self, valid: Bool[np.ndarray, "y x"]) -> "Mask":
        """Return the mask with everything outside `valid` forgotten."""
        return replace(self, valid=self.valid & valid, pixels=self.pixels & valid)

    # ----------------------------------------------------------------------------------------------- in and out

    def to_json_head(self) -> dict[str, JsonValue]:
        """Return everything but the pixels as plain JSON values."""
        return {
            "grid": self.grid.to_json(),
            "label": self.label,
            "date": None if self.date is None else format_instant(self.date),
            "sensor": self.sensor,
            "period_s": self.period_s,
            "score": self.score,
        }

    def to_json(self) -> dict[str, JsonValue]:
        """Return the mask with its pixels as one JSON object."""
        document = self.to_json_head() | {"pixels": encode_array(self.pixels), "valid": encode_array(self.valid)}
        if self.probability is not None:
            document["probability"] = encode_array(np.asarray(self.probability, np.float32))
        return document

    @classmethod
    def from_json(cls, document: dict[str, JsonValue]) -> "Mask":
        """Read what :meth:`to_json` wrote."""
        return cls(
            pixels=decode_array(document["pixels"]),
            valid=decode_array(document["valid"]),
            grid=PixelGrid.from_json(document["grid"]),
            label=document["label"],
            date=None if document["date"] is None else parse_instant(document["date"]),
            sensor=document["sensor"],
            period_s=document["period_s"],
            score=document["score"],
            probability=decode_array(document["probability"]) if "probability" in document else None,
        )

    def to_uint8(self) -> UInt8[np.ndarray, "y x"]:
        """Return file codes: 0 no, 1 yes, 255 unobserved."""
        return np.where(self.valid, self.pixels.astype(np.uint8), np.uint8(UNOBSERVED))

    @classmethod
    def from_uint8(
        cls, codes: UInt8[np.ndarray, "y x"], grid: PixelGrid, *, label: str = "", date: datetime | None = None
    ) -> "Mask":
        """Read file codes: 0 no, 1 yes, 255 unobserved.

        Raises:
            InputError: Another code occurs.
        """
        odd = np.setdiff1d(np.unique(codes), [0, 1, UNOBSERVED])
        if odd.size:
            raise InputError(
                f"A mask file holds 0, 1 and 255 only; this one also holds {odd[:5].tolist()}.",
                hint="Select the class first, for example codes == 3.",
            )
        return cls(codes == 1, codes != UNOBSERVED, grid, label, date)

    def to_xarray(self) -> "xarray.DataArray":
        """Return a uint8 DataArray (0, 1, 255) with CF ``spatial_ref``, as rioxarray reads it."""
        from terrascope_sdk.types.georeference import mask_to_xarray

        return mask_to_xarray(self)

    @classmethod
    def from_xarray(
        cls, array: "xarray.DataArray", *, label: str | None = None, date: datetime | None = None
    ) -> "Mask":
        """Make a mask from a georeferenced DataArray: boolean, or 0/1 with 255 or NaN where unobserved."""
        from terrascope_sdk.types.georeference import mask_from_xarray

        return mask_from_xarray(array, label=label, date=date)

    def to_geodataframe(self) -> "geopandas.GeoDataFrame":
        """Return one row per edge-connected region, in the mask's CRS (needs the extra ``vector``).

        Raises:
            MissingDependency: GeoPandas is not installed.
        """
        from terrascope_sdk.types.outlines import mask_to_geodataframe

        return mask_to_geodataframe(self)

    @classmethod
    def from_geodataframe(
        cls, frame: Any, grid: PixelGrid, *, label: str = "", date: datetime | None = None
    ) -> "Mask":  # a GeoDataFrame, or anything with __geo_interface__
        """Rasterise polygons by the pixel-centre rule; every pixel counts as observed.

        Args:
            frame: A GeoDataFrame in any CRS, or a GeoJSON-like object in EPSG:4326.
            grid: The grid to fill.
            label: What the polygons show.
            date: When they were drawn.
        """
        from terrascope_sdk.types.aoi import Aoi

        inside = grid.contains(Aoi.from_geometry(frame))
        return cls(inside, np.ones(grid.shape, bool), grid, label, date)

    # --------------------------------------------------------------------------------------------------- display

    def __repr__(self) -> str:
        when = f", {self.when}" if self.when else ""
        return f"Mask({self.label!r}{when}, {self.grid.height} x {self.grid.width} px, {self.id})"

    def _repr_html_(self) -> str:
        from terrascope_sdk.render.value_html import mask_card
        from terrascope_sdk.types.placing import ground_scale

        seen = ", ".join(p for p in (self.when, self.sensor) if p)
        scale = ground_scale(self.grid)
        return mask_card(self.to_uint8(), title=self.label or "mask", text=repr(self), caption=seen, scale=scale)
