"""Doubles and known-truth data for your own tests: a lake of known size, a reasoner that says what you tell it.

Everything here is made by formula, so that a test can know the true number.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import numpy as np
import pyproj
from affine import Affine

from terrascope_sdk.errors import NotVisible
from terrascope_sdk.types import (
    GroundRequest,
    ImageSeries,
    ImageStack,
    Mask,
    PixelGrid,
    ReasoningChain,
    Step,
)
from terrascope_sdk.types.concepts import find_concepts

__all__ = ["ScriptedReasoner", "disc_mask", "lake_stack", "utm_grid"]

_REFLECTANCE = {  # surface reflectance of water and of vegetation, round numbers of textbook spectra
    "blue": (0.05, 0.03),
    "green": (0.06, 0.06),
    "red": (0.04, 0.04),
    "nir": (0.02, 0.35),
    "swir16": (0.01, 0.18),
    "swir22": (0.01, 0.09),
}
_BACKSCATTER_DB = {"vv": (-20.0, -10.0), "vh": (-27.0, -16.0)}


def utm_grid(*, lon_deg: float = 9.0, lat_deg: float = 45.0, size_px: int = 128, pixel_m: float = 10.0) -> PixelGrid:
    """Return a square UTM grid around a point.

    Args:
        lon_deg: Longitude of the middle.
        lat_deg: Latitude of the middle.
        size_px: Rows and columns.
        pixel_m: Pixel size in metres.
    """
    zone = math.floor((lon_deg + 180) / 6) + 1
    crs = f"EPSG:{(32600 if lat_deg >= 0 else 32700) + zone}"
    x, y = pyproj.Transformer.from_crs("EPSG:4326", crs, always_xy=True).transform(lon_deg, lat_deg)
    half = size_px * pixel_m / 2
    return PixelGrid(crs, Affine(pixel_m, 0, x - half, 0, -pixel_m, y + half), size_px, size_px)


def disc_mask(
    grid: PixelGrid, *, radius_m: float, label: str = "water", lonlat: tuple[float, float] | None = None
) -> Mask:
    """Return the mask of a geodesic disc: pixels whose centre lies within `radius_m` of a point.

    Its true ground area is ``pi * radius_m ** 2`` up to pixel size (and the ellipsoid's curvature, 1e-6 at 20 km).

    Args:
        grid: The grid to draw on.
        radius_m: Radius in metres along the ground.
        label: What the mask shows.
        lonlat: Centre in degrees; the grid's middle when left out.
    """
    lon0, lat0 = lonlat or tuple(float(v) for v in grid.lonlat(grid.height / 2, grid.width / 2))
    rows, columns = np.mgrid[0 : grid.height, 0 : grid.width] + 0.5
    lon, lat = grid.lonlat(rows, columns)
    geod = pyproj.Geod(ellps="WGS84")
    _, _, away_m = geod.inv(np.full_like(lon, lon0), np.full_like(lat, lat0), lon, lat)
    inside = np.asarray(away_m <= radius_m)
    return Mask(inside, np.ones(grid.shape, bool), grid, label)


def lake_stack(
    radii_m: tuple[float, ...] = (300.0,),
    *,
    grid: PixelGrid | None = None,
    sensors: tuple[str, ...] = ("optical", "sar"),
    start: datetime = datetime(2020, 6, 1, tzinfo=UTC),
    clouded_frac: float = 0.0,
    seed: int = 0,
) -> ImageStack:
    """Return a stack that shows a round lake in vegetation, one date for each radius, a year apart.

    Args:
        radii_m: Radius of the lake on each date, metres.
        grid: Where; a 1.28 km square in northern Italy when left out.
        sensors: Which sensors to make; SAR comes a day after optical.
        start: First acquisition, UTC.
        clouded_frac: Share of each optical date under cloud, from the north, 0-1.
        seed: Seed of the noise (reflectance 0.004, backscatter 0.5 dB, both normal).
    """
    where = grid or utm_grid()
    rng = np.random.default_rng(seed)
    lakes = np.stack([disc_mask(where, radius_m=r).pixels for r in radii_m])
    times = tuple(start + timedelta(days=365 * i) for i in range(len(radii_m)))

    def paint(table: Mapping[str, tuple[float, float]], noise: float) -> np.ndarray:
        layers = np.stack([np.where(lakes, *pair) for pair in table.values()], axis=1)
        return np.asarray(layers + rng.normal(0, noise, layers.shape), np.float32)

    clouded = np.zeros(lakes.shape, bool)
    clouded[:, : round(clouded_frac * where.height)] = True
    optical = sar = None
    if "optical" in sensors:
        optical = ImageSeries(
            sensor="optical", pixels=paint(_REFLECTANCE, 0.004), valid=~clouded, bands=tuple(_REFLECTANCE),
            acquired=times, quantity="surface_reflectance", grid=where, clouded=clouded,
            scene_ids=tuple((f"optical-{i}",) for i in range(len(times))), attribution="synthetic data",
        )  # fmt: skip
    if "sar" in sensors:
        sar = ImageSeries(
            sensor="sar", pixels=paint(_BACKSCATTER_DB, 0.5), valid=np.ones(lakes.shape, bool),
            bands=tuple(_BACKSCATTER_DB), acquired=tuple(t + timedelta(days=1) for t in times),
            quantity="gamma0_rtc", grid=where, scene_ids=tuple((f"sar-{i}",) for i in range(len(times))),
            attribution="synthetic data",
        )  # fmt: skip
    return ImageStack(where, optical, sar)


@dataclass(frozen=True)
class ScriptedReasoner:
    """A reasoner that returns the masks it was given, for testing what stands around a reasoner."""

    masks: Mapping[str, Mask] = field(default_factory=dict)
    """Mask by concept key; a concept without one cannot be seen."""

    name: str = "scripted"
    """Name shown in provenance."""

    def unseen(self, stack: ImageStack, request: GroundRequest) -> str | None:
        """Return why a concept has no mask, or None."""
        return None if request.concept in self.masks else f"The script has no mask of {request.concept}."

    def ground(self, stack: ImageStack, request: GroundRequest) -> Iterator[Step]:
        """Yield one step with the scripted mask.

        Raises:
            NotVisible: The script has none.
        """
        reason = self.unseen(stack, request)
        if reason is not None:
            raise NotVisible(reason)
        yield Step("ground", f"The script says: {request.concept}.", self.masks[request.concept], method="script")

    def reason(self, stack: ImageStack, question: str) -> ReasoningChain:
        """Return the scripted steps of every concept that the question names."""
        steps: list[Step] = []
        for found in find_concepts(question):
            steps += self.ground(stack, GroundRequest(found.key, stack.sensors[0]))
        return ReasoningChain(question, tuple(steps), reasoner=self.name, stack_id=stack.id)
