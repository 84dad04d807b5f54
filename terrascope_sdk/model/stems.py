"""The first layers: optical bands by their wavelengths, SAR by its two polarisations, both to full-resolution features.

The optical stem makes its weights from each band's wavelength and width (in the manner of DOFA, Xiong et al. 2024,
arXiv 2403.15356), so that any set of bands goes through one network and a band that is absent is left out of a sum
instead of being imputed. It sees the logarithm of reflectance beside reflectance itself: a difference of logarithms is
a band ratio, and does not change with illumination.
"""

import math

import torch
from torch import Tensor, nn
from torch.nn import functional

__all__ = ["OpticalStem", "SarStem", "conv_block"]


def conv_block(inside: int, outside: int, *, kernel: int = 3, stride: int = 1, dilation: int = 1) -> nn.Sequential:
    """Return convolution, batch normalisation and ReLU."""
    pad = dilation * (kernel // 2)
    conv = nn.Conv2d(inside, outside, kernel, stride, pad, dilation, bias=False)
    return nn.Sequential(conv, nn.BatchNorm2d(outside), nn.ReLU())


def _spectral_code(centres_nm: Tensor, widths_nm: Tensor) -> Tensor:
    """Return smooth features of a band's place and width in the spectrum, [image, band, 18]."""
    place = torch.log(centres_nm / 400) / math.log(2400 / 400)  # 0-1 from 400 to 2400 nm
    waves = place[..., None] * torch.tensor([1.0, 2.0, 4.0, 8.0]).to(place) * 2 * math.pi / 2
    narrow = torch.log(widths_nm / 50)[..., None] / 2
    centres = torch.linspace(0, 1, 8).to(place)
    bumps = torch.exp(-(((place[..., None] - centres) / 0.09) ** 2))
    return torch.cat([torch.sin(waves), torch.cos(waves), bumps, place[..., None], narrow], -1)


class OpticalStem(nn.Module):
    """Any set of optical bands to full-resolution features."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.width = width
        self.weights = nn.Sequential(nn.Linear(18, 96), nn.GELU(), nn.Linear(96, 3 * width))
        self.quantity = nn.Embedding(3, width)
        self.mix = nn.Sequential(conv_block(width, width, kernel=1), conv_block(width, width, kernel=1))
        nn.init.normal_(self.quantity.weight, std=0.1)

    def forward(
        self, optical: Tensor, *, centres_nm: Tensor, widths_nm: Tensor, present: Tensor, quantity: Tensor
    ) -> Tensor:
        """Return features [image, width, y, x]."""
        n, _, height, width = optical.shape
        made = self.weights(_spectral_code(centres_nm, widths_nm)).float()
        made = torch.where(present[..., None], made, 0.0) / present.sum(1).clamp_min(1).sqrt()[:, None, None]
        by_log, by_value, known = made.chunk(3, -1)
        x = optical.clamp(-0.02, 1.6)
        values = torch.cat([torch.log(x.clamp_min(0.0) + 0.02) + 2.0, (x - 0.15) * 3], 1).flatten(2)
        kernel = torch.cat([by_log, by_value], 1).transpose(1, 2)
        summed = torch.bmm(kernel, values).reshape(n, self.width, height, width)
        summed = summed.contiguous(memory_format=torch.channels_last)
        bias = known.sum(1) + self.quantity(quantity)
        mixed: Tensor = self.mix(functional.relu(summed + bias[..., None, None]))
        return mixed


class SarStem(nn.Module):
    """VV and VH in dB to full-resolution features."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.first = conv_block(3, width)

    def forward(self, sar: Tensor, valid: Tensor) -> Tensor:
        """Return features [image, width, y, x]; pixels that are not valid count as average ground."""
        vv, vh = (sar[:, 0] + 13) / 6, (sar[:, 1] + 20) / 6
        x = torch.stack([vv, vh, (sar[:, 0] - sar[:, 1] - 7) / 4], 1).clamp(-4, 4)
        made: Tensor = self.first(torch.where(valid[:, None], x, 0.0))
        return made
