from dataclasses import replace

import numpy as np
import pytest

from terrascope_sdk.engine.indices import IndexReasoner
from terrascope_sdk.engine.vegetation import HALF_COVER
from terrascope_sdk.errors import GroundingError
from tests.engine.painting import grounded, optical, share_of

REASONER = IndexReasoner()


def test_half_cover_is_where_the_scaled_ndvi_squared_is_a_half():
    cover = ((HALF_COVER - 0.2) / 0.3) ** 2
    assert cover == pytest.approx(0.5)


@pytest.mark.parametrize("quantity", ["surface_reflectance", "toa_reflectance"])
def test_all_green_plants_are_vegetation_whichever_way_the_histogram_lies(quantity):
    stack = optical({"forest": 0.3, "meadow": 0.3, "soil": 0.3, "water": 0.1}, quantity=quantity)
    last = grounded(REASONER, stack, "vegetation")[-1]
    assert share_of(last.mask) == pytest.approx(0.6, abs=0.001)
    assert ("Haze" in last.text) == (quantity == "toa_reflectance")
    whole = grounded(REASONER, optical({"forest": 0.5, "meadow": 0.5}, quantity=quantity), "vegetation")[-1]
    assert share_of(whole.mask) == 1


def test_no_plants_is_absence():
    last = grounded(REASONER, optical({"soil": 0.8, "water": 0.2}), "vegetation")[-1]
    assert not last.mask.pixels.any()
    assert "absent" in last.text


def test_display_values_show_plants_against_bare_ground():
    stack = optical({"forest": 0.6, "soil": 0.4}, quantity="display", noise=0.003)
    last = grounded(REASONER, stack, "vegetation")[-1]
    assert share_of(last.mask) == pytest.approx(0.6, abs=0.005)
    assert last.mask.score > 0.8


def test_display_values_of_two_kinds_of_plants_are_undecided():
    stack = optical({"forest": 0.5, "meadow": 0.5}, quantity="display", noise=0.001)
    with pytest.raises(GroundingError, match="two kinds of plants"):
        grounded(REASONER, stack, "vegetation")


@pytest.mark.parametrize("noise", [0.0, 0.003])
def test_display_values_of_one_cover_are_undecided(noise):
    stack = optical({"meadow": 1.0}, quantity="display", noise=noise)
    with pytest.raises(GroundingError, match="published thresholds of NDVI do not hold"):
        grounded(REASONER, stack, "vegetation")


# ----------------------------------------------------------------------------------------------------------- snow


def test_snow_is_white_and_water_however_muddy_is_not():
    stack = optical({"snow": 0.25, "water": 0.25, "muddy": 0.25, "forest": 0.25}, noise=0.002)
    mask = grounded(REASONER, stack, "snow")[-1].mask
    assert mask.pixels[:25].all()
    assert not mask.pixels[25:].any()


def test_no_snow_is_absence():
    assert "absent" in grounded(REASONER, optical({"soil": 0.5, "roof": 0.5}), "snow")[-1].text


# ----------------------------------------------------------------------------------------------------------- fire

BEFORE = {"forest": 0.5, "soil": 0.2, "water": 0.3}
AFTER = {"char": 0.5, "soil": 0.2, "water": 0.3}


def test_a_burn_scar_is_the_fall_of_nbr_between_two_dates():
    stack = optical(BEFORE, AFTER)
    first, _, last = grounded(REASONER, stack, "burned", when=1, before=0)
    assert last.mask.pixels[:50].all()
    assert not last.mask.pixels[50:].any()
    assert last.mask.date == stack.optical.acquired[1]
    assert "since 2021-07-01" in first.text
    assert "Key and Benson" in last.reference


def test_nothing_burned_is_absence_and_regrowth_is_no_fire():
    assert "absent" in grounded(REASONER, optical(BEFORE, BEFORE), "burned", when=1, before=0)[-1].text
    assert "absent" in grounded(REASONER, optical(AFTER, BEFORE), "burned", when=1, before=0)[-1].text


def test_water_is_no_fire_whatever_its_nbr():
    noisy = optical({"water": 1.0}, {"water": 1.0}, noise=0.006)
    assert not grounded(REASONER, noisy, "burned", when=1, before=0)[-1].mask.pixels.any()


def test_a_burn_scar_is_known_only_where_both_dates_saw_the_ground():
    stack = optical({"forest": 0.5, "soil": 0.5}, {"char": 0.5, "soil": 0.5})
    seen = np.ones_like(stack.optical.valid)
    seen[0, :, :30] = False
    seen[1, :, 90:] = False
    stack = replace(stack, optical=replace(stack.optical, valid=seen))
    mask = grounded(REASONER, stack, "burned", when=1, before=0)[-1].mask
    assert (mask.valid == seen.all(axis=0)).all()
    assert mask.pixels.sum() == 50 * 60


def test_two_dates_that_never_saw_the_same_ground_are_undecided():
    stack = optical(BEFORE, AFTER)
    seen = np.ones_like(stack.optical.valid)
    seen[0, :50] = False
    seen[1, 50:] = False
    with pytest.raises(GroundingError, match="on no pixel"):
        grounded(REASONER, replace(stack, optical=replace(stack.optical, valid=seen)), "burned", when=1, before=0)


def test_without_green_water_is_not_left_out_and_the_rule_does_not_say_so():
    stack = optical(BEFORE, AFTER, bands=("nir", "swir22"))
    last = grounded(REASONER, stack, "burned", when=1, before=0)[-1]
    assert "water" not in last.method
    assert last.mask.pixels[:50].all()
