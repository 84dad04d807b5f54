"""Times of a question put together: from ... to, between ... and, since; months that take their year from others."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Literal

from terrascope_sdk.plan.outcomes import NeedsInput, NotPlanned
from terrascope_sdk.plan.questions import spans
from terrascope_sdk.plan.questions.dates import Clock, When
from terrascope_sdk.plan.questions.spans import Span
from terrascope_sdk.plan.questions.tagging import Tag
from terrascope_sdk.plan.questions.things import Moment

__all__ = ["Period", "with_periods"]


@dataclass(frozen=True)
class Period:
    """One expression of time."""

    kind: Literal["one", "between", "from", "since", "many"]
    """One span; two ends asked about as a change, or as a course; everything from a date on; several years in one."""

    first: Span | None
    """The span, or the first of two; None for the newest image."""

    last: Span | None = None
    """The second of two; None where there is one."""

    newest: bool = False
    """Whether its end is the newest image."""

    text: str = ""
    """As written."""

    def whole(self, clock: Clock) -> Span | None:
        """Return everything from the first day to the last."""
        if self.first is None:
            return None
        if self.kind == "since" or self.newest:
            return Span(self.first.start, clock.today + timedelta(days=1))
        return self.first if self.last is None else Span(self.first.start, self.last.end)

    def moment(self, clock: Clock) -> Moment:
        """Return when to look."""
        if self.first is None and self.newest:
            return Moment(pick="latest")
        return Moment(self.whole(clock))

    def ends(self, clock: Clock) -> tuple[Span, Span] | None:
        """Return the first and the last span, for a change; None where there is one span only."""
        if self.first is None:
            return None
        if self.kind == "since" or (self.newest and self.last is None):
            until = clock.today + timedelta(days=1)
            return (self.first, Span(self.first.end, until)) if self.first.end < until else None
        if self.kind == "many":
            a, b = self.first.start.year, self.first.end.year - 1
            return (spans.year(a), spans.year(b)) if b > a and self.first == spans.years(a, b) else None
        return None if self.last is None else (self.first, self.last)


def with_periods(tags: Sequence[Tag], clock: Clock) -> tuple[list[Tag], dict[int, Period]]:
    """Return the tags with one tag for each expression of time, and the expressions by the start of their tag.

    Raises:
        NotPlanned: A month without a year, a time that runs backwards or has an open end.
    """
    tags = _dated(tags, clock)
    result: list[Tag] = []
    periods: dict[int, Period] = {}
    i = 0
    while i < len(tags):
        if tags[i].kind != "when":
            result.append(tags[i])
            i += 1
            continue
        period, used = _period(tags, i, result)
        start = tags[i].start
        periods[start] = replace(period, text=" ".join(t.text for t in tags[i : i + used]))
        result.append(Tag("time", text=tags[i].text, start=start, end=tags[i + used - 1].end))
        i += used
    return result, periods


def _significant(tags: Sequence[Tag], i: int) -> int:
    """Return the position of the next tag that is not filler."""
    while i < len(tags) and (tags[i].kind in {"filler", "article"} or tags[i].value == "year"):
        i += 1
    return i


def _lead(result: Sequence[Tag]) -> str:
    """Return the word that stands before a time."""
    for tag in reversed(result):
        if tag.kind not in {"filler", "article"}:
            return tag.text.lower().split()[-1] if tag.kind in _LEADS else ""
        if tag.text.lower() in {
            "seit",
            "since",
            "ab",
            "zwischen",
            "vor",
            "after",
            "nach",
            "until",
            "till",
            "before",
            "von",
            "bis",
        }:
            return tag.text.lower()
    return ""


_LEADS = frozenset(
    [
        "between",
        "from",
        "since",
        "in",
        "of",
        "least",
        "before",
        "to",
        "near",
        "without",
        "not",
        "unknown",
        "away",
        "ask",
    ]
)
_OPEN = frozenset(["before", "after", "until", "till", "vor", "nach", "bis"])


def _period(tags: Sequence[Tag], i: int, result: list[Tag]) -> tuple[Period, int]:
    when = tags[i].when
    assert when is not None
    lead = _lead(result)
    j = _significant(tags, i + 1)
    joint = tags[j].kind if j < len(tags) else ""
    k = _significant(tags, j + 1)
    other = tags[k].when if k < len(tags) else None
    by = lead in {"bis", "until", "till"} and any(t.kind == "time" for t in result)  # cropland by 2020
    if lead in _OPEN and not by and joint not in {"to", "dash"}:
        raise NotPlanned(
            NeedsInput(
                f"From when to when? '{lead} {when.text}' leaves one end open.",
                "A time with an open end is not understood, except since a date.",
            )
        )
    between = lead in {"between", "zwischen"}
    since = lead in {"since", "seit"} or (lead == "ab" and other is None)
    if other is not None and (joint in {"to", "dash"} or (between and joint == "and") or (since and joint == "to")):
        kind: Literal["between", "from"] = "between" if between else "from"
        _strip(result, {"between", "from", "since", "in"})
        if other.span is None:
            if when.span is None:
                raise NotPlanned(NeedsInput("On which date?", "A range without a beginning is not understood."))
            return Period("since", when.span, newest=True), k + 1 - i
        if when.span is None:
            raise NotPlanned(NeedsInput("From when?", f"'{when.text}' has no date."))
        if when.span.start >= other.span.start:
            raise NotPlanned(
                NeedsInput(
                    f"Which is the earlier date, {when.text} or {other.text}?",
                    "The time runs backwards, or stands still.",
                )
            )
        return Period(kind, when.span, other.span), k + 1 - i
    if since:
        _strip(result, {"since", "unknown", "least", "filler"})
        return Period("since", when.span), 1
    if when.many:
        return Period("many", when.span), 1
    return Period("one", when.span, newest=when.pick == "latest"), 1


def _strip(result: list[Tag], kinds: set[str]) -> None:
    """Take away the word that led into a period."""
    for position in range(len(result) - 1, max(-1, len(result) - 5), -1):
        if result[position].kind in kinds and result[position].text.lower() not in {"the", "dem", "der", "den"}:
            del result[position]
            return
        if result[position].kind not in {"filler", "in", "link", "article"}:
            return


# ------------------------------------------------------------------------------------------- months without a year


def _dated(tags: Sequence[Tag], clock: Clock) -> list[Tag]:
    """Return the tags with months and seasons that have no year in that of the time beside them."""
    whens = [(i, t.when) for i, t in enumerate(tags) if t.when is not None]
    found = list(tags)
    for position, (i, when) in enumerate(whens):
        if when.bare is None:
            continue
        year = _year_beside(tags, whens, position)
        if year is None:
            raise NotPlanned(
                NeedsInput(
                    f"Of which year is '{when.text}'? Please write it like May 2023.", f"'{when.text}' has no year."
                )
            )
        found[i] = replace(tags[i], when=clock.dated(when, year))
    return _without_lent(found, whens)


def _year_beside(tags: Sequence[Tag], whens: Sequence[tuple[int, When]], position: int) -> int | None:
    after = [w.span for _, w in whens[position + 1 :] if w.span is not None]
    before = [w.span for _, w in whens[:position] if w.span is not None]
    year = _ending_year(after[0]) if after else _ending_year(before[-1]) if before else None
    here = whens[position][1]
    if year is not None and after and isinstance(here.bare, int) and position + 1 < len(whens):
        nxt = whens[position + 1][1]
        if (
            nxt.span is not None
            and nxt.span != spans.year(year)
            and here.bare > nxt.span.start.month
            and nxt.span.start.year == year
        ):
            return year - 1 if _joined(tags, whens[position][0], whens[position + 1][0]) else year
    return year


def _joined(tags: Sequence[Tag], i: int, j: int) -> bool:
    return any(t.kind in {"to", "dash"} for t in tags[i + 1 : j])


def _ending_year(span: Span) -> int:
    return (span.end - timedelta(days=1)).year


def _without_lent(tags: Sequence[Tag], whens: Sequence[tuple[int, When]]) -> list[Tag]:
    """Drop a plain year that only lent itself to months: *in 2021, how did it change between May and June?*."""
    bare = any(w.bare is not None for _, w in whens)
    years = [i for i, w in whens if w.bare is None and w.span is not None and w.span == spans.year(w.span.start.year)]
    others = len(whens) - len(years)
    if bare and len(years) == 1 and others and all(w.bare is not None for i, w in whens if i not in years):
        drop = years[0]
        return [replace(t, kind="filler", when=None) if i == drop else t for i, t in enumerate(tags)]
    return list(tags)
