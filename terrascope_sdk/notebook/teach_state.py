"""What a lesson's view is told: only what the student may see at this moment."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from jaxtyping import Bool

from terrascope_sdk.notebook.teach_exercises import Exercise
from terrascope_sdk.notebook.teach_scores import Attempt
from terrascope_sdk.notebook.wire import WIRE_PX, drawn_mask, drawn_picture
from terrascope_sdk.render.html import printable, tag
from terrascope_sdk.render.palette import colour_of, hex_of
from terrascope_sdk.render.png import encode_indexed_png
from terrascope_sdk.render.shrink import reduction, shrink_codes
from terrascope_sdk.types import Answer, Mask, Step
from terrascope_sdk.types.encoding import JsonValue

__all__ = [
    "COMPARED",
    "attempt_png",
    "comparison_png",
    "ending_document",
    "lesson_html",
    "lesson_images",
    "result_line",
    "review_document",
    "review_images",
    "step_line",
    "task_document",
]

COMPARED = {"both": (0, 114, 178), "only you": (230, 159, 0), "only the other": (204, 121, 167)}
"""Colours of a comparison, told apart by colour-blind readers as well (Okabe and Ito)."""

_ALPHA, _UNSEEN = 190, (138, 138, 138, 170)
_HELD = "(its text is shown when all numbers were predicted)"


def step_line(step: Step, text: str | None) -> dict[str, JsonValue]:
    """Return a step as it may be seen; a held-back text is replaced by a note."""
    return {
        "kind": step.kind,
        "text": _HELD if text is None else printable(text),
        "held": text is None,
        "label": "" if step.mask is None else printable(step.mask.label),
        "method": printable(step.method),
        "reference": printable(step.reference),
    }


def _panels(exercise: Exercise) -> tuple[Mask, ...]:
    return exercise.shown if exercise.mask is None else (exercise.mask,)


def _size_text(mask: Mask) -> str:
    grid = mask.grid
    pixels = f"{grid.width} x {grid.height} pixels"
    if grid.crs is None:
        return pixels
    height_m, width_m = grid.pixel_size_m
    return f"{pixels}, {grid.width * width_m / 1000:.3g} x {grid.height * height_m / 1000:.3g} km"


def task_document(exercise: Exercise, answer: Answer) -> dict[str, JsonValue]:
    """Return what is asked, with the size of the canvas; nothing of the solution."""
    mask = exercise.mask
    colour = (0, 0, 0) if mask is None else colour_of(mask.label)
    pictures = [answer.picture_for(m) for m in _panels(exercise)]
    return {
        "number": exercise.number,
        "kind": exercise.kind,
        "prompt": printable(exercise.prompt),
        "meaning": printable(exercise.meaning),
        "unit": exercise.unit,
        "rows": 0 if mask is None else mask.grid.height,
        "columns": 0 if mask is None else mask.grid.width,
        "colour": hex_of(colour),
        "panels": [
            {
                "title": "" if p is None else printable(p.title),
                "credit": "" if p is None else printable(p.attribution),
                "rows": m.grid.height,
                "columns": m.grid.width,
                "label": printable(m.label),
                "size": _size_text(m),
            }
            for m, p in zip(_panels(exercise), pictures, strict=True)
        ],
    }


def lesson_images(exercise: Exercise, answer: Answer) -> dict[str, bytes]:
    """Return the pictures of a task, and for a number the masks that were revealed before."""
    images = {}
    for i, mask in enumerate(_panels(exercise)):
        picture = answer.picture_for(mask)
        if picture is not None:
            images[f"picture-{i}"] = drawn_picture(picture.rgb, picture.valid).png
        if exercise.mask is None:
            images[f"mask-{i}"] = drawn_mask(mask.to_uint8(), colour_of(mask.label)).png
    return images


def attempt_png(pixels: Bool[np.ndarray, "y x"], mask: Mask) -> bytes:
    """Return a painted mask as PNG; of `mask` only label and what was observed are used."""
    codes = np.where(mask.valid, pixels.astype(np.uint8), np.uint8(255))
    return drawn_mask(codes, colour_of(mask.label)).png


def comparison_png(painted: Bool[np.ndarray, "y x"], other: Mask) -> bytes:
    """Return where a painted mask and another agree and differ, in the colours of :data:`COMPARED`."""
    factor = reduction(*other.grid.shape, limit_px=WIRE_PX)
    given = shrink_codes(np.where(other.valid, painted.astype(np.uint8), np.uint8(255)), factor)
    model = shrink_codes(other.to_uint8(), factor)
    codes = np.where(model == 255, np.uint8(4), (given == 1) + 2 * (model == 1).astype(np.uint8))
    both, mine, theirs = ((*c, _ALPHA) for c in COMPARED.values())
    return encode_indexed_png(codes, [(0, 0, 0, 0), mine, theirs, both, _UNSEEN])


def review_images(exercise: Exercise, answer: Answer, painted: Bool[np.ndarray, "y x"] | None) -> dict[str, bytes]:
    """Return the pictures of a review: image, own mask, the model's, the reference, and both compared."""
    images = lesson_images(exercise, answer)
    if exercise.mask is None or painted is None:
        return images
    mask, reference = exercise.mask, exercise.reference
    images |= {
        "yours": attempt_png(painted, mask),
        "model": drawn_mask(mask.to_uint8(), colour_of(mask.label)).png,
        "against-model": comparison_png(painted, mask),
    }
    if reference is not None:
        images["reference"] = drawn_mask(reference.to_uint8(), colour_of(mask.label)).png
        images["against-reference"] = comparison_png(painted, reference)
    return images


def _percent(share: float | None) -> str:
    return "-" if share is None else f"{share:.0%}"


def _mask_rows(attempt: Attempt) -> list[tuple[str, str]]:
    rows = [
        ("IoU with the model's mask", f"{attempt.iou_model_frac or 0:.2f}"),
        ("of what you painted, the model has", _percent(attempt.precision_frac)),
        ("of the model's mask, you painted", _percent(attempt.recall_frac)),
    ]
    if attempt.iou_reference_frac is not None:
        rows += [
            ("IoU with the reference", f"{attempt.iou_reference_frac:.2f}"),
            ("IoU of the model with the reference", f"{attempt.model_reference_frac or 0:.2f}"),
        ]
    return rows


def _given_text(exercise: Exercise, attempt: Attempt) -> str:
    if exercise.kind == "yes_no":
        return "true" if attempt.given else "not true"
    return f"{(attempt.given or 0) / exercise.scale:,.6g} {exercise.unit}".strip()


def _measured_text(exercise: Exercise) -> str:
    number = exercise.measurement
    if number is None:
        return ""
    return ("true" if number.value else "not true") if exercise.kind == "yes_no" else number.text


def _error_text(error: float | None) -> str:
    if error is None:
        return "-"
    return "none" if error == 0 else f"{abs(error):.1%} too {'high' if error > 0 else 'low'}"


def _number_rows(exercise: Exercise, attempt: Attempt) -> list[tuple[str, str]]:
    number = exercise.measurement
    if number is None:
        return []
    rows = [("You said", _given_text(exercise, attempt)), ("Measured", _measured_text(exercise))]
    if exercise.kind != "yes_no":
        rows.append(("Relative error", _error_text(attempt.relative_error)))
    if attempt.within_bounds is not None:
        name = f"Within {number.bounds_text}" if number.bounds_text else "Right"
        rows.append((name, "yes" if attempt.within_bounds else "no"))
    return rows


def _notes(exercise: Exercise) -> list[str]:
    number = exercise.measurement
    if number is None:
        return []
    method = [f"How it was measured: {number.method}."] if number.method else []
    return method + [f"Note: {n}." for n in number.notes]


def review_document(exercise: Exercise, attempt: Attempt, *, last: bool) -> dict[str, JsonValue]:
    """Return the scores of an attempt, and what can be looked at beside it."""
    rows = _mask_rows(attempt) if exercise.mask is not None else _number_rows(exercise, attempt)
    layers = [("against-model", "You and the model"), ("yours", "Yours"), ("model", "The model's")]
    if exercise.reference is not None:
        layers += [("against-reference", "You and the reference"), ("reference", "The reference")]
    return {
        "rows": [[name, printable(text)] for name, text in rows],
        "notes": [printable(n) for n in _notes(exercise)],
        "layers": [] if exercise.mask is None else [list(pair) for pair in layers],
        "legend": [[name, hex_of(colour)] for name, colour in COMPARED.items()],
        "last": last,
    }


def result_line(attempt: Attempt, exercise: Exercise) -> dict[str, JsonValue]:
    """Return an attempt and its score in a few words."""
    if exercise.mask is not None:
        text = f"IoU {attempt.iou_model_frac or 0:.2f} with the model"
        if attempt.iou_reference_frac is not None:
            text += f", {attempt.iou_reference_frac:.2f} with the reference"
    elif exercise.kind == "yes_no":
        text = "right" if attempt.within_bounds else "wrong"
    else:
        text = f"{_given_text(exercise, attempt)}, measured {_measured_text(exercise)}"
    return {"number": attempt.exercise, "subject": attempt.subject, "text": text}


def ending_document(answer: Answer) -> dict[str, JsonValue]:
    """Return what is told at the end of a lesson: the answer with its checks and warnings."""
    return {
        "text": printable(answer.text),
        "checks": [{"name": c.name, "passed": c.passed, "detail": printable(c.detail)} for c in answer.checks],
        "warnings": [printable(w) for w in answer.warnings],
        "credit": printable(answer.provenance.attribution),
    }


def lesson_html(question: str, attempts: Sequence[Attempt], exercises: Sequence[Exercise]) -> str:
    """Return a lesson as static HTML: the question, and what was given so far; nothing that is still open."""
    done = [result_line(a, e) for a, e in zip(attempts, exercises, strict=False)]
    rows = [tag("li", f"{d['subject']}: {d['text']}") for d in done]
    left = f"A lesson with {len(exercises)} exercises, {len(done)} given. Run the cell to work on it."
    return str(tag("div", tag("b", printable(question)), tag("p", left), tag("ol", *rows) if rows else ""))
