"""Numbers with units as they stand in a text, and whether they agree with numbers that were measured. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from terrascope_sdk.types import Measurement

__all__ = ["Known", "Stated", "agree", "known_in", "measured", "other_unit", "parameters", "stated_in"]

Dimension = Literal["area", "length", "share", "count"]

_UNITS: dict[str, tuple[Dimension, float]] = {
    **dict.fromkeys(("m2", "m²", "sq m", "square metres", "square meters", "quadratmeter"), ("area", 1.0)),
    **dict.fromkeys(("ha", "hectare", "hectares", "hektar"), ("area", 1e4)),
    **dict.fromkeys(
        ("km2", "km²", "sq km", "square kilometres", "square kilometers", "quadratkilometer"), ("area", 1e6)
    ),
    **dict.fromkeys(("acre", "acres"), ("area", 4046.8564224)),
    **dict.fromkeys(("square miles", "sq mi"), ("area", 2_589_988.110336)),
    **dict.fromkeys(("m", "metre", "metres", "meter", "meters"), ("length", 1.0)),
    **dict.fromkeys(("km", "kilometre", "kilometres", "kilometer", "kilometers"), ("length", 1e3)),
    **dict.fromkeys(("mile", "miles"), ("length", 1609.344)),
    **dict.fromkeys(("ft", "feet"), ("length", 0.3048)),
    **dict.fromkeys(("%", "percent", "per cent", "prozent"), ("share", 0.01)),
    **dict.fromkeys(("patch", "patches", "region", "regions"), ("count", 1.0)),
}
"""Spelling, in lower case -> what it measures, and how many m2, m or 1 one of it is."""

_WORDS = "|".join(re.escape(u).replace(r"\ ", r"\s+") for u in sorted(_UNITS, key=len, reverse=True))
_NUMBER = r"\d(?:[\d.,'\u202f\u00a0]*\d)?"
_FOUND = re.compile(
    rf"(?<![\w.,-])(?P<first>{_NUMBER})(?:\s*(?:to|bis|-|\u2013|and|und)\s*(?P<second>{_NUMBER}))?"
    rf"[\s\u202f\u00a0-]*(?P<unit>{_WORDS})(?![\w²])",
    re.IGNORECASE,
)
_COARSEST = 0.05
"""A rounded number may lie this far off, relatively, and no farther."""

_FIELDS: dict[str, tuple[Dimension, float]] = {
    "distance_m": ("length", 1.0), "min_area_m2": ("area", 1.0), "max_cloud_frac": ("share", 1.0),
}  # fmt: skip


@dataclass(frozen=True)
class Stated:
    """A number with a unit, as a text has it."""

    text: str
    """As it is written, for example ``631.1 ha``."""

    number: str
    """The number alone, as it is written."""

    unit: str
    """The unit, in lower case."""

    dimension: Dimension
    """What the unit measures."""

    readings: tuple[tuple[float, float], ...]
    """What the number can mean, in m2, m or 1, each with how far rounding can have moved it."""


@dataclass(frozen=True)
class Known:
    """A number that a tool gave."""

    dimension: Dimension
    """What it measures."""

    value: float
    """In m2, m or 1."""

    slack: float = 0.0
    """How far rounding can have moved it."""

    source: str = ""
    """Id of the measurement, or empty."""


def stated_in(text: str) -> Iterator[Stated]:
    """Yield the numbers with units of a text; of a range, both ends."""
    for match in _FOUND.finditer(text):
        unit = " ".join(match["unit"].lower().split())
        dimension, factor = _UNITS[unit]
        for number in filter(None, (match["first"], match["second"])):
            readings = tuple((v * factor, slack * factor) for v, slack in _readings(number))
            yield Stated(f"{number} {unit}", number, unit, dimension, readings)


def _readings(number: str) -> list[tuple[float, float]]:
    """Return what a number can mean: with a point or a comma before the decimals, and how far it can be rounded."""
    plain = re.sub(r"['\u202f\u00a0]", "", number)
    spellings = {plain.replace(",", ""), plain.replace(".", "").replace(",", ".")}
    found = []
    for spelling in sorted(spellings):
        if spelling.count(".") > 1:
            continue
        value = float(spelling)
        whole, _, decimals = spelling.partition(".")
        zeros = len(whole) - len(whole.rstrip("0")) if not decimals and value else 0
        half = 0.5 * 10.0 ** (zeros - len(decimals))
        found.append((value, min(half, _COARSEST * value) if zeros else half))
    return found


def known_in(text: str) -> Iterator[Known]:
    """Yield the numbers that a tool's digest shows."""
    for stated in stated_in(text):
        for value, slack in stated.readings:
            yield Known(stated.dimension, value, slack)


def measured(number: Measurement) -> Iterator[Known]:
    """Yield a measurement's value and bounds."""
    dimensions: dict[str, Dimension] = {"m2": "area", "m": "length", "1": "share", "count": "count"}
    dimension = dimensions.get(number.unit)
    if dimension is not None and not isinstance(number.value, bool):
        for value in (number.value, number.low, number.high):
            if value is not None:
                yield Known(dimension, abs(float(value)), source=number.id)


def parameters(arguments: dict[str, object]) -> Iterator[Known]:
    """Yield the distances, areas and shares with which a tool was called."""
    for name, (dimension, factor) in _FIELDS.items():
        value = arguments.get(name)
        if isinstance(value, int | float) and not isinstance(value, bool):
            yield Known(dimension, value * factor)


def agree(stated: Stated, known: Iterable[Known]) -> Known | None:
    """Return a known number with which a stated one agrees within its rounding, or None."""
    for one in known:
        for value, slack in stated.readings:
            reach = slack + one.slack + 1e-9 * abs(value)
            if one.dimension == stated.dimension and abs(value - one.value) <= reach:
                return one
    return None


def other_unit(stated: Stated, shown: Iterable[Stated]) -> Stated | None:
    """Return a number that a tool showed with the same digits and another unit, or None."""
    return next((s for s in shown if s.number == stated.number and s.unit != stated.unit), None)
