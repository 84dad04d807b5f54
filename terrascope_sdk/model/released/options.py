"""What differs between the paper and the release: settings of a chain, with the release's values as defaults."""

from dataclasses import dataclass
from typing import Literal

from terrascope_sdk.errors import InputError
from terrascope_sdk.model.released.choosing import CoverRule

__all__ = ["PAPER", "ReleasedOptions"]


@dataclass(frozen=True)
class ReleasedOptions:
    """How a chain of the released network is run; the defaults are what its inference code does."""

    region_tokens: int = 8
    """Most visual tokens fed back after a mask; 128 in the paper, 8 in the release."""

    cover: CoverRule = "nearest"
    """Which tokens a mask covers: ``nearest`` (release) or ``half``, more than half of the cell (paper, equation 3)."""

    when_empty: Literal["first", "none"] = "first"
    """What an empty mask feeds back: the first token of its image (release), or nothing."""

    image_of_mask: Literal["turn", "named"] = "turn"
    """Which image of several a [SEG] means: each in turn (release), or the one named before it (paper: "Image: t2")."""

    fusion: Literal["none", "paired", "selected"] = "none"
    """For an optical image followed by a SAR one of the same place: feed back the tokens of the image a [SEG] means;
    those of both; or at each place those of the sensor nearer to the question (paper, equations 4 and 5)."""

    max_masks: int = 20
    """The chain ends after so many masks."""

    max_tokens: int = 8192
    """Most tokens of a chain, those fed back included."""

    rounded_pixels: bool = True
    """Whether SAM 2's mean and deviation are rounded to bfloat16, as in the release."""

    def __post_init__(self) -> None:
        for name in ("region_tokens", "max_masks", "max_tokens"):
            if getattr(self, name) < 1:
                raise InputError(f"{name} must be at least 1, not {getattr(self, name)}.")


PAPER = ReleasedOptions(
    region_tokens=128, cover="half", when_empty="none", image_of_mask="named", fusion="selected", rounded_pixels=False
)
"""As the paper describes it (arXiv 2603.19039, section 3 and supplement C)."""
