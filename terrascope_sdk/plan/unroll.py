"""A plan over a window of many dates, written out: one step for each date, once the dates are known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from terrascope_sdk.errors import InputError
from terrascope_sdk.plan.language import Plan
from terrascope_sdk.plan.mask_steps import Load
from terrascope_sdk.plan.measure_steps import Trend
from terrascope_sdk.plan.other_steps import Export
from terrascope_sdk.plan.step import StepBase
from terrascope_sdk.types.encoding import JsonValue

__all__ = ["dated_windows", "unrolled"]

MAX_DATES = 40
"""Most dates of one window."""


def dated_windows(plan: Plan) -> tuple[str, ...]:
    """Return the names of the windows that stand for many dates."""
    return tuple(w.name for w in plan.windows if w.pick == "each")


def unrolled(plan: Plan, dates: Mapping[str, Sequence[datetime]]) -> Plan:
    """Return a plan in which every window stands for one date.

    A step that looks into a window of many dates becomes one a date, named after it (``m1`` becomes ``m1_2015`` and so
    on); a load, a trend and an export take all of them, any other step one of each. A plan without such a window is
    returned as it is.

    Args:
        plan: What to write out.
        dates: Times of acquisition by window, UTC; for every window with ``pick: each``.

    Raises:
        InputError: A window has no dates, or too many; or a step mixes dates of two such windows.
    """
    many = dated_windows(plan)
    if not many:
        return plan
    names = {w: _names(w, dates.get(w, ())) for w in many}
    document = plan.to_json()
    windows = [w for w in document["windows"] if w["name"] not in many]
    for window in many:
        windows += [{"name": name, "time": f"{day:%Y-%m-%d}"} for name, day in names[window].items()]
    marks = _marks(plan, many)
    steps: list[JsonValue] = []
    for step in plan.order():
        steps += _written_out(step, marks, names)
    answer = [asked | {"step": name} for asked in document["answer"] for name in _copies(asked["step"], marks, names)]
    return Plan.parse(document | {"windows": windows, "steps": steps, "answer": answer[:32]})


def _names(window: str, days: Sequence[datetime]) -> dict[str, datetime]:
    """Return a name for each date: the year, or the day where a year has several."""
    found = sorted({d.astimezone(UTC) for d in days})
    if not found or len(found) > MAX_DATES:
        raise InputError(
            f"The window {window!r} has {len(found)} dates; it takes 1 to {MAX_DATES}.",
            hint="Choose another time, or a catalogue that holds more.",
        )
    years = [d.year for d in found]
    short = len(set(years)) == len(years)
    return {f"{window}_{d:%Y}" if short else f"{window}_{d:%Y%m%d}": d for d in found}


def _marks(plan: Plan, many: Sequence[str]) -> dict[str, str]:
    """Return the window of many dates that each step goes back to; steps that go back to none are not named."""
    marks: dict[str, str] = {}
    for step in plan.order():
        if isinstance(step, Load | Trend | Export):
            continue
        own = {w for w in step.windows if w in many} | {marks[n] for n, _ in step.references if n in marks}
        if len(own) > 1:
            raise InputError(f"Step {step.id!r} mixes dates of {' and '.join(sorted(own))}.")
        if own:
            marks[step.id] = own.pop()
    return marks


def _copies(step_id: str, marks: Mapping[str, str], names: Mapping[str, Mapping[str, datetime]]) -> list[str]:
    window = marks.get(step_id)
    return [step_id] if window is None else [_copy(step_id, window, name) for name in names[window]]


def _copy(step_id: str, window: str, name: str) -> str:
    return step_id + name.removeprefix(window)


def _written_out(
    step: StepBase, marks: Mapping[str, str], names: Mapping[str, Mapping[str, datetime]]
) -> list[JsonValue]:
    document = step.model_dump(mode="json")
    window = marks.get(step.id)
    if window is None:
        taken = {f: [c for n in _listed(document[f]) for c in _copies(n, marks, names)] for f in type(step).inputs}
        plural = {f: v if isinstance(document[f], list) else v[0] for f, v in taken.items() if v}
        return [document | plural]
    made = []
    for name in names[window]:
        copy = document | {"id": _copy(step.id, window, name)}
        for field in type(step).inputs:
            one = [_copy(n, window, name) if n in marks else n for n in _listed(document[field])]
            copy[field] = one if isinstance(document[field], list) else one[0] if one else None
        copy |= {f: name for f in type(step).window_fields if document[f] == window}
        made.append(copy)
    return made


def _listed(value: JsonValue) -> list[str]:
    return [] if value is None else [str(v) for v in value] if isinstance(value, list) else [str(value)]
