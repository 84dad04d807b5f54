"""The stages of the pipeline that are compared, with the fixture's own tolerances."""

import re
from typing import NamedTuple

__all__ = ["EXACT", "FLIPPED_FRAC", "INFORMATION", "STAGES", "Stage", "View", "view_of"]


class Stage(NamedTuple):
    """Values of one stage."""

    name: str
    fields: tuple[str, ...]
    """What it holds, without the endings that say which part of it a fixture keeps."""
    tolerance: float
    """Largest absolute difference allowed in single precision on a CPU."""


STAGES: tuple[Stage, ...] = (
    Stage("pixels", ("pixel_values",), 1e-6),
    Stage("vision", ("vit_embeddings", "vit_last_hidden"), 1e-5),
    Stage("visual_tokens", ("image_features",), 1e-5),
    Stage("prompt", ("prefill_inputs_embeds",), 1e-5),
    Stage("prefill", ("prefill_hidden", "prefill_hidden_last", "prefill_logits_last"), 5e-5),
    Stage("decoding", ("step_logits", "step_hidden"), 1e-4),
    Stage("seg_states", ("seg_hidden", "seg_embed"), 5e-5),
    Stage("segmenter_pixels", ("sam_pixel_values",), 1e-6),
    Stage(
        "segmenter_encoder",
        (*(f"sam_hiera_stage{i}" for i in range(4)), *(f"sam_fpn{i}" for i in range(3)), "sam_dense_pe"),
        1e-5,
    ),
    Stage("segmenter_prompt", ("sam_decoder_sparse_prompt",), 5e-5),
    Stage("mask_logits", ("sam_low_res_mask", "sam_low_res_multimask", "mask_logits_1024", "mask_logits_image"), 1e-3),
    Stage("mask_logits_half", ("sam_low_res_multimask_f16", "mask_logits_image_f16"), 5e-2),
    Stage("mask_quality", ("sam_iou", "sam_object_score"), 1e-5),
    Stage("injection", ("region_logits_last",), 1e-4),
)
"""Compared by the largest absolute difference."""

EXACT: tuple[Stage, ...] = (
    Stage("token_ids", ("input_ids", "templated_text"), 0),
    Stage(
        "generated",
        ("generated_ids", "fed_token_ids", "fed_token_positions", "call_order", "prediction", "n_seg"),
        0,
    ),
    Stage("tile_layout", ("tile_grid_cols_rows", "n_tiles"), 0),
    Stage("chosen_tokens", ("selected_token_indices", "n_mask_tokens_before_sampling", "iou_argmax"), 0),
)
"""Must be equal."""

FLIPPED_FRAC = 1e-4
"""Largest share of pixels of ``masks`` that may differ, 0-1."""

INFORMATION = re.compile(
    r"kind|user_text|past_text|n_images|image\d+|max_iterations|max_tokens_per_seg|counts|seconds\w*|min_\w+|mask_coverage"
)
"""What a case holds beside values to compare."""

_STEPS = {"pixel_values": 16, "sam_pixel_values": 32}
_PART = re.compile(r"(?P<base>\w+?)_(?P<how>slice|every|tile)(?P<number>\d*)$")


class View(NamedTuple):
    """Which part of an array a field of a fixture keeps."""

    base: str
    """The whole array."""
    how: str = ""
    """``slice``: every so many of the last two axes; ``every``: of the first; ``tile``: one of the first."""
    number: int = 1
    """How many, or which."""


def view_of(field: str) -> View:
    """Return what a field's name says about the part of an array that it keeps.

    >>> view_of("sam_fpn0_slice16"), view_of("image_features")
    (View(base='sam_fpn0', how='slice', number=16), View(base='image_features', how='', number=1))
    """
    found = _PART.match(field)
    if found is None:
        return View(field)
    base, how = found["base"], found["how"]
    return View(base, how, int(found["number"] or _STEPS.get(base, 1)))
