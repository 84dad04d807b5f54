"""What a class gained and lost between two dates, and how much of that a misregistration could explain."""

from dataclasses import dataclass

import numpy as np

from terrascope_sdk.measure.area import MAPPED_NOTE
from terrascope_sdk.measure.edge import edge_belt, moved_edges
from terrascope_sdk.measure.frame import Frame, frame_of, total
from terrascope_sdk.measure.ground import pixel_areas_m2, require_crs
from terrascope_sdk.measure.subject import name_of, subject_of_change
from terrascope_sdk.types import Aoi, Mask, Measurement
from terrascope_sdk.types.encoding import JsonValue

__all__ = ["Change", "change"]

_METHOD = (
    "true ground area on the WGS 84 ellipsoid over pixels observed on both dates; bounds: the edge of one of the two "
    "masks moved by one pixel (4 neighbours), whichever date matters more"
)


@dataclass(frozen=True)
class Change:
    """Gain and loss of a class between two dates, on the pixels observed on both."""

    gain: Measurement
    """Area that is inside only on the later date, m2."""

    loss: Measurement
    """Area that is inside only on the earlier date, m2."""

    net: Measurement
    """Gain minus loss, m2; negative when the class shrank."""

    share_changed: Measurement | None
    """Net change relative to the earlier area on the common pixels (-0.21: shrank by 21 %); None if the class was
    absent before."""

    gain_mask: Mask
    """Where the class appeared; unobserved where either date is."""

    loss_mask: Mask
    """Where the class disappeared; unobserved where either date is."""

    registration_belt_frac: float | None
    """Share of gain and loss, by area, within one pixel (8 neighbours) of the class edge on either date, 0-1: what a
    misregistration of one pixel could produce. None if nothing changed."""

    notes: tuple[str, ...] = ()
    """What limits the comparison, for example different sensors."""

    @property
    def measurements(self) -> tuple[Measurement, ...]:
        """All numbers: net, gain, loss and, where it is defined, the relative change."""
        numbers = (self.net, self.gain, self.loss)
        return numbers if self.share_changed is None else (*numbers, self.share_changed)

    def __str__(self) -> str:
        belt = self.registration_belt_frac
        shaky = "" if belt is None else f"\nwithin one pixel of an edge: {belt:.0%} of the change"
        return "\n".join(map(str, self.measurements)) + shaky

    def to_json(self) -> dict[str, JsonValue]:
        """Return the numbers as plain JSON values; masks are named by id."""
        return {
            "gain": self.gain.to_json(),
            "loss": self.loss.to_json(),
            "net": self.net.to_json(),
            "share_changed": None if self.share_changed is None else self.share_changed.to_json(),
            "gain_mask": self.gain_mask.id,
            "loss_mask": self.loss_mask.id,
            "registration_belt_frac": self.registration_belt_frac,
            "notes": list(self.notes),
        }


def change(before: Mask, after: Mask, *, aoi: Aoi | None = None) -> Change:
    """Compare one class on two dates, pixel by pixel, where both dates were observed.

    Args:
        before: The class on the earlier date.
        after: The class on the later date, on the same grid.
        aoi: Count pixels whose centre lies inside.

    Raises:
        InputError: The grids differ.
        UndefinedMeasurement: No CRS, or no pixel inside was observed on both dates.

    Examples:
        >>> from terrascope_sdk.testing import disc_mask, utm_grid
        >>> found = change(disc_mask(utm_grid(), radius_m=500.0), disc_mask(utm_grid(), radius_m=400.0))
        >>> found.net.text, found.share_changed.text
        ('-28.38 ha', '-36.1 %')
    """
    require_crs(before.grid, f"The change of {subject_of_change(before, after)}")
    frame = frame_of(before, after, aoi=aoi)
    sizes = pixel_areas_m2(before.grid, "ellipsoid")
    cases = [(before.pixels, after.pixels)]
    cases += [(moved, after.pixels) for moved in moved_edges(before)]
    cases += [(before.pixels, moved) for moved in moved_edges(after)]
    gains = [total(new & ~old & frame.observed, sizes) for old, new in cases]
    losses = [total(old & ~new & frame.observed, sizes) for old, new in cases]
    nets = [gain - loss for gain, loss in zip(gains, losses, strict=True)]
    olds = [total(old & frame.observed, sizes) for old, _ in cases]
    notes = _comparability(before, after)

    def number(name: str, values: list[float], unit: str = "m2", method: str = _METHOD) -> Measurement:
        bounded = bool(np.isfinite(values).all())
        return Measurement(
            name=name,
            subject=subject_of_change(before, after),
            value=values[0],
            unit=unit,
            low=min(values) if bounded else None,
            high=max(values) if bounded else None,
            interval="edge_sensitivity" if bounded else "none",
            method=method,
            mask_ids=(before.id, after.id),
            observed_frac=frame.observed_frac,
            notes=(MAPPED_NOTE, *notes, *frame.notes),
        )

    relative = [net / old if old else np.inf for net, old in zip(nets, olds, strict=True)]
    appeared, disappeared = after.pixels & ~before.pixels, before.pixels & ~after.pixels
    return Change(
        gain=number("gain", gains),
        loss=number("loss", losses),
        net=number("net", nets, method=f"gain minus loss: {_METHOD}"),
        share_changed=number("share_changed", relative, "1", f"net change over the earlier area: {_METHOD}")
        if olds[0]
        else None,
        gain_mask=_changed(before, after, appeared, "gain"),
        loss_mask=_changed(before, after, disappeared, "loss"),
        registration_belt_frac=_belt_frac(before, after, frame, sizes),
        notes=notes,
    )


def _changed(before: Mask, after: Mask, pixels: np.ndarray, word: str) -> Mask:
    sensors = sorted({s for m in (before, after) for s in m.sensor.split("+") if s})
    label = f"{before.label if before.label == after.label else after.label} {word}".strip()
    return Mask(pixels, before.valid & after.valid, before.grid, label, after.date, "+".join(sensors))


def _belt_frac(before: Mask, after: Mask, frame: Frame, sizes: np.ndarray) -> float | None:
    changed = (before.pixels ^ after.pixels) & frame.observed
    whole = total(changed, sizes)
    if whole == 0:
        return None
    return total(changed & (edge_belt(before) | edge_belt(after)), sizes) / whole


def _comparability(before: Mask, after: Mask) -> tuple[str, ...]:
    notes = []
    if before.sensor != after.sensor:
        notes.append(
            f"sensors differ ({before.sensor or 'not stated'} before, {after.sensor or 'not stated'} after): part of "
            "the change may be a difference between sensors"
        )
    if before.label != after.label:
        notes.append(f"different things are compared: {name_of(before)} before, {name_of(after)} after")
    if before.date is not None and after.date is not None and after.date < before.date:
        notes.append(f"the dates run backwards: {before.date:%Y-%m-%d} is taken as before {after.date:%Y-%m-%d}")
    return tuple(notes)
