"""The plan: a small typed program over scenes, masks and measurements. It is data, never code.

A plan can be shown, edited, checked, stored and run again. Whoever writes one, a person, the rules or a language model,
only names steps that exist; what could not be carried out is refused before anything is loaded.
"""

import json
from functools import cached_property
from typing import TYPE_CHECKING, Annotated, Any, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, ValidationError, model_validator

from terrascope_sdk.errors import InputError
from terrascope_sdk.plan.places import place_name, sound_aoi
from terrascope_sdk.plan.soundness import check_steps, ordered, unit_of
from terrascope_sdk.plan.step import StepBase
from terrascope_sdk.plan.steps import PlanStep
from terrascope_sdk.plan.text import parse_plan_text, plan_text
from terrascope_sdk.plan.windows import Name, Window
from terrascope_sdk.types.encoding import JsonValue, content_id

if TYPE_CHECKING:
    from terrascope_sdk.plan.stages import Stages
    from terrascope_sdk.types import Answer, Listener

__all__ = ["MAX_QUESTION", "Asked", "DisplayUnit", "Plan"]

MAX_QUESTION = 2000
"""Longest question, in characters."""

DisplayUnit = Literal["m2", "ha", "km2", "m", "km"]
"""Units for display; the number itself is always in m2 or m."""

_FITTING: dict[str | None, tuple[str, ...]] = {"m2": ("m2", "ha", "km2"), "m": ("m", "km")}


class Asked(BaseModel):
    """One thing that the question asks for."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    step: Name
    """The step that gives it: a measurement, a mask when only a map is wanted, a chain or a file."""

    unit: DisplayUnit | None = None
    """Unit to show it in; by size when left out."""


class Plan(BaseModel):
    """A question as a program over masks."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    question: Annotated[str, StringConstraints(max_length=MAX_QUESTION)]
    """As it was asked."""

    aoi: (
        Annotated[dict[str, Any], AfterValidator(sound_aoi)]
        | Annotated[str, Field(min_length=1, max_length=200), AfterValidator(place_name)]
        | None
    ) = None
    """Where: an area as ``{"name", "geometry"}``, the name of a known place, or None when it is still to be said."""

    windows: Annotated[tuple[Window, ...], Field(max_length=32)] = ()
    """When, by name."""

    steps: Annotated[tuple[PlanStep, ...], Field(min_length=1, max_length=200)]
    """What to do. Any order; each step says what it takes."""

    answer: Annotated[tuple[Asked, ...], Field(min_length=1, max_length=32)]
    """What was asked for, the first thing first."""

    planner: Annotated[str, StringConstraints(max_length=200)] = "hand"
    """Who wrote the plan."""

    confidence: Annotated[float, Field(ge=0, le=1)] = 1.0
    """How sure the planner is that this is what was meant, 0-1; no probability."""

    assumptions: Annotated[tuple[Annotated[str, StringConstraints(max_length=1000)], ...], Field(max_length=64)] = ()
    """What was taken for granted, in plain sentences."""

    @model_validator(mode="after")
    def _is_sound(self) -> Self:
        check_steps(self.steps, self.windows)
        kinds = {s.id: s for s in self.steps}
        for asked in self.answer:
            step = kinds.get(asked.step)
            if step is None:
                raise InputError(f"The answer names {asked.step!r}, which is no step of the plan.")
            if step.gives in {"scenes", "stack"}:
                raise InputError(f"The answer names {asked.step!r}, which gives {step.gives}: nothing was asked there.")
            if asked.unit is not None and asked.unit not in _FITTING.get(unit_of(step, kinds), ()):
                raise InputError(
                    f"Step {asked.step!r} ({type(step).__name__.lower()}) cannot be shown in {asked.unit}."
                )
        return self

    # ------------------------------------------------------------------------------------------------ reading it

    @cached_property
    def id(self) -> str:
        """Content hash of everything."""
        return content_id("plan", self.to_json())

    def step(self, step_id: str) -> PlanStep:
        """Return a step by its id.

        Raises:
            InputError: There is none.
        """
        for step in self.steps:
            if step.id == step_id:
                return step
        raise InputError(f"The plan has no step {step_id!r}.", hint=f"It has {', '.join(s.id for s in self.steps)}.")

    def window(self, name: str) -> Window:
        """Return a window by its name.

        Raises:
            InputError: There is none.
        """
        for window in self.windows:
            if window.name == name:
                return window
        raise InputError(f"The plan has no window {name!r}.", hint=f"It has {', '.join(w.name for w in self.windows)}.")

    def order(self) -> tuple[StepBase, ...]:
        """Return the steps so that each comes after what it takes."""
        return ordered(self.steps)

    def run(self, *, stages: "Stages | None" = None, on_event: "Listener | None" = None) -> "Answer":
        """Carry the plan out; see :func:`~terrascope_sdk.plan.execute.execute`.

        Args:
            stages: Workspace and reasoner; defaults when left out.
            on_event: Called with each event.
        """
        from terrascope_sdk.plan.execute import execute

        return execute(self, stages=stages, on_event=on_event)

    # ----------------------------------------------------------------------------------------------- in and out

    def to_json(self) -> dict[str, JsonValue]:
        """Return plain JSON values."""
        return self.model_dump(mode="json")

    @classmethod
    def parse(cls, document: JsonValue) -> "Plan":
        """Read a plan from outside: a JSON object, or its text.

        Raises:
            InputError: It is no sound plan; the message names the step and what is wrong with it.
        """
        try:
            value = json.loads(document) if isinstance(document, str | bytes) else document
        except (ValueError, RecursionError) as err:
            raise InputError(f"A plan must be JSON: {err}.", hint="For the text form use Plan.from_text.") from err
        try:
            return cls.model_validate(value)
        except ValidationError as err:
            raise InputError(f"This plan cannot be used: {_complaints(err, value)}") from err

    @classmethod
    def from_text(cls, text: str) -> "Plan":
        """Read what ``str(plan)`` wrote.

        Raises:
            ParseError: A line is not of the form.
            InputError: It is no sound plan.
        """
        return cls.parse(parse_plan_text(text))

    @classmethod
    def json_schema(cls) -> dict[str, JsonValue]:
        """Return the JSON schema, as language models and other tools get it."""
        return cls.model_json_schema()

    def __str__(self) -> str:
        return plan_text(self)

    def _repr_html_(self) -> str:
        from terrascope_sdk.plan.drawing import plan_html

        return plan_html(self)

    def __repr__(self) -> str:
        asked = ", ".join(a.step for a in self.answer)
        return f"Plan({self.question[:60]!r}, {len(self.steps)} steps, answer {asked}, by {self.planner})"

    def __hash__(self) -> int:
        return hash(self.id)


def _complaints(err: ValidationError, document: JsonValue) -> str:
    """Return pydantic's findings as sentences that name steps instead of positions."""
    found = []
    for problem in err.errors(include_url=False, include_input=False)[:5]:
        message = problem["msg"].removeprefix("Value error, ").rstrip(".")
        place = list(problem["loc"])
        if place[:1] == ["steps"] and len(place) > 1 and isinstance(place[1], int):
            place[:2] = [f"step {_step_name(document, place[1])}"]
        found.append(f"{' / '.join(map(str, place))}: {message}." if place else f"{message}.")
    return " ".join(found)


def _step_name(document: JsonValue, position: int) -> str:
    step = document["steps"][position]
    return repr(str(step["id"])[:40]) if isinstance(step, dict) and "id" in step else f"number {position + 1}"
