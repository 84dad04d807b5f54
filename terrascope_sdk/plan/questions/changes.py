"""Which change is meant: net, lost or gained; in square metres or over the area before; and which way it should go."""

from typing import Literal

from terrascope_sdk.plan.questions.clauses import Clause
from terrascope_sdk.plan.questions.requests import ChangeKind

__all__ = ["change_of"]

_CHANGES: dict[str, tuple[ChangeKind, Literal["gain", "loss"] | None]] = {
    "net": ("net", None),
    "net loss": ("net", "loss"),
    "net gain": ("net", "gain"),
    "loss loss": ("loss", "loss"),
    "gain gain": ("gain", "gain"),
}
_RELATIVE: dict[ChangeKind, ChangeKind] = {"net": "share", "gain": "gain_share", "loss": "loss_share"}


def _is_share_of(clause: Clause) -> bool:
    """Whether the share of something is said to change, and not a percentage by which it does."""
    tags = [t for t in clause.tags if t.kind not in {"article", "area"}]
    for i, tag in enumerate(tags):
        if tag.kind == "share":
            after = [t.kind for t in tags[i + 1 : i + 3]]
            return after == ["of", "concept"] or (i > 0 and tags[i - 1].kind == "concept" and tag.glued)
    return False


def change_of(clause: Clause) -> tuple[ChangeKind, Literal["gain", "loss"] | None]:
    """Return the change that a clause asks for, and the way that it takes it to have gone.

    Words for both ways (*grow or shrink*) ask for the net change; the plain *change* counts when there is no other.
    """
    words = [_CHANGES[v] for v in clause.values("change")]
    specific = [w for w in words if w[1] is not None]
    ways = {way for _, way in specific}
    what, direction = ("net", None) if len(ways) != 1 else specific[0]
    if clause.has("share") and what == "net" and _is_share_of(clause):
        return "net", direction
    return (_RELATIVE[what] if clause.has("share") else what), direction
