"""Buffers against discs of known radius, patches near others or of a least size; what was not seen stays so."""

from dataclasses import replace

import numpy as np
import pytest
from affine import Affine
from hypothesis import given, settings
from hypothesis.extra.numpy import arrays

from terrascope_sdk.errors import InputError, UndefinedMeasurement
from terrascope_sdk.measure import area, buffered, near_patches, sizeable_patches
from terrascope_sdk.testing import disc_mask, utm_grid
from terrascope_sdk.types import Mask, PixelGrid

SMALL = utm_grid(size_px=16)
pixels = arrays(bool, (16, 16))


def degrees(lat, size=200, step=1e-4):
    """About ten metres a pixel northwards; narrower eastwards the farther north."""
    return PixelGrid("EPSG:4326", Affine(step, 0, 9.0 - size * step / 2, 0, -step, lat + size * step / 2), size, size)


def of(inside, valid=None, grid=SMALL):
    valid = np.ones(grid.shape, bool) if valid is None else valid
    return Mask(np.asarray(inside, bool) & valid, valid, grid, "water")


@pytest.mark.parametrize(
    "grid",
    [utm_grid(lat_deg=0.0), utm_grid(lat_deg=60.0), degrees(0.0), degrees(60.0), degrees(60.0, size=200, step=4e-4)],
    ids=["utm, equator", "utm, 60 north", "degrees, equator", "degrees, 60 north", "degrees, wide"],
)
@pytest.mark.parametrize("distance", [60.0, 200.0])
def test_a_disc_grows_by_the_distance(grid, distance):
    lat = 0.0 if abs(float(grid.lonlat(grid.height / 2, grid.width / 2)[1])) < 1 else 60.0
    radius = 15 * max(grid.pixel_size_m)
    disc = disc_mask(grid, radius_m=radius, lonlat=(9.0, lat))
    wider = (area(buffered(disc, distance)).value / np.pi) ** 0.5
    assert wider == pytest.approx(radius + distance, abs=0.75 * max(grid.pixel_size_m))


def test_both_ways_of_measuring_agree(monkeypatch):
    disc = disc_mask(utm_grid(), radius_m=200.0)
    straight = buffered(disc, 155.0)
    monkeypatch.setattr("terrascope_sdk.measure.neighbourhood._SAME_SIZE", -1.0)
    assert (buffered(disc, 155.0).pixels != straight.pixels).sum() <= 4


@given(pixels, pixels)
def test_a_buffer_holds_the_mask_and_grows_with_the_distance(inside, seen):
    mask = of(inside, seen)
    near, far = buffered(mask, 15.0), buffered(mask, 35.0)
    assert (near.pixels >= mask.pixels).all()
    assert (far.pixels >= near.pixels).all()
    assert (near.valid >= near.pixels).all()


@given(pixels, pixels, pixels)
@settings(max_examples=40)
def test_what_is_said_to_be_known_holds_whatever_the_unseen_pixels_are(inside, seen, truth):
    mask = of(inside, seen)
    whole = of(np.where(seen, mask.pixels, truth))
    for operation in (lambda m: buffered(m, 15.0), lambda m: near_patches(of(inside), m)):
        said, true = operation(mask), operation(whole)
        assert (said.pixels[said.valid] == true.pixels[said.valid]).all()


def test_an_empty_mask_stays_empty():
    assert not buffered(of(np.zeros((16, 16))), 100.0).pixels.any()


def two_patches():
    inside = np.zeros((16, 16), bool)
    inside[1:4, 1:4] = inside[10:15, 10:15] = True
    return of(inside)


def test_whole_patches_are_chosen_by_what_they_touch():
    other = np.zeros((16, 16), bool)
    other[4, 4] = True  # meets the corner of the first
    chosen = near_patches(two_patches(), of(other))
    assert chosen.pixels.sum() == 9
    other[4, 4], other[5, 5] = False, True
    assert not near_patches(two_patches(), of(other)).pixels.any()
    assert near_patches(two_patches(), of(other), 30.0).pixels.sum() == 9


def test_a_patch_that_only_unseen_ground_could_be_near_is_not_decided():
    seen = np.ones((16, 16), bool)
    seen[5, :] = False
    chosen = near_patches(two_patches(), of(np.zeros((16, 16)), seen), 30.0)
    assert not chosen.pixels.any()
    assert not chosen.valid[2, 2]
    assert chosen.valid[12, 12]


def test_patches_of_a_least_size():
    assert sizeable_patches(two_patches(), 1_000.0).pixels.sum() == 25  # of 900 and 2,500 m2
    seen = np.ones((16, 16), bool)
    seen[1:4, 4] = False
    part = replace(two_patches(), valid=seen)
    chosen = sizeable_patches(part, 1_000.0)
    assert not chosen.valid[2, 2]
    assert chosen.pixels[12, 12]


def test_what_makes_no_sense_is_refused():
    bare = replace(two_patches(), grid=PixelGrid(None, SMALL.transform, 16, 16))
    with pytest.raises(UndefinedMeasurement, match="coordinate reference system"):
        buffered(bare, 10.0)
    with pytest.raises(UndefinedMeasurement):
        sizeable_patches(bare, 10.0)
    with pytest.raises(UndefinedMeasurement):
        near_patches(bare, bare, 10.0)
    for distance in (0.0, -1.0, np.nan):
        with pytest.raises(InputError, match="above 0"):
            buffered(two_patches(), distance)
    with pytest.raises(InputError, match="above 0"):
        near_patches(two_patches(), two_patches(), -1.0)
    with pytest.raises(InputError, match="unlike grids"):
        near_patches(two_patches(), of(np.zeros((20, 20)), grid=utm_grid(size_px=20)))
