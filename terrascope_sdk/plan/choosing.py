"""Find stage: which scenes each time window of a plan gets, and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from terrascope_sdk.errors import NoScenesFound
from terrascope_sdk.plan.language import Plan
from terrascope_sdk.plan.mask_steps import Find, Ground
from terrascope_sdk.plan.measure_steps import Change
from terrascope_sdk.plan.unroll import unrolled
from terrascope_sdk.plan.windows import Window
from terrascope_sdk.stac import search, select_per_interval, select_series
from terrascope_sdk.stac.select import Choice, comparability, select_clearest, select_nearest, select_pair
from terrascope_sdk.types import Aoi, Scene
from terrascope_sdk.types.encoding import JsonValue

__all__ = ["Chosen", "choose_scenes"]

_HIDDEN_FRAC = 0.95
"""From this cloud share on an optical scene shows nothing."""

_PAIR_DAYS = 12.0
"""Farthest that a radar pass may lie from the optical scene it stands beside: one Sentinel-1 repeat cycle."""


_SEASON_DAYS = 45.0
"""How far in the year dates of one season may lie from its middle."""


@dataclass(frozen=True)
class Chosen:
    """The scenes of a plan."""

    scenes: tuple[Scene, ...]
    """All of them, oldest first, without repeats."""

    by_window: Mapping[str, Mapping[str, str]]
    """Scene id by window and sensor."""

    reasons: tuple[str, ...] = ()
    """One sentence a scene: what it is and why it was taken."""

    warnings: tuple[str, ...] = ()
    """What makes the choice less than ideal."""

    refusal: str = ""
    """Why no scene can serve; empty when some can."""

    plan: Plan | None = None
    """The plan with a window for each date, where it had one of many; else None."""

    def to_json(self) -> dict[str, JsonValue]:
        """Return plain JSON values."""
        return {
            "scenes": [s.to_json() for s in self.scenes],
            "by_window": {w: dict(found) for w, found in self.by_window.items()},
            "reasons": list(self.reasons),
            "warnings": list(self.warnings),
            "refusal": self.refusal,
            "plan": None if self.plan is None else self.plan.to_json(),
        }

    @classmethod
    def from_json(cls, document: dict[str, JsonValue]) -> Chosen:
        """Read what :meth:`to_json` wrote."""
        return cls(
            scenes=tuple(Scene.from_json(s) for s in document["scenes"]),
            by_window=document["by_window"],
            reasons=tuple(document["reasons"]),
            warnings=tuple(document["warnings"]),
            refusal=document["refusal"],
            plan=None if document.get("plan") is None else Plan.parse(document["plan"]),
        )


@dataclass
class _Table:
    """What is being put together."""

    choices: dict[tuple[str, str], Choice] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)
    clouded: list[str] = field(default_factory=list)

    def put(self, window: str, choice: Choice | None) -> None:
        if choice is not None:
            self.choices[window, choice.scene.sensor] = choice
            self.warnings += choice.warnings


def _visible(scenes: Sequence[Scene], table: _Table) -> list[Scene]:
    """Return the scenes that clouds do not hide wholly, and note the others by date."""
    clear = [s for s in scenes if (s.cloud_frac or 0.0) < _HIDDEN_FRAC]
    table.clouded += [f"{s.when} ({s.cloud_frac:.0%} cloud)" for s in scenes if s not in clear]
    return clear


def _pick(window: Window, scenes: Sequence[Scene]) -> Choice | None:
    if not scenes:
        return None
    if window.pick == "clearest":
        return select_clearest(scenes)
    end = min if window.pick == "earliest" else max
    best = end(scenes, key=lambda s: (s.acquired, s.id))
    return Choice(
        best, f"the {window.pick} of {len(scenes)} that show the ground" if len(scenes) > 1 else "the only one"
    )


def _single(window: Window, optical: Sequence[Scene], sar: Sequence[Scene], table: _Table) -> None:
    seen = _pick(window, optical)
    table.put(window.name, seen)
    if not sar:
        return
    beside = None if seen is None else select_nearest(sar, seen.scene.acquired, max_days=_PAIR_DAYS)
    if beside is not None or seen is None:
        table.put(window.name, beside or _pick(window, sar))


def _pair(before: Window, after: Window, found: Mapping[str, list[Scene]], table: _Table) -> bool:
    """Choose one scene for each of two windows, of one sensor; return whether both got one."""
    first, last = found[before.name], found[after.name]
    if not first or not last:
        return False
    if before.pick == after.pick == "clearest":
        one, other = select_pair(first, last)
    else:
        one, other = _pick(before, first), _pick(after, last)  # type: ignore[assignment]  # neither list is empty
    if one.scene.id == other.scene.id:
        return False
    if one.warnings == ():
        table.warnings += comparability(one.scene, other.scene)
    table.put(before.name, one)
    table.put(after.name, other)
    return True


def _windows_of(plan: Plan, step_id: str) -> list[str]:
    """Return the windows that a mask step looks into, through the steps it is made of."""
    step = plan.step(step_id)
    if isinstance(step, Ground):
        return [step.window]
    return [w for name, kind in step.references if kind == "mask" for w in _windows_of(plan, name)]


def _compared(plan: Plan) -> list[tuple[str, str]]:
    """Return the pairs of windows that the plan compares."""
    pairs = [(s.earlier, s.window) for s in plan.steps if isinstance(s, Ground) and s.earlier is not None]
    for step in plan.steps:
        if isinstance(step, Change):
            pairs += zip(_windows_of(plan, step.before)[:1], _windows_of(plan, step.after)[:1], strict=False)
    return list(dict.fromkeys(pairs))


def choose_scenes(plan: Plan, aoi: Aoi) -> Chosen:
    """Return the scenes for every window that the plan looks into.

    Optical scenes are chosen by cloud; beside each, the nearest radar pass within 12 days joins as a second look. Two
    windows that are compared get scenes of one season and, for radar, of one orbit.

    Args:
        plan: What is to be found.
        aoi: Where.

    Raises:
        NoScenesFound: A window holds no scene at all.
    """
    table = _Table()
    optical: dict[str, list[Scene]] = {}
    sar: dict[str, list[Scene]] = {}
    many: dict[str, list[Choice]] = {}
    for step in plan.steps:
        if not isinstance(step, Find):
            continue
        window = plan.window(step.window)
        found = search(aoi, time=window.time, sensor=None if step.sensor == "any" else step.sensor)
        if window.pick == "each":
            many[window.name] = _one_a_year(found, table)
            continue
        optical[window.name] = _visible([s for s in found if s.sensor == "optical"], table)
        sar[window.name] = [s for s in found if s.sensor == "sar"]
    done: set[str] = set()
    for one, other in _compared(plan):
        before, after = plan.window(one), plan.window(other)
        both = [_pair(before, after, found, table) for found in (optical, sar)]
        if not any(both) and not table.clouded:
            raise NoScenesFound(
                f"Between {before} and {after} there are no two dates of one sensor to compare.",
                hint="Choose an area with at least two dates: ts.places() lists them.",
            )
        done |= {one, other}
    for name in optical:
        if name not in done:
            _single(plan.window(name), optical[name], sar[name], table)
    names = list(optical)
    if many:
        plan = unrolled(plan, {name: [c.scene.acquired for c in choices] for name, choices in many.items()})
        names += _put_dates(plan, many, table)
    chosen = _finished(plan, table, tuple(names))
    return replace(chosen, plan=plan) if many else chosen


def _one_a_year(found: Sequence[Scene], table: _Table) -> list[Choice]:
    """Return the clearest scene of each year, of the season that most years have; of one sensor.

    Raises:
        NoScenesFound: Clouds hide all of them.
    """
    optical = _visible([s for s in found if s.sensor == "optical"], table)
    scenes = optical or [c.scene for c in select_series([s for s in found if s.sensor == "sar"])]
    if not scenes:
        raise NoScenesFound("Clouds hide every date of these years.", hint="Ask for radar, or choose another time.")
    middle = _usual_day(scenes)
    near = [s for s in scenes if _days_apart(s, middle) <= _SEASON_DAYS] or scenes
    return list(select_per_interval(near, every="year").choices)


def _usual_day(scenes: Sequence[Scene]) -> float:
    """Return the day of the year around which most years have a scene."""
    days = sorted({s.acquired.timetuple().tm_yday for s in scenes})
    return max(
        days, key=lambda day: (len({s.acquired.year for s in scenes if _days_apart(s, day) <= _SEASON_DAYS}), -day)
    )


def _days_apart(scene: Scene, day: float) -> float:
    gap = abs(scene.acquired.timetuple().tm_yday - day)
    return min(gap, 365.25 - gap)


def _put_dates(plan: Plan, many: Mapping[str, list[Choice]], table: _Table) -> list[str]:
    """Put the scene of each date into its own window of the written-out plan, and return the windows' names."""
    names = []
    for window in plan.windows:
        base = next((name for name in many if window.name.startswith(f"{name}_")), None)
        if base is None or window.time is None:
            continue
        choice = next(c for c in many[base] if window.time.contains(c.scene.acquired))
        table.put(window.name, choice)
        names.append(window.name)
    return names


def _finished(plan: Plan, table: _Table, windows: tuple[str, ...]) -> Chosen:
    by_window: dict[str, dict[str, str]] = {name: {} for name in windows}
    for (name, sensor), choice in table.choices.items():
        by_window[name][sensor] = choice.scene.id
    unique = {c.scene.id: c for c in table.choices.values()}
    ordered = sorted(unique.values(), key=lambda c: (c.scene.acquired, c.scene.id))
    refusal = ""
    if not all(by_window.values()):
        hidden = ", ".join(dict.fromkeys(table.clouded))
        refusal = f"Clouds hide the area on every optical date there is: {hidden}. No radar scene can stand in."
    elif table.clouded and any("optical" not in found for found in by_window.values()):
        table.warnings.append(
            f"Clouds hide the optical dates ({', '.join(dict.fromkeys(table.clouded))}); radar stands in."
        )
    return Chosen(
        scenes=tuple(c.scene for c in ordered),
        by_window=by_window,
        reasons=tuple(
            f"{'SAR' if c.scene.sensor == 'sar' else c.scene.sensor} scene of {c.scene.when}"
            f"{f' ({c.scene.platform})' if c.scene.platform else ''}: {c.reason}"
            for c in ordered
        ),
        warnings=tuple(dict.fromkeys(table.warnings)),
        refusal=refusal,
    )
