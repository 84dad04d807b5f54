"""The planner without a language model: reads a question in English by tables of phrases, and never guesses.

Every word must be known: to the vocabulary, or to the tables of :mod:`terrascope_sdk.plan.phrases`. A word that is not
ends in a question back, a known word of something that cannot be measured in a refusal with its reason.
"""

import itertools
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import cast, get_args

from pydantic import ValidationError

from terrascope_sdk.errors import InputError
from terrascope_sdk.plan.build import build_steps
from terrascope_sdk.plan.clauses import split_clauses
from terrascope_sdk.plan.language import MAX_QUESTION, Plan
from terrascope_sdk.plan.lexicon import with_places
from terrascope_sdk.plan.outcomes import CannotPlan, NeedsInput, NotPlanned, Planned, PlanOutcome
from terrascope_sdk.plan.reading import Reading
from terrascope_sdk.plan.schedule import Schedule
from terrascope_sdk.plan.tagger import Tag, tag_question
from terrascope_sdk.types.aoi import Aoi
from terrascope_sdk.types.concepts import ConceptMatch, closest_concept_words, get_concept, vocabulary
from terrascope_sdk.types.instant import TimeRange
from terrascope_sdk.types.scene import Sensor

__all__ = ["PLANNER", "CannotPlan", "NeedsInput", "PlanOutcome", "Planned", "plan_question"]

PLANNER = "rules/1"
"""Name and version of this planner, as plans carry it."""

MAX_MEASURES = 8
"""Most measurements of one question."""

_SATELLITES = ("sentinel", "landsat", "s1", "s2")


def plan_question(
    question: str,
    *,
    aoi: Aoi | str | None = None,
    time: TimeRange | datetime | str | tuple[str, str] | None = None,
    sensor: str | None = None,
    known_places: Sequence[str] = (),
    available: Sequence[datetime] | None = None,
    today: date | None = None,
) -> PlanOutcome:
    """Turn a question into a plan, a question back, or a refusal with its reason.

    Args:
        question: In English, at most 2000 characters.
        aoi: Where, or the name of a place. None: the question may name one of `known_places`; if it does not, the
            plan has no area and the caller has to ask for one.
        time: When, for questions that do not say; for a change it is split at its ends.
        sensor: With what, for questions that do not say; None: whichever there is.
        known_places: Names that are read as places wherever they stand, in upper or lower case.
        available: Acquisition times of the scenes there are; used only for a change between unnamed dates.
        today: Dates after it lie in the future; the present day in UTC when left out.

    Raises:
        InputError: The question is no text or too long, or `aoi`, `time` or `sensor` is none.
    """
    if not isinstance(question, str):
        raise InputError(f"A question is a text, not {type(question).__name__}.")
    text = unicodedata.normalize("NFC", question.strip())
    if len(text) > MAX_QUESTION:
        raise InputError(
            f"The question has {len(text)} characters; at most {MAX_QUESTION} are read.", hint="Ask more briefly."
        )
    if any(0xD800 <= ord(c) <= 0xDFFF for c in question):
        raise InputError("The question is no valid text: it holds half a character.")
    if sensor is not None and sensor not in get_args(Sensor):
        raise InputError(f"{sensor!r} is no sensor.", hint="Use 'optical' or 'sar', or leave it out.")
    if isinstance(aoi, str) and not 1 <= len(aoi.strip()) <= 200:
        raise InputError(f"{aoi[:40]!r} is no name of a place.", hint="Name a known place, or give an area.")
    window = None if time is None else TimeRange.parse(time)
    if isinstance(aoi, str):
        aoi = next((name for name in known_places if name.lower() == aoi.strip().lower()), aoi)
    places = [*([aoi] if isinstance(aoi, str) else [aoi.name] if aoi is not None else []), *known_places]
    given = _Given(aoi, cast(Sensor | None, sensor), Schedule(window, available))
    try:
        if not any(c.isalpha() for c in text):
            raise NotPlanned(NeedsInput("What would you like to know about the scene?", "There is no question."))
        tags, codes = tag_question(text, with_places(places), today or datetime.now(UTC).date())
        _refuse_unread(tags)
        return _planned(text, tags, codes, given)
    except NotPlanned as stop:
        return stop.outcome


@dataclass(frozen=True)
class _Given:
    """What the caller says besides the question."""

    aoi: Aoi | str | None
    sensor: Sensor | None
    schedule: Schedule


def _planned(question: str, tags: Sequence[Tag], codes: Sequence[str], given: _Given) -> Planned:
    where, assumptions = _where(tags, given.aoi)
    sensors, about_sensors = _sensors(tags, given.sensor)
    schedule = given.schedule
    reading = Reading(schedule)
    measures = reading.measures(split_clauses(tags))
    if len(measures) > MAX_MEASURES:
        raise NotPlanned(CannotPlan(f"{len(measures)} things are asked for; at most {MAX_MEASURES} at a time."))
    steps = build_steps(measures, sensors)
    assumptions += [f"Left out, as the code of a class in a label file: {code}" for code in codes]
    if schedule.time is not None and any(t.time is not None for t in tags):
        assumptions.append(f"The time in the question is used, and not {schedule.time}.")
    assumptions += [*_taken(tags), *reading.assumptions, *schedule.assumptions, *about_sensors]
    try:
        plan = Plan(
            question=question,
            aoi=where.to_json() if isinstance(where, Aoi) else where,
            windows=steps.windows,
            steps=steps.steps,
            answer=steps.answer,
            planner=PLANNER,
            confidence=round(max(0.5, 0.95 - 0.05 * len(assumptions)), 2),
            assumptions=tuple(dict.fromkeys(assumptions)),
        )
    except ValidationError as err:
        raise NotPlanned(CannotPlan("The question makes a plan that is too involved; ask for less at a time.")) from err
    slots = tuple(ConceptMatch(t.value, t.text, t.start, t.end) for t in tags if t.kind == "concept")
    return Planned(plan, slots)


# ------------------------------------------------------------------------------------- words that are not understood


def _refuse_unread(tags: Sequence[Tag]) -> None:
    for tag in tags:
        if tag.kind == "refuse":
            raise NotPlanned(CannotPlan(f"'{tag.text}': {tag.value}"))
    unread = [t for t in tags if t.kind in {"unknown", "number", "hint"}]
    words = [t for t in tags if t.kind not in {"stop", "comma"}]
    if len(unread) > 2 and len(unread) * 2 > len(words):
        raise NotPlanned(
            NeedsInput(
                "Could you put it in English and in other words? For example: What share of the scene is water?",
                "Most of the words are not understood.",
            )
        )
    for tag in tags:
        if tag.kind == "ask":
            raise NotPlanned(NeedsInput(tag.value, f"'{tag.text}' is not clear enough to measure."))
    if unread:
        raise NotPlanned(_ask_about(unread[0]))


def _ask_about(tag: Tag) -> NeedsInput:
    word = "".join(c if c.isprintable() else "?" for c in tag.text[:40])
    if tag.kind == "number":
        return NeedsInput(f"What does the number {word} stand for?", f"The number {word} is not understood here.")
    near = [tag.value] if tag.kind == "hint" else closest_concept_words(word)
    known = f"Known are {', '.join(vocabulary)}."
    also = f" Do you mean {' or '.join(near)}?" if near else ""
    if tag.kind == "hint":
        also = f" Do you mean {get_concept(tag.value).title}?"
    what = "thing or place" if word[:1].isupper() else "word"
    return NeedsInput(f"What do you mean by '{word}'?{also} {known}", f"'{word}' is no known {what}.")


# ----------------------------------------------------------------------------------------- where, with what, taken as


def _where(tags: Sequence[Tag], aoi: Aoi | str | None) -> tuple[Aoi | str | None, list[str]]:
    named = list(dict.fromkeys(t.value for t in tags if t.kind == "place"))
    if len(named) > 1:
        raise NotPlanned(CannotPlan(f"More than one place is named, {' and '.join(named)}; ask about one at a time."))
    given = aoi.name if isinstance(aoi, Aoi) else aoi
    if not named:
        return aoi, []
    if given and given.lower() != named[0].lower():
        raise NotPlanned(
            NeedsInput(f"Where: {named[0]}, as in the question, or {given}?", "The question names another place.")
        )
    if aoi is not None and not given:
        return aoi, [f"The area given is used, and not the place {named[0]} that the question names."]
    return (aoi if isinstance(aoi, Aoi) else named[0]), []


def _sensors(tags: Sequence[Tag], given: Sensor | None) -> tuple[tuple[Sensor, ...], list[str]]:
    named = {t.value for t in tags if t.kind == "sensor"}
    before = {a.kind for a, b in itertools.pairwise(tags) if b.kind == "sensor"}
    if before & {"not", "without"}:
        raise NotPlanned(NeedsInput("With which sensor: optical, radar or both?", "A sensor is ruled out."))
    optical, sar = bool(named & {"optical", "both"}), bool(named & {"sar", "both"})
    assumptions = [
        f"'{t.text}' is taken as any {'radar' if t.value == 'sar' else 'optical'} image, whichever satellite took it."
        for t in tags
        if t.kind == "sensor" and t.text.lower().startswith(_SATELLITES)
    ]
    if given is not None and named and named != {given}:
        raise NotPlanned(
            NeedsInput(f"With which sensor, {given} or the one in the question?", "The question names another sensor.")
        )
    if not named:
        return (() if given is None else (given,)), []
    if optical and sar:
        assumptions.append("Each sensor is measured by itself.")
    return (*(("optical",) if optical else ()), *(("sar",) if sar else ())), assumptions


def _taken(tags: Sequence[Tag]) -> list[str]:
    """Say how words were taken that mean something narrower or wider than the class."""
    sentences = []
    for tag in tags:
        if tag.kind == "concept" and (sentence := get_concept(tag.value).taken_as(tag.text)):
            sentences.append(sentence)
        elif tag.kind == "negated":
            title = get_concept(tag.value).title
            sentences.append(f"'{tag.text}' is taken as everything observed that is not {title}.")
    return sentences
