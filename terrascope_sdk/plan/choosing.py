"""Find stage: which scenes each time window of a plan gets, and why."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from terrascope_sdk.errors import NoScenesFound
from terrascope_sdk.plan.finding import Searcher
from terrascope_sdk.plan.language import Plan
from terrascope_sdk.plan.mask_steps import Find, Ground
from terrascope_sdk.plan.measure_steps import Change
from terrascope_sdk.plan.pass_choice import Passes, one_collection, passes_over
from terrascope_sdk.plan.rescue import radar_days
from terrascope_sdk.plan.unroll import unrolled
from terrascope_sdk.plan.windows import Window
from terrascope_sdk.plan.yearly import dated, one_a_year
from terrascope_sdk.stac import Catalog
from terrascope_sdk.stac.select import Choice, comparability, select_clearest, select_nearest, select_pair
from terrascope_sdk.types import Aoi, Scene
from terrascope_sdk.types.encoding import JsonValue

__all__ = ["Chosen", "choose_scenes"]

_HIDDEN_FRAC = 0.95
"""From this cloud share on an optical scene shows nothing."""


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
    passes: dict[str, Passes] = field(default_factory=dict)

    def put(self, window: str, choice: Choice | None) -> None:
        if choice is not None:
            self.choices[window, choice.scene.sensor] = choice
            self.warnings += choice.warnings
            self.warnings += self.passes_of(choice.scene).doubts(choice.scene)

    def passes_of(self, scene: Scene) -> Passes:
        """Return the passes among which a leading scene was chosen."""
        return self.passes.get(scene.id, Passes())


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


def _single(window: Window, optical: Sequence[Scene], sar: Sequence[Scene], table: _Table, *, pair_days: float) -> None:
    seen = _pick(window, optical)
    table.put(window.name, seen)
    if not sar:
        return
    beside = None if seen is None else select_nearest(sar, seen.scene.acquired, max_days=pair_days)
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


def choose_scenes(
    plan: Plan,
    aoi: Aoi,
    *,
    catalog: str | Path | Catalog | None = None,
    say: Callable[[str], None] = lambda text: None,
) -> Chosen:
    """Return the scenes for every window that the plan looks into.

    Scenes of one pass are chosen together. Optical passes are chosen by cloud; beside each, the nearest radar pass
    within 12 days (3 for floods) joins as a second look. Two windows that are compared get scenes of one season and,
    for radar, of one orbit.

    Args:
        plan: What is to be found.
        aoi: Where.
        catalog: Anything that :func:`~terrascope_sdk.stac.search.search` takes; the bundled one when left out.
        say: Told when a filter is to be loosened, before it is.

    Raises:
        NoScenesFound: A window holds no scene at all.
        CatalogError: The catalogue cannot be reached or read.
    """
    table = _Table()
    searcher = Searcher(plan, aoi, catalog=catalog, say=say)
    finds = {s.window: s for s in plan.steps if isinstance(s, Find)}
    found = {name: searcher.find(step, plan.window(name)) for name, step in finds.items()}
    table.warnings += searcher.told
    by_sensor: dict[str, dict[str, list[Scene]]] = {}
    for sensor in ("optical", "sar"):
        own = {name: [s for s in scenes if s.sensor == sensor] for name, scenes in found.items()}
        only = None if catalog is None else one_collection(own.values())
        kept = {name: [s for s in scenes if only in (None, s.collection)] for name, scenes in own.items()}
        by_sensor[sensor] = {name: _seen(scenes, aoi, table) for name, scenes in kept.items()}
    optical, sar = by_sensor["optical"], by_sensor["sar"]
    many = {name: one_a_year(optical[name], sar[name]) for name in found if plan.window(name).pick == "each"}
    single = [name for name in found if name not in many]
    done = _put_pairs(plan, optical, sar, table, single)
    for name in single:
        if name not in done:
            _single(plan.window(name), optical[name], sar[name], table, pair_days=radar_days(plan))
    if not many:
        return _finished(plan, table, tuple(single))
    plan = unrolled(plan, {name: [c.scene.acquired for c in choices] for name, choices in many.items()})
    for name, choice in dated(plan, many):
        table.put(name, choice)
        single.append(name)
    return replace(_finished(plan, table, tuple(single)), plan=plan)


def _seen(scenes: Sequence[Scene], aoi: Aoi, table: _Table) -> list[Scene]:
    """Return the leading scene of every pass that shows the ground and about as much of the area as the best."""
    passes = passes_over(scenes, aoi)
    table.passes |= dict.fromkeys((s.id for s in passes.leading), passes)
    return passes.widest(_visible(passes.leading, table))


def _put_pairs(
    plan: Plan,
    optical: Mapping[str, list[Scene]],
    sar: Mapping[str, list[Scene]],
    table: _Table,
    names: Sequence[str],
) -> set[str]:
    """Choose scenes for windows that are compared with each other; return the windows that are served.

    Raises:
        NoScenesFound: No sensor has both dates.
    """
    done: set[str] = set()
    for one, other in _compared(plan):
        if one not in names or other not in names:
            continue
        before, after = plan.window(one), plan.window(other)
        both = [_pair(before, after, found, table) for found in (optical, sar)]
        if not any(both) and not table.clouded:
            raise NoScenesFound(
                f"Between {before} and {after} there are no two dates of one sensor to compare.",
                hint="Choose an area with at least two dates: ts.places() lists them.",
            )
        done |= {one, other}
    return done


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
        scenes=tuple(s for c in ordered for s in table.passes_of(c.scene).scenes(c.scene)),
        by_window=by_window,
        reasons=tuple(
            f"{'SAR' if c.scene.sensor == 'sar' else c.scene.sensor} scene of {c.scene.when}"
            f"{f' ({c.scene.platform})' if c.scene.platform else ''}: {c.reason}"
            f"{table.passes_of(c.scene).told(c.scene)}"
            for c in ordered
        ),
        warnings=tuple(dict.fromkeys(table.warnings)),
        refusal=refusal,
    )
