from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
import xarray
from affine import Affine

from terrascope_sdk.errors import InputError
from terrascope_sdk.testing import disc_mask, lake_stack, utm_grid
from terrascope_sdk.types import ImageStack, Mask, PixelGrid

STACK = lake_stack((100.0, 80.0), grid=utm_grid(size_px=24))


def test_a_stack_comes_back_from_json():
    assert ImageStack.from_json(STACK.to_json()) == STACK
    assert ImageStack.from_json(STACK.to_json()).id == STACK.id


def test_every_pixel_that_is_not_finite_is_unobserved():
    pixels = STACK.optical.pixels.copy()
    pixels[0, 2, 3, 4] = np.inf
    series = replace(STACK.optical, pixels=pixels)
    assert not series.valid[0, 3, 4]
    assert np.isnan(series.pixels[0, :, 3, 4]).all()
    assert series.valid.sum() == STACK.optical.valid.sum() - 1


def test_xarray_round_trip_keeps_pixels_dates_and_quantity():
    made = ImageStack.from_xarray(optical=STACK.to_xarray("optical"), sar=STACK.to_xarray("sar"))
    for sensor in ("optical", "sar"):
        there, back = STACK.series(sensor), made.series(sensor)
        assert np.array_equal(there.pixels, back.pixels, equal_nan=True)
        assert (there.acquired, there.bands, there.quantity) == (back.acquired, back.bands, back.quantity)
        assert there.grid.same_as(back.grid)


def test_a_users_own_dataset_with_their_band_names():
    ds = STACK.to_xarray("optical").rename({"red": "B04"}).drop_vars("valid")
    ds.attrs.clear()
    with pytest.raises(InputError, match="not stated"):
        ImageStack.from_xarray(optical=ds)
    made = ImageStack.from_xarray(optical=ds, optical_quantity="surface_reflectance", bands={"B04": "red"})
    assert "red" in made.optical.bands


def test_dates_in_any_order_come_out_sorted():
    ds = STACK.to_xarray("sar").isel(time=[1, 0])
    made = ImageStack.from_xarray(sar=ds)
    assert made.sar.acquired == STACK.sar.acquired
    assert np.array_equal(made.sar.pixels, STACK.sar.pixels, equal_nan=True)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda ds: ds.drop_vars("time"), "no time"),
        (lambda ds: ds.rename(y="rows"), "not y and x"),
        (lambda ds: ds.drop_vars(["x", "spatial_ref"]), "neither"),
        (lambda ds: ds.drop_vars("spatial_ref").assign_coords(x=np.geomspace(1, 2, 24)), "evenly"),
        (lambda ds: xarray.Dataset(attrs=ds.attrs, coords={"time": ds.time}), "y and x|no band"),
    ],
)
def test_unusable_datasets_are_refused_with_the_reason(change, says):
    with pytest.raises(InputError, match=says):
        ImageStack.from_xarray(sar=change(STACK.to_xarray("sar")))


def test_a_dataset_without_crs_makes_a_grid_without_crs():
    made = ImageStack.from_xarray(sar=STACK.to_xarray("sar").drop_vars("spatial_ref"))
    assert made.grid.crs is None
    assert made.grid.transform.almost_equals(STACK.grid.transform)


def test_the_two_sensors_must_share_a_grid():
    other = lake_stack((100.0,), grid=utm_grid(lon_deg=9.1, size_px=24))
    with pytest.raises(InputError, match="share a grid"):
        ImageStack(STACK.grid, STACK.optical, other.sar)


@pytest.mark.parametrize(
    "change",
    [
        {"quantity": "gamma0_rtc"},
        {"bands": ("red",)},
        {"acquired": (datetime(2021, 1, 1, tzinfo=UTC), datetime(2020, 1, 1, tzinfo=UTC))},
        {"pixels": np.zeros((2, 6, 24, 24))},
        {"valid": np.ones((24, 24), bool)},
    ],
)
def test_inconsistent_series_are_refused(change):
    with pytest.raises((InputError, TypeError)):
        replace(STACK.optical, **change)


def test_an_empty_stack_and_a_missing_sensor_are_refused():
    with pytest.raises(InputError, match="optical or SAR"):
        ImageStack(STACK.grid)
    with pytest.raises(InputError, match="no sar"):
        ImageStack(STACK.grid, STACK.optical).series("sar")


def test_an_unknown_band_is_answered_with_those_there_are():
    with pytest.raises(InputError, match="vv, vh"):
        STACK.sar.band("hh")


def test_pairs_say_how_far_apart_the_sensors_passed():
    assert STACK.pairs() == ((0, 0, 1.0), (1, 1, 1.0))
    assert STACK.pairs(max_gap_days=0.5) == ()


def test_selecting_dates_keeps_everything_aligned():
    second = STACK.optical.select([1])
    assert second.acquired == STACK.optical.acquired[1:]
    assert second.scene_ids == (("optical-1",),)
    assert np.array_equal(second.pixels[0], STACK.optical.pixels[1])


def test_pictures_show_what_was_seen():
    stack = lake_stack((100.0,), grid=utm_grid(size_px=24), clouded_frac=0.25)
    picture = stack.picture()
    assert picture.rgb.shape == (24, 24, 3)
    assert not picture.valid[0].any()
    lake, land = picture.rgb[12, 12].astype(int), picture.rgb[22, 1].astype(int)
    assert lake[2] > lake[0]  # water is more blue than red
    assert land[1] > land[0]  # vegetation is more green than red
    assert stack.picture("sar").rgb[12, 12].max() < stack.picture("sar").rgb[22, 1].max()
    assert type(picture).from_json(picture.to_json()) == picture


def test_a_picture_of_nothing_observed_is_still_a_picture():
    stack = lake_stack((100.0,), grid=utm_grid(size_px=24), sensors=("optical",), clouded_frac=1.0)
    assert stack.picture().rgb.dtype == np.uint8


def test_repr_reads_no_pixels_and_names_units():
    assert "dB" in repr(STACK.sar)
    assert "surface_reflectance [0-1]" in repr(STACK.optical)
    assert len(repr(STACK)) < 600


def test_times_are_utc_whatever_the_data_say():
    ds = STACK.to_xarray("sar")
    assert ImageStack.from_xarray(sar=ds).sar.acquired[0].utcoffset() == timedelta(0)


def test_axes_may_be_called_latitude_and_longitude_and_come_in_any_order():
    grid = PixelGrid("EPSG:4326", Affine(1e-4, 0, 9, 0, -1e-4, 45), 24, 20)
    stack = lake_stack((30.0,), grid=grid)
    ds = stack.to_xarray("sar").rename(y="latitude", x="longitude").transpose("longitude", "latitude", "time")
    made = ImageStack.from_xarray(sar=ds)
    assert np.array_equal(made.sar.pixels, stack.sar.pixels)
    assert made.grid.same_as(grid)


def test_a_mask_whose_axes_are_turned_comes_out_upright():
    grid = PixelGrid("EPSG:4326", Affine(1e-4, 0, 9, 0, -1e-4, 45), 24, 20)
    lake = disc_mask(grid, radius_m=30)
    assert (Mask.from_xarray(lake.to_xarray().transpose("x", "y").expand_dims("band")).pixels == lake.pixels).all()


def test_a_mask_of_one_row_keeps_its_row():
    grid = PixelGrid("EPSG:32632", Affine(10, 0, 500_000, 0, -10, 5_000_000), 1, 5)
    row = Mask(np.eye(1, 5, dtype=bool), np.ones((1, 5), bool), grid)
    assert Mask.from_xarray(row.to_xarray()).grid.shape == (1, 5)
