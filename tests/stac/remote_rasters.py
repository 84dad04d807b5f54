"""Rasters for a test's server, the signer that a test's server believes, and real waiting left out."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import rasterio
from rasterio.shutil import copy
from rasterio.transform import from_origin

from terrascope_sdk.stac.transport.fetch import Timing

__all__ = ["ExpiringSigner", "at_once", "make_cog"]


def at_once(draw=lambda: 0.5):
    """Return a timing whose waits take no time."""
    return Timing(sleep=lambda seconds: None, draw=draw)


def make_cog(path: Path, *, size: int = 512, block: int = 128, seed: int = 0, compress: str = "DEFLATE") -> np.ndarray:
    """Write a cloud-optimised GeoTIFF of one band of uint16 that compresses like imagery; return its pixels."""
    rng = np.random.default_rng(seed)
    pixels = (2000 + np.cumsum(rng.integers(-40, 41, (1, size, size)), axis=2) % 3000).astype(np.uint16)
    profile = {"driver": "GTiff", "width": size, "height": size, "count": 1, "dtype": "uint16", "crs": "EPSG:32632"}
    with rasterio.MemoryFile() as memory:
        with memory.open(**profile, transform=from_origin(500_000, 5_000_000, 10, 10)) as raster:
            raster.write(pixels)
        with memory.open() as raster:
            copy(raster, path, driver="COG", compress=compress, blocksize=block)
    return pixels


class ExpiringSigner:
    """Signs with a number that the server may stop to believe; `gate` is for `RangeServer.gate`."""

    def __init__(self, *, lasts: timedelta = timedelta(minutes=45), stubborn: bool = False) -> None:
        self.valid, self.used, self.signed = 1, 1, 0
        self.lasts, self.stubborn = lasts, stubborn
        self.now = datetime(2026, 1, 1, tzinfo=UTC)

    def sign(self, url: str) -> tuple[str, datetime]:
        self.signed += 1
        return f"{url}?se=2026&sig=secret{self.used}", self.now + self.lasts

    def forget(self, url: str) -> None:
        if not self.stubborn:
            self.used = self.valid

    def gate(self, path: str, headers: dict[str, str]) -> int | None:
        return None if path.endswith(f"sig=secret{self.valid}") else 403
