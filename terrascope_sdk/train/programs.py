"""From what a question means to the chain that answers it: which masks, which measurement."""

from dataclasses import dataclass

from terrascope_sdk.model.chain_grammar import Find, Ordered
from terrascope_sdk.model.tokens import DATES, MASKS
from terrascope_sdk.train.phrasing import Intent
from terrascope_sdk.types.concepts import vocabulary

__all__ = ["TWO_DATES", "Program", "find_words", "measure_words", "program_of"]

TWO_DATES = ("gain", "loss", "change", "lost_part")
"""Tasks that compare two dates."""

_KINDS = {
    "present": "present", "share": "share", "area": "area", "count": "count", "where": "where", "compare": "order",
    "rank": "order", "touch": "touches", "distance": "distance", "gain": "area", "loss": "area", "change": "change",
    "lost_part": "part",
}  # fmt: skip


@dataclass(frozen=True)
class Program:
    """Masks to find and what to measure of them; neither when the question is not understood."""

    finds: tuple[Find, ...] = ()
    measure: Ordered | None = None


def program_of(intent: Intent, dates: int) -> Program:
    """Return the program of a question over a stack of so many dates; empty when it cannot be carried out."""
    two = intent.task in TWO_DATES
    if intent.task not in _KINDS or (dates < 2 and (two or any(vocabulary[c].dates > 1 for c in intent.concepts))):
        return Program()
    finds: list[Find] = []

    def find(concept: str, way: str, when: tuple[int, ...]) -> None:
        finds.append(Find(concept, way, when, len(finds) + 1))

    if two:
        first, last = intent.dates if len(intent.dates) == 2 else (1, dates)
        concept = intent.concepts[0]
        if intent.task in {"change", "lost_part"}:
            find(concept, "", (first,))
        if intent.task == "change":
            find(concept, "", (last,))
        else:
            find(concept, "gain" if intent.task == "gain" else "loss", (first, last))
        masks = (2, 1) if intent.task == "lost_part" else tuple(f.mask for f in finds)
        return Program(tuple(finds), Ordered(_KINDS[intent.task], masks))
    when = intent.dates[0] if intent.dates else dates
    for concept in intent.concepts:
        if vocabulary[concept].dates > 1:
            find(concept, "", (1, max(2, when)))
        else:
            find(concept, "", (when,))
    return Program(tuple(finds), Ordered(_KINDS[intent.task], tuple(f.mask for f in finds)))


def find_words(find: Find) -> list[str]:
    """Return the tokens of a find statement up to and with [SEG]."""
    names = [DATES[d - 1] for d in find.dates]
    when = ["from", names[0], "to", names[1]] if len(names) == 2 else ["in", names[0]]
    return [
        "find",
        *([find.way] if find.way else []),
        f"{{{find.concept}}}",
        *when,
        "as",
        MASKS[find.mask - 1],
        "[SEG]",
    ]


def measure_words(asked: Ordered) -> list[str]:
    """Return the tokens of a measure statement up to and with <result>."""
    return ["measure", asked.kind, *(MASKS[i - 1] for i in asked.masks), "<result>"]
