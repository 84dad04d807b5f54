"""From stored codes to physical values: reflectance 0-1, or backscatter in dB; each scale applied exactly once."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from terrascope_sdk.errors import InputError

__all__ = ["sar_encodings", "to_decibel", "to_reflectance"]

sar_encodings: dict[str, str] = {
    "db": "dB as delivered",
    "linear_power": "10 log10(power)",
    "amplitude_code": "20 log10(DN) - 83",
}
"""How stored SAR values become dB, by the name a scene's metadata give."""


_BLOCK = 1 << 18
"""Values that are converted together, so that the working copies in double precision stay small."""


def to_reflectance(
    codes: np.ndarray,
    *,
    nodata: float | None,
    scale: float = 1.0,
    offset: float = 0.0,
    out: np.ndarray | None = None,
) -> np.ndarray:
    """Return ``codes * scale + offset`` as float32, NaN where there is no data.

    Values below 0 and above 1 are kept: they are real products of atmospheric correction and of snow.

    Args:
        codes: Stored values, any shape.
        nodata: Code of missing pixels, or None; NaN is always missing.
        scale: Factor from the scene's metadata.
        offset: Summand from the scene's metadata, in reflectance.
        out: Write into this float32 array of the same shape instead of a new one.
    """

    def rule(values: np.ndarray) -> np.ndarray:
        return np.where(_missing(values, nodata), np.nan, values.astype(np.float64) * scale + offset)

    return _converted(codes, rule, out)


def to_decibel(codes: np.ndarray, *, encoding: str, nodata: float | None, out: np.ndarray | None = None) -> np.ndarray:
    """Return backscatter in dB as float32, NaN where there is no data or no power.

    Args:
        codes: Stored values, any shape, real.
        encoding: A key of :data:`sar_encodings`.
        nodata: Code of missing pixels, or None.
        out: Write into this float32 array of the same shape instead of a new one.

    Raises:
        InputError: The pixels are complex, or the encoding is unknown.
    """
    if np.iscomplexobj(codes):
        raise InputError(
            "These SAR pixels are complex.", hint="Convert them to calibrated intensity first: abs(pixels) ** 2."
        )
    if encoding not in sar_encodings:
        raise InputError(
            f"SAR values of encoding {encoding!r} cannot be read.", hint=f"Known: {', '.join(sar_encodings)}."
        )

    def rule(values: np.ndarray) -> np.ndarray:
        numbers, missing = values.astype(np.float64), _missing(values, nodata)
        if encoding == "db":
            return np.where(missing, np.nan, numbers)
        missing = missing | ~(numbers > 0)
        factor, summand = (10.0, 0.0) if encoding == "linear_power" else (20.0, -83.0)
        return np.where(missing, np.nan, factor * np.log10(np.where(missing, 1.0, numbers)) + summand)

    return _converted(codes, rule, out)


def _converted(codes: np.ndarray, rule: Callable[[np.ndarray], np.ndarray], out: np.ndarray | None) -> np.ndarray:
    """Return what a rule makes of each code, computed in double precision: by table where a type has few codes."""
    made = np.empty(codes.shape, np.float32) if out is None else out
    if not made.flags.c_contiguous:
        made[...] = rule(codes)
        return made
    if codes.dtype in (np.uint8, np.uint16) and codes.size > 1 << 16:
        table = rule(np.arange(np.iinfo(codes.dtype).max + 1).astype(codes.dtype)).astype(np.float32)
        rows = max(1, _BLOCK // codes.shape[-1])
        for some, into in zip(_rows(codes, rows), _rows(made, rows), strict=True):
            np.take(table, some, out=into, mode="clip")
        return made
    flat, target = codes.reshape(-1), made.reshape(-1)
    for start in range(0, flat.size, _BLOCK):
        target[start : start + _BLOCK] = rule(flat[start : start + _BLOCK])
    return made


def _rows(image: np.ndarray, count: int) -> Iterator[np.ndarray]:
    """Yield an array (…, y, x) in strips of a few rows."""
    strips = image.reshape(-1, image.shape[-1])
    for start in range(0, len(strips), count):
        yield strips[start : start + count]


def _missing(codes: np.ndarray, nodata: float | None) -> np.ndarray:
    missing = np.isnan(codes) if codes.dtype.kind == "f" else np.zeros(codes.shape, bool)
    if nodata is not None and not np.isnan(nodata):
        missing = missing | (codes == nodata)
    return np.asarray(missing)
