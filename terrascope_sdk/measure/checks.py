"""What can be verified about masks and numbers; a check that fails becomes a visible warning."""

import math
from collections.abc import Sequence

import numpy as np

from terrascope_sdk.errors import InputError
from terrascope_sdk.measure.area import share
from terrascope_sdk.measure.frame import frame_of, total
from terrascope_sdk.measure.subject import name_of, subject_of, subject_of_pair
from terrascope_sdk.types import Aoi, Check, Mask, Measurement
from terrascope_sdk.types.quantity_text import format_quantity

__all__ = ["agreement", "claim_matches", "observed_enough", "sums_to_whole", "thin_class"]


def observed_enough(mask: Mask, aoi: Aoi | None = None, *, minimum: float = 0.8) -> Check:
    """Check that enough of the area of interest was observed.

    Args:
        mask: Whose observed pixels count.
        aoi: Area of interest; the whole image when left out.
        minimum: Smallest share of the area that passes, 0-1.
    """
    seen = frame_of(mask, aoi=aoi, require_observed=False).observed_frac
    return Check(
        name="observed enough",
        passed=seen >= minimum,
        detail=f"{seen:.1%} of the area was observed for {subject_of(mask)}; at least {minimum:.0%} is wanted",
    )


def agreement(
    mask_a: Mask, mask_b: Mask, *, tolerance: float = 0.05, aoi: Aoi | None = None, independent: bool = False
) -> Check:
    """Check that two ways to map the same ground agree on the share of a class.

    Shares are compared where both were observed. Equal shares in different places are no agreement, so the overlap
    (intersection over union) is stated beside them.

    Args:
        mask_a: One method or sensor.
        mask_b: Another, on the same grid.
        tolerance: Largest difference of the two shares that passes, 0-1 (0.05: five percentage points).
        aoi: Look only at pixels whose centre lies inside.
        independent: Whether the two saw different pixels: another sensor, or reference data. Two methods on the same
            pixels are not independent.

    Raises:
        InputError: The grids differ.
        UndefinedMeasurement: No pixel inside was observed by both.
    """
    frame = frame_of(mask_a, mask_b, aoi=aoi)
    sizes = np.ones((mask_a.grid.height, 1)) if mask_a.grid.crs is None else mask_a.grid.pixel_area_m2
    a, b = mask_a.pixels & frame.observed, mask_b.pixels & frame.observed
    whole = total(frame.observed, sizes)
    share_a, share_b = total(a, sizes) / whole, total(b, sizes) / whole
    either = total(a | b, sizes)
    overlap = f"{total(a & b, sizes) / either:.2f}" if either else "undefined (neither found any)"
    difference = abs(share_a - share_b)
    return Check(
        name="two ways agree",
        passed=difference <= tolerance,
        detail=f"{subject_of_pair(mask_a, mask_b)}: {share_a:.1%} and {share_b:.1%} of the commonly observed ground, "
        f"{difference * 100:.1f} points apart (at most {tolerance * 100:.1f}); intersection over union {overlap}",
        independent=independent,
    )


def sums_to_whole(masks: Sequence[Mask], *, tolerance: float = 0.01, aoi: Aoi | None = None) -> Check:
    """Check that classes which exclude each other cover everything once.

    Args:
        masks: The classes, on one grid.
        tolerance: Largest share of the observed pixels, 0-1, that may be in no class or in several.
        aoi: Look only at pixels whose centre lies inside.

    Raises:
        InputError: No mask, or the grids differ.
        UndefinedMeasurement: No pixel was observed for all of them.
    """
    if not masks:
        raise InputError("There is no class to add up.")
    frame = frame_of(*masks, aoi=aoi)
    classes = np.zeros(masks[0].grid.shape, np.int32)
    for mask in masks:
        classes += mask.pixels
    n = int(frame.observed.sum())
    none = int((frame.observed & (classes == 0)).sum()) / n
    several = int((frame.observed & (classes > 1)).sum()) / n
    return Check(
        name="classes sum to the whole",
        passed=none <= tolerance and several <= tolerance,
        detail=f"of the observed pixels, {none:.1%} are in none of {', '.join(map(name_of, masks))} and {several:.1%} "
        f"in more than one (at most {tolerance:.1%} each)",
    )


def claim_matches(claimed_value: float | bool, measurement: Measurement, *, tolerance_frac: float = 0.1) -> Check:
    """Check a claim from a text against the number measured on the mask.

    Args:
        claimed_value: In the measurement's unit (shares 0-1, areas m2), or a truth value.
        measurement: What the pixels say.
        tolerance_frac: Largest deviation that passes, relative to the measured value; a measured 0 is matched by 0.

    Raises:
        InputError: A truth value is compared with a number, or the claim is no number.
    """
    value = measurement.value
    if isinstance(claimed_value, bool) != isinstance(value, bool):
        raise InputError(f"The claim {claimed_value!r} cannot be compared with {measurement.name} {value!r}.")
    if not math.isfinite(claimed_value):
        raise InputError(f"The claimed {measurement.name} is {claimed_value!r}, which is no number.")
    claim = format_quantity(claimed_value, measurement.unit, prefer=measurement.prefer)
    detail = f"claimed {claim}, measured {measurement.text} ({measurement.name} of {measurement.subject})"
    if isinstance(value, bool):
        return Check(name="claim matches measurement", passed=claimed_value == value, detail=detail)
    off = abs(claimed_value - value)
    passed = off <= tolerance_frac * abs(value)
    if value:
        detail += f"; {off / abs(value):.0%} apart, at most {tolerance_frac:.0%}"
    if measurement.low is not None and measurement.high is not None:
        inside = measurement.low <= claimed_value <= measurement.high
        detail += f"; {'inside' if inside else 'outside'} {measurement.bounds_text}"
    return Check(name="claim matches measurement", passed=passed, detail=detail)


def thin_class(mask: Mask, *, aoi: Aoi | None = None) -> Check:
    """Check that a class is not mostly edge: thin rivers, hedges, single pixels.

    Fails when moving the edge by one pixel changes the share by more than the share itself; such an area says more
    about the pixel size than about the ground.

    Args:
        mask: The class.
        aoi: Look only at pixels whose centre lies inside.

    Raises:
        UndefinedMeasurement: No pixel inside was observed.
    """
    name = "wide enough for its pixels"
    found = share(mask, aoi=aoi)
    low, high = found.low or 0.0, found.high or 0.0
    if found.value == 0:
        return Check(name=name, passed=True, detail=f"no {name_of(mask)} was found")
    spread = (high - low) / found.value
    return Check(
        name=name,
        passed=spread <= 1,
        detail=f"{subject_of(mask)}: {found.text} ({found.bounds_text}), a spread of {spread:.1f} times the value",
    )
