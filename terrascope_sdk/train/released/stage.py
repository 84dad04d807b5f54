"""The paper's two stages of training on the released network, with the true masks fed back.

Stage ``masks`` trains SAM 2's mask decoder and what prompts it. Stage ``chains`` trains these, the projector, and the
language model through low-rank adapters (Hu et al. 2021, arXiv 2106.09685). Loss: words + 0.5 (Dice + pixel
cross-entropy) as in the paper, or the release's weights 0.5 Dice and 2 cross-entropy.
"""

import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import torch
from peft import LoraConfig, PeftModel, get_peft_model
from torch import Tensor, nn
from torch.nn import functional

from terrascope_sdk.errors import InputError
from terrascope_sdk.model.released.chain import REGION
from terrascope_sdk.model.released.choosing import chosen_tokens
from terrascope_sdk.model.released.loading import Released
from terrascope_sdk.model.released.network import ReleasedNetwork
from terrascope_sdk.model.released.options import ReleasedOptions
from terrascope_sdk.model.released.pictures import prepare_pictures
from terrascope_sdk.model.released.prompt import CONTEXT, templated, token_id
from terrascope_sdk.model.released.tiles import TileLayout
from terrascope_sdk.model.released.transcript import STOPS
from terrascope_sdk.model.tokens import SEG
from terrascope_sdk.train.loss import dice_loss
from terrascope_sdk.train.released.samples import TaughtChain

__all__ = ["PAPER_WEIGHTS", "RELEASE_WEIGHTS", "FineTuning", "LossWeights", "StageName"]

StageName = Literal["masks", "chains"]
"""Which stage."""

_LOW = 256
_ADAPTED = ("q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj")


@dataclass(frozen=True)
class LossWeights:
    """What the parts of the loss count."""

    words: float
    dice: float
    pixels: float


PAPER_WEIGHTS = LossWeights(1.0, 0.5, 0.5)
"""As the paper's text says."""

RELEASE_WEIGHTS = LossWeights(1.0, 0.5, 2.0)
"""As the released configuration has them."""


@dataclass
class _Laid:
    """A sample as tensors."""

    embeddings: Tensor
    targets: Tensor
    seg_at: list[int]


class FineTuning(nn.Module):
    """The trained parts of a released network, with the loss of a sample; the rest of the network stays as it is.

    Only what is trained is a parameter of this module, so a checkpoint of its training is small.
    """

    def __init__(
        self,
        released: Released,
        chains: Sequence[Callable[[], TaughtChain]],
        stage: StageName,
        *,
        weights: LossWeights = PAPER_WEIGHTS,
        options: ReleasedOptions | None = None,
        rank: int = 128,
        seed: int = 0,
    ) -> None:
        """Choose what is trained.

        Args:
            released: Network and tokenizer; changed in place.
            chains: The samples, decoded when they are asked for.
            stage: Which stage.
            weights: Of the parts of the loss.
            options: Which tokens are fed back after a mask; as in the release when left out.
            rank: Of the adapters, with twice this as alpha, as in the release.
            seed: Decides the order of the samples.

        Raises:
            InputError: There are no samples.
        """
        super().__init__()
        if not chains:
            raise InputError("There are no samples to train on.")
        self._released, self._chains, self._stage = released, chains, stage
        self._weights, self._options, self._seed = weights, options or ReleasedOptions(), seed
        network = released.network
        self._dtype = network.dtype
        network.requires_grad_(requires_grad=False)
        parts: list[nn.Module] = [network.segmenter.mask_decoder, network.prompter]
        self._adapted: PeftModel | None = None
        if stage == "chains":
            parts.append(network.projector)
            config = LoraConfig(r=rank, lora_alpha=2 * rank, lora_dropout=0.05, target_modules=list(_ADAPTED))
            with warnings.catch_warnings():  # peft asks transformers in a way that is to change
                warnings.filterwarnings("ignore", message=".*is_gradient_checkpointing", category=FutureWarning)
                self._adapted = get_peft_model(network.language, config)
        for part in parts:
            part.float().requires_grad_(requires_grad=True)  # the optimiser needs full precision
        named = [(n, p) for n, p in network.named_parameters() if p.requires_grad]
        self.trained = nn.ParameterDict({n.replace(".", "/"): p for n, p in named})
        """Everything that is trained, by its name in the network."""

    # nn.Module would register them, and their weights would be in every checkpoint
    def __setattr__(self, name: str, value: Any) -> None:  # as in nn.Module
        if name in {"_released", "_adapted"}:
            object.__setattr__(self, name, value)
        else:
            super().__setattr__(name, value)

    @property
    def network(self) -> ReleasedNetwork:
        """The network that is trained."""
        return self._released.network

    def train(self, mode: bool = True) -> "FineTuning":
        """Switch dropout of the adapters on or off."""
        super().train(mode)
        self.network.language.train(mode)
        return self

    def make_batch(self, step: int) -> TaughtChain:
        """Return the sample of a step; each sample comes once in every pass, in another order."""
        passed, at = divmod(step, len(self._chains))
        order = np.random.default_rng([self._seed, passed]).permutation(len(self._chains))
        return self._chains[int(order[at])]()

    def loss(self, taught: TaughtChain, step: int) -> tuple[Tensor, dict[str, float]]:
        """Return the loss of a sample and its parts."""
        network = self.network
        device = network.head.weight.device
        pictures = prepare_pictures(taught.images, tiled=len(taught.images) == 1)
        tokens = [network.visual_tokens(p.tiles.to(device)).flatten(0, 1) for p in pictures]
        laid = self._laid(taught, tokens, [p.layout for p in pictures])
        states = network.language(inputs_embeds=laid.embeddings[None], use_cache=False).last_hidden_state[0]
        told = laid.targets >= 0
        words = functional.cross_entropy(network.head(states[told]).float(), laid.targets[told])
        dice = pixels = torch.zeros((), device=device)
        if laid.seg_at:
            features = network.segmenter_features([p.whole.to(device) for p in pictures])
            for number, (at, mask) in enumerate(zip(laid.seg_at, taught.masks, strict=True)):
                logits = network.segmented(features, states[at]).best[taught.shown_in[number]]
                truth = functional.interpolate(
                    torch.from_numpy(mask)[None, None].float().to(device), size=(_LOW, _LOW), mode="area"
                )
                weight = torch.ones_like(truth)
                dice = dice + dice_loss(torch.sigmoid(logits)[None, None], truth, weight) / len(laid.seg_at)
                pixels = pixels + functional.binary_cross_entropy_with_logits(logits, truth[0, 0]) / len(laid.seg_at)
        w = self._weights
        total = w.words * words + w.dice * dice + w.pixels * pixels
        parts = {"words": float(words.detach()), "dice": float(dice.detach()), "pixels": float(pixels.detach())}
        return total, parts

    def _laid(self, taught: TaughtChain, tokens: list[Tensor], layouts: Sequence[TileLayout]) -> _Laid:
        """Return a sample for teacher forcing: after each [SEG] the tokens under its true mask are fed back."""
        network, kit = self.network, self._released.tokenizer
        device = network.head.weight.device
        prompt = kit.encode(templated(taught.said, [len(t) for t in tokens]))
        answer = [*kit.encode(taught.chain.replace(REGION, "")), token_id(kit, STOPS[0])]
        seg = token_id(kit, SEG)
        seg_at: list[int] = []
        fed: list[tuple[int, int, int]] = []
        ids, targets = list(prompt), [-100] * len(prompt)
        for number in answer:
            targets.append(number)
            ids.append(number)
            if number == seg:
                image = taught.shown_in[len(seg_at)]
                chosen, _ = chosen_tokens(
                    taught.masks[len(seg_at)], layouts[image], most=self._options.region_tokens,
                    rule=self._options.cover, when_empty=self._options.when_empty, cells=network.sizes.cells,
                )  # fmt: skip
                seg_at.append(len(ids) - 1)
                fed += [(len(ids) + k, image, c) for k, c in enumerate(chosen)]
                ids += [seg] * len(chosen)  # stand-ins: <REGION> may have no row in the table of embeddings
                targets += [-100] * len(chosen)
        known = torch.tensor(ids, device=device)
        embeddings = network.embedded(known).clone()
        if tokens:
            places = torch.eq(known[: len(prompt)], token_id(kit, CONTEXT))
            embeddings[: len(prompt)][places] = torch.cat(tokens).to(embeddings.dtype)
        for place, image, cell in fed:
            embeddings[place] = tokens[image][cell].to(embeddings.dtype)
        shifted = torch.tensor([*targets[1:], -100], device=device)
        return _Laid(embeddings, shifted, seg_at)

    def finish(self) -> Released:
        """Return the trained network, the adapters merged into its weights, in the dtype it came in."""
        if self._adapted is not None:
            self.network.language = self._adapted.merge_and_unload()
            self._adapted = None
        self.network.to(self._dtype).requires_grad_(requires_grad=False)
        self.network.train(mode=False)
        return self._released
