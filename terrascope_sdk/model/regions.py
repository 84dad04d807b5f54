"""From a mask back to evidence: the visual tokens under it, pooled by the mask and placed by smooth coordinates.

The paper feeds back the projected visual tokens whose cell the mask covers by more than half, at most 128, thinned
evenly in space (equation 3 and supplement C). Here each token is the mask-weighted mean of the features in a cell of
the grid, so thin things count too; it carries where in the cell the mask lies and how much of the cell it covers, and
one more token stands for the whole mask. Features are normalised and coordinates are smooth functions: without both
the language model ignores what is fed back (see ``docs/training-log.md``).
"""

import math
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional

from terrascope_sdk.model.config import CompactConfig

__all__ = ["Evidence", "RegionTokens", "grid_pooled", "pool_mask", "thin_evenly"]

_COVERED = 0.06
"""A cell counts when the mask covers at least this share of it; the best-covered one always counts."""


@dataclass
class Pooled:
    """Masks on the grid of visual tokens."""

    features: Tensor
    """Mask-weighted mean features of cells and, last, of the whole mask, [mask, cell + 1, width]."""

    places: Tensor
    """Centre of the mask in each cell and of the whole, x and y from -1 to 1, [mask, cell + 1, 2]."""

    cover: Tensor
    """Share of each cell, and of the frame, that the mask covers, 0-1, [mask, cell + 1]."""


@dataclass
class Evidence:
    """Tokens that stand for one mask."""

    embeddings: Tensor
    """Input embeddings [token, width]; the last stands for the whole mask."""

    positions: tuple[int, ...]
    """Cells of the grid they came from, row by row."""


def grid_pooled(coarse: Tensor, grid: int) -> Tensor:
    """Return features [image, cell, width] on the grid of visual tokens, from features at stride 8."""
    return functional.adaptive_avg_pool2d(coarse.float(), grid).flatten(2).transpose(1, 2)


def pool_mask(coarse: Tensor, mask: Tensor, grid: int, *, frame: tuple[int, int] | None = None) -> Pooled:
    """Pool features under masks.

    Args:
        coarse: Features at stride 8, [mask, width, y / 8, x / 8].
        mask: Weight of each pixel 0-1, [mask, y, x]; height and width multiples of 8.
        grid: Cells a side.
        frame: Height and width in pixels without padding; places and the cover of the whole refer to it.
    """
    weight = mask[:, None].float()
    height, width = weight.shape[-2:]
    y = torch.linspace(-1 + 1 / height, 1 - 1 / height, height, device=mask.device)[:, None]
    x = torch.linspace(-1 + 1 / width, 1 - 1 / width, width, device=mask.device)
    where = functional.avg_pool2d(torch.cat([x * weight, y * weight, weight], 1), 8)
    layers = torch.cat([coarse.float() * where[:, 2:], where], 1)
    cells = functional.adaptive_avg_pool2d(layers, grid).flatten(2)
    every = torch.cat([cells, cells.mean(2, keepdim=True)], 2).transpose(1, 2)
    share = every[..., -1]
    mean = every[..., :-1] / share.clamp_min(1e-6)[..., None]
    if frame is not None:
        tall, wide = mask.shape[-2] / frame[0], mask.shape[-1] / frame[1]
        stretch = torch.tensor([wide, tall], device=mask.device)
        placed = (mean[..., -2:] + 1) * stretch - 1
        whole = (share[:, -1:] * tall * wide).clamp(max=1.0)
        return Pooled(mean[..., :-2], placed, torch.cat([share[:, :-1], whole], 1))
    return Pooled(mean[..., :-2], mean[..., -2:], share)


def thin_evenly(count: int, most: int) -> list[int]:
    """Return which of `count` things to keep so that at most `most` are left, evenly spread.

    >>> thin_evenly(3, 4), thin_evenly(8, 4)
    ([0, 1, 2], [1, 3, 5, 7])
    """
    if count <= most:
        return list(range(count))
    return [math.floor((i + 0.5) * count / most) for i in range(most)]


class RegionTokens(nn.Module):
    """Makes embeddings of image cells and of masks."""

    def __init__(self, config: CompactConfig) -> None:
        super().__init__()
        self.grid, self.most = config.grid, config.max_region_tokens
        inside, width = config.widths[3], config.lm_width
        self.norm = nn.RMSNorm(inside)
        self.feature = nn.Linear(inside, width)
        self.place = nn.Linear(11, width)
        self.cover = nn.Linear(6, width, bias=False)
        self.kind = nn.Embedding(3, width)
        nn.init.normal_(self.feature.weight, std=0.01)
        nn.init.normal_(self.place.weight, std=0.15)
        nn.init.normal_(self.cover.weight, std=0.1)
        nn.init.normal_(self.kind.weight, std=0.1)

    def _placed(self, places: Tensor) -> Tensor:
        x, y = places[..., 0], places[..., 1]
        turns = [f(k * math.pi * v / 2) for v in (x, y) for k in (1, 2) for f in (torch.sin, torch.cos)]
        code = torch.stack([x, y, x * y, *turns], -1)
        made: Tensor = self.place(code)
        return made

    def _covered(self, cover: Tensor) -> Tensor:
        c = cover.clamp(0, 1)
        log = torch.log(c + 1e-4) / 4
        code = torch.stack([c, c.sqrt(), log, log**2 / 2, torch.sin(6.2832 * c), torch.cos(6.2832 * c)], -1)
        made: Tensor = self.cover(code)
        return made

    def image_tokens(self, coarse: Tensor) -> Tensor:
        """Return the visual tokens of images, [image, cell, width], from features at stride 8."""
        cells = grid_pooled(coarse, self.grid)
        axis = torch.linspace(-1 + 1 / self.grid, 1 - 1 / self.grid, self.grid, device=coarse.device)
        y, x = torch.meshgrid(axis, axis, indexing="ij")
        places = torch.stack([x, y], -1).reshape(1, -1, 2)
        made: Tensor = self.feature(self.norm(cells)) + self._placed(places) + self.kind.weight[0]
        return made

    def mask_tokens(self, pooled: Pooled) -> Tensor:
        """Return embeddings of every cell and of the whole for pooled masks, [mask, cell + 1, width]."""
        kinds = self.kind.weight[[1] * (pooled.cover.shape[1] - 1) + [2]]
        seen = (pooled.cover > 0)[..., None]
        shown = self.feature(self.norm(pooled.features)) + self._placed(pooled.places)
        return torch.where(seen, shown, 0.0) + self._covered(pooled.cover) + kinds

    def kept(self, cover: Tensor) -> list[int]:
        """Return the cells of one mask to feed back, in order, from the cover of every cell and the whole."""
        cells = cover[:-1]
        if float(cover[-1]) <= 0:
            return []
        chosen = torch.nonzero(cells >= _COVERED).flatten().tolist() or [int(cells.argmax())]
        return [chosen[i] for i in thin_evenly(len(chosen), self.most)]

    def evidence(self, coarse: Tensor, mask: Tensor, *, frame: tuple[int, int] | None = None) -> Evidence:
        """Return what to feed back after one mask.

        Args:
            coarse: Features at stride 8 of the image it was seen in, [width, y / 8, x / 8].
            mask: Weight of each pixel 0-1, [y, x].
            frame: Height and width in pixels without padding.
        """
        pooled = pool_mask(coarse[None], mask[None], self.grid, frame=frame)
        keep = self.kept(pooled.cover[0])
        tokens = self.mask_tokens(pooled)[0]
        return Evidence(tokens[[*keep, len(tokens) - 1]], tuple(keep))
