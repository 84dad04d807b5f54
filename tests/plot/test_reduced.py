"""Reduced class maps are true to area, and never show as a class what nobody saw."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from terrascope_sdk.plot.reduced import reduce_classes, reduce_codes
from terrascope_sdk.render.shrink import shrink_codes

MAPS = arrays(
    np.uint8,
    st.tuples(st.integers(1, 40), st.integers(1, 40)),
    elements=st.sampled_from([0, 1, 2, 3, 255]),
)


@given(MAPS, st.integers(1, 7))
def test_every_class_keeps_its_share_to_one_drawn_pixel(classes, factor):
    drawn = reduce_classes(classes, factor)
    assert drawn.shape == tuple(-(-n // factor) for n in classes.shape)
    for code in np.unique(classes):
        assert abs((drawn == code).mean() - (classes == code).mean()) <= 1 / drawn.size + 1e-12
    assert set(np.unique(drawn)) <= set(np.unique(classes))


@st.composite
def maps_with_blank_blocks(draw):
    """Return a class map, its factor, and which of its equal blocks nobody saw."""
    factor, rows, columns = draw(st.integers(2, 3)), draw(st.integers(1, 3)), draw(st.integers(2, 6))
    codes = st.sampled_from([0, 1, 2])
    classes = draw(arrays(np.uint8, (rows * factor, columns * factor), elements=codes))
    blank = draw(arrays(bool, (rows, columns)))
    classes[np.kron(blank, np.ones((factor, factor), bool))] = 255
    return classes, factor, blank


@given(maps_with_blank_blocks())
def test_a_block_that_nobody_saw_stays_unseen_and_no_other_becomes_so(made):
    classes, factor, blank = made
    assert np.array_equal(reduce_classes(classes, factor) == 255, blank)


def test_what_nobody_saw_is_placed_before_any_class():
    classes = np.array([[3, 0, 1, 3, 1, 1, 255, 255, 0, 0], [0, 0, 3, 1, 0, 0, 255, 255, 3, 0]], np.uint8)
    # three classes share the other blocks: by frequency, one of them would be left with the blank block
    assert np.array_equal(reduce_classes(classes, 2)[0] == 255, [False, False, False, True, False])


def test_a_thin_river_stays_where_a_majority_rule_loses_it():
    codes = np.zeros((300, 300), np.uint8)
    codes[:, 150] = 1
    assert (shrink_codes(codes, 5) == 1).sum() == 0
    drawn = reduce_classes(codes, 5)
    assert (drawn == 1).sum() == 12  # 300 pixels of 25 a block
    assert set(np.nonzero(drawn == 1)[1]) == {30}


def test_pure_blocks_keep_their_class_in_their_place():
    rng = np.random.default_rng(3)
    coarse = rng.choice(np.array([0, 1, 2, 3, 255], np.uint8), (20, 30))
    assert np.array_equal(reduce_classes(np.kron(coarse, np.ones((4, 4), np.uint8)), 4), coarse)


def test_ties_are_spread_over_the_map():
    codes = np.zeros((80, 80), np.uint8)
    codes[::2, ::2] = 1  # a quarter of every block
    rows = np.nonzero(reduce_classes(codes, 4) == 1)[0]
    assert len(rows) == 100
    assert abs(rows.mean() - 9.5) < 2


@pytest.mark.parametrize(("shape", "drawn"), [((10, 10), (10, 10)), ((100, 30), (50, 15)), ((101, 30), (34, 10))])
def test_maps_are_reduced_until_they_fit(shape, drawn):
    assert reduce_codes(np.zeros(shape, np.uint8), 50).shape == drawn
