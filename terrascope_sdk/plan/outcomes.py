"""What comes of reading a question: a plan, one question back, or a refusal with its reason."""

from dataclasses import dataclass

from terrascope_sdk.plan.language import Plan
from terrascope_sdk.types.concepts import ConceptMatch

__all__ = ["CannotPlan", "NeedsInput", "NotPlanned", "PlanOutcome", "Planned"]


@dataclass(frozen=True)
class Planned:
    """The question was understood."""

    plan: Plan
    """What to do; its `assumptions` say what was taken for granted."""

    concept_slots: tuple[ConceptMatch, ...] = ()
    """The words of the question that were taken as concepts, with their positions in `plan.question`."""


@dataclass(frozen=True)
class NeedsInput:
    """The question can be answered once the user has answered one back."""

    question_back: str
    """What to ask the user."""

    reason: str
    """Why it has to be asked, as a sentence."""


@dataclass(frozen=True)
class CannotPlan:
    """The question cannot be answered by measuring masks, or not yet."""

    reason: str
    """Why, as one sentence."""


PlanOutcome = Planned | NeedsInput | CannotPlan


class NotPlanned(Exception):
    """Ends the reading of a question; `plan_question` catches it and returns the outcome."""

    def __init__(self, outcome: NeedsInput | CannotPlan) -> None:
        super().__init__(outcome.reason)
        self.outcome = outcome
