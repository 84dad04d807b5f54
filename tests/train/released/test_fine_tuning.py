"""Fine-tuning of the released network: what is trained, what is learned, what is fed back, what is refused."""

import json
import subprocess
import sys
from functools import partial
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image
from transformers import DynamicCache

from terrascope_sdk.errors import InputError
from terrascope_sdk.model.released.chain import REGION, ReleasedChain, released_events
from terrascope_sdk.model.released.loading import load_released
from terrascope_sdk.model.released.pictures import prepare_pictures
from terrascope_sdk.model.released.prompt import templated
from terrascope_sdk.model.released.session import ReleasedSession, SeenPictures
from terrascope_sdk.model.released.sizes import sam2_sizes
from terrascope_sdk.train.cot.rle import encode_rle
from terrascope_sdk.train.loop import LoopOptions, run_loop
from terrascope_sdk.train.released.samples import TaughtChain, read_taught
from terrascope_sdk.train.released.stage import PAPER_WEIGHTS, RELEASE_WEIGHTS, FineTuning
from tests.evaluate.parity.other_fixture import LANGUAGE, other_tokenizer, tokenizer_without, write_checkpoint
from tests.evaluate.parity.other_fixture import SAM2 as OTHER_SAM2

FIXTURE = Path("tests/data/parity")
SAM2 = sam2_sizes(json.loads((FIXTURE / "sam2_sizes.json").read_text())["this_checkpoint"])


def network():
    return load_released(FIXTURE / "checkpoint", sam2=SAM2)


def taught(*, masks=1, seed=0, images=1):
    rng = np.random.default_rng(seed)
    pictures, drawn = [], []
    for _ in range(images):
        pixels = rng.integers(0, 90, (64, 64, 3), dtype=np.uint8)
        pixels[10:40, 20:60] += 150
        pictures.append(Image.fromarray(pixels))
    for _ in range(masks):
        mask = np.zeros((64, 64), bool)
        mask[10:40, 20:60] = True
        drawn.append(mask)
    chain = "<think>" + " and ".join(["bright [SEG]"] * masks) + "</think><answer>B</answer>"
    said = "Where is it bright?\n" if not images else "<image>\nWhere is it bright?\n"
    return TaughtChain(tuple(pictures), said, chain, tuple(drawn), tuple(i % max(images, 1) for i in range(masks)))


def test_stage_masks_trains_the_mask_decoder_and_its_prompt_only():
    released = network()
    stage = FineTuning(released, [taught], "masks")
    names = {n.replace("/", ".") for n in stage.trained}
    assert names
    assert all(n.startswith(("segmenter.mask_decoder.", "prompter.")) for n in names)
    assert {id(p) for p in stage.parameters()} == {
        id(p) for p in released.network.parameters() if p.requires_grad
    }  # fmt: skip


def test_stage_chains_adds_projector_and_adapters():
    stage = FineTuning(network(), [taught], "chains", rank=4)
    kinds = {n.split("/")[0] for n in stage.trained}
    assert kinds == {"segmenter", "prompter", "projector", "language"}
    assert all("lora_" in n for n in stage.trained if n.startswith("language"))


@pytest.mark.parametrize("stage", ["masks", "chains"])
def test_a_checkpoint_whose_table_ends_before_the_mark_of_what_was_fed_back_is_trained(tmp_path, stage):
    kit = tokenizer_without(other_tokenizer(), REGION)
    folder = write_checkpoint(tmp_path / "sa2va", kit=kit, language=LANGUAGE | {"vocab_size": len(kit)})
    released = load_released(folder, sam2=sam2_sizes(OTHER_SAM2))
    assert released.tokenizer.convert_tokens_to_ids(REGION) == len(released.network.language.embed_tokens.weight)
    loss, parts = FineTuning(released, [taught], stage, rank=4).loss(taught(masks=2), 0)
    loss.backward()
    assert all(np.isfinite(v) for v in parts.values())


def test_the_targets_are_the_chain_and_only_its_tokens():
    stage = FineTuning(network(), [taught], "masks")
    sample = taught(masks=2)
    kit, net = stage._released.tokenizer, stage.network
    pictures = prepare_pictures(sample.images, tiled=True)
    tokens = [net.visual_tokens(p.tiles).flatten(0, 1) for p in pictures]
    laid = stage._laid(sample, tokens, [p.layout for p in pictures])
    told = laid.targets[laid.targets >= 0].tolist()
    assert kit.decode(told, skip_special_tokens=False) == sample.chain + "<|im_end|>"
    seg = net.language.embed_tokens.weight[kit.convert_tokens_to_ids("[SEG]")]
    assert len(laid.seg_at) == 2
    for at in laid.seg_at:
        torch.testing.assert_close(laid.embeddings[at], seg)
        assert any(torch.equal(laid.embeddings[at + 1], t) for t in tokens[0])


def test_teacher_forcing_sees_what_decoding_sees():
    """Run a chain, teach exactly it: every state at [SEG] is the one it was decoded with."""
    released = network()
    case = json.loads((FIXTURE / "cases.json").read_text())["single_tiled"]
    image = Image.fromarray(np.load(FIXTURE / "cases.npz")["single_tiled/image0"])
    seen = SeenPictures(released.network, prepare_pictures([image], tiled=True))
    ids = released.tokenizer.encode(templated(case["user_text"], [len(t) for t in seen.tokens]))
    chain, hidden = ReleasedChain(), []

    class Kept(ReleasedSession):
        def draw(self, state, find):
            hidden.append(state)
            return super().draw(state, find)

    with torch.inference_mode():
        list(released_events(Kept(seen, released.tokenizer, ids), chain))
    text = case["prediction"].replace("<REGION>", "").removesuffix("<|im_end|>")
    sample = TaughtChain((image,), case["user_text"], text, tuple(m.drawn.pixels for m in chain.masks), (0, 0))
    stage = FineTuning(released, [lambda: sample], "masks")
    laid = stage._laid(sample, seen.tokens, [p.layout for p in seen.pictures])
    with torch.inference_mode():
        states = released.network.read(laid.embeddings, DynamicCache(config=released.network.language.config))
    for at, state in zip(laid.seg_at, hidden, strict=True):
        torch.testing.assert_close(states[at], state, atol=1e-4, rtol=1e-4)


@pytest.mark.parametrize(("stage_name", "part", "rate"), [("masks", "dice", 2e-3), ("chains", "words", 5e-3)])
def test_a_few_steps_teach_it(tmp_path, stage_name, part, rate):
    torch.manual_seed(0)
    stage = FineTuning(network(), [taught], stage_name, rank=8)
    before = {k: v.detach().clone() for k, v in stage.network.state_dict().items() if "vision" in k}
    options = LoopOptions(steps=8, rate=rate, warm_steps=1, workers=0, save_every=4)
    run = run_loop(stage, make_batch=stage.make_batch, loss_of=stage.loss, options=options, folder=tmp_path)
    parts = [r.parts for r in run]
    assert parts[-1][part] < 0.9 * parts[0][part]
    assert (tmp_path / "checkpoint.safetensors").stat().st_size < 30e6
    after = stage.network.state_dict()
    assert all(torch.equal(after[k], v) for k, v in before.items())


def test_every_part_that_a_mask_passes_through_gets_a_gradient():
    stage = FineTuning(network(), [taught], "chains", rank=4)
    total, _ = stage.loss(taught(), 0)
    total.backward()
    decoder = stage.network.segmenter.mask_decoder
    for part in (decoder.conv_s0, decoder.conv_s1, decoder.upscale_conv1, stage.network.prompter[0]):
        assert part.weight.grad is not None
        assert part.weight.grad.abs().max() > 0
    assert stage.network.projector[1].weight.grad.abs().max() > 0
    assert all(p.grad is None for p in stage.network.segmenter.vision_encoder.parameters())


def test_a_tuned_network_has_the_dtype_it_came_in():
    released = load_released(FIXTURE / "checkpoint", sam2=SAM2, dtype=torch.bfloat16)
    stage = FineTuning(released, [taught], "chains", rank=4)
    assert {p.dtype for p in stage.parameters()} == {torch.float32}
    assert {p.dtype for p in stage.finish().network.parameters()} == {torch.bfloat16}


def test_merged_adapters_say_what_they_said():
    torch.manual_seed(0)
    stage = FineTuning(network(), [taught], "chains", rank=4)
    with torch.no_grad():
        for name, value in stage.trained.items():
            if "lora_B" in name:
                value.normal_(0, 0.05)
    stage.train(mode=False)
    embeddings = torch.randn(1, 6, 64)
    with torch.inference_mode():
        before = stage.network.language(inputs_embeds=embeddings, use_cache=False).last_hidden_state
        released = stage.finish()
        after = released.network.language(inputs_embeds=embeddings, use_cache=False).last_hidden_state
    torch.testing.assert_close(before, after, atol=1e-4, rtol=1e-4)
    assert not any("lora" in n for n, _ in released.network.named_parameters())


def test_the_weights_of_the_parts_are_those_that_were_asked_for():
    sample = taught()
    for weights in (PAPER_WEIGHTS, RELEASE_WEIGHTS):
        stage = FineTuning(network(), [taught], "masks", weights=weights)
        total, parts = stage.loss(sample, 0)
        wanted = weights.words * parts["words"] + weights.dice * parts["dice"] + weights.pixels * parts["pixels"]
        assert float(total.detach()) == pytest.approx(wanted, rel=1e-5)


@pytest.mark.parametrize(("masks", "images"), [(0, 1), (0, 0), (3, 2)])
def test_no_mask_no_picture_and_a_pair_have_a_loss(masks, images):
    stage = FineTuning(network(), [taught], "masks")
    total, parts = stage.loss(taught(masks=masks, images=images), 0)
    assert torch.isfinite(total)
    assert (parts["dice"] > 0) == (masks > 0)


def written(folder):
    Image.fromarray(np.zeros((8, 8, 3), np.uint8)).save(folder / "a.png")
    mask = np.zeros((8, 8), bool)
    mask[2:5, 2:5] = True
    return {
        "id": "s", "image": "a.png", "masks": [[encode_rle(mask)]],
        "conversations": [{"from": "human", "value": "<image>\nWhere?"}, {"from": "gpt", "value": "Here [SEG]."}],
    }  # fmt: skip


def test_a_sample_is_read_with_its_picture_and_masks(tmp_path):
    sample = written(tmp_path)
    found = read_taught(sample, tmp_path)
    assert found.said.endswith("<image>\nWhere?\n")
    assert found.masks[0].sum() == 9
    assert found.shown_in == (0,)
    assert read_taught(sample | {"sar_image": "a.png"}, tmp_path).shown_in == (0,)
    pair = {k: v for k, v in sample.items() if k != "image"} | {"pre_image": "a.png", "post_image": "a.png"}
    assert len(read_taught(pair, tmp_path).images) == 2


def test_a_sample_that_does_not_fit_is_refused(tmp_path):
    sample = written(tmp_path)
    for changes, match in (
        ({"masks": []}, r"1 \[SEG\] and 0 masks"),
        ({"conversations": sample["conversations"][:1]}, "no single turn"),
        ({"image": "none.png"}, "cannot be read"),
        ({"image": "../secret.png"}, "lies outside"),
    ):
        with pytest.raises(InputError, match=match):
            read_taught(sample | changes, tmp_path)
    with pytest.raises(InputError, match="no samples"):
        FineTuning(network(), [], "masks")


def test_every_sample_comes_once_in_every_pass():
    samples = [partial(int, i) for i in range(5)]
    stage = FineTuning(network(), samples, "masks", seed=3)
    passes = [[stage.make_batch(s) for s in range(k * 5, k * 5 + 5)] for k in range(2)]
    assert all(sorted(p) == list(range(5)) for p in passes)
    assert passes[0] != passes[1]


def test_the_tool_tunes_and_writes_a_network(tmp_path):
    from terrascope_sdk.train.cot.parquet_files import write_samples

    (tmp_path / "samples").mkdir()
    write_samples([written(tmp_path / "samples")], tmp_path / "samples" / "a.parquet")
    sizes = tmp_path / "sam2.json"
    sizes.write_text(json.dumps(json.loads((FIXTURE / "sam2_sizes.json").read_text())["this_checkpoint"]))
    run = [
        sys.executable, "tools/finetune_released.py", str(FIXTURE / "checkpoint"), str(tmp_path / "samples"),
        "--stage", "chains", "--steps", "2", "--rank", "2", "--sam2", str(sizes),
        "--folder", str(tmp_path / "run"), "--out", str(tmp_path / "tuned"),
    ]  # fmt: skip
    done = subprocess.run(run, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["samples"] == 1
    assert load_released(tmp_path / "tuned").network is not None
