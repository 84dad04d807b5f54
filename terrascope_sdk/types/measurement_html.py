"""The numbers of an answer as a table: value, bounds with their meaning, observed share, masks, and how it was done."""

from collections.abc import Mapping, Sequence

from terrascope_sdk.render.html import Html, joined, tag
from terrascope_sdk.types.measurement import Measurement
from terrascope_sdk.types.quantity_text import format_range

__all__ = ["footnotes", "measurement_table", "split_bounds"]

_MARKS = "abcdefghijklmnopqrstuvwxyz"


def split_bounds(number: Measurement) -> tuple[str, str]:
    """Return the range and what it means, for example ``("535.0 to 565.9 ha", "if the edge moved by one pixel")``."""
    if number.low is None or number.high is None:
        return "", ""
    between = format_range(number.low, number.high, number.unit, prefer=number.prefer)
    return between, number.bounds_text.removeprefix(between).lstrip(", ")


def footnotes(numbers: Sequence[Measurement]) -> dict[str, str]:
    """Return a mark for each note that occurs: a, b, c and so on; numbers after z."""
    notes = dict.fromkeys(note for n in numbers for note in n.notes)
    return {note: _MARKS[i] if i < len(_MARKS) else str(i + 1) for i, note in enumerate(notes)}


def _observed(share: float | None) -> Html:
    if share is None:
        return tag("td.ts-mute", "not stated")
    percent = 100 * min(max(share, 0.0), 1.0)
    bar = tag("span.ts-meter", tag("i", attributes={"style": f"width:{percent:.1f}%"}))
    return tag("td", f"{percent:.1f} %", bar)


def _row(number: Measurement, names: Mapping[str, str], marks: Mapping[str, str]) -> Html:
    how = tag("details", tag("summary", "method"), tag("div", number.method)) if number.method else Html("")
    raised = ", ".join(marks[n] for n in number.notes)
    name = joined([tag("b", number.name.replace("_", " ")), tag("sup", raised) if raised else Html("")], " ")
    what = tag("td", name, tag("div.ts-mute", number.subject), how)
    value = tag("td.ts-value", number.text)
    between, meaning = split_bounds(number)
    bounds = tag("td", tag("span.ts-range", between or "-"), tag("div.ts-mute", meaning))
    masks = ", ".join(names[i] for i in number.mask_ids if i in names)
    return tag("tr", what, value, bounds, _observed(number.observed_frac), tag("td", masks or "-"))


def measurement_table(numbers: Sequence[Measurement], names: Mapping[str, str]) -> Html:
    """Return the table, with the notes of all numbers below it as footnotes.

    Args:
        numbers: In the order to show.
        names: Short names of masks by id; other masks are not named.
    """
    marks = footnotes(numbers)
    columns = ("Measured", "Value", "Bounds", "Observed", "Masks")
    head = tag("thead", tag("tr", *(tag("th", c, attributes={"scope": "col"}) for c in columns)))
    table = tag("table.ts-t", head, tag("tbody", *(_row(n, names, marks) for n in numbers)))
    notes = [tag("div", tag("sup", mark), f" {note}") for note, mark in marks.items()]
    return joined([tag("div.ts-scroll", table), tag("div.ts-notes", *notes) if notes else Html("")])
