"""The encoder: images of two sensors to features at full resolution and to the features behind the visual tokens.

It is convolutional throughout, so what it says of a pixel depends on a bounded neighbourhood only (:data:`REACH_PX`);
a scene cut into tiles with that margin gives exactly what the whole gives.
"""

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional

from terrascope_sdk.model.config import CompactConfig
from terrascope_sdk.model.fusion import Gate
from terrascope_sdk.model.stems import OpticalStem, SarStem, conv_block
from terrascope_sdk.model.views import Views

__all__ = ["REACH_PX", "STRIDE", "Encoded", "Encoder"]

REACH_PX = 144
"""Farthest pixel, in rows or columns, that can change what is said of a pixel; a multiple of the stride."""

STRIDE = 8
"""Heights and widths must be multiples of this."""


@dataclass
class Encoded:
    """What the encoder makes of images."""

    pixels: Tensor
    """Full-resolution features [image, width, y, x]."""

    halves: Tensor
    """Features at stride 2, for comparing dates, [image, width, y / 2, x / 2]."""

    coarse: Tensor
    """Features at stride 8, behind the visual tokens, [image, width, y / 8, x / 8]."""

    optical_weight: Tensor
    """How much of the features at stride 4 comes from the optical image, 0-1, [image, y / 4, x / 4]."""


class _Residual(nn.Module):
    def __init__(self, width: int, dilation: int = 1) -> None:
        super().__init__()
        self.first = conv_block(width, width, dilation=dilation)
        self.second = nn.Conv2d(width, width, 3, padding=1, bias=False)
        self.norm = nn.BatchNorm2d(width)

    def forward(self, x: Tensor) -> Tensor:
        made: Tensor = functional.relu(x + self.norm(self.second(self.first(x))))
        return made


class _Modulation(nn.Module):
    """Scale and shift of channels by ground sample distance and quantity."""

    def __init__(self, width: int) -> None:
        super().__init__()
        last = nn.Linear(48, 2 * width)
        nn.init.zeros_(last.weight)
        nn.init.zeros_(last.bias)
        self.net = nn.Sequential(nn.Linear(9, 48), nn.GELU(), last)

    def forward(self, x: Tensor, code: Tensor) -> Tensor:
        scale, shift = self.net(code).float().chunk(2, 1)
        made: Tensor = x * (1 + scale[..., None, None]) + shift[..., None, None]
        return made


def _scale_code(gsd_m: Tensor, quantity: Tensor) -> Tensor:
    """Return smooth features of the ground sample distance and the quantity, [image, 9]."""
    octaves = torch.log2(gsd_m.float().clamp(0.05, 200) / 10)  # 0 at 10 m
    knots = torch.tensor([-6.0, -4.0, -2.0, 0.0, 1.5, 3.0]).to(octaves)
    bumps = torch.exp(-(((octaves[:, None] - knots) / 1.5) ** 2))
    return torch.cat([bumps, functional.one_hot(quantity, 3).to(bumps)], 1)


class Encoder(nn.Module):
    """Stems, fusion at three strides, a trunk at strides 4 and 8, and a decoder back to full resolution."""

    def __init__(self, config: CompactConfig) -> None:
        super().__init__()
        full, half, quarter, eighth = config.widths
        self.optical = OpticalStem(full)
        self.sar = SarStem(full)
        self.down_optical = _descent(full, half, quarter)
        self.down_sar = _descent(full, half, quarter)
        self.context = nn.Sequential(conv_block(2 * quarter, 32), nn.Conv2d(32, 16, 1))
        self.gates = nn.ModuleList([Gate(full), Gate(half), Gate(quarter)])
        self.scale4, self.scale8 = _Modulation(quarter), _Modulation(eighth)
        self.trunk4 = nn.Sequential(_Residual(quarter), _Residual(quarter))
        self.to8 = conv_block(quarter, eighth, stride=2)
        self.trunk8 = nn.Sequential(*(_Residual(eighth, dilation=d) for d in (1, 2, 1, 2)))
        self.up4 = conv_block(quarter + eighth, quarter, kernel=1)
        self.mix4 = _Residual(quarter)
        self.up2 = conv_block(half + quarter, half, kernel=1)
        self.mix2 = conv_block(half, half)
        self.up1 = conv_block(full + half, full, kernel=1)
        self.mix1 = conv_block(full, full)

    def forward(self, views: Views) -> Encoded:
        """Return features of every image; height and width must be multiples of :data:`STRIDE`."""
        opt_seen, sar_seen = views.optical_valid[:, None], views.sar_valid[:, None]
        o1 = self.optical(
            torch.where(opt_seen, views.optical, 0.1), centres_nm=views.centres_nm, widths_nm=views.widths_nm,
            present=views.present, quantity=views.quantity,
        )  # fmt: skip
        s1 = self.sar(views.sar, views.sar_valid)
        levels = [(o1, s1, opt_seen, sar_seen)]
        for step in range(2):
            o, s, seen_o, seen_s = levels[-1]
            seen_o = functional.avg_pool2d(seen_o.float(), 2) > 0.3
            seen_s = functional.avg_pool2d(seen_s.float(), 2) > 0.3
            levels.append((self.down_optical[step](o), self.down_sar[step](s), seen_o, seen_s))
        o4, s4, seen_o4, seen_s4 = levels[2]
        context = self.context(torch.cat([torch.where(seen_o4, o4, 0.0), torch.where(seen_s4, s4, 0.0)], 1))
        fused, gate4 = [], context
        for (o, s, seen_o, seen_s), gate, times in zip(levels, self.gates, (4, 2, 1), strict=True):
            around = context if times == 1 else functional.interpolate(context, scale_factor=times, mode="nearest")
            made, gate4 = gate(o, s, around, seen_optical=seen_o, seen_sar=seen_s)
            fused.append(made)
        del levels, o1, s1, o, s, o4, s4, around, made  # large, and not needed for what follows
        code = _scale_code(views.gsd_m, views.quantity)
        f4 = self.trunk4(self.scale4(fused[2], code))
        coarse = self.trunk8(self.scale8(self.to8(f4), code))
        d4 = self.mix4(self.up4(torch.cat([f4, _twice(coarse)], 1)))
        d2 = self.mix2(self.up2(torch.cat([fused[1], _twice(d4)], 1)))
        d1 = self.mix1(self.up1(torch.cat([fused[0], _twice(d2)], 1)))
        return Encoded(d1, d2, coarse, gate4.mean(1))


def _descent(full: int, half: int, quarter: int) -> nn.ModuleList:
    return nn.ModuleList([conv_block(full, half, stride=2), conv_block(half, quarter, stride=2)])


def _twice(x: Tensor) -> Tensor:
    return functional.interpolate(x, scale_factor=2, mode="bilinear", align_corners=False)
