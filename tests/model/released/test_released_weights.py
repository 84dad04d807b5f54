"""Released checkpoints on disk: read, refused with the file and the remedy named, saved and read again."""

import json
import shutil
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file

from terrascope_sdk.errors import InputError, WeightsNotFound
from terrascope_sdk.model.released.loading import load_released, save_released
from terrascope_sdk.model.released.sizes import LARGE_SAM2, sam2_sizes, sizes_of
from terrascope_sdk.model.released.weights import find_checkpoint
from tests.model.released.released_tiny import CHECKPOINT

SAM2 = sam2_sizes(json.loads(Path("tests/data/parity/sam2_sizes.json").read_text())["this_checkpoint"])


@pytest.fixture
def copied(tmp_path):
    return shutil.copytree(CHECKPOINT, tmp_path / "checkpoint")


def load(folder):
    return load_released(folder, sam2=SAM2)


def test_saved_and_loaded_weights_are_the_same(tmp_path):
    first = load(CHECKPOINT)
    save_released(first, tmp_path)
    again = load_released(tmp_path)
    assert not list(tmp_path.glob("*.bin"))
    own, other = first.network.state_dict(), again.network.state_dict()
    assert own.keys() == other.keys()
    assert all(torch.equal(own[k], other[k]) for k in own)
    assert again.tokenizer.encode("<img>[SEG]</img>") == first.tokenizer.encode("<img>[SEG]</img>")


def test_shards_are_read_as_one(copied):
    tensors = load_file(copied / "model.safetensors")
    names = sorted(tensors)
    shards = {"a.safetensors": names[::2], "b.safetensors": names[1::2]}
    for shard, own in shards.items():
        save_file({k: tensors[k] for k in own}, copied / shard)
    index = {"weight_map": {k: shard for shard, own in shards.items() for k in own}}
    (copied / "model.safetensors.index.json").write_text(json.dumps(index))
    (copied / "model.safetensors").unlink()
    whole, cut = load(CHECKPOINT).network.state_dict(), load(copied).network.state_dict()
    assert all(torch.equal(whole[k], cut[k]) for k in whole)
    (copied / "b.safetensors").unlink()
    with pytest.raises(WeightsNotFound, match=r"lacks b\.safetensors"):
        load(copied)


def test_an_index_that_points_out_of_its_folder_is_refused(copied):
    (copied / "model.safetensors.index.json").write_text(json.dumps({"weight_map": {"x": "../other.safetensors"}}))
    with pytest.raises(InputError, match="names no safetensors files"):
        load(copied)


def test_pickled_weights_are_refused(copied):
    (copied / "model.safetensors").rename(copied / "pytorch_model.bin")
    with pytest.raises(InputError, match="pickled"):
        load(copied)


def test_a_truncated_file_is_refused_by_name(copied):
    path = copied / "model.safetensors"
    path.write_bytes(path.read_bytes()[:-1000])
    with pytest.raises(InputError, match=r"model\.safetensors is truncated"):
        load(copied)


def test_a_missing_tensor_and_one_of_another_shape_are_named(copied):
    path = copied / "model.safetensors"
    tensors = load_file(path)
    bias = tensors.pop("mlp1.1.bias")
    save_file(tensors, path)
    with pytest.raises(InputError, match=r"1 tensors are missing, first projector\.1\.bias"):
        load(copied)
    save_file(tensors | {"mlp1.1.bias": bias[:3].clone(), "mlp1.9.bias": bias}, path)
    with pytest.raises(InputError, match=r"not expected, first projector\.9\.bias.*has shape \(3,\)"):
        load(copied)


def test_another_architecture_is_refused(copied):
    (copied / "config.json").write_text(json.dumps({"model_type": "bert"}))
    with pytest.raises(InputError, match="type 'bert'"):
        load(copied)
    (copied / "config.json").write_text("{")
    with pytest.raises(InputError, match="no JSON"):
        load(copied)


def test_a_tokenizer_of_something_else_is_refused(copied):
    for name in ("tokenizer.json", "tokenizer_config.json", "added_tokens.json", "special_tokens_map.json"):
        (copied / name).unlink()
    with pytest.raises(InputError, match="lacks <img>"):
        load(copied)


def test_sam2_of_unknown_sizes_needs_its_sizes_told():
    with pytest.raises(InputError, match=r"width 16 and stages \(1, 2, 3, 1\).*sam2="):
        load_released(CHECKPOINT)


def test_sam2_large_is_known_by_its_shapes():
    trunk = "grounding_encoder.sam2_model.image_encoder.trunk."
    shapes = {f"{trunk}patch_embed.proj.weight": (144, 3, 7, 7)}
    shapes |= {f"{trunk}blocks.{i}.norm1.weight": (1,) for i in range(48)}
    shapes |= {f"{trunk}blocks.{i}.proj.weight": (1,) for i in (2, 8, 44)}
    config = json.loads((Path(CHECKPOINT) / "config.json").read_text())
    assert sizes_of(config, shapes).sam2 == LARGE_SAM2


def test_what_is_nowhere_is_not_found(tmp_path):
    with pytest.raises(WeightsNotFound, match="no folder"):
        find_checkpoint(tmp_path / "nothing")
    with pytest.raises(WeightsNotFound, match="could not be fetched"):
        find_checkpoint("nobody/nothing", offline=True)
    (tmp_path / "empty").mkdir()
    with pytest.raises(WeightsNotFound, match=r"no config\.json"):
        find_checkpoint(tmp_path / "empty")


def test_weights_can_be_cast():
    network = load_released(CHECKPOINT, sam2=SAM2, dtype=torch.bfloat16).network
    assert {p.dtype for p in network.parameters()} == {torch.bfloat16}
