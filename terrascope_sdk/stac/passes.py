"""Passes into a series: each date is one pass of a satellite, made of one scene or of several beside each other."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float32

from terrascope_sdk.errors import InputError, NoScenesFound, TerraScopeError
from terrascope_sdk.stac.access import access_of
from terrascope_sdk.stac.describe import Band, Reading
from terrascope_sdk.stac.scene_pixels import ScenePixels, assets_of, read_scene
from terrascope_sdk.types import ImageSeries, PixelGrid, Scene

__all__ = ["Wanted", "load_passes", "series_of"]

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Wanted:
    """A scene with what is read of it."""

    scene: Scene
    """The scene."""

    reading: Reading
    """What its codes mean."""

    bands: tuple[Band, ...]
    """Which of its bands are read."""


def shared_bands(wanted: Sequence[Wanted]) -> tuple[str, ...]:
    """Return the bands that all scenes have, in the order of the first.

    Raises:
        InputError: They hold unlike quantities, or share no band.
    """
    quantities = sorted({w.scene.quantity for w in wanted})
    if len(quantities) > 1:
        raise InputError(f"The scenes hold unlike quantities: {', '.join(quantities)}.", hint="Load them separately.")
    first, *others = wanted
    shared = tuple(b.name for b in first.bands if all(b.name in {o.name for o in w.bands} for w in others))
    if not shared:
        raise InputError("The scenes share no band.", hint="Load scenes of one collection at a time.")
    return shared


class _Canvas:
    """The arrays of a series while scenes are read into them."""

    def __init__(self, dates: int, bands: int, grid: PixelGrid) -> None:
        self.pixels: Float32[np.ndarray, "time band y x"] = np.empty((dates, bands, *grid.shape), np.float32)
        self.valid: Bool[np.ndarray, "time y x"] = np.zeros((dates, *grid.shape), bool)
        self.clouded: Bool[np.ndarray, "time y x"] = np.zeros((dates, *grid.shape), bool)
        self.flagged = True
        self.read = [False] * dates

    def target(self, when: int) -> np.ndarray:
        """Return where a scene's values go: the date itself when it is the first there."""
        return self.pixels[when] if not self.read[when] else np.full(self.pixels.shape[1:], np.nan, np.float32)

    def add(self, when: int, out: np.ndarray, made: ScenePixels) -> None:
        """Take over a scene that was read; what an earlier one saw stays."""
        seen = ~made.missing
        for layer in out:
            seen &= np.isfinite(layer)
        if self.read[when]:
            fresh = seen & ~self.valid[when]
            self.pixels[when][:, fresh] = out[:, fresh]
        self.valid[when] |= seen
        if made.clouded is None:
            self.flagged = False
        else:
            self.clouded[when] |= made.clouded
        self.read[when] = True


def load_passes(passes: Sequence[Sequence[Wanted]], grid: PixelGrid, *, mask_clouds: bool, skip: bool) -> ImageSeries:
    """Read passes into a series.

    Args:
        passes: One date each, oldest first; of several scenes, the first that saw a pixel gives it.
        grid: Where the pixels lie.
        mask_clouds: Whether what the quality band flags counts as unobserved.
        skip: Whether a scene that cannot be read is left out, with a note, instead of ending the load.

    Raises:
        InputError: The scenes hold unlike quantities, or share no band.
        RasterError: A file cannot be read.
        CatalogError: A server did not answer.
        NoScenesFound: No scene could be read at all.
    """
    names = shared_bands([w for scenes in passes for w in scenes])
    canvas = _Canvas(len(passes), len(names), grid)
    notes: list[str] = []
    for when, scenes in enumerate(passes):
        for wanted in scenes:
            out = canvas.target(when)
            try:
                made = _read(wanted, names, out, grid, mask_clouds=mask_clouds)
            except TerraScopeError as err:
                if not skip:
                    raise
                _log.warning("left out %s", wanted.scene.id)
                notes.append(f"left out {wanted.scene.id}: {err}")
                out[...] = np.nan
                continue
            canvas.add(when, out, made)
            notes += made.notes
    kept = [i for i, done in enumerate(canvas.read) if done]
    if not kept:
        raise NoScenesFound("None of the scenes could be read.", hint=" ".join(notes))
    pixels, valid, clouded = canvas.pixels, canvas.valid, canvas.clouded
    for hidden, seen in zip(clouded, valid, strict=True):
        hidden &= ~seen
    if len(kept) < len(passes):
        pixels, valid, clouded = pixels[kept], valid[kept], clouded[kept]
    for date, seen in zip(pixels, valid, strict=True):
        for layer in date:
            layer[~seen] = np.nan
    pixels.setflags(write=False)
    told = clouded if canvas.flagged else None
    return series_of([passes[i] for i in kept], names, grid, pixels=pixels, valid=valid, clouded=told, notes=notes)


def _read(wanted: Wanted, names: Sequence[str], out: np.ndarray, grid: PixelGrid, *, mask_clouds: bool) -> ScenePixels:
    bands = [b for name in names for b in wanted.bands if b.name == name]
    there = wanted.scene.item["assets"]
    files = access_of(wanted.scene)
    hrefs = files.links({a: there[a] for a in assets_of(wanted.reading, bands) if a in there})
    return read_scene(
        wanted.scene, wanted.reading, bands, hrefs=hrefs, files=files, out=out, grid=grid, mask_clouds=mask_clouds
    )


def series_of(
    passes: Sequence[Sequence[Wanted]],
    names: Sequence[str],
    grid: PixelGrid,
    *,
    pixels: np.ndarray,
    valid: np.ndarray,
    clouded: np.ndarray | None,
    notes: Sequence[str],
) -> ImageSeries:
    """Return a series of arrays that were read, with what its scenes say of themselves."""
    scenes = [w.scene for one in passes for w in one]
    first = [one[0].scene for one in passes]
    return ImageSeries(
        sensor=scenes[0].sensor,
        pixels=pixels,
        valid=valid,
        bands=tuple(names),
        acquired=tuple(s.acquired for s in first),
        quantity=scenes[0].quantity,
        grid=grid,
        scene_ids=tuple(tuple(w.scene.id for w in one) for one in passes),
        periods_s=tuple(s.period_s for s in first),
        platforms=tuple(s.platform for s in first),
        orbits=tuple(s.orbit for s in first),
        clouded=clouded,
        attribution="; ".join(dict.fromkeys(s.attribution for s in scenes if s.attribution)),
        notes=tuple(dict.fromkeys(notes)),
    )
