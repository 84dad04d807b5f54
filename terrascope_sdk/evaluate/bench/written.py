"""Answers that a network writes itself, as values."""

from collections.abc import Sequence

from terrascope_sdk.errors import ParseError
from terrascope_sdk.evaluate.bench.tasks import Value
from terrascope_sdk.model.chain_grammar import Find
from terrascope_sdk.model.result_words import read_number
from terrascope_sdk.model.tokens import MASKS, PLACES

__all__ = ["written_value"]

_UNITS = {
    "share": {"%"}, "part": {"%"}, "area": {"m2", "ha", "km2"}, "change": {"m2", "ha", "km2"}, "distance": {"m", "km"},
    "count": set(),
}  # fmt: skip


def written_value(kind: str, words: Sequence[str], finds: Sequence[Find]) -> Value | None:
    """Return what the words of an answer say, None when they are no answer of this kind.

    >>> written_value("share", ["1", "2", ".", "5", "%"], []), written_value("touches", ["yes"], [])
    (0.125, True)
    >>> written_value("share", ["3", "ha"], []) is None
    True

    Args:
        kind: What was asked for.
        words: The answer.
        finds: The masks of the chain, which an order names.
    """
    if kind in {"present", "touches"}:
        return {"yes": True, "no": False}.get(" ".join(words))
    if kind == "where":
        return words[0] if len(words) == 1 and words[0] in PLACES else None
    if kind == "order":
        numbers = [MASKS.index(w) for w in words if w in MASKS]
        fits = len(numbers) == len(words) == len(set(numbers)) and max(numbers, default=0) < len(finds)
        return tuple(finds[i].concept for i in numbers) if fits and numbers else None
    try:
        value = read_number(list(words))
    except ParseError:
        return None
    unit = words[-1] if (words[-1].isalnum() and not words[-1].isdigit()) or words[-1] == "%" else ""
    if kind == "count":
        return value if not unit else None
    return value if unit in _UNITS[kind] or (value == 0 and not unit) else None
