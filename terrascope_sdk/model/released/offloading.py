"""The language model's layers kept in the machine's memory: each is on the device only while it computes.

For cards that hold the rest but not the language model. A token then costs one copy of all its layers over the bus.
"""

from torch import Tensor, nn

from terrascope_sdk.model.released.network import ReleasedNetwork

__all__ = ["HOST_LAYERS", "offload"]

HOST_LAYERS = ("language_model.model.layers.", "language.layers.")
"""How the names of what stays with the host begin: in the released layout, and in ours."""


def offload(network: ReleasedNetwork) -> None:
    """Make each layer of the language model come to the device when it is called, and leave it afterwards.

    Results do not change. The device is that of the language model's head; the layers must lie in the machine's memory.

    Args:
        network: What to change, in place.
    """
    for layer in network.language.layers:
        _Visitor(layer, network.head)


class _Visitor:
    """Swaps the weights of one layer before and after it computes."""

    def __init__(self, layer: nn.Module, where: nn.Linear) -> None:
        self.where = where
        cuda = where.weight.device.type == "cuda"
        self.home = {p: p.data.pin_memory() if cuda else p.data for p in layer.parameters()}
        for p, data in self.home.items():
            p.data = data
        layer.register_forward_pre_hook(lambda *_: self.come())
        layer.register_forward_hook(lambda *_: self.leave(), always_call=True)

    def come(self) -> None:
        for p, data in self.home.items():
            p.data = _moved(data, self.where.weight)

    def leave(self) -> None:
        for p, data in self.home.items():
            p.data = data


def _moved(data: Tensor, beside: Tensor) -> Tensor:
    return data.to(beside.device, non_blocking=True)
