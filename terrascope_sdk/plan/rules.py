"""The planner without a language model: reads a question in English or German by tables of phrases, and never guesses.

Every word that can carry meaning must be known to the vocabulary or to the tables in
:mod:`terrascope_sdk.plan.questions`. One that is not ends in a question back; a known word of something that cannot be
measured ends in a refusal with its reason.
"""

import itertools
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import cast, get_args

from pydantic import ValidationError

from terrascope_sdk.errors import InputError, TerraScopeError
from terrascope_sdk.plan.language import MAX_QUESTION, Plan
from terrascope_sdk.plan.outcomes import CannotPlan, NeedsInput, NotPlanned, Planned, PlanOutcome
from terrascope_sdk.plan.questions.amounts import with_limits
from terrascope_sdk.plan.questions.asked import read_requests
from terrascope_sdk.plan.questions.building import build_steps
from terrascope_sdk.plan.questions.dates import Clock
from terrascope_sdk.plan.questions.given import about_places, ends_of, latitude_of, taken_sentences, where_of
from terrascope_sdk.plan.questions.preambles import without_preamble
from terrascope_sdk.plan.questions.sentences import refuse_unread
from terrascope_sdk.plan.questions.tagging import Tag, tag_question
from terrascope_sdk.plan.questions.tokens import fold
from terrascope_sdk.plan.questions.twists import straightened
from terrascope_sdk.types.aoi import Aoi
from terrascope_sdk.types.concepts import ConceptMatch
from terrascope_sdk.types.instant import TimeRange
from terrascope_sdk.types.scene import Sensor

__all__ = ["PLANNER", "CannotPlan", "NeedsInput", "PlanOutcome", "Planned", "plan_question"]

PLANNER = "rules/2"
"""Name and version of this planner, as plans carry it."""

MAX_MEASURES = 8
"""Most measurements of one question."""

_CODE = re.compile(r"\([A-Z]{2,8}\s*\d+\)")
"""The code of a class in a label file, such as (SCL 6)."""

_SATELLITES = ("sentinel", "landsat", "s1", "s2")


@dataclass(frozen=True)
class _Given:
    """What the caller says besides the question."""

    aoi: Aoi | str | None
    time: TimeRange | None
    sensor: Sensor | None
    available: Sequence[datetime] | None
    previous: Plan | None


def plan_question(
    question: str,
    *,
    aoi: Aoi | str | None = None,
    time: TimeRange | datetime | str | tuple[str, str] | None = None,
    sensor: str | None = None,
    known_places: Sequence[str] = (),
    available: Sequence[datetime] | None = None,
    today: date | None = None,
    previous: Plan | None = None,
) -> PlanOutcome:
    """Turn a question into a plan, a question back, or a refusal with its reason.

    Args:
        question: In English or German, at most 2000 characters.
        aoi: Where, or the name of a place. None: the question may name one of `known_places` or a box; if it does not,
            the plan has no area and the caller has to ask for one.
        time: When, for questions that do not say; for a change it is split at its ends.
        sensor: With what, for questions that do not say; None: whichever there is.
        known_places: Names that are read as places wherever they stand, in upper or lower case.
        available: Acquisition times of the scenes there are; used only for a change between unnamed dates.
        today: Dates after it lie in the future; the present day in UTC when left out.
        previous: The plan of the question before, which a follow-up such as *and in 2021?* changes.

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
    given = _Given(aoi, window, cast(Sensor | None, sensor), available, previous)
    try:
        if not any(c.isalpha() for c in text):
            raise NotPlanned(NeedsInput("What would you like to know about the scene?", "There is no question."))
        return _planned(text, given, places, today or datetime.now(UTC).date())
    except NotPlanned as stop:
        return stop.outcome


def _planned(text: str, given: _Given, places: Sequence[str], today: date) -> Planned:
    codes = _CODE.findall(text)
    clock = Clock(today, south=latitude_of(text, given.aoi, places) < 0)
    tagged = tag_question(_CODE.sub(lambda m: " " * len(m.group()), text), clock, [p for p in places if p])
    tagged = replace(tagged, tags=tuple(_placed(t, given.aoi, places) for t in tagged.tags))
    tagged = replace(tagged, tags=tuple(straightened(without_preamble(tagged.tags, tagged.language), tagged.language)))
    refuse_unread(tagged.tags)
    where, assumptions = where_of(tagged.tags, given.aoi, text, given.previous)
    sensors, about_sensors = _sensors(tagged.tags, given.sensor)
    tags, limits = with_limits(tagged.tags)
    ends, about_ends = ends_of(given.time, given.available)
    read = read_requests(tags, clock, limits, ends=ends, previous=given.previous)
    if len(read.requests) > MAX_MEASURES:
        raise NotPlanned(CannotPlan(f"{len(read.requests)} things are asked for; at most {MAX_MEASURES} at a time."))
    assumptions += [f"Left out, as the code of a class in a label file: {code}" for code in codes]
    assumptions += [*read.assumptions, *about_sensors, *taken_sentences(tagged.tags)]
    if read.used_ends:
        assumptions += about_ends
    if given.time is not None and any(t.kind == "when" for t in tagged.tags):
        assumptions.append(f"The time in the question is used, and not {given.time}.")
    try:
        steps = build_steps(read.requests, sensors=sensors, time=given.time, cloud_max_frac=read.cloud_max_frac)
        plan = Plan(
            question=text,
            aoi=where.to_json() if isinstance(where, Aoi) else where,
            windows=steps.windows,
            steps=steps.steps,
            answer=steps.answer,
            planner=PLANNER,
            confidence=round(max(0.5, 0.95 - 0.05 * len(assumptions)), 2),
            assumptions=tuple(dict.fromkeys(assumptions)),
        )
    except (ValidationError, TerraScopeError) as err:
        raise NotPlanned(CannotPlan("The question makes a plan that is too involved; ask for less at a time.")) from err
    slots = tuple(
        ConceptMatch(t.value, t.text, t.start, t.end) for t in tagged.tags if t.kind == "concept" and not t.glued
    )
    return Planned(plan, slots)


def _placed(tag: Tag, aoi: Aoi | str | None, known: Sequence[str]) -> Tag:
    """Return a word of a place's title as that place, or as nothing where the place is given: *Uganda*, *Ucayali*."""
    names = about_places().get(fold(tag.text), frozenset()) & {*known} if tag.kind == "unknown" else frozenset()
    if len(names) != 1:
        return tag
    (name,) = names
    given = aoi.name if isinstance(aoi, Aoi) else aoi
    return (
        replace(tag, kind="filler") if given is not None and given != name else replace(tag, kind="place", value=name)
    )


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
