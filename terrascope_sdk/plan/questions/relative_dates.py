"""Seasons, parts of years, and times relative to the day of the question."""

from collections.abc import Callable, Sequence
from datetime import date, timedelta

from terrascope_sdk.plan.questions import spans
from terrascope_sdk.plan.questions.date_words import (
    BEFORE_THIS,
    DAYS_BACK,
    LAST,
    MONTHS,
    NEWEST,
    OF,
    PARTS,
    SEASONS,
    SOUTH,
    THIS,
    UNITS,
)
from terrascope_sdk.plan.questions.numerals import number_at
from terrascope_sdk.plan.questions.spans import Span
from terrascope_sdk.plan.questions.tokens import Token
from terrascope_sdk.plan.questions.when import Clock, When, word_at, year_at

__all__ = [
    "ago_at",
    "deictic_at",
    "digits_of",
    "part_of_year_at",
    "past_years_at",
    "relative_at",
    "season_at",
    "year_behind",
]


def season_at(tokens: Sequence[Token], i: int, clock: Clock) -> When | None:
    """Read *winter 2020*, *the winter of 2022/23*, *last summer*, *austral summer of 2020*."""
    j, south, last = i, None, None
    if word_at(tokens, j) in LAST | THIS:
        last, j = word_at(tokens, j) in LAST, j + 1
    if word_at(tokens, j) in SOUTH:
        south, j = SOUTH[word_at(tokens, j)], j + 1
        j += word_at(tokens, j) == "hemisphere"
    name = SEASONS.get(word_at(tokens, j))
    if name is None or (word_at(tokens, j) == "fall" and not _is_fall(tokens, j)):
        return None
    j += 1 + (word_at(tokens, j + 1) in {"season", "months", "monate", "monaten"})
    half = clock.south if south is None else south
    if last is not None:
        return When(_recent(name, clock, half, last=last), j - i, "")
    if (pair := _pair_of_years(tokens, j, name)) is not None:
        return When(spans.season(name, pair[0], south=half), pair[1] - i, "")
    behind = year_behind(tokens, j, clock)
    if behind is None:
        return When(None, j - i, "", bare=name, south=south)
    return When(spans.season(name, behind[0], south=half), behind[1] - i, "")


def _pair_of_years(tokens: Sequence[Token], i: int, name: str) -> tuple[int, int] | None:
    """Return the second year of *2019/20*, *2019/2020* or *2019 and 2020* behind a season, and the token after it."""
    while word_at(tokens, i) in OF | {","}:
        i += 1
    if (pair := _year_pair(tokens, i)) is not None:
        return pair, i + 1
    first, second = year_at(tokens, i), year_at(tokens, i + 2)
    joined = word_at(tokens, i + 1) in {"-", "/", "\u2013"}
    return (second, i + 3) if joined and name == "winter" and first and second == first + 1 else None


def _is_fall(tokens: Sequence[Token], i: int) -> bool:
    """Whether *fall* is the season."""
    paired = i + 1 < len(tokens) and tokens[i + 1].kind == "winter"
    led = word_at(tokens, i - 1) in {"in", "last", "this", "the", "during", "and", "between"}
    return year_at(tokens, i + 1) is not None or led or paired or word_at(tokens, i + 1) in {"of", "season"}


def _recent(name: str, clock: Clock, south: bool, *, last: bool) -> Span:
    """Return the last season of a name that is over, or the one of this year."""
    if not last:
        return spans.season(name, clock.today.year, south=south)
    candidates = (spans.season(name, clock.today.year - back, south=south) for back in range(-1, 3))
    return next(s for s in candidates if s.end <= clock.today)


def deictic_at(tokens: Sequence[Token], i: int, clock: Clock) -> When | None:
    """Read *yesterday*, *today*, *the year before last*, *vorletztes Jahr*, *Vorjahr*."""
    today, word, after = clock.today, word_at(tokens, i), word_at(tokens, i + 1)
    if word in NEWEST:
        return When(None, 1, "", pick="latest")
    if word in DAYS_BACK:
        return When(spans.day(today - timedelta(days=DAYS_BACK[word])), 1, "")
    unit = UNITS.get(word)
    if unit in {"year", "month"} and after == "before" and word_at(tokens, i + 2) == "last":
        return When(_back(unit, 2, today), 3, "")
    if word in {"vorletztes", "vorletzten", "vorletztem"} and UNITS.get(after) in {"year", "month"}:
        return When(_back(UNITS[after], 2, today), 2, "")
    if word in BEFORE_THIS:
        return When(_back(BEFORE_THIS[word], 1, today), 1, "")
    return None


def _back(unit: str, n: int, today: date) -> Span:
    return spans.year(today.year - n) if unit == "year" else spans.month(today.year, today.month - n)


def relative_at(tokens: Sequence[Token], i: int, clock: Clock) -> When | None:
    """Read *last year*, *this month*, *last week*, *last May*."""
    today, word, after = clock.today, word_at(tokens, i), word_at(tokens, i + 1)
    if word not in LAST | THIS:
        return None
    if after in MONTHS and (word in LAST or after not in {"may", "march"}):
        back = int(word in LAST and MONTHS[after] >= today.month)
        return None if year_at(tokens, i + 2) else When(spans.month(today.year - back, MONTHS[after]), 2, "")
    unit = UNITS.get(after)
    if unit not in {"year", "month", "week"} or after in {"years", "months", "weeks", "jahre", "monate", "wochen"}:
        return None
    if unit == "week":
        monday = today - timedelta(days=today.weekday() + 7 * (word in LAST))
        return When(Span(monday, monday + timedelta(days=7)), 2, "")
    return When(_back(unit, int(word in LAST), today), 2, "")


def ago_at(tokens: Sequence[Token], i: int, clock: Clock) -> When | None:
    """Read *two years ago*, *vor drei Jahren*, *a decade ago*."""
    j = i
    german = word_at(tokens, j) == "vor"
    j += german
    counted = number_at(tokens, j)
    if counted is None and word_at(tokens, j) in {"a", "an", "one"}:
        counted = (1.0, 1)
    if counted is None:
        return None
    n, width = int(counted[0]), counted[1]
    unit = UNITS.get(word_at(tokens, j + width))
    if unit is None or n < 1:
        return None
    end = j + width + 1
    if not german:
        if word_at(tokens, end) not in {"ago", "back", "earlier"} or word_at(tokens, end) == "earlier":
            return None
        end += 1
    today = clock.today
    spans_of: dict[str, Callable[[], Span]] = {
        "year": lambda: spans.year(today.year - n),
        "decade": lambda: spans.year(today.year - 10 * n),
        "month": lambda: spans.month(today.year, today.month - n),
        "week": lambda: spans.day(today - timedelta(days=7 * n)),
        "day": lambda: spans.day(today - timedelta(days=n)),
    }
    return When(spans_of[unit](), end - i, "")


def past_years_at(tokens: Sequence[Token], i: int, clock: Clock) -> When | None:
    """Read *the last five years*: so many calendar years before this one; months and days up to today."""
    if word_at(tokens, i) not in LAST:
        return None
    counted = number_at(tokens, i + 1)
    if counted is None and UNITS.get(word_at(tokens, i + 1)) == "decade":
        counted = (1.0, 0)
    if counted is None:
        return None
    n, width = int(counted[0]), counted[1]
    unit = UNITS.get(word_at(tokens, i + 1 + width))
    today = clock.today
    if unit in {"year", "decade"}:
        n = n * 10 if unit == "decade" else n
        return When(spans.years(today.year - n, today.year - 1), width + 2, "", many=True)
    if unit == "month":
        return When(spans.months(today.year, today.month - n, n), width + 2, "", many=True)
    if unit in {"week", "day"}:
        first = today - timedelta(days=n * (7 if unit == "week" else 1))
        return When(Span(first, today), width + 2, "", many=True)
    return None


def part_of_year_at(tokens: Sequence[Token], i: int, clock: Clock) -> When | None:
    """Read *first half of 2020*, *Q1 2020*, *the nineties*, *the beginning of 2020*, *early 2020*."""
    word = word_at(tokens, i)
    part, width = PARTS.get(word), 2
    kind = word_at(tokens, i + 1)
    if word[:1] == "q" and word[1:] in {"1", "2", "3", "4"}:
        part, kind, width = int(word[1]) - 1, "quarter", 1
    months = {"half": 6, "quarter": 3, "halbjahr": 6, "quartal": 3, "haelfte": 6}.get(kind)
    if part is not None and months is not None and (behind := year_behind(tokens, i + width, clock)) is not None:
        return When(spans.months(behind[0], 1 + months * part, months), behind[1] - i, "")
    if word in {"nineties", "eighties", "seventies", "neunziger", "achtziger", "siebziger", "neunzigern", "achtzigern"}:
        first = {"n": 1990, "e": 1980, "s": 1970, "a": 1980}[word[0]]
        return When(spans.decade(first), 1 + (word_at(tokens, i + 1) in {"jahre", "jahren"}), "", many=True)
    return None


def year_behind(tokens: Sequence[Token], i: int, clock: Clock) -> tuple[int, int] | None:
    """Return the year behind a month or season, and the token after it; *of last year* counts as one."""
    j = i
    while word_at(tokens, j) in {",", "."} or (word_at(tokens, j) in OF and j - i < 3):
        j += 1
    if (value := year_at(tokens, j)) is not None:
        return value, j + 1
    if word_at(tokens, j) in LAST and word_at(tokens, j + 1) in {"year", "jahres", "jahr"}:
        return clock.today.year - 1, j + 2
    if word_at(tokens, j) in THIS and word_at(tokens, j + 1) in {"year", "jahres", "jahr"}:
        return clock.today.year, j + 2
    if word_at(tokens, j) in {"vorjahres", "vorjahr"}:
        return clock.today.year - 1, j + 1
    return None


def _year_pair(tokens: Sequence[Token], i: int) -> int | None:
    """Return the second year of a pair such as 2019/20."""
    token = tokens[i] if i < len(tokens) else None
    if token is None or token.kind != "winter":
        return None
    first, second = digits_of(token.word)
    last = int(second) if len(second) == 4 else int(first[:2] + second)
    return last if last == int(first) + 1 else None


def digits_of(text: str) -> list[str]:
    """Return the numbers in a text."""
    parts = "".join(c if c in "0123456789" else " " for c in text).split()
    return parts or ["0"]
