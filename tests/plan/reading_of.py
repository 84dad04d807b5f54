"""What a question was read as, in one line, and the tables of questions that the tests compare it with."""

from datetime import date
from pathlib import Path

from terrascope_sdk.plan.expressions import mask_expression, measure_expression
from terrascope_sdk.plan.language import Plan
from terrascope_sdk.plan.rules import CannotPlan, NeedsInput, PlanOutcome, plan_question

TODAY = date(2026, 11, 23)


def read(question: str) -> PlanOutcome:
    return plan_question(question, aoi="bolzano", today=TODAY)


def measured(plan: Plan) -> str:
    """Return for example ``share(water); area(water) in ha``."""
    steps, names = {s.id: s for s in plan.steps}, [w.name for w in plan.windows]
    asked = [(_expression(steps, a.step, names), a.unit) for a in plan.answer]
    return "; ".join(f"{text} in {unit}" if unit else text for text, unit in asked)


def _expression(steps, name: str, names: list[str]) -> str:
    if steps[name].gives == "mask":
        return f"mask({mask_expression(steps, name, names)})"
    return measure_expression(steps, name, names)


def windows(plan: Plan) -> str:
    """Return for example ``2019;2023`` or ``earliest;latest``; empty for any time."""
    return ";".join(w.pick if w.pick != "clearest" else str(w) for w in plan.windows).removeprefix("any")


def reading_of(question: str) -> tuple[str, str]:
    """Return what is measured and when; or ASK or NO."""
    outcome = read(question)
    if isinstance(outcome, NeedsInput):
        return "ASK", ""
    if isinstance(outcome, CannotPlan):
        return "NO", ""
    return measured(outcome.plan), windows(outcome.plan)


def table(name: str) -> list[tuple[str, str, tuple[str, str]]]:
    """Return rows of kind, question, (what is measured, when)."""
    rows = []
    for line in (Path(__file__).parent / name).read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            kind, question, what, *when = line.split("\t")
            rows.append((kind, question, (what, when[0] if when else "")))
    return rows
