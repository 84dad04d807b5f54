"""A tiny random network and fields, for every branch of the loop."""

import numpy as np
import torch

from terrascope_sdk.model.compact import CompactNetwork
from terrascope_sdk.model.config import CompactConfig
from terrascope_sdk.model.fields import Fields, encode_fields
from terrascope_sdk.model.views import Views

TINY = CompactConfig(
    widths=(8, 8, 12, 16), free=4, lm_width=24, lm_layers=2, lm_heads=4, lm_kv_heads=2, lm_hidden=32, grid=4,
    max_region_tokens=5,
)  # fmt: skip


def tiny_network(seed: int = 0) -> CompactNetwork:
    torch.manual_seed(seed)
    network = CompactNetwork(TINY, ["how", "much", "is"])
    for module in network.modules():  # batch statistics and gains that are not trivial
        if isinstance(module, torch.nn.BatchNorm2d):
            module.running_mean.normal_(0, 0.3)
            module.running_var.uniform_(0.5, 2)
    return network.train(mode=False)


def random_views(n: int = 1, *, height: int = 64, width: int = 64, seed: int = 0, bands: int = 4) -> Views:
    generator = torch.Generator().manual_seed(seed)
    present = torch.zeros(n, 11, dtype=torch.bool)
    present[:, :bands] = True
    centres = torch.tensor([490.0, 560, 665, 842, 705, 740, 783, 865, 1610, 2190, 443]).repeat(n, 1)
    return Views(
        optical=torch.rand(n, 11, height, width, generator=generator) * 0.4,
        optical_valid=torch.ones(n, height, width, dtype=torch.bool),
        sar=torch.randn(n, 2, height, width, generator=generator) * 3 - 14,
        sar_valid=torch.ones(n, height, width, dtype=torch.bool),
        centres_nm=centres, widths_nm=torch.full((n, 11), 40.0), present=present,
        gsd_m=torch.full((n,), 10.0), quantity=torch.zeros(n, dtype=torch.int64),
    )  # fmt: skip


def random_fields(network: CompactNetwork, n: int = 1, *, size: int = 64) -> tuple[list[Fields], list[np.ndarray]]:
    views = random_views(n, height=size, width=size)
    return encode_fields(network.encoder, network.grounder, views), [np.ones((size, size), bool)] * n
