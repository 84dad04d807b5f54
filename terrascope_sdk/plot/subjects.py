"""What measurements are about, for axes and legends: when, of what, and in which common unit."""

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from terrascope_sdk.errors import InputError
from terrascope_sdk.plot.style import plain
from terrascope_sdk.types import Answer, Mask, Measurement
from terrascope_sdk.types.concepts import vocabulary
from terrascope_sdk.types.instant import parse_instant
from terrascope_sdk.types.quantity_text import format_quantity, format_range

__all__ = [
    "Scale",
    "Seen",
    "area_scale",
    "common_scale",
    "label_title",
    "masks_of",
    "measured_name",
    "numbers_of",
    "remarks",
    "seen_of",
    "sensor_name",
    "subject_colour_label",
    "tick_text",
]

MINUS = "\N{MINUS SIGN}"
"""How a figure writes a minus."""

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_DAYS = re.compile(r",? ?\d{4}-\d{2}-\d{2}( to \d{4}-\d{2}-\d{2})?")
_AREAS = {"m2": (1.0, "m²"), "ha": (1e4, "ha"), "km2": (1e6, "km²")}
_LONGEST = 90
_LENGTHS = {"m": (1.0, "m"), "km": (1e3, "km")}


@dataclass(frozen=True)
class Scale:
    """One display unit for all numbers of a figure."""

    unit: str
    """Of the measurements: ``m2``, ``m``, ``1`` or ``count``."""

    divisor: float
    """Values are divided by it for display."""

    name: str
    """The display unit as it is written: ``ha``, ``km²``, ``%``; empty for counts."""

    prefer: str | None = None
    """What makes the text of a number use this unit."""

    def shown(self, value: float) -> float:
        """Return a value in the display unit."""
        return float(value) / self.divisor

    def axis(self, name: str) -> str:
        """Return an axis label, for example ``Area (ha)``."""
        titled = name.replace("_", " ").capitalize()
        return f"{titled} ({self.name})" if self.name else titled

    def text(self, value: float) -> str:
        """Return a value with its unit, for example ``550.2 ha``."""
        return format_quantity(value, self.unit, prefer=self.prefer).replace("-", MINUS)

    def bounds(self, low: float, high: float) -> str:
        """Return for example ``535.0 to 565.9 ha``."""
        return format_range(low, high, self.unit, prefer=self.prefer).replace("-", MINUS)


def numbers_of(given: Answer | Iterable[Measurement], *, units: tuple[str, ...]) -> tuple[Measurement, ...]:
    """Return the measurements of an answer or a collection, all of one unit that can be drawn.

    Of an answer, the numbers in the unit of its first one are taken: the number that was asked for.

    Args:
        given: What to draw.
        units: Units that the figure can show.

    Raises:
        InputError: None, something else, units that cannot share an axis, or truth values.
    """
    found = given.measurements if isinstance(given, Answer) else _listed(given)
    if not found:
        state = f"An answer with status {given.status!r}" if isinstance(given, Answer) else "An empty collection"
        raise InputError(f"{state} has no measurement to draw.", hint="Measure something first, for example an area.")
    if isinstance(given, Answer):
        found = tuple(m for m in found if m.unit == found[0].unit and not isinstance(m.value, bool))
    met = sorted({m.unit for m in found})
    if len(met) > 1:
        raise InputError(
            f"Measurements in {' and '.join(map(repr, met))} cannot share one axis.", hint="Draw one figure for each."
        )
    if not found or any(isinstance(m.value, bool) for m in found):
        raise InputError("A yes or no has no place on an axis.", hint="Draw the area, share or distance instead.")
    odd = next((v for m in found for v in (m.value, m.low, m.high) if v is not None and not math.isfinite(v)), None)
    if odd is not None:
        raise InputError(f"A measurement of {odd} has no place on an axis.", hint="Leave it out of the figure.")
    if met[0] not in units:
        raise InputError(f"This figure shows measurements in {', '.join(map(repr, units))}, not {met[0]!r}.")
    return found


def _listed(given: Iterable[Measurement]) -> tuple[Measurement, ...]:
    found = (given,) if isinstance(given, Measurement) else tuple(given)
    odd = next((m for m in found if not isinstance(m, Measurement)), None)
    if odd is not None:
        raise InputError(
            f"Only measurements can be drawn here, not a {type(odd).__name__}.",
            hint="Measure masks first, for example with ts.measure.area(mask).",
        )
    return found


def common_scale(numbers: tuple[Measurement, ...]) -> Scale:
    """Return the display unit of a figure: what all ask for, else the one that suits the largest number."""
    unit = numbers[0].unit
    if unit == "1":
        return Scale(unit, 0.01, "%")
    if unit == "count":
        return Scale(unit, 1.0, "")
    size = max(abs(v) for m in numbers for v in (m.value, m.low, m.high) if v is not None)
    if unit == "m":
        divisor, name = _LENGTHS["km" if size >= 1e4 else "m"]
        return Scale(unit, divisor, name)
    asked = {m.prefer for m in numbers}
    return area_scale(size, next(iter(asked)) if len(asked) == 1 else None)


def area_scale(largest_m2: float, prefer: str | None = None) -> Scale:
    """Return the display unit of areas: m², ha or km² by the largest one, unless one of them is preferred."""
    fits = "m2" if largest_m2 < 1e4 else "ha" if largest_m2 < 1e7 else "km2"
    unit = prefer if prefer in _AREAS else fits
    return Scale("m2", *_AREAS[unit], unit)


@dataclass(frozen=True)
class Seen:
    """When and of what a measurement is."""

    label: str
    """The subject without its date, for example ``water, optical``."""

    when: str
    """The date as precisely as it is known; empty where none is."""

    date: datetime | None
    """The instant, UTC; None where there is none, or more than one."""

    period_s: float = 0.0
    """Length of a composite's period, seconds."""


def _name(text: str) -> str:
    """Return a name on one line and of bearable length."""
    line = plain(" ".join(text.split()).strip(" ,"))
    return line if len(line) <= _LONGEST else f"{line[: _LONGEST - 1]}\N{HORIZONTAL ELLIPSIS}"


def seen_of(number: Measurement, masks: dict[str, Mask]) -> Seen:
    """Return when and of what a measurement is: from its masks where they are known, else from its subject's text.

    Args:
        number: The measurement.
        masks: Masks by id.
    """
    label = sensor_name(_name(_DAYS.sub("", number.subject))) or number.name
    known = [masks[i] for i in number.mask_ids if i in masks]
    dates = list(dict.fromkeys((m.date, m.period_s) for m in known if m.date is not None))
    if known and len(known) == len(number.mask_ids) and dates:
        when = " to ".join(dict.fromkeys(m.when for m in known if m.when))
        return Seen(label, when, *dates[0]) if len(dates) == 1 else Seen(label, when, None)
    days = list(dict.fromkeys(_DAY.findall(number.subject)))
    return Seen(label, " to ".join(days), parse_instant(days[0]) if len(days) == 1 else None)


def subject_colour_label(label: str) -> str:
    """Return the part of a subject that chooses its colour: ``water`` of ``water, optical``."""
    return label.split(",")[0].strip()


def label_title(mask: Mask) -> str:
    """Return how a mask is called, for example ``open water``."""
    name = vocabulary[mask.label].title if mask.label in vocabulary else mask.label
    return _name(name) or "mask"


def masks_of(numbers: Iterable[Measurement], known: Mapping[str, Mask]) -> tuple[Mask, ...]:
    """Return the masks that numbers were measured on, as far as they are known, without repeats."""
    return tuple(known[i] for i in dict.fromkeys(i for n in numbers for i in n.mask_ids) if i in known)


def measured_name(number: Measurement) -> str:
    """Return what was measured in words, for example ``net change``."""
    return {"net": "net change", "share_changed": "net change, share of before"}.get(
        number.name, plain(number.name.replace("_", " "))
    )


def remarks(numbers: tuple[Measurement, ...]) -> list[str]:
    """Return the notes that all numbers share, as sentences, for example ``Mapped, not bias-adjusted``."""
    shared = [note for note in numbers[0].notes if all(note in n.notes for n in numbers)]
    return [plain(f"{note[:1].upper()}{note[1:]}.") for note in shared]


def tick_text(value: float, position: int | None = None) -> str:
    """Return a number on an axis: no exponents, commas at thousands, a true minus sign."""
    return f"{value:,.6g}".replace("-", MINUS) if abs(value) < 1e6 else f"{value:,.0f}".replace("-", MINUS)


def sensor_name(text: str) -> str:
    """Return text with sensors as people write them: SAR in capitals."""
    return re.sub(r"\bsar\b", "SAR", text)
