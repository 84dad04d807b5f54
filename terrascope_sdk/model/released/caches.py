"""Key-value caches: copied, so that chains share a prompt, and joined, so that several chains are read at once."""

from collections.abc import Sequence

import torch
from torch import Tensor
from transformers import DynamicCache, PretrainedConfig

__all__ = ["copied", "joined", "of_rows"]


def _layers(cache: DynamicCache) -> list[tuple[Tensor, Tensor]]:
    """Return keys and values of each layer, [row, head, position, width]."""
    found = []
    for layer in cache.layers:
        keys, values = getattr(layer, "keys", None), getattr(layer, "values", None)
        assert isinstance(keys, Tensor)
        assert isinstance(values, Tensor)
        found.append((keys, values))
    return found


def copied(cache: DynamicCache, config: PretrainedConfig) -> DynamicCache:
    """Return a cache of the same content that can grow by itself; nothing is copied until it does."""
    made = DynamicCache(config=config)
    for i, (keys, values) in enumerate(_layers(cache)):
        made.update(keys, values, i)
    return made


def joined(
    caches: Sequence[DynamicCache], seen: Sequence[Tensor], config: PretrainedConfig
) -> tuple[DynamicCache, Tensor]:
    """Return several caches as the rows of one, padded on the left, and which of their positions hold something.

    Args:
        caches: Of one row or several each.
        seen: Which positions of each hold something, bool [row, position].
        config: Of the language model.

    Returns:
        The joined cache, and bool [row, position].
    """
    longest = max(s.shape[1] for s in seen)
    made = DynamicCache(config=config)
    for i, of_caches in enumerate(zip(*(_layers(c) for c in caches), strict=True)):
        keys, values = (torch.cat([_padded(layer[part], longest) for layer in of_caches]) for part in (0, 1))
        made.update(keys, values, i)
    rows = [torch.nn.functional.pad(s, (longest - s.shape[1], 0)) for s in seen]
    return made, torch.cat(rows)


def of_rows(cache: DynamicCache, seen: Tensor, rows: Tensor, config: PretrainedConfig) -> tuple[DynamicCache, Tensor]:
    """Return some rows of a cache, without the positions on the left that none of them uses.

    Args:
        cache: Of several rows.
        seen: Which of its positions hold something, bool [row, position].
        rows: Numbers of the rows to keep.
        config: Of the language model.
    """
    kept = seen[rows]
    used = torch.nonzero(kept.any(0))
    first = int(used[0]) if len(used) else 0
    made = DynamicCache(config=config)
    for i, (keys, values) in enumerate(_layers(cache)):
        made.update(keys[rows, :, first:], values[rows, :, first:], i)
    return made, kept[:, first:]


def _padded(tensor: Tensor, longest: int) -> Tensor:
    return torch.nn.functional.pad(tensor, (0, 0, longest - tensor.shape[2], 0))
