"""Whether two regions touch, and along which length."""

import numpy as np
import pyproj
from jaxtyping import Bool
from scipy import ndimage

from terrascope_sdk.errors import UndefinedMeasurement
from terrascope_sdk.measure.choice import require_choice
from terrascope_sdk.measure.edge import Neighbours, grown
from terrascope_sdk.measure.frame import Frame, frame_of
from terrascope_sdk.measure.ground import require_crs
from terrascope_sdk.measure.subject import name_of, subject_of, subject_of_pair
from terrascope_sdk.types import Aoi, Mask, Measurement

__all__ = ["shared_edge_length", "touches"]

_GEOD = pyproj.Geod(ellps="WGS84")


def touches(a: Mask, b: Mask, *, neighbours: Neighbours = 4, aoi: Aoi | None = None) -> Measurement:
    """Tell whether two regions touch.

    Yes is certain. No is what was seen: where unobserved pixels lie between the regions or beside one of them, the
    notes say that contact cannot be excluded. Regions that overlap touch.

    Args:
        a: First region.
        b: Second region, on the same grid.
        neighbours: 4: a common pixel edge is needed. 8: a common corner is enough.
        aoi: Look only at pixels whose centre lies inside.

    Returns:
        ``touches``, a truth value with unit ``1``; no when one of the regions was not found.

    Raises:
        UndefinedMeasurement: Nothing inside was observed for one of the masks.
        InputError: The grids differ.

    Examples:
        >>> from terrascope_sdk.testing import disc_mask, utm_grid
        >>> lake = disc_mask(utm_grid(), radius_m=500.0)
        >>> touches(lake, lake.complement()).text
        'yes'
    """
    require_choice("neighbours", neighbours, (4, 8))
    frame = frame_of(a, b, aoi=aoi, require_observed=False)
    for region in (a, b):
        if not (region.valid & frame.inside).any():
            raise UndefinedMeasurement(
                f"No pixel was observed for {subject_of(region)}.", hint="Choose another date or sensor."
            )
    in_a, in_b = a.pixels & frame.inside, b.pixels & frame.inside
    value = bool((grown(in_a, neighbours=neighbours) & in_b).any())
    notes = [f"no {name_of(m)} was found" for m, found in ((a, in_a), (b, in_b)) if not found.any()]
    if not value:
        notes += _doubts(a, b, frame, neighbours)
    elif (in_a & in_b).any():
        notes.append("the regions overlap")
    return Measurement(
        name="touches",
        subject=subject_of_pair(a, b),
        value=value,
        unit="1",
        method="a pixel of one region and a pixel of the other share "
        + ("an edge" if neighbours == 4 else "an edge or a corner"),
        mask_ids=(a.id, b.id),
        observed_frac=frame.observed_frac,
        notes=(*notes, *frame.notes),
    )


def _doubts(a: Mask, b: Mask, frame: Frame, neighbours: Neighbours) -> list[str]:
    """Return why contact cannot be excluded, if it cannot: Kleene's *unknown* in words."""
    hidden = frame.inside & ~(a.valid & b.valid)
    near_a, near_b = (grown(m.pixels & frame.inside, neighbours=neighbours) & hidden for m in (a, b))
    structure = ndimage.generate_binary_structure(2, 1 if neighbours == 4 else 2)
    gaps, _ = ndimage.label(hidden, structure=structure)
    if np.intersect1d(gaps[near_a], gaps[near_b]).size:
        return ["unobserved pixels lie between the regions: contact cannot be excluded"]
    beside = [name_of(m) for m, near in ((a, near_a), (b, near_b)) if near.any()]
    if beside:
        return [f"unobserved pixels lie beside {' and '.join(beside)}: contact there cannot be excluded"]
    return []


def shared_edge_length(a: Mask, b: Mask, *, aoi: Aoi | None = None) -> Measurement:
    """Measure the border between two regions along pixel edges.

    The border of pixels is a staircase: on average over directions it is 27 % (4/pi) longer than the smooth line it
    stands for. Pixels that belong to both regions are left out.

    Args:
        a: First region.
        b: Second region, on the same grid.
        aoi: Look only at pixels whose centre lies inside.

    Returns:
        ``shared_edge_length`` in m, summed geodesic lengths of the shared pixel edges; 0 where none is shared.

    Raises:
        UndefinedMeasurement: No CRS, or no pixel inside was observed for both.
        InputError: The grids differ.
    """
    require_crs(a.grid, f"The border between {subject_of_pair(a, b)}")
    frame = frame_of(a, b, aoi=aoi)
    both = a.pixels & b.pixels
    in_a, in_b = (m.pixels & ~both & frame.inside for m in (a, b))
    upright = _faces(in_a[:, :-1], in_b[:, 1:], in_a[:, 1:], in_b[:, :-1])
    level = _faces(in_a[:-1], in_b[1:], in_a[1:], in_b[:-1])
    r1, c1 = np.nonzero(upright)
    r2, c2 = np.nonzero(level)
    start_rows, start_columns = np.concatenate([r1, r2 + 1]), np.concatenate([c1 + 1, c2])
    end_rows, end_columns = np.concatenate([r1 + 1, r2 + 1]), np.concatenate([c1 + 1, c2 + 1])
    length_m = 0.0
    if len(start_rows):
        start, end = a.grid.lonlat(start_rows, start_columns), a.grid.lonlat(end_rows, end_columns)
        length_m = float(np.sum(_GEOD.inv(*start, *end)[2]))
    hidden = _doubts(a, b, frame, 4)
    if hidden and length_m:
        hidden = ["unobserved pixels lie beside the regions: the border may go on there"]
    overlap = ("the regions overlap; common pixels were left out",) if (both & frame.inside).any() else ()
    return Measurement(
        name="shared_edge_length",
        subject=subject_of_pair(a, b),
        value=length_m,
        unit="m",
        method="geodesic lengths of the pixel edges between the two regions, summed along the staircase of pixels",
        mask_ids=(a.id, b.id),
        observed_frac=frame.observed_frac,
        notes=("along pixel edges: about 27 % longer than a smooth line", *overlap, *hidden, *frame.notes),
    )


def _faces(
    a_first: Bool[np.ndarray, "y x"],
    b_second: Bool[np.ndarray, "y x"],
    a_second: Bool[np.ndarray, "y x"],
    b_first: Bool[np.ndarray, "y x"],
) -> Bool[np.ndarray, "y x"]:
    return np.asarray((a_first & b_second) | (a_second & b_first))
