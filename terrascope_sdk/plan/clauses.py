"""A question as clauses, each with what it asks for and the things it names."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from terrascope_sdk.plan import phrases
from terrascope_sdk.plan.outcomes import NeedsInput, NotPlanned
from terrascope_sdk.plan.tagger import Tag
from terrascope_sdk.plan.things import Largest, Named, Opposite, Thing, Without
from terrascope_sdk.plan.times import TimeMention

__all__ = ["Clause", "Group", "split_clauses"]

ASKING = frozenset(
    {"share", "size", "count", "touches", "distance", "rank", "dominant", "ranking", "change", "unit", "weak"}
)
"""Kinds of tag that say what is wanted."""

_OPENERS = frozenset(phrases.structure["opener"].replace(",", " ").split())
_NEW_QUANTITY = frozenset({"share", "size", "count", "distance", "total"})
_BEFORE_OPENER = frozenset({"and", "comma", "glue", "pronoun"})
_AFTER_NOT = frozenset({"glue", "link", "not", "prep", "region", "direct"})
"""What may stand between *not* and the thing it turns round: not covered by forest."""

_PASSED_OVER = frozenset({"glue", "not", "region", "single", "direct", "shortest"})
"""What joins no two things."""

_REST = Named("", "everything else")
"""Stands for everything that the other groups are not, until these are known."""


@dataclass(frozen=True)
class Group:
    """One thing named in a clause, and the tags that stand before it since the thing before."""

    thing: Thing
    """What is named."""

    before: tuple[Tag, ...]
    """Tags in between, without those that change nothing."""

    close: bool = False
    """Whether it follows the thing before with no word in between."""

    def joined_by(self, *kinds: str) -> bool:
        """Return whether a tag of one of these kinds stands before it."""
        return any(tag.kind in kinds for tag in self.before)

    @property
    def leads(self) -> bool:
        """Whether the clause begins with *of* it."""
        return [tag.kind for tag in self.before] == ["of"]

    @property
    def is_of(self) -> bool:
        """Whether it directly follows the word *of*."""
        return bool(self.before) and self.before[-1].kind == "of"


@dataclass(frozen=True)
class Clause:
    """One request inside a question."""

    tags: tuple[Tag, ...]
    """What was read, glue included."""

    groups: tuple[Group, ...]
    """The things named, in order; `land` alone is not among them."""

    def has(self, *kinds: str) -> bool:
        """Return whether a tag of one of these kinds is there."""
        return any(tag.kind in kinds for tag in self.tags)

    def values(self, kind: str) -> tuple[str, ...]:
        """Return the values of the tags of a kind, in order, without repeats."""
        return tuple(dict.fromkeys(tag.value for tag in self.tags if tag.kind == kind))

    @property
    def times(self) -> tuple[TimeMention, ...]:
        """The expressions of time."""
        return tuple(tag.time for tag in self.tags if tag.time is not None)

    @property
    def asks(self) -> bool:
        """Whether it says what is wanted."""
        return self.has(*ASKING)

    @property
    def of_it(self) -> bool:
        """Whether it says *of it* or *of them*: of what an earlier clause named."""
        return any(a.kind == "of" and b.kind == "pronoun" for a, b in pairwise(self.tags))

    @property
    def of_land(self) -> bool:
        """Whether it says *of the land*."""
        said = [t.kind for t in self.tags if t.kind != "glue"]
        return ("of", "land") in pairwise(said)

    @property
    def but_not(self) -> bool:
        """Whether one time is set against another: *in 2019 but not in 2021*."""
        kinds = [t.kind for t in self.tags if t.kind not in {"glue", "prep"}]
        return any(kinds[i : i + 3] == ["time", "without", "time"] for i in range(len(kinds)))

    @property
    def splits_times(self) -> bool:
        """Whether several things each seem to have a time of their own."""
        kinds = [t.kind for t in self.tags if t.kind not in {"glue", "prep", "and", "or", "comma", "without"}]
        places = [i for i, kind in enumerate(kinds) if kind == "time"]
        return len(self.groups) > 1 and bool(places) and places[-1] - places[0] >= len(places)

    @property
    def ends_open(self) -> bool:
        """Whether a *without* at its end takes nothing away."""
        named = [i for i, t in enumerate(self.tags) if t.kind in {"concept", "negated", "rest"}]
        left = self.tags[named[-1] + 1 if named else 0 :]
        return any(t.kind == "without" for t in left) and not self.but_not

    def with_land(self) -> "Clause":
        """Return the clause with a bare *land* counted as a thing: what is not open water."""
        return replace(self, groups=tuple(_groups(self.tags, land=True)))


def split_clauses(tags: Sequence[Tag]) -> list[Clause]:
    """Cut a question into clauses at full stops and before each new request.

    Raises:
        NotPlanned: A *not* belongs to nothing.
    """
    pieces: list[list[Tag]] = [[]]
    for position, tag in enumerate(tags):
        asked_already = any(t.kind in ASKING for t in pieces[-1]) and not _is_aside(pieces[-1])
        if tag.kind == "stop" or (tag.kind in {"and", "comma"} and asked_already and _begins(tags[position:])):
            pieces.append([])
        else:
            pieces[-1].append(tag)
    return [Clause(tuple(p), tuple(_groups(p))) for p in pieces if any(t.kind not in _BEFORE_OPENER for t in p)]


def _is_aside(tags: Sequence[Tag]) -> bool:
    """Return whether only a unit is said so far: *In percent, how much ...*."""
    return {t.kind for t in tags} <= {"glue", "prep", "unit", "share", "as", "time", "place", "sensor"} and any(
        t.kind in {"prep", "as"} for t in tags
    )


def _begins(tags: Sequence[Tag]) -> bool:
    """Return whether a new request begins here, after *and* or a comma."""
    first = next((t for t in tags if t.kind not in _BEFORE_OPENER | {"prep"}), None)
    if first is None:
        return False
    if first.text.lower().split()[0] in _OPENERS:
        return True
    if first.text.lower() in {"is", "are"}:  # ... and is it touching water?
        return any(t.kind == "pronoun" for t in tags[1:4])
    area = first.kind == "weak" and first.value in {"area", "amount"}
    led = any(t.kind == "prep" for t in tags[: tags.index(first)])  # ... , in percent
    return not led and (area or first.kind in _NEW_QUANTITY)


# ----------------------------------------------------------------------------------------------------------- groups


def _thing(tag: Tag, *, land: bool) -> Thing | None:
    if tag.kind == "concept":
        return Named(tag.value, tag.text)
    if tag.kind == "negated" or (tag.kind == "land" and land):
        return Opposite(Named(tag.value or "water", tag.text))
    return _REST if tag.kind == "rest" else None


def _groups(tags: Sequence[Tag], *, land: bool = False) -> Iterator[Group]:
    found: list[Group] = []
    between: list[Tag] = []
    negate = largest = False
    end = -1
    for tag in tags:
        thing = _thing(tag, land=land)
        if thing is None:
            if negate and tag.kind not in _AFTER_NOT:
                raise _dangling()
            negate, largest = negate or tag.kind == "not", largest or tag.kind == "region"
            between += [] if tag.kind in _PASSED_OVER else [tag]
            continue
        if found and thing == found[-1].thing and not between and not negate:
            end = tag.end  # flood water, bare rock: one thing said twice
            continue
        if negate and thing is _REST:
            raise _dangling()
        thing = Largest(thing) if largest else thing
        thing = Opposite(thing) if negate else thing
        close = bool(found) and not between and not any(end <= t.start < tag.start for t in tags)
        found.append(Group(thing, tuple(between), close))
        negate = largest = False
        between, end = [], tag.end
    if negate:
        raise _dangling()
    yield from _without_rest(found)


def _dangling() -> NotPlanned:
    return NotPlanned(NeedsInput("Could you ask it without 'not'?", "What the 'not' belongs to is not clear."))


def _without_rest(groups: list[Group]) -> Iterator[Group]:
    """Resolve *everything else*, *everything but water* and *forest without water*."""
    merged: list[Group] = []
    for group in groups:
        if merged and group.joined_by("without"):
            kept = merged[-1].thing
            if group.thing is _REST:
                raise _rest_of_what()
            if kept == group.thing:
                raise NotPlanned(
                    NeedsInput("Without what? Both words mean the same class here.", "A class is taken from itself.")
                )
            thing = Opposite(group.thing) if kept is _REST else Without(kept, group.thing)
            merged[-1] = replace(merged[-1], thing=thing)
        else:
            merged.append(group)
    named = [g.thing for g in merged if g.thing is not _REST]
    for group in merged:
        if group.thing is not _REST:
            yield group
        elif len(named) == 1:
            yield replace(group, thing=Opposite(named[0]))
        else:
            raise _rest_of_what()


def _rest_of_what() -> NotPlanned:
    return NotPlanned(
        NeedsInput("The rest of what? Please name one class and the rest.", "'The rest' is not clear here.")
    )
