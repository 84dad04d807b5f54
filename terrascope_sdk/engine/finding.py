"""What a rule found in one image, and how it is told: two or three steps, the last with the mask."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool

from terrascope_sdk.types.chain import Step
from terrascope_sdk.types.concepts import get_concept
from terrascope_sdk.types.mask import Mask
from terrascope_sdk.types.series import ImageSeries

__all__ = ["Finding", "percent", "told"]


@dataclass(frozen=True)
class Finding:
    """Pixels of a concept, with the rule that chose them."""

    pixels: Bool[np.ndarray, "y x"]
    """True where the concept is."""

    valid: Bool[np.ndarray, "y x"]
    """True where the ground was seen and the rule is defined."""

    look: str
    """What is looked at: bands and formula."""

    choice: str
    """How the threshold was chosen and why."""

    rule: str
    """What is kept, as the end of the sentence "Open water is where ..."."""

    reference: str
    """Publications of formula and rule."""

    score: float | None = None
    """Otsu's separability, 0-1, where the threshold comes from the histogram; None for a published threshold."""

    caveat: str = ""
    """What the rule takes in or leaves out wrongly, as a sentence."""


def percent(share: float) -> str:
    """Return a share as text with two figures.

    >>> percent(0.2671), percent(0.0033), percent(0.00001), percent(1.0)
    ('27 %', '0.33 %', 'under 0.01 %', '100 %')
    """
    if 0 < share < 1e-4:
        return "under 0.01 %"
    return f"{100 * share:.0f} %" if share >= 0.0995 or share == 0 else f"{100 * share:.2g} %"


def told(finding: Finding, *, concept: str, series: ImageSeries, when: int) -> Iterator[Step]:
    """Yield the steps of a finding: what is looked at, how the threshold came about, and the mask."""
    seen = "radar" if series.sensor == "sar" else "optical"
    yield Step("text", f"Look at the {seen} image of {series.when(when)}: {finding.look}.")
    yield Step("text", finding.choice, reference=finding.reference)
    mask = Mask(
        pixels=finding.pixels,
        valid=finding.valid,
        grid=series.grid,
        label=concept,
        date=series.acquired[when],
        period_s=series.periods_s[when],
        sensor=series.sensor,
        score=finding.score,
    )
    title = get_concept(concept).title
    observed = int(mask.valid.sum())
    if mask.pixels.any():
        share = percent(int(mask.pixels.sum()) / observed)
        text = f"{title.capitalize()} is where {finding.rule}: {share} of the observed pixels."
    else:
        text = f"{title.capitalize()} is absent: there is no place where {finding.rule}. The mask is empty."
    yield Step(
        kind="ground",
        text=f"{text} {finding.caveat}".strip(),
        mask=mask,
        method=f"{finding.look}; {finding.rule}",
        reference=finding.reference,
    )
