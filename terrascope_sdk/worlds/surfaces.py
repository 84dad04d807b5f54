"""Which materials each surface of a scene is made of, drawn anew for every scene and date."""

from dataclasses import dataclass

import torch
from torch import Tensor

from terrascope_sdk.worlds.draws import Draws
from terrascope_sdk.worlds.spectra import CLASSES, MATERIALS, materials_of

__all__ = ["CHOICES", "Cover", "Palette", "draw_palette"]

CHOICES = 4
"""Materials that one surface of one scene mixes."""

_NAMED = {m.name: i for i, m in enumerate(MATERIALS)}
_ROOFS = ("concrete and roofs", "red tiles", "bright halls", "dark roofs", "sheet metal roofs", "sheet metal roofs")
_ROADS = ("asphalt", "asphalt", "concrete and roofs", "red soil", "gravel")
_RUBBLE = ("gravel", "concrete and roofs", "dark rock", "red soil")
_SURFACES: tuple[tuple[int, ...], ...] = (
    *(materials_of(c) for c in CLASSES),
    materials_of("burned"),
    *(tuple(_NAMED[name] for name in names) for names in (_ROOFS, _ROADS, _RUBBLE)),
)
_SEASONAL = (0, 1, 2, 3, 4, 7, 8)  # water, plants and snow look different on another date; stone and roofs do not


@dataclass(frozen=True)
class Cover:
    """What the pixels of scenes are covered with."""

    surface: Tensor
    """Surface codes [scene, y, x]."""

    variant: Tensor
    """Place between the materials of a surface, 0-1 [scene, y, x]."""

    under: Tensor | None = None
    """Surface codes of what lies under shallow water [scene, y, x]."""

    emerging: Tensor | None = None
    """Share of a pixel in which that shows, 0-1 [scene, y, x]."""


class Palette:
    """Materials of each surface of each scene, with the scene's own departures from them."""

    def __init__(self, choice: Tensor, draws: Draws) -> None:
        self.choice = choice
        """Material positions, [scene, surface, CHOICES]."""
        n, surfaces, _ = choice.shape
        self.brightness = torch.exp(draws.normal(n, surfaces, CHOICES, 1, scale=0.14))
        """Factor on all bands."""
        self.tilt = draws.normal(n, surfaces, CHOICES, 1, scale=0.10)
        """Exponent of the wavelength."""
        self.jitter = draws.normal(n, surfaces, CHOICES, 16, scale=0.06)
        """Relative departure of single bands."""
        self.shift_db = draws.normal(n, surfaces, 1, 2, scale=1.2) + draws.normal(n, surfaces, CHOICES, 2, scale=0.6)
        """Departure of the backscatter, dB."""

    def emerged(self, image: Tensor, table: Tensor, cover: Cover) -> Tensor:
        """Return an image [scene, band, y, x] in which what lies under shallow water shows.

        Args:
            image: What the pixels show without it, on a linear scale.
            table: Values of the materials on the same scale, [scene, surface, CHOICES, band].
            cover: What the pixels are covered with.
        """
        if cover.emerging is None or cover.under is None:
            return image
        some = torch.nonzero(cover.emerging.flatten(1).any(1))[:, 0]
        if len(some) == 0:
            return image
        below = self.mixed(table[some], Cover(cover.under[some], cover.variant[some]))
        return image.index_copy(0, some, torch.lerp(image[some], below, cover.emerging[some][:, None]))

    def mixed(self, table: Tensor, cover: Cover) -> Tensor:
        """Return what each pixel shows of a table of materials, [scene, band, y, x]; nothing emerges.

        Args:
            table: Values [scene, surface, CHOICES, band].
            cover: What the pixels are covered with.
        """
        surface = cover.surface
        n, surfaces, _, bands = table.shape
        place = cover.variant * (CHOICES - 1)
        low = place.floor().clamp(0, CHOICES - 2)
        share = (place - low)[..., None]
        offset = torch.arange(n, device=surface.device)[:, None, None] * surfaces
        at = (offset + surface.long()) * CHOICES + low.long()
        flat = table.reshape(-1, bands)
        return (flat[at] * (1 - share) + flat[at + 1] * share).movedim(-1, 1)


def draw_palette(draws: Draws, n: int, like: Palette | None = None) -> Palette:
    """Return materials for `n` scenes; with `like`, those of a later date of the same scenes."""
    size = max(len(s) for s in _SURFACES)
    table = torch.tensor([[s[i % len(s)] for i in range(size * 4)] for s in _SURFACES], device=draws.device)
    lengths = torch.tensor([len(s) for s in _SURFACES], device=draws.device)
    pick = (draws.uniform(n, len(_SURFACES), CHOICES) * lengths[None, :, None]).long()
    choice = table[torch.arange(len(_SURFACES), device=draws.device)[None, :, None], pick]
    if like is not None:
        seasonal = torch.zeros(len(_SURFACES), dtype=torch.bool, device=draws.device)
        seasonal[list(_SEASONAL)] = True
        again = seasonal[None, :, None] & draws.chance(n, len(_SURFACES), 1, p=0.6)
        choice = torch.where(again, choice, like.choice)
    palette = Palette(choice, draws)
    if like is not None:  # the same stone keeps its colour from date to date
        palette.brightness = 0.3 * palette.brightness + 0.7 * like.brightness
        palette.jitter = 0.3 * palette.jitter + 0.7 * like.jitter
        palette.shift_db = 0.4 * palette.shift_db + 0.6 * like.shift_db
    return palette
