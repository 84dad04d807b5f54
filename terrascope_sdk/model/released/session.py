"""One chain of the released network over pictures: the backbone and the grounding that the loop asks for."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import torch
from jaxtyping import Bool
from torch import Tensor
from transformers import DynamicCache, PreTrainedTokenizerBase

from terrascope_sdk.errors import InputError, ParseError
from terrascope_sdk.model.chain_grammar import Find
from terrascope_sdk.model.decode import Drawn, Reading
from terrascope_sdk.model.regions import Evidence
from terrascope_sdk.model.released.caches import copied
from terrascope_sdk.model.released.choosing import chosen_tokens
from terrascope_sdk.model.released.fusing import nearer_sensor
from terrascope_sdk.model.released.network import ReleasedNetwork, SegmenterFeatures, SegmenterMask, upsampled
from terrascope_sdk.model.released.options import ReleasedOptions
from terrascope_sdk.model.released.pictures import Picture
from terrascope_sdk.model.released.prompt import CONTEXT, token_id

__all__ = ["ReleasedSession", "SeenPictures"]


@dataclass
class SeenPictures:
    """Pictures as both encoders see them; made once, whatever is asked and however many masks are drawn."""

    network: ReleasedNetwork
    """What sees them."""

    pictures: Sequence[Picture]
    """The pictures."""

    tokens: list[Tensor] = field(init=False)
    """Visual tokens of each, the thumbnail's last, [token, width]."""

    prefix: tuple[tuple[int, ...], DynamicCache] | None = None
    """Tokens up to the last visual one, and the cache after reading them: questions about the pictures share it."""

    _features: SegmenterFeatures | None = None

    @torch.inference_mode()
    def __post_init__(self) -> None:
        device = self.network.head.weight.device
        self.tokens = [self.network.visual_tokens(p.tiles.to(device)).flatten(0, 1) for p in self.pictures]

    @property
    def features(self) -> SegmenterFeatures:
        """What SAM 2 makes of them; made when the first mask is asked for."""
        if self._features is None:
            device = self.network.head.weight.device
            self._features = self.network.segmenter_features([p.whole.to(device) for p in self.pictures])
        return self._features


class ReleasedSession:
    """Prompt, cache and pictures of one chain."""

    def __init__(
        self,
        seen: SeenPictures,
        tokenizer: PreTrainedTokenizerBase,
        ids: Sequence[int],
        options: ReleasedOptions | None = None,
    ) -> None:
        """Prepare a chain.

        Args:
            seen: The pictures.
            tokenizer: Of the checkpoint.
            ids: The prompt's tokens, with a place for every visual token.
            options: How it is run; as the release does when left out.

        Raises:
            InputError: The prompt has more or fewer places than there are visual tokens.
        """
        self.seen, self.tokenizer, self.options = seen, tokenizer, options or ReleasedOptions()
        self.network = seen.network
        device = self.network.head.weight.device
        self._ids = torch.tensor(list(ids), device=device)
        self._places = torch.eq(self._ids, token_id(tokenizer, CONTEXT))
        count = sum(len(t) for t in seen.tokens)
        if int(self._places.sum()) != count:
            raise InputError(f"The prompt has {int(self._places.sum())} places for {count} visual tokens.")
        self._cache = DynamicCache(config=self.network.language.config)
        self._last: Reading | None = None

    @property
    def prompt_ids(self) -> list[int]:
        """The prompt's tokens."""
        return [int(i) for i in self._ids.tolist()]

    # ------------------------------------------------------------------------------------------------- language

    def start(self) -> Tensor:
        """Read the prompt into a new cache and return the states of its end, [token, width].

        What stands before the question, visual tokens and all, is read once for all questions about the pictures.
        """
        embeddings, config = self.prompt_embeddings(), self.network.language.config
        places = torch.nonzero(self._places)
        shared = int(places[-1]) + 1 if len(places) else 0
        known = tuple(self._ids[:shared].tolist())
        if self.seen.prefix is None or self.seen.prefix[0] != known:
            cache = DynamicCache(config=config)
            if shared:
                self.network.read(embeddings[:shared], cache)
            self.seen.prefix = (known, cache)
        self._cache = copied(self.seen.prefix[1], config) if shared else DynamicCache(config=config)
        return self.network.read(embeddings[shared:], self._cache)

    def states(self, embeddings: Tensor) -> Tensor:
        """Return the last layer's states of embeddings read next, [token, width]."""
        return self.network.read(embeddings, self._cache)

    def _at(self, state: Tensor) -> Reading:
        self._last = Reading(state, self.network.head(state).float())
        return self._last

    def _read(self, embeddings: Tensor) -> Reading:
        if len(embeddings) == 0 and self._last is not None:
            return self._last
        return self._at(self.states(embeddings)[-1])

    def prompt_embeddings(self) -> Tensor:
        """Return the input embeddings of the prompt, the visual tokens in their places, [token, width]."""
        made = self.network.embedded(self._ids)
        if self.seen.tokens:
            made = made.clone()
            made[self._places] = torch.cat(self.seen.tokens).to(made.dtype)
        return made

    @torch.inference_mode()
    def begin(self) -> Reading:
        """Read the prompt."""
        return self._at(self.start()[-1])

    @torch.inference_mode()
    def feed(self, words: Sequence[str]) -> Reading:
        """Read tokens of the chain."""
        ids = torch.tensor(self.tokenizer.convert_tokens_to_ids(list(words)), device=self._ids.device)
        return self._read(self.network.embedded(ids))

    @torch.inference_mode()
    def feed_evidence(self, evidence: Evidence) -> Reading:
        """Read the visual tokens under a mask again; nothing where there are none."""
        return self._read(evidence.embeddings)

    def word(self, token_id: int) -> str:
        """Return a token as its tokenizer writes it.

        Raises:
            ParseError: The tokenizer has no such token; networks may have more rows than tokens.
        """
        token = self.tokenizer.convert_ids_to_tokens(token_id)
        if not isinstance(token, str):
            raise ParseError(f"The network wrote token {token_id}, which its tokenizer does not have.")
        return token

    # ------------------------------------------------------------------------------------------------- grounding

    def segment(self, hidden: Tensor) -> SegmenterMask:
        """Return what SAM 2 answers to a state at [SEG], for every picture."""
        return self.network.segmented(self.seen.features, hidden)

    @torch.inference_mode()
    def draw(self, hidden: Tensor, find: Find) -> Drawn:
        """Make the mask of the picture that a [SEG] means.

        All masks have the size of the first picture, as in the release.
        """
        image = find.dates[-1] - 1
        small = self.segment(hidden).best[image : image + 1]
        probability = torch.sigmoid(upsampled(small, self.seen.pictures[0].size)[0]).cpu().numpy()
        pixels = probability > 0.5
        return Drawn(pixels, probability, self.evidence(pixels, image))

    def evidence(self, pixels: Bool[np.ndarray, "y x"], image: int) -> Evidence:
        """Return what is fed back after a mask: copies of the visual tokens under it.

        Args:
            pixels: The mask.
            image: Number of the picture, from 0.
        """
        options, layout, side = self.options, self.seen.pictures[image].layout, self.network.sizes.cells
        chosen, _ = chosen_tokens(
            pixels, layout, most=options.region_tokens, rule=options.cover, when_empty=options.when_empty, cells=side
        )
        before = sum(len(t) for t in self.seen.tokens[:image])
        if options.fusion == "none" or len(self.seen.tokens) != 2:
            return Evidence(self.seen.tokens[image][chosen], tuple(before + i for i in chosen))
        optical, sar = self.seen.tokens
        if len(optical) != len(sar):
            raise InputError("An optical and a SAR image can be fused only where they are cut alike.")
        other = len(optical)
        if options.fusion == "paired":
            both = [i for c in chosen for i in (c, other + c)]
            return Evidence(torch.cat(self.seen.tokens)[both], tuple(both))
        cells = optical[: layout.cols * layout.rows * side**2]
        words = self.network.embedded(self._ids[~self._places])
        nearer = nearer_sensor(cells, sar[: len(cells)], words).tolist()
        taken = [other + c if nearer[c] else c for c in chosen]
        return Evidence(torch.cat(self.seen.tokens)[taken], tuple(taken))
