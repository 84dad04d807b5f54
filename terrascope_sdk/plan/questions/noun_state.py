"""What is known while the things of a clause are read, and the words around a word."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Literal

from terrascope_sdk.plan.questions.nouns import Filter, Group, Nouns
from terrascope_sdk.plan.questions.periods import Period
from terrascope_sdk.plan.questions.tagging import Tag
from terrascope_sdk.plan.questions.things import Thing

__all__ = ["NounState", "describes"]


class NounState:
    """Where the reader stands."""

    def __init__(self, tags: Sequence[Tag], periods: Mapping[int, Period], last: Thing | None) -> None:
        self.tags, self.periods, self.last = tags, periods, last
        self.nouns = Nouns()
        self.mode: Literal["new", "list", "link", "minus", "zone"] = "new"
        self.joined: Literal["", "and", "or"] = ""
        self.zone: Tag | None = None
        self.reference: Thing | None = last
        self.relative = False
        self.adjacent = False
        self.referred: Filter | None = None
        self.again = False
        self.last_end = -9
        self.stacked: list[Tag] = []
        self.zone_or = False
        self.zone_position = 0

    def _links(self) -> int:
        return self.nouns.links

    def _filter(self, f: Filter) -> None:
        """Hang a filter on the last group, and on those that are listed with it."""
        groups = self.nouns.groups
        for group in reversed(groups):
            group.filters.append(replace(f) if group is not groups[-1] else f)
            if not group.joined:
                break

    def _before(self, i: int, passed: frozenset[str] = frozenset({"filler", "article"})) -> str:
        """Return what stands before a tag, small words passed over; ``whole`` for the area or scene."""
        j = i - 1
        while j >= 0 and self.tags[j].kind in passed:
            j -= 1
        if j < 0:
            return ""
        if self.tags[j].kind in {"aoi", "area"}:
            return "whole"
        if self.tags[j].kind == "turn":
            text = self.tags[j].text.lower()
            return "turn-to" if text.endswith(("to", "into", "zu", "in")) else "turn"
        if self.tags[j].kind == "in" and self.tags[j].text.lower() in {"in", "zum", "zur", "into"}:
            return "to" if any(t.kind == "turn" for t in self.tags) else "in"
        return self.tags[j].kind

    def _is_of(self, i: int) -> bool:
        """Whether a share of it is asked for: *share of the cropland*, *Anteil des Ackerlands*."""
        j = i - 1
        seen = False
        while j >= 0 and self.tags[j].kind in {"filler", "article", "of", "concept", "and", "or", "comma", "time"}:
            seen |= self.tags[j].kind == "of" or (self.tags[j].kind == "article" and self.tags[j - 1].kind == "share")
            j -= 1
        return seen and j >= 0 and self.tags[j].kind == "share"

    def _definite(self, i: int) -> bool:
        j = i - 1
        return j >= 0 and self.tags[j].text.lower() in {
            "the",
            "des",
            "der",
            "dem",
            "vom",
            "this",
            "these",
            "all",
            "den",
        }

    def _at(self, i: int) -> str:
        while i >= 0 and self.tags[i].kind in {"filler", "article"}:
            i -= 1
        return self.tags[i].kind if i >= 0 else ""

    def _before_group(self, group: Group) -> str:
        return self._at(group.position - 1)

    def _says_share(self) -> bool:
        return any(t.kind == "share" for t in self.tags)

    def _zone_follows(self, i: int) -> bool:
        return any(t.kind == "zone" for t in self.tags[i + 1 : i + 4])

    def _named_later(self, i: int) -> bool:
        """Whether what a zone is around may still follow behind a comma."""
        return not any(t.kind in {"howmuch", "many", "wh", "share", "size"} for t in self.tags[i + 1 : i + 3])

    def _names_between(self, i: int) -> bool:
        return any(t.kind in {"concept", "pronoun", "comma"} for t in self.tags[self.zone_position + 1 : i])


_DESCRIBING = (
    "ed", "burnt", "built up", "urban", "agricultur", "arable", "barren", "bare", "grassy", "herbaceous", "green",
    "artificial", "snowy", "under water", "underwater", "built", "wooded", "sealed", "impervious", "cloudy", "rocky",
    "sandy", "suburban", "bebaut", "bewaldet", "flutet", "schwemmt", "brannt", "versiegelt", "schneit", "bedeckt",
    "kahl",
    "landwirtschaftlich", "staedtisch", "städtisch", "bewachsen", "begruent", "begrünt", "unter wasser",
    "gruen", "grün",
)  # fmt: skip


def describes(first: str, second: str) -> bool:
    """Whether one of two names is an adjective: *flooded cropland*, *bebaute Hänge*; compounds in one word as well."""
    words = [w.lower().replace("-", " ") for w in (first, second)]
    if words[0] == words[1]:  # one German compound
        return True
    ends = ("", "e", "er", "es", "en", "em")
    return any(word.endswith(stem + end) for word in words for stem in _DESCRIBING for end in ends)
