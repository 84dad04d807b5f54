from dataclasses import replace

import numpy as np
import pytest

from terrascope_sdk.engine.indices import IndexReasoner
from terrascope_sdk.engine.radar import speckle_filtered
from terrascope_sdk.errors import GroundingError
from terrascope_sdk.types.scene import sar_quantities
from tests.engine.painting import grounded, sar, share_of

REASONER = IndexReasoner()
LEVELS = {"water": (-20.0, -27.0), "land": (-9.0, -16.0), "field": (-11.0, -18.0), "road": (-17.0, -24.5)}


def test_averaging_powers_is_unbiased_where_averaging_decibels_is_not():
    rng = np.random.default_rng(0)
    speckle_db = (10 * np.log10(rng.gamma(1, 1, (400, 400)))).astype(np.float32)  # mean power 1, one look
    filtered = speckle_filtered(speckle_db, window_px=5)
    inner = filtered[2:-2, 2:-2].astype(float)
    assert np.mean(10 ** (inner / 10)) == pytest.approx(1, abs=0.01)
    assert speckle_db.mean() == pytest.approx(-10 * np.euler_gamma / np.log(10), abs=0.05)  # 2.5 dB too low
    assert inner.std() < speckle_db.std() / 3


def test_a_window_by_hand():
    image = np.array([[0, 10, 10], [10, 10, 10], [10, 10, 20]], np.float32)  # powers 1, 10, 100
    assert speckle_filtered(image)[1, 1] == pytest.approx(10 * np.log10((1 + 7 * 10 + 100) / 9), abs=1e-4)


def test_only_observed_pixels_count_and_the_rest_stays_unobserved():
    image = np.full((7, 7), -10, np.float32)
    image[2:4, 3] = np.nan
    filtered = speckle_filtered(image)
    assert (np.isnan(filtered) == np.isnan(image)).all()
    assert np.allclose(filtered[np.isfinite(filtered)], -10, atol=1e-4)  # borders and gaps do not darken


def test_a_flat_image_keeps_its_level_and_an_empty_one_stays_empty():
    assert np.allclose(speckle_filtered(np.full((5, 5), -23.5, np.float32)), -23.5, atol=1e-4)
    assert np.isnan(speckle_filtered(np.full((5, 5), np.nan, np.float32))).all()


@pytest.mark.parametrize("quantity", sar_quantities)
@pytest.mark.parametrize("share", [0.1, 0.3, 0.6])
def test_water_is_found_by_its_share(share, quantity):
    stack = sar({"water": share, "land": 1 - share}, levels_db=LEVELS, bright_frac=0.01, quantity=quantity)
    *texts, last = grounded(REASONER, stack, "water", "sar")
    assert share_of(last.mask) == pytest.approx(share, abs=0.02)
    assert last.mask.sensor == "sar"
    assert 0 < last.mask.score <= 1
    assert "linear power" in texts[0].text
    assert "dB" in texts[1].text
    assert "Otsu (1979)" in last.reference


@pytest.mark.parametrize("band", ["vv", "vh"])
def test_one_polarisation_is_enough(band):
    levels = {name: (pair[band == "vh"],) for name, pair in LEVELS.items()}
    stack = sar({"water": 0.3, "land": 0.7}, levels_db=levels, bands=(band,))
    assert share_of(grounded(REASONER, stack, "water", "sar")[-1].mask) == pytest.approx(0.3, abs=0.02)


def test_the_polarisation_with_the_clearer_modes_decides():
    windy = {"water": (-11.0, -27.0), "land": (-9.0, -16.0)}
    stack = sar({"water": 0.3, "land": 0.7}, levels_db=windy)
    last = grounded(REASONER, stack, "water", "sar")[-1]
    assert "VH is below" in last.text
    assert share_of(last.mask) == pytest.approx(0.3, abs=0.02)


def test_two_bright_covers_are_no_water():
    stack = sar({"land": 0.5, "field": 0.5}, levels_db={"land": (-5.0, -12.0), "field": (-13.0, -21.0)}, looks=30)
    *_, last = grounded(REASONER, stack, "water", "sar")
    assert not last.mask.pixels.any()
    assert "absent" in last.text


def test_dark_ground_without_two_modes_is_undecided():
    shares = {"a": 0.2, "b": 0.2, "c": 0.2, "d": 0.2, "e": 0.2}
    levels = {name: (-8.0 - 2.0 * i, -15.0 - 2.0 * i) for i, name in enumerate(shares)}
    with pytest.raises(GroundingError, match="connected pixels are dark"):
        grounded(REASONER, sar(shares, levels_db=levels), "water", "sar")


def test_no_dark_ground_is_absence():
    stack = sar({"field": 0.5, "land": 0.5}, levels_db=LEVELS, bright_frac=0.03)
    *_, last = grounded(REASONER, stack, "water", "sar")
    assert not last.mask.pixels.any()
    assert last.mask.valid.all()
    assert last.mask.score is None
    assert "absent" in last.text
    assert "wind" in last.text


def test_unobserved_pixels_stay_unobserved():
    stack = sar({"water": 0.4, "land": 0.6}, levels_db=LEVELS)
    seen = np.ones_like(stack.sar.valid)
    seen[:, :, :40] = False
    stack = replace(stack, sar=replace(stack.sar, valid=seen))
    mask = grounded(REASONER, stack, "water", "sar")[-1].mask
    assert (mask.valid == seen[0]).all()
    assert not mask.pixels[:, :40].any()
    assert share_of(mask) == pytest.approx(0.4, abs=0.03)
