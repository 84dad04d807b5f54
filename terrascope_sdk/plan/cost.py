"""What a plan would cost: scenes, bytes, time and memory, before anything is spent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import NamedTuple

from terrascope_sdk.plan.choosing import Chosen
from terrascope_sdk.plan.language import Plan
from terrascope_sdk.plan.mask_steps import Ground
from terrascope_sdk.stac.estimate import estimate
from terrascope_sdk.stac.requested import request_of
from terrascope_sdk.types import Aoi
from terrascope_sdk.types.encoding import JsonValue

__all__ = ["Cost", "estimate_cost"]


class _Speed(NamedTuple):
    """Measured speed and memory of a reasoner on two CPU threads."""

    image_s_px: float
    """Seconds a pixel to look at one date."""

    mask_s_px: float
    """Seconds a pixel for each further mask of that date."""

    fixed_bytes: int
    """Memory whatever the size: weights and one tile at work."""

    bytes_px: int
    """Memory a pixel."""


_NETWORK = _Speed(4.9e-6, 2.0e-7, 120_000_000, 600)
"""The compact network: `python tools/bench_network.py`, a scene of 1024 x 1024 pixels."""

_RULES = _Speed(3.0e-7, 3.0e-7, 0, 60)
"""Index rules: a few passes over a few bands."""


@dataclass(frozen=True)
class Cost:
    """What carrying out a plan would take."""

    scenes: int
    """Number of scenes."""

    download_bytes: int
    """Bytes to fetch over the network; 0 for files on this machine."""

    pixels: int
    """Ground pixels of one date."""

    memory_bytes: int
    """Host memory of the loaded pixels."""

    device_memory_bytes: int
    """Memory that the reasoner needs beside them, on its device."""

    download_s: float
    """Seconds to fetch."""

    reasoning_s: float
    """Seconds to look, at the speed measured on two CPU threads; a result that is known already takes none."""

    text: str
    """The same in words, with what was assumed."""

    @property
    def seconds(self) -> float:
        """Seconds in all."""
        return self.download_s + self.reasoning_s

    def to_json(self) -> dict[str, JsonValue]:
        """Return plain JSON values."""
        return asdict(self)

    @classmethod
    def from_json(cls, document: dict[str, JsonValue]) -> Cost:
        """Read what :meth:`to_json` wrote."""
        return cls(**document)

    def __str__(self) -> str:
        return self.text


def _looks(plan: Plan, chosen: Chosen) -> tuple[int, int]:
    """Return how many images are looked at, and how many masks are drawn in them; every sensor takes its look."""
    images, masks = set(), set()
    for step in plan.steps:
        if not isinstance(step, Ground):
            continue
        for sensor in chosen.by_window.get(step.window, {}):
            if step.sensor in (None, sensor):
                images |= {(window, sensor) for window in step.windows}
                masks.add((step.concept, step.window, step.earlier, sensor))
    return len(images), len(masks)


def _speed_of(reasoner_name: str) -> _Speed:
    return _RULES if reasoner_name.startswith("index") else _NETWORK


def estimate_cost(
    plan: Plan, chosen: Chosen, aoi: Aoi, *, reasoner_name: str, bands: Sequence[str] | None = None
) -> Cost:
    """Return what a plan over chosen scenes would cost. Nothing is fetched and nothing is computed.

    Args:
        plan: What to do.
        chosen: The scenes of its windows.
        aoi: Where.
        reasoner_name: Name of the reasoner that would look.
        bands: Common names of the bands that would be loaded, of both sensors; all that the scenes have when left out.

    Raises:
        InputError: No scenes were chosen, or one lacks every band.
        NoScenesFound: The area holds no pixel of the scenes.
    """
    loading = estimate(chosen.scenes, aoi, bands)
    grid = request_of(chosen.scenes, aoi=aoi, bands=bands, grid=None, gsd_m=None).grid
    pixels = grid.height * grid.width
    images, masks = _looks(plan, chosen)
    speed = _speed_of(reasoner_name)
    looking_s = pixels * (images * speed.image_s_px + max(masks - images, 0) * speed.mask_s_px)
    device_bytes = speed.fixed_bytes + speed.bytes_px * pixels
    text = (
        f"{loading.text} Then {masks} mask{'s' * (masks != 1)} in {images} image{'s' * (images != 1)}: about "
        f"{max(looking_s, 0.1):.1f} s and {device_bytes / 1e6:.0f} MB on two CPU threads."
    )
    return Cost(
        scenes=loading.scenes,
        download_bytes=loading.bytes_download,
        pixels=pixels,
        memory_bytes=loading.bytes_memory,
        device_memory_bytes=device_bytes,
        download_s=round(loading.seconds, 3),
        reasoning_s=round(looking_s, 3),
        text=text,
    )
