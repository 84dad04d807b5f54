"""The planner that asks a chat model, and believes it only where nothing speaks against it.

What a model replies is data that has to pass the checks of a plan; it gets one chance to repair what did not, and then
the rules take over. The rules read the same question as well: where both are sure and differ in what would be measured,
the person is asked instead of one of them being guessed right.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from pydantic import ValidationError

from terrascope_sdk.agent.model_reply import ask_model
from terrascope_sdk.agent.plan_prompt import Proposal, data_block, instructions, reply_schema
from terrascope_sdk.agent.weighing import noted, weighed
from terrascope_sdk.errors import InputError, ServiceError
from terrascope_sdk.plan.language import Plan
from terrascope_sdk.plan.mask_steps import Within
from terrascope_sdk.plan.outcomes import CannotPlan, NeedsInput, Planned, PlanOutcome
from terrascope_sdk.plan.rules import plan_question
from terrascope_sdk.stac.shown_text import shown
from terrascope_sdk.types.aoi import Aoi
from terrascope_sdk.types.encoding import JsonValue
from terrascope_sdk.types.instant import TimeRange

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel
    from langchain_core.messages import BaseMessage

__all__ = ["ChatPlanner"]

_MOST_SURE = 0.9
"""A model by itself is not believed to be surer than this."""

_FOLDERS = r"[/\\]"
_LINK = re.compile(r"[a-z][a-z0-9+.-]*:/\S*|www\.\S+|\bdata:\S+|\bjavascript:\S*", re.IGNORECASE)
_FIRST_YEAR = 1972
_RELATIVE = re.compile(
    r"\b(this|last|past|previous|current|recent|since|today|yesterday|ago|years?|decades?|letzte\w*|diese\w*|"
    r"vorige\w*|seit|heute|gestern|jahre?n?)\b",
    re.IGNORECASE,
)
_UNREAD = re.compile(r"is no known (?:thing or place|thing|place|word)|Most of the words are not understood")
"""How the rules say that a word, and not a piece of the question, is missing."""


@dataclass(frozen=True)
class _Asked:
    """A question with what the caller says besides."""

    question: str
    aoi: Aoi | str | None
    time: TimeRange | None
    sensor: str | None
    places: tuple[str, ...]
    today: date
    previous: Plan | None


@dataclass(frozen=True)
class _Read:
    """What a model made of it: an outcome, and what to tell about the way there."""

    outcome: PlanOutcome | None
    notes: tuple[str, ...] = ()


class ChatPlanner:
    """Makes plans with a chat model, checked against the rules.

    - The rules' own question back, where something is missing in the question (a year, a place), stands; the model is
      then not asked.
    - Words that the rules do not know are left to the model; the plan says which.
    - Where the rules are sure (confidence 0.75 or more) and model and rules would measure different things, or only one
      of the two would measure at all, one question comes back.
    - Where the model fails, or its plan is refused twice, the rules' outcome is taken, and says so.

    It keeps nothing between calls, so it can be used from several threads.

    Examples:
        >>> from langchain_ollama import ChatOllama  # doctest: +SKIP
        >>> planner = ChatPlanner(ChatOllama(model="qwen3"))  # doctest: +SKIP
        >>> planner.plan("How much water is there?", aoi="spain", known_places=["spain"])  # doctest: +SKIP
    """

    def __init__(self, model: BaseChatModel, *, name: str | None = None, timeout_s: float = 60.0) -> None:
        """Make a planner.

        Args:
            model: Any LangChain chat model, local or not, with structured output or without.
            name: What plans call the model; its own name when left out.
            timeout_s: How long to wait for each of at most two replies, in seconds.

        Raises:
            InputError: The time to wait is not above zero.
        """
        if not timeout_s > 0:
            raise InputError(f"timeout_s is {timeout_s}; a model needs some time.", hint="Give seconds above 0.")
        own = name or getattr(model, "model_name", None) or getattr(model, "model", None) or type(model).__name__
        self.model = model
        self.timeout_s = timeout_s
        self.name = f"chat:{shown(re.split(_FOLDERS, str(own))[-1], 60)}"

    def plan(
        self,
        question: str,
        *,
        aoi: Aoi | str | None = None,
        time: TimeRange | datetime | str | tuple[str, str] | None = None,
        sensor: str | None = None,
        known_places: Sequence[str] = (),
        today: date | None = None,
        previous: Plan | None = None,
    ) -> PlanOutcome:
        """Turn a question into a plan, a question back, or a refusal with its reason.

        Args:
            question: In plain words, at most 2000 characters.
            aoi: Where, or the name of a place.
            time: When, for questions that do not say.
            sensor: ``"optical"`` or ``"sar"``, for questions that do not say.
            known_places: Names that a question or a plan may use as places.
            today: Dates after it lie in the future; the present day in UTC when left out.
            previous: The plan before, for a follow-up.

        Raises:
            InputError: The question is no text or too long, or `aoi`, `time` or `sensor` is none.
        """
        day = today or datetime.now(UTC).date()
        window = None if time is None else TimeRange.parse(time)
        rules = plan_question(
            question, aoi=aoi, time=window, sensor=sensor, known_places=known_places, today=day, previous=previous
        )
        if isinstance(rules, NeedsInput) and not _UNREAD.search(rules.reason):
            return rules
        asked = _Asked(question.strip(), aoi, window, sensor, tuple(known_places), day, previous)
        read = self._read(asked)
        if read.outcome is None:
            return noted(rules, read.notes)
        return weighed(rules, read.outcome, notes=read.notes, name=self.name)

    def _read(self, asked: _Asked) -> _Read:
        """Ask the model, once more with what was wrong, and then no more."""
        from langchain_core.messages import HumanMessage, SystemMessage

        given = {
            "place_given": asked.aoi.name if isinstance(asked.aoi, Aoi) else asked.aoi,
            "time_given": None if asked.time is None else str(asked.time),
            "sensor_given": asked.sensor,
        }
        block = data_block(asked.question, places=asked.places, today=asked.today, given=given, previous=asked.previous)
        messages: list[BaseMessage] = [SystemMessage(instructions()), HumanMessage(block)]
        refused: list[str] = []
        while len(refused) < 2:  # a first reply and its repair
            try:
                document = ask_model(self.model, messages, reply_schema(), timeout_s=self.timeout_s)
                outcome = self._checked(document, asked)
            except ServiceError as err:
                return _Read(None, (f"{_first(err)} The rules read the question.", *_told_of(refused)))
            except InputError as err:
                refused.append(shown(err, 400))
                messages = [*messages[:2], HumanMessage(_repair(refused[-1]))]
                continue
            return _Read(outcome, _told_of(refused))
        return _Read(
            None, (*_told_of(refused), "The chat model's plan was refused twice; the rules read the question.")
        )

    def _checked(self, document: dict[str, JsonValue], asked: _Asked) -> PlanOutcome:
        """Return what a reply stands for.

        Raises:
            InputError: It is no sound plan.
        """
        try:
            said = Proposal.model_validate(document)
        except ValidationError as err:
            raise InputError(f"The reply is not of the form: {_complaint(err)}") from err
        if said.status == "needs_input":
            return NeedsInput(_plain(said.question_back, "Could you say it in other words?"), _plain(said.reason, ""))
        if said.status == "cannot_answer":
            return CannotPlan(_plain(said.reason, "The chat model gives no reason."))
        aoi = _where(said, asked)
        if isinstance(aoi, NeedsInput):
            return aoi
        plan = Plan.parse(
            {
                "question": asked.question,
                "aoi": aoi.to_json() if isinstance(aoi, Aoi) else aoi,
                "planner": self.name,
                "confidence": round(min(said.confidence, _MOST_SURE), 2),
                "assumptions": [_plain(a, "") for a in said.assumptions if a.strip()],
            }
            | {k: document.get(k, []) for k in ("windows", "steps", "answer")}
        )
        _refuse_guessed_years(plan, asked)
        return Planned(_needed(plan))


def _repair(complaint: str) -> str:
    return (
        "Your reply was refused. The reason, as data:\n"
        f"<data>\n{_data_safe(complaint)}\n</data>\nReply with the whole corrected JSON object and nothing else."
    )


def _data_safe(text: str) -> str:
    """Return text that cannot end the block of data it stands in."""
    return text.replace("<", "(").replace(">", ")")


def _complaint(err: ValidationError) -> str:
    """Return the first findings, without what was found: that is the model's own text."""
    problems = err.errors(include_url=False, include_input=False, include_context=False)[:4]
    return " ".join(f"{' / '.join(str(p) for p in e['loc'])[:80]}: {e['msg']}." for e in problems)


def _where(said: Proposal, asked: _Asked) -> Aoi | str | NeedsInput | None:
    """Return the area: the caller's, or a known place of the question; a model draws none itself."""
    known = {p.lower(): p for p in asked.places}
    for step in said.steps:
        if isinstance(step, Within) and not (isinstance(step.aoi, str) and step.aoi.strip().lower() in known):
            raise InputError(f"Step {step.id!r} names no known place.", hint="Use one of known_places.")
    named = None if said.place is None else known.get(said.place.strip().lower())
    given = asked.aoi.name if isinstance(asked.aoi, Aoi) else asked.aoi
    if said.place is not None and named is None and said.place.strip().lower() != (given or "").lower():
        raise InputError(f"{shown(said.place)!r} is no known place.", hint="Use one of known_places, or null.")
    if asked.aoi is None:
        return named
    if named is not None and given and named.lower() != given.strip().lower():
        return NeedsInput(f"Where: {named}, as in the question, or {given}?", "The question names another place.")
    if isinstance(asked.aoi, str):
        return known.get(asked.aoi.strip().lower(), asked.aoi)
    return asked.aoi


def _needed(plan: Plan) -> Plan:
    """Return a plan without the steps that its answer does not need: nobody asked for them."""
    wanted, waiting = set[str](), [asked.step for asked in plan.answer]
    while waiting:
        name = waiting.pop()
        if name not in wanted:
            wanted.add(name)
            waiting += [other for other, _ in plan.step(name).references]
    left = [f"step {s.id} ({s.op})" for s in plan.steps if s.id not in wanted]
    if not left:
        return plan
    told = f"Left out, as the answer does not need it: {', '.join(left)[:400]}."
    steps = [s.model_dump(mode="json") for s in plan.steps if s.id in wanted]
    return Plan.parse(plan.to_json() | {"steps": steps, "assumptions": [*plan.assumptions, told]})


def _refuse_guessed_years(plan: Plan, asked: _Asked) -> None:
    """Refuse years that come from nowhere: neither said, nor given, nor of the plan before, nor counted from today."""
    before = [] if asked.previous is None else [str(w) for w in asked.previous.windows]
    said = " ".join([asked.question, str(asked.time or ""), *before])
    stated = {int(y) for y in re.findall(r"(?<!\d)(?:19|20)\d\d(?!\d)", said)}
    if stated:
        stated |= {asked.today.year}
    if _RELATIVE.search(asked.question):
        stated |= {_FIRST_YEAR, asked.today.year}
    for window in plan.windows:
        time = window.time
        if time is not None and not (stated and min(stated) <= time.start.year and time.end.year <= max(stated) + 1):
            raise InputError(
                f"Window {window.name!r} is {window.time}, and the question does not say so.",
                hint="Use no time, or ask which year is meant.",
            )


def _told_of(refused: Sequence[str]) -> tuple[str, ...]:
    return tuple(f"A plan of the chat model was refused and ignored: {r}" for r in refused)


def _first(err: ServiceError) -> str:
    return str(err.args[0]) if err.args else str(err)


def _plain(text: str, otherwise: str) -> str:
    """Return a model's sentence as it may be shown: one line, cut, without links."""
    return _LINK.sub("(link left out)", shown(text, 300)) or otherwise
