"""From measures to the steps of a plan, each step once."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from terrascope_sdk.plan.language import Asked
from terrascope_sdk.plan.mask_steps import Complement, Find, Ground, Intersect, Load, Region, Subtract, Union
from terrascope_sdk.plan.measure_steps import Area, Change, Count, Distance, Rank, Share, Touches
from terrascope_sdk.plan.measures import Measure
from terrascope_sdk.plan.schedule import in_order
from terrascope_sdk.plan.step import StepBase
from terrascope_sdk.plan.things import AllOf, AnyOf, Largest, Named, Opposite, Thing, Without, concepts_of
from terrascope_sdk.plan.windows import Window
from terrascope_sdk.types.concepts import get_concept
from terrascope_sdk.types.scene import Sensor

__all__ = ["Steps", "build_steps"]

_NAMES = {1: ("only",), 2: ("before", "after")}
_LETTERS = {"area": "a", "share": "s", "count": "n", "distance": "d", "touches": "t", "rank": "r", "change": "c"}


@dataclass(frozen=True)
class Steps:
    """The parts of a plan that follow from what is to be measured."""

    windows: tuple[Window, ...]
    """Named windows, in order of time."""

    steps: tuple[StepBase, ...]
    """Steps, each after what it takes."""

    answer: tuple[Asked, ...]
    """What was asked for."""


def build_steps(measures: Sequence[Measure], sensors: Sequence[Sensor] = ()) -> Steps:
    """Return the steps that carry out the measures.

    Args:
        measures: What to measure, in the order asked.
        sensors: Sensors that were named; each is measured by itself. None: whichever there is.
    """
    distinct = in_order(dict.fromkeys(w for m in measures for w in m.windows))
    names = _NAMES.get(len(distinct), tuple(f"w{i}" for i in range(1, len(distinct) + 1)))
    windows = tuple(w.model_copy(update={"name": n}) for w, n in zip(distinct, names, strict=True))
    builder = _Builder(dict(zip(distinct, names, strict=True)))
    for sensor in sensors or ("any",):
        for name in names:
            builder.add(Find(id=builder.new("f"), sensor=sensor, window=name))
    scenes = tuple(s.id for s in builder.steps)
    builder.stack = builder.add(Load(id=builder.new("i"), scenes=scenes))
    for measure in measures:
        for sensor_used in sensors or (None,):
            builder.measure(measure, sensor_used)
    return Steps(windows, tuple(builder.steps), tuple(builder.answer))


@dataclass
class _Builder:
    names: Mapping[Window, str]
    steps: list[StepBase] = field(default_factory=list)
    answer: list[Asked] = field(default_factory=list)
    stack: str = ""
    _known: dict[tuple[object, ...], str] = field(default_factory=dict)
    _numbers: dict[str, int] = field(default_factory=dict)

    def new(self, letter: str) -> str:
        """Return the next id that begins with a letter."""
        self._numbers[letter] = self._numbers.get(letter, 0) + 1
        return f"{letter}{self._numbers[letter]}"

    def add(self, step: StepBase) -> str:
        self.steps.append(step)
        return step.id

    # ------------------------------------------------------------------------------------------------- masks

    def mask(self, thing: Thing, at: tuple[Window, ...], sensor: Sensor | None, *, optional: bool = False) -> str:
        """Return the id of the mask of a thing.

        Args:
            thing: What.
            at: When; with two windows, what needs two dates takes both, and everything else the first.
            sensor: With what.
            optional: Whether it may be left out when it cannot be seen.
        """
        key = (thing, at, sensor, optional)
        if key not in self._known:
            self._known[key] = self.add(self._mask_step(thing, at, sensor, optional=optional))
        return self._known[key]

    def _mask_step(self, thing: Thing, at: tuple[Window, ...], sensor: Sensor | None, *, optional: bool) -> StepBase:
        if isinstance(thing, Named):
            return self._ground(thing.key, at, sensor, optional=optional)

        def inner(part: Thing) -> str:
            return self.mask(part, at, sensor)

        match thing:
            case Opposite():
                return Complement(mask=inner(thing.of), id=self.new("m"))
            case Largest():
                return Region(mask=inner(thing.of), rank=thing.rank, id=self.new("m"))
            case Without():
                return Subtract(a=inner(thing.a), b=inner(thing.b), id=self.new("m"))
            case AnyOf():
                return Union(masks=tuple(map(inner, thing.parts)), id=self.new("m"))
            case AllOf():
                return Intersect(masks=tuple(map(inner, thing.parts)), id=self.new("m"))

    def _ground(self, key: str, at: tuple[Window, ...], sensor: Sensor | None, *, optional: bool) -> Ground:
        two = get_concept(key).dates > 1
        return Ground(
            id=self.new("m"),
            stack=self.stack,
            concept=key,
            window=self.names[at[-1] if two else at[0]],
            earlier=self.names[at[0]] if two else None,
            sensor=sensor,
            optional=optional,
        )

    # ------------------------------------------------------------------------------------------ measurements

    def measure(self, measure: Measure, sensor: Sensor | None) -> None:
        """Add the steps of a measure and ask for them."""
        for at in self._dates(measure):
            step_id = self._measured(measure, at, sensor)
            for unit in measure.units or (None,):
                self.answer.append(Asked(step=step_id, unit=unit))

    def _dates(self, measure: Measure) -> Iterable[tuple[Window, ...]]:
        things = (*measure.things, *((measure.of,) if measure.of is not None else ()))
        if measure.kind == "change" or measure.but_not or any(_needs_two(t) for t in things):
            return [measure.windows]
        return [(window,) for window in measure.windows]

    def _measured(self, measure: Measure, at: tuple[Window, ...], sensor: Sensor | None) -> str:
        step_id = self.new(_LETTERS[measure.kind])
        if measure.kind == "change":
            before, after = (self.mask(measure.things[0], (window,), sensor) for window in at)
            return self.add(
                Change(id=step_id, before=before, after=after, what=measure.what, direction=measure.direction)
            )
        if measure.but_not:
            a, b = (self.mask(measure.things[0], (window,), sensor) for window in at)
            return self._of_masks(measure, step_id, [self.add(Subtract(id=self.new("m"), a=a, b=b))], None)
        masks = [self.mask(t, at, sensor, optional=measure.optional) for t in measure.things]
        of = self.mask(measure.of, at, sensor) if measure.of is not None else None
        return self._of_masks(measure, step_id, masks, of)

    def _of_masks(self, measure: Measure, step_id: str, masks: Sequence[str], of: str | None) -> str:
        first: Literal["largest", "smallest"] = "smallest" if measure.smallest_first else "largest"
        match measure.kind:
            case "area":
                return self.add(Area(id=step_id, mask=masks[0]))
            case "share":
                return self.add(Share(id=step_id, mask=masks[0], of=of))
            case "count":
                return self.add(Count(id=step_id, mask=masks[0]))
            case "touches":
                return self.add(Touches(id=step_id, a=masks[0], b=masks[1]))
            case "distance":
                return self.add(Distance(id=step_id, a=masks[0], b=masks[1]))
            case _:
                return self.add(Rank(id=step_id, masks=tuple(masks), first=first))


def _needs_two(thing: Thing) -> bool:
    return any(get_concept(named.key).dates > 1 for named in concepts_of(thing))
