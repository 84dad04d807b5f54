"""What a chain's view is told: plain JSON of an answer, and its pictures and masks as bytes, each once."""

from __future__ import annotations

from collections.abc import Iterable

from terrascope_sdk.notebook.wire import drawn_mask, drawn_picture
from terrascope_sdk.render.html import printable
from terrascope_sdk.render.palette import colour_of, hex_of
from terrascope_sdk.types import Answer, Mask, Measurement, Picture, ReasoningChain, Step
from terrascope_sdk.types.answer_text import mask_names, place_line
from terrascope_sdk.types.encoding import JsonValue
from terrascope_sdk.types.measurement_html import split_bounds

__all__ = ["chain_document", "mask_document", "number_document", "picture_document", "step_document"]


def step_document(step: Step, *, number: int) -> dict[str, JsonValue]:
    """Return a step as its view shows it; masks and numbers are named by id."""
    return {
        "number": number,
        "kind": step.kind,
        "text": printable(step.text),
        "mask": None if step.mask is None else step.mask.id,
        "masks": list(step.mask_ids),
        "method": printable(step.method),
        "reference": printable(step.reference),
        "injected": list(step.injected),
        "token_grid": None if step.token_grid is None else list(step.token_grid),
        "numbers": [m.id for m in step.measurements],
    }


def number_document(number: Measurement, names: dict[str, str]) -> dict[str, JsonValue]:
    """Return a measurement as its view shows it: value, bounds with what they mean, observed share, masks."""
    between, meaning = split_bounds(number)
    return {
        "id": number.id,
        "name": number.name.replace("_", " "),
        "subject": printable(number.subject),
        "text": number.text,
        "between": between,
        "meaning": meaning,
        "observed": None if number.observed_frac is None else f"{number.observed_frac:.1%}",
        "method": printable(number.method),
        "notes": [printable(n) for n in number.notes],
        "masks": list(number.mask_ids),
        "mask_names": ", ".join(names[i] for i in number.mask_ids if i in names),
    }


def mask_document(mask: Mask, name: str, picture: Picture | None) -> tuple[dict[str, JsonValue], bytes]:
    """Return what is said of a mask, and its PNG."""
    sent = drawn_mask(mask.to_uint8(), colour_of(mask.label))
    inside, seen = int(mask.pixels.sum()), int(mask.valid.sum())
    when = "" if mask.date is None else f"{mask.date:%Y-%m-%d}"
    title = " ".join(p for p in (name, printable(mask.label), when, mask.sensor) if p)
    document: dict[str, JsonValue] = {
        "id": mask.id,
        "name": name,
        "title": title,
        "colour": hex_of(colour_of(mask.label)),
        "picture": None if picture is None else picture.id,
        "rows": mask.grid.height,
        "columns": mask.grid.width,
        "alt": f"Mask {title}: {inside:,} of {seen:,} observed pixels.",
        "reduced": sent.factor,
    }
    return document, sent.png


def picture_document(picture: Picture) -> tuple[dict[str, JsonValue], bytes]:
    """Return what is said of a picture, and its PNG."""
    sent = drawn_picture(picture.rgb, picture.valid)
    document: dict[str, JsonValue] = {
        "id": picture.id,
        "title": printable(picture.title),
        "credit": printable(picture.attribution),
        "rows": picture.grid.height,
        "columns": picture.grid.width,
        "reduced": sent.factor,
    }
    return document, sent.png


def _steps(chains: Iterable[ReasoningChain]) -> list[JsonValue]:
    steps = [s for c in chains for s in c.steps]
    return [step_document(s, number=i) for i, s in enumerate(steps, 1)]


def chain_document(answer: Answer) -> tuple[dict[str, JsonValue], dict[str, bytes]]:
    """Return an answer as its view shows it, and the PNGs of its pictures and masks by id."""
    names = mask_names(answer)
    numbers = {
        m.id: m for m in (*answer.measurements, *(m for c in answer.chains for s in c.steps for m in s.measurements))
    }
    pictures = [picture_document(p) for p in answer.pictures]
    masks = [mask_document(m, names[m.id], answer.picture_for(m)) for m in answer.masks]
    claims = [f"{c.reasoner or 'the reasoner'}: {c.claim}" for c in answer.chains if c.claim and c.claim != answer.text]
    document: dict[str, JsonValue] = {
        "question": printable(answer.question),
        "status": answer.status,
        "text": printable(answer.text),
        "place": printable(place_line(answer)),
        "steps": _steps(answer.chains),
        "numbers": [number_document(m, names) for m in numbers.values()],
        "asked": [m.id for m in answer.measurements],
        "checks": [{"name": c.name, "passed": c.passed, "detail": printable(c.detail)} for c in answer.checks],
        "warnings": [printable(w) for w in answer.warnings],
        "claims": [printable(c) for c in claims],
        "pictures": [d for d, _ in pictures],
        "masks": [d for d, _ in masks],
        "credit": printable(answer.provenance.attribution),
    }
    return document, {str(d["id"]): png for d, png in (*pictures, *masks)}
