import math
from datetime import UTC, datetime

import numpy as np
import pytest
from affine import Affine
from hypothesis import assume, given
from hypothesis import strategies as st

from terrascope_sdk.errors import InputError, UndefinedMeasurement
from terrascope_sdk.measure import area, change
from terrascope_sdk.types import Aoi, PixelGrid
from tests.measure.discs import disc, grid_at, mask_of, masks, small_grid

LATER = datetime(2023, 9, 12, tzinfo=UTC)


def test_a_shrinking_lake_loses_the_ring():
    grid = grid_at(9, 45, "EPSG:32632")
    before, after = disc(grid, 1500), disc(grid, 1200)
    found = change(before, after)
    ring = math.pi * (1500**2 - 1200**2)
    assert found.loss.value == pytest.approx(ring, rel=2e-3)
    assert found.gain.value == 0
    assert found.net.value == pytest.approx(-ring, rel=2e-3)
    assert found.share_changed.value == pytest.approx(1200**2 / 1500**2 - 1, rel=2e-3)
    assert found.share_changed.unit == "1"
    # one edge or the other moves by 0.90 pixels: the larger circle decides
    assert found.net.value - found.net.low == pytest.approx(2 * math.pi * 1500 * 9, rel=0.02)
    # 30 pixels wide ring, one pixel inside each of its edges lies in the belt
    assert found.registration_belt_frac == pytest.approx(2 / 30, rel=0.35)


def test_words_ids_and_masks():
    before = mask_of(np.eye(4) > 0)
    after = mask_of(np.eye(4)[::-1] > 0, date=LATER, sensor="sar")
    found = change(before, after)
    assert found.net.subject == "water, 2019-09-18 to 2023-09-12, optical to sar"
    assert found.net.mask_ids == (before.id, after.id)
    assert (found.gain_mask.label, found.loss_mask.label) == ("water gain", "water loss")
    assert found.gain_mask.date == LATER
    assert found.gain_mask.sensor == "optical+sar"
    assert any("sensors differ (optical before, sar after)" in n for n in found.notes)
    assert found.notes[0] in found.gain.notes
    assert found.measurements == (found.net, found.gain, found.loss, found.share_changed)
    assert found.to_json()["gain_mask"] == found.gain_mask.id


def test_comparable_masks_need_no_note():
    assert change(mask_of(np.eye(4) > 0), mask_of(np.eye(4) > 0, date=LATER)).notes == ()


def test_backward_dates_and_other_labels_are_said():
    a, b = mask_of(np.eye(3) > 0, date=LATER), mask_of(np.eye(3) > 0, label="tree")
    notes = " ".join(change(a, b).notes)
    assert "run backwards" in notes
    assert "water before, tree after" in notes


@given(masks(n=2))
def test_gain_and_loss_swap_with_the_dates(pair):
    a, b = pair
    assume((a.valid & b.valid).any())
    forth, back = change(a, b), change(b, a)
    assert (forth.gain.value, forth.gain.low, forth.gain.high) == (back.loss.value, back.loss.low, back.loss.high)
    assert forth.net.value == -back.net.value
    assert forth.net.low == -back.net.high
    assert forth.registration_belt_frac == back.registration_belt_frac


@given(masks(n=2))
def test_net_is_the_difference_of_areas_on_common_pixels(pair):
    a, b = pair
    common = a.valid & b.valid
    assume(common.any())
    found = change(a, b)
    expected = area(b.observed_within(common)).value - area(a.observed_within(common)).value
    assert found.net.value == pytest.approx(expected, abs=1e-9)
    assert found.net.value == pytest.approx(found.gain.value - found.loss.value, abs=1e-9)
    assert area(found.gain_mask).value == pytest.approx(found.gain.value, abs=1e-9)
    assert found.gain.observed_frac == pytest.approx(common.mean(), rel=1e-3)


def test_only_pixels_seen_on_both_dates_count():
    before = mask_of(np.zeros((2, 2), bool), valid=[[True, True], [False, True]])
    after = mask_of(np.ones((2, 2), bool), valid=[[True, False], [True, True]])
    found = change(before, after)
    assert found.gain.value == pytest.approx(200, rel=1e-3)
    assert found.gain.observed_frac == pytest.approx(0.5)
    np.testing.assert_array_equal(found.gain_mask.valid, [[True, False], [False, True]])


@given(st.integers(-1, 1), st.integers(-1, 1), st.integers(0, 2**32 - 1))
def test_a_shift_by_one_pixel_lies_wholly_in_the_belt(down, right, seed):
    assume(down or right)
    blob = np.zeros((24, 24), bool)
    blob[3:-3, 3:-3] = np.kron(np.random.default_rng(seed).random((9, 9)) < 0.5, np.ones((2, 2))) > 0
    assume(blob.any())
    found = change(mask_of(blob), mask_of(np.roll(blob, (down, right), (0, 1))))
    assert found.registration_belt_frac in (None, 1.0)


def test_a_new_lake_is_no_registration_error():
    lake = np.zeros((40, 40), bool)
    lake[5:35, 5:35] = True
    found = change(mask_of(np.zeros((40, 40), bool)), mask_of(lake))
    assert found.registration_belt_frac == pytest.approx(1 - 28**2 / 30**2)
    assert found.share_changed is None
    assert found.measurements == (found.net, found.gain, found.loss)


def test_no_change():
    found = change(mask_of(np.eye(5) > 0), mask_of(np.eye(5) > 0))
    assert (found.gain.value, found.loss.value, found.net.value) == (0, 0, 0)
    assert found.registration_belt_frac is None
    assert found.net.low < 0 < found.net.high


def test_a_relative_change_of_what_may_be_nothing_has_no_bounds():
    dot = np.zeros((5, 5), bool)
    dot[2, 2] = True
    found = change(mask_of(dot), mask_of(np.ones((5, 5), bool)))
    assert found.share_changed.value == pytest.approx(24, rel=1e-3)
    assert found.share_changed.interval == "none"


def test_inside_an_area_of_interest():
    grid = small_grid((4, 4))
    lon, lat = grid.lonlat([0, 4], [0, 2])
    aoi = Aoi.from_bbox((lon[0], lat[1], lon[1], lat[0]))
    found = change(mask_of(np.zeros((4, 4), bool), grid), mask_of(np.ones((4, 4), bool), grid), aoi=aoi)
    assert found.gain.value == pytest.approx(800, rel=1e-3)


def test_what_cannot_be_compared():
    a = mask_of(np.eye(3) > 0)
    with pytest.raises(InputError, match="different grids"):
        change(a, mask_of(np.eye(4) > 0))
    with pytest.raises(UndefinedMeasurement, match="None of the 9 pixels"):
        change(a, mask_of(np.eye(3) > 0, valid=np.zeros((3, 3), bool)))
    bare = PixelGrid(None, Affine(1, 0, 0, 0, -1, 0), 3, 3)
    with pytest.raises(UndefinedMeasurement, match="no coordinate reference system"):
        change(mask_of(np.eye(3) > 0, bare), mask_of(np.eye(3) > 0, bare))
