import numpy as np

from terrascope_sdk.measure.subject import subject_of, subject_of_change, subject_of_pair
from tests.measure.discs import mask_of


def test_words_for_masks_with_and_without_labels():
    bare = mask_of(np.eye(2) > 0, label="", date=None, sensor="")
    water, tree = mask_of(np.eye(2) > 0), mask_of(np.eye(2) > 0, label="tree", sensor="sar")
    assert subject_of(bare) == "mask"
    assert subject_of(tree) == "tree, 2019-09-18, sar"
    assert subject_of_pair(water, tree) == "water, 2019-09-18, optical and tree, 2019-09-18, sar"
    assert subject_of_change(bare, bare) == "mask"
    assert subject_of_change(water, tree) == "water to tree, 2019-09-18 to 2019-09-18, optical to sar"
