"""Bounds and observed shares on axes: an edge that may move looks unlike a confidence interval, unseen is hatched."""

from collections.abc import Sequence

from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch, Rectangle

from terrascope_sdk.plot.ground import unseen_patch
from terrascope_sdk.plot.legends import BOUNDS_MEANING
from terrascope_sdk.plot.style import GREY, HATCHING, INK, UNSEEN, UNSEEN_LINE
from terrascope_sdk.plot.subjects import Scale
from terrascope_sdk.render.palette import Colour, hex_of
from terrascope_sdk.types import Measurement

__all__ = [
    "BAND_PT",
    "bound_signs",
    "draw_bounds",
    "draw_observed",
    "number_text",
    "observed_signs",
    "observed_text",
    "paler",
]

BAND_PT = 9.0
"""Width of the band that shows where a number goes when the edge moves, points."""

_SEEN = "#8c8c8c"
_WHOLE_FRAC = 0.9995  # what is missing from here on is thinner than a line


def paler(colour: Colour, white_frac: float = 0.55) -> str:
    """Return a colour mixed with white, as text."""
    red, green, blue = (round(c + (255 - c) * white_frac) for c in colour)
    return hex_of((red, green, blue))


def draw_bounds(
    axes: Axes, at: float, number: Measurement, scale: Scale, *, upright: bool, colour: str, band_pt: float = BAND_PT
) -> None:
    """Draw the bounds of one number: a pale band without caps where the edge may move, a capped line for an interval.

    Args:
        axes: Where to.
        at: Position along the other axis.
        number: Nothing is drawn when it has no bounds.
        scale: Display unit.
        upright: Bounds run along y rather than x.
        colour: Of the band.
        band_pt: Width of the band, points.
    """
    if number.low is None or number.high is None:
        return
    ends = (scale.shown(number.low), scale.shown(number.high))
    lines = axes.vlines if upright else axes.hlines
    if number.interval == "edge_sensitivity":
        drawn = lines(at, *ends, colors=colour, linewidth=band_pt, zorder=1.5, capstyle="butt")
        drawn.set_gid("edge_sensitivity")
        return
    drawn = lines(at, *ends, colors=INK, linewidth=0.9, zorder=3)
    drawn.set_gid("design_based")
    x, y = ([at, at], ends) if upright else (ends, [at, at])
    axes.plot(x, y, marker="_" if upright else "|", color=INK, markersize=5, linestyle="none", zorder=3)


def bound_signs(numbers: Sequence[Measurement]) -> list[Artist]:
    """Return what the legend says about bounds: each kind that occurs, by what it is."""
    kinds = dict.fromkeys(n.interval for n in numbers)
    signs: list[Artist] = []
    if "edge_sensitivity" in kinds:
        signs.append(Patch(facecolor="#cfcfcf", label=f"range {BOUNDS_MEANING['edge_sensitivity']}", linewidth=0))
    if "design_based" in kinds:
        signs.append(
            Line2D([], [], color=INK, marker="|", markersize=5, linewidth=0.9, label=BOUNDS_MEANING["design_based"])
        )
    return signs


def _piece(axes: Axes, at: float, ends: tuple[float, float], *, thick: float, upright: bool) -> Rectangle:
    start, long = ends[0], ends[1] - ends[0]
    corner, sizes = ((at - thick / 2, start), (thick, long)) if upright else ((start, at - thick / 2), (long, thick))
    piece = Rectangle(corner, *sizes)
    axes.add_patch(piece)
    return piece


def draw_observed(
    axes: Axes, at: Sequence[float], shares: Sequence[float | None], *, thick: float, upright: bool
) -> None:
    """Draw observed shares as bars to 100 %: grey what was seen, hatched what was not, a question mark if not stated.

    Args:
        axes: Where to; its other axis becomes 0 to 100.
        at: Position of each bar.
        shares: Observed share of each, 0-1.
        thick: Thickness of the bars in units of the axis.
        upright: Bars stand rather than lie.
    """
    for place, share in zip(at, shares, strict=True):
        if share is None:
            x, y = (place, 50.0) if upright else (50.0, place)
            axes.text(x, y, "?", ha="center", va="center", color=GREY)
            continue
        seen = 100 * min(max(share, 0.0), 1.0)
        _piece(axes, place, (0.0, seen), thick=thick, upright=upright).set(facecolor=_SEEN, linewidth=0)
        if seen < 100:
            unseen = _piece(axes, place, (seen, 100.0), thick=thick, upright=upright)
            unseen.set(facecolor=UNSEEN, edgecolor=UNSEEN_LINE, hatch=HATCHING, linewidth=0, gid="unobserved")
    if upright:
        axes.set(ylim=(0, 100), yticks=[0, 100])
    else:
        axes.set(xlim=(0, 100), xticks=[0, 100])


def observed_signs(shares: Sequence[float | None]) -> list[Artist]:
    """Return what the legend says about observed shares; nothing where everything was seen."""
    if all(share is not None and share >= _WHOLE_FRAC for share in shares):
        return []
    signs: list[Artist] = [Patch(facecolor=_SEEN, linewidth=0, label="observed"), unseen_patch("not observed")]
    if None in shares:
        signs.append(Line2D([], [], linestyle="none", label="? observed share not stated"))
    return signs


def observed_text(share: float | None) -> str:
    """Return for example ``96.2 % observed``."""
    if share is None:
        return "observed share not stated"
    percent = 100 * min(max(share, 0.0), 1.0)
    shown = "100" if percent > 99.95 else f"{percent:.1f}"
    if shown == "100" and percent < 99.9999:
        shown = "more than 99.9"
    return f"{shown} % observed"


def number_text(number: Measurement, scale: Scale) -> str:
    """Return for example ``550.2 ha (535.0 to 565.9 ha if the edge moved by one pixel), 96.2 % observed``."""
    bounds = ""
    if number.low is not None and number.high is not None:
        meaning = BOUNDS_MEANING[number.interval].partition(";")[0]
        bounds = f" ({scale.bounds(number.low, number.high)} {meaning})"
    return f"{scale.text(number.value)}{bounds}, {observed_text(number.observed_frac)}"
