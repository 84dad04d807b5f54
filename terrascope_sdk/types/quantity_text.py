"""Numbers with units as people read them: hectares, percent, metres; in text only, never in data."""

import math

__all__ = ["format_quantity", "format_range", "units_of_measure"]

_A_YEAR = " year-1"

units_of_measure = ("m2", "m", "1", "count", "m2 year-1", "m year-1", "1 year-1", "count year-1")
"""UDUNITS spellings that a measurement may carry; every other unit is a matter of display."""

_AREAS = {"m2": (1.0, "m²"), "ha": (1e4, "ha"), "km2": (1e6, "km²")}


def _digits(value: float, significant: int = 4) -> str:
    if value == 0 or not math.isfinite(value):
        return f"{value:g}"
    places = max(0, significant - 1 - math.floor(math.log10(abs(value))))
    return f"{value:,.{min(places, 6)}f}"


def _area_scale(value: float, prefer: str | None) -> tuple[float, str]:
    if prefer in _AREAS:
        return _AREAS[prefer]
    size = abs(value)
    return _AREAS["m2" if size < 1e4 else "ha" if size < 1e7 else "km2"]


def format_quantity(value: float | bool | None, unit: str, *, prefer: str | None = None) -> str:
    """Return for example ``550.2 ha``, ``26.7 %``, ``42.9 m``, ``108``, ``yes``.

    Args:
        value: In the unit; None is shown as "unknown".
        unit: ``m2``, ``m``, ``1`` (a share, shown in percent) or ``count``; each also by ``year-1``.
        prefer: Display unit for areas: ``m2``, ``ha`` or ``km2``; by size when left out.
    """
    if value is None:
        return "unknown"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if unit.endswith(_A_YEAR):
        return _yearly(value, unit.removesuffix(_A_YEAR), prefer)
    if unit == "m2":
        scale, name = _area_scale(value, prefer)
        return f"{_digits(value / scale)} {name}"
    if unit == "1":
        return f"{_digits(value * 100, 3)} %"
    if unit == "m":
        return f"{_digits(value / 1000)} km" if abs(value) >= 10_000 else f"{_digits(value)} m"
    return f"{value:,.0f}"


def _yearly(value: float, unit: str, prefer: str | None) -> str:
    if unit == "1":
        return f"{_digits(value * 100, 3)} percentage points a year"
    if unit == "count":
        return f"{_digits(value, 3)} a year"
    return f"{format_quantity(value, unit, prefer=prefer)} a year"


def format_range(low: float, high: float, unit: str, *, prefer: str | None = None) -> str:
    """Return for example ``535.0 to 565.9 ha``: both ends in one unit."""
    if unit.removesuffix(_A_YEAR) == "m2" and prefer is None:
        prefer = {"m²": "m2", "ha": "ha", "km²": "km2"}[_area_scale(max(abs(low), abs(high)), None)[1]]
    first, last = format_quantity(low, unit, prefer=prefer), format_quantity(high, unit, prefer=prefer)
    number, _, name = first.partition(" ")
    return f"{number} to {last}" if name and last.endswith(f" {name}") else f"{first} to {last}"
