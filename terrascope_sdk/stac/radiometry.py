"""From stored codes to physical values: reflectance 0-1, or backscatter in dB; each scale applied exactly once."""

from __future__ import annotations

import numpy as np

from terrascope_sdk.errors import InputError

__all__ = ["sar_encodings", "to_decibel", "to_reflectance"]

sar_encodings: dict[str, str] = {
    "db": "dB as delivered",
    "linear_power": "10 log10(power)",
    "amplitude_code": "20 log10(DN) - 83",
}
"""How stored SAR values become dB, by the name a scene's metadata give."""


def to_reflectance(codes: np.ndarray, *, nodata: float | None, scale: float = 1.0, offset: float = 0.0) -> np.ndarray:
    """Return ``codes * scale + offset`` as float32, NaN where there is no data.

    Values below 0 and above 1 are kept: they are real products of atmospheric correction and of snow.

    Args:
        codes: Stored values, any shape.
        nodata: Code of missing pixels, or None; NaN is always missing.
        scale: Factor from the scene's metadata.
        offset: Summand from the scene's metadata, in reflectance.
    """
    values = codes.astype(np.float64) * scale + offset
    return np.where(_missing(codes, nodata), np.nan, values).astype(np.float32)


def to_decibel(codes: np.ndarray, *, encoding: str, nodata: float | None) -> np.ndarray:
    """Return backscatter in dB as float32, NaN where there is no data or no power.

    Args:
        codes: Stored values, any shape, real.
        encoding: A key of :data:`sar_encodings`.
        nodata: Code of missing pixels, or None.

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
    values = codes.astype(np.float64)
    missing = _missing(codes, nodata)
    if encoding == "db":
        decibel = values
    else:
        missing = missing | ~(values > 0)
        factor, summand = (10.0, 0.0) if encoding == "linear_power" else (20.0, -83.0)
        decibel = factor * np.log10(np.where(missing, 1.0, values)) + summand
    return np.where(missing, np.nan, decibel).astype(np.float32)


def _missing(codes: np.ndarray, nodata: float | None) -> np.ndarray:
    missing = np.isnan(codes) if codes.dtype.kind == "f" else np.zeros(codes.shape, bool)
    if nodata is not None and not np.isnan(nodata):
        missing = missing | (codes == nodata)
    return np.asarray(missing)
