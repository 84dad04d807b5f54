"""What the encoder sees: images as tensors, with what each band is and what was observed."""

from dataclasses import dataclass, fields

import torch
from torch import Tensor

__all__ = ["Views"]


@dataclass
class Views:
    """A batch of images of one place each, at one date each; both sensors on one grid."""

    optical: Tensor
    """Reflectance, or display values 0-1: float [image, band, y, x]; anything where not valid."""

    optical_valid: Tensor
    """Where the ground was seen, bool [image, y, x]; False everywhere without an optical image."""

    sar: Tensor
    """VV and VH in dB, float [image, 2, y, x]; anything where not valid."""

    sar_valid: Tensor
    """Where SAR saw the ground, bool [image, y, x]; False everywhere without SAR."""

    centres_nm: Tensor
    """Centre wavelengths, nanometres, [image, band]."""

    widths_nm: Tensor
    """Band widths, nanometres, [image, band]."""

    present: Tensor
    """Which bands are there, bool [image, band]."""

    gsd_m: Tensor
    """Metres a pixel, [image]."""

    quantity: Tensor
    """0 surface reflectance, 1 top of atmosphere, 2 display; int64 [image]."""

    def __len__(self) -> int:
        return len(self.gsd_m)

    def select(self, index: Tensor | slice) -> "Views":
        """Return some of the images."""
        return Views(**{f.name: getattr(self, f.name)[index] for f in fields(self)})

    def window(self, rows: slice, columns: slice) -> "Views":
        """Return a window of every image."""
        cut = {"optical", "optical_valid", "sar", "sar_valid"}
        return Views(**{
            f.name: getattr(self, f.name)[..., rows, columns] if f.name in cut else getattr(self, f.name)
            for f in fields(self)
        })  # fmt: skip

    def to(self, device: torch.device | str) -> "Views":
        """Return the same on another device."""
        return Views(**{f.name: getattr(self, f.name).to(device) for f in fields(self)})
