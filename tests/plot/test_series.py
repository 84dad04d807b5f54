"""Time series: values on the artists, bounds that are no confidence interval, observed shares, UTC."""

from dataclasses import replace
from datetime import UTC, datetime

import matplotlib.dates
import numpy as np
import pytest

from terrascope_sdk import measure, plot
from terrascope_sdk.errors import InputError
from tests.plot.made import assert_readable, by_gid, hatched, lake, legend_labels, number, words

CLOUD = (slice(0, 48), slice(0, 96))


def yearly(radii=(400.0, 350.0, 300.0), start=2019, **more):
    return [lake(r, start + i, **more) for i, r in enumerate(radii)]


def line_of(figure):
    return next(line for line in figure.axes[0].lines if line.get_marker() == "o")


def test_the_values_on_the_line_are_the_measurements():
    masks = yearly()
    numbers = [measure.area(m) for m in masks]
    figure = plot.series(numbers, masks=masks)
    line = line_of(figure)
    assert line.get_ydata() == pytest.approx([n.value / 1e4 for n in numbers], rel=1e-12)
    assert matplotlib.dates.num2date(line.get_xdata()) == [m.date for m in masks]
    assert figure.axes[0].get_ylabel() == "Area (ha)"
    assert figure.axes[-1].get_xlabel() == "Date (UTC)"
    assert_readable(figure)


def test_an_edge_that_may_move_is_a_band_without_caps_and_says_that_it_is_no_confidence_interval():
    masks = yearly()
    numbers = [measure.area(m) for m in masks]
    figure = plot.series(numbers, masks=masks)
    bands = by_gid(figure, "edge_sensitivity")
    ends = [band.get_segments()[0][:, 1] for band in bands]
    assert np.allclose(ends, [(n.low / 1e4, n.high / 1e4) for n in numbers], rtol=1e-12)
    assert not by_gid(figure, "design_based")
    assert {line.get_marker() for line in figure.axes[0].lines} == {"o"}
    assert "range if the edge moved by one pixel; no confidence interval" in legend_labels(figure)
    assert not any("95 %" in label for label in legend_labels(figure))


def test_bounds_of_a_reference_sample_are_lines_with_caps():
    given = [number(2e6, low=1e6, high=3e6, interval="design_based", observed_frac=1.0)]
    figure = plot.series(given)
    assert by_gid(figure, "design_based")
    assert not by_gid(figure, "edge_sensitivity")
    assert "95 % confidence interval from a reference sample" in legend_labels(figure)
    assert "_" in {line.get_marker() for line in figure.axes[0].lines}


def test_the_observed_share_of_each_date_is_shown_and_the_rest_hatched():
    masks = [lake(400.0, 2019), lake(350.0, 2020, cloud=CLOUD)]
    figure = plot.series([measure.area(m) for m in masks], masks=masks)
    strip = figure.axes[1]
    heights = [p.get_height() for p in strip.patches]
    assert heights == pytest.approx([100, 50, 50], abs=0.1)
    assert [bool(p.get_hatch()) for p in strip.patches] == [False, False, True]
    assert strip.get_ylim() == (0, 100)
    assert "%" in strip.get_ylabel()
    assert {"observed", "not observed"} <= set(legend_labels(figure))
    assert "50.0 % observed" in plot.describe(figure)
    assert_readable(figure)


def test_an_observed_share_that_is_not_stated_is_no_full_one():
    figure = plot.series([number(2e6, subject="water, 2020-07-01"), number(3e6, subject="water, 2021-07-01")])
    assert not figure.axes[1].patches
    assert words(figure).count("?") >= 2
    assert "observed share not stated" in plot.describe(figure)


def test_dates_come_from_the_subject_when_masks_are_not_given():
    figure = plot.series([number(2e6, subject="water, 2021-02-03, sar"), number(1e6, subject="water, 2020-07-01, sar")])
    found = matplotlib.dates.num2date(line_of(figure).get_xdata())
    assert found == [datetime(2020, 7, 1, tzinfo=UTC), datetime(2021, 2, 3, tzinfo=UTC)]
    assert "water, SAR" in legend_labels(figure)


def test_a_composite_is_drawn_over_its_period_and_named_by_it():
    masks = [lake(400.0, 1990 + 5 * i, period_s=365.25 * 86400) for i in range(3)]
    figure = plot.series([measure.area(m) for m in masks], masks=masks)
    spans = [span.get_segments()[0][:, 0] for span in by_gid(figure, "period")]
    assert [b - a for a, b in spans] == pytest.approx([365.25] * 3)
    assert "1995 " in plot.describe(figure)
    assert "1995-07-01" not in plot.describe(figure)


def test_two_things_are_two_lines_with_their_own_marks():
    lakes, woods = yearly(), yearly(label="tree", radii=(100.0, 150.0, 200.0))
    figure = plot.series([measure.area(m) for m in (*lakes, *woods)], masks=(*lakes, *woods))
    lines = [line for line in figure.axes[0].lines if len(line.get_xdata()) == 3]
    assert [line.get_label() for line in lines] == ["water, optical", "tree, optical"]
    assert len({line.get_marker() for line in lines}) == len({line.get_linestyle() for line in lines}) == 2
    assert_readable(figure)


def test_time_is_utc_whatever_the_session_says():
    import matplotlib

    with matplotlib.rc_context({"timezone": "Pacific/Auckland"}):
        figure = plot.series([number(2e6, subject="water, 2020-07-01"), number(1e6, subject="water, 2020-07-02")])
        figure.draw_without_rendering()
        labels = [t.get_text() for t in figure.axes[1].get_xticklabels()]
    assert any("12:00" in label or "Jul" in label or "01" in label for label in labels)
    formatter = figure.axes[1].xaxis.get_major_formatter()
    assert formatter._tz is UTC


@pytest.mark.parametrize("width", ["one", "two", 120])
def test_nothing_overlaps_with_many_dates_and_long_names(width):
    masks = [
        replace(lake(300.0 + 5 * i, 1990 + i, cloud=CLOUD if i % 3 else None), label="a very long name of a class")
        for i in range(30)
    ]
    assert_readable(plot.series([measure.area(m) for m in masks], masks=masks, width=width))


def test_one_date_alone_can_be_drawn():
    mask = lake(300.0)
    assert_readable(plot.series([measure.area(mask)], masks=[mask]))


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ([], "has no measurement"),
        ([number(1.0), number(0.5, unit="1", name="share")], "'1' and 'm2' cannot share one axis"),
        ([number(True, unit="1", name="touches")], "yes or no"),
        ([number(1.0, subject="water")], "no single date"),
        ([number(1.0, name="net", subject="water, 2019-01-01 to 2020-01-01")], "2019-01-01 to 2020-01-01"),
        ([number(1.0), number(2.0)], "two values at 2020-07-01"),
        (["5 ha"], "not a str"),
        ([number(1.0, subject=f"thing {i}, 2020-01-01") for i in range(7)], "7 lines are more than"),
        ([number(float("nan"))], "nan"),
    ],
)
def test_what_cannot_be_drawn_is_refused(given, told):
    with pytest.raises(InputError, match=told):
        plot.series(given)


def test_a_width_that_is_none_is_refused():
    with pytest.raises(InputError, match="'three'"):
        plot.series([number(1.0)], width="three")
    with pytest.raises(InputError, match="20"):
        plot.series([number(1.0)], width=20)


def test_the_hatched_part_is_never_drawn_in_the_main_panel():
    masks = [lake(350.0, 2020, cloud=CLOUD)]
    figure = plot.series([measure.area(m) for m in masks], masks=masks)
    assert not hatched(figure.axes[0])
    assert hatched(figure.axes[1])
