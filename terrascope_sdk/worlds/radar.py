"""SAR images of surfaces in dB: speckle, layover-bright towns, wind on water, slopes, fields."""

import torch
from torch import Tensor

from terrascope_sdk.worlds.draws import Draws
from terrascope_sdk.worlds.landcover import CODE
from terrascope_sdk.worlds.optics import blurred
from terrascope_sdk.worlds.spectra import MATERIALS
from terrascope_sdk.worlds.surfaces import Cover, Palette

__all__ = ["backscatter_db"]

_LN_PER_DB = 0.2302585


def _speckle(draws: Draws, looks: Tensor, shape: tuple[int, ...]) -> Tensor:
    """Return multiplicative speckle of mean 1 by the Wilson-Hilferty form of the gamma distribution."""
    inverse = 1 / (9 * looks)
    return (1 - inverse + torch.sqrt(inverse) * draws.normal(*shape)).clamp_min(0.02) ** 3


def backscatter_db(draws: Draws, palette: Palette, cover: Cover, *, slope: Tensor, fine: Tensor) -> Tensor:
    """Return VV and VH in dB, [scene, 2, y, x].

    Args:
        draws: Source of randomness.
        palette: Materials of the scenes.
        cover: What the pixels are covered with.
        slope: Brightness factor of slopes towards the radar, near 1 [scene, y, x].
        fine: True for scenes whose speckle is much reduced (composites), [scene].
    """
    surface = cover.surface
    n = len(surface)
    means = torch.tensor([[m.vv_db, m.vh_db] for m in MATERIALS], device=surface.device)
    table = means[palette.choice] + palette.shift_db
    image = palette.mixed(table, cover)
    # wind roughens water, in VV most
    wind = draws.uniform(n, 1, 1, 1, high=8.0) * draws.chance(n, 1, 1, 1, p=0.4)
    pull = torch.tensor([1.0, 0.35], device=surface.device)[None, :, None, None]
    gusts = 1 + 0.3 * draws.fractal(n, 1, size=surface.shape[-1], roughness=(2.6, 3.4))
    water = (surface == CODE["water"])[:, None]
    image = torch.where(water, image + wind * pull * gusts, image)
    # walls and edges facing the radar: few very bright pixels
    town = (surface == CODE["developed"])[:, None]
    glint = (draws.normal(n, 1, *surface.shape[1:]) - 0.9).clamp_min(0) * 6.0
    image = torch.where(town, image - 1.5 + glint, image)
    # what stands out of shallow water
    linear = palette.emerged(torch.exp(image * _LN_PER_DB), torch.exp(table * _LN_PER_DB), cover)
    image = torch.log(linear) / _LN_PER_DB
    image = image + 10 * torch.log10(slope.clamp(0.3, 2.0))[:, None] * draws.uniform(n, 1, 1, 1, high=1.5)
    image = image + 0.5 * draws.fractal(n, 2, size=surface.shape[-1], roughness=(1.4, 2.6))
    along = torch.linspace(-1, 1, surface.shape[-1], device=surface.device)
    image = image + draws.normal(n, 1, 1, 1, scale=0.6) * along  # incidence angle across the scene
    image = image + draws.normal(n, 2, 1, 1, scale=0.5)
    linear = torch.exp(image * _LN_PER_DB)
    looks = torch.where(fine, draws.uniform(n, low=15, high=60), draws.uniform(n, low=4, high=10))[:, None, None, None]
    linear = linear * _speckle(draws, looks, tuple(linear.shape))
    linear = blurred(linear, draws.uniform(n, low=0.25, high=0.6))
    floor = 10 ** (draws.uniform(n, 1, 1, 1, low=-2.9, high=-2.4))
    return 10 * torch.log10(linear + floor * torch.tensor([1.0, 0.5], device=surface.device)[None, :, None, None])
