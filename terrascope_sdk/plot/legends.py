"""Legends and small print below everything else, where they never lie over data; and what bounds mean."""

from bisect import bisect_right
from collections.abc import Sequence

from matplotlib.artist import Artist
from matplotlib.legend import Legend

from terrascope_sdk.plot.drawing import Drawing
from terrascope_sdk.plot.style import GREY, SMALL_PT, plain, typeface

__all__ = ["BOUNDS_MEANING", "credit_line", "legend_below", "wrapped"]

BOUNDS_MEANING = {
    "edge_sensitivity": "if the edge moved by one pixel; no confidence interval",
    "design_based": "95 % confidence interval from a reference sample",
}
"""What bounds mean, by interval kind, as a figure says it."""

_LEFT_IN, _GAP_IN = 0.04, 0.05
_MEASURED_PT = 100


def credit_line(credit: str) -> list[str]:
    """Return the credit of imagery as a note; nothing without one."""
    return [f"Data: {credit.rstrip('.')}."] if credit else []


def _wide_in(text: str, size_pt: float) -> float:
    """Return how wide a line is, in inches."""
    font = typeface()
    font.set_size(_MEASURED_PT, 72)  # large, so that hinting to whole pixels does not count
    font.set_text(text)
    return float(font.get_width_height()[0]) / 64 / 72 * size_pt / _MEASURED_PT


def wrapped(text: str, width_in: float, *, size_pt: float = SMALL_PT) -> str:
    """Return drawable text in lines that fit a width in inches; words too long for a line are broken."""
    lines = []
    for part in plain(text).split("\n"):
        line = ""
        for word in part.split():
            longer = f"{line} {word}".strip()
            if line and _wide_in(longer, size_pt) > width_in:
                lines.append(line)
                longer = word
            while _wide_in(longer, size_pt) > width_in and len(longer) > 1:
                cut = max(1, bisect_right(range(1, len(longer)), width_in, key=lambda n: _wide_in(longer[:n], size_pt)))
                lines.append(longer[:cut])
                longer = longer[cut:]
            line = longer
        lines.append(line)
    return "\n".join(lines)


def _legend(figure: Drawing, signs: Sequence[Artist], bottom_in: float) -> float:
    """Draw the legend in as many columns as fit; return its height in inches."""
    width = float(figure.get_size_inches()[0])
    for sign in signs:
        sign.set_label(wrapped(str(sign.get_label()), width - 0.4))
    for columns in range(len(signs), 0, -1):
        legend: Legend = figure.legend(
            handles=list(signs), loc="lower left", ncols=columns, bbox_to_anchor=(_LEFT_IN, bottom_in),
            bbox_transform=figure.dpi_scale_trans, labelspacing=0.35, borderaxespad=0, borderpad=0, columnspacing=1.6,
        )  # fmt: skip
        legend.set_in_layout(False)
        box = legend.get_window_extent()
        if columns == 1 or box.width / figure.dpi <= width - 2 * _LEFT_IN:
            break
        legend.remove()
    return float(box.height) / figure.dpi


def legend_below(figure: Drawing, signs: Sequence[Artist], *, notes: Sequence[str] = ()) -> None:
    """Put a legend and small notes at the foot, and keep the room they need free of everything else.

    Args:
        figure: Where to.
        signs: Artists with labels, in order.
        notes: Small print; wrapped to the width of the figure.
    """
    foot = _GAP_IN
    if notes:
        lines = "\n".join(wrapped(note, float(figure.get_size_inches()[0]) - 2 * _LEFT_IN) for note in notes)
        text = figure.text(_LEFT_IN, foot, lines, transform=figure.dpi_scale_trans, fontsize=SMALL_PT, color=GREY)
        text.set(va="bottom", linespacing=1.15, in_layout=False)
        foot += float(text.get_window_extent().height) / figure.dpi + _GAP_IN
    if signs:
        foot += _legend(figure, signs, foot) + _GAP_IN
    figure.foot_in = foot
