"""Sessions that feed back something else than the tokens of the mask that was made, or make the true mask."""

from collections.abc import Callable

import numpy as np
import torch
from jaxtyping import Bool
from scipy import ndimage
from torch import Tensor

from terrascope_sdk.model.chain_grammar import Find
from terrascope_sdk.model.config import CLASS_KEYS, single_keys
from terrascope_sdk.model.decode import Drawn, Reading
from terrascope_sdk.model.mask_rule import decide
from terrascope_sdk.model.regions import Evidence
from terrascope_sdk.model.session import CompactSession

__all__ = [
    "MirroredSession", "RandomSession", "SilentSession", "TrueMaskSession", "WrongMaskSession", "ZeroedSession",
    "mirrored",
]  # fmt: skip

Pixels = Bool[np.ndarray, "y x"]


def mirrored(pixels: Pixels) -> Pixels:
    """Return a mask turned by 180 degrees, that is mirrored in both axes."""
    return np.ascontiguousarray(pixels[::-1, ::-1])


class ZeroedSession(CompactSession):
    """Feeds back as many tokens as there are, all of them zero."""

    def evidence(self, pixels: Pixels, find: Find) -> Evidence:
        """Return zeros."""
        own = super().evidence(pixels, find)
        return Evidence(torch.zeros_like(own.embeddings), own.positions)


class MirroredSession(CompactSession):
    """Feeds back the tokens under the mirrored mask."""

    def evidence(self, pixels: Pixels, find: Find) -> Evidence:
        """Return the tokens of the mask mirrored in both axes."""
        return super().evidence(mirrored(pixels), find)


class RandomSession(CompactSession):
    """Feeds back the tokens under a smooth random region of the same size."""

    def evidence(self, pixels: Pixels, find: Find) -> Evidence:
        """Return the tokens of a random region; the same one for the same mask."""
        count = int(pixels.sum())
        field = np.random.default_rng([count, find.mask]).standard_normal(pixels.shape)
        smooth = ndimage.gaussian_filter(field, 6.0, mode="wrap")
        region = np.zeros(pixels.size, bool)
        region[np.argsort(-smooth, axis=None, kind="stable")[:count]] = True
        return super().evidence(region.reshape(pixels.shape), find)


class WrongMaskSession(CompactSession):
    """Feeds back the tokens under the mask of another class, taken at random among those that are there."""

    def evidence(self, pixels: Pixels, find: Find) -> Evidence:
        """Return the tokens of another class on the same date; none is there: those of everything else."""
        at = self.fields[find.dates[-1] - 1]
        features = self.network.grounder.joined(at.free[None], at.margins[None])
        others = [k for k in CLASS_KEYS if k != find.concept]
        np.random.default_rng([int(pixels.sum()), find.mask]).shuffle(others)
        observed = self.observed[find.dates[-1] - 1]
        height, width = observed.shape
        for key in others:
            query = self.network.grounder.single_queries[single_keys().index(key)]
            logits = torch.einsum("bfyx,f->byx", features, query.detach().float())[0, :height, :width]
            other = decide(np.asarray(torch.sigmoid(logits).cpu().numpy(), np.float32), observed)
            if other.any() and not np.array_equal(other, pixels):
                return super().evidence(other, find)
        return super().evidence(observed & ~pixels, find)


class SilentSession(CompactSession):
    """Feeds back nothing: injection switched off."""

    _last: Reading | None = None

    def _read(self, embeddings: Tensor) -> Reading:
        self._last = super()._read(embeddings)
        return self._last

    def feed_evidence(self, evidence: Evidence) -> Reading:
        """Read nothing and stay where it is."""
        assert self._last is not None
        return self._last


class TrueMaskSession(CompactSession):
    """Makes the masks of the labels, whatever the network's own would be."""

    truth: Callable[[Find], Pixels]
    """Gives the mask of the labels."""

    def draw(self, hidden: Tensor, find: Find) -> Drawn:
        """Return the true mask."""
        pixels = self.truth(find) & np.logical_and.reduce([self.observed[d - 1] for d in find.dates])
        return Drawn(pixels, pixels.astype(np.float32), self.evidence(pixels, find))
