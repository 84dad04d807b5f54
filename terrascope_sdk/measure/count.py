"""How many separate regions a mask has."""

import numpy as np
from jaxtyping import Bool

from terrascope_sdk.measure.components import Components, components
from terrascope_sdk.measure.edge import Neighbours, grown, moved_edges
from terrascope_sdk.measure.frame import frame_of
from terrascope_sdk.measure.subject import subject_of
from terrascope_sdk.types import Aoi, Mask, Measurement

__all__ = ["count"]


def count(mask: Mask, *, neighbours: Neighbours = 4, min_area_m2: float = 0.0, aoi: Aoi | None = None) -> Measurement:
    """Count the connected regions of a mask.

    Regions are formed on the whole image and counted when at least one of their pixels lies in the area of interest,
    so a lake that reaches in with two arms is one lake. Objects that touch each other count as one.

    Args:
        mask: What to count.
        neighbours: 4: pixels hang together by edges. 8: by edges or corners.
        min_area_m2: Leave out smaller regions (true ground area of the whole region).
        aoi: Count what reaches inside; the whole image when left out.

    Returns:
        ``count``. Bounds: smallest and largest count of the mask and of the mask with its edge moved by one pixel
        either way (regions vanish, split or merge).

    Raises:
        UndefinedMeasurement: No pixel inside was observed, or a minimum area is asked for without a CRS.

    Examples:
        >>> from terrascope_sdk.testing import disc_mask, utm_grid
        >>> count(disc_mask(utm_grid(), radius_m=500.0)).text
        '1'
    """
    frame = frame_of(mask, aoi=aoi)

    def reaching_in(pixels: Bool[np.ndarray, "y x"]) -> tuple[int, Components]:
        parts = components(
            Mask(pixels, mask.valid, mask.grid, mask.label, mask.date, mask.sensor),
            neighbours=neighbours,
            min_area_m2=min_area_m2,
        )
        return len(np.setdiff1d(parts.labels[frame.inside], 0)), parts

    value, parts = reaching_in(mask.pixels)
    moved = [reaching_in(pixels)[0] for pixels in moved_edges(mask)]
    cut = _cut(parts, frame.inside, mask.valid)
    notes = (f"{cut} of them are cut by the border of the image, of the area or of a cloud",) if cut else ()
    smallest = f" of at least {min_area_m2:g} m2" if min_area_m2 else ""
    return Measurement(
        name="count",
        subject=subject_of(mask),
        value=value,
        unit="count",
        low=min(value, *moved),
        high=max(value, *moved),
        interval="edge_sensitivity",
        method=f"connected regions ({neighbours} neighbours){smallest} that reach into the area; bounds: the mask "
        "eroded and dilated by one pixel (4 neighbours)",
        mask_ids=(mask.id,),
        observed_frac=frame.observed_frac,
        notes=("objects that touch count as one", *notes, *frame.notes),
    )


def _cut(parts: Components, inside: Bool[np.ndarray, "y x"], valid: Bool[np.ndarray, "y x"]) -> int:
    """Return how many regions with a pixel inside continue, or may continue, beyond what was looked at."""
    rim = grown(~valid) | grown(~inside)
    rim[[0, -1]] = True
    rim[:, [0, -1]] = True
    return len(np.setdiff1d(parts.labels[rim & inside], 0))
