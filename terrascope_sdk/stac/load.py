"""Load: scenes in, aligned pixels out, in physical values on one grid."""

from collections.abc import Sequence
from typing import Any, Literal

from terrascope_sdk.errors import InputError
from terrascope_sdk.stac.access import is_remote
from terrascope_sdk.stac.kept_series import keep_series, kept_series
from terrascope_sdk.stac.lazy import LazyStack, lazy_stack
from terrascope_sdk.stac.notices import LoadedLazily, announce
from terrascope_sdk.stac.passes import load_passes
from terrascope_sdk.stac.requested import LoadRequest, check_budget, fits, passes_by_sensor, request_of
from terrascope_sdk.stac.store import Store, default_store
from terrascope_sdk.stac.transport.tape import running_tape
from terrascope_sdk.types import ImageStack, PixelGrid, Scene

__all__ = ["load", "load_whole"]


def _store_of(cache: Store | Literal["auto"] | None, scenes: Sequence[Scene]) -> Store | None:
    if running_tape() is not None:
        return None
    if cache == "auto":
        return default_store() if any(map(is_remote, scenes)) else None
    return cache


def load(
    scenes: Sequence[Scene],
    *,
    aoi: Any = None,  # anything resolve_aoi takes
    bands: Sequence[str] | None = None,
    grid: PixelGrid | None = None,
    gsd_m: float | None = None,
    mask_clouds: bool = True,
    on_error: Literal["raise", "skip"] = "raise",
    cache: Store | Literal["auto"] | None = "auto",
) -> ImageStack | LazyStack:
    """Load scenes as one stack: reflectance (or display values) for optical, dB for SAR, on one grid.

    Scenes that share a grid or a lattice of pixels keep it, so nothing is resampled; others meet in the UTM zone of the
    area's middle, at the finest sample distance of the bands. Scenes of one pass of one satellite become one date;
    where they overlap, the first that saw a pixel gives it. Scale and offset are applied exactly once, as
    :func:`~terrascope_sdk.stac.describe.describe_item` decided; the quantity travels along and is never relabelled.

    Args:
        scenes: From :func:`search`; optical, SAR or both.
        aoi: The area to cut out; the scenes' whole extent when left out.
        bands: Common names to load; all when left out. A list may hold names of both sensors.
        grid: Load onto this grid instead.
        gsd_m: Pixel size in metres instead of the finest of the bands; coarser pixels are means (SAR: of linear power).
        mask_clouds: Whether what the quality band flags as cloud or shadow, edges included, counts as unobserved.
        on_error: ``"raise"`` stops at the first scene that cannot be read and names it; ``"skip"`` leaves it out and
            says so in the notes.
        cache: Where loaded pixels are kept: ``"auto"`` for the user's store when scenes come over the network, a
            :class:`~terrascope_sdk.stac.store.Store`, or None for none.

    Returns:
        A stack over all dates, oldest first. What does not fit in memory (200 million values) comes as a
        :class:`~terrascope_sdk.stac.lazy.LazyStack` of dask arrays instead, and a
        :class:`~terrascope_sdk.stac.notices.LoadedLazily` warning says so.

    Raises:
        InputError: No scenes, a band that is not there, unlike quantities, or an elevation model.
        RasterError: A file cannot be read.
        CatalogError: A server did not answer, or a link leads where it must not.
        NoScenesFound: The area holds no pixel of the scenes.
    """
    request = _request(scenes, on_error, aoi=aoi, bands=bands, grid=grid, gsd_m=gsd_m)
    if fits(request):
        return _loaded(request, _store_of(cache, scenes), mask_clouds=mask_clouds, skip=on_error == "skip")
    made = lazy_stack(request, mask_clouds=mask_clouds, skip=on_error == "skip")
    announce(LoadedLazily(f"{made!r} does not fit in memory and is read when it is computed."))
    return made


def load_whole(
    scenes: Sequence[Scene],
    *,
    aoi: Any = None,  # anything resolve_aoi takes
    bands: Sequence[str] | None = None,
) -> ImageStack:
    """Load scenes as :func:`load` does, or refuse when they do not fit in memory.

    Args:
        scenes: From :func:`search`; optical, SAR or both.
        aoi: The area to cut out; the scenes' whole extent when left out.
        bands: Common names to load; all when left out.

    Raises:
        InputError: No scenes, a band that is not there, unlike quantities, or an elevation model.
        TooLarge: More pixels than fit.
        RasterError: A file cannot be read.
        CatalogError: A server did not answer, or a link leads where it must not.
        NoScenesFound: The area holds no pixel of the scenes.
    """
    request = _request(scenes, "raise", aoi=aoi, bands=bands, grid=None, gsd_m=None)
    check_budget(request)
    return _loaded(request, _store_of("auto", scenes), mask_clouds=True, skip=False)


def _request(
    scenes: Sequence[Scene],
    on_error: str,
    *,
    aoi: Any,  # anything resolve_aoi takes
    bands: Sequence[str] | None,
    grid: PixelGrid | None,
    gsd_m: float | None,
) -> LoadRequest:
    if on_error not in ("raise", "skip"):
        raise InputError(f"on_error cannot be {on_error!r}.", hint="Use 'raise' or 'skip'.")
    return request_of(scenes, aoi=aoi, bands=bands, grid=grid, gsd_m=gsd_m)


def _loaded(request: LoadRequest, store: Store | None, *, mask_clouds: bool, skip: bool) -> ImageStack:
    made = {}
    for sensor, passes in passes_by_sensor(request).items():
        known = kept_series(store, passes, request.grid, mask_clouds=mask_clouds) if store is not None else None
        if known is None:
            known = load_passes(passes, request.grid, mask_clouds=mask_clouds, skip=skip)
            if store is not None and not any(n.startswith("left out") for n in known.notes):
                keep_series(store, known, passes, mask_clouds=mask_clouds)
        made[sensor] = known
    return ImageStack(request.grid, made.get("optical"), made.get("sar"))
