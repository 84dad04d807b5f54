import json
import math

import numpy as np
import pytest
import shapely
from affine import Affine
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from shapely.geometry import shape

from terrascope_sdk import export
from terrascope_sdk.errors import ExportError
from terrascope_sdk.export.vector import geojson_text
from terrascope_sdk.measure import area
from terrascope_sdk.testing import disc_mask, utm_grid
from terrascope_sdk.types import Mask, PixelGrid
from tests.export.answers import EVIL, SEEN, lake

UTM = PixelGrid("EPSG:32632", Affine(10, 0, 500_000, 0, -10, 5_000_000), 6, 6)
SOUTH_UP = PixelGrid("EPSG:32632", Affine(10, 0, 500_000, 0, 10, 4_999_000), 6, 6)


def features(mask, **fields):
    document = json.loads(geojson_text(mask, **fields))
    assert document["type"] == "FeatureCollection"
    return document["features"]


def polygons(geometry):
    return geometry.geoms if geometry.geom_type == "MultiPolygon" else [geometry]


def assert_rfc7946(found):
    for feature in found:
        geometry = shape(feature["geometry"])
        assert geometry.is_valid
        for polygon in polygons(geometry):
            assert polygon.exterior.is_ccw
            assert not any(hole.is_ccw for hole in polygon.interiors)


@settings(max_examples=60)
@given(hnp.arrays(np.uint8, (6, 6), elements=st.sampled_from([0, 1, 255])), st.sampled_from([UTM, SOUTH_UP]))
def test_regions_are_valid_wound_right_and_add_up(codes, grid):
    mask = Mask.from_uint8(codes, grid)
    found = features(mask)
    assert_rfc7946(found)
    assert sum(f["properties"]["pixels"] for f in found) == mask.pixels.sum()
    true_m2 = (mask.pixels * np.broadcast_to(grid.pixel_area_m2, grid.shape)).sum()
    assert sum(f["properties"]["area_m2"] for f in found) == pytest.approx(true_m2, abs=0.01)


def test_a_ring_has_a_hole_and_corners_do_not_join():
    codes = np.zeros((6, 6), np.uint8)
    codes[0:3, 0:3] = 1
    codes[1, 1] = 0
    codes[3, 3] = 1
    ring, corner = features(Mask.from_uint8(codes, UTM))
    assert len(ring["geometry"]["coordinates"]) == 2
    assert (ring["properties"]["pixels"], corner["properties"]["pixels"]) == (8, 1)
    assert (ring["id"], corner["id"]) == (1, 2)
    assert_rfc7946([ring, corner])


def test_the_area_is_true_ground_area_not_that_of_the_polygon():
    grid = PixelGrid("EPSG:3857", Affine(20, 0, 1e6, 0, -20, 8_399_737), 60, 60)  # near 60 degrees north
    (feature,) = features(disc_mask(grid, radius_m=200.0))
    assert feature["properties"]["area_m2"] == pytest.approx(math.pi * 200**2, rel=0.02)
    mask = lake()
    (feature,) = features(mask)
    assert feature["properties"]["area_m2"] == pytest.approx(area(mask).value, abs=1e-3)


def test_longitude_comes_first_and_edges_lie_on_the_grid():
    codes = np.zeros((6, 6), np.uint8)
    codes[0, 0] = 1
    (feature,) = features(Mask.from_uint8(codes, UTM))
    west, south, east, north = shape(feature["geometry"]).bounds
    lon, lat = UTM.lonlat([0, 1], [0, 1])
    assert (west, north) == (pytest.approx(lon[0], abs=2e-7), pytest.approx(lat[0], abs=2e-7))
    assert (east, south) == (pytest.approx(lon[1], abs=2e-7), pytest.approx(lat[1], abs=2e-7))


def test_long_edges_follow_the_grid():
    grid = PixelGrid("EPSG:32632", Affine(30, 0, 200_000, 0, -30, 6_600_000), 2, 4000)
    (feature,) = features(Mask(np.ones(grid.shape, bool), np.ones(grid.shape, bool), grid))
    outline = shape(feature["geometry"])
    lon, lat = grid.lonlat(np.full(50, 1.0), np.linspace(1, 3999, 50))
    assert shapely.contains_xy(outline, lon, lat).all()
    bare = shapely.Polygon([*zip(*grid.lonlat([0, 2, 2, 0], [0, 0, 4000, 4000]), strict=True)])
    assert not shapely.contains_xy(bare, lon, lat).all()  # four corners alone would miss it


def test_across_the_antimeridian_nothing_runs_around_the_world():
    grid = utm_grid(lon_deg=179.999, lat_deg=-17.0, size_px=64)
    mask = Mask(np.ones(grid.shape, bool), np.ones(grid.shape, bool), grid)
    (feature,) = features(mask)
    geometry = shape(feature["geometry"])
    assert geometry.geom_type == "MultiPolygon"
    assert all(p.bounds[2] - p.bounds[0] < 0.01 for p in polygons(geometry))
    assert_rfc7946([feature])


def test_properties_and_hostile_labels():
    (feature,) = features(lake(EVIL), attribution="ESA")
    told = feature["properties"]
    assert told["label"] == EVIL
    assert told["date"] == "2020-06-01T10:30:00Z"
    assert (told["sensor"], told["attribution"], told["mask"]) == ("optical", "ESA", lake(EVIL).id)


def test_an_empty_mask_has_no_feature():
    assert features(Mask(np.zeros((6, 6), bool), np.ones((6, 6), bool), UTM, date=SEEN)) == []


def test_the_same_mask_gives_the_same_text(tmp_path):
    assert geojson_text(lake()) == geojson_text(lake())
    path = export.geojson(lake(), tmp_path / "m.geojson")
    assert path.read_text() == geojson_text(lake())


def test_without_a_place_there_is_no_geojson(tmp_path):
    grid = PixelGrid(None, Affine.identity(), 2, 2)
    with pytest.raises(ExportError, match="no coordinate reference system"):
        export.geojson(Mask(np.ones((2, 2), bool), np.ones((2, 2), bool), grid), tmp_path / "m.geojson")
    polar = PixelGrid("EPSG:3413", Affine(1000, 0, -3000, 0, -1000, 3000), 6, 6)
    with pytest.raises(ExportError, match="holds a pole"):
        export.geojson(Mask(np.ones((6, 6), bool), np.ones((6, 6), bool), polar), tmp_path / "m.geojson")
    assert list(tmp_path.iterdir()) == []
