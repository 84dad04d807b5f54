"""The released network: InternViT, a projector, Qwen2 and SAM 2, joined as in the release."""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional
from transformers import (
    DynamicCache,
    InternVLVisionConfig,
    InternVLVisionModel,
    Qwen2Config,
    Qwen2Model,
    Sam2Config,
    Sam2HieraDetConfig,
    Sam2MaskDecoderConfig,
    Sam2Model,
    Sam2PromptEncoderConfig,
    Sam2VisionConfig,
)
from transformers.models.qwen2.modeling_qwen2 import Qwen2RotaryEmbedding

from terrascope_sdk.model.released.sizes import ReleasedSizes, Sam2Sizes

__all__ = ["ReleasedNetwork", "SegmenterFeatures", "SegmenterMask", "upsampled"]


@dataclass(frozen=True)
class SegmenterFeatures:
    """What SAM 2 makes of pictures; it serves every mask of them."""

    high: tuple[Tensor, Tensor]
    """Features at strides 4 and 8, [image, width / 8 and width / 4, 256 and 128, the same]."""

    low: Tensor
    """Features at stride 16, [image, width, 64, 64]."""


@dataclass(frozen=True)
class SegmenterMask:
    """What SAM 2 answers to one prompt, for every picture."""

    several: Tensor
    """Logits of three masks, [image, 3, 256, 256]."""

    quality: Tensor
    """Their predicted overlap with the truth, [image, 3]."""

    presence: Tensor
    """Logit that the thing is there at all; the release does not use it, [image]."""

    @property
    def best(self) -> Tensor:
        """Logits of the mask of the highest predicted overlap, [image, 256, 256]."""
        chosen = self.quality.argmax(1)
        return self.several[torch.arange(len(chosen), device=chosen.device), chosen]


def _vision_config(sizes: ReleasedSizes) -> InternVLVisionConfig:
    v = sizes.vision
    return InternVLVisionConfig(
        hidden_size=v["hidden_size"], num_hidden_layers=v["num_hidden_layers"],
        num_attention_heads=v["num_attention_heads"], intermediate_size=v["intermediate_size"],
        attention_bias=v.get("qkv_bias", True), use_qk_norm=v.get("qk_normalization", False),
        hidden_act=v.get("hidden_act", "gelu"), layer_norm_eps=v.get("layer_norm_eps", 1e-6),
        image_size=[sizes.table_px] * 2, patch_size=[sizes.patch_px] * 2,
        norm_type=v.get("norm_type", "layer_norm"), use_mask_token=False,
        use_mean_pooling=True,  # then the class has no last norm, as InternViT here
    )  # fmt: skip


def _language_config(sizes: ReleasedSizes) -> Qwen2Config:
    named = (
        "hidden_size", "num_hidden_layers", "num_attention_heads", "num_key_value_heads", "intermediate_size",
        "vocab_size", "rms_norm_eps", "hidden_act", "max_position_embeddings",
    )  # fmt: skip
    given = {k: sizes.language[k] for k in named if k in sizes.language}
    rope = sizes.language.get("rope_parameters") or {}
    theta = float(sizes.language.get("rope_theta") or rope.get("rope_theta") or 1e6)
    return Qwen2Config(**given, rope_parameters={"rope_type": "default", "rope_theta": theta}, use_sliding_window=False)


def _segmenter_config(sizes: Sam2Sizes) -> Sam2Config:
    doubled = [2**i for i in range(len(sizes.stages))]
    trunk = Sam2HieraDetConfig(
        hidden_size=sizes.embed_dim, num_attention_heads=sizes.heads, blocks_per_stage=list(sizes.stages),
        embed_dim_per_stage=[sizes.embed_dim * k for k in doubled],
        num_attention_heads_per_stage=[sizes.heads * k for k in doubled],
        window_size_per_stage=list(sizes.windows), global_attention_blocks=list(sizes.global_blocks),
        window_positional_embedding_background_size=list(sizes.background),
    )  # fmt: skip
    vision = Sam2VisionConfig(
        backbone_config=trunk, backbone_channel_list=[sizes.embed_dim * k for k in reversed(doubled)],
        fpn_hidden_size=sizes.width, fpn_top_down_levels=list(sizes.top_down),
    )  # fmt: skip
    return Sam2Config(
        vision_config=vision, prompt_encoder_config=Sam2PromptEncoderConfig(hidden_size=sizes.width),
        mask_decoder_config=Sam2MaskDecoderConfig(
            hidden_size=sizes.width, num_hidden_layers=sizes.decoder_depth, num_attention_heads=sizes.decoder_heads,
            mlp_dim=sizes.decoder_mlp, iou_head_hidden_dim=sizes.quality_width,
        ),
    )  # fmt: skip


class ReleasedNetwork(nn.Module):
    """Vision, language and segmentation of the release."""

    def __init__(self, sizes: ReleasedSizes) -> None:
        super().__init__()
        self.sizes = sizes
        seen, width = sizes.vision["hidden_size"], sizes.language["hidden_size"]
        wide = seen * sizes.factor**2
        self.vision = InternVLVisionModel(_vision_config(sizes))
        self.projector = nn.Sequential(nn.LayerNorm(wide), nn.Linear(wide, width), nn.GELU(), nn.Linear(width, width))
        self.language = Qwen2Model(_language_config(sizes))
        self.head = nn.Linear(width, sizes.language["vocab_size"], bias=False)
        self.prompter = nn.Sequential(nn.Linear(width, width), nn.ReLU(), nn.Linear(width, sizes.sam2.width))
        self.segmenter = Sam2Model(_segmenter_config(sizes.sam2))

    @property
    def dtype(self) -> torch.dtype:
        """Of the weights."""
        return self.head.weight.dtype

    def settle(self, device: str) -> None:
        """Make anew what is computed and not stored, after the weights were put into a network without memory."""
        self.language.rotary_emb = Qwen2RotaryEmbedding(self.language.config).to(device)

    # ------------------------------------------------------------------------------------------------- vision

    def visual_tokens(self, tiles: Tensor) -> Tensor:
        """Return the projected visual tokens of tiles, row by row, [tile, token, width]; 256 of a tile in the release.

        Args:
            tiles: Pixel values [tile, 3, 448, 448].
        """
        states = self.vision(pixel_values=tiles.to(self.dtype)).last_hidden_state[:, 1:]
        tokens: Tensor = self.projector(_shuffled(states, self.sizes.factor))
        return tokens

    # ------------------------------------------------------------------------------------------------- language

    def embedded(self, ids: Tensor) -> Tensor:
        """Return the input embeddings of tokens, [token, width]."""
        found: Tensor = self.language.embed_tokens(ids)
        return found

    def read(self, embeddings: Tensor, cache: DynamicCache) -> Tensor:
        """Return the last layer's states of embeddings read after what the cache holds, [token, width]."""
        read = self.language(inputs_embeds=embeddings[None], past_key_values=cache, use_cache=True)
        states: Tensor = read.last_hidden_state[0]
        return states

    # ------------------------------------------------------------------------------------------------- segmentation

    def segmenter_features(self, wholes: Sequence[Tensor]) -> SegmenterFeatures:
        """Return what SAM 2 makes of pictures of 1024 x 1024 pixels, [3, 1024, 1024] each."""
        values = torch.stack(list(wholes)).to(self.segmenter.dtype)
        high0, high1, low = self.segmenter.vision_encoder(values).fpn_hidden_states
        decoder, nothing_seen = self.segmenter.mask_decoder, self.segmenter.no_memory_embedding
        high = (decoder.conv_s0(high0), decoder.conv_s1(high1))  # trained with the decoder, so not under no_grad
        return SegmenterFeatures(high, low + nothing_seen.reshape(1, -1, 1, 1))

    def segmented(self, features: SegmenterFeatures, state: Tensor) -> SegmenterMask:
        """Return the masks that a state of the language model asks for, in every picture.

        Args:
            features: Of the pictures.
            state: Last layer's state at [SEG], [width].
        """
        encoder = self.segmenter.prompt_encoder
        n = len(features.low)
        prompt = self.prompter(state.to(self.dtype)).to(features.low.dtype)
        nothing = encoder.not_a_point_embed.weight
        sparse = torch.cat([nothing, nothing, prompt[None]])[None, None].expand(n, 1, -1, -1)
        dense = encoder.no_mask_embed.weight.reshape(1, -1, 1, 1).expand_as(features.low)
        masks, quality, _, presence = self.segmenter.mask_decoder(
            image_embeddings=features.low,
            image_positional_embeddings=self.segmenter.get_image_wide_positional_embeddings().expand(n, -1, -1, -1),
            sparse_prompt_embeddings=sparse,
            dense_prompt_embeddings=dense,
            multimask_output=True,
            high_resolution_features=list(features.high),
        )
        return SegmenterMask(masks[:, 0].float(), quality[:, 0].float(), presence[:, 0, 0].float())


def _shuffled(states: Tensor, factor: int) -> Tensor:
    """Return patches with each block of `factor` x `factor` of them as one token of as many times the width."""
    n, count, width = states.shape
    side = round(count**0.5)
    blocks = states.reshape(n, side // factor, factor, side // factor, factor, width)
    return blocks.permute(0, 1, 3, 2, 4, 5).reshape(n, (side // factor) ** 2, factor * factor * width)


def upsampled(mask: Tensor, size: tuple[int, int], *, through: int = 1024) -> Tensor:
    """Return mask logits at the size of their picture: first to 1024 x 1024, then on, as the release does.

    Args:
        mask: Logits [image, 256, 256].
        size: Height and width.
        through: Side of the square between.
    """
    square = functional.interpolate(mask[:, None], size=(through, through), mode="bilinear", align_corners=False)
    return functional.interpolate(square, size=size, mode="bilinear", align_corners=False)[:, 0]
