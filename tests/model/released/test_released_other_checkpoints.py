"""Checkpoints of the same layout at other sizes are read by the same path; what does not fit is refused by name."""

import json

import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file

from terrascope_sdk.errors import InputError, ParseError
from terrascope_sdk.model.released.chain import REGION
from terrascope_sdk.model.released.loading import load_released, save_released
from terrascope_sdk.model.released.pictures import prepare_pictures
from terrascope_sdk.model.released.prompt import templated, user_text
from terrascope_sdk.model.released.session import ReleasedSession, SeenPictures
from terrascope_sdk.model.released.sizes import ReleasedSizes, Sam2Sizes, sam2_sizes
from terrascope_sdk.model.released.weights import find_checkpoint
from tests.evaluate.parity.other_fixture import (
    LANGUAGE,
    SAM2,
    VISION,
    other_tokenizer,
    tokenizer_without,
    write_checkpoint,
)
from tests.model.released.released_tiny import random_image

SMALL = LANGUAGE | {"hidden_size": 24, "num_hidden_layers": 1, "num_attention_heads": 2, "num_key_value_heads": 1}
SIX_BILLION = VISION | {"qk_normalization": True, "qkv_bias": False, "norm_type": "rms_norm"}


def load(folder, **changes):
    return load_released(folder, sam2=sam2_sizes(SAM2), **changes)


def respell(folder, **changes):
    """Change the checkpoint's config.json; a name with two parts goes into one of its parts."""
    document = json.loads((folder / "config.json").read_text())
    for key, value in changes.items():
        part, _, name = key.rpartition("__")
        (document[part] if part else document)[name] = value
    (folder / "config.json").write_text(json.dumps(document))


def change(folder, of):
    tensors = load_file(folder / "model.safetensors")
    save_file(of(tensors), folder / "model.safetensors")


@pytest.fixture
def folder(tmp_path):
    return write_checkpoint(tmp_path / "checkpoint")


@pytest.mark.parametrize("kept", ["embeddings", "head", "both"])
def test_tied_embeddings_are_one_tensor_whatever_name_holds_them(tmp_path, kept):
    folder = write_checkpoint(tmp_path / "tied", language=SMALL | {"tie_word_embeddings": True})
    embedded, head = "language_model.model.embed_tokens.weight", "language_model.lm_head.weight"
    if kept == "head":
        change(folder, lambda t: {head if k == embedded else k: v for k, v in t.items()})
    elif kept == "both":
        change(folder, lambda t: t | {head: t[embedded] + 1})
    released = load(folder)
    network = released.network
    assert torch.equal(network.head.weight, network.language.embed_tokens.weight)
    assert network.head.weight.shape == (401, 24)
    save_released(released, tmp_path / "own")
    again = load_released(tmp_path / "own").network.state_dict()
    assert all(torch.equal(again[k], v) for k, v in network.state_dict().items())


def test_a_missing_head_without_ties_is_missing(folder):
    change(folder, lambda t: {k: v for k, v in t.items() if "lm_head" not in k})
    with pytest.raises(
        InputError, match=r"1 tensors are missing, first head\.weight \(all of the language model's head\)"
    ):
        load(folder)


@pytest.mark.parametrize(("vision", "cells"), [(VISION | {"patch_size": [14, 14], "image_size": 448}, 16), (VISION, 8)])
def test_sizes_come_from_the_checkpoint(tmp_path, vision, cells):
    network = load(write_checkpoint(tmp_path / "c", vision=vision, language=SMALL)).network
    seen = SeenPictures(network, prepare_pictures([random_image(900, 400)], tiled=True))
    assert network.sizes.cells == cells
    assert len(seen.tokens[0]) == 3 * cells**2
    assert seen.tokens[0].shape[1] == 24


def test_the_vision_encoder_of_six_billion_loads_too(tmp_path):
    network = load(write_checkpoint(tmp_path / "c", vision=SIX_BILLION)).network
    assert network.visual_tokens(torch.zeros(1, 3, 448, 448)).shape == (1, 64, 48)


def test_a_mask_chooses_from_the_tokens_that_there_are(folder):
    released = load(folder)
    seen = SeenPictures(released.network, prepare_pictures([random_image(80, 80)], tiled=True))
    ids = released.tokenizer.encode(templated(user_text("Where?"), [64]))
    session = ReleasedSession(seen, released.tokenizer, ids)
    mask = np.zeros((80, 80), bool)
    mask[70:, 70:] = True
    evidence = session.evidence(mask, 0)
    assert evidence.positions == (63,)
    torch.testing.assert_close(evidence.embeddings, seen.tokens[0][[63]])


@pytest.mark.parametrize("name", ["no_obj_embed_spatial", "obj_ptr_tpos_proj.weight", "memory_encoder.fuser.x"])
def test_parts_of_sam2_that_follow_a_video_are_left_out(folder, name):
    change(folder, lambda t: t | {f"grounding_encoder.sam2_model.{name}": torch.zeros(1, 3)})
    load(folder)


def test_a_tokenizer_without_the_mark_of_what_was_fed_back_is_completed(folder, tmp_path):
    kit = other_tokenizer()
    folder = write_checkpoint(tmp_path / "sa2va", kit=tokenizer_without(kit, REGION))
    before = {k: v for k, v in load(folder).tokenizer.get_vocab().items() if k != REGION}
    released = load(folder)
    assert released.tokenizer.convert_tokens_to_ids(REGION) == max(before.values()) + 1


@pytest.mark.parametrize(
    ("changes", "match"),
    [
        ({"llm_config__architectures": ["InternLM2ForCausalLM"]}, r"InternLM2ForCausalLM.*built in.*InternVL3"),
        ({"template": "phi3_chat"}, "template 'phi3_chat'"),
        ({"select_layer": -4}, "select_layer -4"),
        ({"ps_version": "v1"}, "ps_version 'v1'"),
        ({"downsample_ratio": "half"}, "not a number"),
        ({"downsample_ratio": 0.3}, "taken together"),
        ({"llm_config__vocab_size": None}, "llm_config has vocab_size None"),
        ({"llm_config__num_attention_heads": 7}, "which 7 attention heads do not divide"),
        ({"llm_config__num_key_value_heads": 4}, "4 key-value heads do not divide"),
        ({"vision_config__hidden_size": "40"}, "vision_config has hidden_size '40'"),
        ({"vision_config__patch_size": [14, 16]}, "patch_size"),
        ({"vision_config__image_size": 0}, "image_size 0"),
        ({"llm_config__vocab_size": 30}, r"shape \(401, 48\) instead of \(30, 48\)"),
    ],
)
def test_a_config_of_something_else_is_refused_by_name(folder, changes, match):
    respell(folder, **changes)
    with pytest.raises(InputError, match=match):
        load(folder)


@pytest.mark.parametrize(
    ("of", "match"),
    [
        (
            lambda t: {k: v for k, v in t.items() if not k.startswith("text_hidden")},
            "all of the prompter.*grounding was",
        ),
        (lambda t: {k: v for k, v in t.items() if "sam_mask_decoder" not in k}, r"of \d+ of SAM 2"),
        (lambda t: t | {"language_model.model.layers.0.lora_A.weight": torch.zeros(2)}, "merge them"),
        (lambda t: t | {"mlp1.1.weight": t["mlp1.1.weight"].to(torch.int8)}, "stored as int8.*fewer bits"),
        (lambda t: t | {"mlp1.1.weight": t["mlp1.1.weight"][:5].clone()}, r"shape \(5, 160\).*one and the same"),
    ],
)
def test_a_checkpoint_before_or_beside_grounding_is_told_apart(folder, of, match):
    change(folder, of)
    with pytest.raises(InputError, match=match):
        load(folder)


def test_a_checkpoint_without_sam2_says_so(folder):
    change(folder, lambda t: {k: v for k, v in t.items() if not k.startswith("grounding_encoder")})
    with pytest.raises(InputError, match=r"no SAM 2 image encoder.*draws no masks"):
        load_released(folder)


def test_a_pickled_file_of_pre_training_is_refused(tmp_path):
    path = tmp_path / "iter_15000.pth"
    path.write_bytes(b"\x80\x02")
    with pytest.raises(InputError, match=r"iter_15000\.pth is one file.*pickled.*safetensors"):
        find_checkpoint(path)


def test_a_tokenizer_with_more_words_than_the_network_is_refused(tmp_path):
    kit = other_tokenizer()
    kit.add_tokens([f"<more_{i}>" for i in range(60)])
    folder = write_checkpoint(tmp_path / "c", kit=kit)
    with pytest.raises(InputError, match=r"has \d+ tokens, the network 401 embeddings"):
        load(folder)


def test_a_word_that_the_tokenizer_does_not_have_is_told(folder):
    released = load(folder)
    session = ReleasedSession(SeenPictures(released.network, []), released.tokenizer, [1, 2])
    with pytest.raises(ParseError, match="token 400"):
        session.word(400)


@pytest.mark.parametrize(
    ("changes", "match"),
    [
        ({"dtype": torch.int32}, "cannot be cast to torch.int32"),
        ({"dtype": "bfloat16"}, "cannot be cast to bfloat16"),
        ({"device": "banana"}, "'banana' names no device"),
        ({"device": "meta"}, "has no weights"),
    ],
)
def test_types_and_devices_that_cannot_be_are_refused(folder, changes, match):
    with pytest.raises(InputError, match=match):
        load(folder, **changes)


@pytest.mark.parametrize(
    ("stages", "blocks", "windows"),
    [((1, 1, 1), (2,), (4, 4, 4, 4)), ((1, 1, 2, 1), (2,), (4, 4, 4, 4)), ((1, 1, 2, 1), (9,), (4, 4, 4, 4))],
)
def test_sizes_of_sam2_that_cannot_be_are_refused(stages, blocks, windows):
    with pytest.raises(InputError, match="SAM 2"):
        Sam2Sizes(8, 1, stages, blocks, windows, 32)


def test_a_network_with_parts_of_no_size_is_refused():
    with pytest.raises(InputError, match="vision_config has hidden_size None"):
        ReleasedSizes({}, LANGUAGE, sam2_sizes(SAM2))
