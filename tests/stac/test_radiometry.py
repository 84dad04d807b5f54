import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from terrascope_sdk.errors import InputError
from terrascope_sdk.stac.quality import clouded_by
from terrascope_sdk.stac.radiometry import to_decibel, to_reflectance


def test_scale_and_offset_are_applied_once_and_extremes_are_kept():
    codes = np.array([0, 900, 1000, 11000, 15000], np.uint16)
    got = to_reflectance(codes, nodata=0, scale=1e-4, offset=-0.1)
    assert np.isnan(got[0])
    assert got[1:] == pytest.approx([-0.01, 0.0, 1.0, 1.4], abs=1e-6)
    assert got.dtype == np.float32


def test_without_nodata_zero_is_a_value():
    assert to_reflectance(np.array([0], np.uint8), nodata=None)[0] == 0


@pytest.mark.parametrize(
    ("encoding", "codes", "decibel"),
    [
        ("linear_power", [1.0, 0.1, 0.01], [0, -10, -20]),
        ("db", [-5.0, -12.5], [-5, -12.5]),
        ("amplitude_code", [14125.375, 1412.5375], [0, -20]),
    ],
)
def test_backscatter_becomes_decibels(encoding, codes, decibel):
    assert to_decibel(np.array(codes), encoding=encoding, nodata=None) == pytest.approx(decibel, abs=1e-3)


def test_no_power_has_no_decibel():
    got = to_decibel(np.array([0.0, -1e-5, np.nan, 1.0]), encoding="linear_power", nodata=None)
    assert np.isnan(got[:3]).all()
    assert got[3] == 0


def test_complex_pixels_and_unknown_encodings_are_refused():
    with pytest.raises(InputError, match="complex"):
        to_decibel(np.array([1j]), encoding="db", nodata=None)
    with pytest.raises(InputError, match="encoding"):
        to_decibel(np.array([1.0]), encoding="beta0", nodata=None)


@given(st.floats(1e-6, 1e3))
def test_decibels_and_power_are_inverse(power):
    back = 10 ** (to_decibel(np.array([power]), encoding="linear_power", nodata=None)[0].astype(float) / 10)
    assert back == pytest.approx(power, rel=1e-5)


def test_scene_classes_that_hide_the_ground():
    clouded, missing = clouded_by("scl", np.arange(12, dtype=np.uint8))
    assert np.flatnonzero(clouded).tolist() == [3, 8, 9, 10]
    assert np.flatnonzero(missing).tolist() == [0, 1]
    assert clouded_by("cloud", np.array([0, 1, 255]))[0].tolist() == [False, True, False]
    with pytest.raises(InputError, match="not known"):
        clouded_by("mystery", np.zeros(1))


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16, np.int16, np.float32])
def test_many_codes_are_converted_as_few_are(dtype):
    codes = np.random.default_rng(0).integers(0, 120, (300, 301)).astype(dtype)
    whole = to_reflectance(codes, nodata=7, scale=1e-4, offset=-0.1)
    alone = np.array([to_reflectance(row, nodata=7, scale=1e-4, offset=-0.1) for row in codes])
    assert np.array_equal(whole, alone, equal_nan=True)
    assert np.isnan(whole).sum() == (codes == 7).sum()
    into = np.zeros((4, 300, 301), np.float32)
    to_decibel(codes, encoding="linear_power", nodata=7, out=into[2])
    rows = np.array([to_decibel(row, encoding="linear_power", nodata=7) for row in codes])
    assert np.array_equal(into[2], rows, equal_nan=True)
    assert not into[[0, 1, 3]].any()
