"""Which images make one date for a network: an optical image, the SAR image nearest to it, or one of them alone."""

from dataclasses import dataclass
from datetime import datetime

import numpy as np
from jaxtyping import Bool

from terrascope_sdk.types.instant import when_text
from terrascope_sdk.types.stack import ImageStack

__all__ = ["Moment", "moments_of"]

_MAX_GAP_DAYS = 12.0


@dataclass(frozen=True)
class Moment:
    """One date as a network sees it."""

    optical: int | None
    """Position in the optical series, or None."""

    sar: int | None
    """Position in the SAR series, or None."""

    date: datetime
    """When: that of the optical image where there is one."""

    period_s: float
    """Length of the period that a composite covers, seconds."""

    @property
    def sensor(self) -> str:
        """``optical``, ``sar`` or ``optical+sar``."""
        return "+".join(n for n, p in (("optical", self.optical), ("sar", self.sar)) if p is not None)

    @property
    def when(self) -> str:
        """The date as precisely as it is known."""
        return when_text(self.date, self.period_s)

    def observed(self, stack: ImageStack) -> Bool[np.ndarray, "y x"]:
        """Return where at least one of its sensors saw the ground."""
        seen = np.zeros(stack.grid.shape, bool)
        if self.optical is not None:
            seen |= stack.series("optical").valid[self.optical]
        if self.sar is not None:
            seen |= stack.series("sar").valid[self.sar]
        return seen


def moments_of(
    stack: ImageStack, *, sensor: str | None = None, max_gap_days: float = _MAX_GAP_DAYS
) -> tuple[Moment, ...]:
    """Return the dates of a stack in order of time.

    Args:
        stack: The pixels.
        sensor: ``optical`` or ``sar`` to leave the other out; both are joined when left out.
        max_gap_days: Farthest apart that two images may be to count as one date, days.
    """
    made = []
    partner = {i: j for i, j, _ in stack.pairs(max_gap_days=max_gap_days)} if sensor is None else {}
    if stack.optical is not None and sensor != "sar":
        series = stack.optical
        made += [Moment(i, partner.get(i), series.acquired[i], series.periods_s[i]) for i in range(len(series))]
    if stack.sar is not None and (sensor == "sar" or (sensor is None and stack.optical is None)):
        series = stack.sar
        made += [Moment(None, j, series.acquired[j], series.periods_s[j]) for j in range(len(series))]
    return tuple(sorted(made, key=lambda m: m.date))
