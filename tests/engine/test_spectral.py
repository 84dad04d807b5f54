import numpy as np
import pytest

from terrascope_sdk.engine.spectral import MNDWI, NBR, NDBI, NDSI, NDVI, NDWI, normalized_difference
from terrascope_sdk.errors import InputError
from tests.engine.painting import optical


def test_a_normalised_difference_by_hand():
    a, b = np.float32([[0.3, 0.1], [0.2, 0.0]]), np.float32([[0.1, 0.3], [0.2, 0.5]])
    assert np.allclose(normalized_difference(a, b), [[0.5, -0.5], [0.0, -1.0]])


def test_it_is_undefined_where_the_sum_is_not_above_zero_and_warns_of_nothing():
    a = np.float32([[0.0, 1e-5, 0.02, np.nan, 0.3]])
    b = np.float32([[0.0, 1e-5, -0.03, 0.3, np.nan]])
    assert np.isnan(normalized_difference(a, b)).all()


def test_a_band_a_little_below_zero_counts_as_zero():
    made = normalized_difference(np.float32([[0.03, -0.01]]), np.float32([[-0.01, 0.03]]))
    assert made.tolist() == [[1.0, -1.0]]


def test_it_is_float32_and_does_not_change_its_input():
    a, b = np.full((2, 2), 0.4, np.float32), np.full((2, 2), 0.2, np.float32)
    assert normalized_difference(a, b).dtype == np.float32
    assert (a == np.float32(0.4)).all()
    assert (b == np.float32(0.2)).all()


@pytest.mark.parametrize(
    ("index", "expected"),
    [  # by hand from the spectrum of the meadow: green 0.08, red 0.06, nir 0.40, swir16 0.24, swir22 0.12
        (NDVI, (0.40 - 0.06) / 0.46),
        (NDWI, (0.08 - 0.40) / 0.48),
        (MNDWI, (0.08 - 0.24) / 0.32),
        (NDSI, (0.08 - 0.24) / 0.32),
        (NBR, (0.40 - 0.12) / 0.52),
        (NDBI, (0.24 - 0.40) / 0.64),
    ],
)
def test_each_index_takes_its_own_bands(index, expected):
    series = optical({"meadow": 1.0}, noise=0.0, size_px=4).optical
    assert np.allclose(index.of(series, 0), expected, atol=1e-6)
    assert index.fits(series)
    assert index.name in index.formula
    assert index.reference


def test_a_missing_band_is_named():
    series = optical({"meadow": 1.0}, bands=("red", "green"), size_px=4).optical
    assert not NDVI.fits(series)
    with pytest.raises(InputError, match="'nir'"):
        NDVI.of(series, 0)
