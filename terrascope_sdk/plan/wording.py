"""The answer in words, made from measurements and nothing else: claims cannot stray from the numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from terrascope_sdk.plan.language import Plan
from terrascope_sdk.plan.measure_steps import (
    Area,
    Change,
    Compare,
    Count,
    Distance,
    Length,
    Rank,
    Share,
    Touches,
    Trend,
)
from terrascope_sdk.plan.step import StepBase
from terrascope_sdk.types import Mask, Measurement
from terrascope_sdk.types.concepts import vocabulary
from terrascope_sdk.types.quantity_text import format_quantity, format_range

__all__ = ["answer_sentences", "plain_name"]

_MAPPED = "mapped, not bias-adjusted"


def plain_name(label: str) -> str:
    """Return how to say a mask's label in a sentence: vocabulary keys by their titles, other text as it is."""
    if label.startswith("not "):
        return f"everything but {plain_name(label.removeprefix('not '))}"
    return vocabulary[label].title if label in vocabulary else label


def _sized(number: Measurement) -> str:
    bounds = f" ({number.bounds_text})" if number.bounds_text else ""
    return f"{number.text}{bounds}"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _share(step: Share, numbers: Sequence[Measurement], masks: Mapping[str, Mask]) -> str:
    name = plain_name(masks[step.mask].label)
    whole = "the observed area" if step.of is None else plain_name(masks[step.of].label)
    if numbers[0].value == 0:
        return f"No {name} was found in {whole}."
    return f"{_capital(name)} covers {numbers[0].text} of {whole}" + (
        f" ({numbers[0].bounds_text})." if numbers[0].bounds_text else "."
    )


def _area(step: Area, numbers: Sequence[Measurement], masks: Mapping[str, Mask]) -> str:
    name = plain_name(masks[step.mask].label)
    if numbers[0].value == 0:
        return f"No {name} was found in the observed area."
    return f"The {_MAPPED.split(',')[0]} area of {name} is {_sized(numbers[0])}."


def _count(step: Count, numbers: Sequence[Measurement], masks: Mapping[str, Mask]) -> str:
    name, n = plain_name(masks[step.mask].label), int(numbers[0].value)
    return f"{n:,} separate region{'' if n == 1 else 's'} of {name} {'was' if n == 1 else 'were'} found."


def _distance(step: Distance, numbers: Sequence[Measurement], masks: Mapping[str, Mask]) -> str:
    a, b = plain_name(masks[step.a].label), plain_name(masks[step.b].label)
    if a == b:
        return f"The two regions of {a} are {_sized(numbers[0])} apart at the closest."
    return f"The shortest distance between {a} and {b} is {_sized(numbers[0])}."


def _touches(step: Touches, numbers: Sequence[Measurement], masks: Mapping[str, Mask]) -> str:
    a, b = plain_name(masks[step.a].label), plain_name(masks[step.b].label)
    if not numbers[0].value:
        return f"No: where the ground was seen, {a} does not touch {b}."
    border = f", along {numbers[1].text} of pixel edges" if len(numbers) > 1 and numbers[1].value else ""
    return f"Yes: {a} touches {b}{border}."


def _rank(step: Rank, numbers: Sequence[Measurement], masks: Mapping[str, Mask]) -> str:
    labels = {m.id: plain_name(m.label) for m in masks.values()}
    named = [(labels.get(n.mask_ids[0], n.subject), n) for n in numbers]
    if len(named) == 2 and named[0][1].value == named[1][1].value:
        return f"{_capital(named[0][0])} and {named[1][0]} cover the same area, {named[0][1].text} each."
    first, *others = (f"{name} ({number.text})" for name, number in named)
    degree = step.first if len(named) > 2 else {"largest": "larger", "smallest": "smaller"}[step.first]
    return f"{_capital(named[0][0])} covers the {degree} area: {first}, then {', then '.join(others)}."


def _span(step: Change, masks: Mapping[str, Mask]) -> str:
    before, after = masks[step.before].when, masks[step.after].when
    return f" between {before} and {after}" if before and after else ""


def _magnitude(number: Measurement) -> str:
    """Return the size of a change without its sign, with bounds, for use after "grew" or "shrank"."""
    if number.low is None or number.high is None:
        return format_quantity(abs(number.value), number.unit, prefer=number.prefer)
    sign = -1 if number.value < 0 else 1
    low, high = sorted((sign * number.low, sign * number.high))
    text = format_quantity(abs(number.value), number.unit, prefer=number.prefer)
    return f"{text} ({format_range(low, high, number.unit, prefer=number.prefer)} if the edge moved by one pixel)"


def _change(step: Change, numbers: Sequence[Measurement], masks: Mapping[str, Mask]) -> str:
    name, span = plain_name(masks[step.after].label), _span(step, masks)
    by_name = {n.name: n for n in numbers}
    asked, net = numbers[0], by_name.get("net")
    if step.what in {"gain", "gain_share"}:
        return f"Mapped {name} was gained on {_sized(asked)}{span}."
    if step.what in {"loss", "loss_share"}:
        return f"Mapped {name} was lost on {_sized(asked)}{span}."
    if net is None or net.value == 0:
        return f"Mapped {name} kept its area{span}."
    word = "grew" if net.value > 0 else "shrank"
    relative = by_name.get("share_changed")
    percent = "" if relative is None else f", {format_quantity(abs(relative.value), '1')} of its earlier area"
    against = {"gain": "shrank", "loss": "grew"}.get(step.direction or "")
    premise = f"It did not {'grow' if step.direction == 'gain' else 'shrink'}: " if against == word else ""
    detail = ""
    if net.low is not None and net.high is not None and net.low < 0 < net.high:
        detail = " Whether it grew or shrank depends on where the edge is drawn."
    if "gain" in by_name and "loss" in by_name:
        detail += f" Gained {by_name['gain'].text}, lost {by_name['loss'].text}."
    return f"{premise}{'mapped' if premise else 'Mapped'} {name} {word} by {_magnitude(net)}{percent}{span}.{detail}"


def _length(step: Length, numbers: Sequence[Measurement], masks: Mapping[str, Mask]) -> str:
    return f"The edge of {plain_name(masks[step.mask].label)} is {_sized(numbers[0])} long."


def _compare(step: Compare, numbers: Sequence[Measurement], masks: Mapping[str, Mask]) -> str:
    difference, before, after = numbers
    more = "as much" if difference.value == 0 else "more" if difference.value > 0 else "less"
    by = (
        ""
        if difference.value == 0
        else f", {format_quantity(abs(difference.value), difference.unit, prefer=after.prefer)} {more}"
    )
    return f"{_capital(before.subject)}: {before.text}; {after.subject}: {after.text}{by}."


def _trend(step: Trend, numbers: Sequence[Measurement], masks: Mapping[str, Mask]) -> str:
    slope, values = (numbers[0], numbers[1:]) if numbers[0].name == "trend" else (None, numbers)
    told = "; ".join(f"{_day_of(n)}: {n.text}" for n in values)
    name = f"{values[0].name} of {plain_name(values[0].subject.partition(',')[0])}"
    if slope is None:
        return f"{_capital(name)}, {told}. For a trend there are too few dates of one season."
    if slope.low is not None and slope.high is not None and slope.low <= 0 <= slope.high:
        return f"{_capital(name)} shows no trend that stands out from its scatter: {_sized(slope)}. {told}."
    return f"{_capital(name)} {'rose' if slope.value > 0 else 'fell'}: {_sized(slope)}. {told}."


def _day_of(number: Measurement) -> str:
    return next((p for p in number.subject.split(", ") if p[:4].isdigit()), number.subject)


_WORDING = {
    Share: _share, Area: _area, Count: _count, Distance: _distance, Touches: _touches, Rank: _rank, Change: _change,
    Length: _length, Compare: _compare, Trend: _trend,
}  # fmt: skip


def _sentence(step: StepBase, numbers: Sequence[Measurement], masks: Mapping[str, Mask]) -> str:
    for kind, wording in _WORDING.items():
        if isinstance(step, kind):
            return str(wording(step, numbers, masks))
    mask = masks[step.id]
    return f"The mask of {plain_name(mask.label)} has {int(mask.pixels.sum()):,} pixels."


def answer_sentences(
    plan: Plan, numbers: Mapping[str, Sequence[Measurement]], masks: Mapping[str, Mask]
) -> tuple[str, ...]:
    """Return one sentence for each thing that was asked for, then what limits them.

    Args:
        plan: What was asked.
        numbers: Measurements by step id.
        masks: Mask by step id.
    """
    sentences = [
        _sentence(plan.step(a.step), numbers.get(a.step, ()), masks)
        for a in plan.answer
        if a.step in numbers or a.step in masks
    ]
    shown = [n for a in plan.answer for n in numbers.get(a.step, ())]
    seen = [n.observed_frac for n in shown if n.observed_frac is not None]
    limits = []
    if seen and min(seen) < 0.9995:
        limits.append(f"{format_quantity(min(seen), '1')} of the area was observed")
    if any(_MAPPED in n.notes and n.value for n in shown):
        limits.append("areas are mapped, not bias-adjusted" if limits else "Areas are mapped, not bias-adjusted")
    if limits:
        sentences.append("; ".join(limits) + ".")
    return tuple(dict.fromkeys(sentences))
