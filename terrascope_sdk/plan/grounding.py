"""Reason stage: carry out the mask steps of a plan with a reasoner."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import terrascope_sdk
from terrascope_sdk.errors import GroundingError, NotVisible
from terrascope_sdk.plan.language import Plan
from terrascope_sdk.plan.mask_algebra import combined, combines, memory_of, step_recipe
from terrascope_sdk.plan.mask_steps import Ground
from terrascope_sdk.plan.side_by_side import MEMORY_BYTES, WORKERS, Job, run_steps
from terrascope_sdk.plan.step import StepBase
from terrascope_sdk.plan.workspace import Workspace
from terrascope_sdk.types import GroundRequest, ImageStack, Mask, Reasoner, Step
from terrascope_sdk.types.encoding import JsonValue, content_id
from terrascope_sdk.types.scene import Sensor

__all__ = ["Grounded", "ground_plan"]

_SENSORS: tuple[Sensor, ...] = ("optical", "sar")
_SEEN_FRAC = 0.05
"""An image of which less than this share was observed is not looked at when another sensor can see."""


@dataclass
class Grounded:
    """What the mask steps of a plan gave."""

    masks: dict[str, Mask] = field(default_factory=dict)
    """Mask by the plan's step id."""

    second: dict[str, list[Mask]] = field(default_factory=dict)
    """The same thing seen by another sensor or method, by step id."""

    steps: list[Step] = field(default_factory=list)
    """What the reasoner said and drew, in order."""

    left_out: dict[str, str] = field(default_factory=dict)
    """Optional steps that could not be carried out, with the reason."""

    computed: list[str] = field(default_factory=list)
    """Steps that were computed now; the results of all others were known."""


@dataclass
class _Made:
    """What one step gave."""

    steps: list[Step] = field(default_factory=list)
    mask: Mask | None = None
    second: list[Mask] = field(default_factory=list)
    computed: bool = False
    left_out: str = ""


@dataclass(frozen=True)
class _Looking:
    """What is needed to look at one image."""

    reasoner: Reasoner
    stack: ImageStack
    by_window: Mapping[str, Mapping[str, str]]
    workspace: Workspace

    def position(self, window: str, sensor: Sensor) -> int | None:
        """Return where a window's scene lies in the series of a sensor."""
        scene = self.by_window.get(window, {}).get(sensor)
        if scene is None or sensor not in self.stack.sensors:
            return None
        return next((i for i, ids in enumerate(self.stack.series(sensor).scene_ids) if scene in ids), None)

    def request(self, step: Ground, sensor: Sensor) -> GroundRequest | None:
        """Return what to ask of the reasoner, or None when the sensor has no image for the step."""
        when = self.position(step.window, sensor)
        before = None if step.earlier is None else self.position(step.earlier, sensor)
        if when is None or (step.earlier is not None and before is None):
            return None
        return GroundRequest(step.concept, sensor, when, before)

    def why_not(self, step: Ground, sensor: Sensor) -> str | None:
        """Return why a sensor cannot serve a step, or None when it can."""
        if step.sensor not in (None, sensor):
            return f"the question asks for {step.sensor}"
        request = self.request(step, sensor)
        if request is None:
            return f"there is no {sensor} image for it"
        return self.reasoner.unseen(self.stack, request)

    def observed(self, step: Ground, sensor: Sensor) -> float:
        """Return the share of the image that was seen, 0-1."""
        when = self.position(step.window, sensor)
        return 0.0 if when is None else self.stack.series(sensor).observed_frac(when)

    def look(self, step: Ground, sensor: Sensor) -> tuple[list[Step], bool]:
        """Return the reasoner's steps, and whether they were made now; no image is looked at twice for the same thing.

        Raises:
            GroundingError: The reasoner could not decide.
        """
        request = self.request(step, sensor)
        if request is None:
            raise NotVisible(f"There is no {sensor} image to look for {step.concept} in.")
        recipe: JsonValue = {
            "do": "ground",
            "version": terrascope_sdk.__version__,
            "reasoner": self.reasoner.name,
            "stack": self.stack.id,
            "request": [request.concept, request.sensor, request.when, request.before],
        }
        known = self.workspace.recall(recipe)
        if known is not None:
            masks = self.workspace.load_masks(s["mask"]["id"] for s in known if s["mask"] is not None)
            return [Step.from_json(s, masks) for s in known], False
        steps = list(self.reasoner.ground(self.stack, request))
        for made in steps:
            if made.mask is not None:
                self.workspace.save(made.mask)
        self.workspace.remember(recipe, [s.to_json(pixels=False) for s in steps])
        return steps, True


def _order(looking: _Looking, grounds: list[Ground]) -> list[Sensor]:
    """Return the sensors, best first: one that serves every required step and saw something comes before the others."""

    def quality(sensor: Sensor) -> tuple[bool, bool, int]:
        needed = [g for g in grounds if not g.optional] or grounds
        serves = all(looking.why_not(g, sensor) is None for g in needed)
        seen = min((looking.observed(g, sensor) for g in needed), default=0.0)
        return (not serves, seen < _SEEN_FRAC, _SENSORS.index(sensor))

    return sorted(_SENSORS, key=quality)


def _ground(step: Ground, sensors: list[Sensor], looking: _Looking) -> _Made:
    reasons = {s: looking.why_not(step, s) for s in sensors}
    able = [s for s in sensors if reasons[s] is None]
    if not able:
        found = dict.fromkeys(
            r for s in _SENSORS if (r := reasons[s]) and "there is no" not in r and "asks for" not in r
        )
        told = [r for r in found if not any(o != r and o.startswith(r) for o in found)]  # the fuller of two
        raise NotVisible(" ".join(told) or f"No image here can show {step.concept}.")
    steps, computed = looking.look(step, able[0])
    drawn = [s.mask for s in steps if s.mask is not None]
    if not drawn:
        raise GroundingError(f"{looking.reasoner.name} made no mask of {step.concept}.")
    made = _Made(list(steps), drawn[-1], drawn[:-1], computed)
    for sensor in able[1:]:
        try:
            beside, new = looking.look(step, sensor)
        except GroundingError as err:
            made.steps.append(Step("text", f"A second look with {sensor}: {err}"))
            continue
        made.computed |= new
        made.steps += [replace(s, method="") if s.kind == "text" else s for s in beside]
        made.second.append(next(s.mask for s in reversed(beside) if s.mask is not None))
    return made


def _ground_job(step: Ground, sensors: list[Sensor], looking: _Looking) -> Job[_Made]:
    """Return a look of the reasoner; no two of them at a time, since a reasoner need not be safe for threads."""

    def run() -> _Made:
        try:
            return _ground(step, sensors, looking)
        except GroundingError as err:
            if not step.optional:
                raise
            return _Made(left_out=str(err))

    return Job("reasoner", 0, run)


def _combined_job(step: StepBase, done: Mapping[str, _Made], workspace: Workspace) -> Job[_Made] | None:
    masks = {name: m for name, _ in step.references if name in done and (m := done[name].mask) is not None}
    if len(masks) < len({name for name, _ in step.references}):  # one of them was left out
        return None

    def run() -> _Made:
        made = combined(step, masks, workspace=workspace)
        told = Step("ground", f"{made.mask.label}: {made.how}.", made.mask, method=made.method)
        return _Made([told], made.mask, computed=made.computed)

    recipe = step_recipe(step, {name: mask.id for name, mask in masks.items()})
    pixels = max(mask.pixels.size for mask in masks.values())
    return Job(content_id("memo", recipe), memory_of(step, pixels), run)


def ground_plan(
    plan: Plan,
    stack: ImageStack,
    by_window: Mapping[str, Mapping[str, str]],
    *,
    reasoner: Reasoner,
    workspace: Workspace,
    workers: int = WORKERS,
    memory_bytes: int = MEMORY_BYTES,
) -> Grounded:
    """Carry out every step of a plan that makes a mask.

    One sensor serves the whole plan where one can; the other takes a second look, for checking only. Masks made of
    masks are made beside each other and beside the reasoner, which looks at one image at a time.

    Args:
        plan: What to do.
        stack: The pixels.
        by_window: Scene id by window and sensor.
        reasoner: What makes masks of concepts.
        workspace: Where masks are kept, so that nothing is mapped twice.
        workers: Steps at a time.
        memory_bytes: Budget of the masks that are made beside each other; the reasoner's own memory is not in it.

    Raises:
        NotVisible: A concept that is needed cannot be seen by any sensor here.
        GroundingError: It could be seen, but the pixels do not decide.
        UndefinedMeasurement: A region that is asked for does not exist.
    """
    looking = _Looking(reasoner, stack, by_window, workspace)
    sensors = _order(looking, [s for s in plan.steps if isinstance(s, Ground)])

    def job_of(step: StepBase, done: Mapping[str, _Made]) -> Job[_Made] | None:
        if isinstance(step, Ground):
            return _ground_job(step, sensors, looking)
        return _combined_job(step, done, workspace)

    wanted = [s for s in plan.order() if isinstance(s, Ground) or combines(s)]
    made = run_steps(wanted, job_of, workers=workers, memory_bytes=memory_bytes)
    return Grounded(
        masks={name: m.mask for name, m in made.items() if m.mask is not None},
        second={name: m.second for name, m in made.items() if m.second},
        steps=[step for m in made.values() for step in m.steps],
        left_out={name: m.left_out for name, m in made.items() if m.left_out},
        computed=[name for name, m in made.items() if m.computed],
    )
