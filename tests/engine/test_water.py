from dataclasses import replace

import numpy as np
import pytest

from terrascope_sdk.engine.indices import IndexReasoner
from terrascope_sdk.errors import GroundingError
from tests.engine.painting import BANDS, grounded, optical, share_of

REASONER = IndexReasoner()
NO_SWIR = ("blue", "green", "red", "nir")


def water(stack, when=0):
    return grounded(REASONER, stack, "water", when=when)[-1]


@pytest.mark.parametrize("bands", [BANDS, NO_SWIR, ("green", "swir16"), ("green", "nir")])
@pytest.mark.parametrize("quantity", ["surface_reflectance", "toa_reflectance"])
@pytest.mark.parametrize("share", [0.05, 0.4])
def test_a_lake_is_found_by_otsu_between_two_modes(bands, quantity, share):
    stack = optical({"water": share, "forest": 1 - share}, bands=bands, quantity=quantity)
    last = water(stack)
    assert share_of(last.mask) == pytest.approx(share, abs=0.001)
    assert last.mask.score > 0.8
    assert last.mask.label == "water"
    assert "Otsu" in last.reference


def test_the_index_is_mndwi_where_there_is_shortwave_infrared():
    assert "MNDWI = (green - swir16)" in grounded(REASONER, optical({"water": 0.3, "soil": 0.7}), "water")[0].text
    stack = optical({"water": 0.3, "soil": 0.7}, bands=NO_SWIR)
    assert "NDWI = (green - nir)" in grounded(REASONER, stack, "water")[0].text


@pytest.mark.parametrize("bands", [BANDS, NO_SWIR])
@pytest.mark.parametrize("share", [0.0, 0.005, 1.0])
def test_without_two_modes_reflectance_takes_the_published_threshold(bands, share):
    stack = optical({"water": share, "forest": 1 - share} if share else {"forest": 1.0}, bands=bands, size_px=200)
    _, choice, last = grounded(REASONER, stack, "water")
    assert "published threshold 0" in choice.text
    assert share_of(last.mask) == pytest.approx(share, abs=2e-3)
    assert last.mask.score is None
    assert "Otsu" not in last.reference
    assert last.text.startswith("Open water is absent: there is no place where") == (share == 0)


@pytest.mark.parametrize("bands", [BANDS, NO_SWIR])
@pytest.mark.parametrize("covers", [("forest", "soil"), ("meadow", "soil"), ("meadow", "forest"), ("roof", "soil")])
def test_two_land_covers_are_never_split_into_water(covers, bands):
    stack = optical({covers[0]: 0.5, covers[1]: 0.5}, bands=bands)
    _, choice, last = grounded(REASONER, stack, "water")
    assert not last.mask.pixels.any()
    assert last.mask.valid.all()
    assert "absent" in last.text
    assert "published threshold 0" in choice.text


def test_two_land_covers_drier_than_zero_are_not_split_by_one_index_alone():
    stack = optical({"soil": 0.5, "roof": 0.5}, bands=("green", "swir16"))
    _, choice, last = grounded(REASONER, stack, "water")
    assert "on one side of 0" in choice.text
    assert not last.mask.pixels.any()


def test_clear_and_muddy_water_are_both_water():
    stack = optical({"water": 0.5, "muddy": 0.5}, bands=("green", "swir16"), noise=0.002)
    _, choice, last = grounded(REASONER, stack, "water")
    assert share_of(last.mask) == 1
    assert last.mask.score is None
    assert "published threshold 0" in choice.text


def test_bright_roofs_are_not_water_though_they_raise_ndwi():
    stack = optical({"water": 0.1, "roof": 0.2, "forest": 0.7}, bands=NO_SWIR)
    ndwi_of_roof = (0.24 - 0.23) / (0.24 + 0.23)
    assert ndwi_of_roof > 0
    assert share_of(water(stack).mask) == pytest.approx(0.1, abs=0.001)


def test_snow_is_not_water_and_muddy_water_is_not_snow():
    stack = optical({"snow": 0.3, "muddy": 0.2, "forest": 0.5}, noise=0.002)
    mask = water(stack).mask
    assert not mask.pixels[:30].any()
    assert mask.pixels[30:50].all()
    assert not mask.pixels[50:].any()


def test_shade_on_plants_is_not_water():
    stack = optical({"forest": 1.0}, noise=0.0)
    pixels = stack.optical.pixels * np.float32(0.05)
    pixels[:, 1] = 0.012  # skylight: blue and green survive in shade
    stack = replace(stack, optical=replace(stack.optical, pixels=pixels))
    assert (0.012 - 0.0075) / (0.012 + 0.0075) > 0  # MNDWI alone would say water
    assert not water(stack).mask.pixels.any()


def test_unobserved_and_undefined_pixels_are_not_valid():
    stack = optical({"water": 0.4, "forest": 0.6})
    pixels, seen = stack.optical.pixels.copy(), np.ones_like(stack.optical.valid)
    seen[:, 10:20] = False
    pixels[:, :, 0, 0] = 0.0
    mask = water(replace(stack, optical=replace(stack.optical, pixels=pixels, valid=seen))).mask
    assert not mask.valid[10:20].any()
    assert not mask.valid[0, 0]
    assert mask.valid.sum() == 9000 - 1


def test_an_index_that_is_defined_nowhere_is_undecided():
    stack = optical({"water": 1.0}, noise=0.0)
    stack = replace(stack, optical=replace(stack.optical, pixels=np.zeros_like(stack.optical.pixels)))
    with pytest.raises(GroundingError, match="defined on no pixel"):
        water(stack)


# ------------------------------------------------------------------------------------------------- display values


@pytest.mark.parametrize("bands", [BANDS, NO_SWIR])
@pytest.mark.parametrize("share", [0.05, 0.5])
def test_display_values_take_otsu_where_the_wet_mode_is_dark(bands, share):
    stack = optical({"water": share, "forest": 1 - share}, bands=bands, quantity="display")
    _, choice, last = grounded(REASONER, stack, "water")
    assert share_of(last.mask) == pytest.approx(share, abs=0.002)
    assert "display values" in choice.text
    assert "of the rest" in choice.text


@pytest.mark.parametrize("shares", [{"forest": 1.0}, {"water": 1.0}, {"water": 0.004, "forest": 0.996}])
def test_a_fixed_threshold_is_refused_on_display_values(shares):
    stack = optical(shares, quantity="display", size_px=250)
    with pytest.raises(GroundingError, match=r"Undecided: These are display values.*published threshold.*not hold"):
        water(stack)


@pytest.mark.parametrize(
    ("covers", "bands"),
    [
        (("forest", "soil"), BANDS),
        (("forest", "soil"), NO_SWIR),
        (("roof", "forest"), NO_SWIR),
        (("char", "forest"), NO_SWIR),
    ],
)
def test_two_land_covers_in_display_values_are_undecided(covers, bands):
    stack = optical({covers[0]: 0.5, covers[1]: 0.5}, bands=bands, quantity="display")
    with pytest.raises(GroundingError, match="as bright as the rest"):
        water(stack)


def test_the_guard_on_display_values_does_not_depend_on_the_stretch_of_each_band():
    stack = optical({"water": 0.3, "forest": 0.7}, noise=0.002)
    gain = np.array([3.0, 4.0, 6.0, 1.5, 2.0, 5.0], np.float32)[None, :, None, None]
    stretched = replace(stack.optical, pixels=np.clip(stack.optical.pixels * gain, 0, 1), quantity="display")
    assert share_of(water(replace(stack, optical=stretched)).mask) == pytest.approx(0.3, abs=0.001)
