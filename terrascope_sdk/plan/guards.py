"""Signs that change what a clause means, and that its measurement would pass over: refused rather than ignored."""

from collections.abc import Callable, Collection, Mapping

from terrascope_sdk.plan.clauses import Clause
from terrascope_sdk.plan.outcomes import CannotPlan, NeedsInput, NotPlanned
from terrascope_sdk.plan.things import Opposite

__all__ = ["refuse_misfits"]

_AMOUNTS = frozenset({"share", "area", "count"})
_PAIRS = frozenset({"touches", "distance"})
Kinds = Collection[str]


def _first_word(clause: Clause) -> str:
    tag = next((t for t in clause.tags if t.kind not in {"glue", "and", "comma", "prep", "time", "place"}), None)
    return tag.text.lower().split()[0] if tag is not None else ""


def _edge(clause: Clause, kinds: Kinds) -> bool:
    return clause.has("edge") and not _PAIRS & {*kinds}


def _shortest(clause: Clause, kinds: Kinds) -> bool:
    return clause.has("shortest") and "distance" not in kinds


def _direct(clause: Clause, kinds: Kinds) -> bool:
    return clause.has("direct") and not _PAIRS & {*kinds}


def _single(clause: Clause, kinds: Kinds) -> bool:
    return clause.has("single") and "count" not in kinds


def _pixels(clause: Clause, kinds: Kinds) -> bool:
    return clause.has("pixels") and {*kinds} != {"share"}


def _between(clause: Clause, kinds: Kinds) -> bool:
    return clause.has("between") and {*kinds} <= _AMOUNTS


def _where(clause: Clause, kinds: Kinds) -> bool:
    return "map" in clause.values("weak") and bool({"touches", "distance", "rank", "count"} & {*kinds})


def _which(clause: Clause, kinds: Kinds) -> bool:
    words = {"which", "what", "how", "where"} if "touches" in kinds else {"which"}
    return bool(_PAIRS & {*kinds}) and _first_word(clause) in words


def _each(clause: Clause, kinds: Kinds) -> bool:
    return clause.has("each") and len(clause.groups) == 1 and bool(_AMOUNTS & {*kinds})


def _none(clause: Clause, kinds: Kinds) -> bool:
    only_any = set(clause.values("weak")) == {"any"} and not clause.has("share")
    return only_any and {*kinds} == {"share"} and any(isinstance(g.thing, Opposite) for g in clause.groups)


def _open(clause: Clause, kinds: Kinds) -> bool:
    return clause.ends_open


def _times(clause: Clause, kinds: Kinds) -> bool:
    return clause.splits_times


_ONE_BY_ONE = CannotPlan("Single regions are not measured one by one yet; ask for all of them, or for the largest.")

_GUARDS: Mapping[Callable[[Clause, Kinds], bool], NeedsInput | CannotPlan] = {
    _open: NeedsInput("Without what? Please name a class.", "What is to be left out is not named."),
    _times: CannotPlan("Different classes on different dates are not understood yet; ask about them one by one."),
    _edge: CannotPlan("Edges are not measured yet; ask for the area of the class, or for a distance."),
    _pixels: CannotPlan("Numbers of pixels are not given; ask for an area or a share."),
    _between: CannotPlan("What lies between two things is not understood yet; ask for a distance, or for each area."),
    _where: CannotPlan("Where two things meet or lie is not understood yet; ask whether they touch, or how far it is."),
    _which: CannotPlan("Which of several regions it is, is not understood yet; ask about two classes, yes or no."),
    _each: _ONE_BY_ONE,
    _single: _ONE_BY_ONE,
    _shortest: CannotPlan("A minimum is understood for distances only."),
    _direct: CannotPlan("What is direct or shared is understood for contact and distance only."),
    _none: NeedsInput("Do you want the share of the scene that it covers?", "The question asks for what is not there."),
}


def refuse_misfits(clause: Clause, kinds: Kinds) -> None:
    """Refuse a clause that says more than its measurement would answer.

    Args:
        clause: What was read.
        kinds: The measurements it asks for.

    Raises:
        NotPlanned: It speaks of edges, pixels, single regions, or of where and which.
    """
    for applies, outcome in _GUARDS.items():
        if applies(clause, kinds):
            raise NotPlanned(outcome)
