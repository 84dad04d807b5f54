"""SAR rescue: where clouds hide much of an optical image, the nearest radar pass shows what lies under them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from terrascope_sdk import measure
from terrascope_sdk.errors import GroundingError, UndefinedMeasurement
from terrascope_sdk.plan.language import Plan
from terrascope_sdk.plan.mask_steps import Ground
from terrascope_sdk.types import GroundRequest, ImageStack, Mask, Reasoner, ReasoningChain, Step

__all__ = ["HIDDEN_FRAC", "radar_days", "rescues", "rescuing"]

HIDDEN_FRAC = 0.2
"""From this share of unseen pixels of an optical image on, radar joins."""

_REPEAT_DAYS = 12.0
"""Farthest that a radar pass may lie from the optical scene it stands beside: one Sentinel-1 repeat cycle."""

_FLOOD_DAYS = 3.0
"""The same where water comes and goes within days."""

_FLOOD = re.compile(
    r"flood|inundat|under\s+water|submerged|hochwasser|überschwemm|überflut|unter\s+wasser", re.IGNORECASE
)

_METHOD = "radar under clouds"


def radar_days(plan: Plan) -> float:
    """Return how many days radar may lie from the optical image it stands beside: 3 for floods, else 12."""
    return _FLOOD_DAYS if _FLOOD.search(plan.question) else _REPEAT_DAYS


def rescuing(reasoner: Reasoner, plan: Plan) -> Reasoner:
    """Return a reasoner that looks under clouds with radar; the same one where the plan names a sensor itself.

    Args:
        reasoner: What makes masks.
        plan: What is asked.
    """
    grounds = [s for s in plan.steps if isinstance(s, Ground)]
    return reasoner if any(s.sensor for s in grounds) else _UnderClouds(reasoner, radar_days(plan))


def rescues(steps: Iterable[Step]) -> list[str]:
    """Return what was said about pixels that radar gave."""
    return list(dict.fromkeys(s.text for s in steps if s.kind == "text" and s.method == _METHOD))


@dataclass(frozen=True)
class _UnderClouds:
    """A reasoner whose optical masks are completed by radar where the optical image saw nothing."""

    inner: Reasoner
    max_days: float

    @property
    def name(self) -> str:
        return f"{self.inner.name}, radar under clouds within {self.max_days:g} days"

    def unseen(self, stack: ImageStack, request: GroundRequest) -> str | None:
        return self.inner.unseen(stack, request)

    def reason(self, stack: ImageStack, question: str) -> ReasoningChain:
        return self.inner.reason(stack, question)

    def ground(self, stack: ImageStack, request: GroundRequest) -> Iterator[Step]:
        steps = list(self.inner.ground(stack, request))
        yield from steps
        mask = next((s.mask for s in reversed(steps) if s.mask is not None), None)
        beside = None if mask is None else self._beside(stack, request)
        if mask is None or beside is None:
            return
        try:
            radar = list(self.inner.ground(stack, beside))
        except GroundingError as err:
            yield Step("text", f"Radar could not look under the clouds: {err}")
            return
        other = next((s.mask for s in reversed(radar) if s.mask is not None), None)
        if other is not None:
            yield from _joined(stack, request, mask, other)

    def _beside(self, stack: ImageStack, request: GroundRequest) -> GroundRequest | None:
        """Return the radar request for what clouds hide, or None when there is no need or no pass."""
        if request.sensor != "optical" or request.before is not None or "sar" not in stack.sensors:
            return None
        seen = stack.series("optical")
        if 1.0 - seen.observed_frac(request.when) <= HIDDEN_FRAC:
            return None
        taken = seen.acquired[request.when]
        gaps = [abs((t - taken).total_seconds()) / 86400 for t in stack.series("sar").acquired]
        when = int(np.argmin(gaps))
        beside = GroundRequest(request.concept, "sar", when)
        return beside if gaps[when] <= self.max_days and self.inner.unseen(stack, beside) is None else None


def _joined(stack: ImageStack, request: GroundRequest, optical: Mask, radar: Mask) -> Iterator[Step]:
    """Yield what is said of the two, and the mask of both: optical where it saw the ground, radar elsewhere."""
    fill = radar.valid & ~optical.valid
    joined = Mask(
        optical.pixels | (radar.pixels & fill),
        optical.valid | fill,
        optical.grid,
        label=optical.label,
        date=optical.date,
        sensor="optical+sar",
        period_s=optical.period_s,
    )
    under = Mask(radar.pixels & fill, fill, radar.grid, label=radar.label, date=radar.date, sensor="sar")
    hidden = 1.0 - stack.series("optical").observed_frac(request.when)
    shares = [float(m.mean()) for m in (optical.valid, fill, ~joined.valid)]
    sizes = " and ".join(
        f"{size} by {sensor}" for m, sensor in ((optical, "optical"), (under, "radar")) if (size := _size(m))
    )
    found = f" Of {optical.label} seen: {sizes}." if sizes else ""
    yield Step(
        "text",
        f"Clouds or gaps hide {hidden:.0%} of the optical image of {optical.when}; the radar pass of {radar.when} "
        f"shows what lies under them: {shares[0]:.0%} of the pixels come from optical, {shares[1]:.0%} from radar, "
        f"{shares[2]:.0%} from neither.{found}",
        method=_METHOD,
    )
    yield Step("ground", f"{joined.label}: optical, and radar where clouds hide it.", joined, method=_METHOD)


def _size(mask: Mask) -> str:
    try:
        size = measure.area(mask)
    except UndefinedMeasurement:
        return ""
    return f"{size.value / 1e4:.1f} ha"
