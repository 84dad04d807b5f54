import json

import pytest
import shapely

from terrascope_sdk.errors import InputError
from terrascope_sdk.types import Aoi


def test_a_box_is_a_box():
    aoi = Aoi.from_bbox((11.28, 46.46, 11.40, 46.52), name="bolzano")
    assert aoi.bbox == (11.28, 46.46, 11.40, 46.52)
    assert aoi.is_box
    assert Aoi.from_json(aoi.to_json()) == aoi


@pytest.mark.parametrize(
    ("bbox", "says"),
    [
        ((11.4, 46.46, 11.28, 46.52), "east .* at or before its west"),
        ((11.28, 46.52, 11.40, 46.46), "north .* at or below"),
        ((179, 0, -179, 1), "antimeridian"),
        ((0, 0, 1), "not a bounding box"),
        ((0, 0, 1, float("nan")), "no number"),
        ((0, 0, 200, 1), "outside the world"),
        ((500_000, 5_000_000, 510_000, 5_010_000), "outside the world"),
        ("abcd", "not a bounding box"),
        ((1, 1, 1, 1), "at or below"),
    ],
)
def test_impossible_boxes_are_refused(bbox, says):
    with pytest.raises(InputError, match=says):
        Aoi.from_bbox(bbox)


def test_a_triangle_is_no_box():
    aoi = Aoi.from_geometry(shapely.Polygon([(0, 0), (1, 0), (0, 1)]))
    assert not aoi.is_box
    assert Aoi.from_json(aoi.to_json()) == aoi


def test_feature_collections_and_frames_become_their_union():
    import geopandas

    frame = geopandas.GeoDataFrame(geometry=[shapely.box(0, 0, 1, 1), shapely.box(1, 0, 2, 1)], crs="EPSG:4326")
    assert Aoi.from_geometry(frame).bbox == (0, 0, 2, 1)
    assert Aoi.from_geometry(frame.to_crs("EPSG:3857")).bbox == pytest.approx((0, 0, 2, 1))


@pytest.mark.parametrize(
    "geometry",
    [
        {"type": "Point", "coordinates": [0, 0]},
        {"type": "FeatureCollection", "features": []},
        {"type": "Polygon", "coordinates": [[[0, 0], [1, 1], [1, 0], [0, 1], [0, 0]]]},
        {"type": "Polygon", "coordinates": []},
        {"nonsense": 1},
        42,
        shapely.box(500_000, 5_000_000, 510_000, 5_010_000),
    ],
)
def test_what_is_no_polygon_on_the_globe_is_refused(geometry):
    with pytest.raises(InputError):
        Aoi.from_geometry(geometry)


def test_files(tmp_path):
    good = tmp_path / "lake.geojson"
    good.write_text(
        json.dumps({"type": "Feature", "properties": {}, "geometry": Aoi.from_bbox((0, 0, 1, 1)).to_json()["geometry"]})
    )
    assert Aoi.from_file(good).name == "lake"
    for name, text in [("bad.geojson", "{"), ("list.geojson", "[]")]:
        (tmp_path / name).write_text(text)
        with pytest.raises(InputError):
            Aoi.from_file(tmp_path / name)
    with pytest.raises(InputError, match="no file"):
        Aoi.from_file(tmp_path / "absent.geojson")
