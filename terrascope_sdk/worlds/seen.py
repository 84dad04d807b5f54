"""Synthetic scenes as the encoder sees them: one sensor or both."""

import torch
from torch import Tensor

from terrascope_sdk.model.views import Views
from terrascope_sdk.worlds.scenes import Scenes

__all__ = ["views_of"]


def views_of(scenes: Scenes, when: int, *, keep_optical: Tensor | None = None, keep_sar: Tensor | None = None) -> Views:
    """Return one date of every scene.

    Args:
        scenes: The scenes.
        when: 0 for the earlier date, 1 for the later one.
        keep_optical: False for scenes whose optical image is withheld, bool [scene]; all are kept when left out.
        keep_sar: The same for SAR.
    """
    n = len(scenes)
    everywhere = torch.ones(n, dtype=torch.bool, device=scenes.labels.device)
    optical = everywhere if keep_optical is None else keep_optical
    sar = scenes.has_sar & (everywhere if keep_sar is None else keep_sar)
    seen = scenes.optical_valid[:, when]
    return Views(
        optical=scenes.optical[:, when].float(),
        optical_valid=seen & optical[:, None, None],
        sar=scenes.sar[:, when].float(),
        sar_valid=sar[:, None, None].expand_as(seen),
        centres_nm=scenes.centres_nm,
        widths_nm=scenes.widths_nm,
        present=scenes.present,
        gsd_m=scenes.gsd_m,
        quantity=scenes.quantity,
    )
