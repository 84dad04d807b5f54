"""One chain of the compact network over one encoded stack: the backbone and the grounding that the loop asks for."""

from collections.abc import Sequence

import numpy as np
import torch
from jaxtyping import Bool
from torch import Tensor

from terrascope_sdk.model.chain_grammar import Find
from terrascope_sdk.model.compact import CompactNetwork
from terrascope_sdk.model.decode import Drawn, Reading
from terrascope_sdk.model.fields import Fields
from terrascope_sdk.model.grounding import mask_logits
from terrascope_sdk.model.language import Cache
from terrascope_sdk.model.mask_rule import decide
from terrascope_sdk.model.regions import Evidence

__all__ = ["CompactSession"]


class CompactSession:
    """Prompt, cache and encoded dates of one chain."""

    def __init__(
        self,
        network: CompactNetwork,
        fields: Sequence[Fields],
        observed: Sequence[Bool[np.ndarray, "y x"]],
        *,
        question: Sequence[str],
        direct: bool = False,
    ) -> None:
        """Prepare a chain.

        Args:
            network: What reasons.
            fields: The encoded dates, in order of time.
            observed: Where each date saw the ground, without padding.
            question: The split question.
            direct: Whether the network writes numbers itself.
        """
        self.network, self.fields, self.observed = network, fields, observed
        self.question, self.direct = question, direct
        self._cache = Cache()
        self._changes: dict[tuple[int, int], Tensor] = {}

    # ------------------------------------------------------------------------------------------------- language

    @torch.inference_mode()
    def _read(self, embeddings: Tensor) -> Reading:
        hidden = self.network.language(embeddings[None], self._cache)[0, -1]
        return Reading(hidden, self.network.language.scores(hidden))

    @torch.inference_mode()
    def begin(self) -> Reading:
        """Read the prompt: the visual tokens of every date, and the question."""
        self._cache = Cache()
        coarse = [f.coarse for f in self.fields]
        return self._read(self.network.prompt(self.question, coarse, direct=self.direct))

    @torch.inference_mode()
    def feed(self, words: Sequence[str]) -> Reading:
        """Read tokens of the chain."""
        return self._read(self.network.embedded(self.network.tokenizer.chain_ids(words)))

    def feed_evidence(self, evidence: Evidence) -> Reading:
        """Read the tokens of a mask."""
        return self._read(evidence.embeddings)

    def word(self, token_id: int) -> str:
        """Return a token's text."""
        return self.network.tokenizer.text(token_id)

    # ------------------------------------------------------------------------------------------------- grounding

    @torch.inference_mode()
    def draw(self, hidden: Tensor, find: Find) -> Drawn:
        """Make the mask that a chain asks for, from the hidden state at [SEG]."""
        observed = np.logical_and.reduce([self.observed[d - 1] for d in find.dates])
        height, width = observed.shape
        head = self.network.change_head if len(find.dates) > 1 else self.network.single_head
        logits = self._logits(head(hidden), find.dates)[:height, :width]
        probability = np.asarray(torch.sigmoid(logits).float().cpu().numpy(), np.float32)
        pixels = decide(probability, observed)
        return Drawn(pixels, probability, self.evidence(pixels, find))

    def _logits(self, query: Tensor, dates: tuple[int, ...]) -> Tensor:
        if len(dates) == 1:
            at = self.fields[dates[0] - 1]
            features = self.network.grounder.joined(at.free[None], at.margins[None])
        else:
            before, after = (self.fields[d - 1] for d in dates)
            key = (dates[0], dates[1])
            if key not in self._changes:
                self._changes[key] = self.network.grounder.change(
                    before.halves[None], after.halves[None], margins_before=before.margins[None],
                    margins_after=after.margins[None],
                )  # fmt: skip
            features = self._changes[key]
        return mask_logits(features, query[None].float())[0, 0]

    @torch.inference_mode()
    def evidence(self, pixels: Bool[np.ndarray, "y x"], find: Find) -> Evidence:
        """Return the tokens that stand for a mask, as seen on the (later) date."""
        coarse = self.fields[find.dates[-1] - 1].coarse
        weight = torch.zeros(coarse.shape[-2] * 8, coarse.shape[-1] * 8, device=coarse.device)
        weight[: pixels.shape[0], : pixels.shape[1]] = torch.from_numpy(pixels.astype(np.float32)).to(coarse.device)
        height, width = pixels.shape
        return self.network.regions.evidence(coarse, weight, frame=(height, width))
