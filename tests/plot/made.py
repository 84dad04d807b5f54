"""What the tests of plots are drawn from: a lake that shrinks under a cloud, and how figures are looked at."""

import itertools
from dataclasses import replace
from datetime import UTC, datetime

import matplotlib.text
import numpy as np
from matplotlib.patches import Patch

from terrascope_sdk.testing import disc_mask, utm_grid
from terrascope_sdk.types import Mask, Measurement, PixelGrid

GRID = utm_grid(size_px=96)


def lake(radius_m, year=2020, *, label="water", cloud=None, grid=GRID, sensor="optical", period_s=0.0):
    """Return a disc in the middle; `cloud` is a slice of rows and one of columns that nobody saw."""
    mask = replace(
        disc_mask(grid, radius_m=radius_m, label=label),
        date=datetime(year, 7, 1, 10, 30, tzinfo=UTC),
        sensor=sensor,
        period_s=period_s,
    )
    if cloud is None:
        return mask
    valid = np.ones(grid.shape, bool)
    valid[cloud] = False
    return mask.observed_within(valid)


def flat(mask):
    """Return the mask without a CRS."""
    grid = PixelGrid(None, mask.grid.transform, *mask.grid.shape)
    return Mask(mask.pixels, mask.valid, grid, mask.label, mask.date, mask.sensor)


def number(value, *, unit="m2", name="area", subject="water, 2020-07-01, optical", **more):
    return Measurement(name, subject, value, unit, **more)


def texts(figure):
    """Return all visible texts with their boxes on the canvas, after drawing."""
    figure.draw_without_rendering()
    found = figure.findobj(lambda a: isinstance(a, matplotlib.text.Text) and a.get_visible() and a.get_text().strip())
    shown = []
    for text in found:
        box = text.get_window_extent()
        if box.width > 0 and box.height > 0:
            shown.append((text.get_text(), box))
    return shown


def drawn_ticks_only(figure, shown):
    """Leave out the tick labels that matplotlib keeps beyond the limits of an axis and does not draw."""
    hidden = set()
    for axes in figure.axes:
        for axis, low, high in ((axes.xaxis, *sorted(axes.get_xlim())), (axes.yaxis, *sorted(axes.get_ylim()))):
            for tick in axis.get_major_ticks():
                if not low - 1e-9 <= tick.get_loc() <= high + 1e-9:
                    hidden |= {(t.get_text(), tuple(t.get_window_extent().bounds)) for t in (tick.label1, tick.label2)}
    return [(text, box) for text, box in shown if (text, tuple(box.bounds)) not in hidden]


def assert_readable(figure, *, slack_px=1.5):
    """Assert that no text leaves the figure or lies on another one."""
    shown = drawn_ticks_only(figure, texts(figure))
    width, height = figure.bbox.width, figure.bbox.height
    for text, box in shown:
        inside = (
            box.x0 >= -slack_px and box.y0 >= -slack_px and box.x1 <= width + slack_px and box.y1 <= height + slack_px
        )
        assert inside, f"{text!r} leaves the figure: {box} of {width} x {height}"
    for (one, a), (other, b) in itertools.combinations(shown, 2):
        across = min(a.x1, b.x1) - max(a.x0, b.x0)
        down = min(a.y1, b.y1) - max(a.y0, b.y0)
        assert not (across > slack_px and down > slack_px), f"{one!r} lies on {other!r}"


def words(figure):
    return " | ".join(text for text, _ in texts(figure))


def by_gid(figure, gid):
    return figure.findobj(lambda a: a.get_gid() == gid)


def hatched(axes):
    return [p for p in axes.patches if isinstance(p, Patch) and p.get_hatch()]


def legend_labels(figure):
    return [t.get_text() for legend in figure.legends for t in legend.get_texts()]
