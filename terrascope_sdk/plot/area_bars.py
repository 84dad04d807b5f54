"""Areas or shares side by side, each with its bounds, what they mean, and how much was seen."""

from collections.abc import Iterable

from matplotlib.ticker import FuncFormatter, MaxNLocator

from terrascope_sdk.errors import TooLarge
from terrascope_sdk.plot.bounds import bound_signs, draw_bounds, draw_observed, number_text, observed_signs, paler
from terrascope_sdk.plot.drawing import Drawing, Sources
from terrascope_sdk.plot.legends import credit_line, legend_below, wrapped
from terrascope_sdk.plot.style import GREY, INK, SMALL_PT, Width, styled, width_in
from terrascope_sdk.plot.subjects import (
    Scale,
    common_scale,
    masks_of,
    measured_name,
    numbers_of,
    remarks,
    seen_of,
    subject_colour_label,
    tick_text,
)
from terrascope_sdk.render.palette import colour_of, hex_of
from terrascope_sdk.types import Answer, Mask, Measurement

__all__ = ["area_bars"]

_MOST = 40
_ROW_MM, _LINE_MM, _AXIS_MM = 9.0, 3.1, 13.0
_LABEL_FRAC = 0.3
_THICK = 0.56
_BAND_PT = 11.0


def _heads(numbers: tuple[Measurement, ...], masks: dict[str, Mask]) -> list[str]:
    """Return what each bar is called: its subject, led by what was measured where that differs."""
    several = len({n.name for n in numbers}) > 1
    heads = []
    for number in numbers:
        seen = seen_of(number, masks)
        name = f"{measured_name(number)} of " if several else ""
        heads.append(f"{name}{seen.label}" + (f", {seen.when}" if seen.when else ""))
    return heads


def _draw(figure: Drawing, numbers: tuple[Measurement, ...], heads: list[str], scale: Scale) -> None:
    bars, seen = figure.subplots(1, 2, sharey=True, width_ratios=(1, 0.2))
    places = range(len(numbers))
    for at, number in zip(places, numbers, strict=True):
        colour = colour_of(subject_colour_label(number.subject))
        draw_bounds(bars, at, number, scale, upright=False, colour=paler(colour), band_pt=_BAND_PT)
        bars.barh(
            at, scale.shown(number.value), _THICK / 2, color=hex_of(colour), edgecolor=INK, linewidth=0.4, zorder=2
        )
        text, between = scale.text(number.value), ""
        if number.low is not None and number.high is not None:
            between = scale.bounds(number.low, number.high)
        for words, up, colour_of_text in ((text, 1, INK), (between, -1, GREY)):
            bars.annotate(
                words, (1, at), (5, 0 if not between else 4.2 * up), xycoords=("axes fraction", "data"), va="center",
                textcoords="offset points", fontsize=SMALL_PT, color=colour_of_text, annotation_clip=False,
            )  # fmt: skip
    low = min(0.0, *(scale.shown(v) for n in numbers for v in (n.value, n.low, n.high) if v is not None))
    high = max(0.0, *(scale.shown(v) for n in numbers for v in (n.value, n.low, n.high) if v is not None))
    if low == high:
        high = 1.0
    bars.set(xlim=(low * 1.03, high * 1.03), ylim=(len(numbers) - 0.45, -0.55))
    bars.set_yticks(list(places), heads, fontsize=SMALL_PT)
    bars.tick_params(axis="y", length=0)
    bars.xaxis.set_major_locator(
        MaxNLocator(nbins=max(2, min(5, round(float(figure.get_size_inches()[0])))), steps=[1, 2, 2.5, 5, 10])
    )
    bars.xaxis.set_major_formatter(FuncFormatter(tick_text))
    bars.axvline(0, color=INK, linewidth=0.6, zorder=3)
    bars.spines["left"].set_visible(False)
    draw_observed(seen, list(places), [n.observed_frac for n in numbers], thick=_THICK, upright=False)
    seen.tick_params(axis="y", length=0, labelleft=False)
    seen.spines["left"].set_visible(False)
    seen.set_xlabel("Observed\n(%)", loc="right")


def area_bars(
    measurements: Answer | Iterable[Measurement], *, masks: Iterable[Mask] = (), width: Width = "one", credit: str = ""
) -> Drawing:
    r"""Draw areas, or shares, as bars with their numbers, bounds and observed shares.

    The pale band shows where a number goes if the edge of its mask moved by one pixel; it has no caps, because it is
    no confidence interval. Bounds of a reference sample are lines with caps. The column on the right shows how much of
    the area of interest was seen; the rest is hatched, for nobody knows what is there.

    Args:
        measurements: Areas (all in m2) or shares (all in 1), in the order to show; or an answer, of which the numbers
            in the unit of the first one are shown.
        masks: Masks that the numbers were measured on, for dates as precise as they are known; those of an answer are
            known.
        width: ``one`` column (89 mm), ``two`` (183 mm), or millimetres.
        credit: Credit line of the imagery, for example ``stack.attribution``; that of an answer is known.

    Raises:
        InputError: There is no measurement, units differ, or they are neither areas nor shares.
        TooLarge: More than 40 bars.

    Examples:
        >>> from terrascope_sdk import measure, plot
        >>> from terrascope_sdk.testing import disc_mask, utm_grid
        >>> figure = plot.area_bars([measure.share(disc_mask(utm_grid(), radius_m=r)) for r in (300.0, 500.0)])
        >>> [axes.get_xlabel() for axes in figure.axes]
        ['Share (%)', 'Observed\n(%)']
    """
    numbers = numbers_of(measurements, units=("m2", "1"))
    if len(numbers) > _MOST:
        raise TooLarge(f"{len(numbers)} bars are more than the {_MOST} that one figure holds.", hint="Draw fewer.")
    answer = measurements if isinstance(measurements, Answer) else None
    known = {m.id: m for m in (*masks, *(answer.masks if answer else ()))}
    scale, heads = common_scale(numbers), _heads(numbers, known)
    labels = [wrapped(h, _LABEL_FRAC * width_in(width)) for h in heads]
    row_mm = max(_ROW_MM, _LINE_MM * (max(label.count("\n") for label in labels) + 1) + 1)
    names = list(dict.fromkeys(measured_name(n) for n in numbers))
    name = names[0] if len(names) == 1 else "area" if scale.unit == "m2" else "share"
    sources = Sources.of(answer, masks=masks_of(numbers, known), measurements=numbers, credit=credit)
    with styled():
        figure = Drawing(width, _AXIS_MM + row_mm * len(numbers), title=f"Bars of {name}", sources=sources)
        _draw(figure, numbers, labels, scale)
        figure.axes[0].set_xlabel(scale.axis(name))
        signs = [*bound_signs(numbers), *observed_signs([n.observed_frac for n in numbers])]
        legend_below(figure, signs, notes=[*remarks(numbers), *credit_line(sources.credit)])
        figure.settle()
    told = "; ".join(f"{head}: {number_text(n, scale)}" for head, n in zip(heads, numbers, strict=True))
    figure.description = " ".join([f"Bars of {name} in {scale.name}. {told}.", *remarks(numbers)])
    return figure
