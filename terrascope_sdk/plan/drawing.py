"""A plan as a picture: its steps from top to bottom, each with what it does, when it looks and in which unit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from terrascope_sdk.plan.drawing_layout import lay_out
from terrascope_sdk.plan.drawing_words import step_unit, step_words
from terrascope_sdk.plan.mask_steps import Ground
from terrascope_sdk.plan.step import StepBase
from terrascope_sdk.plan.text import step_text
from terrascope_sdk.render.html import Html, joined, tag
from terrascope_sdk.render.palette import colour_of, hex_of
from terrascope_sdk.render.value_html import framed

if TYPE_CHECKING:
    from terrascope_sdk.plan.language import Plan

__all__ = ["plan_html", "plan_svg"]

_BOX_PX, _HIGH_PX, _GAP_PX, _RISE_PX, _RIM_PX = 208.0, 46.0, 18.0, 30.0, 6.0
_TITLE_CHARS, _DETAIL_CHARS = 27, 30
_SIGNS = {"m2": "m²", "km2": "km²"}
_SMALLEST = 0.72
"""Down to this size a drawing shrinks with its page; then it scrolls."""

_KINDS = {
    "scenes": "#7b8490", "stack": "#7b8490", "mask": "#009988", "measurement": "#2070ff", "chain": "#aa4499",
    "file": "#aa4499",
}  # fmt: skip

_RULES = Html(
    ".ts-plan{display:block}.ts-plan text{font:12.5px system-ui,-apple-system,'Segoe UI',Roboto,Arial,"
    "sans-serif;fill:var(--ts-fore)}.ts-plan .ts-what{font-weight:600}.ts-plan .ts-when,.ts-plan .ts-per"
    "{font-size:11px;fill:var(--ts-mute)}.ts-plan .ts-per{text-anchor:end;font-weight:600}.ts-plan .ts-line{fill:none;"
    "stroke:var(--ts-mute);stroke-width:1.3;opacity:.75}.ts-plan .ts-box{fill:var(--ts-soft);stroke:var(--ts-line)}"
    ".ts-plan .ts-asked{stroke:var(--ts-fore);stroke-width:2}"
)


def plan_svg(plan: Plan) -> Html:
    """Return the steps of a plan as boxes with lines between them; what it answers has a thick frame.

    Args:
        plan: What to draw.

    Returns:
        An ``svg`` element; its colours come from the page's style sheet. All text is escaped.
    """
    layout = lay_out(plan.order(), box_px=_BOX_PX, gap_px=_GAP_PX)
    width = layout.width + 2 * _RIM_PX
    height = layout.levels * (_HIGH_PX + _RISE_PX) - _RISE_PX + 2 * _RIM_PX
    lines = [_line([(_RIM_PX + x, n) for x, n in path]) for path in layout.lines.values()]
    boxes = [_box(plan, step, *layout.boxes[step.id]) for step in plan.order()]
    size = {"viewBox": f"0 0 {width:.0f} {height:.0f}", "width": f"{width:.0f}", "height": f"{height:.0f}"}
    label = f"Plan of {len(plan.steps)} steps: {plan.question[:200]}"
    size["style"] = f"max-width:100%;min-width:{_SMALLEST * width:.0f}px;height:auto"
    return tag("svg.ts-plan", *lines, *boxes, attributes=size | {"role": "img", "aria-label": label})


def plan_html(plan: Plan) -> str:
    """Return a plan as a card: question, place, drawing, what was taken for granted; plain text where styles are gone.

    Args:
        plan: What to show.
    """
    where = (
        plan.aoi if isinstance(plan.aoi, str) else "" if plan.aoi is None else str(plan.aoi.get("name") or "an area")
    )
    by = f"by {plan.planner}, confidence {plan.confidence:.2g}"
    place = " · ".join(part for part in (where, by) if part)
    assumed = [tag("div.ts-small", f"Assumed: {a}") for a in plan.assumptions]
    head = tag("div", tag("div.ts-question", plan.question), tag("div.ts-place", place))
    shown = tag("div.ts-scroll", plan_svg(plan), attributes={"style": "margin-top:14px"})
    return framed(joined([head, shown, *assumed]), text=str(plan), rules=_RULES, card=False)


def _line(path: list[tuple[float, int]]) -> Html:
    """Return a line from the bottom of one box through the rows between to the top of another."""
    rise = _HIGH_PX + _RISE_PX
    (x, n), *rest = path
    y = _RIM_PX + n * rise + _HIGH_PX
    drawn = [f"M{x:.1f} {y:.1f}"]
    for position, (to_x, to_n) in enumerate(rest):
        top = _RIM_PX + to_n * rise
        drawn.append(f"C{x:.1f} {y + _RISE_PX / 2:.1f} {to_x:.1f} {top - _RISE_PX / 2:.1f} {to_x:.1f} {top:.1f}")
        x, y = to_x, top
        if position < len(rest) - 1:
            y = top + _HIGH_PX
            drawn.append(f"V{y:.1f}")
    return tag("path.ts-line", attributes={"d": "".join(drawn)})


def _box(plan: Plan, step: StepBase, x: float, level: int) -> Html:
    left, top = _RIM_PX + x - _BOX_PX / 2, _RIM_PX + level * (_HIGH_PX + _RISE_PX)
    asked = [a for a in plan.answer if a.step == step.id]
    title, detail = step_words(plan, step)
    colour = hex_of(colour_of(step.concept)) if isinstance(step, Ground) else _KINDS[step.gives]
    frame = {"x": f"{left:.1f}", "y": f"{top:.1f}", "width": f"{_BOX_PX:.0f}", "height": f"{_HIGH_PX:.0f}", "rx": "5"}
    stripe = {
        "x": f"{left + 1:.1f}",
        "y": f"{top + 5:.1f}",
        "width": "4",
        "height": f"{_HIGH_PX - 10:.0f}",
        "fill": colour,
    }
    wanted = next((a.unit for a in asked if a.unit), None)
    unit = _SIGNS.get(wanted, wanted) if wanted else step_unit(plan, step)
    parts = [
        tag("title", step_text(step) + (" (asked for)" if asked else "")),
        tag("rect.ts-box.ts-asked" if asked else "rect.ts-box", attributes=frame),
        tag("rect", attributes=stripe),
        _text("ts-what", _cut(title, _TITLE_CHARS), left + 13, top + 19),
        _text("ts-when", _cut(f"{step.id}{f' · {detail}' if detail else ''}", _DETAIL_CHARS - _room(unit)), left + 13,
              top + 36),
        *([_text("ts-per", unit, left + _BOX_PX - 9, top + 36)] if unit else []),
    ]  # fmt: skip
    return tag("g", *parts)


def _room(unit: str) -> int:
    """Return how many characters of the detail give way to the unit, which is bold."""
    return int(len(unit) * 1.3) + 2 if unit else 0


def _text(kind: str, text: str, x: float, y: float) -> Html:
    return tag(f"text.{kind}", text, attributes={"x": f"{x:.1f}", "y": f"{y:.1f}"})


def _cut(text: str, chars: int) -> str:
    return text if len(text) <= chars else f"{text[: chars - 1]}…"
