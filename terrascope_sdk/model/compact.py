"""The compact TerraScope: encoder, grounder, region tokens and language model, trained from nothing by our own code."""

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from terrascope_sdk.model.config import CompactConfig
from terrascope_sdk.model.encoder import Encoder
from terrascope_sdk.model.grounding import Grounder
from terrascope_sdk.model.language import LanguageModel
from terrascope_sdk.model.regions import RegionTokens
from terrascope_sdk.model.tokens import DATES, Tokenizer

__all__ = ["CompactNetwork", "prompt_words"]


class CompactNetwork(nn.Module):
    """All trained parts, with the words they know."""

    def __init__(self, config: CompactConfig, words: Sequence[str]) -> None:
        super().__init__()
        self.config = config
        self.tokenizer = Tokenizer(words)
        self.encoder = Encoder(config)
        self.grounder = Grounder(config)
        self.regions = RegionTokens(config)
        self.language = LanguageModel(config, len(self.tokenizer))
        width = config.lm_width
        self.single_head = _query_head(width, self.grounder.single_size)
        self.change_head = _query_head(width, self.grounder.change_size)

    def embedded(self, ids: Sequence[int]) -> Tensor:
        """Return input embeddings [token, width] of token numbers."""
        device = self.language.embed.weight.device
        made: Tensor = self.language.embed(torch.tensor(list(ids), dtype=torch.long, device=device))
        return made

    def prompt(self, question: Sequence[str], coarse: Sequence[Tensor], *, direct: bool = False) -> Tensor:
        """Return the prompt's embeddings, [token, width].

        Args:
            question: The split question.
            coarse: Features at stride 8 of each date, [width, y / 8, x / 8]; their sizes may differ.
            direct: Whether the network is to write numbers itself, as in the paper.
        """
        parts = []
        for words in prompt_words(question, len(coarse), direct=direct):
            if isinstance(words, int):
                parts.append(self.regions.image_tokens(coarse[words][None])[0])
            else:
                parts.append(self.embedded(self.tokenizer.question_ids(words)))
        return torch.cat(parts)


def prompt_words(question: Sequence[str], dates: int, *, direct: bool = False) -> list[Sequence[str] | int]:
    """Return the prompt as runs of tokens and, as whole numbers, the dates whose visual tokens stand there."""
    made: list[Sequence[str] | int] = [["<bos>"]]
    for when in range(dates):
        made += [["<image>", DATES[when]], when]
    return [*made, ["<q>", *question, "<direct>" if direct else "<measured>", "<a>"]]


def _query_head(width: int, size: int) -> nn.Sequential:
    return nn.Sequential(nn.RMSNorm(width), nn.Linear(width, 160), nn.GELU(), nn.Linear(160, size))
