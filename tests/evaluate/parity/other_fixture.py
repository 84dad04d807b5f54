"""A fixture of the form of ``tests/data/parity`` at other sizes, whose numbers our own network made.

The original code cannot be run here, so this proves that no size is built in and that the tool finds a wrong table. It
proves no agreement with the original; only ``tests/data/parity`` does.
"""

import json
import re
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import save_file
from transformers import Qwen2Tokenizer

from terrascope_sdk.evaluate.parity.recorder import record_chain
from terrascope_sdk.model.released.loading import load_released
from terrascope_sdk.model.released.network import ReleasedNetwork
from terrascope_sdk.model.released.sizes import ReleasedSizes, sam2_sizes
from tests.model.released.released_tiny import CHECKPOINT, random_image

SAM2 = {
    "hiera_embed_dim": 8, "hiera_num_heads": 2, "hiera_stages": [1, 1, 2, 2], "hiera_global_att_blocks": [5],
    "hiera_window_spec": [4, 8, 8, 4], "d_model": 96, "hiera_window_pos_embed_bkg_spatial_size": [5, 5],
    "fpn_top_down_levels": [1, 2, 3], "decoder_depth": 1, "decoder_heads": 4, "decoder_mlp_dim": 40,
    "iou_head_hidden_dim": 24, "image_size": 1024,
}  # fmt: skip
VISION = {
    "hidden_size": 40, "num_hidden_layers": 3, "num_attention_heads": 5, "intermediate_size": 56, "patch_size": 28,
    "image_size": 224, "qkv_bias": True, "qk_normalization": False, "norm_type": "layer_norm",
}  # fmt: skip
LANGUAGE = {
    "architectures": ["Qwen2ForCausalLM"], "hidden_size": 48, "num_hidden_layers": 3, "num_attention_heads": 6,
    "num_key_value_heads": 3, "intermediate_size": 72, "vocab_size": 401, "rope_theta": 5e5, "rms_norm_eps": 1e-5,
}  # fmt: skip
_WORDS = ("a", "[SEG]", "b", "<|im_end|>")
_NAMES = (
    (r"^language\.", "language_model.model."), (r"^head\.", "language_model.lm_head."), (r"^projector\.", "mlp1."),
    (r"^prompter\.", "text_hidden_fcs."), (r"^vision\.encoder\.layer\.", "vision_model.encoder.layers."),
    (r"^vision\.embeddings\.cls_token$", "vision_model.embeddings.class_embedding"),
    (r"^vision\.embeddings\.position_embeddings$", "vision_model.embeddings.position_embedding"),
    (r"^vision\.embeddings\.patch_embeddings\.projection", "vision_model.embeddings.patch_embedding"),
    (r"attention\.projection_layer", "attn.proj"), (r"layernorm_before", "norm1"), (r"layernorm_after", "norm2"),
    (r"lambda_", "ls"), (r"^segmenter\.", "grounding_encoder.sam2_model."),
    (r"(sam2_model)\.vision_encoder\.backbone", r"\1.image_encoder.trunk"),
    (r"(sam2_model)\.vision_encoder\.neck\.convs\.(\d)", r"\1.image_encoder.neck.convs.\2.conv"),
    (r"no_memory_embedding", "no_mem_embed"), (r"(sam2_model)\.(prompt_encoder|mask_decoder)", r"\1.sam_\2"),
    (r"patch_embed\.projection", "patch_embed.proj"),
    (r"shared_embedding\.positional_embedding", "pe_layer.positional_encoding_gaussian_matrix"),
    (r"mask_embed\.conv1", "mask_downscaling.0"), (r"mask_embed\.layer_norm1", "mask_downscaling.1"),
    (r"mask_embed\.conv2", "mask_downscaling.3"), (r"mask_embed\.layer_norm2", "mask_downscaling.4"),
    (r"mask_embed\.conv3", "mask_downscaling.6"), (r"layer_norm_final_attn", "norm_final_attn"),
    (r"layer_norm(\d)", r"norm\1"), (r"(sam_mask_decoder.*)\.o_proj", r"\1.out_proj"),
    (r"upscale_conv1", "output_upscaling.0"),
    (r"upscale_layer_norm", "output_upscaling.1"), (r"upscale_conv2", "output_upscaling.3"),
    (r"(mlps\.\d|head)\.layers\.0", r"\1.layers.1"), (r"(mlps\.\d|head)\.proj_in", r"\1.layers.0"),
    (r"(mlps\.\d|head)\.proj_out", r"\1.layers.2"), (r"mlp\.proj_in", "mlp.layers.0"),
    (r"mlp\.proj_out", "mlp.layers.1"),
)  # fmt: skip
_IN_QKV = re.compile(r"vision\..*\.[kv]_proj\.")


def released_tensors(network):
    """The tensors of a network by their released names."""
    state, made = network.state_dict(), {}
    for name, tensor in state.items():
        if name.endswith("shared_image_embedding.positional_embedding") or _IN_QKV.match(name):
            continue
        if name.startswith("vision.") and ".q_proj." in name:
            parts = [state[name.replace(".q_proj.", f".{p}_proj.")] for p in "qkv"]
            name, tensor = name.replace("attention.q_proj", "attn.qkv"), torch.cat(parts)
        if name.endswith(".point_embed.weight"):
            base = "grounding_encoder.sam2_model.sam_prompt_encoder.point_embeddings"
            made |= {f"{base}.{i}.weight": row[None].clone() for i, row in enumerate(tensor)}
            continue
        for old, new in _NAMES:
            name = re.sub(old, new, name)
        made[name] = tensor.contiguous()
    return made


def other_tokenizer():
    """The fixture's words with other numbers: more special tokens, in another order."""
    old = Qwen2Tokenizer.from_pretrained(CHECKPOINT, local_files_only=True)
    special = sorted(old.get_added_vocab(), reverse=True)
    vocab = json.loads((Path(CHECKPOINT) / "vocab.json").read_text())
    lines = (Path(CHECKPOINT) / "merges.txt").read_text().splitlines()
    merges = [tuple(m.split(" ")) for m in lines if m and not m.startswith("#")]
    new = Qwen2Tokenizer(vocab=vocab, merges=merges)
    new.add_tokens([*(f"<extra_{i}>" for i in range(9)), *special], special_tokens=True)
    new.eos_token = "<|im_end|>"
    return new


def talking_network(kit, sizes, seed=0):
    """A random network that says "a [SEG]", and after a mask "b" and the end: each word points to the next one."""
    torch.manual_seed(seed)
    network = ReleasedNetwork(sizes)
    with torch.no_grad():
        for name, p in network.named_parameters():
            norm = name.endswith("weight") and p.ndim == 1
            p.copy_(1 + 0.1 * torch.randn(p.shape) if norm else torch.randn(p.shape) * 0.08)
        width = sizes.language["hidden_size"]
        axes = torch.linalg.qr(torch.randn(width, width))[0]
        start, (a, seg, b, end) = kit.encode("\n")[-1], kit.convert_tokens_to_ids(list(_WORDS))
        embedded = network.language.embed_tokens.weight
        embedded.mul_(0.5)
        for number, axis in zip((start, a, seg, b), axes, strict=False):
            embedded[number] = axis * 3
        network.projector[3].bias.copy_(axes[4] * 3)
        network.language.norm.weight.fill_(1)
        tied = sizes.language.get("tie_word_embeddings")
        if not tied:
            for row, axis in ((a, axes[0]), (seg, axes[1]), (end, axes[2] + axes[3]), (b, axes[4])):
                network.head.weight[row] = axis * 4
        else:
            network.head.weight = embedded
    return network.train(mode=False)


def tokenizer_without(kit, token):
    """A tokenizer that never had a token."""
    from transformers import Qwen2Tokenizer

    state = json.loads(kit.backend_tokenizer.to_str())
    new = Qwen2Tokenizer(vocab=state["model"]["vocab"], merges=[tuple(m) for m in state["model"]["merges"]])
    new.add_tokens([t for t in sorted(kit.get_added_vocab()) if t != token], special_tokens=True)
    new.eos_token = "<|im_end|>"
    return new


def write_checkpoint(
    folder, *, vision=VISION, language=LANGUAGE, sam2=SAM2, dtype=torch.float32, config=None, kit=None
):
    """A checkpoint of the released layout with random weights."""
    folder.mkdir(parents=True)
    kit = kit or other_tokenizer()
    sizes = ReleasedSizes(vision, language, sam2_sizes(sam2), 0.5)
    network = talking_network(kit, sizes)
    tensors = {k: v.to(dtype if k.startswith("language_model") else torch.float32)
               for k, v in released_tensors(network).items()}  # fmt: skip
    if language.get("tie_word_embeddings"):
        del tensors["language_model.lm_head.weight"]
    save_file(tensors, folder / "model.safetensors")
    document = {
        "model_type": "sa2va_chat", "template": "qwen_chat", "downsample_ratio": 0.5, "vision_config": vision,
        "llm_config": language,
    }  # fmt: skip
    (folder / "config.json").write_text(json.dumps(document | (config or {})))
    kit.save_pretrained(folder)
    return folder


def write_fixture(folder, **changes):
    """A whole fixture: checkpoint, cases, arrays, sizes of SAM 2."""
    write_checkpoint(folder / "checkpoint", **changes)
    (folder / "sam2_sizes.json").write_text(json.dumps({"this_checkpoint": changes.get("sam2", SAM2)}))
    released = load_released(folder / "checkpoint", sam2=sam2_sizes(changes.get("sam2", SAM2)))
    cases, arrays = {}, {}
    shown = {
        "single_tall": ("single", [(120, 400)]), "list_of_three": ("list", [(90, 60), (50, 70), (64, 64)]),
        "list_of_one": ("list", [(300, 90)]), "text": ("text", []),
    }  # fmt: skip
    for name, (kind, sizes) in shown.items():
        images = [random_image(w, h, seed=i) for i, (w, h) in enumerate(sizes)]
        text = f"<image>\nWhat is {name}?\n"
        made = record_chain(released, text, images, tiled=kind == "single")
        case = {"kind": kind, "user_text": text, "n_images": len(images)}
        cases[name] = case | {k: v for k, v in made.exact.items() if not k.endswith("ids") and v is not None}
        arrays |= {f"{name}/image{i}": np.asarray(image) for i, image in enumerate(images)}
        arrays |= {f"{name}/{k}": np.array(v) for k, v in made.exact.items() if k.endswith("ids")}
        arrays |= {f"{name}/{k}": v for k, v in kept_parts(made.arrays).items()}
    (folder / "cases.json").write_text(json.dumps(cases))
    np.savez(folder / "cases.npz", **arrays)
    return folder


def kept_parts(arrays):
    """The parts of whole arrays that a fixture keeps, by its names."""
    made = {}
    for name, array in arrays.items():
        if name == "pixel_values":
            made[f"{name}_slice"] = array[..., ::16, ::16]
        elif name.startswith(("sam_fpn", "sam_hiera", "sam_dense", "mask_logits_1024")):
            made[f"{name}_slice32"] = array[..., ::32, ::32]
        elif name in ("prefill_hidden", "prefill_inputs_embeds"):
            made[f"{name}_every5"] = array[::5]
        elif name.startswith("vit_"):
            made[f"{name}_tile0"] = array[0]
        elif name in ("mask_logits_image", "sam_low_res_multimask"):
            made[f"{name}_f16"] = array.astype(np.float16)
        elif name != "sam_pixel_values":
            made[name] = array
    return made
