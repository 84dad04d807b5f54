"""Sizes of a released network: from its ``config.json``; of SAM 2, of which that says nothing, from its weights."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from terrascope_sdk.errors import InputError

__all__ = ["LARGE_SAM2", "SEGMENTER_PX", "TILE_PX", "ReleasedSizes", "Sam2Sizes", "sam2_sizes", "sizes_of"]

TILE_PX = 448
"""Side of a tile of the vision-language encoder, pixels. The released code has this number fixed, whatever
``config.json`` says; a position table of another size is interpolated."""

SEGMENTER_PX = 1024
"""Side of the picture that SAM 2 sees, pixels; the aspect ratio is not kept."""

_CHATML = ("qwen_chat", "internlm2_chat", "internvl2_5")
"""Prompt templates whose turns look alike."""


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value > 0


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

    background: tuple[int, int] = (7, 7)
    """Positions of the first stage's table of places, before it is stretched."""

    top_down: tuple[int, ...] = (2, 3)
    """Levels of the feature pyramid that take part in the way down."""

    decoder_depth: int = 2
    """Layers of the mask decoder's transformer."""

    decoder_heads: int = 8
    """Their attention heads."""

    decoder_mlp: int = 2048
    """Their inner width."""

    quality_width: int = 256
    """Inner width of the head that predicts a mask's overlap with the truth."""

    def __post_init__(self) -> None:
        numbers = (self.embed_dim, self.heads, *self.stages, *self.windows, self.width)
        if len(self.stages) != 4 or len(self.windows) != 4 or not all(_is_count(n) for n in numbers):
            raise InputError(f"SAM 2 needs four stages and windows of whole numbers above 0, not {self}.")
        first_of_stage = {sum(self.stages[:i]) for i in (1, 2, 3)}
        if any(not 0 <= b < sum(self.stages) or b in first_of_stage for b in self.global_blocks):
            raise InputError(
                f"Blocks {list(self.global_blocks)} of SAM 2 cannot attend to the whole image: with stages of "
                f"{list(self.stages)} blocks there is no such block, or it is the one that halves the resolution."
            )


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

    def __post_init__(self) -> None:
        _checked(self.vision, "vision_config", ("hidden_size", "num_hidden_layers", "num_attention_heads",
                                                "intermediate_size"))  # fmt: skip
        _checked(self.language, "llm_config", ("hidden_size", "num_hidden_layers", "num_attention_heads",
                                               "intermediate_size", "vocab_size"))  # fmt: skip
        heads, shared = (self.language.get(f"num_{k}_heads") for k in ("attention", "key_value"))
        if shared is not None and (not _is_count(shared) or heads % shared):
            raise InputError(f"llm_config has {heads} attention heads, which {shared} key-value heads do not divide.")
        if not 0 < self.downsample <= 1 or TILE_PX // self.patch_px % self.factor:
            raise InputError(
                f"A tile of {TILE_PX // self.patch_px} x {TILE_PX // self.patch_px} patches cannot be taken together "
                f"by a downsample_ratio of {self.downsample:g}."
            )

    @property
    def patch_px(self) -> int:
        """Side of a patch of the vision encoder, pixels."""
        patch = self.vision.get("patch_size", 14)
        side = patch[0] if isinstance(patch, Sequence) and len(set(patch)) == 1 else patch
        if not _is_count(side) or side > TILE_PX:
            raise InputError(f"vision_config has patch_size {patch!r}; a whole number of pixels is needed.")
        return int(side)

    @property
    def table_px(self) -> int:
        """Side of the picture that the vision encoder's position table was made for, pixels."""
        size = self.vision.get("image_size", TILE_PX)
        side = size[0] if isinstance(size, Sequence) and len(set(size)) == 1 else size
        if not _is_count(side) or side < self.patch_px:
            raise InputError(f"vision_config has image_size {size!r}; a whole number of pixels is needed.")
        return int(side)

    @property
    def factor(self) -> int:
        """How many patches side by side make one visual token."""
        return round(1 / self.downsample)

    @property
    def cells(self) -> int:
        """Visual tokens along one side of a tile; 16 in the release."""
        return TILE_PX // self.patch_px // self.factor


def _checked(config: Mapping[str, Any], name: str, keys: Sequence[str]) -> None:
    """Refuse a part of a ``config.json`` that lacks a size, or whose attention heads do not divide its width."""
    for key in keys:
        if not _is_count(config.get(key)):
            raise InputError(
                f"{name} has {key} {config.get(key)!r}; a whole number above 0 is needed.",
                hint="Get config.json of the checkpoint again.",
            )
    width, heads = config["hidden_size"], config["num_attention_heads"]
    if width % heads:
        raise InputError(f"{name} has a hidden_size of {width}, which {heads} attention heads do not divide.")


def _tupled(value: object) -> object:
    return tuple(value) if isinstance(value, list) else value


def sam2_sizes(document: Mapping[str, Any]) -> Sam2Sizes:
    """Read sizes of SAM 2 that are given beside a checkpoint.

    Args:
        document: In the terms of its authors' builder; what is left out has the published value.

    Raises:
        InputError: A field is missing or of the wrong kind, or SAM 2 works at another image size.
    """
    known = {"background": "hiera_window_pos_embed_bkg_spatial_size", "top_down": "fpn_top_down_levels",
             "decoder_depth": "decoder_depth", "decoder_heads": "decoder_heads", "decoder_mlp": "decoder_mlp_dim",
             "quality_width": "iou_head_hidden_dim"}  # fmt: skip
    for key, only in {
        "image_size": SEGMENTER_PX,
        "backbone_stride": 16,
        "num_multimask_outputs": 3,
        "scalp": 1,
    }.items():
        if document.get(key, only) != only:
            raise InputError(f"SAM 2 with {key} {document[key]} is not built in; the release has {only}.")
    try:
        given: dict[str, Any] = {
            ours: _tupled(document[theirs]) for ours, theirs in known.items() if theirs in document
        }
        return Sam2Sizes(
            document["hiera_embed_dim"], document["hiera_num_heads"], tuple(document["hiera_stages"]),
            tuple(document["hiera_global_att_blocks"]), tuple(document["hiera_window_spec"]), document["d_model"],
            **given,
        )  # fmt: skip
    except KeyError as err:
        raise InputError(f"The sizes of SAM 2 lack {err.args[0]}.") from err
    except TypeError as err:
        raise InputError(f"The sizes of SAM 2 cannot be read: {err}.") from err


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
    _refuse_others(config, language)
    try:
        downsample = float(config.get("downsample_ratio", 0.5))
    except (TypeError, ValueError) as err:
        raise InputError(f"downsample_ratio is {config['downsample_ratio']!r}, not a number.") from err
    return ReleasedSizes(vision, language, sam2 or _published(shapes), downsample)


def _refuse_others(config: Mapping[str, Any], language: Mapping[str, Any]) -> None:
    """Refuse checkpoints that look alike and compute something else."""
    named = language.get("architectures") or ["Qwen2ForCausalLM"]
    if list(named) != ["Qwen2ForCausalLM"]:
        raise InputError(
            f"Its language model is {', '.join(map(str, named))}; only Qwen2ForCausalLM is built in.",
            hint="Use a checkpoint on InternVL3 or on InternVL2.5 with Qwen2.5, or run this one with its own code.",
        )
    template = config.get("template") or _CHATML[0]
    if template not in _CHATML:
        raise InputError(f"Its prompts follow the template {template!r}; built in are {', '.join(_CHATML)}.")
    for key, only in {"select_layer": -1, "ps_version": "v2"}.items():
        if config.get(key, only) != only:
            raise InputError(f"A checkpoint with {key} {config[key]!r} is not supported; the release has {only!r}.")


def _published(shapes: Mapping[str, Sequence[int]]) -> Sam2Sizes:
    trunk = "grounding_encoder.sam2_model.image_encoder.trunk."
    first = shapes.get(f"{trunk}patch_embed.proj.weight")
    if first is None:
        raise InputError(
            "The checkpoint has no SAM 2 image encoder (grounding_encoder.sam2_model.image_encoder).",
            hint="A language model alone draws no masks: give a TerraScope or Sa2VA checkpoint that holds both.",
        )
    stages = _stages(shapes, trunk)
    for known in _KNOWN:
        if (known.embed_dim, known.stages) == (first[0], stages):
            return known
    raise InputError(
        f"Its SAM 2 has width {first[0]} and stages {stages}, which is none of the published sizes.",
        hint="Give its sizes as sam2=...",
    )
