"""Reason stage: carry out the mask steps of a plan with a reasoner."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from terrascope_sdk.errors import GroundingError, NotVisible
from terrascope_sdk.plan.language import Plan
from terrascope_sdk.plan.mask_algebra import combined, combines
from terrascope_sdk.plan.mask_steps import Ground
from terrascope_sdk.plan.workspace import Workspace
from terrascope_sdk.types import GroundRequest, ImageStack, Mask, Reasoner, Step
from terrascope_sdk.types.encoding import JsonValue
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

    def look(self, step: Ground, sensor: Sensor, computed: list[str]) -> list[Step]:
        """Return the reasoner's steps; the same image is never looked at twice for the same thing.

        Raises:
            GroundingError: The reasoner could not decide.
        """
        request = self.request(step, sensor)
        if request is None:
            raise NotVisible(f"There is no {sensor} image to look for {step.concept} in.")
        recipe: JsonValue = {
            "do": "ground",
            "reasoner": self.reasoner.name,
            "stack": self.stack.id,
            "request": [request.concept, request.sensor, request.when, request.before],
        }
        known = self.workspace.recall(recipe)
        if known is not None:
            masks = self.workspace.load_masks(s["mask"]["id"] for s in known if s["mask"] is not None)
            return [Step.from_json(s, masks) for s in known]
        steps = list(self.reasoner.ground(self.stack, request))
        for made in steps:
            if made.mask is not None:
                self.workspace.save(made.mask)
        self.workspace.remember(recipe, [s.to_json(pixels=False) for s in steps])
        computed.append(step.id)
        return steps


def _order(looking: _Looking, grounds: list[Ground]) -> list[Sensor]:
    """Return the sensors, best first: one that serves every required step and saw something comes before the others."""

    def quality(sensor: Sensor) -> tuple[bool, bool, int]:
        needed = [g for g in grounds if not g.optional] or grounds
        serves = all(looking.why_not(g, sensor) is None for g in needed)
        seen = min((looking.observed(g, sensor) for g in needed), default=0.0)
        return (not serves, seen < _SEEN_FRAC, _SENSORS.index(sensor))

    return sorted(_SENSORS, key=quality)


def _ground(step: Ground, sensors: list[Sensor], looking: _Looking, result: Grounded) -> None:
    reasons = {s: looking.why_not(step, s) for s in sensors}
    able = [s for s in sensors if reasons[s] is None]
    if not able:
        found = dict.fromkeys(
            r for s in _SENSORS if (r := reasons[s]) and "there is no" not in r and "asks for" not in r
        )
        told = [r for r in found if not any(o != r and o.startswith(r) for o in found)]  # the fuller of two
        raise NotVisible(" ".join(told) or f"No image here can show {step.concept}.")
    steps = looking.look(step, able[0], result.computed)
    result.steps += steps
    drawn = [s.mask for s in steps if s.mask is not None]
    if not drawn:
        raise GroundingError(f"{looking.reasoner.name} made no mask of {step.concept}.")
    result.masks[step.id] = drawn[-1]
    if drawn[:-1]:
        result.second[step.id] = drawn[:-1]
    for sensor in able[1:]:
        try:
            beside = looking.look(step, sensor, result.computed)
        except GroundingError as err:
            result.steps.append(Step("text", f"A second look with {sensor}: {err}"))
            continue
        result.steps += [replace(s, method="") if s.kind == "text" else s for s in beside]
        result.second.setdefault(step.id, []).append(next(s.mask for s in reversed(beside) if s.mask is not None))


def ground_plan(
    plan: Plan,
    stack: ImageStack,
    by_window: Mapping[str, Mapping[str, str]],
    *,
    reasoner: Reasoner,
    workspace: Workspace,
) -> Grounded:
    """Carry out every step of a plan that makes a mask.

    One sensor serves the whole plan where one can; the other takes a second look, for checking only.

    Args:
        plan: What to do.
        stack: The pixels.
        by_window: Scene id by window and sensor.
        reasoner: What makes masks of concepts.
        workspace: Where masks are kept, so that nothing is mapped twice.

    Raises:
        NotVisible: A concept that is needed cannot be seen by any sensor here.
        GroundingError: It could be seen, but the pixels do not decide.
        UndefinedMeasurement: A region that is asked for does not exist.
    """
    looking = _Looking(reasoner, stack, by_window, workspace)
    result = Grounded()
    sensors = _order(looking, [s for s in plan.steps if isinstance(s, Ground)])
    for step in plan.order():
        if isinstance(step, Ground):
            try:
                _ground(step, sensors, looking, result)
            except GroundingError as err:
                if not step.optional:
                    raise
                result.left_out[step.id] = str(err)
            continue
        if any(name in result.left_out for name, kind in step.references if kind == "mask"):
            continue
        if combines(step):
            made = combined(step, result.masks, workspace=workspace)
            result.masks[step.id] = made.mask
            result.steps.append(Step("ground", f"{made.mask.label}: {made.how}.", made.mask, method=made.method))
            if made.computed:
                result.computed.append(step.id)
    return result
