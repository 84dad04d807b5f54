"""A network's chain in words for people: each statement as a sentence."""

from collections.abc import Sequence

from terrascope_sdk.engine.finding import percent
from terrascope_sdk.engine.moments import Moment
from terrascope_sdk.engine.scribe import Result
from terrascope_sdk.model.chain_grammar import Find
from terrascope_sdk.types.concepts import get_concept
from terrascope_sdk.types.mask import Mask

__all__ = ["claim_of", "finding_text", "label_of", "result_text"]

_WAYS = {"gain": "new", "loss": "lost"}


def label_of(find: Find) -> str:
    """Return the label of a mask: the concept's key, or what came or went of it."""
    return f"{_WAYS[find.way]} {find.concept}" if find.way else find.concept


def _title(find: Find) -> str:
    title = get_concept(find.concept).title
    return f"{_WAYS[find.way]} {title}" if find.way else title


def finding_text(find: Find, moments: Sequence[Moment], mask: Mask, place: str | None) -> str:
    """Return what a chain says of one mask.

    Args:
        find: What was asked for.
        moments: The dates of the chain.
        mask: What was drawn.
        place: Where the network says it lies; None when it says that it is absent.
    """
    dates = " to ".join(moments[d - 1].when for d in find.dates)
    seen = " and ".join(dict.fromkeys(s for d in find.dates for s in moments[d - 1].sensor.split("+")))
    head = f"Find {_title(find)} in the {seen.replace('sar', 'radar')} image{'s' if len(seen) > 7 else ''} of {dates}:"
    if place is None:
        return f"{head} absent."
    share = int(mask.pixels.sum()) / max(1, int(mask.valid.sum()))
    return f"{head} {percent(share)} of the observed pixels, centred in the {place} of the frame."


def result_text(result: Result) -> str:
    """Return a measured result as a sentence."""
    names = [get_concept(m.label.split()[-1]).title if m.label.split()[-1:] else m.label for m in result.masks]
    names = [f"{m.label.split()[0]} {n}" if " " in m.label else n for m, n in zip(result.masks, names, strict=True)]
    if result.problem:
        return f"Measure {result.kind} of {' and '.join(names)}: not defined. {result.problem}"
    numbers = "; ".join(f"{m.name} of {m.subject}: {m.text}" for m in result.measurements)
    said = "" if result.kind in {"area", "share", "change", "distance", "count", "part"} else " ".join(result.words)
    if result.kind == "order":
        order = sorted(zip(result.words, range(len(result.words)), strict=True), key=lambda w: w[1])
        said = " before ".join(m.subject for m in result.measurements) if order else ""
    return f"Measure {result.kind} of {' and '.join(names)}: {said + '. ' if said else ''}{numbers}."


def claim_of(answer: Sequence[str], results: Sequence[Result], pointers: Sequence[str]) -> str:
    """Return the network's answer, with its pointers replaced by what was measured."""
    words = []
    for word in answer:
        if word in pointers:
            result = results[pointers.index(word)]
            if result.problem:
                words.append(f"not defined: {result.problem}")
                continue
            first = result.measurements[0] if result.measurements else None
            plain = result.kind in {"present", "touches", "where", "order"} or first is None
            if result.kind == "order":
                words.append(", ".join(m.subject for m in result.measurements))
            else:
                words.append(" ".join(result.words) if plain or first is None else first.text)
        else:
            words.append(word)
    return " ".join(words)
