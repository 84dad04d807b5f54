from datetime import UTC, datetime

import numpy as np
import pytest

from terrascope_sdk.engine.dated_words import with_date_names
from terrascope_sdk.engine.moments import Moment, moments_of
from terrascope_sdk.engine.preparing import prepare, why_unusable
from terrascope_sdk.engine.scribe import Scribe
from terrascope_sdk.engine.telling import claim_of
from terrascope_sdk.engine.understanding import strays, unread
from terrascope_sdk.errors import InputError
from terrascope_sdk.model.chain_grammar import ChainReader, Find
from terrascope_sdk.testing import disc_mask, lake_stack, utm_grid
from terrascope_sdk.types import Aoi, ImageSeries, ImageStack, Mask


def series_like(series, **changes):
    kept = {k: getattr(series, k) for k in ("sensor", "pixels", "valid", "bands", "acquired", "quantity", "grid")}
    return ImageSeries(**(kept | changes))


# ---------------------------------------------------------------------------------------------------- moments


def test_an_optical_date_is_joined_with_the_radar_date_beside_it():
    stack = lake_stack((300.0, 200.0))
    assert [(m.optical, m.sar, m.sensor) for m in moments_of(stack)] == [(0, 0, "optical+sar"), (1, 1, "optical+sar")]
    assert [m.sensor for m in moments_of(stack, sensor="sar")] == ["sar", "sar"]
    assert [m.sensor for m in moments_of(stack, max_gap_days=0.5)] == ["optical", "optical"]


def test_either_sensor_makes_a_pixel_observed():
    stack = lake_stack((300.0,), clouded_frac=0.5)
    both, optical = moments_of(stack)[0], moments_of(stack, sensor="optical")[0]
    assert both.observed(stack).all()
    assert optical.observed(stack).mean() == pytest.approx(0.5)


# -------------------------------------------------------------------------------------------------- preparing


def test_reflectance_as_digital_numbers_is_recognised_and_divided():
    stack = lake_stack((300.0,), sensors=("optical",))
    plain = prepare(stack, moments_of(stack))
    numbers = ImageStack(stack.grid, optical=series_like(stack.optical, pixels=stack.optical.pixels * np.float32(1e4)))
    read = prepare(numbers, moments_of(numbers))
    assert "divided by 10000" in read.warnings[0]
    assert plain.warnings == ()
    np.testing.assert_allclose(read.views.optical.numpy(), plain.views.optical.numpy(), rtol=1e-5)
    huge = ImageStack(stack.grid, optical=series_like(stack.optical, pixels=stack.optical.pixels * np.float32(1e6)))
    with pytest.raises(InputError, match="no reflectance"):
        prepare(huge, moments_of(huge))


def test_linear_power_is_recognised_and_converted():
    stack = lake_stack((300.0,), sensors=("sar",))
    linear = 10 ** (stack.sar.pixels / np.float32(10))
    power = ImageStack(stack.grid, sar=series_like(stack.sar, pixels=linear.astype(np.float32)))
    read = prepare(power, moments_of(power))
    assert "linear power" in read.warnings[0]
    np.testing.assert_allclose(read.views.sar.numpy(), stack.sar.pixels, atol=1e-3)
    odd = ImageStack(stack.grid, sar=series_like(stack.sar, pixels=linear.astype(np.float32) * 1e5))
    with pytest.raises(InputError, match="neither dB nor linear"):
        prepare(odd, moments_of(odd))


def test_unusable_bands_are_refused_by_name():
    stack = lake_stack((300.0,))
    only_vv = series_like(stack.sar, pixels=stack.sar.pixels[:, :1].copy(), bands=("vv",))
    assert "VH is missing" in why_unusable(only_vv)
    thermal = series_like(stack.optical, pixels=stack.optical.pixels[:, :1].copy(), bands=("thermal",))
    with pytest.raises(InputError, match="thermal"):
        prepare(ImageStack(stack.grid, optical=thermal), [Moment(0, None, stack.optical.acquired[0], 0.0)])


def test_all_cloud_and_one_pixel_are_prepared_without_a_number_lost():
    clouded = lake_stack((300.0,), sensors=("optical",), clouded_frac=1.0)
    ready = prepare(clouded, moments_of(clouded))
    assert not ready.observed[0].any()
    assert bool(np.isfinite(ready.views.optical.numpy()).all())
    tiny = lake_stack((300.0,), grid=utm_grid(size_px=1))
    assert prepare(tiny, moments_of(tiny)).views.optical.shape[-2:] == (1, 1)


# ------------------------------------------------------------------------------------------------ dated words


MOMENTS = [Moment(i, None, datetime(2018 + i, 6, 3, tzinfo=UTC), 0.0) for i in range(3)]


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("water in 2018 and 2020", "water in <t1> and <t3>"),
        ("on 2019-06-03", "on <t2>"),
        ("on 3 June 2019", "on <t2>"),
        ("in Jun 2019", "in <t2>"),
        ("lakes larger than 2000 m2", "lakes larger than 2000 m2"),
        ("more than 2000 hectares", "more than 2000 hectares"),
    ],
)
def test_dates_become_the_names_of_the_chain(text, named):
    assert with_date_names(text, MOMENTS) == named


def test_a_date_that_is_not_there_is_named_with_those_that_are():
    with pytest.raises(InputError, match=r"no image of '2015'.*2018-06-03"):
        with_date_names("water in 2015", MOMENTS)


# ------------------------------------------------------------------------------------------------------ scribe


def scribe_with(*masks, aoi=None):
    scribe = Scribe(aoi)
    scribe.masks = dict(enumerate(masks, 1))
    return scribe


def test_what_stands_in_the_chain_is_what_was_measured():
    grid = utm_grid()
    lake = disc_mask(grid, radius_m=300.0)
    scribe = scribe_with(lake)
    words = scribe("area", (1,), [lake.pixels])
    assert "".join(words) == "28.3ha"
    assert scribe.results[0].measurements[0].value == pytest.approx(np.pi * 300**2, rel=0.01)
    assert claim_of(["<r1>"], scribe.results, ["<r1>"]) == scribe.results[0].measurements[0].text


def test_what_is_not_defined_is_said_as_such_and_not_as_no():
    grid = utm_grid()
    lake, nothing = disc_mask(grid, radius_m=300.0), disc_mask(grid, radius_m=0.0, label="tree")
    scribe = scribe_with(lake, nothing)
    assert tuple(scribe("distance", (1, 2), [])) == ("no",)
    assert "not defined" in claim_of(["<r1>"], scribe.results, ["<r1>"])


def test_presence_and_place_keep_to_the_area_of_interest():
    grid = utm_grid()
    lake = disc_mask(grid, radius_m=200.0)
    west = grid.lonlat(64, 20)
    lon, lat = float(west[0]), float(west[1])
    beside = Aoi.from_bbox((lon - 0.001, lat - 0.001, lon + 0.001, lat + 0.001))
    scribe = scribe_with(lake, aoi=beside)
    assert tuple(scribe("present", (1,), [])) == ("no",)
    assert tuple(scribe_with(lake)("present", (1,), [])) == ("yes",)
    assert tuple(scribe_with(lake)("where", (1,), [])) == ("centre",)


def test_the_same_mask_twice_keeps_both_names_in_an_order():
    grid = utm_grid()
    lake = disc_mask(grid, radius_m=300.0)
    scribe = scribe_with(lake, lake)
    assert tuple(scribe("order", (1, 2), [])) == ("<m1>", "<m2>")


def test_a_share_of_a_part_is_taken_within_the_whole():
    grid = utm_grid()
    whole, part = (
        disc_mask(grid, radius_m=400.0, label="building"),
        disc_mask(grid, radius_m=200.0, label="lost building"),
    )
    scribe = scribe_with(whole, part)
    assert float("".join(scribe("part", (2, 1), [])[:-1])) == pytest.approx(25, abs=1.5)


# ----------------------------------------------------------------------------------------------- understanding


def read(text):
    reader = ChainReader(1)
    for word in text.split():
        reader.read(word)
    return reader


def test_a_chain_about_another_class_is_a_question_not_understood():
    assert strays(["how", "much", "{water}"], Find("tree", "", (1,), 1)).startswith("Question not understood")
    assert strays(["how", "much", "{water}"], Find("water", "", (1,), 1)) is None


def test_a_chain_that_leaves_a_class_out_is_one_too():
    chain = "find {water} in <t1> as <m1> [SEG] seen east . measure share <m1> <result> 1 % </result> answer <r1> <eos>"
    assert unread(["share", "of", "{water}"], read(chain)) is None
    assert "nothing was done about tree cover" in unread(["{water}", "and", "{tree}"], read(chain))
    assert unread(["{water}"], read("answer unclear <eos>")).startswith("Question not understood")


def test_masks_of_a_whole_image_have_a_label_of_the_vocabulary():
    assert isinstance(disc_mask(utm_grid(), radius_m=1.0), Mask)
