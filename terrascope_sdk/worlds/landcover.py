"""Land cover at 10 to 30 m: natural cover, fields, towns, roads, rivers, lakes and sea, wetlands, snow."""

from dataclasses import dataclass

import torch
from torch import Tensor

from terrascope_sdk.worlds.draws import Draws
from terrascope_sdk.worlds.spectra import CLASSES

__all__ = ["CODE", "Land", "lattice", "lay_land", "lines"]

CODE = {name: i for i, name in enumerate(CLASSES)}
"""Label code by class."""

_NATURAL = ("tree", "shrub", "grass", "bare", "wetland")
_BIOMES = torch.tensor([  # leaning towards tree, shrub, grass, bare, wetland
    [1.2, -0.8, 0.6, -1.2, -0.8],  # temperate
    [2.2, -0.8, -0.6, -1.6, -0.6],  # forest
    [-0.8, 1.0, 0.4, 1.2, -2.0],  # dry
    [-2.2, 0.0, -0.4, 2.2, -2.5],  # desert
    [0.6, 0.0, 0.8, 0.6, -1.0],  # mountain
    [0.0, -0.6, 0.8, -0.8, 1.4],  # lowland
    [0.3, 0.3, 0.3, 0.0, 0.0],  # mixed
])  # fmt: skip


@dataclass
class Land:
    """What the ground is before anything happens to it, with the fields that events and rendering need."""

    labels: Tensor
    """Class codes, uint8 [scene, y, x]."""

    variant: Tensor
    """Which material of its class a pixel leans to, 0-1, float [scene, y, x]; one value a field."""

    elevation: Tensor
    """Relative height, mean 0 and variance 1, [scene, y, x]."""

    town: Tensor
    """How near to the town a place is; above 0 inside, [scene, y, x]."""

    block: Tensor
    """Random number of the town block or field a pixel lies in, 0-1, [scene, y, x]."""

    wetness: Tensor
    """How near to open water level a place lies; above 0 is water, [scene, y, x]."""

    under: Tensor
    """Surface codes of what lies under shallow flood water, uint8 [scene, y, x]."""

    emerging: Tensor
    """Share of a pixel in which it shows through or stands out of the water, 0-1 [scene, y, x]."""


def _axes(size: int, device: torch.device) -> tuple[Tensor, Tensor]:
    along = torch.arange(size, device=device, dtype=torch.float32) + 0.5
    return along[:, None].expand(size, size), along[None, :].expand(size, size)


def lattice(draws: Draws, cell_px: Tensor, *, size: int, aspect: Tensor, warp_px: float) -> tuple[Tensor, Tensor]:
    """Return a rotated, slightly bent lattice of rectangles: a random number a cell, and the distance to its edge.

    Args:
        draws: Source of randomness.
        cell_px: Width of a cell in pixels, [scene].
        size: Rows and columns.
        aspect: Length over width, [scene].
        warp_px: How far the lattice is bent, pixels.

    Returns:
        Random number 0-1 of each cell and distance to the cell's edge in pixels, both [scene, y, x].
    """
    n = len(cell_px)
    y, x = _axes(size, draws.device)
    angle = draws.uniform(n, 1, 1, high=3.1416)
    bend = draws.fractal(n, 2, size=size, roughness=(5.0, 6.5)) * warp_px
    u = (x * torch.cos(angle) + y * torch.sin(angle) + bend[:, 0]) / cell_px[:, None, None]
    v = (y * torch.cos(angle) - x * torch.sin(angle) + bend[:, 1]) / (cell_px * aspect)[:, None, None]
    v = v + torch.frac(torch.sin(torch.floor(u) * 12.9898 + angle * 7.7) * 43758.5453)  # bricks, not a chessboard
    number = torch.frac(torch.sin(torch.floor(u) * 127.1 + torch.floor(v) * 311.7 + angle * 91.7) * 43758.5453).abs()
    fu, fv = u - torch.floor(u), v - torch.floor(v)
    to_u = torch.minimum(fu, 1 - fu) * cell_px[:, None, None]
    to_v = torch.minimum(fv, 1 - fv) * (cell_px * aspect)[:, None, None]
    return number, torch.minimum(to_u, to_v)


def lines(draws: Draws, n: int, *, size: int, bend_px: float) -> Tensor:
    """Return the distance in pixels to one bent line through each scene, [scene, y, x]."""
    y, x = _axes(size, draws.device)
    angle = draws.uniform(n, 1, 1, high=3.1416)
    offset = draws.uniform(n, 1, 1, low=-0.35, high=0.35) * size
    bend = draws.fractal(n, size=size, roughness=(4.4, 6.0)) * bend_px
    half = size / 2
    return ((x - half) * torch.cos(angle) + (y - half) * torch.sin(angle) - offset + bend).abs()


def _natural(draws: Draws, n: int, size: int, water: Tensor) -> Tensor:
    biome = _BIOMES.to(draws.device)[draws.integers(n, n=len(_BIOMES))]
    bias = biome + draws.normal(n, len(_NATURAL), scale=0.8)
    field = draws.fractal(n, len(_NATURAL), size=size, roughness=(2.4, 4.0)) * 1.1 + bias[..., None, None]
    field[:, 4] = field[:, 4] + 1.5 * torch.exp(-(((water + 0.35) / 0.3) ** 2))  # wet ground beside water
    field[:, 3] = field[:, 3] + 0.8 * torch.exp(-(((water + 0.12) / 0.1) ** 2))  # banks and beaches
    codes = torch.tensor([CODE[c] for c in _NATURAL], device=draws.device, dtype=torch.uint8)
    return codes[field.argmax(1)]


def _water(draws: Draws, n: int, size: int, gsd_m: Tensor, elevation: Tensor) -> Tensor:
    """Return how near each place is to open water; above 0 is water."""
    kind = draws.uniform(n, 1, 1)
    lake = -elevation - draws.uniform(n, 1, 1, low=0.9, high=2.2)
    river_px = draws.log_uniform(n, 1, 1, low=25, high=300) / gsd_m[:, None, None]
    river = (river_px / 2 - lines(draws, n, size=size, bend_px=12)) / size * 8
    y, x = _axes(size, draws.device)
    angle = draws.uniform(n, 1, 1, high=6.2832)
    plane = ((x - size / 2) * torch.cos(angle) + (y - size / 2) * torch.sin(angle)) / size
    sea = (plane - draws.uniform(n, 1, 1, low=-0.2, high=0.4)) * 6 + 0.5 * draws.fractal(n, size=size)
    dry = torch.full_like(lake, -9.0)
    level = torch.where(kind < 0.35, lake, torch.where(kind < 0.6, river, torch.where(kind < 0.75, sea, dry)))
    return torch.where((kind > 0.25) & (kind < 0.35), torch.maximum(lake, river), level)


def lay_land(draws: Draws, gsd_m: Tensor, *, size: int) -> Land:
    """Return a landscape for each ground sample distance.

    Args:
        draws: Source of randomness.
        gsd_m: Metres a pixel, [scene].
        size: Rows and columns.
    """
    n = len(gsd_m)
    elevation = draws.fractal(n, size=size, roughness=(2.8, 3.8))
    water = _water(draws, n, size, gsd_m, elevation)
    labels = _natural(draws, n, size, water)

    cell = draws.log_uniform(n, low=60, high=350) / gsd_m.clamp(max=20)
    number, edge = lattice(draws, cell.clamp(min=3), size=size, aspect=draws.uniform(n, low=1, high=3.5), warp_px=3)
    farmed = draws.fractal(n, size=size, roughness=(3.2, 4.4)) > draws.uniform(n, 1, 1, low=-1.2, high=2.4)
    sown = number < draws.uniform(n, 1, 1, low=0.45, high=1.0)
    field = torch.where(sown, CODE["crop"], CODE["grass"]).to(torch.uint8)
    hedged = draws.chance(n, 1, 1, p=0.3) & (edge < 0.7)
    labels = torch.where(farmed & ~hedged, field, labels)

    town = draws.fractal(n, size=size, roughness=(2.8, 4.0)) - draws.uniform(n, 1, 1, low=0.4, high=3.2)
    street = draws.log_uniform(n, low=60, high=160) / gsd_m
    block, kerb = lattice(draws, street.clamp(min=2.5), size=size, aspect=draws.uniform(n, low=1, high=2), warp_px=2)
    built = (town > 0) & ((block < draws.uniform(n, 1, 1, low=0.55, high=1.0)) | (kerb < 0.6))
    garden = draws.chance(n, 1, 1, p=0.5)
    labels = torch.where((town > 0) & ~built, torch.where(garden, CODE["grass"], CODE["tree"]).to(torch.uint8), labels)
    labels = torch.where(built, CODE["developed"], labels)

    labels = torch.where(water > 0, CODE["water"], labels)
    for _ in range(2):
        half_px = draws.uniform(n, 1, 1, low=0.55, high=1.2) * (10 / gsd_m[:, None, None]).clamp(max=1.0)
        road = (lines(draws, n, size=size, bend_px=8) < half_px) & draws.chance(n, 1, 1, p=0.35)
        labels = torch.where(road, CODE["developed"], labels)

    snowy = draws.chance(n, 1, 1, p=0.16)
    line = draws.uniform(n, 1, 1, low=-1.2, high=1.6)
    frozen = snowy & (elevation + 0.2 * draws.fractal(n, size=size, roughness=(2.0, 2.8)) > line)
    labels = torch.where(frozen & (water <= 0), CODE["snow"], labels)
    in_field = farmed | (town > 0)
    spread = draws.fractal(n, size=size, roughness=(1.8, 3.0)) * 0.28 + 0.5
    return Land(
        labels=labels.to(torch.uint8),
        variant=torch.where(in_field, torch.where(town > 0, block, number), spread).clamp(0, 0.999),
        elevation=elevation,
        town=town,
        block=torch.where(town > -1, block, number),
        wetness=water,
        under=labels.to(torch.uint8),
        emerging=torch.zeros_like(water),
    )
