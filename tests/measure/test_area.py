import math

import numpy as np
import pytest
import shapely
from affine import Affine
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from terrascope_sdk.errors import InputError, UndefinedMeasurement
from terrascope_sdk.measure import area, share
from terrascope_sdk.types import Aoi, Mask, Measurement, PixelGrid
from tests.measure.discs import SMALL_GRIDS, disc, grid_at, mask_of, masks, small_grid, utm_at

RADIUS_M = 1500.0
PLACES = {"equator": (8.9, 0.2), "zone centre": (9.0, 45.0), "zone edge": (6.02, 45.0), "70 N": (26.5, 70.0),
          "south": (-58.4, -34.6)}  # fmt: skip


@pytest.mark.parametrize("crs", ["utm", "EPSG:4326", "EPSG:3857", "EPSG:6933"])
@pytest.mark.parametrize("place", PLACES)
def test_a_disc_has_its_area_everywhere(place, crs):
    lon, lat = PLACES[place]
    grid = grid_at(lon, lat, utm_at(lon, lat) if crs == "utm" else crs, size=340)
    lake = disc(grid, RADIUS_M, (lon, lat))
    assert not lake.pixels[[0, -1]].any()
    assert not lake.pixels[:, [0, -1]].any()
    assert area(lake).value == pytest.approx(math.pi * RADIUS_M**2, rel=1e-3)


def test_a_disc_on_anisotropic_and_rotated_pixels():
    for grid in (grid_at(9, 45, "EPSG:32632", aspect=2), grid_at(9, 45, "EPSG:32632", turn_deg=30, size=460)):
        assert area(disc(grid, 1200.0)).value == pytest.approx(math.pi * 1200.0**2, rel=1e-3)


def test_bounds_of_a_disc_are_those_of_a_ring_of_one_pixel():
    found = area(disc(grid_at(9, 45, "EPSG:32632"), RADIUS_M))
    ring = math.pi * ((RADIUS_M + 9) ** 2 - RADIUS_M**2)  # the edge moves 0.90 pixels on average
    assert found.high - found.value == pytest.approx(ring, rel=0.02)
    assert found.value - found.low == pytest.approx(ring, rel=0.02)
    assert found.interval == "edge_sensitivity"


def test_a_pixel_near_murcia_has_78_6_m2():
    grid = PixelGrid("EPSG:4326", Affine(8.983152841195184e-05, 0, -0.78189, 0, -8.983152841195184e-05, 38.12881), 3, 3)
    assert area(mask_of(np.eye(3) > 0, grid)).value == pytest.approx(3 * 78.6, abs=0.2)


def test_subject_method_notes_and_ids():
    mask = mask_of(np.eye(3) > 0)
    found = area(mask, prefer="ha")
    assert found.subject == "water, 2019-09-18, optical"
    assert found.mask_ids == (mask.id,)
    assert "mapped, not bias-adjusted" in found.notes
    assert "ellipsoid" in found.method
    assert found.text == "0.030000 ha" or found.text.endswith("ha")
    assert Measurement.from_json(found.to_json()) == found


@given(masks(n=2, names=tuple(SMALL_GRIDS)))
def test_area_is_additive_over_disjoint_masks(pair):
    a, b = pair
    seen = a.valid & b.valid
    assume(seen.any())
    a, b = a.observed_within(seen), b.observed_within(seen)
    rest = b.subtract(a)
    assert area(a.union(b)).value == pytest.approx(area(a).value + area(rest).value, rel=1e-12)


@given(masks(names=("utm", "lonlat at 60 N", "rotated")), st.integers(1, 8))
def test_tiles_sum_to_the_whole(mask, height):
    assume(mask.valid.any())
    parts = 0.0
    for row in range(0, mask.grid.height, height):
        window = mask.grid.crop(row=row, column=0, height=min(height, mask.grid.height - row), width=mask.grid.width)
        rows = slice(row, row + height)
        if mask.valid[rows].any():
            parts += area(Mask(mask.pixels[rows], mask.valid[rows], window)).value
    assert parts == pytest.approx(area(mask).value, rel=1e-6, abs=1e-6)


@settings(max_examples=12)
@given(
    st.sampled_from(["EPSG:4326", "EPSG:3857", "EPSG:3035"]), st.floats(4, 14), st.floats(36, 65), st.floats(400, 800)
)
def test_the_same_disc_in_another_crs_has_the_same_area(crs, lon, lat, radius):
    here = disc(grid_at(lon, lat, utm_at(lon, lat), size=190), radius, (lon, lat))
    there = disc(grid_at(lon, lat, crs, size=190), radius, (lon, lat))
    # pixel-centre rule: the error of a disc of R pixels falls as R**-1.5; here R is 40 to 80
    assert area(there).value == pytest.approx(area(here).value, rel=4e-3)


@given(masks())
def test_shares_lie_in_0_to_1_with_their_bounds(mask):
    assume(mask.valid.any())
    for of in ("area", "pixels"):
        found = share(mask, of=of)
        assert 0 <= found.low <= found.value <= found.high <= 1


def test_share_by_area_differs_from_share_by_pixels_in_lonlat():
    grid = PixelGrid("EPSG:4326", Affine(0.1, 0, 10, 0, -10, 80), 4, 4)
    north = mask_of(np.arange(16).reshape(4, 4) < 8, grid)
    assert share(north, of="pixels").value == 0.5
    assert share(north).value < 0.4


def test_what_is_unobserved_is_not_counted_and_is_stated():
    valid = np.ones((4, 4), bool)
    valid[:, :2] = False
    lake = mask_of(np.arange(16).reshape(4, 4) < 8, valid=valid)
    assert area(lake).value == pytest.approx(400, rel=1e-3)
    assert area(lake).observed_frac == pytest.approx(0.5)
    assert share(lake, of="pixels").value == 0.5


def test_the_edge_does_not_move_at_image_and_cloud_borders():
    full = mask_of(np.ones((5, 5), bool))
    assert area(full).low == area(full).value == area(full).high
    valid = np.ones((5, 5), bool)
    valid[:, 3:] = False
    clouded = mask_of(np.ones((5, 5), bool), valid=valid)
    assert area(clouded).low == area(clouded).value == area(clouded).high


def test_the_edge_does_not_move_at_the_border_of_the_area():
    grid = small_grid((6, 6))
    lon, lat = grid.lonlat([1, 5], [1, 5])
    aoi = Aoi.from_bbox((lon[0], lat[1], lon[1], lat[0]))
    found = area(mask_of(np.ones((6, 6), bool), grid), aoi=aoi)
    assert found.low == found.value == found.high == pytest.approx(1600, rel=1e-3)


def test_an_observed_empty_mask_covers_nothing():
    found = area(mask_of(np.zeros((3, 3), bool)))
    assert (found.low, found.value, found.high) == (0, 0, 0)
    assert share(mask_of(np.zeros((3, 3), bool))).value == 0


def test_nothing_observed_is_undefined():
    hidden = mask_of(np.ones((3, 3), bool), valid=np.zeros((3, 3), bool))
    for measure in (area, share):
        with pytest.raises(UndefinedMeasurement, match="None of the 9 pixels was observed: water, 2019-09-18"):
            measure(hidden)


def test_without_a_crs_there_is_no_area_but_a_share():
    lake = mask_of(np.eye(4) > 0, PixelGrid(None, Affine(10, 0, 0, 0, -10, 0), 4, 4))
    with pytest.raises(UndefinedMeasurement, match=r"coordinate reference system.*share"):
        area(lake)
    assert share(lake).value == 0.25
    assert "no CRS: all pixels count alike" in share(lake).notes
    with pytest.raises(InputError, match="no coordinate reference system"):
        share(lake, aoi=Aoi.from_bbox((0, 0, 1, 1)))


def test_planar_area_is_the_transform_and_nothing_else():
    lake = mask_of(np.eye(3) > 0, grid_at(6.02, 45, "EPSG:32632", size=3, aspect=2))
    assert area(lake, ground="planar").value == 600
    assert area(lake).value != pytest.approx(600, rel=1e-4)
    feet = mask_of(np.eye(3) > 0, PixelGrid("EPSG:2263", Affine(100, 0, 980_000, 0, -100, 200_000), 3, 3))
    assert area(feet, ground="planar").value == pytest.approx(3 * 30.48**2, rel=1e-5)


@pytest.mark.parametrize(
    "grid", [small_grid((3, 3), *SMALL_GRIDS["lonlat at 60 N"]), small_grid((3, 3), *SMALL_GRIDS["mercator"]),
             PixelGrid("EPSG:3857", Affine(10, 0, 0, 0, -10, 0), 3, 3),
             PixelGrid("EPSG:3395", Affine(10, 0, 0, 0, -10, 8_000_000), 3, 3)]
)  # fmt: skip
def test_planar_area_is_refused_where_it_misleads(grid):
    with pytest.raises(InputError, match="Use ground='ellipsoid'"):
        area(mask_of(np.eye(3) > 0, grid), ground="planar")


def test_polygon_areas_of_interest_take_pixel_centres():
    grid = grid_at(9, 45, "EPSG:32632", size=100)
    everywhere = mask_of(np.ones((100, 100), bool), grid)
    rows, columns = np.mgrid[0:100, 0:100] + 0.5
    lon, lat = grid.lonlat(rows, columns)
    triangle = shapely.Polygon([(8.995, 44.997), (9.005, 44.998), (9.001, 45.003)])
    expected = grid.pixel_area_m2[shapely.contains_xy(triangle, lon, lat)].sum()
    assert area(everywhere, aoi=Aoi(triangle)).value == pytest.approx(expected, rel=1e-12)
    assert area(everywhere, aoi=Aoi(triangle)).observed_frac == 1.0
