"""A measurement: a number that was computed from pixels, with its unit, its bounds and where it came from."""

from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from terrascope_sdk.errors import InputError
from terrascope_sdk.types.encoding import JsonValue, content_id
from terrascope_sdk.types.quantity_text import format_quantity, format_range, units_of_measure

__all__ = ["Check", "IntervalKind", "Measurement"]

IntervalKind = Literal["none", "edge_sensitivity", "design_based", "trend"]

_INTERVAL_TEXT = {
    "edge_sensitivity": "if the edge moved by one pixel",
    "design_based": "95 % confidence interval from a reference sample",
    "trend": "95 % confidence interval of the slope, of the dates alone",
}


@dataclass(frozen=True)
class Measurement:
    """One number, measured on masks."""

    name: str
    """What was measured: ``area``, ``share``, ``distance``, ``touches``, ``count``, ``edge_length``, ``gain`` ..."""

    subject: str
    """Of what, in words: ``water, 2019-09-18, optical``."""

    value: float | int | bool
    """The number, in `unit`; a truth value for yes-or-no measurements."""

    unit: str
    """UDUNITS spelling: ``m2``, ``m``, ``1`` (shares are 0-1) or ``count``; of a trend with ``year-1`` behind."""

    low: float | None = None
    """Lower bound in `unit`; None where there is none."""

    high: float | None = None
    """Upper bound in `unit`."""

    interval: IntervalKind = "none"
    """What the bounds mean. ``edge_sensitivity`` is no confidence interval."""

    method: str = ""
    """How it was computed, in one sentence, with the convention used."""

    mask_ids: tuple[str, ...] = ()
    """The masks it was measured on."""

    observed_frac: float | None = None
    """Share of the area of interest that was observed, 0-1."""

    notes: tuple[str, ...] = ()
    """What the number does not mean, for example ``mapped, not bias-adjusted``."""

    prefer: str | None = None
    """Display unit that was asked for: ``m2``, ``ha`` or ``km2``."""

    def __post_init__(self) -> None:
        if self.unit not in units_of_measure:
            raise InputError(f"A measurement's unit is one of {', '.join(units_of_measure)}, not {self.unit!r}.")
        if (self.low is None) != (self.high is None) or (self.low is None) != (self.interval == "none"):
            raise InputError(f"{self.name}: bounds and interval kind {self.interval!r} do not fit together.")
        if self.low is not None and self.high is not None and not self.low <= self.value <= self.high:
            raise InputError(f"{self.name}: {self.value} lies outside its bounds {self.low} to {self.high}.")

    @cached_property
    def id(self) -> str:
        """Content hash of everything."""
        return content_id("measurement", self.to_json())

    @property
    def text(self) -> str:
        """The value with its unit as people read it, for example ``550.2 ha``."""
        return format_quantity(self.value, self.unit, prefer=self.prefer)

    @property
    def bounds_text(self) -> str:
        """The bounds in words, for example ``535.0 to 565.9 ha if the edge moved by one pixel``; empty without."""
        if self.low is None or self.high is None:
            return ""
        low_high = format_range(self.low, self.high, self.unit, prefer=self.prefer)
        return f"{low_high}{'' if self.interval == 'edge_sensitivity' else ','} {_INTERVAL_TEXT[self.interval]}"

    def to_json(self) -> dict[str, JsonValue]:
        """Return plain JSON values; `mask_ids` is called ``masks``."""
        return {
            "name": self.name,
            "subject": self.subject,
            "value": self.value,
            "unit": self.unit,
            "low": self.low,
            "high": self.high,
            "interval": self.interval,
            "method": self.method,
            "masks": list(self.mask_ids),
            "observed_frac": self.observed_frac,
            "notes": list(self.notes),
            "prefer": self.prefer,
        }

    @classmethod
    def from_json(cls, document: dict[str, JsonValue]) -> "Measurement":
        """Read what :meth:`to_json` wrote."""
        fields = {k: v for k, v in document.items() if k != "masks"}
        return cls(**(fields | {"mask_ids": tuple(document["masks"]), "notes": tuple(document["notes"])}))

    def __str__(self) -> str:
        bounds = f" ({self.bounds_text})" if self.bounds_text else ""
        return f"{self.name} of {self.subject}: {self.text}{bounds}"

    def _repr_html_(self) -> str:
        from terrascope_sdk.render.value_html import facts_table

        seen = "not stated" if self.observed_frac is None else f"{self.observed_frac:.1%} of the area"
        return facts_table(
            f"{self.name} of {self.subject}",
            {
                "value": self.text,
                "bounds": self.bounds_text or "none",
                "observed": seen,
                "method": self.method,
                "notes": "; ".join(self.notes),
            },
        )


@dataclass(frozen=True)
class Check:
    """One thing that was verified about an answer."""

    name: str
    """What was checked, in a few words."""

    passed: bool
    """Whether it held."""

    detail: str
    """What was compared, with the numbers."""

    independent: bool = False
    """Whether the evidence is independent of the answer's own pixels: another sensor, or reference data."""

    def to_json(self) -> dict[str, JsonValue]:
        """Return the fields as plain JSON values."""
        return {"name": self.name, "passed": self.passed, "detail": self.detail, "independent": self.independent}

    @classmethod
    def from_json(cls, document: dict[str, JsonValue]) -> "Check":
        """Read what :meth:`to_json` wrote."""
        return cls(**document)

    def __str__(self) -> str:
        return f"[{'ok' if self.passed else 'FAILED'}] {self.name}: {self.detail}"
