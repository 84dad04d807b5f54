"""Quality bands: where a scene's own flags say that the ground was not seen."""

from __future__ import annotations

import numpy as np

from terrascope_sdk.errors import InputError

__all__ = ["clouded_by", "quality_bands"]

_SCL_HIDDEN = (3, 8, 9, 10)
"""Sen2Cor scene classes that hide the ground: cloud shadow, cloud medium, cloud high, thin cirrus."""

_SCL_MISSING = (0, 1)
"""Sen2Cor scene classes without a measurement: no data, saturated or defective."""

quality_bands: dict[str, str] = {
    "scl": "Sentinel-2 scene classification: shadow 3, cloud 8 and 9, cirrus 10 hide the ground; 0 and 1 are no data",
    "cloud": "cloud flag of the scene: 1 hides the ground",
}
"""Quality asset names that are understood, with the rule."""


def clouded_by(name: str, codes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return where clouds hide the ground, and where there is no measurement at all.

    Args:
        name: A key of :data:`quality_bands`.
        codes: The band, shape (y, x).

    Returns:
        Two boolean arrays (y, x): clouded, missing.
    """
    if name == "scl":
        return np.isin(codes, _SCL_HIDDEN), np.isin(codes, _SCL_MISSING)
    if name == "cloud":
        return np.asarray(codes == 1), np.zeros(codes.shape, bool)
    raise InputError(f"The quality band {name!r} is not known.", hint=f"Known are {', '.join(quality_bands)}.")
