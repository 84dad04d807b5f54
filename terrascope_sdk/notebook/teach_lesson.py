"""A lesson: a finished answer whose masks and numbers are shown one by one, each after the student's own attempt."""

from __future__ import annotations

import secrets
import time as clock
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import anywidget
import traitlets

from terrascope_sdk.errors import InputError, TerraScopeError
from terrascope_sdk.notebook.teach_exercises import Exercise, exercise_lines
from terrascope_sdk.notebook.teach_marks import marks
from terrascope_sdk.notebook.teach_paint import Painting
from terrascope_sdk.notebook.teach_record import append_attempt
from terrascope_sdk.notebook.teach_scores import Attempt, now
from terrascope_sdk.notebook.teach_state import (
    attempt_png,
    ending_document,
    lesson_html,
    lesson_images,
    result_line,
    review_document,
    review_images,
    step_line,
    task_document,
)
from terrascope_sdk.render.html import printable
from terrascope_sdk.types import Answer, Mask
from terrascope_sdk.types.answer_text import place_line
from terrascope_sdk.types.encoding import JsonValue

__all__ = ["RESULTS", "Lesson"]

RESULTS = "lesson-results.jsonl"
"""Name of the results file in the notebook's folder, unless another is given."""

_HERE = Path(__file__).parent
_MAX_NAME = 80


class Lesson(anywidget.AnyWidget):
    """A question to work through: paint each mask, predict each number, then see what the model has.

    The solution stays in the kernel: it is in no trait, message, ``repr`` or output before the attempt. It is hidden,
    not locked: who looks into the kernel's memory or runs the question finds it.
    """

    _esm = _HERE / "teach_view.js"
    _css = _HERE / "teach_view.css"

    document = traitlets.Dict().tag(sync=True)
    """What may be seen: steps so far, the task, or the review of the last attempt."""

    images = traitlets.Dict().tag(sync=True)
    """PNG bytes of what may be seen, by name."""

    attempt = traitlets.Bytes().tag(sync=True)
    """The student's own mask as it is painted, PNG."""

    painting = traitlets.Dict().tag(sync=True)
    """How many changes were made to it, and how many pixels it has."""

    problem = traitlets.Unicode("").tag(sync=True)
    """Why the last thing that was sent could not be taken, or nothing."""

    def __init__(
        self,
        answer: Answer,
        *,
        references: Sequence[Mask] = (),
        results: str | Path | None = RESULTS,
        student: str = "",
    ) -> None:
        """Make a lesson of an answer.

        Args:
            answer: A measured answer.
            references: Masks that the instructor trusts.
            results: File to which each attempt is added; None for none.
            student: Name for the results.

        Raises:
            InputError: The answer has nothing to teach, or a reference fits no mask.
        """
        super().__init__()
        self._answer = answer
        self._lines = exercise_lines(answer, references)
        self._file = None if results is None else Path(results)
        self._session = secrets.token_hex(4)
        self._attempts: list[Attempt] = []
        self._reviewing = False
        self._begun_s = clock.monotonic()
        self._painting: Painting | None = None
        self._last: Painting | None = None
        self._student = _name(student)
        self._open()
        self.on_msg(self._heard)

    # ------------------------------------------------------------------------------------------------ what is known

    @property
    def answer(self) -> Answer:
        """The answer, once every exercise was given.

        Raises:
            InputError: Some are still open.
        """
        if not self.finished:
            left = len(self._lines.exercises) - len(self._attempts)
            raise InputError(f"The answer is not shown yet: {left} of the exercises are open.", hint="Finish them.")
        return self._answer

    @property
    def finished(self) -> bool:
        """Whether every exercise was given."""
        return len(self._attempts) == len(self._lines.exercises)

    @property
    def task(self) -> str:
        """What is to be done now, in one sentence; empty when everything was given."""
        if self.finished:
            return ""
        exercise = self._lines.exercises[len(self._attempts)]
        return printable(f"{exercise.prompt} In {exercise.unit}." if exercise.unit else exercise.prompt)

    def results(self) -> tuple[Attempt, ...]:
        """Return what was given so far, with its scores."""
        return tuple(self._attempts)

    # --------------------------------------------------------------------------------------------- what can be done

    def paint(self, points: Any, *, radius_px: float = 3.0, erase: bool = False, fill: bool = False) -> None:
        """Paint, or erase, along a line or inside an outline; as the brush in the view does.

        Args:
            points: Places as (row, column) in pixels.
            radius_px: Of the brush, in pixels.
            erase: Whether pixels are taken away instead.
            fill: Whether the points are the corners of an outline that is filled.

        Raises:
            InputError: No mask is asked for now, or the stroke cannot be painted.
        """
        canvas = self._canvas()
        if fill:
            canvas.outline(points, erase=erase)
        else:
            canvas.stroke(points, radius_px=radius_px, erase=erase)
        self._show_painting()

    def submit(self, value: float | bool | None = None, *, nothing: bool = False) -> Attempt:
        """Give the painted mask, or a number; then the step is revealed.

        Args:
            value: The number in the unit that is asked for, see :attr:`task`; left out for a mask.
            nothing: Say that there is nothing to paint: an empty mask counts as an attempt only then.

        Returns:
            The attempt with its scores, which is also added to the results file.

        Raises:
            InputError: Nothing is asked for now, nothing is painted, or the value is no number.
            ExportError: The results file cannot be written; the step stays hidden.
        """
        if self.finished or self._reviewing:
            raise InputError("Nothing is asked for now.", hint="Go on with continue_lesson().")
        if self._painting is not None and not self._painting.pixels.any() and not nothing:
            raise InputError("Nothing is painted yet.", hint="Paint, or say that there is none.")
        made = self._scored(self._lines.exercises[len(self._attempts)], value)
        if self._file is not None:
            append_attempt(self._file, made)
        self._attempts.append(made)
        self._reviewing, self._last, self._painting = True, self._painting, None
        self._show()
        return made

    def continue_lesson(self) -> None:
        """Go on from the review of an attempt to the next exercise, or to the end."""
        if self._reviewing:
            self._reviewing = False
            self._open()

    # ------------------------------------------------------------------------------------------------------- inside

    def _canvas(self) -> Painting:
        if self._painting is None:
            raise InputError("No mask is asked for now.", hint=self.task)
        return self._painting

    def _scored(self, exercise: Exercise, value: object) -> Attempt:
        pixels = None if self._painting is None else self._painting.pixels
        scores = marks(exercise, pixels, value)
        return Attempt(
            question=printable(self._answer.question), student=self._student or "anonymous", session=self._session,
            exercise=exercise.number, kind="mask" if exercise.mask is not None else "number",
            subject=printable(exercise.subject), at=now(), spent_s=round(clock.monotonic() - self._begun_s, 1),
            **scores,
        )  # fmt: skip

    def _open(self) -> None:
        """Begin with the next exercise."""
        self._begun_s = clock.monotonic()
        exercise = None if self.finished else self._lines.exercises[len(self._attempts)]
        mask = None if exercise is None else exercise.mask
        self._painting = None if mask is None else Painting(mask.valid)
        self._show()

    def _show(self) -> None:
        exercises, given = self._lines.exercises, len(self._attempts)
        phase = "review" if self._reviewing else "end" if self.finished else "task"
        document: dict[str, JsonValue] = {
            "question": printable(self._answer.question),
            "place": printable(place_line(self._answer)),
            "count": len(exercises),
            "given": given,
            "phase": phase,
            "student": self._student,
            "steps": [step_line(step, text) for step, text in self._lines.steps(given)],
            "results": [result_line(a, e) for a, e in zip(self._attempts, exercises, strict=False)],
        }
        images: dict[str, bytes] = {}
        if phase == "task":
            document["task"] = task_document(exercises[given], self._answer)
            images = lesson_images(exercises[given], self._answer)
        elif phase == "review":
            painted = None if self._last is None else self._last.pixels
            document["task"] = task_document(exercises[given - 1], self._answer)
            document["review"] = review_document(exercises[given - 1], self._attempts[-1], last=self.finished)
            images = review_images(exercises[given - 1], self._answer, painted)
        else:
            document["ending"] = ending_document(self._answer)
        with self.hold_sync():
            self.images, self.document, self.problem = images, document, ""
            self._show_painting()

    def _show_painting(self) -> None:
        canvas = self._painting
        exercise = None if canvas is None else self._lines.exercises[len(self._attempts)]
        with self.hold_sync():
            if canvas is None or exercise is None or exercise.mask is None:
                self.attempt, self.painting = b"", {"changes": 0, "pixels": 0, "can_undo": False}
                return
            self.attempt = attempt_png(canvas.pixels, exercise.mask)
            self.painting = {
                "changes": canvas.changes, "pixels": int(canvas.pixels.sum()), "can_undo": canvas.can_undo,
            }  # fmt: skip
            self.problem = ""

    def _heard(self, widget: object, message: dict[str, Any], buffers: object) -> None:  # from the browser
        try:
            self._do(str(message.get("kind")), message)
        except TerraScopeError as err:
            self.problem = printable(str(err))
        except (AttributeError, KeyError, TypeError, ValueError):
            self.problem = "That was not understood."
        self.send({"kind": "heard"})

    def _do(self, kind: str, message: dict[str, Any]) -> None:  # from the browser
        if kind == "stroke":
            radius, erase, fill = float(message["radius_px"]), bool(message["erase"]), bool(message["fill"])
            self.paint(message["points"], radius_px=radius, erase=erase, fill=fill)
        elif kind in ("undo", "clear", "invert"):
            getattr(self._canvas(), kind)()
            self._show_painting()
        elif kind == "submit":
            self.submit(message.get("value"), nothing=message.get("nothing") is True)
        elif kind == "continue":
            self.continue_lesson()
        elif kind == "name":
            self._student = _name(str(message["name"]))
            self.document = self.document | {"student": self._student}

    def __repr__(self) -> str:
        return (
            f"Lesson({printable(self._answer.question)!r}, {len(self._attempts)} of {len(self._lines.exercises)} given)"
        )

    def _repr_mimebundle_(self, **given: Any) -> Any:  # IPython's protocol
        made = super()._repr_mimebundle_(**given)
        if made is None:
            return made
        bundle, about = made if isinstance(made, tuple) else (made, {})
        if self.finished:
            return bundle | self._answer._repr_mimebundle_(), about
        page = lesson_html(self._answer.question, self._attempts, self._lines.exercises)
        return bundle | {"text/plain": repr(self), "text/html": page}, about


def _name(text: str) -> str:
    return " ".join(printable(text).split())[:_MAX_NAME]
