"""Smaller weights for smaller cards: the language model's matrices in eight or four bits, through torchao."""

from typing import Literal

import torch

from terrascope_sdk.errors import InputError, MissingDependency
from terrascope_sdk.model.released.network import ReleasedNetwork

__all__ = ["WeightKind", "quantise"]

WeightKind = Literal["full", "host", "int8", "int4"]
"""How the language model's matrices are kept: as cast; in the machine's memory until needed; in eight bits; in four."""


def quantise(network: ReleasedNetwork, kind: WeightKind) -> None:
    """Put the matrices of the language model into fewer bits, in place; vision and segmentation stay as they are.

    Args:
        network: What to change; it cannot be saved afterwards.
        kind: ``int8`` on any device, ``int4`` on a CUDA device in bfloat16; others change nothing.

    Raises:
        MissingDependency: torchao is not installed.
        InputError: There is no such kind, or not on this device.
    """
    if kind in ("full", "host"):
        return
    if kind not in ("int8", "int4"):
        raise InputError(f"Weights are full, host, int8 or int4, not {kind!r}.")
    weight = network.head.weight
    if kind == "int4" and (weight.device.type != "cuda" or weight.dtype != torch.bfloat16):
        raise InputError("Weights of four bits need a CUDA device and bfloat16.", hint="Use weights='int8' here.")
    try:
        from torchao.quantization import Int4WeightOnlyConfig, Int8WeightOnlyConfig, quantize_
    except ImportError as err:
        raise MissingDependency(
            "Weights of fewer bits need torchao.", hint="Install it with: pip install 'terrascope-sdk[quantised]'"
        ) from err
    quantize_(network.language, Int8WeightOnlyConfig() if kind == "int8" else Int4WeightOnlyConfig())
