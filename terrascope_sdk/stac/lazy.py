"""Load lazily: the same pixels as a stack, as dask arrays that are read piece by piece when they are computed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from terrascope_sdk.errors import InputError, NoScenesFound, TooLarge
from terrascope_sdk.stac.passes import Wanted, load_passes, shared_bands
from terrascope_sdk.stac.quality import cloud_edge_m
from terrascope_sdk.stac.requested import LoadRequest, passes_by_sensor, request_of
from terrascope_sdk.types import ImageStack, PixelGrid, Scene
from terrascope_sdk.types.georeference import grid_coordinates

if TYPE_CHECKING:
    import xarray

__all__ = ["LazyStack", "lazy_stack", "load_lazy"]

_PIECE_PX = 2048
"""Pixels along a side of a piece: 17 MB a band and date."""

_MAX_PIECES = 1_000_000
"""Most pieces of one sensor: the graph of more would itself be large."""


@dataclass(frozen=True, eq=False)
class LazyStack:
    """A stack that is read when it is computed: for areas and dates that do not fit in memory at once.

    Pixels are those of :class:`~terrascope_sdk.types.stack.ImageStack`, by the same code on one piece of one date at a
    time. Links are signed when a piece is read, so a computation may run for hours. Compute in threads, as dask does by
    default.
    """

    grid: PixelGrid
    """Where the pixels of both sensors lie."""

    optical: xarray.Dataset | None
    """One float32 variable a band over (time, y, x), NaN where unobserved, and the boolean variable ``valid``."""

    sar: xarray.Dataset | None
    """The same for radar, in dB."""

    passes: dict[str, list[list[Wanted]]]
    """What each date of each sensor is read from."""

    mask_clouds: bool = True
    """Whether what the quality bands flag as cloud or shadow counts as unobserved."""

    @property
    def sensors(self) -> tuple[str, ...]:
        """The sensors that are there."""
        return tuple(self.passes)

    def to_xarray(self, sensor: str | None = None) -> xarray.Dataset:
        """Return one sensor as a Dataset of dask arrays.

        Raises:
            InputError: There are no pixels of that sensor.
        """
        found = {"optical": self.optical, "sar": self.sar}.get(sensor or self.sensors[0])
        if found is None:
            raise InputError(f"There are no {sensor!r} pixels.", hint=f"There are {', '.join(self.sensors)}.")
        return found

    def compute(self) -> ImageStack:
        """Read everything at once, however large, into a stack.

        Raises:
            RasterError: A file cannot be read.
            CatalogError: A server did not answer.
        """
        made = {
            sensor: load_passes(passes, self.grid, mask_clouds=self.mask_clouds, skip=False)
            for sensor, passes in self.passes.items()
        }
        return ImageStack(self.grid, made.get("optical"), made.get("sar"))

    def __getattr__(self, name: str) -> Any:  # never returns
        raise AttributeError(
            f"A LazyStack has no {name!r}: work on to_xarray(), load a smaller area, or read it whole with compute()."
        )

    def __repr__(self) -> str:
        dates = ", ".join(f"{s} {len(p)} date{'s' * (len(p) != 1)}" for s, p in self.passes.items())
        return f"LazyStack({dates}, {self.grid!r})"


def load_lazy(
    scenes: Sequence[Scene],
    *,
    aoi: Any = None,  # anything resolve_aoi takes
    bands: Sequence[str] | None = None,
    grid: PixelGrid | None = None,
    gsd_m: float | None = None,
    mask_clouds: bool = True,
    chunk_px: int = _PIECE_PX,
) -> LazyStack:
    """Return scenes as dask arrays, whatever their size; nothing is read yet.

    Args:
        scenes: From :func:`~terrascope_sdk.stac.search.search`; optical, SAR or both.
        aoi: The area to cut out; the scenes' whole extent when left out.
        bands: Common names to load; all when left out.
        grid: Load onto this grid instead.
        gsd_m: Pixel size in metres instead of the finest of the bands.
        mask_clouds: Whether what the quality band flags as cloud or shadow, edges included, counts as unobserved.
        chunk_px: Pixels along a side of a piece. GRD, whose geometry allows no pieces, is read by whole dates.

    Raises:
        InputError: No scenes, or a band that is not there.
        NoScenesFound: The area holds no pixel of the scenes.
    """
    if not isinstance(chunk_px, int) or chunk_px < 1:
        raise InputError(f"chunk_px is a number of pixels, at least 1, not {chunk_px!r}.")
    request = request_of(scenes, aoi=aoi, bands=bands, grid=grid, gsd_m=gsd_m)
    return lazy_stack(request, mask_clouds=mask_clouds, chunk_px=chunk_px)


def lazy_stack(request: LoadRequest, *, mask_clouds: bool, skip: bool = False, chunk_px: int = _PIECE_PX) -> LazyStack:
    """Return what was asked for as dask arrays.

    Args:
        request: Scenes, bands and grid.
        mask_clouds: Whether what the quality band flags counts as unobserved.
        skip: Whether pieces of a scene that cannot be read are left unobserved instead of ending the computation.
        chunk_px: Pixels along a side of a piece.

    Raises:
        InputError: The scenes hold unlike quantities, or share no band.
        TooLarge: More than a million pieces.
    """
    passes = passes_by_sensor(request)
    made = {
        sensor: _dataset(dates, _Reader(dates, request.grid, mask_clouds, skip), chunk_px)
        for sensor, dates in passes.items()
    }
    return LazyStack(request.grid, made.get("optical"), made.get("sar"), passes, mask_clouds)


@dataclass(frozen=True)
class _Reader:
    """Reads one piece of one date."""

    passes: list[list[Wanted]]
    grid: PixelGrid
    mask_clouds: bool
    skip: bool

    def margin_px(self, when: int) -> int:
        """Return how far beyond a piece the clouds have to be known whose edges reach into it."""
        rules = {w.reading.quality.rule for w in self.passes[when] if w.reading.quality is not None}
        reach = max((cloud_edge_m[r] for r in rules), default=0.0)
        return int(np.ceil(reach / min(self.grid.pixel_size_m))) if reach else 0

    def read(self, when: int, rows: tuple[int, int], columns: tuple[int, int]) -> np.ndarray:
        """Return values and, as the last layer, where they were seen: float32 [1 band+1 y x]."""
        margin = self.margin_px(when)
        top, left = max(rows[0] - margin, 0), max(columns[0] - margin, 0)
        bottom, right = min(rows[1] + margin, self.grid.height), min(columns[1] + margin, self.grid.width)
        piece = self.grid.crop(row=top, column=left, height=bottom - top, width=right - left)
        inner = np.s_[rows[0] - top : rows[1] - top, columns[0] - left : columns[1] - left]
        try:
            one = load_passes([self.passes[when]], piece, mask_clouds=self.mask_clouds, skip=self.skip)
        except NoScenesFound:
            if not self.skip:
                raise
            bands = len(shared_bands([w for date in self.passes for w in date]))
            shape = (1, bands + 1, rows[1] - rows[0], columns[1] - columns[0])
            unseen = np.full(shape, np.nan, np.float32)
            unseen[:, -1] = 0
            return unseen
        seen = one.valid[:, None].astype(np.float32)
        return np.concatenate([one.pixels, seen], axis=1)[(..., *inner)]

    def block(self, block_info: dict[Any, Any]) -> np.ndarray:  # dask's own document
        """Return the piece that dask asks for."""
        (when, _), _, rows, columns = block_info[None]["array-location"]
        return self.read(when, rows, columns)


def _pieces(size: int, chunk_px: int) -> tuple[int, ...]:
    whole, rest = divmod(size, chunk_px)
    return (chunk_px,) * whole + ((rest,) if rest else ())


def _dataset(passes: list[list[Wanted]], reader: _Reader, chunk_px: int) -> xarray.Dataset:
    import dask.array
    import xarray

    everything = [w for date in passes for w in date]
    names, grid, first = shared_bands(everything), reader.grid, everything[0].scene
    if any(b.encoding == "amplitude_dn" for w in everything for b in w.bands):
        chunk_px = max(grid.shape)
    count = len(passes) * -(-grid.height // chunk_px) * -(-grid.width // chunk_px)
    if count > _MAX_PIECES:
        raise TooLarge(
            f"{grid.height} x {grid.width} pixels on {len(passes)} dates make {count:,} pieces, at most "
            f"{_MAX_PIECES:,}.",
            hint="Choose larger pieces (chunk_px), a smaller area or fewer dates.",
        )
    chunks = ((1,) * len(passes), (len(names) + 1,), _pieces(grid.height, chunk_px), _pieces(grid.width, chunk_px))
    values = dask.array.map_blocks(  # type: ignore[no-untyped-call]  # dask has no types for it
        partial(_block, reader=reader), chunks=chunks, dtype=np.float32, meta=np.empty((0,) * 4, np.float32)
    )
    axes = ("time", "y", "x")
    about = {"units": "dB" if first.sensor == "sar" else "1", "grid_mapping": "spatial_ref"}
    variables = {name: (axes, values[:, i], about) for i, name in enumerate(names)}
    variables["valid"] = (axes, values[:, -1] > 0, {"grid_mapping": "spatial_ref"})
    times = np.array([date[0].scene.acquired.replace(tzinfo=None) for date in passes], "datetime64[ns]")
    attribution = "; ".join(dict.fromkeys(w.scene.attribution for w in everything if w.scene.attribution))
    attributes = {"sensor": first.sensor, "quantity": first.quantity, "attribution": attribution}
    return xarray.Dataset(variables, coords=grid_coordinates(grid) | {"time": times}, attrs=attributes)


def _block(*, reader: _Reader, block_info: Any = None) -> np.ndarray:  # dask's own document
    return reader.block(block_info)
