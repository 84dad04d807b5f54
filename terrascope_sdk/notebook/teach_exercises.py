"""A lesson's order: what is shown, where it stops, and what is held back until the student has answered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from terrascope_sdk.errors import InputError
from terrascope_sdk.types import Answer, Mask, Measurement, Step
from terrascope_sdk.types.concepts import vocabulary

__all__ = ["Exercise", "Lines", "exercise_lines"]

_LARGE_M2 = 1e9

_SAID = {
    "net": "net change (later minus earlier)",
    "share_changed": "net change as a share of the earlier extent",
    "edge_length": "length of the edge",
    "shared_edge_length": "length of the shared edge",
}


@dataclass(frozen=True)
class Exercise:
    """One thing to paint or to predict. Holds the solution: never sent as it is."""

    number: int
    """Place in the lesson, from 1."""

    mask: Mask | None = None
    """The mask to paint; None for a number."""

    reference: Mask | None = None
    """The instructor's mask of the same, if there is one."""

    measurement: Measurement | None = None
    """The number to predict; None for a mask."""

    shown: tuple[Mask, ...] = ()
    """For a number: the masks it is measured on, all of which were painted and revealed before."""

    unit: str = ""
    """Unit in which the number is asked for; chosen from the question and the area, never from the number."""

    scale: float = 1.0
    """So many of the measurement's units are one of `unit`."""

    @property
    def kind(self) -> str:
        """``mask``, ``number`` or ``yes_no``."""
        if self.measurement is None:
            return "mask"
        return "yes_no" if isinstance(self.measurement.value, bool) else "number"

    @property
    def subject(self) -> str:
        """What is asked for, in words that tell nothing of the solution."""
        if self.mask is not None:
            return ", ".join(p for p in (self.mask.label, self.mask.when, self.mask.sensor) if p)
        number = self.measurement
        return "" if number is None else f"{number.name.replace('_', ' ')} of {number.subject}"

    @property
    def prompt(self) -> str:
        """The task in one sentence."""
        if self.mask is not None:
            concept = vocabulary.get(self.mask.label)
            what = self.mask.label if concept is None else concept.title
            by = "radar" if self.mask.sensor == "sar" else self.mask.sensor
            rest = " ".join(p for p in (by, "image", self.mask.when and f"of {self.mask.when}") if p)
            return f"Paint {what} in the {rest}."
        number = self.measurement
        if number is None:  # an exercise has a mask or a number
            return ""
        if self.kind == "yes_no":
            return f"{'Do these touch' if number.name == 'touches' else 'Is this so'}: {number.subject}?"
        return f"Predict the {_SAID.get(number.name, number.name.replace('_', ' '))} of {number.subject}."

    @property
    def meaning(self) -> str:
        """What belongs to the thing that is to be painted; empty where the vocabulary does not say."""
        concept = None if self.mask is None else vocabulary.get(self.mask.label)
        return "" if concept is None else concept.definition


@dataclass(frozen=True)
class Lines:
    """The lesson in its order: steps, and the exercises between them."""

    items: tuple[Step | Exercise, ...]
    """Every exercise stands before the first step that would tell its solution."""

    @property
    def exercises(self) -> tuple[Exercise, ...]:
        """The exercises in their order."""
        return tuple(i for i in self.items if isinstance(i, Exercise))

    def steps(self, given: int) -> tuple[tuple[Step, str | None], ...]:
        """Return the steps that may be seen, each with its text, or None while the text would tell too much.

        While a number is still to be predicted, the text of a step that made a mask is held back, for it says how
        much of the scene the mask covers; so is every other text that holds a percentage or a number still open.

        Args:
            given: So many exercises were answered.
        """
        open_numbers = [e.measurement for e in self.exercises[given:] if e.measurement is not None]
        seen: list[tuple[Step, str | None]] = []
        for item in self.items:
            if isinstance(item, Step):
                told = bool(open_numbers) and _tells(item, open_numbers)
                seen.append((item, None if told else item.text))
            elif item.number > given:
                break
        return tuple(seen)


def exercise_lines(answer: Answer, references: Sequence[Mask] = ()) -> Lines:
    """Return a lesson's order for an answer.

    Masks of the same thing at the same time by the same sensor are one exercise: the mask that the numbers are
    measured on, or the last. Numbers come after all masks, in the order of their masks.

    Args:
        answer: A measured answer.
        references: Masks of an instructor; each is paired with the mask of the same label on the same grid, of the
            same date and sensor where the reference has them.

    Raises:
        InputError: The answer was not answered, has nothing to paint or to predict, or a reference fits no mask.
    """
    if answer.status != "answered":
        raise InputError(f"There is nothing to teach, the run ended as {answer.status}: {answer.text}")
    steps = [s for c in answer.chains for s in c.steps]
    measured = {i for m in answer.measurements for i in m.mask_ids}
    groups: dict[tuple[object, ...], list[Mask]] = {}
    for mask in (s.mask for s in steps if s.mask is not None):
        groups.setdefault(_key(mask), []).append(mask)
    asked = {k: next((m for m in masks if m.id in measured), masks[-1]) for k, masks in groups.items()}
    paired = _paired(references, list(asked.values()))
    lines: list[Step | Exercise] = []
    started: set[tuple[object, ...]] = set()
    count = 0
    for step in (s for s in steps if s.kind not in ("measure", "answer") or s.mask is not None):
        key = None if step.mask is None else _key(step.mask)
        if key is not None and key not in started:
            started.add(key)
            count += 1
            lines.append(Exercise(count, mask=asked[key], reference=paired.get(asked[key].id)))
        lines.append(step)
    for number, step in _numbers(answer, steps, list(asked.values())):
        count += 1
        unit, scale = _asked_unit(number, answer)
        shown = tuple(m for m in asked.values() if m.id in number.mask_ids)
        lines += [Exercise(count, measurement=number, shown=shown, unit=unit, scale=scale), step]
    if not count:
        raise InputError("This answer has no mask to paint and no number to predict.")
    return Lines((*lines, *(s for s in steps if s.kind == "answer" and s.mask is None)))


def _key(mask: Mask) -> tuple[object, ...]:
    return mask.label, mask.date, mask.period_s, mask.sensor, mask.grid


def _numbers(answer: Answer, steps: list[Step], masks: list[Mask]) -> list[tuple[Measurement, Step]]:
    place = {m.id: i for i, m in enumerate(masks)}
    found = [(m, s) for s in steps if s.mask is None for m in s.measurements]
    known = {m.id for m, _ in found}
    found += [(m, Step("measure", str(m), measurements=(m,))) for m in answer.measurements if m.id not in known]
    unique = {m.id: (m, Step("measure", str(m), measurements=(m,), method=m.method)) for m, _ in found}
    return sorted(unique.values(), key=lambda pair: [place.get(i, len(masks)) for i in pair[0].mask_ids])


def _asked_unit(number: Measurement, answer: Answer) -> tuple[str, float]:
    """Return the unit to ask in and its size, from what was asked for and the size of the scene alone."""
    base, _, year = number.unit.partition(" ")
    scene_m2 = max((_extent_m2(m) for m in answer.masks if m.grid.crs is not None), default=0.0)
    areas = {"m2": ("m²", 1.0), "ha": ("ha", 1e4), "km2": ("km²", 1e6)}
    wanted = number.prefer if number.prefer in areas else "km2" if scene_m2 > _LARGE_M2 else "ha"
    named = {"m2": areas[wanted], "m": ("m", 1.0), "1": ("%", 0.01), "count": ("", 1.0)}
    name, scale = named[base]
    return f"{name} a year".strip() if year else name, scale


def _extent_m2(mask: Mask) -> float:
    height, width = mask.grid.pixel_size_m
    return height * width * mask.grid.height * mask.grid.width


def _paired(references: Sequence[Mask], masks: list[Mask]) -> dict[str, Mask]:
    pairs: dict[str, Mask] = {}
    for reference in references:
        fitting = [m for m in masks if _fits(reference, m)]
        if not fitting:
            raise InputError(
                f"The reference {reference!r} fits no mask of this lesson.",
                hint=f"It asks for {'; '.join(Exercise(0, mask=m).subject for m in masks) or 'no mask'}; label, date, "
                "sensor and grid have to agree.",
            )
        pairs |= {m.id: reference for m in fitting}
    return pairs


def _fits(reference: Mask, mask: Mask) -> bool:
    if reference.label != mask.label or not reference.grid.same_as(mask.grid):
        return False
    dated = reference.date is None or (mask.date is not None and reference.date.date() == mask.date.date())
    return dated and reference.sensor in ("", mask.sensor)


def _tells(step: Step, numbers: list[Measurement]) -> bool:
    return step.mask is not None or "%" in step.text or any(m.text in step.text for m in numbers)
