"""What happens between two dates: growth of towns, demolition, flood, drought, clearing, fire."""

from dataclasses import replace

import torch
from torch import Tensor

from terrascope_sdk.worlds.draws import Draws
from terrascope_sdk.worlds.landcover import CODE, Land, lattice

__all__ = ["BURNED", "happen"]

BURNED = 9
"""Surface code of burned ground; it has no land-cover label."""

_ODDS = {"growth": 0.32, "demolition": 0.11, "flood": 0.15, "drought": 0.06, "clearing": 0.11, "fire": 0.11}


def _is(labels: Tensor, *names: str) -> Tensor:
    found = torch.zeros_like(labels, dtype=torch.bool)
    for name in names:
        found |= labels == CODE[name]
    return found


def happen(draws: Draws, land: Land, gsd_m: Tensor) -> Land:
    """Return the land at a later date; about one scene in seven stays as it was.

    Args:
        draws: Source of randomness.
        land: The land before.
        gsd_m: Metres a pixel, [scene].

    Returns:
        The land after; burned ground has the code :data:`BURNED`.
    """
    n, size = len(gsd_m), land.labels.shape[-1]
    labels = land.labels
    pick = draws.uniform(n, 1, 1)
    edges = torch.tensor(list(_ODDS.values()), device=draws.device).cumsum(0)
    event = {name: (pick >= edges[i] - odds) & (pick < edges[i]) for i, (name, odds) in enumerate(_ODDS.items())}

    street = (draws.log_uniform(n, low=60, high=180) / gsd_m).clamp(min=3)
    number, _ = lattice(draws, street, size=size, aspect=draws.uniform(n, low=1, high=2), warp_px=2)
    near = draws.fractal(n, size=size, roughness=(2.6, 3.6)) + torch.where(land.town > -8, 0.7 * land.town, 0)
    reach = draws.uniform(n, 1, 1, low=0.5, high=1.7)
    new = (near > reach) & (number < draws.uniform(n, 1, 1, low=0.4, high=1.0))
    grown = torch.where(new & _is(labels, "grass", "crop", "bare", "tree", "shrub"), CODE["developed"], labels)

    gone = _is(labels, "developed") & (near > reach - 0.8) & (number < 0.6)
    cleared_to = torch.where(draws.chance(n, 1, 1, p=0.5), CODE["bare"], CODE["grass"]).to(torch.uint8)
    demolished = torch.where(gone, cleared_to, labels)

    smooth = draws.fractal(n, size=size, roughness=(2.8, 3.6))
    level = torch.where(land.wetness > -8, land.wetness, -land.elevation * 0.7 + 0.5 * smooth - 1.2)
    rise = draws.uniform(n, 1, 1, low=0.1, high=0.9)
    drowned = (level + rise > 0) & ~_is(labels, "snow")
    flooded = torch.where(drowned, CODE["water"], labels)
    shallow = draws.uniform(n, 1, 1, high=0.6) * torch.exp(
        -(level + rise).clamp_min(0) / draws.uniform(n, 1, 1, low=0.1)
    )
    rags = (0.7 + 0.5 * draws.fractal(n, size=size, roughness=(1.4, 2.6))).clamp(0, 1)
    fresh = event["flood"] & drowned & ~_is(labels, "water")
    emerging = torch.where(fresh, shallow * rags, 0.0)
    shore = torch.where(draws.chance(n, 1, 1, p=0.6), CODE["bare"], CODE["wetland"]).to(torch.uint8)
    dried = torch.where(_is(labels, "water") & (level - rise < 0), shore, labels)

    patch = (number < 0.5) & (smooth > draws.uniform(n, 1, 1, low=-0.6, high=0.8))
    felled = torch.where(patch & _is(labels, "tree", "shrub"), cleared_to, labels)
    hot = smooth + 0.15 * draws.fractal(n, size=size, roughness=(1.6, 2.2)) > draws.uniform(n, 1, 1, low=-0.4, high=0.9)
    burned = torch.where(hot & _is(labels, "tree", "shrub", "grass", "wetland"), BURNED, labels)

    after = labels
    outcomes = (grown, demolished, flooded, dried, felled, burned)
    for name, outcome in zip(_ODDS, outcomes, strict=True):
        after = torch.where(event[name], outcome.to(torch.uint8), after)
    return replace(land, labels=after.to(torch.uint8), under=labels, emerging=emerging)
