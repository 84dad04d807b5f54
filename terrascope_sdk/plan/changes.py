"""Which change is meant: net, lost or gained; in square metres or over the area before; and which way it should go."""

from dataclasses import replace
from typing import Literal

from terrascope_sdk.plan.clauses import Clause
from terrascope_sdk.plan.language import DisplayUnit
from terrascope_sdk.plan.measures import ChangeKind, Measure
from terrascope_sdk.plan.outcomes import NeedsInput, NotPlanned
from terrascope_sdk.plan.things import Thing
from terrascope_sdk.plan.windows import Window

__all__ = ["change_measures"]

Direction = Literal["gain", "loss"] | None

changes_of: dict[str, tuple[ChangeKind, Direction]] = {
    "net": ("net", None),
    "net loss": ("net", "loss"),
    "net gain": ("net", "gain"),
    "loss loss": ("loss", "loss"),
    "gain gain": ("gain", "gain"),
}
"""What a tag of change says: which change, and which way it is taken to have gone."""

_RELATIVE: dict[ChangeKind, ChangeKind] = {"net": "share", "gain": "gain_share", "loss": "loss_share"}
_PERCENT = frozenset({"percent", "%", "per cent", "pct", "relative", "how much of"})


def change_measures(
    clause: Clause,
    thing: Thing,
    windows: tuple[Window, Window],
    units: tuple[DisplayUnit, ...],
    earlier: Measure | None,
) -> list[Measure]:
    """Return the changes that a clause asks for.

    Args:
        clause: What was read.
        thing: What changes.
        windows: When: before and after.
        units: Units asked for.
        earlier: The change that the clause before asked for, when this one goes on about it.

    Raises:
        NotPlanned: A percentage is asked for, and not clear of what.
    """
    base = Measure("change", (thing,), windows=windows)
    kinds = _kinds(clause) or ([(earlier.what, earlier.direction)] if earlier is not None else [("net", None)])
    found = []
    for what, direction in kinds:
        absolute = replace(base, what=what, units=units, direction=direction)
        if not clause.has("share"):
            found.append(absolute)
            continue
        if _is_of_another(clause):
            raise NotPlanned(
                NeedsInput(
                    "Percent of what: of the area before, or of the scene on each date?",
                    "It is not clear what the percentage is one of.",
                )
            )
        if what == "net" and not _is_relative(clause):
            return [Measure("share", (thing,), windows=windows)]  # how has the share of water changed?
        if units:
            found.append(absolute)
        found.append(replace(base, what=_RELATIVE.get(what, what), direction=direction))
    return found


def _kinds(clause: Clause) -> list[tuple[ChangeKind, Direction]]:
    """Return the kinds of change named; the unspecific *change* only when there is no other word."""
    words = [changes_of[value] for value in clause.values("change")]
    specific = [word for word in words if word[1] is not None]
    nets = {direction for what, direction in specific if what == "net"}
    if len(nets) > 1:  # grow or shrink
        specific = [("net", None), *(word for word in specific if word[0] != "net")]
    return list(dict.fromkeys(specific or words))


def _is_of_another(clause: Clause) -> bool:
    """Whether the percentage is said to be one of something else than of what changes."""
    tags = [tag.kind for tag in clause.tags if tag.kind != "glue"]
    of_something = "of" in tags[tags.index("share") + 1 :][:1]
    return of_something and bool(clause.groups) and not clause.groups[0].is_of


def _is_relative(clause: Clause) -> bool:
    """Whether the share is one of the area before (it grew by 5 percent), not one of the scene on each date."""
    tags = [tag for tag in clause.tags if tag.kind != "glue"]
    position = next(i for i, tag in enumerate(tags) if tag.kind == "share")
    before = tags[position - 1].kind if position else ""
    after = tags[position + 1].kind if position + 1 < len(tags) else ""
    if before == "prep" or tags[position].text.lower() in _PERCENT:
        return True
    return after != "of" and before not in {"concept", "pronoun", "weak"}
