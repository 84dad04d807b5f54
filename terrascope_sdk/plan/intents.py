"""What a clause asks for: one kind of measurement, or two that go together; anything else is refused."""

from collections.abc import Mapping

from terrascope_sdk.plan.clauses import Clause
from terrascope_sdk.plan.outcomes import CannotPlan, NotPlanned

__all__ = ["asked_kinds"]

_KIND = {"dominant": "rank", "ranking": "rank", "size": "area"}
_STRONG = frozenset({"share", "size", "count", "touches", "distance", "rank", "dominant", "ranking", "change"})
_WEAK: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("amount", ("area",)),
    ("area", ("area",)),
    ("cover", ("share",)),
    ("map", ("area", "share")),
    ("any", ("share",)),
)
_LENGTHS = frozenset({"m", "km", "mi", "ft"})

_TOGETHER: Mapping[frozenset[str], tuple[str, ...]] = {
    frozenset({"share", "area"}): ("share", "area"),
    frozenset({"rank", "area"}): ("rank", "area"),
    frozenset({"rank", "share"}): ("rank",),
    frozenset({"change", "share"}): ("change",),
    frozenset({"change", "area"}): ("change",),
    frozenset({"change", "share", "area"}): ("change",),
    frozenset({"change", "rank"}): ("change",),
    frozenset({"change", "rank", "area"}): ("change",),
}
"""Which kinds can be meant in one breath, and what is then measured."""

_WORDS = {"touches": "contact", "count": "a number", "rank": "an order", "share": "a share", "area": "an area",
          "distance": "a distance", "change": "a change"}  # fmt: skip


def asked_kinds(clause: Clause) -> tuple[str, ...]:
    """Return the kinds of measurement that a clause asks for; none when it says nothing about that.

    Raises:
        NotPlanned: It asks for several that do not go together.
    """
    kinds = [_KIND.get(tag.kind, tag.kind) for tag in clause.tags if tag.kind in _STRONG]
    units = clause.values("unit")
    if any(unit not in _LENGTHS for unit in units):
        kinds.append("area")
    if any(unit in _LENGTHS for unit in units) or clause.has("pair"):
        kinds.append("distance")
    kinds = list(dict.fromkeys(kinds))
    if not kinds:
        said = clause.values("weak")
        return next((kinds for word, kinds in _WEAK if word in said), ())
    if len(kinds) == 1:
        return tuple(kinds)
    together = _TOGETHER.get(frozenset(kinds))
    if together is None:
        words = " and ".join(_WORDS[kind] for kind in kinds)
        raise NotPlanned(
            CannotPlan(f"The question asks for {words} in one breath, which is not understood yet; ask one at a time.")
        )
    if frozenset(kinds) == {"rank", "area"} and not any(unit not in _LENGTHS for unit in units):
        return ("rank",)
    return together
