"""Two readings of one question, by the rules and by a chat model: which to believe, and when to ask."""

from __future__ import annotations

from collections.abc import Sequence

from terrascope_sdk.agent.meaning import meaning_of, plan_in_words
from terrascope_sdk.plan.language import Plan
from terrascope_sdk.plan.mask_steps import Find, Ground
from terrascope_sdk.plan.outcomes import CannotPlan, NeedsInput, Planned, PlanOutcome
from terrascope_sdk.stac.shown_text import shown
from terrascope_sdk.types.encoding import JsonValue

__all__ = ["SURE", "noted", "weighed"]

SURE = 0.75
"""From this confidence of the rules a model that reads a question otherwise is not simply followed."""


def weighed(rules: PlanOutcome, model: PlanOutcome, *, notes: tuple[str, ...], name: str) -> PlanOutcome:
    """Return what becomes of two readings of one question.

    Args:
        rules: What the rules made of it.
        model: What the chat model made of it.
        notes: What to tell about the way there.
        name: What to call the model.
    """
    if isinstance(model, Planned):
        return _both_plan(rules, model, notes) if isinstance(rules, Planned) else _only_model(rules, model, notes)
    if isinstance(rules, Planned) and rules.plan.confidence >= SURE:
        back = model.question_back if isinstance(model, NeedsInput) else ""
        reading = plan_in_words(rules.plan)
        why = f": {model.reason}" if model.reason else "."
        return NeedsInput(
            back or f"Is this what you mean: {reading}?",
            f"The rules would measure {reading}, and the chat model ({name}) would not{why}",
        )
    return noted(rules if isinstance(rules, CannotPlan) else model, notes)


def _only_model(rules: NeedsInput | CannotPlan, model: Planned, notes: tuple[str, ...]) -> PlanOutcome:
    if isinstance(rules, CannotPlan):
        return NeedsInput(
            f"Would it help to measure this: {plan_in_words(model.plan)}?",
            f"The rules decline ({rules.reason}), and the chat model would measure something.",
        )
    unread = f"The chat model read words that the rules do not know: {shown(rules.reason, 200)}"
    return _with(model, notes=(*notes, unread), confidence=min(model.plan.confidence, SURE))


def _both_plan(rules: Planned, model: Planned, notes: tuple[str, ...]) -> PlanOutcome:
    if _same(rules.plan, model.plan):
        sure = max(rules.plan.confidence, model.plan.confidence)
        return Planned(
            _with(model, notes=(*notes, *rules.plan.assumptions), confidence=sure, agrees=True).plan,
            rules.concept_slots,
        )
    one, other = plan_in_words(rules.plan), plan_in_words(model.plan)
    if rules.plan.confidence >= SURE:
        return NeedsInput(
            f"Which is meant: {one}; or {other}?", "The rules and the chat model read the question differently."
        )
    told = f"The rules, less sure, would measure {one}."
    return _with(model, notes=(*notes, told), confidence=min(model.plan.confidence, SURE))


def _same(rules: Plan, model: Plan) -> bool:
    """Tell whether two plans measure the same; a sensor counts where the rules read one."""
    asked, made = _sensors(rules), _sensors(model)
    return meaning_of(rules) == meaning_of(model) and (not asked or asked == made)


def _sensors(plan: Plan) -> set[str]:
    return {s.sensor for s in plan.steps if isinstance(s, Find | Ground) and s.sensor not in (None, "any")}


def _with(made: Planned, *, notes: Sequence[str], confidence: float, agrees: bool = False) -> Planned:
    plan = made.plan
    changed: dict[str, JsonValue] = {
        "planner": f"{plan.planner}, rules agree" if agrees else plan.planner,
        "confidence": round(confidence, 2),
        "assumptions": list(dict.fromkeys([*notes, *plan.assumptions]))[:64],
    }
    return Planned(Plan.parse(plan.to_json() | changed), made.concept_slots)


def noted(outcome: PlanOutcome, notes: tuple[str, ...]) -> PlanOutcome:
    """Return an outcome that tells what happened on the way to it."""
    if isinstance(outcome, Planned):
        return _with(outcome, notes=notes, confidence=outcome.plan.confidence)
    reason = " ".join([outcome.reason, *notes]).strip()
    return NeedsInput(outcome.question_back, reason) if isinstance(outcome, NeedsInput) else CannotPlan(reason)
