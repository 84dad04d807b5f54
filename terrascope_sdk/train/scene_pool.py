"""A pool of encoded scenes for lessons: labels, the encoder's coarse features, and the class maps it draws itself."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from terrascope_sdk.model.config import CLASS_KEYS
from terrascope_sdk.model.encoder import Encoder
from terrascope_sdk.model.grounding import Grounder
from terrascope_sdk.train.lessons import LabelledPair
from terrascope_sdk.train.loss import withhold
from terrascope_sdk.worlds.draws import Draws
from terrascope_sdk.worlds.scenes import Scenes, make_scenes, make_towns
from terrascope_sdk.worlds.seen import views_of

__all__ = ["ScenePool", "encode_pool", "label_pool", "pairs_of"]


@dataclass
class ScenePool:
    """Many scenes, ready for lessons."""

    pairs: list[LabelledPair]
    """Labels of each scene."""

    coarse: Tensor
    """Features at stride 8, half precision [scene, time, width, y / 8, x / 8]."""

    drawn: np.ndarray | None
    """Class codes that the network draws, uint8 [scene, time, y, x]; None without a network."""


def pairs_of(scenes: Scenes) -> list[LabelledPair]:
    """Return the labels of scenes as arrays."""
    labels, marks = scenes.labels.cpu().numpy(), scenes.marks.cpu().numpy()
    burned, gsd = scenes.burned.cpu().numpy(), scenes.gsd_m.tolist()
    return [LabelledPair(labels[i], marks[i], burned[i], gsd[i]) for i in range(len(scenes))]


def _batches(seed: int, count: int) -> Iterator[Scenes]:
    for k in range(0, count, 16):
        towns = (k // 16) % 5 == 4
        yield make_towns(seed + k, 16) if towns else make_scenes(seed + k, 16)


def label_pool(seed: int, count: int, width: int) -> ScenePool:
    """Return a pool whose features are no more than the classes' shares under a random projection.

    It lets the language model learn its language while the encoder still trains.
    """
    projection = torch.randn(len(CLASS_KEYS), width, generator=torch.Generator().manual_seed(seed))
    pairs, coarse = [], []
    noise = torch.Generator().manual_seed(seed + 1)
    for scenes in _batches(seed, count):
        pairs += pairs_of(scenes)
        hot = torch.nn.functional.one_hot(scenes.labels.long().clamp(max=len(CLASS_KEYS) - 1), len(CLASS_KEYS)).float()
        n, times, height, size = scenes.labels.shape
        share = hot.reshape(n, times, height // 8, 8, size // 8, 8, -1).mean((3, 5))
        made = (share @ projection).movedim(-1, 2)
        coarse.append((made + 0.3 * torch.randn(made.shape, generator=noise)).half())
    return ScenePool(pairs, torch.cat(coarse), None)


@torch.inference_mode()
def encode_pool(encoder: Encoder, grounder: Grounder, seed: int, count: int) -> ScenePool:
    """Return a pool of fresh scenes, encoded with one sensor or both."""
    encoder.train(mode=False)
    pairs, coarse, drawn = [], [], []
    for scenes in _batches(seed, count):
        pairs += pairs_of(scenes)
        keep_optical, keep_sar = withhold(Draws(seed + len(pairs)), scenes)
        made = [encoder(views_of(scenes, t, keep_optical=keep_optical, keep_sar=keep_sar)) for t in (0, 1)]
        coarse.append(torch.stack([m.coarse for m in made], 1).half())
        drawn.append(torch.stack([grounder.classify(m.pixels).argmax(1).to(torch.uint8) for m in made], 1).numpy())
    return ScenePool(pairs, torch.cat(coarse).clone(), np.concatenate(drawn))
