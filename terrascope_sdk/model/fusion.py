"""Adaptive fusion: at every place and stride a gate weighs optical against SAR features.

The paper chooses between the sensors' tokens by their likeness to the question, without learned weights (equations 4
and 5). Here the gate is learned, works on features at strides 1, 2 and 4, and is forced where one sensor saw nothing,
so nothing is imputed.
"""

import torch
from torch import Tensor, nn

__all__ = ["Gate"]


class Gate(nn.Module):
    """One gate for one stride."""

    def __init__(self, width: int, context: int = 16) -> None:
        super().__init__()
        self.score = nn.Conv2d(2 * width + context, width, 1)

    def forward(
        self, optical: Tensor, sar: Tensor, context: Tensor, *, seen_optical: Tensor, seen_sar: Tensor
    ) -> tuple[Tensor, Tensor]:
        """Return fused features and the weight of the optical ones.

        Args:
            optical: Features [image, width, y, x].
            sar: Features of the same shape.
            context: Coarse view of both sensors, [image, context, y, x].
            seen_optical: Where the optical image saw the ground, bool [image, 1, y, x].
            seen_sar: Where SAR did, bool [image, 1, y, x].

        Returns:
            Fused features and gate 0-1, both [image, width, y, x].
        """
        gate = torch.sigmoid(self.score(torch.cat([optical, sar, context], 1)))
        gate = torch.where(seen_sar, gate, 1.0)
        gate = torch.where(seen_optical, gate, 0.0)
        fused = torch.where(seen_optical, optical, 0.0) * gate + torch.where(seen_sar, sar, 0.0) * (1 - gate)
        return fused, gate
