"""Stage 1: the encoder and the grounder learn masks from fresh scenes, and from patches of real ones where given."""

from collections.abc import Sequence

from torch import Tensor, nn

from terrascope_sdk.model.config import CompactConfig
from terrascope_sdk.model.encoder import Encoder
from terrascope_sdk.model.grounding import Grounder
from terrascope_sdk.train.loss import mask_stage_loss
from terrascope_sdk.train.real_patches import RealScene, cut_patches
from terrascope_sdk.worlds.draws import Draws
from terrascope_sdk.worlds.scenes import Scenes, WorldOptions, make_scenes, make_towns

__all__ = ["MaskStage"]


class MaskStage(nn.Module):
    """Encoder and grounder with their batches and loss."""

    def __init__(
        self, config: CompactConfig, *, landscapes: int = 7, towns: int = 2, seed: int = 0, size: int = 128,
        real: Sequence[RealScene] = (), real_patches: int = 1,
    ) -> None:  # fmt: skip
        super().__init__()
        self.encoder = Encoder(config)
        self.grounder = Grounder(config)
        self.landscapes, self.towns, self.seed, self.size = landscapes, towns, seed, size
        self.real, self.real_patches = tuple(real), real_patches

    def make_batch(self, step: int) -> Scenes:
        """Return fresh scenes for a step."""
        base = (self.seed * 1_000_003 + step) * 2
        scenes = make_scenes(base, self.landscapes, WorldOptions(size=self.size))
        if self.towns:
            scenes = scenes.join(make_towns(base + 1, self.towns, size=self.size))
        if self.real:
            scenes = scenes.join(cut_patches(self.real, base, self.real_patches, size=self.size))
        return scenes

    def loss(self, scenes: Scenes, step: int) -> tuple[Tensor, dict[str, float]]:
        """Return loss and parts."""
        return mask_stage_loss(self.encoder, self.grounder, scenes, Draws(self.seed * 7_919 + step))
