"""Sift: items as a catalogue gave them in, the scenes that fit the query out, each once and in one order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

import shapely

from terrascope_sdk.errors import TerraScopeError
from terrascope_sdk.stac.finding.query import SceneQuery
from terrascope_sdk.stac.notices import MoreScenes, QueryIgnored, UnreadableItems, announce
from terrascope_sdk.stac.shown_text import shown
from terrascope_sdk.types import Scene
from terrascope_sdk.types.encoding import JsonValue

__all__ = ["Sieve", "in_order"]

_MALFORMED = (TerraScopeError, LookupError, TypeError, ValueError, AttributeError, shapely.errors.ShapelyError)
"""What reading an item raises that is no STAC item, or shows no imagery."""


def in_order(scenes: Iterable[Scene]) -> list[Scene]:
    """Return scenes oldest first; those of one instant by id, then by collection."""
    return sorted(scenes, key=lambda s: (s.acquired, s.id, s.collection))


@dataclass
class Sieve:
    """Takes items one by one and keeps the scenes that fit; counts why the others do not.

    The first item of an id in a collection counts, so that pages that overlap or change change nothing.
    """

    query: SceneQuery
    """What was asked."""

    read: Callable[[dict[str, JsonValue]], Scene]
    """Makes a scene of an item."""

    trusted: bool = False
    """Whether the catalogue applied the filter, so that it decides where an item alone does not."""

    once: Callable[[Sequence[Scene]], Sequence[Scene]] = tuple
    """Keeps one of several processings of an acquisition; all of them when left out."""

    scenes: list[Scene] = field(default_factory=list)
    """Those that fit, in the order in which they came."""

    dropped: Counter[str] = field(default_factory=Counter)
    """How many items did not fit, by the part of the query."""

    unreadable: dict[str, str] = field(default_factory=dict)
    """Collections whose items could not be read, with the first reason."""

    properties: set[str] = field(default_factory=set)
    """Every property that an item was seen to have."""

    _seen: set[tuple[str, str]] = field(default_factory=set)

    def add(self, item: dict[str, JsonValue]) -> bool:
        """Take an item; return whether it is one that was not seen before."""
        key = (str(item.get("collection") or ""), str(item.get("id")))
        if key in self._seen:
            return False
        self._seen.add(key)
        try:
            self.look(item)
            part = self.query.misfit(item, unknown_fits=self.trusted)
            if part is None:
                self._keep(item)
            else:
                self.dropped[part] += 1
        except _MALFORMED as err:
            self.unreadable.setdefault(key[0] or key[1], str(err))
        return True

    def look(self, item: dict[str, JsonValue]) -> None:
        """Note which properties an item has, without taking it."""
        self.properties |= {"id", "collection", "geometry", "bbox", *(item.get("properties") or {})}

    @property
    def seen(self) -> int:
        """How many different items were taken."""
        return len(self._seen)

    def _keep(self, item: dict[str, JsonValue]) -> None:
        scene = self.read(item)
        if self.query.sensor in (None, scene.sensor):
            self.scenes.append(scene)
        else:
            self.dropped["sensor"] += 1

    def result(self, limit: int, *, matched: int | None = None, more: bool = False) -> list[Scene]:
        """Return the newest `limit` scenes, oldest first.

        Args:
            limit: Largest number of scenes.
            matched: How many items the catalogue counts.
            more: Whether the catalogue holds items that were not looked at.
        """
        scenes = in_order(self.once(in_order(self.scenes)))
        if more or len(scenes) > limit:
            total = "" if matched is None else f" of {matched}"
            announce(
                MoreScenes(
                    f"There are more scenes than the {min(limit, len(scenes))} returned: {self.seen} items{total} were "
                    f"looked at, limit={limit}. Narrow time or area, or raise limit.",
                    matched=matched,
                )
            )
        return scenes[-limit:]

    def tell_unreadable(self) -> None:
        """Warn of items that were left out because they describe no imagery."""
        if self.unreadable:
            reasons = "; ".join(
                f"{shown(name)}: {shown(why, 300)}" for name, why in sorted(self.unreadable.items())[:3]
            )
            names = ", ".join(map(shown, sorted(self.unreadable)[:6]))
            announce(UnreadableItems(f"Items that could not be read were left out ({names}). {reasons}"))

    def tell_ignored(self, where: str, sent: Iterable[str]) -> None:
        """Warn of each part of the query that was sent and that an answer did not respect."""
        for part in sorted(set(sent) & set(self.dropped)):
            announce(
                QueryIgnored(
                    f"{where} ignored {part}: {self.dropped[part]} of its {self.seen} items do not fit and were "
                    "dropped here.",
                    part=part,
                )
            )
