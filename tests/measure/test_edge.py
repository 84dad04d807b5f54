import numpy as np
import pytest
from hypothesis import given
from scipy import ndimage

from terrascope_sdk.errors import InputError
from terrascope_sdk.measure.choice import require_choice
from terrascope_sdk.measure.edge import edge_belt, grown, moved_edges
from tests.measure.discs import mask_of, masks, pixel_arrays


@given(pixel_arrays())
def test_grown_is_binary_dilation(pixels):
    for neighbours, rank in ((4, 1), (8, 2)):
        expected = ndimage.binary_dilation(pixels, ndimage.generate_binary_structure(2, rank))
        np.testing.assert_array_equal(grown(pixels, neighbours=neighbours), expected)


@given(masks())
def test_inner_in_mask_in_outer_in_observed(mask):
    for neighbours in (4, 8):
        inner, outer = moved_edges(mask, neighbours=neighbours)
        assert not (inner & ~mask.pixels).any()
        assert not (mask.pixels & ~outer).any()
        assert not (outer & ~mask.valid).any()


@given(masks(all_valid=True))
def test_shrinking_is_growing_the_outside(mask):
    inner, _ = moved_edges(mask)
    _, outer_of_complement = moved_edges(mask.complement())
    np.testing.assert_array_equal(inner, ~outer_of_complement)


def test_the_belt_has_both_sides_of_the_edge():
    half = np.zeros((4, 6), bool)
    half[:, :3] = True
    expected = np.zeros((4, 6), bool)
    expected[:, 2:4] = True
    np.testing.assert_array_equal(edge_belt(mask_of(half)), expected)


def test_an_unknown_option_names_the_known_ones():
    with pytest.raises(InputError, match=r"neighbours is 6.*4, 8"):
        require_choice("neighbours", 6, (4, 8))
