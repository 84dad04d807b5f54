"""A brush paints what it passes over."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from terrascope_sdk.errors import InputError
from terrascope_sdk.notebook.strokes import stroke_pixels

SHAPE = (60, 80)


def test_a_dot_is_a_disc_and_a_line_is_a_band():
    dot = stroke_pixels([(30, 40)], radius_px=10, shape=SHAPE)
    assert dot.sum() == pytest.approx(np.pi * 100, rel=0.05)
    band = stroke_pixels([(30.5, 10), (30.5, 70)], radius_px=3, shape=SHAPE)
    assert band[:, 40].sum() == 7
    assert not band[:20].any()


@given(st.lists(st.tuples(st.floats(-20, 90), st.floats(-20, 110)), min_size=1, max_size=6), st.floats(0, 15))
def test_strokes_stay_on_the_grid_and_grow_with_the_brush(points, radius):
    thin, thick = (stroke_pixels(points, radius_px=r, shape=SHAPE) for r in (radius, radius + 1))
    assert thin.shape == SHAPE
    assert (thick >= thin).all()


def test_the_pixel_under_the_finest_brush_is_painted():
    assert stroke_pixels([(5.2, 7.9)], radius_px=0, shape=SHAPE).nonzero() == (5, 7)


@pytest.mark.parametrize(
    ("points", "radius"), [([], 1), ([(1, 2)] * 20_001, 1), ([(1,)], 1), ([("a", "b")], 1), ([(np.nan, 1)], 1),
                           ([(1, 1)], -1), ([(1, 1)], 1e9)]
)  # fmt: skip
def test_what_is_no_stroke_is_refused(points, radius):
    with pytest.raises(InputError):
        stroke_pixels(points, radius_px=radius, shape=SHAPE)
