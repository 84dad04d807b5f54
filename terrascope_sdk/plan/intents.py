"""What a clause asks for: one kind of measurement, or two that go together; anything else is refused."""

from terrascope_sdk.plan.clauses import Clause
from terrascope_sdk.plan.outcomes import CannotPlan, NotPlanned
from terrascope_sdk.plan.tagger import Tag

__all__ = ["asked_kinds"]

_KIND = {
    "share": "share", "size": "area", "count": "count", "touches": "touches", "distance": "distance",
    "rank": "rank", "dominant": "rank", "ranking": "rank", "change": "change", "pair": "distance",
}  # fmt: skip
"""What the kinds of tag ask for."""

_WEAK: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("amount", ("area",)),
    ("area", ("area",)),
    ("cover", ("share",)),
    ("map", ("area", "share")),
    ("any", ("share",)),
)
_LENGTHS = frozenset({"m", "km", "mi", "ft"})

_TOGETHER = frozenset(
    map(frozenset, (("share", "area"), ("rank", "area"), ("rank", "share"), ("change", "share"), ("change", "area"),
                    ("change", "share", "area"), ("change", "rank"), ("change", "rank", "area")))
)  # fmt: skip
"""Which kinds can be meant in one breath."""

_WORDS = {"touches": "contact", "count": "a number", "rank": "an order", "share": "a share", "area": "an area",
          "distance": "a distance", "change": "a change"}  # fmt: skip


def asked_kinds(clause: Clause) -> tuple[str, ...]:
    """Return the kinds of measurement that a clause asks for; none when it says nothing about that.

    Raises:
        NotPlanned: It asks for several that do not go together.
    """
    kinds = list(dict.fromkeys(kind for tag in clause.tags if (kind := _kind(tag))))
    if not kinds:
        said = clause.values("weak")
        return next((kinds for word, kinds in _WEAK if word in said), ())
    if len(kinds) > 1 and frozenset(kinds) not in _TOGETHER:
        words = " and ".join(_WORDS[kind] for kind in kinds)
        raise NotPlanned(
            CannotPlan(f"The question asks for {words} in one breath, which is not understood yet; ask one at a time.")
        )
    if "change" in kinds:
        return ("change",)
    if "rank" in kinds:
        return ("rank", "area") if clause.has("unit") else ("rank",)
    return tuple(kinds)


def _kind(tag: Tag) -> str | None:
    if tag.kind == "unit":
        return "distance" if tag.value in _LENGTHS else "area"
    return _KIND.get(tag.kind)
