import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from terrascope_sdk.render.shrink import reduction, shrink_codes, shrink_rgb

shapes = hnp.array_shapes(min_dims=2, max_dims=2, max_side=17)
codes = hnp.arrays(np.uint8, shapes, elements=st.sampled_from([0, 1, 255]))


def test_the_smallest_whole_number_that_fits():
    assert [reduction(h, 10, limit_px=1200) for h in (1, 1200, 1201, 2400, 10980)] == [1, 1, 2, 2, 10]


@given(codes, st.integers(1, 5))
def test_sizes_and_codes(array, factor):
    small = shrink_codes(array, factor)
    assert small.shape == tuple(-(-n // factor) for n in array.shape)
    assert set(np.unique(small)) <= {0, 1, 255}
    for code in (0, 1, 255):
        if (array == code).all():
            assert (small == code).all()


def test_half_decides():
    array = np.array([[1, 1, 0, 1, 255, 255, 255, 255], [0, 0, 0, 0, 255, 1, 0, 1]], np.uint8)
    assert shrink_codes(array, 2).tolist() == [[1, 0, 255, 1]]  # half observed, half of that inside


@given(codes, st.integers(2, 4))
def test_a_turned_raster_gives_a_turned_drawing(array, factor):
    whole = array[: array.shape[0] // factor * factor, : array.shape[1] // factor * factor]
    if whole.size:
        assert (shrink_codes(np.rot90(whole, 2), factor) == np.rot90(shrink_codes(whole, factor), 2)).all()


def test_a_picture_is_averaged_over_what_was_seen():
    rgb = np.zeros((2, 4, 3), np.uint8)
    rgb[0, 0], rgb[0, 1], rgb[:, 2:] = 100, 200, 50
    valid = np.array([[True, True, False, False], [False, False, False, True]])
    small, seen = shrink_rgb(rgb, valid, 2)
    assert small[0, 0].tolist() == [150] * 3
    assert seen.tolist() == [[True, False]]
