"""From an image stack to what the encoder takes: known bands, plausible values, both sensors on one grid."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch

from terrascope_sdk.engine.moments import Moment
from terrascope_sdk.errors import InputError
from terrascope_sdk.model.bands import MAX_BANDS, bands_for, usable
from terrascope_sdk.model.views import Views
from terrascope_sdk.types.series import ImageSeries
from terrascope_sdk.types.stack import ImageStack

__all__ = ["Prepared", "prepare", "why_unusable"]

_QUANTITY = {"surface_reflectance": 0, "toa_reflectance": 1, "display": 2}
_NOMINAL_GSD_M = 10.0


@dataclass(frozen=True)
class Prepared:
    """Dates of a stack, ready for the encoder."""

    views: Views
    """One image a date."""

    observed: tuple[np.ndarray, ...]
    """Where each date saw the ground, bool [y, x]."""

    warnings: tuple[str, ...]
    """What was converted or assumed."""


def _scaled_reflectance(values: np.ndarray, warnings: list[str]) -> np.ndarray:
    """Return reflectance 0-1; digital numbers of 0 to 10000 are recognised and divided."""
    finite = values[np.isfinite(values)]
    if finite.size and float(np.percentile(finite, 90)) > 5:
        top = float(np.percentile(finite, 99))
        if top > 30_000:
            raise InputError(
                f"Optical values reach {top:.0f}: no reflectance, whether as 0 to 1 or as 0 to 10000.",
                hint="Scale the pixels to reflectance 0-1 before making the stack.",
            )
        warnings.append("Optical values reach above 5 and are taken as reflectance times 10000: divided by 10000.")
        return values / np.float32(10_000)
    return values


def _in_db(values: np.ndarray, warnings: list[str]) -> np.ndarray:
    """Return backscatter in dB; linear power is recognised and converted."""
    finite = values[np.isfinite(values)]
    if finite.size and float(finite.min()) >= 0 and float(np.percentile(finite, 90)) < 10:
        warnings.append("SAR values are all 0 or above and small: taken as linear power and converted to dB.")
        with np.errstate(divide="ignore"):
            return np.asarray(10 * np.log10(np.maximum(values, 1e-6)), np.float32)
    if finite.size and float(np.median(finite)) > 20:
        raise InputError(
            f"SAR values have a median of {float(np.median(finite)):.0f}: neither dB nor linear power.",
            hint="Calibrate to gamma0 or sigma0 in dB before making the stack.",
        )
    return values


def why_unusable(series: ImageSeries) -> str | None:
    """Return why the network cannot take a series, or None when it can."""
    if series.sensor == "sar":
        missing = [b for b in ("vv", "vh") if b not in series.bands]
        if missing:
            return f"The network needs SAR in VV and VH; {' and '.join(missing).upper()} is missing."
        return None
    kept = usable(series.bands)
    if len(kept) < 2:
        return f"The network cannot map land cover from the bands {', '.join(series.bands)} alone."
    return None


def _gsd_m(stack: ImageStack, warnings: list[str]) -> float:
    if stack.grid.crs is None:
        warnings.append(
            f"The pixels have no georeference: a ground sample distance of {_NOMINAL_GSD_M:g} m is assumed."
        )
        return _NOMINAL_GSD_M
    height, width = stack.grid.pixel_size_m
    return float((height * width) ** 0.5)


def _optical(
    stack: ImageStack, moments: Sequence[Moment], gsd_m: float, warnings: list[str]
) -> dict[str, torch.Tensor]:
    n, (height, width) = len(moments), stack.grid.shape
    pixels = np.zeros((n, MAX_BANDS, height, width), np.float32)
    valid = np.zeros((n, height, width), bool)
    centres, widths = np.full((n, MAX_BANDS), 800, np.float32), np.full((n, MAX_BANDS), 50, np.float32)
    present = np.zeros((n, MAX_BANDS), bool)
    quantity = np.zeros(n, np.int64)
    for i, moment in enumerate(moments):
        if moment.optical is None or stack.optical is None:
            continue
        series = stack.optical
        names = usable(series.bands)[:MAX_BANDS]
        bands = bands_for(names, platform=series.platforms[moment.optical], gsd_m=gsd_m)
        values = series.pixels[moment.optical][[series.bands.index(b) for b in names]]
        if series.quantity != "display":
            values = _scaled_reflectance(values, warnings)
        pixels[i, : len(bands)] = np.nan_to_num(values, nan=0.1)
        valid[i] = series.valid[moment.optical]
        centres[i, : len(bands)] = [b.centre_nm for b in bands]
        widths[i, : len(bands)] = [b.width_nm for b in bands]
        present[i, : len(bands)] = True
        quantity[i] = _QUANTITY[series.quantity]
    made = {
        "optical": pixels, "optical_valid": valid, "centres_nm": centres, "widths_nm": widths, "present": present,
        "quantity": quantity,
    }  # fmt: skip
    return {k: torch.from_numpy(v) for k, v in made.items()}


def _radar(stack: ImageStack, moments: Sequence[Moment], warnings: list[str]) -> dict[str, torch.Tensor]:
    n, (height, width) = len(moments), stack.grid.shape
    pixels = np.zeros((n, 2, height, width), np.float32)
    valid = np.zeros((n, height, width), bool)
    for i, moment in enumerate(moments):
        if moment.sar is None or stack.sar is None:
            continue
        series = stack.sar
        values = _in_db(series.pixels[moment.sar][[series.bands.index(b) for b in ("vv", "vh")]], warnings)
        pixels[i] = np.nan_to_num(values, nan=-15.0)
        valid[i] = series.valid[moment.sar]
    return {"sar": torch.from_numpy(pixels), "sar_valid": torch.from_numpy(valid)}


def prepare(stack: ImageStack, moments: Sequence[Moment]) -> Prepared:
    """Return the dates of a stack as the encoder takes them.

    Args:
        stack: The pixels.
        moments: Which images make each date.

    Raises:
        InputError: The bands do not do, or the values are neither reflectance nor backscatter.
    """
    for series in (stack.optical, stack.sar):
        used = series is not None and any(getattr(m, series.sensor) is not None for m in moments)
        reason = why_unusable(series) if series is not None and used else None
        if reason is not None:
            raise InputError(reason, hint="Give at least two optical bands of known wavelength, or SAR in VV and VH.")
    warnings: list[str] = []
    if stack.optical is not None and stack.sar is not None:
        unused = len(stack.sar) - len({m.sar for m in moments if m.sar is not None})
        if unused and any(m.sar is not None for m in moments):
            warnings.append(f"{unused} of {len(stack.sar)} SAR dates stand beside no optical date and were not used.")
    gsd_m = _gsd_m(stack, warnings)
    parts = _optical(stack, moments, gsd_m, warnings) | _radar(stack, moments, warnings)
    views = Views(gsd_m=torch.full((len(moments),), gsd_m), **parts)
    observed = tuple(m.observed(stack) for m in moments)
    return Prepared(views, observed, tuple(dict.fromkeys(warnings)))
