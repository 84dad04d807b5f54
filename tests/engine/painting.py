"""Synthetic scenes for the index-based reasoner: bands of rows, each of one cover with a textbook spectrum."""

from datetime import UTC, datetime, timedelta

import numpy as np

from terrascope_sdk.testing import utm_grid
from terrascope_sdk.types import GroundRequest, ImageSeries, ImageStack

BANDS = ("blue", "green", "red", "nir", "swir16", "swir22")
SPECTRA = {  # reflectance in the order of BANDS
    "water": (0.05, 0.06, 0.04, 0.02, 0.01, 0.01),
    "muddy": (0.14, 0.18, 0.21, 0.17, 0.05, 0.03),
    "forest": (0.02, 0.04, 0.03, 0.35, 0.15, 0.06),
    "meadow": (0.04, 0.08, 0.06, 0.40, 0.24, 0.12),
    "soil": (0.10, 0.14, 0.19, 0.26, 0.34, 0.30),
    "roof": (0.20, 0.24, 0.23, 0.23, 0.30, 0.27),
    "snow": (0.80, 0.78, 0.76, 0.70, 0.08, 0.05),
    "char": (0.03, 0.04, 0.05, 0.08, 0.20, 0.18),
}
START = datetime(2021, 7, 1, tzinfo=UTC)


def cover_map(shares, size_px):
    """Rows of each cover in turn; the last takes what is left."""
    edges = np.round(np.cumsum(list(shares.values())) * size_px).astype(int)
    return np.searchsorted(edges[:-1], np.arange(size_px), side="right")


def optical(*dates, bands=BANDS, quantity="surface_reflectance", size_px=100, noise=0.006, seed=0, grid=None):
    """A stack whose dates are dictionaries of cover -> share of the rows, from the north."""
    where = grid or utm_grid(size_px=size_px)
    rng = np.random.default_rng(seed)
    layers = []
    for shares in dates:
        table = np.array([SPECTRA[name] for name in shares], np.float32)
        rows = table[cover_map(shares, where.height)][:, [BANDS.index(b) for b in bands]]
        layers.append(np.repeat(rows.T[:, :, None], where.width, axis=2))
    pixels = np.stack(layers) + rng.normal(0, noise, (len(dates), len(bands), *where.shape))
    if quantity == "display":
        pixels = np.clip(np.round(pixels * 2.2 * 255), 0, 255) / 255
    return ImageStack(where, ImageSeries(
        sensor="optical", pixels=pixels.astype(np.float32), valid=np.ones((len(dates), *where.shape), bool),
        bands=tuple(bands), acquired=tuple(START + timedelta(days=30 * i) for i in range(len(dates))),
        quantity=quantity, grid=where,
    ))  # fmt: skip


def sar(shares, *, levels_db, bands=("vv", "vh"), looks=4, size_px=120, seed=0, bright_frac=0.0, quantity="gamma0_rtc"):
    """One radar date: a mean level in dB for each cover and band, times gamma-distributed speckle of mean 1.

    Walls of 8 dB are strewn over all covers but the first.
    """
    where = utm_grid(size_px=size_px)
    rng = np.random.default_rng(seed)
    which = cover_map(shares, size_px)
    power = []
    for band in range(len(bands)):
        level = np.array([levels_db[name][band] for name in shares])[which][:, None]
        speckle = rng.gamma(looks, 1 / looks, where.shape)
        power.append(10 ** (level / 10) * speckle)
    image = 10 * np.log10(np.stack(power))
    walls = (rng.random(where.shape) < bright_frac) & (which > 0)[:, None]
    image[:, walls] = 8.0
    return ImageStack(where, None, ImageSeries(
        sensor="sar", pixels=image[None].astype(np.float32), valid=np.ones((1, *where.shape), bool),
        bands=tuple(bands), acquired=(START,), quantity=quantity, grid=where,
    ))  # fmt: skip


def grounded(reasoner, stack, concept, sensor="optical", when=0, before=None):
    """The steps of one request."""
    return list(reasoner.ground(stack, GroundRequest(concept, sensor, when, before)))


def share_of(mask):
    return mask.pixels.sum() / mask.valid.sum()
