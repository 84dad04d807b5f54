"""Which of several classes covers most."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

import numpy as np

from terrascope_sdk.errors import InputError
from terrascope_sdk.measure.area import AREA_METHOD, MAPPED_NOTE
from terrascope_sdk.measure.choice import require_choice
from terrascope_sdk.measure.edge import moved_edges
from terrascope_sdk.measure.frame import frame_of, total
from terrascope_sdk.measure.ground import pixel_areas_m2, require_crs
from terrascope_sdk.measure.subject import name_of, subject_of
from terrascope_sdk.types import Aoi, Mask, Measurement

__all__ = ["rank"]


def rank(
    masks: Sequence[Mask], *, by: Literal["area", "pixels"] = "area", aoi: Aoi | None = None
) -> tuple[Measurement, ...]:
    """Put masks in order of size, largest first.

    All are measured on the pixels that were observed for *every* mask, so that a class seen on a clearer date wins
    nothing by it. Equal sizes keep the order given. Where the bounds of neighbours in the order overlap, a note
    says that the order depends on where the edge lies.

    Args:
        masks: Two or more, on one grid.
        by: True ground area in m2, or number of pixels (needs no CRS).
        aoi: Count pixels whose centre lies inside.

    Returns:
        ``area`` in m2, or ``pixels`` with unit ``count``, one for each mask.

    Raises:
        InputError: Fewer than two masks, or their grids differ.
        UndefinedMeasurement: No pixel was observed for all of them, or areas are asked for without a CRS.

    Examples:
        >>> from terrascope_sdk.testing import disc_mask, utm_grid
        >>> lake = disc_mask(utm_grid(), radius_m=500.0)
        >>> [m.subject for m in rank([lake, lake.complement()])]
        ['not water', 'water']
    """
    require_choice("by", by, ("area", "pixels"))
    if len(masks) < 2:
        raise InputError(f"A ranking needs at least two masks, not {len(masks)}.")
    grid = masks[0].grid
    if by == "area":
        require_crs(grid, f"The areas of {', '.join(map(name_of, masks))}")
    frame = frame_of(*masks, aoi=aoi)
    sizes = pixel_areas_m2(grid, "ellipsoid") if by == "area" else np.ones((grid.height, 1))
    what = AREA_METHOD["ellipsoid"] if by == "area" else "number of observed pixels of the mask"
    found = []
    for mask in masks:
        inner, outer = moved_edges(mask)
        low, value, high = (total(pixels & frame.observed, sizes) for pixels in (inner, mask.pixels, outer))
        found.append(
            Measurement(
                name="area" if by == "area" else "pixels",
                subject=subject_of(mask),
                value=value if by == "area" else round(value),
                unit="m2" if by == "area" else "count",
                low=low,
                high=high,
                interval="edge_sensitivity",
                method=f"{what}, on pixels observed for all {len(masks)} masks; bounds: the mask eroded and dilated by "
                "one pixel (4 neighbours)",
                mask_ids=(mask.id,),
                observed_frac=frame.observed_frac,
                notes=(MAPPED_NOTE, *frame.notes),
            )
        )
    ordered = sorted(found, key=lambda m: -m.value)
    return tuple(_with_doubt(m, ordered[i + 1] if i + 1 < len(ordered) else None) for i, m in enumerate(ordered))


def _with_doubt(larger: Measurement, smaller: Measurement | None) -> Measurement:
    """Add a note when the next in the order could be as large."""
    if smaller is None or larger.low is None or smaller.high is None or larger.low > smaller.high:
        return larger
    note = f"{smaller.subject} could be as large if the edges moved by one pixel"
    return replace(larger, notes=(*larger.notes, note))
