"""When to look: the times of a clause, the caller's time, or what is taken for granted, as windows."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from terrascope_sdk.plan.outcomes import CannotPlan, NeedsInput, NotPlanned
from terrascope_sdk.plan.times import TimeMention
from terrascope_sdk.plan.windows import Window
from terrascope_sdk.types.instant import TimeRange

__all__ = ["Schedule", "in_order"]

_TREND = CannotPlan("Three dates or more make a development, which is not understood yet; name one date or two.")


@dataclass
class Schedule:
    """Turns times into windows, and remembers what it took for granted."""

    time: TimeRange | None
    """The caller's time, used where the question has none."""

    available: Sequence[datetime] | None = None
    """Dates of the scenes there are, when the caller knows them."""

    assumptions: list[str] = field(default_factory=list)
    """Sentences to show."""

    def single(self, mentions: Sequence[TimeMention]) -> tuple[Window, ...]:
        """Return one window, or two when the question names two dates: each is measured.

        Raises:
            NotPlanned: Too many times, or one that fits no single measurement.
        """
        if not mentions:
            return (Window(name="only", time=self.time),)
        if any(m.kind == "since" for m in mentions):
            raise NotPlanned(
                NeedsInput("On which date, or which change since then?", "Since a date is understood for changes only.")
            )
        if len(mentions) == 1:
            return (_merged(mentions[0].windows),)
        return self._two(mentions)

    def pair(self, mentions: Sequence[TimeMention]) -> tuple[Window, Window]:
        """Return two windows, the earlier first.

        Raises:
            NotPlanned: Not two times, or two that overlap.
        """
        if not mentions:
            return self._split() if self.time is not None else self._ends()
        if len(mentions) > 1:
            return self._two(mentions)
        (mention,) = mentions
        if mention.kind == "since":
            return mention.windows[0], Window(name="only", pick="latest")
        if mention.kind == "range":
            first, last = mention.windows
            return first, last
        when = mention.windows[0]
        raise NotPlanned(
            NeedsInput(
                f"Change from when to when? Only {when if when.time else 'one date'} is named.",
                "A change needs two dates.",
            )
        )

    def _two(self, mentions: Sequence[TimeMention]) -> tuple[Window, Window]:
        windows = list(dict.fromkeys(w for m in mentions for w in m.windows))
        if len(windows) > 2:
            raise NotPlanned(_TREND)
        if len(windows) < 2 or any(m.kind != "one" for m in mentions):
            raise NotPlanned(NeedsInput("Which two dates do you mean?", "The times do not make two dates."))
        early, late = in_order(windows)
        if early.time is not None and late.time is not None and early.time.end > late.time.start:
            raise NotPlanned(NeedsInput("Which two dates do you mean?", f"{early} and {late} overlap."))
        return early, late

    def _split(self) -> tuple[Window, Window]:
        time = self.time
        if time is None:
            return self._ends()
        first, last = _ends_of(time)
        if first == last:
            raise NotPlanned(
                NeedsInput("Change from when to when?", f"The time {time} is a single day; two are needed.")
            )
        early, late = (Window(name="only", time=TimeRange.parse(text)) for text in (first, last))
        self._assume(f"The time {time} is taken as a change from {early} to {late}.")
        return early, late

    def _ends(self) -> tuple[Window, Window]:
        if self.available is None:
            self._assume("No time was given: the earliest and the latest scene that can be found are compared.")
            return Window(name="only", pick="earliest"), Window(name="only", pick="latest")
        days = sorted({f"{when:%Y-%m-%d}" for when in self.available})
        if len(days) < 2:
            have = f"only of {days[0]}" if days else "none at all"
            raise NotPlanned(CannotPlan(f"A change needs two dates, and the scenes here are {have}."))
        self._assume(f"No time was given: the earliest and the latest scene, {days[0]} and {days[-1]}, are compared.")
        early, late = (Window(name="only", time=TimeRange.parse(day)) for day in (days[0], days[-1]))
        return early, late

    def _assume(self, sentence: str) -> None:
        if sentence not in self.assumptions:
            self.assumptions.append(sentence)


def in_order(windows: Iterable[Window]) -> list[Window]:
    """Return windows in order of time: those without any time first or last, as they pick the earliest or not."""
    return sorted(windows, key=_sort_key)


def _sort_key(window: Window) -> tuple[datetime, datetime, int]:
    order = ("earliest", "clearest", "latest").index(window.pick)
    if window.time is None:
        end = (datetime.min if order == 0 else datetime.max).replace(tzinfo=UTC)
        return end, end, order
    return window.time.start, window.time.end, order


def _merged(windows: Sequence[Window]) -> Window:
    first, last = windows[0], windows[-1]
    if first == last:
        return first
    if first.time is None or last.time is None:
        raise NotPlanned(NeedsInput("On which date?", "A range up to now is understood for changes only."))
    return Window(name="only", time=TimeRange(first.time.start, last.time.end))


def _ends_of(time: TimeRange) -> tuple[str, str]:
    """Return first and last year of a window, or first and last month or day within one year or month."""
    last = time.end - timedelta(microseconds=1)
    for size in (4, 7, 10):
        ends = time.start.isoformat()[:size], last.isoformat()[:size]
        if ends[0] != ends[1]:
            break
    return ends
