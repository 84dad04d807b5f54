"""From tags to clauses: unknown words are asked back, sentences split where each part asks for something of its own."""

import itertools
from collections.abc import Mapping, Sequence

from terrascope_sdk.plan.outcomes import CannotPlan, NeedsInput, NotPlanned
from terrascope_sdk.plan.questions.clauses import Clause, bind_periods
from terrascope_sdk.plan.questions.noun_reader import read_nouns
from terrascope_sdk.plan.questions.periods import Period
from terrascope_sdk.plan.questions.tagging import Tag
from terrascope_sdk.plan.questions.things import Thing
from terrascope_sdk.types.concepts import closest_concept_words, get_concept, vocabulary

__all__ = ["refuse_unread", "split_clauses"]

_STARTS = frozenset({"many", "howmuch", "size", "length", "distance", "count", "wh", "share", "trend", "touch"})
_STRONG = frozenset(
    {
        "share",
        "size",
        "howmuch",
        "many",
        "length",
        "touch",
        "distance",
        "rank",
        "any",
        "unit",
        "count",
        "change",
        "trend",
    }
)


def refuse_unread(tags: Sequence[Tag]) -> None:
    """Refuse or ask back what is not understood.

    Raises:
        NotPlanned: A word stands for something that cannot be measured, or is not known.
    """
    for tag in tags:
        if tag.kind == "refuse":
            raise NotPlanned(CannotPlan(f"'{tag.text}': {tag.value}"))
    unread = [t for t in tags if t.kind in {"unknown", "number", "hint"}]
    words = [t for t in tags if t.kind not in {"stop", "comma"}]
    if len(unread) > 2 and len(unread) * 2 > len(words):
        raise NotPlanned(
            NeedsInput(
                "Could you put it in other words, in English or German? For example: What share of the scene is water?",
                "Most of the words are not understood.",
            )
        )
    for i, tag in enumerate(tags):
        if tag.kind == "ask" and not any(t.kind in {"place", "bbox", "point"} for t in tags[i + 1 : i + 3]):
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


def split_clauses(tags: Sequence[Tag], periods: Mapping[int, Period], last: Thing | None = None) -> list[Clause]:
    """Return the clauses of a question.

    Args:
        tags: The question.
        periods: Expressions of time by the start of their tag.
        last: What *it* stands for at the beginning.
    """
    clauses: list[Clause] = []
    for part in _joined(_parts(tags)):
        nouns = read_nouns(part, periods, last)
        clause = Clause(part, nouns)
        bind_periods(clause, {i: periods[t.start] for i, t in enumerate(part) if t.kind == "time"})
        clauses.append(clause)
        if nouns.groups:
            last = nouns.groups[-1].thing
    return clauses


def _parts(tags: Sequence[Tag]) -> list[list[Tag]]:
    parts: list[list[Tag]] = [[]]
    for i, tag in enumerate(tags):
        if tag.kind == "stop" and tag.value != ":":
            parts.append([])
            continue
        if tag.kind in {"and", "comma"} and _begins(tags, i + 1) and _is_full(parts[-1]):
            parts.append([])
            continue
        parts[-1].append(tag)
    return [p for p in parts if any(t.kind != "filler" for t in p)]


def _begins(tags: Sequence[Tag], i: int) -> bool:
    """Whether a new question begins at a tag."""
    while i < len(tags) and tags[i].kind in {"filler", "and", "article", "in"}:
        i += 1
    if i >= len(tags) or tags[i].kind not in _STARTS:
        return False
    if tags[i].kind == "wh":
        rest = list(itertools.takewhile(lambda t: t.kind not in {"stop"}, tags[i:]))
        return any(t.kind in _STRONG | {"map", "area", "cover"} for t in rest[:6])
    if tags[i].kind in {"distance", "touch", "trend"}:
        return tags[i].text.lower().startswith(("how", "wie", "distance"))
    if tags[i].kind == "share":
        return tags[i].text.lower().startswith(("how", "wie", "what", "which", "welch")) or any(
            t.kind == "concept" for t in itertools.takewhile(lambda t: t.kind not in {"stop", "comma", "and"}, tags[i:])
        )
    return True


def _is_full(part: Sequence[Tag]) -> bool:
    kinds = {t.kind for t in part}
    return bool(kinds & (_STRONG | {"area", "map"})) and "concept" in kinds


def _joined(parts: list[list[Tag]]) -> list[list[Tag]]:
    return parts
