"""Sizes of a released network: from its ``config.json``; of SAM 2, of which that says nothing, from its weights."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from terrascope_sdk.errors import InputError

__all__ = ["LARGE_SAM2", "ReleasedSizes", "Sam2Sizes", "sam2_sizes", "sizes_of"]


@dataclass(frozen=True)
class Sam2Sizes:
    """Sizes of a SAM 2 network, in its authors' terms."""

    embed_dim: int
    """Width of the first stage of Hiera; it doubles from stage to stage."""

    heads: int
    """Attention heads of the first stage; they double as well."""

    stages: tuple[int, ...]
    """Blocks of each stage."""

    global_blocks: tuple[int, ...]
    """Numbers of the blocks that attend to the whole image."""

    windows: tuple[int, ...]
    """Side of the attention windows of each stage, positions."""

    width: int
    """Width of the feature pyramid and the mask decoder."""


LARGE_SAM2 = Sam2Sizes(144, 2, (2, 6, 36, 4), (23, 33, 43), (8, 4, 16, 8), 256)
"""What the release uses."""

_KNOWN = (
    LARGE_SAM2,
    Sam2Sizes(112, 2, (2, 3, 16, 3), (12, 16, 20), (8, 4, 14, 7), 256),
    Sam2Sizes(96, 1, (1, 2, 11, 2), (7, 10, 13), (8, 4, 14, 7), 256),
    Sam2Sizes(96, 1, (1, 2, 7, 2), (5, 7, 9), (8, 4, 14, 7), 256),
)
"""The four sizes that SAM 2 was published in (Ravi et al. 2024, arXiv 2408.00714, appendix)."""


@dataclass(frozen=True)
class ReleasedSizes:
    """Sizes and settings of a released network."""

    vision: Mapping[str, Any]
    """InternViT: the ``vision_config`` of the checkpoint."""

    language: Mapping[str, Any]
    """Qwen2: its ``llm_config``."""

    sam2: Sam2Sizes
    """SAM 2."""

    downsample: float = 0.5
    """Pixel shuffle before the projector."""


def sam2_sizes(document: Mapping[str, Any]) -> Sam2Sizes:
    """Read sizes of SAM 2 that are given beside a checkpoint.

    Raises:
        InputError: A field is missing.
    """
    try:
        return Sam2Sizes(
            document["hiera_embed_dim"], document["hiera_num_heads"], tuple(document["hiera_stages"]),
            tuple(document["hiera_global_att_blocks"]), tuple(document["hiera_window_spec"]), document["d_model"],
        )  # fmt: skip
    except KeyError as err:
        raise InputError(f"The sizes of SAM 2 lack {err.args[0]}.") from err


def _stages(shapes: Mapping[str, Sequence[int]], trunk: str) -> tuple[int, ...]:
    """Return the blocks of each stage; the first block of each but the first one widens the features."""
    count = 1 + max(int(k.removeprefix(trunk).split(".")[1]) for k in shapes if k.startswith(f"{trunk}blocks."))
    starts = [0, *(i for i in range(count) if f"{trunk}blocks.{i}.proj.weight" in shapes), count]
    return tuple(b - a for a, b in pairwise(starts))


def sizes_of(
    config: Mapping[str, Any], shapes: Mapping[str, Sequence[int]], *, sam2: Sam2Sizes | None = None
) -> ReleasedSizes:
    """Return the sizes of a checkpoint.

    Args:
        config: Its ``config.json``.
        shapes: Shapes of its tensors by their released names.
        sam2: Sizes of SAM 2 where they are none of the published ones.

    Raises:
        InputError: It is another architecture, or its SAM 2 has unknown sizes.
    """
    vision, language = config.get("vision_config"), config.get("llm_config")
    if not isinstance(vision, Mapping) or not isinstance(language, Mapping):
        kind = config.get("model_type", "unnamed")
        raise InputError(
            f"This is a checkpoint of type {kind!r}, not of TerraScope: vision_config or llm_config is missing.",
            hint="Give the folder or the hub name of a TerraScope or Sa2VA checkpoint, or of our own compact network.",
        )
    if language.get("architectures") not in (["Qwen2ForCausalLM"], None):
        raise InputError(f"Its language model is {language['architectures']}; only Qwen2ForCausalLM is supported.")
    return ReleasedSizes(vision, language, sam2 or _published(shapes), float(config.get("downsample_ratio", 0.5)))


def _published(shapes: Mapping[str, Sequence[int]]) -> Sam2Sizes:
    trunk = "grounding_encoder.sam2_model.image_encoder.trunk."
    first = shapes.get(f"{trunk}patch_embed.proj.weight")
    if first is None:
        raise InputError("The checkpoint has no SAM 2 image encoder.", hint="Sa2VA-style checkpoints only.")
    stages = _stages(shapes, trunk)
    for known in _KNOWN:
        if (known.embed_dim, known.stages) == (first[0], stages):
            return known
    raise InputError(
        f"Its SAM 2 has width {first[0]} and stages {stages}, which is none of the published sizes.",
        hint="Give its sizes as sam2=...",
    )
