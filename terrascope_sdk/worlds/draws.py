"""Seeded random tensors for whole batches of scenes."""

import math

import torch
from torch import Tensor

__all__ = ["Draws"]


class Draws:
    """A stream of random tensors, the same on every run with the same seed and device."""

    def __init__(self, seed: int, device: str | torch.device = "cpu") -> None:
        self.device = torch.device(device)
        self._generator = torch.Generator(self.device).manual_seed(seed)

    def uniform(self, *shape: int, low: float = 0.0, high: float = 1.0) -> Tensor:
        """Return numbers spread evenly over [low, high)."""
        return torch.rand(shape, generator=self._generator, device=self.device) * (high - low) + low

    def normal(self, *shape: int, scale: float = 1.0) -> Tensor:
        """Return normally distributed numbers with mean 0."""
        return torch.randn(shape, generator=self._generator, device=self.device) * scale

    def log_uniform(self, *shape: int, low: float, high: float) -> Tensor:
        """Return numbers whose logarithm is spread evenly over [low, high)."""
        return torch.exp(self.uniform(*shape, low=math.log(low), high=math.log(high)))

    def integers(self, *shape: int, n: int) -> Tensor:
        """Return whole numbers from 0 to n - 1."""
        return torch.randint(n, shape, generator=self._generator, device=self.device)

    def chance(self, *shape: int, p: float | Tensor) -> Tensor:
        """Return True with probability `p`."""
        return self.uniform(*shape) < p

    def fractal(self, *shape: int, size: int, roughness: tuple[float, float] = (2.0, 3.2)) -> Tensor:
        """Return fields with a power-law spectrum, mean 0 and variance 1: [*shape, size, size].

        Args:
            shape: Leading axes; each field has its own exponent.
            size: Rows and columns.
            roughness: Range of the spectral exponent: 2 is rough, 3.5 smooth.
        """
        ky = torch.fft.fftfreq(size, device=self.device)[:, None]
        kx = torch.fft.rfftfreq(size, device=self.device)[None, :]
        squared = (ky**2 + kx**2).clamp_min(1 / size**2)
        exponent = self.uniform(*shape, low=roughness[0], high=roughness[1])[..., None, None]
        amplitude = torch.exp(-0.25 * exponent * torch.log(squared))
        noise = torch.complex(self.normal(*shape, size, size // 2 + 1), self.normal(*shape, size, size // 2 + 1))
        field = torch.fft.irfft2(noise * amplitude, s=(size, size))
        field = field - field.mean((-2, -1), keepdim=True)
        made: Tensor = field / field.std((-2, -1), keepdim=True).clamp_min(1e-6)
        return made
