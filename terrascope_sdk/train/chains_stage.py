"""Stage 2: the language model learns chains with the true masks fed back; the encoder stays as it is."""

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from terrascope_sdk.model.compact import CompactNetwork
from terrascope_sdk.train.lesson_batch import LaidOut, LessonBatch, lay_out
from terrascope_sdk.train.lessons import compose_lesson
from terrascope_sdk.train.phrasing import PhraseBook
from terrascope_sdk.train.scene_pool import ScenePool

__all__ = ["ChainStage"]


class ChainStage(nn.Module):
    """The parts of a network that stage 2 trains, with batches of lessons and their loss."""

    def __init__(
        self, network: CompactNetwork, pool: ScenePool, *, lessons: int = 32, seen_frac: float = 0.4, seed: int = 0,
        unknown_frac: float = 0.0,
    ) -> None:  # fmt: skip
        super().__init__()
        self.network = network
        for part in (network.encoder, network.grounder):
            part.requires_grad_(requires_grad=False)
        self.pool, self.lessons, self.seen_frac, self.seed = pool, lessons, seen_frac, seed
        self.book = PhraseBook.load()
        self.unknown_frac = unknown_frac

    def make_batch(self, step: int) -> LessonBatch:
        """Return the lessons of a step."""
        rng = np.random.default_rng([self.seed, step])
        lessons, scenes = [], []
        for _ in range(self.lessons):
            i = int(rng.integers(len(self.pool.pairs)))
            drawn = None if self.pool.drawn is None else list(self.pool.drawn[i])
            lessons.append(compose_lesson(self.pool.pairs[i], self.book, rng, drawn=drawn))
            scenes.append(i)
        coarse = self.pool.coarse[scenes]
        seen = [bool(v) for v in rng.random(self.lessons) < self.seen_frac]
        return LessonBatch(lessons, coarse, seen, scenes)

    def loss(self, batch: LessonBatch, step: int) -> tuple[Tensor, dict[str, float]]:
        """Return the loss of the words and of the mask queries."""
        laid = lay_out(self.network, batch)
        hidden = self.hidden(laid)
        learned = laid.targets >= 0
        words = functional.cross_entropy(self.network.language.scores(hidden[learned]).float(), laid.targets[learned])
        queries = self._query_loss(hidden, laid)
        return words + queries, {"words": float(words.detach()), "queries": float(queries.detach())}

    def hidden(self, laid: LaidOut) -> Tensor:
        """Return the states of the language model [lesson, token, width]; 0 in the padding.

        Lessons of like length run together: few see their images, and those are many times longer than the others.
        """
        states = torch.zeros_like(laid.embeddings)
        low = 0
        for high in (96, 192, 320, int(laid.lengths.max())):
            rows = torch.nonzero((laid.lengths > low) & (laid.lengths <= high))[:, 0]
            if len(rows):
                size = int(laid.lengths[rows].max())
                made = self.network.language(laid.embeddings[rows, :size])
                own = torch.arange(size)[None] < laid.lengths[rows, None]
                at = rows[:, None].expand_as(own)[own], torch.arange(size).expand_as(own)[own]
                states = states.index_put(at, made[own])
            low = high
        return states

    def _query_loss(self, hidden: Tensor, laid: LaidOut) -> Tensor:
        """Return how far the queries at [SEG] lie from the grounder's own."""
        if not len(laid.queries):
            return torch.zeros(())
        at = hidden[laid.seg_at[:, 0], laid.seg_at[:, 1]]
        change = torch.tensor([q[0] for q in laid.queries])
        number = torch.tensor([q[1] for q in laid.queries])
        grounder = self.network.grounder
        loss = torch.zeros(())
        for is_change, head, table in (
            (False, self.network.single_head, grounder.single_queries),
            (True, self.network.change_head, grounder.change_queries),
        ):
            chosen = change == is_change
            if chosen.any():
                made = head(at[chosen]).float()
                loss = loss + functional.mse_loss(made, table.detach()[number[chosen]]) * chosen.float().mean()
        return loss
