import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import ndimage

from terrascope_sdk.errors import InputError, UndefinedMeasurement
from terrascope_sdk.stac.quality import (
    cloud_edge_m,
    clouded_by,
    dilated,
    observed_frac,
    quality_bands,
    sar_border,
)

HIDDEN, MISSING, SEEN = (True, False), (False, True), (False, False)

QA_PIXEL = {
    0: MISSING,  # fill
    1: HIDDEN,  # dilated cloud
    2: HIDDEN,  # cirrus
    3: HIDDEN,  # cloud
    4: HIDDEN,  # cloud shadow
    5: SEEN,  # snow
    6: SEEN,  # clear
    7: SEEN,  # water
} | dict.fromkeys(range(8, 16), SEEN)  # confidences say nothing beyond the flags

FMASK = {
    0: HIDDEN,  # cirrus, reserved
    1: HIDDEN,  # cloud
    2: HIDDEN,  # adjacent to cloud or shadow
    3: HIDDEN,  # shadow
    4: SEEN,  # snow and ice
    5: SEEN,  # water
    6: SEEN,  # aerosol
    7: SEEN,
}

SCL = {
    0: MISSING, 1: MISSING, 2: SEEN, 3: HIDDEN, 4: SEEN, 5: SEEN, 6: SEEN, 7: SEEN, 8: HIDDEN, 9: HIDDEN, 10: HIDDEN,
    11: SEEN,  # snow
}  # fmt: skip


def said(name, code, dtype):
    clouded, missing = clouded_by(name, np.array([[code]], dtype))
    return bool(clouded[0, 0]), bool(missing[0, 0])


@pytest.mark.parametrize(("bit", "expected"), QA_PIXEL.items())
def test_every_bit_of_the_landsat_flags(bit, expected):
    assert said("qa_pixel", 1 << bit, np.uint16) == expected


@pytest.mark.parametrize(("bit", "expected"), FMASK.items())
def test_every_bit_of_the_hls_flags(bit, expected):
    assert said("fmask", 1 << bit, np.uint8) == expected


@pytest.mark.parametrize(("code", "expected"), SCL.items())
def test_every_class_of_the_sentinel_2_scene(code, expected):
    assert said("scl", code, np.uint8) == expected


def test_the_cloud_flag():
    assert said("cloud", 0, np.uint8) == SEEN
    assert said("cloud", 1, np.uint8) == HIDDEN


@pytest.mark.parametrize(
    ("code", "expected"),
    [(21824, SEEN), (21952, SEEN), (22280, HIDDEN), (23888, HIDDEN), (30048, SEEN), (54596, HIDDEN), (1, MISSING)],
)
def test_landsat_8_codes_as_they_occur(code, expected):
    """Clear land, clear water, cloud, shadow, snow, cirrus, fill: values listed by the USGS."""
    assert said("qa_pixel", code, np.uint16) == expected


@given(st.integers(0, 2**16 - 1))
def test_a_code_is_the_sum_of_its_bits(code):
    bits = [b for b in range(16) if code >> b & 1]
    missing = 0 in bits
    hidden = not missing and any(QA_PIXEL[b] == HIDDEN for b in bits)
    assert said("qa_pixel", code, np.uint16) == (hidden, missing)


@given(st.integers(0, 255))
def test_fill_of_hls_is_no_cloud(code):
    hidden = code != 255 and any(FMASK[b] == HIDDEN for b in range(8) if code >> b & 1)
    assert said("fmask", code, np.uint8) == (hidden, code == 255)


@given(st.integers(0, 255))
def test_bytes_read_as_signed_keep_their_bits(code):
    unsigned = np.array([[code]], np.uint8)
    for name in ("fmask", "qa_pixel"):
        for one, other in zip(clouded_by(name, unsigned), clouded_by(name, unsigned.view(np.int8)), strict=True):
            np.testing.assert_array_equal(one, other)


def test_flags_that_were_averaged_are_refused():
    for name in ("qa_pixel", "fmask"):
        with pytest.raises(InputError, match=r"float32.*nearest"):
            clouded_by(name, np.zeros((2, 2), np.float32))


def test_an_unknown_band_names_the_known():
    with pytest.raises(InputError, match="qa_pixel"):
        clouded_by("bqa", np.zeros((2, 2), np.uint8))


def test_every_rule_has_its_edge():
    assert cloud_edge_m.keys() == quality_bands.keys()
    assert cloud_edge_m["qa_pixel"] == cloud_edge_m["fmask"] == 0  # their bits 1 and 2 are a dilation already


masks = arrays(bool, st.tuples(st.integers(1, 12), st.integers(1, 12)))
metres = st.floats(0, 200, allow_nan=False)
sizes = st.tuples(st.floats(5, 60), st.floats(5, 60))


@given(masks, sizes, metres)
def test_dilation_is_a_threshold_on_the_distance(clouded, gsd_m, distance_m):
    expected = clouded.copy()
    if clouded.any():
        away = ndimage.distance_transform_edt(~clouded, sampling=gsd_m)
        reach_m = distance_m + 0.02 * min(gsd_m)
        close = np.isclose(away, reach_m, rtol=1e-6)
        expected = away <= reach_m
        np.testing.assert_array_equal(dilated(clouded, gsd_m=gsd_m, distance_m=distance_m)[~close], expected[~close])
    else:
        np.testing.assert_array_equal(dilated(clouded, gsd_m=gsd_m, distance_m=distance_m), expected)


@given(masks, masks, metres, metres)
def test_dilation_only_ever_grows(one, other, near, far):
    near, far = sorted((near, far))
    first = dilated(one, gsd_m=20, distance_m=near)
    assert (one <= first).all()
    assert (first <= dilated(one, gsd_m=20, distance_m=far)).all()
    if one.shape == other.shape:
        assert (first <= dilated(one | other, gsd_m=20, distance_m=near)).all()


@given(masks)
def test_a_distance_of_nothing_changes_nothing(clouded):
    kept = clouded.copy()
    for distance_m in (0, 19.5):
        np.testing.assert_array_equal(dilated(clouded, gsd_m=20, distance_m=distance_m), kept)
    np.testing.assert_array_equal(clouded, kept)


def test_the_default_is_two_pixels_of_a_sentinel_2_scene():
    clouded = np.zeros((9, 9), bool)
    clouded[4, 4] = True
    grown = dilated(clouded, gsd_m=20)
    assert grown.sum() == 13
    assert grown[4, 2]
    assert grown[3, 3]
    assert not grown[2, 3]


@pytest.mark.parametrize("scale", [0.9996, 1.0, 1.001])
def test_two_pixels_are_two_pixels_wherever_in_a_utm_zone(scale):
    clouded = np.zeros((9, 9), bool)
    clouded[4, 4] = True
    assert dilated(clouded, gsd_m=(20 / scale, 20 / scale), distance_m=40).sum() == 13


@pytest.mark.parametrize(("gsd_m", "distance_m"), [(0, 1), (-10, 1), (np.nan, 1), (10, -1), (10, np.inf)])
def test_a_distance_that_makes_no_sense_is_an_error(gsd_m, distance_m):
    with pytest.raises(InputError):
        dilated(np.zeros((2, 2), bool), gsd_m=gsd_m, distance_m=distance_m)


def test_the_observed_share_is_of_the_area_and_by_date():
    inside = np.zeros((4, 5), bool)
    inside[:2] = True
    valid = np.ones((3, 4, 5), bool)
    valid[1, 0] = False
    valid[2, 2:] = False  # outside the area
    assert observed_frac(valid, inside).tolist() == [1.0, 0.5, 1.0]
    assert float(observed_frac(valid[1], inside)) == 0.5


@given(arrays(bool, (3, 4, 5)), arrays(bool, (4, 5)))
def test_an_observed_share_is_a_share(valid, inside):
    if not inside.any():
        with pytest.raises(UndefinedMeasurement):
            observed_frac(valid, inside)
        return
    found = observed_frac(valid, inside)
    assert ((found >= 0) & (found <= 1)).all()
    assert (found == [v[inside].mean() for v in valid]).all()


def test_observations_of_another_grid_are_an_error():
    with pytest.raises(InputError, match=r"\(2, 3, 4\)"):
        observed_frac(np.ones((2, 3, 4), bool), np.ones((4, 3), bool))


def radar(seed=1, shape=(240, 300), looks=4.4, mean_db=-9.0):
    """Return speckled land in dB."""
    power = np.random.default_rng(seed).gamma(looks, 10 ** (mean_db / 10) / looks, shape)
    return 10 * np.log10(power)


def dark(where, image, mean_db, seed=2):
    image[where] = radar(seed, image.shape, mean_db=mean_db)[where]
    return image


def frame(shape, width=12):
    rim = np.ones(shape, bool)
    rim[width:-width, width:-width] = False
    return rim


def test_a_frame_of_noise_goes_and_the_ground_stays():
    image = radar()
    rim = frame(image.shape)
    found = sar_border(dark(rim, image, -42.0))
    assert found[rim].mean() > 0.999
    assert found[~rim].mean() < 0.002


def test_the_frame_of_a_swath_that_runs_askew():
    image = radar()
    rows, columns = np.indices(image.shape)
    inwards = columns - (40 + rows // 4)
    dark(inwards < 15, image, -42.0)
    image[inwards < 0] = np.nan
    found = sar_border(image)
    noise = (inwards >= 0) & (inwards < 15)
    assert found[noise].mean() > 0.97
    assert found[inwards >= 15].mean() < 0.002
    assert not found[inwards < 0].any()


@pytest.mark.parametrize("water_db", [-24.0, -40.0])
def test_water_inside_is_never_taken(water_db):
    image = radar()
    lake = np.hypot(*(np.indices(image.shape) - np.array([[[120]], [[150]]]))) < 60
    dark(lake, image, water_db)
    assert not sar_border(image).any()
    rim = frame(image.shape)
    found = sar_border(dark(rim, image, -42.0, seed=5))
    assert found[rim].mean() > 0.999
    assert not found[lake].any()


@pytest.mark.parametrize("water_db", [-24.0, -40.0])
def test_water_that_touches_the_border_is_kept(water_db):
    image = radar()
    lake = np.hypot(*(np.indices(image.shape) - np.array([[[120]], [[0]]]))) < 60
    dark(lake, image, water_db)
    assert not sar_border(image).any()
    rim = frame(image.shape)
    found = sar_border(dark(rim, image, -42.0, seed=5))
    assert found[rim].mean() > 0.999
    assert found[lake & ~rim].mean() < 0.02  # cut at the depth of the frame beside it


def test_an_image_of_dark_water_alone_stays_whole():
    assert not sar_border(np.full((50, 60), -45.0)).any()


def test_a_sea_along_a_whole_edge_is_no_frame():
    image = radar(shape=(80, 200))
    sea = np.indices(image.shape)[1] < 90
    dark(sea, image, -42.0)
    assert sar_border(image, max_depth_px=100).any()
    assert not sar_border(image, max_depth_px=80).any()


def test_the_processor_since_2018_leaves_nothing_to_remove():
    image = radar()
    image[frame(image.shape)] = np.nan
    assert not sar_border(image).any()
    assert not sar_border(np.full((5, 5), np.nan)).any()
    assert not sar_border(np.full((5, 5), -np.inf)).any()


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 1000), st.integers(0, 3))
def test_an_image_that_is_turned_loses_the_same_pixels(seed, turns):
    image = dark(frame((60, 80), 6), radar(seed, (60, 80)), -42.0)
    np.testing.assert_array_equal(np.rot90(sar_border(image), turns), sar_border(np.rot90(image, turns)))
