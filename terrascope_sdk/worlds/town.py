"""Towns at 0.1 to 2 m: streets, single buildings with shadows, gardens, tree crowns, ponds; and their changes."""

from dataclasses import dataclass

import torch
from torch import Tensor

from terrascope_sdk.worlds.draws import Draws
from terrascope_sdk.worlds.landcover import CODE, lattice, lines

__all__ = ["BUILDING", "PAVED", "ROAD", "RUBBLE", "Town", "build_town", "cast_shadow"]

BUILDING, ROAD, RUBBLE, PAVED = 10, 11, 12, CODE["developed"]
"""Surface codes beyond the land-cover classes."""


@dataclass
class Town:
    """A town at two dates."""

    before: Tensor
    """Surface codes, uint8 [scene, y, x]."""

    after: Tensor
    """Surface codes at the later date."""

    variant: Tensor
    """Which material of its surface a pixel leans to, 0-1; one value a roof."""

    shade: Tensor
    """Brightness factor of roof slopes, [scene, y, x]."""

    tall_before: Tensor
    """Where things stand high enough to cast a shadow at the first date, bool."""

    tall_after: Tensor
    """The same at the later date."""


def _roofs(draws: Draws, gsd_m: Tensor, size: int) -> tuple[Tensor, Tensor, Tensor]:
    """Return where roofs are, the random number of each plot, and the brightness of the slopes."""
    n = len(gsd_m)
    along = torch.arange(size, device=draws.device, dtype=torch.float32) + 0.5
    y, x = along[None, :, None], along[None, None, :]
    angle = draws.uniform(n, 1, 1, high=3.1416)
    plot = (draws.log_uniform(n, 1, 1, low=10, high=30) / gsd_m[:, None, None]).clamp(min=4)
    aspect = draws.uniform(n, 1, 1, low=1.0, high=1.6)
    bend = draws.fractal(n, 2, size=size, roughness=(6.0, 7.0)) * (0.15 * plot[:, None]).clamp(max=0.02 * size)
    u = (x * torch.cos(angle) + y * torch.sin(angle) + bend[:, 0]) / plot
    v = (y * torch.cos(angle) - x * torch.sin(angle) + bend[:, 1]) / (plot * aspect)
    iu, iv = torch.floor(u), torch.floor(v)

    def number(k: float) -> Tensor:
        return torch.frac(torch.sin(iu * (127.1 + k) + iv * (311.7 - k) + angle * (91.7 + k)) * 43758.5453).abs()

    turn = (number(3.1) - 0.5) * draws.uniform(n, 1, 1, high=1.2)
    du, dv = u - iu - 0.5 - (number(5.7) - 0.5) * 0.2, v - iv - 0.5 - (number(9.2) - 0.5) * 0.2
    ru, rv = du * torch.cos(turn) + dv * torch.sin(turn), dv * torch.cos(turn) - du * torch.sin(turn)
    half_u, half_v = 0.18 + 0.29 * number(11.3), 0.18 + 0.29 * number(13.9)
    inside = (ru.abs() < half_u) & (rv.abs() < half_v)
    notch = (number(17.1) < 0.3) & (ru > 0) & (rv > 0.2 * half_v)  # an L
    some = number(1.3) < draws.uniform(n, 1, 1, low=0.45, high=1.0)
    ridge = torch.where(number(19.3) < 0.7, torch.sign(ru) * (number(23.3) - 0.5) * 0.5, 0.0)
    settled = number(29.7) < draws.uniform(n, 1, 1, low=0.5, high=1.0)  # whole plots stay empty, never parts of roofs
    return inside & ~notch & some & settled, number(0.0), 1 + ridge


def cast_shadow(tall: Tensor, length_px: Tensor, azimuth: Tensor) -> Tensor:
    """Return the ground in the shadow of tall things, bool [scene, y, x].

    Args:
        tall: Where they stand, bool [scene, y, x].
        length_px: How far their shadows reach, pixels [scene].
        azimuth: Where the shadows point, radians [scene].
    """
    n, rows, columns = tall.shape
    steps = 8
    which = torch.arange(n, device=tall.device)[:, None, None]
    y = torch.arange(rows, device=tall.device)[None, :, None]
    x = torch.arange(columns, device=tall.device)[None, None, :]
    dark = torch.zeros_like(tall)
    for step in range(1, steps + 1):
        reach = length_px * step / steps
        dy = (reach * torch.sin(azimuth)).round().long()[:, None, None]
        dx = (reach * torch.cos(azimuth)).round().long()[:, None, None]
        dark |= tall[which, (y - dy).clamp(0, rows - 1), (x - dx).clamp(0, columns - 1)]
    return dark & ~tall


def build_town(draws: Draws, gsd_m: Tensor, *, size: int) -> Town:
    """Return a town for each ground sample distance.

    Args:
        draws: Source of randomness.
        gsd_m: Metres a pixel, 0.1 to 2, [scene].
        size: Rows and columns.
    """
    n = len(gsd_m)
    roof, plot, shade = _roofs(draws, gsd_m, size)
    ground = draws.fractal(n, 4, size=size, roughness=(2.8, 4.2)) + draws.normal(n, 4, 1, 1, scale=1.2)
    codes = torch.tensor([CODE["grass"], CODE["bare"], PAVED, CODE["crop"]], device=draws.device, dtype=torch.uint8)
    ground[:, 3] -= 1.5
    surface = codes[ground.argmax(1)]
    pond = draws.chance(n, 1, 1, p=0.12) & (draws.fractal(n, size=size, roughness=(3, 4)) > 1.0)
    surface = torch.where(pond, CODE["water"], surface)

    street = draws.log_uniform(n, low=35, high=110) / gsd_m
    _, kerb = lattice(draws, street, size=size, aspect=draws.uniform(n, low=1, high=2.2), warp_px=4)
    half_px = draws.uniform(n, 1, 1, low=1.6, high=4.5) / gsd_m[:, None, None]
    road = (kerb < half_px) & draws.chance(n, 1, 1, p=0.7)
    road |= (lines(draws, n, size=size, bend_px=10) < 1.3 * half_px) & draws.chance(n, 1, 1, p=0.4)
    surface = torch.where(road, ROAD, surface)

    roof &= ~road & ~pond
    crown_px = (draws.log_uniform(n, low=3, high=12) / gsd_m).clamp(min=2.5)
    crown, edge = lattice(draws, crown_px, size=size, aspect=torch.ones(n, device=draws.device), warp_px=3)
    deep = edge / crown_px[:, None, None] > 0.12 + 0.15 * draws.fractal(n, size=size, roughness=(2.4, 3.4)).abs()
    tree = deep & (crown < draws.uniform(n, 1, 1, low=0.0, high=0.35)) & ~road & ~pond
    surface = torch.where(tree, CODE["tree"], surface)
    open_ground = surface

    before = torch.where(roof & ~(tree & (crown < 0.08)), BUILDING, surface)
    change = torch.frac(plot * 37.7)
    changes = draws.chance(n, 1, 1, p=0.65)
    how_many = draws.uniform(n, 1, 1, low=0.05, high=0.7) * changes
    lost = (before == BUILDING) & (change < how_many)
    after = torch.where(lost, torch.where(draws.chance(n, 1, 1, p=0.7), RUBBLE, CODE["bare"]).to(torch.uint8), before)
    # in some towns the dates are the other way round: buildings appear
    first = torch.where(lost, open_ground, before)
    turned = draws.chance(n, 1, 1, p=0.4)
    before, after = torch.where(turned, first, before), torch.where(turned, before, after)
    variant = torch.where(roof, plot, draws.fractal(n, size=size, roughness=(2.4, 3.8)) * 0.22 + 0.5)
    return Town(
        before=before.to(torch.uint8),
        after=after.to(torch.uint8),
        variant=variant.clamp(0, 0.999),
        shade=torch.where(roof, shade, 1.0),
        tall_before=(before == BUILDING) | (before == CODE["tree"]),
        tall_after=(after == BUILDING) | (after == CODE["tree"]),
    )
