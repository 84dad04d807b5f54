"""The stages of the pipeline that are compared, with the fixture's own tolerances."""

from typing import NamedTuple

__all__ = ["EXACT", "FLIPPED_FRAC", "STAGES", "Stage"]


class Stage(NamedTuple):
    """Values of one stage."""

    name: str
    fields: tuple[str, ...]
    """Their names in the fixture."""
    tolerance: float
    """Largest absolute difference allowed in single precision on a CPU."""


STAGES: tuple[Stage, ...] = (
    Stage("pixels", ("pixel_values_slice",), 1e-6),
    Stage("vision", ("vit_embeddings_tile0", "vit_last_hidden_tile0"), 1e-5),
    Stage("visual_tokens", ("image_features",), 1e-5),
    Stage("prompt", ("prefill_inputs_embeds_every7",), 1e-5),
    Stage("prefill", ("prefill_hidden_every7", "prefill_hidden_last", "prefill_logits_last"), 5e-5),
    Stage("decoding", ("step_logits", "step_hidden"), 1e-4),
    Stage("seg_states", ("seg_hidden", "seg_embed"), 5e-5),
    Stage("segmenter_pixels", ("sam_pixel_values_slice",), 1e-6),
    Stage(
        "segmenter_encoder",
        (
            *(f"sam_hiera_stage{i}_slice{s}" for i, s in enumerate((32, 16, 8, 4))),
            "sam_fpn0_slice16", "sam_fpn1_slice8", "sam_fpn2_slice4", "sam_dense_pe_slice8",
        ),
        1e-5,
    ),
    Stage("segmenter_prompt", ("sam_decoder_sparse_prompt",), 5e-5),
    Stage("mask_logits", ("sam_low_res_mask", "mask_logits_1024_slice16"), 1e-3),
    Stage("mask_logits_half", ("sam_low_res_multimask_f16", "mask_logits_image_f16"), 5e-2),
    Stage("mask_quality", ("sam_iou", "sam_object_score"), 1e-5),
    Stage("injection", ("region_logits_last",), 1e-4),
)  # fmt: skip
"""Compared by the largest absolute difference."""

EXACT: tuple[Stage, ...] = (
    Stage("token_ids", ("input_ids", "templated_text"), 0),
    Stage("generated", ("generated_ids", "call_order", "prediction"), 0),
    Stage("tile_layout", ("tile_grid_cols_rows",), 0),
    Stage("chosen_tokens", ("selected_token_indices", "iou_argmax"), 0),
)
"""Must be equal."""

FLIPPED_FRAC = 1e-4
"""Largest share of pixels of ``masks`` that may differ, 0-1."""
