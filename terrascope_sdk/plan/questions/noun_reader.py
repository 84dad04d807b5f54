"""Reads the things of a clause, word by word."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from terrascope_sdk.plan.outcomes import NeedsInput, NotPlanned
from terrascope_sdk.plan.questions.noun_things import NounThings
from terrascope_sdk.plan.questions.nouns import Group, Nouns
from terrascope_sdk.plan.questions.periods import Period
from terrascope_sdk.plan.questions.tagging import Tag
from terrascope_sdk.plan.questions.things import Thing

__all__ = ["read_nouns"]


_SKIPPED = frozenset({"filler", "area", "patch", "cover"})


def read_nouns(tags: Sequence[Tag], periods: Mapping[int, Period], last: Thing | None) -> Nouns:
    """Return the things of a clause.

    Args:
        tags: The clause.
        periods: Expressions of time by the start of their tag.
        last: What *it* stands for; None when nothing was named before.

    Raises:
        NotPlanned: What a zone is around is not said.
    """
    return _Reader(tags, periods, last).read()


class _Reader(NounThings):
    def read(self) -> Nouns:
        for i, tag in enumerate(self.tags):
            handler = getattr(self, f"on_{tag.kind}", None)
            if handler is not None:
                handler(i, tag)
            elif tag.kind in _SKIPPED:
                self.last_end = tag.end if tag.glued or tag.start - self.last_end <= 1 else -9
            else:
                self.adjacent = False
                if tag.kind in {
                    "touch",
                    "distance",
                    "rank",
                    "than",
                    "turn",
                    "compare",
                    "between",
                    "with",
                    "stop",
                    "trend",
                    "change",
                    "reach",
                }:
                    self.mode, self.joined, self.referred, self.relative = "new", "", None, False
        self._close_zone()
        times = [t for t in self.tags if t.kind == "time"]
        if (
            self.mode == "minus"
            and len(times) > 1
            and self.tags[-1].kind in {"without", "not"}
            and not self.nouns.absent
        ):
            self.nouns.absent.append(self.periods[times[-1].start])  # in May, in April but not
            self.mode = "new"
        if self.mode == "minus" and self.tags and self.tags[-1].kind in {"without", "not"}:
            raise NotPlanned(
                NeedsInput("Without what? Please name a kind of land cover.", "What is left out is not named.")
            )
        return self.nouns

    def on_pronoun(self, i: int, tag: Tag) -> None:
        """Read *how much of it is ice*."""
        self.adjacent = False
        whole = [t.kind for t in self.tags[max(0, i - 2) : i]] == ["share", "of"] or (
            i >= 1 and self.tags[i - 1].kind == "share" and "of" in tag.text.lower().split()
        )
        if self.last is not None and not self.nouns.groups and whole and self.zone is None:
            self.nouns.groups.append(Group(self.last, "", i, is_of=True, definite=True))

    def on_time(self, i: int, tag: Tag) -> None:
        period = self.periods[tag.start]
        if self.mode == "minus" or self._before(i) in {"not", "without"}:
            self.nouns.absent.append(period)
            self.mode = "list"
        self.adjacent = False

    def on_link(self, i: int, tag: Tag) -> None:
        if tag.value == "inside" and self.nouns.groups:
            self.mode, self.referred = "link", None
        elif self.nouns.groups or self.nouns.zones:
            if not self.relative:
                self.nouns.links += 1
            self.relative = False
            self.mode = "minus" if self.mode == "minus" else "link"
            self.referred = None
        self.adjacent = False

    def on_rel(self, i: int, tag: Tag) -> None:
        following = self.tags[i + 1].kind if i + 1 < len(self.tags) else ""
        if tag.text.lower() == "that" and following in {"of", "in", "time", "from", "stop", ""}:
            return  # the area in 1985 and that in 2020
        if self.nouns.groups:
            self.relative, self.mode, self.referred = tag.text.lower() in {"that", "who"}, "link", None
        self.adjacent = False

    def on_article(self, i: int, tag: Tag) -> None:
        if i and self.tags[i - 1].kind == "comma" and self.nouns.groups:
            self.on_rel(i, replace(tag, text="that"))
        self.adjacent = False

    def on_without(self, i: int, tag: Tag) -> None:
        self.mode, self.adjacent, self.referred = "minus", False, None

    def on_gone(self, i: int, tag: Tag) -> None:
        self.adjacent = False

    def on_and(self, i: int, tag: Tag) -> None:
        self.joined, self.adjacent = "and", False

    def on_or(self, i: int, tag: Tag) -> None:
        self.joined, self.adjacent = "or", False

    def on_comma(self, i: int, tag: Tag) -> None:
        self.joined, self.adjacent = self.joined or "and", False
        if self.zone is not None and not self._named_later(i):
            self._close_zone()
        if self.zone is None:
            self.referred = None
            self.mode = "list" if self.mode != "minus" else self.mode

    on_not = on_without
