import numpy as np
import pytest

from terrascope_sdk.evaluate.masks.place_dates import bundled_label, load_place
from terrascope_sdk.evaluate.masks.splits import SPLITS


@pytest.mark.parametrize("place", sorted(SPLITS))
def test_parts_do_not_meet_and_lie_inside(place):
    split = SPLITS[place]
    train, test = split.train.mask(split.shape), split.test.mask(split.shape)
    assert not (train & test).any()
    for part, window in ((train, split.train), (test, split.test)):
        assert part.sum() == (window.bottom - window.top) * (window.right - window.left)
        assert part.mean() > 0.25
    rows = max(split.train.top, split.test.top) - min(split.train.bottom, split.test.bottom)
    columns = max(split.train.left, split.test.left) - min(split.train.right, split.test.right)
    assert max(rows, columns) >= 10


@pytest.mark.parametrize("place", sorted(SPLITS))
def test_a_split_is_of_the_bundled_scene(place):
    assert load_place(place).grid.shape == SPLITS[place].shape


def test_both_parts_of_slovenia_hold_every_class_that_is_scored():
    codes = bundled_label("slovenia", "lulc")
    for window in (SPLITS["slovenia"].train, SPLITS["slovenia"].test):
        assert {2, 3, 4, 8} <= set(np.unique(codes[window.mask(codes.shape)]).tolist())
