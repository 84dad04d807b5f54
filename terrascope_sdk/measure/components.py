"""The separate regions of a mask: connected pixels, numbered by size."""

from dataclasses import dataclass, replace

import numpy as np
from jaxtyping import Float64, Int32, Int64
from scipy import ndimage

from terrascope_sdk.errors import InputError, UndefinedMeasurement
from terrascope_sdk.measure.choice import require_choice
from terrascope_sdk.measure.edge import Neighbours
from terrascope_sdk.measure.ground import pixel_areas_m2
from terrascope_sdk.measure.subject import name_of, subject_of
from terrascope_sdk.types import Mask

__all__ = ["Components", "components", "largest_regions"]


@dataclass(frozen=True, eq=False)
class Components:
    """Connected regions of a mask, largest first."""

    labels: Int32[np.ndarray, "y x"]
    """Number of the region at each pixel: 1 is the largest, 0 is none."""

    sizes_px: Int64[np.ndarray, " region"]
    """Pixels of each region, falling; equal sizes in reading order (row by row)."""

    areas_m2: Float64[np.ndarray, " region"] | None
    """True ground area of each region in m2; None without a CRS."""

    source: Mask
    """The mask they are regions of."""

    neighbours: Neighbours
    """4: regions hang together by edges. 8: by edges or corners."""

    def __len__(self) -> int:
        return len(self.sizes_px)

    def __repr__(self) -> str:
        largest = f", the largest {self.sizes_px[0]} px" if len(self) else ""
        return f"Components({len(self)} regions of {subject_of(self.source)}{largest})"

    def mask(self, number: int) -> Mask:
        """Return one region as a mask; 1 is the largest.

        Raises:
            InputError: There is no region of that number.
        """
        if not 1 <= number <= len(self):
            raise InputError(f"There is no region {number}; {subject_of(self.source)} has {len(self)}.")
        label = f"{name_of(self.source)}, region {number}"
        return replace(self.source, pixels=self.labels == number, label=label, probability=None)


def components(mask: Mask, *, neighbours: Neighbours = 4, min_area_m2: float = 0.0) -> Components:
    """Split a mask into connected regions.

    Unobserved pixels connect nothing: a river under a cloud falls into two regions.

    Args:
        mask: What to split.
        neighbours: 4 (edges) or 8 (edges and corners).
        min_area_m2: Smaller regions are dropped; true ground area.

    Raises:
        UndefinedMeasurement: A minimum area is asked for, but there is no CRS.
    """
    require_choice("neighbours", neighbours, (4, 8))
    if not min_area_m2 >= 0:
        raise InputError(f"min_area_m2 is {min_area_m2}; an area is 0 or larger.")
    if min_area_m2 > 0 and mask.grid.crs is None:
        raise UndefinedMeasurement(
            f"Regions of {subject_of(mask)} below {min_area_m2:g} m2 cannot be told: the pixels have no coordinate "
            "reference system.",
            hint="Give the raster its CRS, or count without a minimum area.",
        )
    structure = ndimage.generate_binary_structure(2, 1 if neighbours == 4 else 2)
    found, n = ndimage.label(mask.pixels, structure=structure, output=np.int32)
    flat = found.ravel()
    sizes = np.bincount(flat, minlength=n + 1)[1:].astype(np.int64)
    areas = None
    if mask.grid.crs is not None:
        weights = np.broadcast_to(pixel_areas_m2(mask.grid, "ellipsoid"), mask.grid.shape)
        inside = mask.pixels
        areas = np.bincount(found[inside], weights=weights[inside], minlength=n + 1)[1:].astype(np.float64)
    order = np.argsort(-sizes, kind="stable")
    if areas is not None and min_area_m2 > 0:
        order = order[areas[order] >= min_area_m2]
    new_number = np.zeros(n + 1, np.int32)
    new_number[order + 1] = np.arange(1, len(order) + 1, dtype=np.int32)
    return Components(
        labels=new_number[found],
        sizes_px=sizes[order],
        areas_m2=None if areas is None else areas[order],
        source=mask,
        neighbours=neighbours,
    )


def largest_regions(mask: Mask, n: int = 2, neighbours: Neighbours = 4) -> tuple[Mask, ...]:
    """Return the regions with most pixels as masks, largest first.

    Args:
        mask: What to split.
        n: How many.
        neighbours: 4 (edges) or 8 (edges and corners).

    Raises:
        UndefinedMeasurement: The mask has fewer regions.
    """
    parts = components(mask, neighbours=neighbours)
    if len(parts) < n:
        raise UndefinedMeasurement(
            f"{subject_of(mask)} has {len(parts)} connected regions, not {n}.",
            hint="Ask for fewer regions, or for another class.",
        )
    return tuple(parts.mask(number) for number in range(1, n + 1))
