"""What the caller or the question says about where and when, besides what is asked."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import cache

from terrascope_sdk.errors import TerraScopeError
from terrascope_sdk.plan.language import Plan
from terrascope_sdk.plan.outcomes import CannotPlan, NeedsInput, NotPlanned
from terrascope_sdk.plan.questions.lexicon import is_slip, lexicon_of
from terrascope_sdk.plan.questions.spans import Span, day
from terrascope_sdk.plan.questions.tagging import Tag
from terrascope_sdk.plan.questions.things import Moment
from terrascope_sdk.plan.questions.tokens import fold, tokenize
from terrascope_sdk.stac import places, resolve_aoi
from terrascope_sdk.types.aoi import Aoi
from terrascope_sdk.types.concepts import get_concept
from terrascope_sdk.types.instant import TimeRange

__all__ = ["about_places", "ends_of", "latitude_of", "taken_sentences", "where_of"]

_POINT_DEG = 0.02
"""Half the side of the box that is taken around a point, degrees."""


@cache
def about_places() -> dict[str, frozenset[str]]:
    """Return the words by which bundled places are known besides their names, with the places: *Ucayali*, *Peru*."""
    found: dict[str, set[str]] = {}
    for place in places():
        for token in tokenize(place.title.partition("(")[0]):
            if (
                token.kind == "word"
                and token.text[0].isupper()
                and token.word not in place.name
                and len(token.word) > 3
            ):
                found.setdefault(token.word, set()).add(place.name)
    known = {word for words in (*lexicon_of("en"), *lexicon_of("de")) for word in words}
    return {word: frozenset(names) for word, names in found.items() if word not in known}


def latitude_of(text: str, aoi: Aoi | str | None, names: Sequence[str]) -> float:
    """Return the latitude of the middle of the area, degrees; 0 where it is not known.

    Args:
        text: The question, which may name a place or a box.
        aoi: The area, where it is given.
        names: Names of places.
    """
    area = aoi if isinstance(aoi, Aoi) else _known_area(aoi) if aoi is not None else None
    if area is None:
        area = _area_in(text)
    if area is None:
        words = f" {' '.join(t.word for t in tokenize(text))} "
        named = next(
            (p for p in names if p and f" {' '.join(fold(p).replace('-', ' ').split())} " in words.replace(" - ", " ")),
            None,
        )
        area = None if named is None else _known_area(named)
    if area is None:
        return 0.0
    _, south, _, north = area.bbox
    return (south + north) / 2


def _known_area(name: str) -> Aoi | None:
    try:
        return resolve_aoi(name)
    except TerraScopeError:
        return None


def _area_in(text: str) -> Aoi | None:
    """Return the box or the surroundings of the point whose coordinates stand in the text."""
    for token in tokenize(text):
        if token.kind in {"bbox", "point"}:
            numbers = [float(p.strip(" °NnSsEeWwOo").replace("\u2212", "-")) for p in token.text.split(",")]
            try:
                if token.kind == "bbox":
                    return Aoi.from_bbox(numbers)
                lat, lon = (
                    -abs(n) if p.strip().rstrip("°")[-1:].upper() in {"S", "W"} else n
                    for n, p in zip(numbers, token.text.split(","), strict=True)
                )
                return Aoi.from_bbox((lon - _POINT_DEG, lat - _POINT_DEG, lon + _POINT_DEG, lat + _POINT_DEG))
            except TerraScopeError as err:
                raise NotPlanned(NeedsInput(f"Which area is {token.text}?", f"{err}")) from err
    return None


def where_of(
    tags: Sequence[Tag], aoi: Aoi | str | None, text: str, previous: Plan | None
) -> tuple[Aoi | str | None, list[str]]:
    """Return the area of a plan, and sentences about how it was taken.

    Raises:
        NotPlanned: The question names more than one place, or another than the caller.
    """
    written = _area_in(text)
    if written is not None and aoi is None:
        around = any(t.kind == "point" for t in tags)
        return written, ["A box of about 4 km around the point is taken."] if around else []
    named = list(dict.fromkeys(t.value for t in tags if t.kind == "place"))
    if len(named) > 1:
        raise NotPlanned(CannotPlan(f"More than one place is named, {' and '.join(named)}; ask about one at a time."))
    given = aoi.name if isinstance(aoi, Aoi) else aoi
    if not named:
        if aoi is None and previous is not None:
            before = previous.aoi
            return (Aoi.from_json(before) if isinstance(before, dict) else before), []
        return aoi, []
    if given and given.lower() != named[0].lower():
        raise NotPlanned(
            NeedsInput(f"Where: {named[0]}, as in the question, or {given}?", "The question names another place.")
        )
    if aoi is not None and not given:
        return aoi, [f"The area given is used, and not the place {named[0]} that the question names."]
    return (aoi if isinstance(aoi, Aoi) else named[0]), []


def ends_of(
    time: TimeRange | None, available: Sequence[datetime] | None
) -> tuple[tuple[Moment, Moment] | None, list[str]]:
    """Return the two dates of a change whose dates the question does not name, and what to say about them.

    Args:
        time: The caller's time, split at its ends.
        available: Dates of the scenes there are.
    """
    if time is not None:
        last = time.end - timedelta(microseconds=1)
        for size in (4, 7, 10):
            ends = time.start.isoformat()[:size], last.isoformat()[:size]
            if ends[0] != ends[1]:
                early, late = (_span(TimeRange.parse(e)) for e in ends)
                return (Moment(early), Moment(late)), [
                    f"The time {time} is taken as a change from {ends[0]} to {ends[1]}."
                ]
        return None, []
    if available is not None:
        days = sorted({when.date() for when in available})
        if len(days) >= 2:
            said = f"No time was given: the earliest and the latest scene, {days[0]} and {days[-1]}, are compared."
            return (Moment(day(days[0])), Moment(day(days[-1]))), [said]
    return None, []


def _span(time: TimeRange) -> Span:
    return Span(time.start.date(), time.end.date())


def taken_sentences(tags: Sequence[Tag]) -> list[str]:
    """Say how words were taken that mean something narrower or wider than the class."""
    sentences = []
    for tag in tags:
        if tag.kind == "concept" and not tag.glued and is_slip(tag.text):
            sentences.append(f"'{tag.text}' is read as a slip of the pen for {get_concept(tag.value).title}.")
        elif tag.kind == "concept" and (sentence := get_concept(tag.value).taken_as(tag.text)):
            sentences.append(sentence)
        elif tag.kind == "negated":
            title = get_concept(tag.value).title
            sentences.append(f"'{tag.text}' is taken as everything observed that is not {title}.")
    return sentences
