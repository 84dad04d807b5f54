"""A chain of the released network that keeps every intermediate value."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any  # outputs of transformers' classes

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from terrascope_sdk.model.chain_grammar import Find
from terrascope_sdk.model.decode import Drawn, Reading
from terrascope_sdk.model.regions import Evidence
from terrascope_sdk.model.released.chain import ReleasedChain, released_events
from terrascope_sdk.model.released.choosing import chosen_tokens
from terrascope_sdk.model.released.loading import Released
from terrascope_sdk.model.released.network import ReleasedNetwork, SegmenterMask, upsampled
from terrascope_sdk.model.released.options import ReleasedOptions
from terrascope_sdk.model.released.pictures import prepare_pictures
from terrascope_sdk.model.released.prompt import templated, token_id
from terrascope_sdk.model.released.session import ReleasedSession, SeenPictures
from terrascope_sdk.model.released.sizes import SEGMENTER_PX

__all__ = ["Recorded", "record_chain"]


class _Recorder(ReleasedSession):
    """Keeps what goes in and comes out of the language model and of SAM 2."""

    reads: list[tuple[str, Tensor, Tensor]]
    fed: list[tuple[int, int]]
    drawn: list[tuple[Tensor, SegmenterMask]]
    _kind: str = "t"

    def start(self) -> Tensor:
        return self.states(self.prompt_embeddings())  # in one piece, as the original reads it

    def states(self, embeddings: Tensor) -> Tensor:
        made = super().states(embeddings)
        self.reads.append((self._kind, embeddings, made))
        return made

    def feed(self, words: Sequence[str]) -> Reading:
        first = self._cache.get_seq_length()
        self.fed += [(token_id(self.tokenizer, w), first + i) for i, w in enumerate(words)]
        return super().feed(words)

    def feed_evidence(self, evidence: Evidence) -> Reading:
        self._kind = f"r{len(evidence.positions)}"
        made = super().feed_evidence(evidence)
        self._kind = "t"
        return made

    def draw(self, hidden: Tensor, find: Find) -> Drawn:
        self.drawn.append((hidden, self.segment(hidden)))
        return super().draw(hidden, find)


@dataclass
class Recorded:
    """Everything one case computed, by the names of the fixture."""

    exact: dict[str, object] = field(default_factory=dict)
    """What must be equal."""

    arrays: dict[str, np.ndarray] = field(default_factory=dict)
    """What must be near, whole."""


@torch.inference_mode()
def record_chain(
    released: Released,
    text: str,
    images: Sequence[Image.Image],
    *,
    tiled: bool | None = None,
    before: str = "",
    options: ReleasedOptions | None = None,
) -> Recorded:
    """Run one case as the original does, and keep every value.

    Args:
        released: Network and tokenizer.
        text: What the user says.
        images: What is shown; none for a text alone.
        tiled: Whether they are cut into tiles; a single one is when left out.
        before: What stands before the prompt.
        options: How the chain is run; as the release does when left out.
    """
    network = released.network
    pictures = prepare_pictures(images, tiled=len(images) == 1 if tiled is None else tiled)
    looks: dict[str, list[object]] = {"embeddings": [], "states": [], "stages": []}
    with _watched(network, looks):
        return _recorded(released, SeenPictures(network, pictures), looks, text, before, options)


@contextmanager
def _watched(network: ReleasedNetwork, looks: dict[str, list[object]]) -> Iterator[None]:
    """Keep what the encoders make on their way, so that nothing is computed twice."""
    watched = {
        "embeddings": network.vision.embeddings, "states": network.vision,
        "stages": network.segmenter.vision_encoder.backbone,
    }  # fmt: skip
    hooks = [m.register_forward_hook(lambda _, __, made, k=k: looks[k].append(made)) for k, m in watched.items()]
    try:
        yield
    finally:
        for hook in hooks:
            hook.remove()


def _recorded(
    released: Released, seen: SeenPictures, looks: Mapping[str, list[Any]], text: str, before: str,
    options: ReleasedOptions | None,
) -> Recorded:  # fmt: skip
    tokenizer, pictures = released.tokenizer, seen.pictures
    whole = before + templated(text, [len(t) for t in seen.tokens])
    session = _Recorder(seen, tokenizer, tokenizer.encode(whole), options)
    session.reads, session.drawn, session.fed = [], [], []
    chain = ReleasedChain()
    for _ in released_events(session, chain):
        pass
    if chain.stopped != "masks":
        session.feed([session.word(chain.ids[-1])])  # the original reads the last token as well
    made, side = Recorded(), seen.network.sizes.cells
    made.exact = {
        "templated_text": whole, "input_ids": session.prompt_ids, "generated_ids": chain.ids,
        "fed_token_ids": [i for i, _ in session.fed], "fed_token_positions": [p for _, p in session.fed],
        "prediction": chain.text(tokenizer), "n_seg": len(chain.masks), "n_tiles": sum(len(p.tiles) for p in pictures),
        "selected_token_indices": [list(m.drawn.evidence.positions) for m in chain.masks] or None,
        "tile_grid_cols_rows": [pictures[0].layout.cols, pictures[0].layout.rows] if chain.masks else None,
        "n_mask_tokens_before_sampling": [
            chosen_tokens(m.drawn.pixels, pictures[m.find.dates[-1] - 1].layout, cells=side)[1]
            for m in chain.masks
        ] or None,
    }  # fmt: skip
    _language(made, session)
    if pictures:
        _vision(made, seen, looks)
    if chain.masks:
        _masks(made, session, looks["stages"][0].intermediate_hidden_states)
    return made


def _language(made: Recorded, session: _Recorder) -> None:
    _, embeddings, states = session.reads[0]
    head = session.network.head
    steps = [(kind, made[-1], head(made[-1]).float()) for kind, _, made in session.reads[1:]]
    ones = [(state, logits) for kind, state, logits in steps if kind == "t"]
    made.exact["call_order"] = [kind for kind, _, _ in steps]
    made.arrays |= {
        "prefill_inputs_embeds": _np(embeddings), "prefill_hidden": _np(states),
        "prefill_hidden_last": _np(states[-1]), "prefill_logits_last": _np(head(states[-1])),
        "step_hidden": _np(torch.stack([s for s, _ in ones])), "step_logits": _np(torch.stack([v for _, v in ones])),
    }  # fmt: skip
    regions = [logits for kind, _, logits in steps if kind != "t"]
    if regions:
        made.arrays["region_logits_last"] = _np(torch.stack(regions))


def _vision(made: Recorded, seen: SeenPictures, looks: Mapping[str, list[Any]]) -> None:
    tiles = torch.cat([p.tiles for p in seen.pictures])
    made.arrays |= {
        "pixel_values": _np(tiles),
        "vit_embeddings": _np(torch.cat(looks["embeddings"])),
        "vit_last_hidden": _np(torch.cat([s.last_hidden_state for s in looks["states"]])),
        "image_features": _np(torch.cat(seen.tokens).reshape(len(tiles), -1, seen.tokens[0].shape[-1])),
    }


def _masks(made: Recorded, session: _Recorder, stages: Sequence[Tensor]) -> None:
    network, seen = session.network, session.seen
    wholes = torch.stack([p.whole for p in seen.pictures]).to(network.segmenter.dtype)
    made.arrays |= {f"sam_hiera_stage{i}": _np(stage.permute(0, 3, 1, 2)) for i, stage in enumerate(stages)}
    empty = network.segmenter.no_memory_embedding.reshape(1, -1, 1, 1)
    hidden = torch.stack([h for h, _ in session.drawn])
    prompts = network.prompter(hidden.to(network.dtype))
    nothing = network.segmenter.prompt_encoder.not_a_point_embed.weight
    sparse = torch.stack([torch.cat([nothing, nothing, p[None]]) for p in prompts])
    answers = [a for _, a in session.drawn]
    squares = [upsampled(a.best, (SEGMENTER_PX, SEGMENTER_PX)) for a in answers]
    full = torch.stack([upsampled(a.best, seen.pictures[0].size) for a in answers])
    made.arrays |= {
        "seg_hidden": _np(hidden), "seg_embed": _np(prompts),
        "sam_pixel_values": _np(wholes),
        "sam_fpn0": _np(seen.features.high[0]), "sam_fpn1": _np(seen.features.high[1]),
        "sam_fpn2": _np(seen.features.low - empty),
        "sam_dense_pe": _np(network.segmenter.get_image_wide_positional_embeddings()),
        "sam_decoder_sparse_prompt": _np(sparse[:, None].expand(-1, len(seen.pictures), -1, -1)),
        "sam_low_res_multimask": _np(torch.stack([a.several for a in answers])),
        "sam_iou": _np(torch.stack([a.quality for a in answers])),
        "sam_object_score": _np(torch.stack([a.presence for a in answers])),
        "sam_low_res_mask": _np(torch.stack([a.best for a in answers])),
        "mask_logits_1024": _np(torch.stack(squares)),
        "mask_logits_image": _np(full), "masks": _np(torch.sigmoid(full) > 0.5),
    }  # fmt: skip
    made.exact["iou_argmax"] = [a.quality.argmax(1).tolist() for a in answers]


def _np(tensor: Tensor) -> np.ndarray:
    value = tensor.detach().cpu()
    return np.asarray((value.float() if value.dtype.is_floating_point else value).numpy())
