"""Whether a chain answers the question that was asked: every thing named is used, nothing else is."""

from collections.abc import Sequence

from terrascope_sdk.model.chain_grammar import ChainReader, Find
from terrascope_sdk.types.concepts import get_concept

__all__ = ["NOT_UNDERSTOOD", "strays", "unread"]

NOT_UNDERSTOOD = "Question not understood"
"""How the answer to a question begins that was not understood."""


_CAN = "Ask for the area, share, distance, contact, number, place, order or change of kinds of land cover."


def _asked(words: Sequence[str]) -> list[str]:
    return [w[1:-1] for w in words if w.startswith("{")]


def strays(words: Sequence[str], find: Find) -> str | None:
    """Return what is wrong when a chain looks for something that the question does not name, else None.

    Args:
        words: The split question.
        find: What the chain looks for.
    """
    if find.concept in _asked(words):
        return None
    return f"{NOT_UNDERSTOOD}: it was read as one about {get_concept(find.concept).title}, which it does not name."


def unread(words: Sequence[str], reader: ChainReader) -> str | None:
    """Return what of the question a complete chain left out, as an answer; None when it used everything.

    Args:
        words: The split question.
        reader: Has read the whole chain.
    """
    if "unclear" in reader.answer:
        return f"{NOT_UNDERSTOOD}. {_CAN}"
    used = {n for asked in reader.measures for n in asked.masks} if reader.measures else {f.mask for f in reader.finds}
    left = [c for c in _asked(words) if c not in {f.concept for f in reader.finds if f.mask in used}]
    if left:
        return f"{NOT_UNDERSTOOD}: nothing was done about {get_concept(left[0]).title}."
    return None
