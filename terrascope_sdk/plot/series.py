"""Measurements over time: values, what their bounds are, and how much was seen on each date."""

from collections.abc import Iterable
from datetime import UTC, datetime
from itertools import pairwise

from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.dates import AutoDateLocator, ConciseDateFormatter, date2num
from matplotlib.lines import Line2D
from matplotlib.ticker import FuncFormatter, MaxNLocator

from terrascope_sdk.errors import InputError
from terrascope_sdk.plot.bounds import (
    BAND_PT,
    bound_signs,
    draw_bounds,
    draw_observed,
    number_text,
    observed_signs,
    paler,
)
from terrascope_sdk.plot.drawing import Drawing, Sources
from terrascope_sdk.plot.legends import credit_line, legend_below
from terrascope_sdk.plot.style import INK, Width, styled
from terrascope_sdk.plot.subjects import (
    Scale,
    Seen,
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

__all__ = ["series"]

_MARKERS = "osD^vP"
_DASHES = ("-", "--", ":", "-.", (0, (5, 1, 1, 1, 1, 1)), (0, (8, 2)))
_MAIN_MM, _STRIP_MM, _AXIS_MM = 42.0, 7.0, 8.0

Point = tuple[Seen, Measurement]


def _grouped(numbers: tuple[Measurement, ...], masks: dict[str, Mask]) -> dict[str, list[Point]]:
    """Return the lines of the figure: what has the same name and subject, in order of time."""
    several = len({n.name for n in numbers}) > 1
    groups: dict[str, list[Point]] = {}
    for number in numbers:
        seen = seen_of(number, masks)
        if seen.date is None:
            raise InputError(
                f"The {number.name} of {number.subject!r} has no single date"
                + (f" but {seen.when}." if seen.when else "."),
                hint="Measure dated masks, and pass them as masks=; a change between two dates is no point in time.",
            )
        name = f"{measured_name(number)} of {seen.label}" if several else seen.label
        groups.setdefault(name, []).append((seen, number))
    for name, points in groups.items():
        points.sort(key=lambda p: p[0].date or datetime.min.replace(tzinfo=UTC))
        dates = [p[0].date for p in points]
        twice = next((d for d, after in pairwise(dates) if d == after), None)
        if twice is not None:
            raise InputError(
                f"{name!r} has two values at {twice:%Y-%m-%d %H:%M} UTC.", hint="Draw one of them, or name them apart."
            )
    if len(groups) > len(_MARKERS):
        raise InputError(
            f"{len(groups)} lines are more than the {len(_MARKERS)} that can be told apart: {', '.join(groups)[:200]}.",
            hint="Draw several figures.",
        )
    return groups


def _when(seen: Seen) -> float:
    return float(date2num(seen.date))  # type: ignore[no-untyped-call]


def _line(axes: Axes, points: list[Point], scale: Scale, *, position: int) -> Line2D:
    colour = colour_of(subject_colour_label(points[0][1].subject))
    places = [_when(seen) for seen, _ in points]
    for (seen, number), at in zip(points, places, strict=True):
        draw_bounds(
            axes, at, number, scale, upright=True, colour=paler(colour, 0.55 + 0.08 * (position % 3)),
            band_pt=BAND_PT - 0.6 * position,
        )  # fmt: skip
        if seen.period_s > 2 * 86400:
            half = seen.period_s / 86400 / 2
            span = axes.hlines(scale.shown(number.value), at - half, at + half, colors=INK, linewidth=0.6, zorder=2.4)
            span.set_gid("period")
    values = [scale.shown(n.value) for _, n in points]
    (line,) = axes.plot(
        places, values, color="#7a7a7a", linewidth=0.7, linestyle=_DASHES[position], marker=_MARKERS[position],
        markerfacecolor=hex_of(colour), markeredgecolor=INK, markeredgewidth=0.5, zorder=4,
    )  # fmt: skip
    return line


def _thickness_days(places: list[float], span: float) -> float:
    gaps = [b - a for a, b in pairwise(places)]
    return max(min([0.6 * min(gaps), 0.045 * span]) if gaps else 0.3, 0.006 * span)


def _strips(groups: dict[str, list[Point]]) -> list[tuple[str, list[Point]]]:
    """Return one strip of observed shares for each set of them that differs."""
    found: dict[tuple[tuple[float, float | None], ...], tuple[list[str], list[Point]]] = {}
    for name, points in groups.items():
        key = tuple((_when(s), n.observed_frac) for s, n in points)
        found.setdefault(key, ([], points))[0].append(name)
    return [(", ".join(names), points) for names, points in found.values()]


def _time_axis(axes: Axes, points: list[Point]) -> float:
    """Set the limits so that periods and bars fit; return the span in days."""
    starts = [_when(s) - s.period_s / 172800 for s, _ in points]
    ends = [_when(s) + s.period_s / 172800 for s, _ in points]
    span = max(max(ends) - min(starts), 1.0)
    axes.set_xlim(min(starts) - 0.04 * span, max(ends) + 0.04 * span)
    locator = AutoDateLocator(tz=UTC, minticks=2, maxticks=6)  # type: ignore[no-untyped-call]
    axes.xaxis.set_major_locator(locator)
    formatter = ConciseDateFormatter(locator, tz=UTC, show_offset=True)  # type: ignore[no-untyped-call]
    axes.xaxis.set_major_formatter(formatter)
    return span


def _draw(figure: Drawing, groups: dict[str, list[Point]], scale: Scale) -> list[Artist]:
    strips = _strips(groups)
    ratios = [_MAIN_MM, *(_STRIP_MM for _ in strips)]
    main, *below = figure.subplots(len(ratios), 1, sharex=True, height_ratios=ratios)
    lines: list[Artist] = []
    for position, (name, points) in enumerate(groups.items()):
        line = _line(main, points, scale, position=position)
        line.set_label(name)
        lines.append(line)
    span = _time_axis(main, [p for points in groups.values() for p in points])
    main.yaxis.set_major_locator(MaxNLocator(nbins=5, steps=[1, 2, 2.5, 5, 10]))
    main.yaxis.set_major_formatter(FuncFormatter(tick_text))
    main.tick_params(axis="x", labelbottom=False)
    for axes, (_name, points) in zip(below, strips, strict=True):
        places = [_when(s) for s, _ in points]
        shares = [n.observed_frac for _, n in points]
        draw_observed(axes, places, shares, thick=_thickness_days(places, span), upright=True)
        axes.set_ylabel("Observed\n(%)", rotation=0, ha="right", va="center")
        axes.tick_params(axis="x", labelbottom=axes is below[-1])
    below[-1].set_xlabel("Date (UTC)")
    return lines


def series(
    measurements: Answer | Iterable[Measurement], *, masks: Iterable[Mask] = (), width: Width = "one", credit: str = ""
) -> Drawing:
    """Draw measurements over time, with their bounds and with the share that was observed on each date.

    The pale band shows where a number goes if the edge of its mask moved by one pixel; it has no caps, because it is
    no confidence interval. Bounds of a reference sample are lines with caps. A horizontal line through a point is the
    period of a composite. Thin lines join the dates for the eye only: between them nothing was measured.

    Args:
        measurements: All in one unit; what has the same name and subject makes one line. Of an answer, the numbers in
            the unit of the first one are shown.
        masks: Masks that the numbers were measured on: they know when they were seen, to the second, and over which
            period. Without them, dates are taken from the subjects. Those of an answer are known.
        width: ``one`` column (89 mm), ``two`` (183 mm), or millimetres.
        credit: Credit line of the imagery, for example ``stack.attribution``; that of an answer is known.

    Raises:
        InputError: There is no measurement, units differ, one has no date or two of them, or one line has two values
            at one instant.

    Examples:
        >>> from datetime import datetime
        >>> from dataclasses import replace
        >>> from terrascope_sdk import measure, plot
        >>> from terrascope_sdk.testing import disc_mask, utm_grid
        >>> seen = [(2019, 500.0), (2021, 450.0), (2023, 400.0)]
        >>> lakes = [replace(disc_mask(utm_grid(), radius_m=r), date=datetime(y, 7, 1)) for y, r in seen]
        >>> figure = plot.series([measure.area(lake) for lake in lakes], masks=lakes)
        >>> figure.axes[0].get_ylabel()
        'Area (ha)'
    """
    numbers = numbers_of(measurements, units=("m2", "m", "1", "count"))
    answer = measurements if isinstance(measurements, Answer) else None
    known = {m.id: m for m in (*masks, *(answer.masks if answer else ()))}
    groups, scale = _grouped(numbers, known), common_scale(numbers)
    names = list(dict.fromkeys(measured_name(n) for n in numbers))
    name = names[0] if len(names) == 1 else {"m2": "area", "m": "length", "1": "share", "count": "count"}[scale.unit]
    sources = Sources.of(answer, masks=masks_of(numbers, known), measurements=numbers, credit=credit)
    with styled():
        height = _MAIN_MM + _AXIS_MM + (_STRIP_MM + 3) * len(_strips(groups))
        figure = Drawing(width, height, title=f"Time series of {name}", sources=sources)
        lines = _draw(figure, groups, scale)
        figure.axes[0].set_ylabel(scale.axis(name))
        signs = [*lines, *bound_signs(numbers), *observed_signs([n.observed_frac for n in numbers])]
        legend_below(figure, signs, notes=[*remarks(numbers), *credit_line(sources.credit)])
        figure.settle()
    unit = f" in {scale.name}" if scale.name else ""
    told = [f"{g}: " + "; ".join(f"{s.when} {number_text(n, scale)}" for s, n in ps) for g, ps in groups.items()]
    figure.description = " ".join([f"Time series of {name}{unit}.", *(f"{t}." for t in told), *remarks(numbers)])
    return figure
