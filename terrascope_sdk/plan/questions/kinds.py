"""What a clause asks for: which measurements, in the order of the tables' strength."""

from terrascope_sdk.plan.questions.clauses import Clause
from terrascope_sdk.plan.questions.things import Named

_VERBS = frozenset(
    [
        "is",
        "are",
        "was",
        "were",
        "does",
        "do",
        "did",
        "has",
        "have",
        "liegt",
        "liegen",
        "lag",
        "lagen",
        "ist",
        "sind",
        "war",
        "waren",
        "steht",
        "stehen",
        "befindet",
    ]
)

__all__ = ["asked_kinds"]


def asked_kinds(clause: Clause) -> tuple[str, ...]:
    """Return the kinds of measurement of one date that a clause asks for; none when it says nothing about that."""
    for kind in (_length, _pairs, _order):
        found = kind(clause)
        if found:
            return (found,)
    if clause.has("share") and not clause.area_units and _measures_a_share(clause):
        return ("share",)
    strong = [k for k in (_share(clause), _area(clause), _count(clause)) if k]
    if strong:
        if strong == ["share"] and _area_beside(clause):
            strong.append("area")
        return tuple(sorted(strong, key=lambda kind: _first(clause, kind)))
    return _weak(clause)


def _area_beside(clause: Clause) -> bool:
    """Whether *area and share* is said."""
    plain = [t for t in clause.tags if t.kind not in {"article", "of"}]
    joined = [(a.kind, b.kind, c.kind) for a, b, c in zip(plain, plain[1:], plain[2:], strict=False)]
    return ("area", "and", "share") in joined or ("share", "and", "area") in joined


def _first(clause: Clause, kind: str) -> int:
    signs = {"share": {"share"}, "area": {"size", "unit", "area"}, "count": {"many", "count"}}[kind]
    return next((i for i, t in enumerate(clause.tags) if t.kind in signs), 99)


def _measures_a_share(clause: Clause) -> bool:
    """Whether *how large* asks about a share: *how large is the share of water*."""
    sizes = [t for t in clause.tags if t.kind == "size"]
    return bool(sizes) and not clause.has("and") and all(t.text.lower().startswith(("how", "wie")) for t in sizes)


def _length(clause: Clause) -> str:
    if clause.has("touch", "distance") and not clause.has("length"):
        return ""
    if clause.has("length"):
        return "length"
    roads = all(isinstance(g.thing, Named) and g.thing.key == "road" for g in clause.groups) and bool(clause.groups)
    if clause.length_units and (
        clause.has("edge", "shore")
        or roads
        or (not clause.has("distance", "touch", "single") and len(clause.groups) == 1)
    ):
        return "length"
    return "length" if clause.has("edge", "shore") and clause.has("howmuch") and not clause.area_units else ""


def _pairs(clause: Clause) -> str:
    if clause.has("distance") and not (
        clause.has("touch") and not clause.has("wh", "length_m") and not clause.length_units
    ):
        return "distance"
    if clause.length_units and len(clause.groups) > 1:
        return "distance"
    if clause.has("touch", "reach"):
        return "touches"
    return "distance" if clause.has("pair") else ""


def _order(clause: Clause) -> str:
    if clause.has("rank", "dominant"):
        return "rank"
    return ""


def _share(clause: Clause) -> str:
    if not clause.has("share"):
        return ""
    only_of = all(
        t.text.lower().startswith(("how much", "wie", "half", "most")) for t in clause.tags if t.kind == "share"
    )
    return "" if only_of and clause.area_units else "share"


def _area(clause: Clause) -> str:
    if clause.area_units or clause.has("size"):
        return "area"
    return ""


def _count(clause: Clause) -> str:
    if clause.has("count"):
        return "count"
    return "count" if clause.has("many") and not clause.values("unit") and not clause.has("share") else ""


def _weak(clause: Clause) -> tuple[str, ...]:
    plain_area = any(t.kind == "area" and not t.glued for t in clause.tags)
    if clause.has("howmuch"):
        return ("area",)
    if clause.has("map") and not (plain_area and _area_of(clause)):
        return ("mask",)
    if _area_of(clause) or (clause.has("area") and not clause.has("any", "cover")):
        return ("area",)
    if clause.has("cover", "any"):
        return ("share",)
    if any(g.filters for g in clause.groups) and not clause.has("edge"):
        which = any(t.kind == "wh" and t.text.lower().startswith(("which", "what", "welch")) for t in clause.tags)
        asked = which or any(t.text.lower() in _VERBS for t in clause.tags[:2])
        return ("mask",) if which else ("share",) if asked else ()
    return ("area",) if clause.has("area") else ()


def _area_of(clause: Clause) -> bool:
    """Whether *area of something* or *total area* is said."""
    for i, tag in enumerate(clause.tags):
        if tag.kind == "area" and not tag.glued:
            after = clause.tags[i + 1].kind if i + 1 < len(clause.tags) else ""
            before = clause.tags[i - 1].kind if i else ""
            if before not in {"concept", "in"} and (after in {"of", "article"} or before == "total"):
                return True
    return False
