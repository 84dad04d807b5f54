from io import BytesIO

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from PIL import Image

from terrascope_sdk.errors import InputError
from terrascope_sdk.render.overlay import (
    CASING,
    CLEAR,
    EDGE,
    FILL,
    LINE,
    UNSEEN,
    Canvas,
    canvas_for,
    compose,
    draw_codes,
    overlay_colours,
    overlay_png,
    picture_pixels,
)
from terrascope_sdk.render.palette import HATCH, UNOBSERVED, concept_colours

WATER = concept_colours["water"]
shapes = hnp.array_shapes(min_dims=2, max_dims=2, max_side=9)
codes = hnp.arrays(np.uint8, shapes, elements=st.sampled_from([0, 1, 255]))


def test_small_rasters_are_enlarged_and_large_ones_reduced_by_whole_numbers():
    assert canvas_for(100, 60) == Canvas(1200, 720, 1, 12)
    assert canvas_for(512, 512) == Canvas(1024, 1024, 1, 2)
    assert canvas_for(2401, 30) == Canvas(801, 10, 3, 1)


@given(st.integers(1, 20_000), st.integers(1, 20_000), st.floats(0.2, 5))
def test_a_canvas_fits_and_keeps_proportions(height, width, aspect):
    canvas = canvas_for(height, width, aspect=aspect)
    assert max(canvas.height, canvas.width) <= 1200 + 6  # a reduced raster may end in a part of a wide pixel
    if min(canvas.height, canvas.width) > 50:
        assert canvas.width / canvas.height == pytest.approx(width * aspect / height, rel=0.06)


def test_no_aspect_no_canvas():
    with pytest.raises(InputError, match="aspect"):
        canvas_for(3, 3, aspect=float("nan"))


def test_the_line_follows_pixel_edges():
    one = np.zeros((3, 3), np.uint8)
    one[1, 1] = 1
    shows = draw_codes(one, Canvas(30, 30, 1, 10))
    cell = shows[10:20, 10:20]
    assert (cell[0] == EDGE).all()
    assert (cell[-1] == EDGE).all()
    assert (cell[:, [0, -1]] == EDGE).all()
    assert (cell[1:-1, 1:-1] == FILL).all()
    outside = shows.copy()
    outside[10:20, 10:20] = CLEAR
    assert set(np.unique(outside)) <= {CLEAR, CASING}


def test_a_wider_line_gets_a_casing_of_one_pixel_outside():
    half = np.zeros((3, 4), np.uint8)
    half[:, :2] = 1
    canvas = canvas_for(3, 4)
    shows = draw_codes(half, canvas)
    middle = canvas.width // 2
    row = shows[canvas.height // 2]
    assert (row[middle - 3 : middle] == EDGE).all()
    assert row[middle - 4] == FILL
    assert row[middle] == CASING
    assert (row[middle + 1 :] == CLEAR).all()


@given(codes)
def test_what_is_drawn_is_what_the_mask_says(array):
    canvas = canvas_for(*array.shape, limit_px=90)
    shows = draw_codes(array, canvas)
    whole = np.kron(array, np.ones((canvas.cell_px, canvas.cell_px), np.uint8))
    assert (np.isin(shows, [FILL, EDGE]) == (whole == 1)).all()
    assert (np.isin(shows, [UNSEEN, LINE]) == (whole == 255)).all()
    assert (np.isin(shows, [CLEAR, CASING]) == (whole == 0)).all()


def test_image_and_cloud_borders_get_no_line():
    array = np.ones((4, 4), np.uint8)
    array[:, 3] = 255
    assert set(np.unique(draw_codes(array, canvas_for(4, 4)))) == {FILL, UNSEEN, LINE}


def test_narrow_pixels_are_drawn_narrow():
    shows = draw_codes(np.array([[0, 1], [0, 0]], np.uint8), canvas_for(2, 2, aspect=0.5))
    assert shows.shape == (1200, 600)
    assert np.isin(shows[:600, 300:], [FILL, EDGE]).all()


def test_the_overlay_is_see_through_outside():
    array = np.array([[0, 1], [255, 0]], np.uint8)
    shown = np.asarray(Image.open(BytesIO(overlay_png(array, WATER, limit_px=80))).convert("RGBA"))
    assert shown.shape == (80, 80, 4)
    assert shown[5, 5].tolist() == [0, 0, 0, 0]
    assert shown[20, 60].tolist() == [*WATER, overlay_colours(WATER)[FILL][3]]
    assert shown[39, 60].tolist() == [*WATER, 255]
    assert {tuple(c) for c in shown[41:, :39].reshape(-1, 4)} == {(*UNOBSERVED, 255), (*HATCH, 255)}
    assert overlay_png(array, WATER) == overlay_png(array.copy(), WATER)


def test_a_picture_is_see_through_where_nothing_was_seen():
    rgb = np.full((2, 2, 3), 9, np.uint8)
    assert picture_pixels(rgb, np.ones((2, 2), bool)).shape == (2, 2, 3)
    partly = picture_pixels(rgb, np.eye(2, dtype=bool))
    assert partly[..., 3].tolist() == [[255, 0], [0, 255]]
    assert partly[0, 1].tolist() == [0, 0, 0, 0]


def test_composing_blends_fill_and_keeps_the_rest():
    rgb = np.full((2, 2, 3), 200, np.uint8)
    array = np.array([[1, 1], [0, 0]], np.uint8)
    shown = compose(rgb, np.array([[True, True], [True, False]]), array, (0, 0, 0), limit_px=100)
    assert shown[10, 10].tolist() == [round(200 * (1 - overlay_colours(WATER)[FILL][3] / 255))] * 3
    assert shown[49, 10].tolist() == [0, 0, 0]
    assert shown[90, 10].tolist() == [200] * 3
    assert {tuple(c) for c in shown[60:, 60:].reshape(-1, 3)} == {UNOBSERVED, HATCH}
    with pytest.raises(InputError, match="differ in shape"):
        compose(rgb, np.ones((2, 2), bool), array[:1], WATER)
