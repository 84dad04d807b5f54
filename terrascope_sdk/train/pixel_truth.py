"""Plain results from pixel masks, as training needs them: on a square grid, by counting."""

from collections.abc import Sequence

import numpy as np
from jaxtyping import Bool
from scipy import ndimage

from terrascope_sdk.model.result_words import place_of

__all__ = ["centre_place", "pixel_result"]

_EIGHT = np.ones((3, 3), bool)


def centre_place(mask: Bool[np.ndarray, "y x"]) -> str | None:
    """Return the place in the frame of a mask's centre of mass, or None for an empty mask."""
    if not mask.any():
        return None
    height, width = mask.shape
    y = float((mask.sum(1) * (np.arange(height) + 0.5)).sum() / mask.sum() / height)
    x = float((mask.sum(0) * (np.arange(width) + 0.5)).sum() / mask.sum() / width)
    return place_of(min(x, 0.999), min(y, 0.999))


def pixel_result(
    kind: str, numbers: tuple[int, ...], masks: Sequence[Bool[np.ndarray, "y x"]], gsd_m: float
) -> float | bool | str | tuple[int, ...]:
    """Return what a measurement gives, in the form that ``result_words`` takes.

    Args:
        kind: What to measure.
        numbers: Numbers of the masks in the chain.
        masks: Their pixels.
        gsd_m: Side of a pixel, metres.
    """
    if kind in {"touches", "distance"}:
        return _pair_result(kind, masks, gsd_m)
    sizes = [int(m.sum()) for m in masks]
    pixel_m2 = gsd_m**2
    if kind == "present":
        return sizes[0] > 0
    if kind == "share":
        return sizes[0] / masks[0].size
    if kind == "area":
        return sizes[0] * pixel_m2
    if kind == "count":
        return float(ndimage.label(masks[0])[1])
    if kind == "where":
        return centre_place(masks[0]) or "no"
    if kind == "order":
        return tuple(n for _, n in sorted(zip([-s for s in sizes], numbers, strict=True)))
    if kind == "change":
        return (sizes[1] - sizes[0]) * pixel_m2
    return min(1.0, sizes[0] / sizes[1]) if sizes[1] else 0.0  # a part


def _pair_result(kind: str, masks: Sequence[np.ndarray], gsd_m: float) -> float | bool | str:
    if not (masks[0].any() and masks[1].any()):
        return False if kind == "touches" else "no"
    if kind == "touches":
        return bool((ndimage.binary_dilation(masks[0], _EIGHT) & masks[1]).any())
    away = ndimage.distance_transform_edt(~masks[0])
    return float(max(0.0, away[masks[1]].min() - 1) * gsd_m)
