"""An answer as plain text for a terminal, 100 columns wide, step by step."""

import textwrap

from terrascope_sdk.render.html import printable
from terrascope_sdk.types.answer import Answer
from terrascope_sdk.types.chain import ReasoningChain, Step
from terrascope_sdk.types.encoding import JsonValue
from terrascope_sdk.types.mask import Mask
from terrascope_sdk.types.measurement import Measurement

__all__ = ["WIDTH", "answer_text", "mask_names", "place_line", "scene_date", "status_words"]

WIDTH = 100
"""Columns."""

status_words = {
    "answered": ("answered", "Answer"),
    "needs_input": ("needs input", "Question back"),
    "cannot_answer": ("cannot answer", "Reason"),
    "failed": ("failed", "What went wrong"),
}
"""For each status, how it is called and what the answer's text then is."""


def mask_names(answer: Answer) -> dict[str, str]:
    """Return short names by mask id, in the order of the chains: M1, M2 and so on."""
    return {mask.id: f"M{i}" for i, mask in enumerate(answer.masks, 1)}


def scene_date(scene: dict[str, JsonValue]) -> str:
    """Return when a scene record was acquired, as precisely as it is known."""
    return str(scene.get("when") or scene.get("acquired", ""))


def place_line(answer: Answer) -> str:
    """Return where and when, for example ``spain; optical 2019-09-18; pixel 7.88 m x 9.97 m on the ground``."""
    source = answer.provenance
    days: dict[str, dict[str, None]] = {}
    for scene in source.scenes:
        days.setdefault(str(scene.get("sensor", "")), {})[scene_date(scene)] = None
    parts = [str(source.aoi.get("name") or "")] if source.aoi else []
    parts += [f"{sensor} {', '.join(sorted(found))}" for sensor, found in days.items()]
    grid = source.pixel_grid
    if grid is not None and grid.crs is not None:
        height_m, width_m = grid.pixel_size_m
        parts.append(f"pixel {width_m:.3g} m x {height_m:.3g} m on the ground")
    return "; ".join(p for p in parts if p)


def _wrapped(text: str, first: str = "", rest: str | None = None) -> list[str]:
    hanging = " " * len(first) if rest is None else rest
    lines: list[str] = []
    for paragraph in printable(text).expandtabs().split("\n"):
        start = first if not lines else hanging
        lines += textwrap.wrap(
            paragraph, WIDTH, initial_indent=start, subsequent_indent=hanging, replace_whitespace=True
        ) or [start.rstrip()]
    return lines


def _section(title: str) -> list[str]:
    return ["", title, "-" * len(title)]


def _number(number: Measurement, names: dict[str, str]) -> list[str]:
    lines = _wrapped(f"{number.name.replace('_', ' ')} of {number.subject}: {number.text}", "  ", "      ")
    if number.bounds_text:
        lines += _wrapped(number.bounds_text, "      ")
    seen = "" if number.observed_frac is None else f"{number.observed_frac:.1%} of the area observed"
    masks = ", ".join(names[i] for i in number.mask_ids if i in names)
    facts = "; ".join(p for p in (seen, f"on {masks}" if masks else "", *number.notes) if p)
    if facts:
        lines += _wrapped(facts, "      ")
    return lines + (_wrapped(number.method, "      method: ") if number.method else [])


def _mask(mask: Mask, name: str) -> str:
    told = ", ".join(p for p in (mask.label or "mask", mask.when, mask.sensor) if p)
    inside, seen = int(mask.pixels.sum()), int(mask.valid.sum())
    return f"{name}: {told}; {inside:,} of {seen:,} observed pixels, {mask.valid.size - seen:,} not observed"


def _step(number: int, step: Step, names: dict[str, str], *, told: bool) -> list[str]:
    indent = " " * 5
    lines = _wrapped("As stated above." if told else step.text, f"{number:>3}. ", indent)
    if step.mask is not None:
        lines += _wrapped(_mask(step.mask, names.get(step.mask.id, "mask")), f"{indent}mask ", indent * 2)
    if step.method:
        lines += _wrapped(step.method, f"{indent}method: ", indent * 2)
    if step.reference:
        lines += _wrapped(step.reference, f"{indent}reference: ", indent * 2)
    for measured in step.measurements:
        if str(measured) not in step.text:
            lines += _wrapped(str(measured), f"{indent}measured: ", indent * 2)
    return lines


def _chain(chain: ReasoningChain, names: dict[str, str], answer: Answer) -> list[str]:
    lines = _section(f"Reasoning, {printable(chain.reasoner)}"[:WIDTH] if chain.reasoner else "Reasoning")
    for number, step in enumerate(chain.steps, 1):
        lines += _step(number, step, names, told=step.kind == "answer" and step.text == answer.text)
    if chain.claim and chain.claim != answer.text:
        lines += _wrapped(chain.claim, "     claim, not measured: ", " " * 10)
    return lines


def answer_text(answer: Answer) -> str:
    """Return question, status, answer, warnings, numbers, steps, checks and credit; empty parts are left out."""
    word, lead = status_words[answer.status]
    names = mask_names(answer)
    place = place_line(answer)
    lines = _wrapped(answer.question, "Question: ")
    if place:
        lines += _wrapped(place, "Data:     ")
    lines += [f"Status:   {word}", *_section(lead), *_wrapped(answer.text)]
    if answer.warnings:
        lines += [*_section("Be careful"), *(line for w in answer.warnings for line in _wrapped(w, "  ! "))]
    if answer.measurements:
        lines += [*_section("Measurements"), *(line for n in answer.measurements for line in _number(n, names))]
    for chain in answer.chains:
        lines += _chain(chain, names, answer)
    if answer.checks:
        lines += [*_section("Checks"), *(line for c in answer.checks for line in _wrapped(str(c), "  ", "      "))]
    if answer.provenance.attribution:
        lines += ["", *_wrapped(answer.provenance.attribution, "Credit: ")]
    return "\n".join(lines)
