"""Lessons laid out for teacher forcing: which embedding stands where, and what the network must write next."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from terrascope_sdk.model.compact import CompactNetwork, prompt_words
from terrascope_sdk.model.config import change_keys, single_keys
from terrascope_sdk.model.regions import pool_mask
from terrascope_sdk.train.lessons import Lesson

__all__ = ["LaidOut", "LessonBatch", "lay_out"]

_SINGLE = {k: i for i, k in enumerate(single_keys())}
_CHANGE = {k: i for i, k in enumerate(change_keys())}


@dataclass
class LessonBatch:
    """Lessons with the features of their scenes."""

    lessons: list[Lesson]
    """The lessons."""

    coarse: Tensor
    """Features at stride 8 of both dates of each lesson's scene, [lesson, 2, width, y / 8, x / 8]."""

    seen: list[bool]
    """Whether a lesson's prompt holds the visual tokens; without them it is only shorter."""

    scenes: list[int]
    """Which scene each lesson is about."""


@dataclass
class LaidOut:
    """A batch as tensors."""

    embeddings: Tensor
    """Input embeddings [lesson, token, width]."""

    lengths: Tensor
    """How many of a lesson's tokens are its own and not padding, int64 [lesson]."""

    targets: Tensor
    """What to write next, int64 [lesson, token]; -100 where nothing is learned."""

    seg_at: Tensor
    """Positions of [SEG], int64 [mask, 2]: lesson and token."""

    queries: list[tuple[bool, int]]
    """For each [SEG]: whether it is a change, and the position of its stored query."""


def query_of(concept: str, way: str) -> tuple[bool, int]:
    """Return whether a concept takes a change query, and the query's position."""
    if concept == "burned":
        return True, _CHANGE["gain:burned"]
    return (True, _CHANGE[f"{way}:{concept}"]) if way else (False, _SINGLE[concept])


def _mask_tokens(network: CompactNetwork, batch: LessonBatch) -> tuple[Tensor, list[list[int]]]:
    """Return embeddings [mask, cell + 1, width] of all masks, and which of them are fed back."""
    masks, coarse = [], []
    for lesson, features in zip(batch.lessons, batch.coarse, strict=True):
        for find, mask in zip(lesson.finds, lesson.masks, strict=True):
            masks.append(mask)
            coarse.append(features[lesson.dates[find.dates[-1] - 1]].float())
    if not masks:
        return torch.zeros(0, 1, network.config.lm_width), []
    weight = torch.from_numpy(np.stack(masks)).float()
    pooled = pool_mask(torch.stack(coarse), weight, network.config.grid)
    tokens = network.regions.mask_tokens(pooled)
    return tokens, [[*network.regions.kept(c), tokens.shape[1] - 1] for c in pooled.cover]


def _row(
    network: CompactNetwork, lesson: Lesson, *, seen: bool, first_mask: int, kept: Sequence[list[int]]
) -> list[tuple[str, int, bool]]:
    """Return one lesson as (kind, number, learned) per position: a word, an image cell or a mask token."""
    tokenizer = network.tokenizer
    row: list[tuple[str, int, bool]] = []
    cells = network.config.grid**2
    for part in prompt_words(lesson.question, len(lesson.dates), direct=lesson.direct):
        if isinstance(part, int):
            row += [("image", lesson.dates[part] * cells + c, False) for c in range(cells)] if seen else []
        else:
            row += [("word", i, False) for i in tokenizer.question_ids(part)]
    for piece in lesson.pieces:
        if piece.mask is not None:
            at = first_mask + piece.mask - 1
            row += [("mask", at * (cells + 1) + k, False) for k in kept[at]]
        else:
            row += [("word", i, piece.learned) for i in tokenizer.chain_ids(piece.words)]
    return row


def lay_out(network: CompactNetwork, batch: LessonBatch) -> LaidOut:
    """Return a batch for teacher forcing."""
    n = len(batch.lessons)
    tokens, kept = _mask_tokens(network, batch)
    images = network.regions.image_tokens(batch.coarse.flatten(0, 1).float())
    cells = images.shape[1]
    rows, first, counts = [], 0, []
    for lesson, seen in zip(batch.lessons, batch.seen, strict=True):
        rows.append(_row(network, lesson, seen=seen, first_mask=first, kept=kept))
        counts.append(len(lesson.masks))
        first += len(lesson.masks)
    size = len(network.tokenizer)
    length = max(len(r) for r in rows)
    source = np.zeros((n, length), np.int64)
    targets = np.full((n, length), -100, np.int64)
    seg = network.tokenizer.id("[SEG]")
    seg_at = []
    offsets = {"word": 0, "image": size, "mask": size + images.shape[0] * cells}
    for b, row in enumerate(rows):
        for t, (kind, number, learned) in enumerate(row):
            source[b, t] = offsets[kind] + number + (b * 2 * cells if kind == "image" else 0)
            if learned and t:
                targets[b, t - 1] = number
                if number == seg:
                    seg_at.append((b, t))
    table = torch.cat([network.language.embed.weight, images.flatten(0, 1), tokens.flatten(0, 1)])
    return LaidOut(
        embeddings=table[torch.from_numpy(source)],
        lengths=torch.tensor([len(r) for r in rows]),
        targets=torch.from_numpy(targets),
        seg_at=torch.tensor(seg_at, dtype=torch.long).reshape(-1, 2),
        queries=[query_of(f.concept, f.way) for lesson in batch.lessons for f in lesson.finds],
    )
