"""Figures keep to themselves: no pyplot, no settings changed, no leaks, shown once, told in words."""

import gc
import subprocess
import sys
import weakref
from dataclasses import replace

import matplotlib
import matplotlib.text
import pytest
from matplotlib.figure import Figure

import terrascope_sdk as ts
from terrascope_sdk import measure, plot
from terrascope_sdk.errors import InputError
from tests.plot.made import assert_readable, lake, words

MASKS = [lake(300.0, 2019), lake(200.0, 2021, cloud=(slice(0, 20), slice(0, 96)))]


def every_plot():
    numbers = [measure.area(m) for m in MASKS]
    return [
        plot.series(numbers, masks=MASKS),
        plot.area_bars(numbers),
        plot.change_map(*MASKS),
        plot.contact_sheet(MASKS),
    ]


def test_a_plot_is_a_matplotlib_figure():
    assert ts.plot is plot
    for figure in every_plot():
        assert isinstance(figure, Figure)
        assert repr(figure).startswith("Drawing(")


def test_no_window_system_is_touched():
    code = (
        "import sys; from terrascope_sdk import measure, plot; from terrascope_sdk.testing import disc_mask, utm_grid\n"
        "lake = disc_mask(utm_grid(), radius_m=300.0)\n"
        "plot.area_bars([measure.area(lake)])._repr_mimebundle_()\n"
        "print('matplotlib.pyplot' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-W", "error::UserWarning", "-c", code], capture_output=True, text=True)
    assert (done.stdout.strip(), done.stderr) == ("False", "")


def test_the_settings_of_the_session_are_not_changed():
    before = dict(matplotlib.rcParams.copy())
    for figure in every_plot():
        figure.png()
    assert dict(matplotlib.rcParams.copy()) == before


def test_the_settings_of_the_session_do_not_change_the_figure():
    plain = [figure.png() for figure in every_plot()]
    with matplotlib.rc_context({"font.size": 30, "axes.grid": True, "axes.facecolor": "red", "lines.linewidth": 9,
                                "font.family": ["serif"], "xtick.direction": "in", "hatch.linewidth": 5}):  # fmt: skip
        assert [figure.png() for figure in every_plot()] == plain


def test_figures_are_freed():
    kept = [weakref.ref(figure) for figure in every_plot()]
    gc.collect()
    assert [k() for k in kept] == [None] * len(kept)


def test_a_notebook_gets_a_picture_with_its_alternative_text():
    for figure in every_plot():
        bundle, extra = figure._repr_mimebundle_()
        assert bundle["image/png"].startswith(b"\x89PNG")
        assert plot.describe(figure) in bundle["text/plain"]
        assert ' alt="' in bundle["text/html"]
        assert extra["image/png"]["alt"] == plot.describe(figure)
        assert len(bundle["image/png"]) < 400_000


def test_a_notebook_shows_a_figure_once():
    from IPython.core.formatters import DisplayFormatter

    data, _ = DisplayFormatter().format(every_plot()[1])
    assert set(data) == {"text/html", "image/png", "text/plain"}


def test_markup_in_labels_is_inert_in_notebooks():
    evil = replace(MASKS[0], label='"><img src=x onerror=alert(1)>')
    html = plot.contact_sheet([evil])._repr_mimebundle_()[0]["text/html"]
    assert html.count("<") == 1
    assert "onerror=alert(1)>" not in html


@pytest.mark.parametrize(
    "label", ["水", "$\\frac{1}{2}$", "cost $5 to $9", "two\nlines", "\x1b[31mred", "עברית", "a" * 200]
)
def test_any_label_can_be_drawn_without_a_warning(label):
    masks = [replace(m, label=label) for m in MASKS]
    numbers = [measure.area(m) for m in masks]
    for figure in (
        plot.series(numbers, masks=masks),
        plot.area_bars(numbers),
        plot.change_map(*masks),
        plot.contact_sheet(masks),
    ):
        assert figure.png()
        assert_readable(figure)
        assert not any(text.get_parse_math() for text in figure.findobj(matplotlib.text.Text) if text.get_text())
        if "$" in label:
            assert label.replace(" ", "") in words(figure).replace(" ", "").replace("\n", "")


def test_only_our_figures_describe_themselves():
    with pytest.raises(InputError, match="not a Figure"):
        plot.describe(Figure())
    told = [plot.describe(figure) for figure in every_plot()]
    assert all("water" in t and len(t) > 60 for t in told)


def test_text_is_dark_and_large_enough_to_print():
    import matplotlib.colors
    import matplotlib.text

    for figure in every_plot():
        for text in figure.findobj(matplotlib.text.Text):
            if text.get_text().strip():
                assert text.get_fontsize() >= 6.5
                assert max(matplotlib.colors.to_rgb(text.get_color())) < 0.4


def test_a_sheet_of_many_noisy_images_stays_light_in_a_notebook():
    import numpy as np

    from terrascope_sdk.testing import lake_stack, utm_grid

    grid = utm_grid(size_px=600)
    noise = np.random.default_rng(0)
    masks = [replace(lake(300.0, grid=grid), pixels=noise.random(grid.shape) > 0.5) for _ in range(8)]
    bundle, _ = plot.contact_sheet(masks, lake_stack((2000.0,), grid=grid, sensors=("optical",)))._repr_mimebundle_()
    assert sum(len(part) for part in bundle.values()) < 3_000_000
