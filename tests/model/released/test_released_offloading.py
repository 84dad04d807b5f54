"""Layers of the language model in the machine's memory: they visit the device, and nothing changes."""

import pytest
import torch

from terrascope_sdk.model.released import offloading
from terrascope_sdk.model.released.loading import load_released, save_released
from terrascope_sdk.model.released.sizes import sam2_sizes
from tests.evaluate.parity.other_fixture import SAM2, write_checkpoint


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return write_checkpoint(tmp_path_factory.mktemp("host") / "checkpoint")


def states(network):
    torch.manual_seed(0)
    with torch.inference_mode():
        return network.language(inputs_embeds=torch.randn(1, 7, 48), use_cache=False).last_hidden_state


def test_layers_come_when_called_and_leave_afterwards(folder, monkeypatch):
    came = []

    def moved(data, beside):
        came.append(data.data_ptr())
        return data.clone()

    monkeypatch.setattr(offloading, "_moved", moved)
    plain, hosted = (load_released(folder, sam2=sam2_sizes(SAM2), on_host=on_host) for on_host in (False, True))
    layers = hosted.network.language.layers
    homes = [p.data_ptr() for layer in layers for p in layer.parameters()]
    inside = []
    for layer in layers:
        mlp = layer.mlp.gate_proj
        mlp.register_forward_pre_hook(lambda m, _: inside.append(m.weight.data_ptr() in homes))
    assert torch.equal(states(plain.network), states(hosted.network))
    assert came == homes
    assert inside == [False] * len(layers)
    assert [p.data_ptr() for layer in layers for p in layer.parameters()] == homes


def test_layers_leave_after_a_failure_too(folder, monkeypatch):
    monkeypatch.setattr(offloading, "_moved", lambda data, beside: data.clone())
    network = load_released(folder, sam2=sam2_sizes(SAM2), on_host=True).network
    layer = network.language.layers[1]
    homes = [p.data_ptr() for p in layer.parameters()]
    monkeypatch.setattr(layer.mlp, "forward", lambda x: (_ for _ in ()).throw(torch.OutOfMemoryError("full")))
    with pytest.raises(torch.OutOfMemoryError):
        states(network)
    assert [p.data_ptr() for p in layer.parameters()] == homes


def test_only_the_layers_stay_with_the_host_and_can_be_saved(folder, tmp_path):
    hosted = load_released(folder, sam2=sam2_sizes(SAM2), on_host=True)
    save_released(hosted, tmp_path)
    again = load_released(tmp_path, on_host=True).network
    assert torch.equal(states(hosted.network), states(again))
    names = [k for k, _ in again.named_parameters() if k.startswith(offloading.HOST_LAYERS)]
    assert len(names) == sum(1 for layer in again.language.layers for _ in layer.parameters())
