"""The sentences of a chain: said in several ways, and read back, so that every number in a text can be recomputed.

A slot in braces is a value of one kind: a name of the sample's labels, a whole number, a share in percent and so on.
What :func:`say` writes, :func:`read` takes apart again; a text that holds anything else is not read.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

import numpy as np

from terrascope_sdk.train.cot.frame_places import DIRECTIONS, PLACES, QUARTERS

__all__ = ["SEG", "SENTENCES", "Claim", "capital", "read", "say", "written"]

SEG = "[SEG]"

Value = str | float | int

_WHOLE = r"-?\d{1,3}(?:,\d{3})*"
_TENTH = r"-?\d{1,3}(?:,\d{3})*\.\d"
_PATTERNS = {
    "name": r"[a-z][a-z' -]*?",
    "whole": _WHOLE,
    "tenth": _TENTH,
    "hundredth": r"-?\d{1,3}(?:,\d{3})*\.\d\d",
    "plain": r"\d+(?:\.\d+)?(?:e[+-]?\d+)?",
    "place": "|".join(PLACES),
    "quarter": "|".join(QUARTERS),
    "direction": "|".join(sorted(DIRECTIONS, key=len, reverse=True)),
    "date": "[12]",
    "letter": "[A-Z]",
}
_KIND_OF_SLOT = {
    "name": "name", "other": "name", "third": "name", "absent": "name", "percent": "tenth", "across": "tenth",
    "down": "tenth", "metres": "tenth", "px": "hundredth", "right_px": "tenth", "down_px": "tenth", "path": "tenth",
    "aside": "tenth", "gsd": "plain", "pixel_m2": "plain", "within": "plain", "low": "plain", "high": "plain",
    "limit": "plain", "place": "place", "quarter": "quarter", "direction": "direction", "date": "date",
    "letter": "letter",
}  # fmt: skip
"""Kind of value by slot; all others are whole numbers."""

SENTENCES: Mapping[str, tuple[str, ...]] = {
    "image": ("Image: t{date}.",),
    "point": (
        "{Name} [SEG]: {count} of {total} pixels.",
        "I see {name} here [SEG], on {count} of {total} pixels.",
        "The mask of {name} [SEG] holds {count} pixels out of {total}.",
    ),
    "percent": (
        "{Name}: {count} / {total} = {percent}%.",
        "The share of {name} is {count} / {total} = {percent}% of the labelled pixels.",
    ),
    "area": (
        "One pixel is {pixel_m2} m2, so the area of {name} is {count} x {pixel_m2} = {area} m2.",
        "Area of {name}: {count} x {pixel_m2} m2 = {area} m2.",
    ),
    "all_filled": (
        "Together these fill all {total} labelled pixels, so there is no {absent}.",
        "These classes already make up all {total} labelled pixels; none is left for {absent}.",
    ),
    "exists": ("So the image shows {name}.", "Hence the answer is yes: here we have {name}."),
    "regions": (
        "Counting edge-connected regions of at least {least} pixels gives {regions} for {name}.",
        "There are {regions} edge-connected regions of {name} with at least {least} pixels.",
    ),
    "outlines": ("The outlines of {name} number {outlines}.", "Counted one by one, {name} number {outlines}."),
    "quarters": ("Pixels of {name} by quarter: {ul} upper left, {ur} upper right, {ll} lower left, {lr} lower right.",),
    "most": ("Most of {name} lies in the {quarter} quarter.",),
    "centre": (
        "The centre of {name} is {across}% across and {down}% down, in the {place} of the image.",
        "The centre of {name}: {across}% from the left, {down}% from the top, in the {place}.",
    ),
    "border": ("Among the classes marked, the longest border of {name} is with {other}: {edges} pixel edges.",),
    "ranking": (
        "More pixels belong to {name} than to {other}: {difference}, which is {percent}% of the larger.",
        "The larger is {name}: {difference} pixels more than {other}, a gap of {percent}%.",
    ),
    "touch": ("Grown by one pixel, {name} would meet {other} in {met} pixels, so they share a boundary.",),
    "touch_not": ("Grown by one pixel, {name} would meet {other} in {met} pixels, so they share no boundary.",),
    "distance": (
        "The closest pixels of {name} are {px} pixels from {other}, which at {gsd} m is {metres} m.",
        "From {name} to {other} the shortest way is {px} pixels x {gsd} m = {metres} m.",
    ),
    "nearest": ("Of these, the nearest to {name} by this: {other}.",),
    "direction": (
        "From the centre of {name} to that of {other} it is {right_px} pixels right and {down_px} pixels down: to the "
        "{direction}.",
    ),
    "rule_between": (
        "By the rule between, the centre lies {low}% to {high}% of the path and at most {limit}% of it aside.",
    ),
    "between": (
        "From {name} to {other} the path is {path} pixels; the centre of {third} is {percent}% along it and {aside} "
        "pixels aside, so it lies between them.",
    ),
    "between_not": (
        "From {name} to {other} the path is {path} pixels; the centre of {third} is {percent}% along it and {aside} "
        "pixels aside, so it does not lie between them.",
    ),
    "rule_containment": (
        "By the rule containment, at least {limit}% of the pixels around a region belong to the class, and the region "
        "does not touch the border of the image.",
    ),
    "contained": ("Of the {ring} pixels around {name}, {met} are {other}: {percent}%, so it is contained.",),
    "contained_not": ("Of the {ring} pixels around {name}, {met} are {other}: {percent}%, so it is not contained.",),
    "open_border": ("{Name} touches the border of the image, so it is not contained in {other}.",),
    "rule_riparian": ("By the rule riparian buffer, the land within {within} m of water counts.",),
    "riparian": ("Within {within} m of {name} lie {strip} pixels of land; {met} of them are {other}: {percent}%.",),
    "rule_exposure": ("By the rule flood exposure, built-up land within {within} m of water is exposed.",),
    "near": ("Of the {count} pixels of {name}, {met} lie within {within} m of {other}: {percent}%.",),
    "rule_heat": ("By the rule urban heat proxy, built-up land without vegetation within {within} m heats up.",),
    "far": ("Of the {count} pixels of {name}, {met} have no {other} within {within} m: {percent}%.",),
    "rule_fragmentation": (
        "By the rule fragmentation, a class is fragmented if its largest region holds less than {limit}% of it.",
    ),
    "fragmented": ("{Name} holds {met} of the {count} pixels of {other}: {percent}%, so the class is fragmented.",),
    "fragmented_not": (
        "{Name} holds {met} of the {count} pixels of {other}: {percent}%, so the class is not fragmented.",
    ),
    "gain": ("Pixels in {other} but not in {name}: {met}, that is {met} x {pixel_m2} m2 = {area} m2 gained.",),
    "loss": ("Pixels in {name} but not in {other}: {met}, that is {met} x {pixel_m2} m2 = {area} m2 lost.",),
    "net": ("From {name} to {other} the net change is {net} pixels, {area} m2.",),
    "rule_destroyed": (
        "By the rule destroyed buildings, less than {limit}% of an outline is still building afterwards.",
    ),
    "destroyed": ("Of {outlines} {name}, {met} are {other}: {percent}%.",),
    "option": ("That is option {letter}.", "This matches option {letter}."),
}
"""Ways to say each thing; all ways of one thing have the same slots."""

_SLOT = re.compile(r"\{(\w+)\}")


def capital(text: str) -> str:
    """Return a text with its first letter in upper case."""
    return text[:1].upper() + text[1:]


def written(slot: str, value: Value) -> str:
    """Return a value as its slot writes it.

    >>> written("percent", 23.456), written("count", 12345), written("gsd", 10.0)
    ('23.5', '12,345', '10')
    """
    kind = _KIND_OF_SLOT.get(slot.lower(), "whole")
    if isinstance(value, str):
        return capital(value) if slot[0].isupper() else value
    if kind == "tenth":
        return f"{value:,.1f}" if f"{value:.1f}" != "-0.0" else "0.0"
    if kind == "hundredth":
        return f"{value:,.2f}"
    return f"{value:.10g}" if kind in ("plain", "date") else f"{round(value):,}"


def say(kind: str, rng: np.random.Generator, **values: Value) -> str:
    """Return a sentence, in one of its ways.

    Args:
        kind: Key of :data:`SENTENCES`.
        rng: Chooses the way.
        values: A value for each slot, with the first letter of names as it is within a sentence.
    """
    ways = SENTENCES[kind]
    way = ways[int(rng.integers(len(ways)))] if len(ways) > 1 else ways[0]
    return _SLOT.sub(lambda slot: written(slot[1], values[slot[1].lower()]), way)


@dataclass(frozen=True)
class Claim:
    """A sentence of a chain, read."""

    kind: str
    """Key of :data:`SENTENCES`."""

    values: Mapping[str, str]
    """What stands in each slot."""

    start: int
    """Position of its first character."""

    end: int
    """Position after its last character."""


@cache
def _readers() -> tuple[tuple[str, re.Pattern[str]], ...]:
    found = []
    for kind, ways in SENTENCES.items():
        for way in ways:
            pattern, seen = "", set()
            for i, part in enumerate(_SLOT.split(way)):
                slot = part.lower()
                if i % 2 == 0:
                    pattern += re.escape(part)
                elif slot in seen:
                    pattern += f"(?P={slot})"
                else:
                    body = _PATTERNS[_KIND_OF_SLOT.get(slot, "whole")]
                    body = body.replace("[a-z]", "[A-Z]", 1) if part[0].isupper() else body
                    pattern += f"(?P<{slot}>{body})"
                    seen.add(slot)
            found.append((kind, re.compile(pattern)))
    return tuple(found)


def read(text: str) -> tuple[list[Claim], list[str]]:
    """Return the sentences of a chain, and the parts of it that are no known sentence.

    Args:
        text: What stands between ``<think>`` and ``</think>``.
    """
    claims, unread, at = [], [], 0
    while at < len(text):
        if text[at].isspace():
            at += 1
            continue
        claim = _claim_at(text, at)
        if claim is None:
            stop = text.find(". ", at)
            stop = len(text) if stop < 0 else stop + 1
            unread.append(text[at:stop])
            at = stop
        else:
            claims.append(claim)
            at = claim.end
    return claims, unread


def _claim_at(text: str, at: int) -> Claim | None:
    for kind, reader in _readers():
        match = reader.match(text, at)
        if match:
            values = {slot: value[:1].lower() + value[1:] for slot, value in match.groupdict().items()}
            values |= {"letter": match["letter"]} if "letter" in values else {}
            return Claim(kind, values, match.start(), match.end())
    return None
