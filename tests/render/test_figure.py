import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from terrascope_sdk.render.figure import GroundScale, Sheet, figure, legend, mask_layer, nice_length_m

CODES = np.array([[0, 1, 255]] * 3, np.uint8)
RGB = np.zeros((3, 3, 3), np.uint8)
SEEN = np.ones((3, 3), bool)
SCALE = GroundScale(10.0, 8.0, 12.5)


@given(st.floats(0.01, 1e8))
def test_scale_bars_are_round_and_fill_12_to_30_percent(width_m):
    length = nice_length_m(width_m)
    assert 0.11 < length / width_m <= 0.3001
    assert float(f"{length:.0e}") == pytest.approx(length)
    assert f"{length:.0e}"[0] in "125"


def test_a_figure_has_proportions_scale_bar_and_north():
    shown = figure([], shape=(100, 200), scale=SCALE, caption="<b>")
    assert "aspect-ratio:1.60000" in shown  # 200 px of 8 m by 100 px of 10 m
    assert "width:12.50%" in shown  # 200 m of 1600 m
    assert ">200 m<" in shown
    assert "rotate(12.5 12 17)" in shown
    assert "&lt;b&gt;" in shown


def test_without_a_place_no_scale_and_no_arrow():
    shown = figure([], shape=(4, 4), scale=None, caption="")
    assert "ts-bar" not in shown
    assert "ts-north" not in shown


def test_a_picture_is_embedded_once_however_often_it_is_shown():
    sheet = Sheet()
    layers = [sheet.picture_layer(RGB, SEEN, description=f'view "{i}"') for i in range(3)]
    assert sheet.rules.count("data:image/png") == 1
    assert not any("data:" in layer for layer in layers)
    assert len({re.search("ts-p-[0-9a-f]{12}", layer).group() for layer in layers}) == 1
    assert 'aria-label="view &quot;0&quot;"' in layers[0]


def test_masks_have_a_text_for_those_who_cannot_see_them():
    assert 'alt="9 &lt; 10"' in mask_layer(CODES, (1, 2, 3), aspect=1.0, description="9 < 10")


def test_legend_and_outline():
    shown = legend([("<i>", (255, 0, 0)), ("not observed", None)])
    assert "&lt;i&gt;" in shown
    assert "--c:#ff0000" in shown
    assert "ts-unseen" in shown
    ring = ((0.0, 0.0), (0.5, 0.0), (0.5, 0.25), (0.0, 0.0))
    drawn = figure([], shape=(4, 4), scale=None, caption="", rings=(ring,))
    assert "M0.00 0.00 L50.00 0.00 L50.00 25.00" in drawn
    assert "area of interest" in drawn


def test_extreme_pixels_still_have_an_aspect():
    assert GroundScale(1.0, 1e9).aspect == 50
    assert GroundScale(1e9, 1.0).aspect == 0.02
