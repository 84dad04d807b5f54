"""Optical images of surfaces: mixtures, texture, light and shade, blur, haze, clouds and their shadows."""

from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional

from terrascope_sdk.worlds.draws import Draws
from terrascope_sdk.worlds.spectra import MATERIALS, band_reflectance
from terrascope_sdk.worlds.surfaces import Cover, Palette

__all__ = ["Seeing", "blurred", "cloud_over", "hillshade", "reflectance"]


def blurred(image: Tensor, sigma_px: Tensor) -> Tensor:
    """Return images [scene, band, y, x] smoothed by a 3 x 3 kernel of the given width, pixels [scene]."""
    n, bands = image.shape[:2]
    side = torch.exp(-0.5 / sigma_px.clamp_min(0.2) ** 2)
    line = torch.stack([side, torch.ones_like(side), side], 1)
    line = line / line.sum(1, keepdim=True)
    flat = image.reshape(1, n * bands, *image.shape[2:])
    for shape, pad in (((3, 1), (0, 0, 1, 1)), ((1, 3), (1, 1, 0, 0))):
        kernel = line[:, None].expand(n, bands, 3).reshape(n * bands, 1, *shape)
        flat = functional.conv2d(functional.pad(flat, pad, mode="replicate"), kernel, groups=n * bands)
    return flat.reshape(image.shape)


def hillshade(draws: Draws, elevation: Tensor) -> Tensor:
    """Return a brightness factor near 1 for slopes towards and away from the sun, [scene, y, x]."""
    n = len(elevation)
    azimuth = draws.uniform(n, 1, 1, high=6.2832)
    dy = functional.pad(elevation[:, 1:] - elevation[:, :-1], (0, 0, 0, 1))
    dx = functional.pad(elevation[:, :, 1:] - elevation[:, :, :-1], (0, 1))
    strength = draws.uniform(n, 1, 1, high=1.6) * draws.chance(n, 1, 1, p=0.7)
    return (1 + strength * (dx * torch.cos(azimuth) + dy * torch.sin(azimuth))).clamp(0.0, 1.8)


def cloud_over(draws: Draws, n: int, *, size: int, share: Tensor) -> tuple[Tensor, Tensor]:
    """Return opacity of cloud and depth of its shadow, 0-1, [scene, y, x].

    Args:
        draws: Source of randomness.
        n: Scenes.
        size: Rows and columns.
        share: Share of the scene under cloud, 0-1; 0 for none, [scene].
    """
    field = draws.fractal(n, size=size, roughness=(2.4, 3.4))
    cut = 1.4142 * torch.erfinv(1 - 2 * share.clamp(0.001, 0.98))[:, None, None]
    soft = draws.uniform(n, 1, 1, low=0.1, high=0.6)
    some = (share > 0)[:, None, None]
    opacity = torch.where(some, torch.sigmoid((field - cut) / soft * 4), 0.0)
    opacity = torch.where(opacity > 0.08, opacity, 0.0)
    dy, dx = (int(v) for v in draws.integers(2, n=21) - 10)
    shadow = torch.roll(opacity, (dy, dx), (1, 2)) * draws.uniform(n, 1, 1, low=0.3, high=0.75)
    return opacity, shadow * (1 - opacity)


@dataclass(frozen=True)
class Seeing:
    """Which sensor looks at scenes, and through what."""

    centres_nm: Tensor
    """Centre wavelengths, nanometres [scene, band]."""

    widths_nm: Tensor
    """Band widths, nanometres [scene, band]."""

    light: Tensor
    """Brightness factor of slopes and shadows [scene, y, x]."""

    cloud: tuple[Tensor, Tensor]
    """Opacity and shadow depth from :func:`cloud_over`."""

    top: Tensor
    """True where the values are of the top of the atmosphere, [scene]."""

    grain_scale: float = 1.0
    """Factor on the materials' texture, which is given for 10 m."""


_GASES = ((490, 0.98), (560, 0.94), (665, 0.95), (705, 0.94), (740, 0.96), (783, 0.98), (842, 0.90), (865, 0.99),
          (1610, 0.96), (2190, 0.88))  # fmt: skip
"""Share of light that vapour and ozone let through, down and up, by wavelength in nm, for bands like Sentinel-2's."""


def _through_air(draws: Draws, image: Tensor, centres_nm: Tensor, top: Tensor) -> Tensor:
    """Return reflectance with haze and, at the top of the atmosphere, with its scattering and absorption.

    The levels were set beside Sentinel-2 scenes of Slovenia (its training part): dark forest there shows a path
    reflectance of 0.04 to 0.065 at 490 nm, which falls faster than Rayleigh's law towards the red.
    """
    n = len(image)
    short = centres_nm / 490
    haze = draws.normal(n, 1, scale=0.012).abs() * short ** -draws.uniform(n, 1, low=0.8, high=2.5)
    sky = draws.uniform(n, 1, low=0.04, high=0.065) * short ** -draws.uniform(n, 1, low=4.0, high=5.0)
    path = haze + torch.where(top[:, None], sky, 0.0)
    known = torch.tensor(_GASES, device=image.device)
    nearest = (centres_nm[..., None] - known[:, 0]).abs().argmin(-1)
    passed = known[:, 1][nearest] ** draws.uniform(n, 1, low=0.5, high=1.5)
    passed = torch.where(top[:, None], passed, 1.0)[..., None, None]
    return image * passed * (1 - 0.8 * path[..., None, None]) + path[..., None, None]


def _lit(draws: Draws, seeing: Seeing) -> Tensor:
    """Return the factor of the light on slopes and in shadows, [scene, band, y, x]: there the blue sky still shines."""
    n = len(seeing.light)
    sky = draws.uniform(n, 1, low=0.15, high=0.4) * (seeing.centres_nm / 490) ** -draws.uniform(n, 1, low=1.0, high=2.5)
    sky = sky.clamp(max=0.6)[..., None, None]
    return seeing.light[:, None] * (1 - sky) + sky


def reflectance(draws: Draws, palette: Palette, cover: Cover, seeing: Seeing) -> Tensor:
    """Return what a sensor sees.

    Args:
        draws: Source of randomness.
        palette: Materials of the scenes.
        cover: What the pixels are covered with.
        seeing: Sensor, light and air.

    Returns:
        Reflectance [scene, band, y, x].
    """
    centres_nm = seeing.centres_nm
    n, bands = centres_nm.shape
    seen = band_reflectance(centres_nm, seeing.widths_nm)  # [scene, band, material]
    at = palette.choice.reshape(n, 1, -1).expand(n, bands, -1)
    table = torch.gather(seen, 2, at).reshape(n, bands, *palette.choice.shape[1:]).movedim(1, -1)
    micron = centres_nm / 800
    bend = micron[:, None, None, :] ** palette.tilt
    table = table * palette.brightness * bend * (1 + palette.jitter[..., :bands])
    image = palette.emerged(palette.mixed(table, cover), table, cover)

    texture = torch.tensor([m.texture for m in MATERIALS], device=table.device)[palette.choice][..., None]
    grain = palette.mixed(texture, cover) * seeing.grain_scale
    rough = 0.7 * draws.normal(n, 1, *cover.surface.shape[1:]) + 0.5 * draws.fractal(
        n, 1, size=cover.surface.shape[-1], roughness=(1.2, 2.2)
    )
    image = image * (1 + grain * rough).clamp(0.25, 2.2) * _lit(draws, seeing)
    image = blurred(image, draws.uniform(n, low=0.35, high=0.85))

    gain = torch.exp(draws.normal(n, 1, scale=0.10)) * micron ** draws.normal(n, 1, scale=0.10)
    gain = gain * (1 + draws.normal(n, bands, scale=0.035))
    image = image * gain[..., None, None]
    image = _through_air(draws, image, centres_nm, seeing.top)

    opacity, shadow = seeing.cloud
    bright = draws.uniform(n, 1, 1, 1, low=0.35, high=0.9) * (1 + 0.08 * draws.normal(n, 1, *cover.surface.shape[1:]))
    infrared = 1 - 0.45 * ((centres_nm - 900) / 1300).clamp(0, 1)[..., None, None]
    image = image * (1 - shadow[:, None] * 0.8)
    image = image * (1 - opacity[:, None]) + bright * infrared * opacity[:, None]
    noise = draws.uniform(n, 1, 1, 1, low=0.001, high=0.006)
    return image + noise * draws.normal(n, bands, *cover.surface.shape[1:])
