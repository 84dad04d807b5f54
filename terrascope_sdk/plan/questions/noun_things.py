"""Names of things: new ones, those that describe others, those that are left out."""

from terrascope_sdk.plan.outcomes import NeedsInput, NotPlanned
from terrascope_sdk.plan.questions.noun_state import describes
from terrascope_sdk.plan.questions.noun_zones import NounZones
from terrascope_sdk.plan.questions.nouns import Filter, Group
from terrascope_sdk.plan.questions.tagging import Tag
from terrascope_sdk.plan.questions.things import AnyOf, Largest, Named, Opposite, Thing, both

__all__ = ["NounThings"]


_HAPPENED = frozenset(
    {
        "burned",
        "burnt",
        "flooded",
        "inundated",
        "submerged",
        "burn",
        "verbrannt",
        "überflutet",
        "ueberflutet",
        "überschwemmt",
        "ueberschwemmt",
        "verbrannte",
        "brannte",
        "under water",
        "underwater",
        "unter wasser",
        "under snow",
        "burned down",
    }
)


class NounThings(NounZones):
    """Reads names."""

    def on_concept(self, i: int, tag: Tag) -> None:
        """Take a name."""
        self.adjacent = self.adjacent and (tag.start - self.last_end <= 1)
        self._name(i, self._superlative(i, Named(tag.value, tag.text)))
        self.last_end = tag.end

    def _superlative(self, i: int, thing: Named) -> Thing:
        """Read *the distance from the largest lake to the town*."""
        before = self.tags[i - 1] if i else None
        largest = (
            before is not None and before.kind == "rank" and before.text.lower() in {"largest", "biggest", "größten"}
        )
        return Largest(thing, 1) if largest and any(t.kind == "distance" for t in self.tags) else thing

    def on_negated(self, i: int, tag: Tag) -> None:
        """Take everything that a name does not mean."""
        self._name(i, Opposite(Named(tag.value, tag.text)))

    def on_rest(self, i: int, tag: Tag) -> None:
        """Read *water or everything else*."""
        groups = self.nouns.groups
        if groups:
            union = groups[0].thing if len(groups) == 1 else AnyOf(tuple(g.thing for g in groups))
            groups.append(Group(Opposite(union), "or", i))

    def on_butnot(self, i: int, tag: Tag) -> None:
        """Take *everything but*."""
        self.mode = "minus"

    def _name(self, i: int, thing: Thing) -> None:
        groups = self.nouns.groups
        if self.zone is not None:
            self._refer(i, thing)
        elif self.adjacent and groups and self.mode != "minus" and self._happened(i) and self._narrowed(i, thing):
            pass
        elif self.referred is not None and self.mode == "list" and not self.joined and self.adjacent:
            self._within_reference(thing)
        elif self.adjacent and groups and self.mode != "minus" and self._combine(thing):
            pass
        elif self.referred is not None and self.mode == "list" and self.joined and not self._stands_alone(i):
            self._widen(i, thing)
        elif self.mode == "minus":
            self._take_away(i, thing)
        elif self.mode == "link" and groups:
            self._narrow(i, thing)
        else:
            self._add(i, thing)
        self.adjacent = True
        if self.mode != "zone":
            self.mode = "new" if self.mode == "minus" else self.mode
        self.mode, self.joined = ("list" if self.mode in {"new", "list"} else self.mode), ""

    def _add(self, i: int, thing: Thing) -> None:
        before = self._before(i)
        if self._only_left_out(thing, i):
            return
        opposite = self.nouns.groups[-1].thing if self.nouns.groups else None
        if isinstance(opposite, Opposite) and self.joined == "or" and not isinstance(thing, Opposite):
            self.nouns.groups[-1].thing = Opposite(AnyOf((opposite.of, thing)))
            return
        group = Group(
            thing, self.joined, i, is_of=self._is_of(i), definite=self._definite(i), to=before in {"to", "turn-to"}
        )
        self.nouns.groups.append(group)
        self.reference = thing

    def _only_left_out(self, thing: Thing, i: int) -> bool:
        """Read *Apart from cropland, how much vegetation*: what comes first is taken from what follows."""
        groups = self.nouns.groups
        if len(groups) != 1 or not isinstance(groups[0].thing, Opposite) or self.tags[i - 1].kind in {"and", "or"}:
            return False
        between = [t.kind for t in self.tags[groups[0].position : i]]
        first = next((t.kind for t in self.tags if t.kind not in {"filler", "article"}), "")
        if first != "without" or "comma" not in between or {"and", "or"} & {*between}:
            return False
        left = groups.pop().thing
        assert isinstance(left, Opposite)
        groups.append(Group(thing, "", i, filters=[Filter("minus", left.of, 0, i)]))
        return True

    def _combine(self, thing: Thing) -> bool:
        """Read *flooded cropland*: a second name right behind the first."""
        group = self.nouns.groups[-1]
        target = group.filters[-1] if group.filters and group.filters[-1].op == "and" else None
        old = target.thing if target is not None else group.thing
        if isinstance(old, Named) and isinstance(thing, Named) and old.key == thing.key:
            return True
        keys = {t.key for t in (old, thing) if isinstance(t, Named)}
        if "burned" in keys and "tree" in keys and any("fire" in t.text.lower() for t in self.tags):
            return True
        if target is not None:
            if isinstance(target.thing, Named) and isinstance(thing, Named):
                return False
            return False
        if group.filters:
            return False
        if isinstance(old, Named) and isinstance(thing, Named) and not describes(old.word, thing.word):
            raise NotPlanned(
                NeedsInput(
                    f"What do you mean by '{old.word} {thing.word}'?", "Two kinds of land cover stand side by side."
                )
            )
        group.thing = both(old, thing)
        self.reference = thing
        return True

    def _happened(self, i: int) -> bool:
        """Whether a word says what became of the thing before it: *forest burned*."""
        return self.tags[i].text.lower() in _HAPPENED

    def _narrowed(self, i: int, thing: Thing) -> bool:
        last = self.nouns.groups[-1]
        if last.thing == thing:
            return False
        self.nouns.links += 1
        self._filter(Filter("and", thing, self._links(), i))
        self.reference = thing
        return True

    def _narrow(self, i: int, thing: Thing) -> None:
        f = Filter("and", thing, self._links(), i)
        self._filter(f)
        self.referred = f
        self.mode = "list"
        self.reference = thing

    def _take_away(self, i: int, thing: Thing) -> None:
        groups = self.nouns.groups
        paired = bool(self.joined) or any(t.kind in {"touch", "distance", "rank"} for t in self.tags)
        if groups and groups[-1].thing == thing and paired:
            self.mode = "new"
            self._add(i, Opposite(thing))
            return
        if groups and groups[-1].thing == thing and self._zone_follows(i):
            self.again = True
            return
        if not self.nouns.groups:
            self.nouns.groups.append(Group(Opposite(thing), "", i))
            return
        if groups and groups[-1].thing == thing and len({t.start for t in self.tags if t.kind == "time"}) < 2:
            raise NotPlanned(NeedsInput("Which two kinds do you mean?", "One class cannot be taken from itself."))
        f = Filter("minus", thing, self._links(), i)
        self._filter(f)
        self.referred, self.mode = f, "list"
