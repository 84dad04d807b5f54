"""The compact language model: a small decoder with rotary positions, grouped-query attention and SwiGLU, with a cache.

Rotary positions: Su et al. 2021 (arXiv 2104.09864); grouped-query attention: Ainslie et al. 2023 (arXiv 2305.13245);
SwiGLU: Shazeer 2020 (arXiv 2002.05202); RMS normalisation: Zhang and Sennrich 2019 (arXiv 1910.07467).
"""

from dataclasses import dataclass, field

import torch
from torch import Tensor, nn
from torch.nn import functional

from terrascope_sdk.model.config import CompactConfig

__all__ = ["Cache", "LanguageModel"]


@dataclass
class Cache:
    """Keys and values of what was read so far, a pair a block."""

    pairs: list[tuple[Tensor, Tensor]] = field(default_factory=list)

    @property
    def length(self) -> int:
        """Tokens so far."""
        return self.pairs[0][0].shape[2] if self.pairs else 0


def _rotated(x: Tensor, start: int) -> Tensor:
    """Return queries or keys [batch, head, token, dim] turned by their positions, counted from `start`."""
    half = x.shape[-1] // 2
    rates = 10000.0 ** (-torch.arange(half, device=x.device, dtype=torch.float32) / half)
    angle = (start + torch.arange(x.shape[2], device=x.device, dtype=torch.float32))[:, None] * rates
    cos, sin = angle.cos().to(x), angle.sin().to(x)
    a, b = x[..., :half], x[..., half:]
    return torch.cat([a * cos - b * sin, a * sin + b * cos], -1)


class _Block(nn.Module):
    def __init__(self, config: CompactConfig) -> None:
        super().__init__()
        width, self.heads, self.kv_heads = config.lm_width, config.lm_heads, config.lm_kv_heads
        self.size = width // self.heads
        self.norm_attention, self.norm_hidden = nn.RMSNorm(width), nn.RMSNorm(width)
        self.qkv = nn.Linear(width, (self.heads + 2 * self.kv_heads) * self.size, bias=False)
        self.out = nn.Linear(width, width, bias=False)
        self.gate_up = nn.Linear(width, 2 * config.lm_hidden, bias=False)
        self.down = nn.Linear(config.lm_hidden, width, bias=False)

    def forward(self, x: Tensor, past: tuple[Tensor, Tensor] | None) -> tuple[Tensor, tuple[Tensor, Tensor]]:
        batch, length, width = x.shape
        made = self.qkv(self.norm_attention(x)).reshape(batch, length, -1, self.size).transpose(1, 2)
        q, k, v = made.split([self.heads, self.kv_heads, self.kv_heads], 1)
        start = past[0].shape[2] if past is not None else 0
        q, k = _rotated(q, start), _rotated(k, start)
        if past is not None:
            k, v = torch.cat([past[0], k], 2), torch.cat([past[1], v], 2)
        times = self.heads // self.kv_heads
        wide_k, wide_v = k.repeat_interleave(times, 1), v.repeat_interleave(times, 1)
        if past is None or length == 1:
            seen = functional.scaled_dot_product_attention(q, wide_k, wide_v, is_causal=past is None and length > 1)
        else:
            may = torch.ones(length, start + length, dtype=torch.bool, device=x.device).tril(start)
            seen = functional.scaled_dot_product_attention(q, wide_k, wide_v, attn_mask=may)
        x = x + self.out(seen.transpose(1, 2).reshape(batch, length, width))
        gate, up = self.gate_up(self.norm_hidden(x)).chunk(2, -1)
        return x + self.down(functional.silu(gate) * up), (k, v)


class LanguageModel(nn.Module):
    """Embeddings in, hidden states out; the same table reads tokens and scores the next one."""

    def __init__(self, config: CompactConfig, vocabulary_size: int) -> None:
        super().__init__()
        self.embed = nn.Embedding(vocabulary_size, config.lm_width)
        self.blocks = nn.ModuleList(_Block(config) for _ in range(config.lm_layers))
        self.norm = nn.RMSNorm(config.lm_width)
        nn.init.normal_(self.embed.weight, std=0.05)
        for name, p in self.named_parameters():
            if p.dim() > 1 and "embed" not in name:
                last = name.endswith(("out.weight", "down.weight"))
                nn.init.normal_(p, std=0.05 / (2 * config.lm_layers) ** 0.5 if last else 0.05)

    def forward(self, embeddings: Tensor, cache: Cache | None = None) -> Tensor:
        """Return hidden states [batch, token, width]; with a cache the tokens go on from it, and it grows.

        Args:
            embeddings: Input embeddings [batch, token, width].
            cache: What was read before; filled in place.
        """
        x = embeddings
        pairs = []
        for i, block in enumerate(self.blocks):
            x, pair = block(x, cache.pairs[i] if cache is not None and cache.pairs else None)
            pairs.append(pair)
        if cache is not None:
            cache.pairs = pairs
        normed: Tensor = self.norm(x)
        return normed

    def scores(self, hidden: Tensor) -> Tensor:
        """Return the score of every token as the next one, [..., vocabulary]."""
        return functional.linear(hidden, self.embed.weight)
