"""What a number is about, in words: label, date and sensor of the masks."""

from terrascope_sdk.types import Mask

__all__ = ["name_of", "subject_of", "subject_of_change", "subject_of_pair"]


def name_of(mask: Mask) -> str:
    """Return the mask's label, or a stand-in for a mask without one."""
    return mask.label or "mask"


def _day(mask: Mask) -> str:
    return "" if mask.date is None else f"{mask.date:%Y-%m-%d}"


def _joined(*parts: str) -> str:
    return ", ".join(p for p in parts if p)


def subject_of(mask: Mask) -> str:
    """Return for example ``water, 2019-09-18, optical``."""
    return _joined(name_of(mask), _day(mask), mask.sensor)


def subject_of_pair(a: Mask, b: Mask) -> str:
    """Return for example ``water and tree, 2019-09-18, optical``; what differs is said for each."""
    if (_day(a), a.sensor) == (_day(b), b.sensor):
        return _joined(f"{name_of(a)} and {name_of(b)}", _day(a), a.sensor)
    return f"{subject_of(a)} and {subject_of(b)}"


def subject_of_change(before: Mask, after: Mask) -> str:
    """Return for example ``water, 2019-09-18 to 2023-09-12, optical``."""
    label = name_of(before) if before.label == after.label else f"{name_of(before)} to {name_of(after)}"
    days = f"{_day(before)} to {_day(after)}" if before.date and after.date else _day(before) or _day(after)
    sensor = before.sensor if before.sensor == after.sensor else f"{before.sensor or '?'} to {after.sensor or '?'}"
    return _joined(label, days, sensor)
