"""How much there is of a class: square metres of true ground, or the share of what was seen."""

from typing import Literal

import numpy as np

from terrascope_sdk.measure.choice import require_choice
from terrascope_sdk.measure.edge import moved_edges
from terrascope_sdk.measure.frame import frame_of, total
from terrascope_sdk.measure.ground import Ground, pixel_areas_m2, require_crs
from terrascope_sdk.measure.subject import subject_of
from terrascope_sdk.types import Aoi, Mask, Measurement

__all__ = ["AREA_METHOD", "MAPPED_NOTE", "area", "share"]

MAPPED_NOTE = "mapped, not bias-adjusted"
"""A mapped area holds the map's errors; only a reference sample tells by how much (see ``adjusted_area``)."""

AREA_METHOD: dict[str, str] = {
    "ellipsoid": "true ground area of the observed pixels of the mask, summed on the WGS 84 ellipsoid",
    "planar": "pixel area in the plane of the projection, without scale correction, times the observed pixels of the "
    "mask",
}
"""How an area is computed, in words, for each ground."""

_BOUNDS = "; bounds: the mask eroded and dilated by one pixel (4 neighbours), not across image or cloud borders"


def area(
    mask: Mask,
    *,
    aoi: Aoi | None = None,
    ground: Ground = "ellipsoid",
    prefer: Literal["m2", "ha", "km2"] | None = None,
) -> Measurement:
    """Measure how much ground a mask covers.

    Unobserved pixels count neither way: the area is that of what was seen, and `observed_frac` says how much was.

    Args:
        mask: What to measure.
        aoi: Count pixels whose centre lies inside; the whole image when left out.
        ground: True ground, or the projection's plane (refused for degrees and for Web Mercator).
        prefer: Unit for display; the value is m2 in any case.

    Returns:
        ``area`` in m2. Bounds: the same with the class edge moved by one pixel.

    Raises:
        UndefinedMeasurement: No CRS, no pixel inside the area of interest, or none observed.
        InputError: The plane was asked for where it misleads.

    Examples:
        >>> from terrascope_sdk.testing import disc_mask, utm_grid
        >>> lake = disc_mask(utm_grid(), radius_m=500.0)
        >>> area(lake, prefer="ha").text  # the circle has 78.54 ha
        '78.66 ha'
    """
    require_choice("prefer", prefer, (None, "m2", "ha", "km2"))
    require_crs(mask.grid, f"The area of {subject_of(mask)}")
    sizes = pixel_areas_m2(mask.grid, ground)
    frame = frame_of(mask, aoi=aoi)
    inner, outer = moved_edges(mask)
    low, value, high = (total(pixels & frame.observed, sizes) for pixels in (inner, mask.pixels, outer))
    return Measurement(
        name="area",
        subject=subject_of(mask),
        value=value,
        unit="m2",
        low=low,
        high=high,
        interval="edge_sensitivity",
        method=AREA_METHOD[ground] + _BOUNDS,
        mask_ids=(mask.id,),
        observed_frac=frame.observed_frac,
        notes=(MAPPED_NOTE, *frame.notes),
        prefer=prefer,
    )


def share(mask: Mask, *, aoi: Aoi | None = None, of: Literal["area", "pixels"] = "area") -> Measurement:
    """Measure which share of the observed ground a mask covers.

    Needs no CRS: without one, all pixels count alike and the notes say so.

    Args:
        mask: What to measure.
        aoi: Look only at pixels whose centre lies inside.
        of: Weigh pixels by true ground area, or count them.

    Returns:
        ``share`` of the observed part of the area of interest, 0-1. Bounds: the same with the class edge moved by
        one pixel.

    Raises:
        UndefinedMeasurement: No pixel inside the area of interest, or none observed.

    Examples:
        >>> from terrascope_sdk.testing import disc_mask, utm_grid
        >>> share(disc_mask(utm_grid(), radius_m=500.0)).text
        '48.0 %'
    """
    require_choice("of", of, ("area", "pixels"))
    frame = frame_of(mask, aoi=aoi)
    by_area = of == "area" and mask.grid.crs is not None
    sizes = pixel_areas_m2(mask.grid, "ellipsoid") if by_area else np.ones((mask.grid.height, 1))
    whole = total(frame.observed, sizes)
    inner, outer = moved_edges(mask)
    low, value, high = (total(pixels & frame.observed, sizes) / whole for pixels in (inner, mask.pixels, outer))
    alike = ("no CRS: all pixels count alike",) if of == "area" and not by_area else ()
    weighed = "true ground area" if by_area else "number of pixels"
    return Measurement(
        name="share",
        subject=subject_of(mask),
        value=value,
        unit="1",
        low=low,
        high=high,
        interval="edge_sensitivity",
        method=f"{weighed} inside the mask over that of all observed pixels{_BOUNDS}",
        mask_ids=(mask.id,),
        observed_frac=frame.observed_frac,
        notes=(MAPPED_NOTE, *alike, *frame.notes),
    )
