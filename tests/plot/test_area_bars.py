"""Bars: lengths and bounds equal the measurements, one unit, observed shares beside them."""

import numpy as np
import pytest

from terrascope_sdk import measure, plot
from terrascope_sdk.errors import InputError, TooLarge
from tests.plot.made import assert_readable, by_gid, hatched, lake, legend_labels, number, words

CLOUD = (slice(0, 48), slice(0, 96))


def bars_of(figure):
    return [p.get_width() for p in figure.axes[0].patches]


def test_the_bars_are_as_long_as_the_measurements():
    numbers = [measure.area(lake(r, 2019 + i)) for i, r in enumerate((400.0, 200.0))]
    figure = plot.area_bars(numbers)
    assert bars_of(figure) == pytest.approx([n.value / 1e4 for n in numbers], rel=1e-12)
    assert figure.axes[0].get_xlabel() == "Area (ha)"
    bands = [band.get_segments()[0][:, 0] for band in by_gid(figure, "edge_sensitivity")]
    assert np.allclose(bands, [(n.low / 1e4, n.high / 1e4) for n in numbers], rtol=1e-12)
    assert all(n.text in words(figure) for n in numbers)
    assert_readable(figure)


def test_all_numbers_have_the_unit_of_the_largest():
    figure = plot.area_bars([number(5e3, subject="a"), number(2e7, subject="b")])
    assert figure.axes[0].get_xlabel() == "Area (km²)"
    assert "20.00 km²" in words(figure)
    assert "0.005000 km²" in words(figure)


def test_a_unit_that_was_asked_for_is_kept():
    assert plot.area_bars([number(2e7, prefer="ha")]).axes[0].get_xlabel() == "Area (ha)"
    figure = plot.area_bars([number(2e7, prefer="ha", subject="a"), number(2e7, prefer="m2", subject="b")])
    assert figure.axes[0].get_xlabel() == "Area (km²)"


def test_shares_are_in_percent():
    shares = [measure.share(lake(r)) for r in (400.0, 200.0)]
    figure = plot.area_bars(shares)
    assert figure.axes[0].get_xlabel() == "Share (%)"
    assert bars_of(figure) == pytest.approx([100 * s.value for s in shares], rel=1e-12)


def test_what_was_not_observed_is_hatched_beside_the_bar_not_on_it():
    figure = plot.area_bars([measure.area(lake(300.0, cloud=CLOUD))])
    seen, unseen = figure.axes[1].patches
    assert (seen.get_width(), unseen.get_width()) == pytest.approx((50, 50), abs=0.1)
    assert unseen.get_hatch()
    assert not seen.get_hatch()
    assert not hatched(figure.axes[0])
    assert "not observed" in legend_labels(figure)
    assert_readable(figure)


def test_a_net_loss_goes_to_the_left_with_a_true_minus():
    change = measure.change(lake(400.0, 2019), lake(300.0, 2021))
    figure = plot.area_bars([change.net, change.gain, change.loss])
    assert bars_of(figure) == pytest.approx([change.net.value / 1e4, 0, change.loss.value / 1e4], rel=1e-12)
    assert change.net.text.replace("-", "\N{MINUS SIGN}") in words(figure)
    assert "net change of water, optical" in plot.describe(figure)
    assert_readable(figure)


@pytest.mark.parametrize("width", ["one", "two", 80])
def test_nothing_overlaps_with_many_bars_and_long_names(width):
    numbers = [
        number(
            1.234e5 * (i + 1), subject=f"an uncommonly long name of class number {i}, 2020-07-01, optical",
            low=1e5 * (i + 1), high=2e5 * (i + 1), interval="edge_sensitivity", observed_frac=0.07 * i,
        )
        for i in range(12)
    ]  # fmt: skip
    assert_readable(plot.area_bars(numbers, width=width))


def test_notes_that_all_share_are_told():
    assert "Mapped, not bias-adjusted." in words(plot.area_bars([measure.area(lake(300.0))]))


def test_zero_can_be_drawn():
    assert_readable(plot.area_bars([number(0.0, observed_frac=1.0)]))


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ([], "has no measurement"),
        ([number(1.0), number(0.5, unit="1")], "cannot share one axis"),
        ([number(5.0, unit="m", name="distance")], "not 'm'"),
        ([number(float("inf"))], "inf"),
    ],
)
def test_what_cannot_be_drawn_is_refused(given, told):
    with pytest.raises(InputError, match=told):
        plot.area_bars(given)


def test_too_many_bars_are_refused():
    with pytest.raises(TooLarge, match="41 bars"):
        plot.area_bars([number(1.0)] * 41)
