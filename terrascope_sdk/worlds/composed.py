"""Scenes composed for questions: few separate objects on a plain ground, some touching, some at a known gap.

In landscapes nearly all classes touch, and a network that has seen only those learns nothing of contact and distance.
"""

import torch
from torch import Tensor

from terrascope_sdk.worlds.draws import Draws
from terrascope_sdk.worlds.landcover import CODE, Land, lattice

__all__ = ["compose"]

_GROUNDS = ("tree", "shrub", "grass", "crop", "bare", "wetland", "water", "developed", "snow")
_GROUND_ODDS = (0.2, 0.1, 0.25, 0.15, 0.15, 0.05, 0.05, 0.03, 0.02)
_OBJECTS = 4


def _pick(draws: Draws, n: int, odds: tuple[float, ...]) -> Tensor:
    edges = torch.tensor(odds, device=draws.device).cumsum(0)
    return torch.searchsorted(edges, draws.uniform(n) * float(edges[-1])).clamp(max=len(odds) - 1)


def compose(draws: Draws, land: Land, gsd_m: Tensor) -> Land:
    """Return scenes of two to four objects of random classes, on grounds of one class.

    Args:
        draws: Source of randomness.
        land: Landscapes of the same size; their fields are kept for rendering.
        gsd_m: Metres a pixel, [scene].
    """
    n, size = len(gsd_m), land.labels.shape[-1]
    codes = torch.tensor([CODE[c] for c in _GROUNDS], device=draws.device, dtype=torch.uint8)
    labels = codes[_pick(draws, n, _GROUND_ODDS)][:, None, None].expand(n, size, size).clone()
    variant = draws.fractal(n, size=size, roughness=(1.8, 3.0)) * 0.28 + 0.5
    along = torch.arange(size, device=draws.device, dtype=torch.float32) + 0.5
    y, x = along[None, :, None], along[None, None, :]
    radius = draws.log_uniform(n, _OBJECTS, low=4, high=size / 4.2)
    centre = draws.uniform(n, _OBJECTS, 2, low=0.12, high=0.88) * size
    # the second object stands beside the first: half of the time it touches, else there is a gap of 3 to 45 pixels
    way = draws.uniform(n, high=6.2832)
    gap = torch.where(draws.chance(n, p=0.5), -0.25 * radius[:, 1], draws.log_uniform(n, low=3, high=45))
    away = (radius[:, 0] + radius[:, 1] + gap)[:, None] * torch.stack([torch.sin(way), torch.cos(way)], 1)
    centre[:, 1] = (centre[:, 0] + away).clamp(4, size - 4)
    count = draws.integers(n, n=3) + 2
    kinds = codes[draws.integers(n, _OBJECTS, n=len(codes))]
    for k in range(_OBJECTS):
        angle = draws.uniform(n, 1, 1, high=3.1416)
        stretch = draws.uniform(n, 1, 1, low=1.0, high=1.5)
        power = torch.where(draws.chance(n, 1, 1, p=0.4), 6.0, 2.0)
        dy, dx = y - centre[:, k, 0, None, None], x - centre[:, k, 1, None, None]
        u = (dx * torch.cos(angle) + dy * torch.sin(angle)).abs() / stretch
        v = (dy * torch.cos(angle) - dx * torch.sin(angle)).abs() * stretch
        reach = (u**power + v**power) ** (1 / power)
        ragged = draws.fractal(n, size=size, roughness=(2.2, 3.2)) * draws.uniform(n, 1, 1, high=0.18)
        inside = (reach < radius[:, k, None, None] * (1 + ragged)) & (k < count)[:, None, None]
        labels = torch.where(inside, kinds[:, k, None, None], labels)
        variant = torch.where(inside, (variant + 0.37 * (k + 1)) % 1.0, variant)
    # towns are made of blocks and farmland of fields, here as in landscapes
    cell, _ = lattice(
        draws, (draws.log_uniform(n, low=60, high=250) / gsd_m).clamp(min=2.5), size=size,
        aspect=draws.uniform(n, low=1, high=2.5), warp_px=2,
    )  # fmt: skip
    parcelled = (labels == CODE["developed"]) | (labels == CODE["crop"])
    variant = torch.where(parcelled, cell, variant)
    return Land(
        labels=labels,
        variant=variant.clamp(0, 0.999),
        elevation=land.elevation * 0.3,
        town=torch.full_like(land.town, -9.0),
        block=land.block,
        wetness=torch.full_like(land.wetness, -9.0),
        under=labels,
        emerging=torch.zeros_like(land.emerging),
    )
