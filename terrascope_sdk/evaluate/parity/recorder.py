"""A chain of the released network that keeps every intermediate value."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from terrascope_sdk.model.chain_grammar import Find
from terrascope_sdk.model.decode import Drawn, Reading
from terrascope_sdk.model.regions import Evidence
from terrascope_sdk.model.released.chain import ReleasedChain, released_events
from terrascope_sdk.model.released.loading import Released
from terrascope_sdk.model.released.network import SegmenterMask, upsampled
from terrascope_sdk.model.released.pictures import prepare_pictures
from terrascope_sdk.model.released.prompt import templated
from terrascope_sdk.model.released.session import ReleasedSession, SeenPictures

__all__ = ["Recorded", "record_chain"]


class _Recorder(ReleasedSession):
    """Keeps what goes in and comes out of the language model and of SAM 2."""

    reads: list[tuple[str, Tensor, Tensor]]
    drawn: list[tuple[Tensor, SegmenterMask]]
    _kind: str = "t"

    def start(self) -> Tensor:
        return self.states(self.prompt_embeddings())  # in one piece, as the original reads it

    def states(self, embeddings: Tensor) -> Tensor:
        made = super().states(embeddings)
        self.reads.append((self._kind, embeddings, made))
        return made

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
    """What must be near."""


@torch.inference_mode()
def record_chain(released: Released, text: str, images: Sequence[Image.Image]) -> Recorded:
    """Run one case as the original does, and keep every value.

    Args:
        released: Network and tokenizer.
        text: What the user says.
        images: One image is cut into tiles, several are not.
    """
    network, tokenizer = released.network, released.tokenizer
    pictures = prepare_pictures(images, tiled=len(images) == 1)
    seen = SeenPictures(network, pictures)
    whole = templated(text, [len(t) for t in seen.tokens])
    session = _Recorder(seen, tokenizer, tokenizer.encode(whole))
    session.reads, session.drawn = [], []
    chain = ReleasedChain()
    for _ in released_events(session, chain):
        pass
    session.feed([session.word(chain.ids[-1])])  # the original reads the stop token as well
    made = Recorded()
    made.exact = {
        "templated_text": whole, "input_ids": session.prompt_ids, "generated_ids": chain.ids,
        "prediction": chain.text(tokenizer),
        "selected_token_indices": [list(m.drawn.evidence.positions) for m in chain.masks] or None,
        "tile_grid_cols_rows": [pictures[0].layout.cols, pictures[0].layout.rows] if chain.masks else None,
    }  # fmt: skip
    _language(made, session)
    if pictures:
        _vision(made, seen)
    if chain.masks:
        _masks(made, session)
    return made


def _language(made: Recorded, session: _Recorder) -> None:
    _, embeddings, states = session.reads[0]
    head = session.network.head
    steps = [(kind, made[-1], head(made[-1]).float()) for kind, _, made in session.reads[1:]]
    ones = [(state, logits) for kind, state, logits in steps if kind == "t"]
    made.exact["call_order"] = [kind for kind, _, _ in steps]
    made.arrays |= {
        "prefill_inputs_embeds_every7": _np(embeddings[::7]), "prefill_hidden_every7": _np(states[::7]),
        "prefill_hidden_last": _np(states[-1]), "prefill_logits_last": _np(head(states[-1])),
        "step_hidden": _np(torch.stack([s for s, _ in ones])), "step_logits": _np(torch.stack([v for _, v in ones])),
    }  # fmt: skip
    regions = [logits for kind, _, logits in steps if kind != "t"]
    if regions:
        made.arrays["region_logits_last"] = _np(torch.stack(regions))


def _vision(made: Recorded, seen: SeenPictures) -> None:
    network, tiles = seen.network, torch.cat([p.tiles for p in seen.pictures])
    device = network.head.weight.device
    first = tiles[:1].to(device, network.dtype)
    made.arrays |= {
        "pixel_values_slice": _np(tiles[..., ::16, ::16]),
        "vit_embeddings_tile0": _np(network.vision.embeddings(first)[0]),
        "vit_last_hidden_tile0": _np(network.vision(pixel_values=first).last_hidden_state[0]),
        "image_features": _np(torch.cat(seen.tokens).reshape(len(tiles), -1, seen.tokens[0].shape[-1])),
    }


def _masks(made: Recorded, session: _Recorder) -> None:
    network, seen = session.network, session.seen
    wholes = torch.stack([p.whole for p in seen.pictures]).to(network.head.weight.device, network.segmenter.dtype)
    stages = network.segmenter.vision_encoder.backbone(wholes).intermediate_hidden_states
    for i, (stage, step) in enumerate(zip(stages, (32, 16, 8, 4), strict=True)):
        made.arrays[f"sam_hiera_stage{i}_slice{step}"] = _np(stage.permute(0, 3, 1, 2)[..., ::step, ::step])
    empty = network.segmenter.no_memory_embedding.reshape(1, -1, 1, 1)
    hidden = torch.stack([h for h, _ in session.drawn])
    prompts = network.prompter(hidden.to(network.dtype))
    nothing = network.segmenter.prompt_encoder.not_a_point_embed.weight
    sparse = torch.stack([torch.cat([nothing, nothing, p[None]]) for p in prompts])
    answers = [a for _, a in session.drawn]
    squares = [upsampled(a.best, (1024, 1024)) for a in answers]
    full = torch.stack([upsampled(a.best, seen.pictures[0].size) for a in answers])
    made.arrays |= {
        "seg_hidden": _np(hidden), "seg_embed": _np(prompts),
        "sam_pixel_values_slice": _np(wholes[..., ::32, ::32]),
        "sam_fpn0_slice16": _np(seen.features.high[0][..., ::16, ::16]),
        "sam_fpn1_slice8": _np(seen.features.high[1][..., ::8, ::8]),
        "sam_fpn2_slice4": _np((seen.features.low - empty)[..., ::4, ::4]),
        "sam_dense_pe_slice8": _np(network.segmenter.get_image_wide_positional_embeddings()[..., ::8, ::8]),
        "sam_decoder_sparse_prompt": _np(sparse[:, None].expand(-1, len(seen.pictures), -1, -1)),
        "sam_low_res_multimask_f16": _np(torch.stack([a.several for a in answers])),
        "sam_iou": _np(torch.stack([a.quality for a in answers])),
        "sam_object_score": _np(torch.stack([a.presence for a in answers])),
        "sam_low_res_mask": _np(torch.stack([a.best for a in answers])),
        "mask_logits_1024_slice16": _np(torch.stack(squares)[..., ::16, ::16]),
        "mask_logits_image_f16": _np(full), "masks": _np(torch.sigmoid(full) > 0.5),
    }  # fmt: skip
    made.exact["iou_argmax"] = [a.quality.argmax(1).tolist() for a in answers]


def _np(tensor: Tensor) -> np.ndarray:
    value = tensor.detach().cpu()
    return np.asarray((value.float() if value.dtype.is_floating_point else value).numpy())
