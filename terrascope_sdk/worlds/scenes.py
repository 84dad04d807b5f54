"""Synthetic worlds: batches of scenes at two dates with exact labels, as several sensors would see them."""

from dataclasses import dataclass, fields

import torch
from torch import Tensor

from terrascope_sdk.model.bands import MAX_BANDS, Band, band_table
from terrascope_sdk.worlds.composed import compose
from terrascope_sdk.worlds.draws import Draws
from terrascope_sdk.worlds.events import BURNED, happen
from terrascope_sdk.worlds.landcover import Land, lay_land
from terrascope_sdk.worlds.optics import Seeing, cloud_over, hillshade, reflectance
from terrascope_sdk.worlds.radar import backscatter_db
from terrascope_sdk.worlds.spectra import CLASSES
from terrascope_sdk.worlds.surfaces import Cover, draw_palette
from terrascope_sdk.worlds.town import BUILDING, ROAD, build_town, cast_shadow

__all__ = ["UNLABELLED", "Scenes", "WorldOptions", "make_scenes", "make_towns"]

UNLABELLED = 255
"""Label code of ground without a class."""

_TEN = ("blue", "green", "red", "rededge1", "rededge2", "rededge3", "nir", "nir08", "swir16", "swir22")
_FOUR = ("blue", "green", "red", "nir")
_SENSOR_MIX: tuple[tuple[str, tuple[str, ...], float], ...] = (
    ("sentinel-2", _TEN, 0.50),
    ("sentinel-2", ("coastal", *_TEN), 0.08),
    ("sentinel-2", _FOUR, 0.12),
    ("sentinel-2", (*_FOUR, "swir16", "swir22"), 0.06),
    ("landsat-tm", (*_FOUR, "swir16", "swir22"), 0.07),
    ("landsat-oli", (*_FOUR, "swir16", "swir22"), 0.07),
    ("sentinel-2", ("blue", "green", "red"), 0.06),
    ("sentinel-2", ("green", "red", "nir", "swir16"), 0.04),
)


@dataclass(frozen=True)
class WorldOptions:
    """What kinds of scenes to make."""

    size: int = 128
    """Rows and columns."""

    composed_frac: float = 0.4
    """Share of scenes composed of separate objects, 0-1."""

    cloudy_frac: float = 0.35
    """Share of dates with clouds, 0-1."""

    cloud_share: tuple[float, float] = (0.05, 0.7)
    """Range of the clouded share of a cloudy date, 0-1."""

    gsd_m: tuple[float, ...] = (10.0, 10.0, 10.0, 20.0, 30.0)
    """Ground sample distances to draw from, metres."""

    ten_bands: bool = False
    """Always the ten bands of Sentinel-2 as surface reflectance, as in the benchmark."""

    flagged_frac: float = 0.3
    """Share of cloudy dates whose clouds a quality band marks as unobserved, 0-1."""


@dataclass
class Scenes:
    """A batch of scenes; all tensors share their first axis."""

    labels: Tensor
    """Class codes, uint8 [scene, time, y, x]; 255 without a class."""

    marks: Tensor
    """What overlaps the classes: building, road, cloud and its shadow; bool [scene, time, 3, y, x]."""

    told: Tensor
    """Which of the marks are labelled at all, bool [scene, 3]; all of them in synthetic scenes."""

    burned: Tensor
    """Burned between the dates, bool [scene, y, x]."""

    optical: Tensor
    """Reflectance, or display values, float [scene, time, band, y, x]; 0 in bands that are absent."""

    optical_valid: Tensor
    """False where a quality band hides the ground, bool [scene, time, y, x]."""

    sar: Tensor
    """VV and VH in dB, float [scene, time, 2, y, x]."""

    centres_nm: Tensor
    """Centre wavelengths, nanometres [scene, band]."""

    widths_nm: Tensor
    """Band widths, nanometres [scene, band]."""

    present: Tensor
    """Which bands are there, bool [scene, band]."""

    gsd_m: Tensor
    """Metres a pixel, [scene]."""

    quantity: Tensor
    """0 surface reflectance, 1 top of atmosphere, 2 display, int64 [scene]."""

    has_sar: Tensor
    """Whether there is SAR at all, bool [scene]."""

    def __len__(self) -> int:
        return len(self.labels)

    def select(self, index: Tensor | slice) -> "Scenes":
        """Return some of the scenes."""
        return Scenes(**{f.name: getattr(self, f.name)[index] for f in fields(self)})

    def join(self, other: "Scenes") -> "Scenes":
        """Return both batches as one."""
        return Scenes(**{f.name: torch.cat([getattr(self, f.name), getattr(other, f.name)]) for f in fields(self)})


def _bands(draws: Draws, n: int, *, ten: bool) -> tuple[Tensor, Tensor, Tensor]:
    odds = torch.tensor([m[2] for m in _SENSOR_MIX], device=draws.device).cumsum(0)
    picks = torch.searchsorted(odds, draws.uniform(n) * float(odds[-1])).clamp(max=len(_SENSOR_MIX) - 1).tolist()
    centres, widths = torch.full((n, MAX_BANDS), 800.0), torch.full((n, MAX_BANDS), 50.0)
    present = torch.zeros(n, MAX_BANDS, dtype=torch.bool)
    for i, pick in enumerate([0] * n if ten else picks):
        sensor, names, _ = _SENSOR_MIX[pick]
        bands: list[Band] = [band_table[sensor][name] for name in names]
        centres[i, : len(bands)] = torch.tensor([b.centre_nm for b in bands])
        widths[i, : len(bands)] = torch.tensor([b.width_nm for b in bands])
        present[i, : len(bands)] = True
    device = draws.device
    return centres.to(device), widths.to(device), present.to(device)


def _labels(surface: Tensor) -> Tensor:
    """Return class codes of surfaces."""
    table = torch.tensor([*range(len(CLASSES)), UNLABELLED, 5, 5, 6], dtype=torch.uint8, device=surface.device)
    return table[surface.long()]


def make_scenes(seed: int, n: int, options: WorldOptions | None = None, device: str = "cpu") -> Scenes:
    """Return `n` scenes at 10 to 30 m with two dates, optical and SAR.

    Args:
        seed: The same seed gives the same scenes on the same kind of device.
        n: How many.
        options: What kinds of scenes.
        device: Where to make them.
    """
    kind = options or WorldOptions()
    draws = Draws(seed, device)
    choices = torch.tensor(kind.gsd_m, device=draws.device)
    gsd_m = choices[draws.integers(n, n=len(choices))]
    land = lay_land(draws, gsd_m, size=kind.size)
    plain = compose(draws, land, gsd_m)
    swap = draws.chance(n, p=kind.composed_frac)[:, None, None]
    land = Land(**{f.name: torch.where(swap, getattr(plain, f.name), getattr(land, f.name)) for f in fields(Land)})
    later = happen(draws, land, gsd_m)
    centres, widths, present = _bands(draws, n, ten=kind.ten_bands)
    top = draws.chance(n, p=0.35) & (not kind.ten_bands)
    fine = draws.chance(n, p=0.2)
    light, slope = hillshade(draws, land.elevation), hillshade(draws, land.elevation)
    images, radars, marks, valid = [], [], [], []
    palette = draw_palette(draws, n)
    variant = land.variant
    for when, ground in enumerate((land, later)):
        if when:
            palette = draw_palette(draws, n, like=palette)
            grows = (ground.labels == 4) & (land.labels == 4)  # fields change with the season: no change of class
            variant = torch.where(grows, torch.frac(variant * 7.31 + 0.41), variant)
        low, high = kind.cloud_share
        share = draws.uniform(n, low=low, high=high) * draws.chance(n, p=kind.cloudy_frac)
        cloud = cloud_over(draws, n, size=kind.size, share=share)
        seeing = Seeing(centres, widths, light, cloud, top)
        cover = Cover(ground.labels, variant, ground.under, ground.emerging)
        seen = reflectance(draws, palette, cover, seeing)
        images.append(torch.where(present[..., None, None], seen, 0.0))
        radars.append(backscatter_db(draws, palette, cover, slope=slope, fine=fine))
        dark = (cloud[0] > 0.3) | (cloud[1] > 0.25)
        blank = torch.zeros_like(dark)
        marks.append(torch.stack([blank, blank, dark], 1))
        valid.append(~(dark & draws.chance(n, 1, 1, p=kind.flagged_frac)))
    pictures = torch.stack(images, 1)
    shown = draws.chance(n, p=0.1) & ~top & (not kind.ten_bands)
    tall = pictures.transpose(1, 2).flatten(2, 3)  # one stretch for both dates
    stretched = torch.stack(_stretched(draws, tall).chunk(2, 2), 1)
    pictures = torch.where(shown[:, None, None, None, None], stretched, pictures)
    pictures = torch.where(present[:, None, :, None, None], pictures, 0.0)
    quantity = torch.where(shown, 2, top.long())
    return Scenes(
        labels=torch.stack([_labels(land.labels), _labels(later.labels)], 1),
        marks=torch.stack(marks, 1),
        told=torch.ones(n, 3, dtype=torch.bool, device=draws.device),
        burned=later.labels == BURNED,
        optical=pictures,
        optical_valid=torch.stack(valid, 1),
        sar=torch.stack(radars, 1),
        centres_nm=centres, widths_nm=widths, present=present, gsd_m=gsd_m, quantity=quantity,
        has_sar=torch.ones(n, dtype=torch.bool, device=draws.device),
    )  # fmt: skip


def _stretched(draws: Draws, image: Tensor) -> Tensor:
    """Return display values: a stretch and a gamma of the scene's own."""
    n = len(image)
    flat = image.flatten(2)
    low = flat.mean(2) - draws.uniform(n, 1, low=1.5, high=2.8) * flat.std(2)
    high = flat.mean(2) + draws.uniform(n, 1, low=1.4, high=2.6) * flat.std(2)
    linked = draws.chance(n, 1, p=0.7)
    low = torch.where(linked, low.mean(1, keepdim=True), low).clamp_min(0)[..., None, None]
    high = torch.where(linked, high.mean(1, keepdim=True), high)[..., None, None]
    scaled = ((image - low) / (high - low).clamp_min(0.02)).clamp(0, 1)
    return scaled ** draws.uniform(n, 1, 1, 1, low=0.45, high=1.0)


def make_towns(seed: int, n: int, *, size: int = 128, device: str = "cpu") -> Scenes:
    """Return `n` towns at 0.1 to 2 m with two dates; optical in three or four bands, no SAR.

    Args:
        seed: The same seed gives the same towns.
        n: How many.
        size: Rows and columns.
        device: Where to make them.
    """
    draws = Draws(seed, device)
    gsd_m = draws.log_uniform(n, low=0.12, high=2.0)
    town = build_town(draws, gsd_m, size=size)
    names = band_table["camera"]
    four = draws.chance(n, p=0.4)
    centres = torch.full((n, MAX_BANDS), 800.0, device=draws.device)
    widths = torch.full((n, MAX_BANDS), 50.0, device=draws.device)
    for i, band in enumerate(names.values()):
        centres[:, i], widths[:, i] = band.centre_nm, band.width_nm
    present = torch.zeros(n, MAX_BANDS, dtype=torch.bool, device=draws.device)
    present[:, :3] = True
    present[:, 3] = four
    palette = draw_palette(draws, n)
    none = torch.zeros(n, size, size, device=draws.device)
    nowhere = torch.zeros(n, dtype=torch.bool, device=draws.device)
    images, marks = [], []
    for when, (surface, tall) in enumerate(((town.before, town.tall_before), (town.after, town.tall_after))):
        if when:
            palette = draw_palette(draws, n, like=palette)
        length_px = draws.log_uniform(n, low=1.2, high=9.0) / gsd_m
        shaded = cast_shadow(tall, length_px, draws.uniform(n, high=6.2832))
        light = town.shade * torch.where(shaded, draws.uniform(n, 1, 1, high=0.45), 1.0)
        seeing = Seeing(centres, widths, light, (none, none), nowhere, grain_scale=0.35)
        images.append(reflectance(draws, palette, Cover(surface, town.variant), seeing))
        blank = torch.zeros_like(tall)
        marks.append(torch.stack([surface == BUILDING, surface == ROAD, blank], 1))
    display = draws.chance(n, p=0.75)
    both = torch.cat(images, 2)  # one stretch for both dates
    both = torch.where(display[:, None, None, None], _stretched(draws, both), both)
    optical = torch.stack(both.chunk(2, 2), 1)
    keep = present[:, None, :, None, None]
    return Scenes(
        labels=torch.stack([_labels(town.before), _labels(town.after)], 1),
        marks=torch.stack(marks, 1),
        told=torch.ones(n, 3, dtype=torch.bool, device=draws.device),
        burned=torch.zeros(n, size, size, dtype=torch.bool, device=draws.device),
        optical=torch.where(keep, optical, 0.0),
        optical_valid=torch.ones(n, 2, size, size, dtype=torch.bool, device=draws.device),
        sar=torch.zeros(n, 2, 2, size, size, device=draws.device),
        centres_nm=centres, widths_nm=widths, present=present, gsd_m=gsd_m,
        quantity=torch.where(display, 2, 0),
        has_sar=torch.zeros(n, dtype=torch.bool, device=draws.device),
    )  # fmt: skip
