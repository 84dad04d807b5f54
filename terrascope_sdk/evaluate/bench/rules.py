"""The paper's rules of construction (supplement D.2) and ours: which things of a scene make a well-posed question.

Ours beyond the paper: specks do not decide a distance; a net change is at least two points of the frame; a place is not
on the line between two names; what is counted are regions of six pixels or more; what is present covers one per cent,
what is absent has no pixel. The paper's building change is about disaster damage; here it is the share of the first
date's buildings that are gone, and the net change of built area.
"""

from collections.abc import Sequence
from itertools import combinations, pairwise, permutations

import numpy as np
from jaxtyping import Bool
from scipy import ndimage

from terrascope_sdk.model.mask_rule import MIN_REGION_PX

__all__ = [
    "bordering", "changed", "clearly_placed", "countable", "far_apart", "gap_px", "large", "lost_buildings",
    "ordered_pairs", "ordered_triples", "without_specks",
]  # fmt: skip

MIN_SHARE = 0.05
"""Least share of the frame of a class whose size is asked, 0-1 (paper)."""

MIN_GAP_FRAC = 0.1
"""Least gap between sizes that are compared, of the larger one, 0-1 (paper)."""

MIN_BORDER_SHARE, MAX_REGIONS = 0.03, 5
"""Least share and most regions of classes whose contact is asked (paper)."""

MIN_DISTANCE_PX = 10.0
"""Least distance that is asked, pixels (paper; its printed examples also have 3 and 5)."""

MIN_BUILDINGS, MIN_LOST = 10, 3
"""Least number of buildings on the first date, and of lost ones (paper)."""

MIN_CHANGE = 0.02
"""Least net change, of the frame, 0-1."""

MAX_COUNT = 40
"""Most regions that are counted."""

_NEIGHBOURS = np.ones((3, 3), bool)
_MARGIN = 0.03

Pixels = Bool[np.ndarray, "y x"]


def large(share: float) -> bool:
    """Return whether a class is large enough for its size to be asked."""
    return share >= MIN_SHARE


def _clear(sizes: Sequence[float]) -> bool:
    return all(a - b > MIN_GAP_FRAC * a for a, b in pairwise(sizes))


def ordered_pairs(shares: dict[str, float]) -> list[tuple[str, str]]:
    """Return pairs of classes, the larger first, that differ clearly."""
    there = [k for k, v in shares.items() if large(v)]
    return [(a, b) for a, b in permutations(there, 2) if shares[a] > shares[b] and _clear((shares[a], shares[b]))]


def ordered_triples(shares: dict[str, float]) -> list[tuple[str, str, str]]:
    """Return triples of classes, the largest first, whose neighbours in order differ clearly."""
    there = sorted((k for k, v in shares.items() if large(v)), key=lambda k: -shares[k])
    return [(a, b, c) for a, b, c in combinations(there, 3) if _clear((shares[a], shares[b], shares[c]))]


def bordering(mask: Pixels, known: Pixels) -> bool:
    """Return whether contact of a class may be asked: enough of it, in few regions."""
    return bool(mask.sum() >= MIN_BORDER_SHARE * known.sum()) and ndimage.label(mask)[1] <= MAX_REGIONS


def gap_px(a: Pixels, b: Pixels) -> float:
    """Return the distance between the nearest pixel centres of two regions, pixels; infinite when one is empty.

    >>> a = np.zeros((9, 9), bool); b = a.copy(); a[0, 0] = b[3, 4] = True
    >>> gap_px(a, b)
    5.0
    """
    if not (a.any() and b.any()):
        return float("inf")
    return float(ndimage.distance_transform_edt(~a)[b].min())


def far_apart(a: Pixels, b: Pixels) -> bool:
    """Return whether a distance may be asked: more than ten pixels, and the same without specks."""
    plain = gap_px(a, b)
    if not MIN_DISTANCE_PX < plain < np.inf:
        return False
    opened = gap_px(ndimage.binary_opening(a, _NEIGHBOURS), ndimage.binary_opening(b, _NEIGHBOURS))
    return abs(opened - plain) <= 1.5


def changed(before: Pixels, after: Pixels, known: Pixels) -> bool:
    """Return whether a net change may be asked."""
    return bool(abs(int(after.sum()) - int(before.sum())) >= MIN_CHANGE * known.sum())


def lost_buildings(before: Pixels, after: Pixels) -> bool:
    """Return whether a loss of buildings may be asked: enough of them, enough of them gone by more than half."""
    regions, count = ndimage.label(before)
    if count < MIN_BUILDINGS:
        return False
    left = ndimage.mean(after, regions, np.arange(1, count + 1))
    return int((np.asarray(left) < 0.5).sum()) >= MIN_LOST


def clearly_placed(mask: Pixels) -> bool:
    """Return whether a place may be asked: the centre of mass is not near a line between two names."""
    if mask.mean() < 0.01:
        return False
    centre = [(v + 0.5) / n for v, n in zip(ndimage.center_of_mass(mask), mask.shape, strict=True)]
    return all(abs(c - line) > _MARGIN for c in centre for line in (1 / 3, 2 / 3))


def without_specks(mask: Pixels) -> Pixels:
    """Return a mask without the regions that are too small to be shown, as a network's masks are."""
    regions, count = ndimage.label(mask)
    keep = np.bincount(regions.ravel(), minlength=count + 1) >= MIN_REGION_PX
    keep[0] = False
    return np.asarray(keep[regions])


def countable(mask: Pixels) -> bool:
    """Return whether the regions of a mask may be counted: some, not too many, and hardly any specks beside them."""
    plain = without_specks(mask)
    return 0 < ndimage.label(plain)[1] <= MAX_COUNT and bool(plain.sum() >= 0.98 * mask.sum())
