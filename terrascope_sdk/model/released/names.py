"""From the released names of tensors to ours."""

import re
from collections.abc import Mapping

import torch
from torch import Tensor

__all__ = ["UNUSED", "renamed"]

UNUSED = re.compile(
    r"grounding_encoder\.sam2_model\."
    r"(memory_|maskmem_tpos_enc|no_mem_pos_enc|no_obj_ptr|obj_ptr_proj|obj_ptr_tpos_proj|no_obj_embed_spatial|mask_downsample\.)"
)
"""Parts of SAM 2 that follow an object through a video. The release carries those of
SAM 2.0; SAM 2.1 has two more. Nothing reads what they make."""

_SAM2 = "grounding_encoder.sam2_model."
_RULES: tuple[tuple[str, str], ...] = (
    (r"^language_model\.model\.", "language."),
    (r"^language_model\.lm_head\.", "head."),
    (r"^mlp1\.", "projector."),
    (r"^text_hidden_fcs\.", "prompter."),
    (r"^vision_model\.encoder\.layers\.(\d+)\.", r"vision.encoder.layer.\1."),
    (r"^vision_model\.embeddings\.class_embedding$", "vision.embeddings.cls_token"),
    (r"^vision_model\.embeddings\.position_embedding$", "vision.embeddings.position_embeddings"),
    (r"^vision_model\.embeddings\.patch_embedding\.", "vision.embeddings.patch_embeddings.projection."),
    (r"^(vision\..*)\.attn\.proj\.", r"\1.attention.projection_layer."),
    (r"^(vision\..*)\.attn\.([qk])_norm\.", r"\1.attention.\2_norm."),
    (r"^(vision\..*)\.norm1\.", r"\1.layernorm_before."),
    (r"^(vision\..*)\.norm2\.", r"\1.layernorm_after."),
    (r"^(vision\..*)\.ls([12])$", r"\1.lambda_\2"),
    (rf"^{re.escape(_SAM2)}image_encoder\.trunk\.", "segmenter.vision_encoder.backbone."),
    (rf"^{re.escape(_SAM2)}image_encoder\.neck\.convs\.(\d+)\.conv\.", r"segmenter.vision_encoder.neck.convs.\1."),
    (rf"^{re.escape(_SAM2)}no_mem_embed$", "segmenter.no_memory_embedding"),
    (rf"^{re.escape(_SAM2)}sam_prompt_encoder\.", "segmenter.prompt_encoder."),
    (rf"^{re.escape(_SAM2)}sam_mask_decoder\.", "segmenter.mask_decoder."),
    (r"(backbone\.patch_embed)\.proj\.", r"\1.projection."),
    (r"(backbone\.blocks\.\d+)\.norm([12])\.", r"\1.layer_norm\2."),
    (r"(backbone\.blocks\.\d+\.mlp)\.layers\.0\.", r"\1.proj_in."),
    (r"(backbone\.blocks\.\d+\.mlp)\.layers\.1\.", r"\1.proj_out."),
    (r"(prompt_encoder)\.pe_layer\.positional_encoding_gaussian_matrix$", r"\1.shared_embedding.positional_embedding"),
    (r"(prompt_encoder)\.mask_downscaling\.0\.", r"\1.mask_embed.conv1."),
    (r"(prompt_encoder)\.mask_downscaling\.1\.", r"\1.mask_embed.layer_norm1."),
    (r"(prompt_encoder)\.mask_downscaling\.3\.", r"\1.mask_embed.conv2."),
    (r"(prompt_encoder)\.mask_downscaling\.4\.", r"\1.mask_embed.layer_norm2."),
    (r"(prompt_encoder)\.mask_downscaling\.6\.", r"\1.mask_embed.conv3."),
    (r"(mask_decoder\.transformer\.layers\.\d+)\.norm(\d)\.", r"\1.layer_norm\2."),
    (r"(mask_decoder\.transformer\.layers\.\d+\.mlp)\.layers\.0\.", r"\1.proj_in."),
    (r"(mask_decoder\.transformer\.layers\.\d+\.mlp)\.layers\.1\.", r"\1.proj_out."),
    (r"(mask_decoder\.transformer)\.norm_final_attn\.", r"\1.layer_norm_final_attn."),
    (r"(mask_decoder\.transformer\..*)\.out_proj\.", r"\1.o_proj."),
    (r"(mask_decoder)\.output_upscaling\.0\.", r"\1.upscale_conv1."),
    (r"(mask_decoder)\.output_upscaling\.1\.", r"\1.upscale_layer_norm."),
    (r"(mask_decoder)\.output_upscaling\.3\.", r"\1.upscale_conv2."),
    (r"(mask_decoder\.(?:output_hypernetworks_mlps\.\d+|iou_prediction_head|pred_obj_score_head))\.layers\.0\.",
     r"\1.proj_in."),
    (r"(mask_decoder\.(?:output_hypernetworks_mlps\.\d+|iou_prediction_head|pred_obj_score_head))\.layers\.1\.",
     r"\1.layers.0."),
    (r"(mask_decoder\.(?:output_hypernetworks_mlps\.\d+|iou_prediction_head|pred_obj_score_head))\.layers\.2\.",
     r"\1.proj_out."),
)  # fmt: skip
_COMPILED = tuple((re.compile(old), new) for old, new in _RULES)
_QKV = re.compile(r"^vision\.encoder\.layer\.\d+\.attn\.qkv\.")
_POINT = re.compile(r"^segmenter\.prompt_encoder\.point_embeddings\.\d+\.weight$")


def renamed(tensors: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Return tensors by our names; those that nothing reads are left out.

    Args:
        tensors: By their released names.
    """
    made: dict[str, Tensor] = {}
    points: dict[str, Tensor] = {}
    for old, tensor in tensors.items():
        if UNUSED.match(old):
            continue
        name = old
        for pattern, new in _COMPILED:
            name = pattern.sub(new, name)
        if _QKV.match(name):
            for part, piece in zip("qkv", tensor.chunk(3, 0), strict=True):
                made[name.replace("attn.qkv", f"attention.{part}_proj")] = piece.clone()
        elif _POINT.match(name):
            points[name] = tensor
        else:
            made[name] = tensor
    if points:
        made["segmenter.prompt_encoder.point_embed.weight"] = torch.cat([points[k] for k in sorted(points)])
    gaussian = made.get("segmenter.prompt_encoder.shared_embedding.positional_embedding")
    if gaussian is not None:
        made["segmenter.shared_image_embedding.positional_embedding"] = gaussian.clone()
    return made
