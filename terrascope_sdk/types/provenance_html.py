"""The fold-outs of an answer: where the data came from, what was planned, how to describe and cite it."""

import json

from terrascope_sdk.render.html import Html, joined, tag
from terrascope_sdk.types.answer import Answer
from terrascope_sdk.types.answer_text import scene_date
from terrascope_sdk.types.encoding import JsonValue
from terrascope_sdk.types.instant import format_instant
from terrascope_sdk.types.provenance import Provenance

__all__ = ["fold_outs", "plan_lines", "provenance_facts"]


def plan_lines(plan: dict[str, JsonValue]) -> str:
    """Return a plan as short text: one line for each step where it has steps with ids, else indented JSON."""
    steps = plan.get("steps")
    if not isinstance(steps, list) or not all(isinstance(s, dict) and {"id", "op"} <= s.keys() for s in steps):
        return json.dumps(plan, indent=2, ensure_ascii=False)
    lines = []
    for step in steps:
        given = {k: v for k, v in step.items() if k not in {"id", "op"} and v not in (None, [], "")}
        arguments = ", ".join(f"{k}: {json.dumps(v, ensure_ascii=False)}" for k, v in given.items())
        lines.append(f"{step['id']} = {step['op']}({arguments})")
    rest = {k: v for k, v in plan.items() if k not in {"steps", "question", "aoi"} and v not in (None, [], "")}
    lines += [f"{k}: {json.dumps(v, ensure_ascii=False)}" for k, v in rest.items()]
    return "\n".join(lines)


def provenance_facts(answer: Answer) -> dict[str, str]:
    """Return everything but the scenes as names and texts; empty ones left out."""
    source = answer.provenance
    facts = {
        "area": str(source.aoi.get("name") or "") if source.aoi else "",
        "grid": _grid(source),
        "pixels": "; ".join(f"{sensor}: {quantity}" for sensor, quantity in source.quantities.items()),
        "processing": "; ".join(source.processing),
        "reasoner": source.reasoner,
        "software": ", ".join(f"{name} {version}" for name, version in source.versions.items()),
        "ids": ", ".join(source.ids.values()),
        "made": format_instant(answer.created),
    }
    return {name: text for name, text in facts.items() if text}


def _grid(source: Provenance) -> str:
    grid = source.pixel_grid
    if grid is None:
        return ""
    a, b, c, d, e, f = grid.transform[:6]
    name = "no CRS" if grid.crs is None else grid.crs if len(grid.crs) < 30 else grid.projection.name
    return f"{grid.height} x {grid.width} pixels, {name}, transform ({a:g}, {b:g}, {c:.9g}, {d:g}, {e:g}, {f:.9g})"


def _scene(scene: dict[str, JsonValue]) -> Html:
    def cell(*names: str) -> Html:
        return tag("td", ", ".join(str(scene[n]) for n in names if scene.get(n)))

    links = scene.get("links") or {}
    more = [f"{name}: {link}" for name, link in links.items()] + [f"note: {n}" for n in scene.get("notes") or ()]
    fold = tag("details", tag("summary", "links, notes"), tag("div.ts-block", "\n".join(more))) if more else Html("")
    named = tag("td", tag("div", str(scene.get("id", ""))), tag("div.ts-mute", str(scene.get("collection", ""))), fold)
    when = tag("td", tag("div.ts-range", scene_date(scene)), tag("div.ts-mute", str(scene.get("acquired", ""))))
    return tag("tr", named, when, cell("sensor", "platform"), cell("quantity"), cell("license"))


def _sources(answer: Answer) -> list[Html]:
    source = answer.provenance
    parts = []
    if source.scenes:
        names = ("Scene", "Acquired (UTC)", "Sensor", "Quantity", "License")
        head = tag("thead", tag("tr", *(tag("th", n, attributes={"scope": "col"}) for n in names)))
        table = tag("table.ts-t", head, tag("tbody", *(_scene(s) for s in source.scenes)))
        parts.append(tag("div.ts-scroll", table))
    facts = provenance_facts(answer)
    rows = [tag("tr", tag("th", n, attributes={"scope": "row"}), tag("td", v)) for n, v in facts.items()]
    return [*parts, tag("table.ts-t.ts-facts", tag("tbody", *rows))]


def fold_outs(answer: Answer) -> Html:
    """Return plan, provenance, and the texts for a paper, each folded away; what is empty is left out."""
    folds = []
    if answer.plan:
        folds.append(("Plan", [tag("div.ts-block", plan_lines(answer.plan))]))
    if answer.provenance != Provenance():
        folds.append(("Provenance", _sources(answer)))
    if answer.status == "answered":
        folds.append(("Methods paragraph", [tag("p.ts-prose", answer.methods())]))
        folds.append(("How to cite", [tag("div.ts-block", answer.cite())]))
    return joined(tag("details", tag("summary", name), tag("div", *content)) for name, content in folds)
