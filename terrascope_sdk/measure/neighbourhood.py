"""What lies near a mask: everything within a distance, whole patches near another mask, patches of a least size.

Distances are those of the true ground, between pixel centres.
"""

from dataclasses import replace

import numpy as np
from jaxtyping import Bool
from scipy import ndimage
from scipy.spatial import cKDTree

from terrascope_sdk.errors import InputError
from terrascope_sdk.measure.components import components
from terrascope_sdk.measure.edge import grown
from terrascope_sdk.measure.ground import ecef_m, require_crs
from terrascope_sdk.measure.subject import name_of, subject_of
from terrascope_sdk.types import Mask, PixelGrid

__all__ = ["buffered", "near_patches", "sizeable_patches"]

_SAME_SIZE = 0.002
"""Up to this relative difference of pixel sizes over a grid, pixels count as equal and distances as straight."""


def buffered(mask: Mask, distance_m: float) -> Mask:
    """Return everything within a distance of a mask, the mask itself included.

    Three-valued: what no observed part of the mask reaches, but an unobserved pixel might, is unobserved. Beyond the
    border of the image nothing is known, and nothing is assumed to lie there.

    Args:
        mask: What to grow.
        distance_m: How far, in m on the true ground, between pixel centres; above 0.

    Raises:
        UndefinedMeasurement: The grid has no coordinate reference system.
        InputError: The distance is no positive number.

    Examples:
        >>> from terrascope_sdk.measure import area
        >>> from terrascope_sdk.testing import disc_mask, utm_grid
        >>> wider = buffered(disc_mask(utm_grid(), radius_m=300.0), 200.0)
        >>> round((area(wider).value / np.pi) ** 0.5)  # the radius of the grown disc
        497
    """
    _require_distance(distance_m)
    require_crs(mask.grid, f"A buffer of {subject_of(mask)}")
    inside = _within(mask.pixels, mask.grid, distance_m)
    unsure = _within(~mask.valid, mask.grid, distance_m)
    label = f"{name_of(mask)} within {distance_m:g} m"
    return replace(mask, pixels=inside, valid=inside | ~unsure, label=label, probability=None, score=None)


def near_patches(mask: Mask, other: Mask, distance_m: float = 0.0) -> Mask:
    """Return the whole patches of a mask that touch another mask, or lie within a distance of it.

    A patch of which only an unobserved part of the other mask could be near is unobserved.

    Args:
        mask: What falls into patches, connected by edges.
        other: What they have to be near, on the same grid.
        distance_m: How near, in m between pixel centres; 0 for patches that share a pixel, an edge or a corner with it.

    Raises:
        InputError: The grids differ, or the distance is below 0.
        UndefinedMeasurement: A distance is asked for, and the grid has no coordinate reference system.
    """
    if not mask.grid.same_as(other.grid):
        raise InputError(f"{subject_of(mask)} and {subject_of(other)} lie on unlike grids.", hint="Load them together.")
    if distance_m > 0:
        require_crs(mask.grid, f"The distance of {subject_of(mask)} to {subject_of(other)}")
        near, unsure = (_within(p, mask.grid, distance_m) for p in (other.pixels, ~other.valid))
    else:
        _require_distance(1.0 if distance_m == 0 else distance_m)
        near, unsure = (grown(p, neighbours=8) for p in (other.pixels, ~other.valid))
    how = "touching" if distance_m == 0 else f"within {distance_m:g} m of"
    return _kept(mask, near, unsure, label=f"{name_of(mask)} {how} {name_of(other)}")


def sizeable_patches(mask: Mask, min_area_m2: float) -> Mask:
    """Return the patches of a mask that have at least a stated size.

    A smaller patch that meets unobserved ground may be the visible part of a larger one, and is unobserved.

    Args:
        mask: What falls into patches, connected by edges.
        min_area_m2: Smallest that stays, in m2 on the true ground.

    Raises:
        UndefinedMeasurement: The grid has no coordinate reference system.
        InputError: The size is below 0.
    """
    large = components(mask, min_area_m2=min_area_m2).labels > 0
    unsure = grown(~mask.valid)
    return _kept(mask, large, unsure, label=f"{name_of(mask)} in patches of at least {min_area_m2:g} m2")


def _kept(mask: Mask, wanted: np.ndarray, unsure: np.ndarray, *, label: str) -> Mask:
    """Return the patches that hold a wanted pixel; those that hold only an unsure one are unobserved."""
    labels, count = ndimage.label(mask.pixels)
    numbers = np.arange(count + 1)
    kept, doubtful = (np.isin(labels, np.setdiff1d(numbers[np.bincount(labels[where], minlength=count + 1) > 0], [0]))
                      for where in (wanted, unsure))  # fmt: skip
    return replace(mask, pixels=kept, valid=mask.valid & ~(doubtful & ~kept), label=label, probability=None, score=None)


def _require_distance(distance_m: float) -> None:
    if not (np.isfinite(distance_m) and distance_m > 0):
        raise InputError(f"A distance is a number of metres above 0, not {distance_m}.")


def _within(pixels: np.ndarray, grid: PixelGrid, distance_m: float) -> Bool[np.ndarray, "y x"]:
    if not pixels.any():
        return np.zeros(grid.shape, bool)
    height, width = _sides_m(grid)
    varies = max(float(np.ptp(side) / side.mean()) for side in (height, width))
    if varies <= _SAME_SIZE and not (grid.transform.b or grid.transform.d):
        away = ndimage.distance_transform_edt(~pixels, sampling=(float(height.mean()), float(width.mean())))
        return np.asarray(away <= distance_m)
    return _within_on_ellipsoid(pixels, grid, distance_m)


def _sides_m(grid: PixelGrid) -> tuple[np.ndarray, np.ndarray]:
    """Return height and width of pixels on the ground, in m, at nine places over a grid."""
    rows, columns = (np.linspace(0.5, size - 0.5, 3) for size in grid.shape)
    r, c = (v.ravel() for v in np.meshgrid(rows, columns, indexing="ij"))
    here, down, right = (ecef_m(*grid.lonlat(r + dr, c + dc)) for dr, dc in ((0, 0), (1, 0), (0, 1)))
    return np.linalg.norm(down - here, axis=-1), np.linalg.norm(right - here, axis=-1)


def _within_on_ellipsoid(pixels: np.ndarray, grid: PixelGrid, distance_m: float) -> np.ndarray:
    """Return what lies near, by straight lines between places on the ellipsoid: to 1e-5 of the distance at 100 km."""
    edge = pixels & ~ndimage.binary_erosion(pixels)
    tree = cKDTree(ecef_m(*grid.lonlat(*(v + 0.5 for v in np.nonzero(edge)))))
    outside = np.nonzero(~pixels)
    away, _ = tree.query(
        ecef_m(*grid.lonlat(*(v + 0.5 for v in outside))), distance_upper_bound=distance_m * (1 + 1e-9)
    )
    near = pixels.copy()
    near[outside] = np.isfinite(away)
    return near
