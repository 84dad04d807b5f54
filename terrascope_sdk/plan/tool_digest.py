"""What a tool tells a language model: a few lines that can never be longer than a stated number of tokens."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from terrascope_sdk.stac.shown_text import shown
from terrascope_sdk.types import Answer, Mask, Measurement, Scene
from terrascope_sdk.types.encoding import JsonValue

__all__ = [
    "MAX_TOKENS",
    "ToolResult",
    "answer_lines",
    "digest",
    "mask_line",
    "masks_of",
    "number_line",
    "scene_line",
    "tokens_of",
]

MAX_TOKENS = 300
"""Longest digest, in tokens as :func:`tokens_of` counts them."""

_PIECE = re.compile(r"[A-Za-z]+|[0-9]|[^\sA-Za-z0-9]|\n")


@dataclass(frozen=True)
class ToolResult:
    """What a tool gives."""

    digest: str
    """For the language model: at most :data:`MAX_TOKENS`."""

    artifact: dict[str, JsonValue] = field(default_factory=dict)
    """For programs: plain JSON values; masks, chains and answers lie in the workspace under the ids named here."""


def tokens_of(text: str) -> int:
    """Return a count of tokens on the high side of what byte-pair vocabularies need.

    Four letters of a word, one digit, one sign, one line feed, or one byte of anything beyond ASCII count as a token;
    spaces belong to what follows.

    >>> tokens_of("water, 12 ha")
    6
    """
    found = (m.group() for m in _PIECE.finditer(text))
    return sum(-(-len(p) // 4) if p.isascii() and p.isalpha() else len(p.encode("utf-8", "replace")) for p in found)


def digest(head: str, lines: Iterable[str] = (), *, tail: str = "", limit: int = MAX_TOKENS) -> str:
    """Return as many lines as fit, and say how many were left out.

    Args:
        head: First line; cut where it is too long by itself.
        lines: What follows, the most important first.
        tail: Last line, kept before the lines are.
        limit: Longest result, tokens.
    """
    tail = _cut(tail, limit // 3)
    rest = f"\n{tail}" if tail else ""
    told, waiting = _cut(head, limit // 2), list(lines)
    for position, line in enumerate(waiting):
        left = len(waiting) - position - 1
        longer = f"{told}\n{line}"
        if tokens_of(longer + (_more(left) if left else "") + rest) > limit:
            return told + _more(left + 1) + rest
        told = longer
    return told + rest


def _more(count: int) -> str:
    return f"\n(and {count} more in the artifact)"


def _cut(text: str, limit: int) -> str:
    """Return the longest beginning of a text that keeps to a number of tokens."""
    if tokens_of(text) <= limit:
        return text
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if tokens_of(f"{text[:middle]} ...") <= limit else (low, middle - 1)
    return f"{text[:low].rstrip()} ..."


def scene_line(number: int, scene: Scene) -> str:
    """Return a scene in a line: its number, date, sensor, platform and cloud; foreign text is made harmless."""
    cloud = "" if scene.cloud_frac is None else f", cloud {scene.cloud_frac:.0%}"
    platform = f", {shown(scene.platform, 20)}" if scene.platform else ""
    return f"{number}. {scene.when} {scene.sensor}{platform}, {scene.gsd_m:g} m{cloud}"


def mask_line(mask: Mask) -> str:
    """Return a mask in a line: its id, label, date and sensor."""
    parts = (shown(mask.label, 60), mask.when, shown(mask.sensor, 20))
    return f"{mask.id}: {', '.join(p for p in parts if p)}"


def number_line(number: Measurement) -> str:
    """Return a measurement in a line, with its bounds and the share that was observed."""
    seen = "" if number.observed_frac is None else f"; {number.observed_frac:.0%} of the area observed"
    return f"{number.name} of {shown(number.subject, 80)}: {number.text}{_bounds(number)}{seen}"


def _bounds(number: Measurement) -> str:
    return f" ({number.bounds_text})" if number.bounds_text else ""


def answer_lines(answer: Answer) -> Sequence[str]:
    """Return what goes with an answer's text: numbers, warnings, masks, the most important first."""
    numbers = [number_line(n) for n in answer.measurements]
    warnings = [f"Warning: {shown(w, 160)}" for w in answer.warnings]
    masks = [mask_line(m) for m in masks_of(answer)]
    return [*numbers[:3], *masks[:2], *warnings[:2], *masks[2:4], *numbers[3:], *warnings[2:]]


def masks_of(answer: Answer) -> list[Mask]:
    """Return the masks of an answer: those that were measured first, then those that stand beside them."""
    measured = {name for number in answer.measurements for name in number.mask_ids}
    return sorted(answer.masks, key=lambda mask: mask.id not in measured)
