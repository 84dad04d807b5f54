"""From what is asked to the steps of a plan, each step once."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Literal

from terrascope_sdk.plan.language import Asked, DisplayUnit
from terrascope_sdk.plan.mask_steps import (
    Buffer,
    Complement,
    Components,
    Find,
    Ground,
    Intersect,
    Load,
    Region,
    Select,
    Subtract,
    Union,
)
from terrascope_sdk.plan.measure_steps import (
    Area,
    Change,
    Compare,
    Count,
    Distance,
    Length,
    Rank,
    Share,
    Touches,
    Trend,
)
from terrascope_sdk.plan.other_steps import Export
from terrascope_sdk.plan.questions.requests import Request
from terrascope_sdk.plan.questions.things import (
    AllOf,
    AnyOf,
    Buffered,
    Largest,
    Moment,
    Named,
    Opposite,
    Patches,
    Thing,
    Touching,
    Without,
    named_in,
)
from terrascope_sdk.plan.step import StepBase
from terrascope_sdk.plan.windows import Window
from terrascope_sdk.types.concepts import get_concept
from terrascope_sdk.types.instant import TimeRange
from terrascope_sdk.types.scene import Sensor

__all__ = ["Steps", "build_steps"]

_NAMES = {1: ("only",), 2: ("before", "after")}
_LETTERS = {
    "area": "a", "share": "s", "count": "n", "distance": "d", "touches": "t", "rank": "r", "change": "c", "length": "l",
}  # fmt: skip
_FORMATS: dict[str, Literal["geotiff", "geojson", "csv", "json"]] = {
    "geotiff": "geotiff", "geojson": "geojson", "csv": "csv", "json": "json",
}  # fmt: skip


@dataclass(frozen=True)
class Steps:
    """The parts of a plan that follow from what is to be measured."""

    windows: tuple[Window, ...]
    """Named windows, in order of time."""

    steps: tuple[StepBase, ...]
    """Steps, each after what it takes."""

    answer: tuple[Asked, ...]
    """What was asked for."""


def build_steps(
    requests: Sequence[Request],
    *,
    sensors: Sequence[Sensor] = (),
    time: TimeRange | None = None,
    cloud_max_frac: float | None = None,
) -> Steps:
    """Return the steps that carry out the requests.

    Args:
        requests: What to measure, in the order asked; every concept has its date.
        sensors: Sensors that were named; each is measured by itself. None: whichever there is.
        time: When to look where the question does not say.
        cloud_max_frac: Largest share of clouds on a scene, 0-1.
    """
    moments = {
        m
        for whole in requests
        for request in (whole, *whole.parts)
        for thing in (*request.things, *((request.of,) if request.of is not None else ()))
        for named in named_in(thing)
        for m in (named.when, named.earlier)
        if m is not None
    }
    ordered = sorted(moments, key=_order)
    names = _NAMES.get(len(ordered), tuple(f"w{i}" for i in range(1, len(ordered) + 1)))
    windows = tuple(
        Window(name=n, time=time if m.span is None else m.span.time, pick=m.pick)
        for n, m in zip(names, ordered, strict=True)
    )
    builder = _Builder(dict(zip(ordered, names, strict=True)))
    for sensor in sensors or ("any",):
        for name in names:
            builder.add(Find(id=builder.new("f"), sensor=sensor, window=name, cloud_max_frac=cloud_max_frac))
    builder.stack = builder.add(Load(id=builder.new("i"), scenes=tuple(s.id for s in builder.steps)))
    for request in requests:
        for sensor_used in sensors or (None,):
            builder.request(request, sensor_used)
    return Steps(windows, tuple(builder.steps), tuple(builder.answer))


def _order(moment: Moment) -> tuple[int, str, str]:
    if moment.span is None:
        return (0 if moment.pick == "earliest" else 2, "", moment.pick)
    return (1, moment.span.start.isoformat(), moment.span.end.isoformat())


@dataclass
class _Builder:
    names: dict[Moment, str]
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

    def mask(self, thing: Thing, sensor: Sensor | None, *, optional: bool = False) -> str:
        """Return the id of the mask of a thing."""
        key = (thing, sensor, optional)
        if key not in self._known:
            self._known[key] = self.add(self._mask_step(thing, sensor, optional=optional))
        return self._known[key]

    def _mask_step(self, thing: Thing, sensor: Sensor | None, *, optional: bool) -> StepBase:
        if isinstance(thing, Named):
            return self._ground(thing, sensor, optional=optional)

        def inner(part: Thing) -> str:
            return self.mask(part, sensor)

        match thing:
            case Opposite() | Largest() | Buffered() | Patches() | Touching():
                return self._of_one(thing, inner)
            case Without():
                return Subtract(a=inner(thing.a), b=inner(thing.b), id=self.new("m"))
            case AnyOf():
                return Union(masks=tuple(map(inner, thing.parts)), id=self.new("m"))
            case AllOf():
                return Intersect(masks=tuple(map(inner, thing.parts)), id=self.new("m"))

    def _of_one(
        self, thing: Opposite | Largest | Buffered | Patches | Touching, inner: Callable[[Thing], str]
    ) -> StepBase:
        mask = inner(thing.of)
        match thing:
            case Opposite():
                return Complement(mask=mask, id=self.new("m"))
            case Largest():
                return Region(mask=mask, rank=thing.rank, id=self.new("m"))
            case Buffered():
                return Buffer(mask=mask, distance_m=thing.distance_m, id=self.new("m"))
            case Touching():
                return Select(mask=mask, other=inner(thing.other), id=self.new("m"))
            case Patches():
                return Components(mask=mask, min_area_m2=thing.min_area_m2, id=self.new("m"))

    def _ground(self, thing: Named, sensor: Sensor | None, *, optional: bool) -> Ground:
        two = get_concept(thing.key).dates > 1
        assert thing.when is not None
        return Ground(
            id=self.new("m"),
            stack=self.stack,
            concept=thing.key,
            window=self.names[thing.when],
            earlier=self.names[thing.earlier] if two and thing.earlier is not None else None,
            sensor=sensor,
            optional=optional,
        )

    # ------------------------------------------------------------------------------------------ measurements

    def request(self, request: Request, sensor: Sensor | None) -> None:
        """Add the steps of a request and ask for them."""
        if request.kind == "trend":
            values = tuple(self._measured(r, sensor) for r in request.parts)
            if request.with_values:
                self._ask(values, request.units)
            self._ask((self._once(Trend, "v", values=values),), ())
            return
        if request.kind == "compare":
            before, after = (self._measured(r, sensor) for r in request.parts)
            self._ask((self._once(Compare, "k", before=before, after=after),), request.units)
            return
        found = self.mask(request.things[0], sensor) if request.kind == "mask" else self._measured(request, sensor)
        if request.export:
            form = _FORMATS[request.export]
            found = self._once(Export, "e", what=(found,), format=form)
        self._ask((found,), request.units)

    def _ask(self, ids: Sequence[str], units: Sequence[DisplayUnit]) -> None:
        for step_id in ids:
            for unit in units or (None,):
                asked = Asked(step=step_id, unit=unit)
                if asked not in self.answer:
                    self.answer.append(asked)

    def _once(self, kind: type[StepBase], letter: str, **fields: object) -> str:
        key = (kind, *fields.items())
        if key not in self._known:
            self._known[key] = self.add(kind(id=self.new(letter), **fields))
        return self._known[key]

    def _measured(self, request: Request, sensor: Sensor | None) -> str:
        masks = [self.mask(t, sensor, optional=request.optional) for t in request.things]
        letter = _LETTERS[request.kind]
        match request.kind:
            case "change":
                return self._once(
                    Change, letter, before=masks[0], after=masks[1], what=request.what, direction=request.direction
                )
            case "share":
                of = self.mask(request.of, sensor) if request.of is not None else None
                return self._once(Share, letter, mask=masks[0], of=of)
            case "touches" | "distance":
                return self._once(Touches if request.kind == "touches" else Distance, letter, a=masks[0], b=masks[1])
            case "rank":
                first = "smallest" if request.smallest_first else "largest"
                return self._once(Rank, letter, masks=tuple(masks), first=first)
            case "count":
                return self._once(Count, letter, mask=masks[0])
            case "length":
                return self._once(Length, letter, mask=masks[0])
            case _:
                return self._once(Area, letter, mask=masks[0])
