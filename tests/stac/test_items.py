"""From an item to a scene: time, period, orbit, cloud, credit; nothing signed is kept."""

import contextlib
import copy
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from terrascope_sdk.errors import InputError
from terrascope_sdk.stac.bundled import bundled_items
from terrascope_sdk.stac.items import item_bbox, scene_from_item, unsigned_item
from terrascope_sdk.stac.transport.signatures import without_signature
from terrascope_sdk.types import Scene
from terrascope_sdk.types.instant import parse_instant
from tests.stac.recorded import document

S2 = document("items/sentinel-2-l2a_baseline-02.12_T07HFE_20190212.json")
GRD = document("items/sentinel-1-grd_iw_S1A_20210809.json")


def changed(item, **properties):
    made = copy.deepcopy(item)
    made["properties"].update({k.replace("__", ":"): v for k, v in properties.items()})
    return made


@pytest.mark.parametrize("item", bundled_items(), ids=lambda i: i["id"])
def test_a_bundled_item_is_the_scene_it_always_was(item):
    facts = item["properties"]
    start, end = facts.get("start_datetime"), facts.get("end_datetime")
    cloud = facts.get("eo:cloud_cover")
    expected = Scene(
        id=item["id"],
        collection=item["collection"],
        sensor=facts["terrascope:sensor"],
        acquired=parse_instant(facts["datetime"]),
        quantity=facts["terrascope:quantity"],
        bbox=tuple(item["bbox"]),
        gsd_m=facts["gsd"],
        platform=facts.get("platform") or "",
        orbit=f"{facts.get('sat:orbit_state') or ''} {facts.get('sat:relative_orbit') or ''}".strip(),
        period_s=(parse_instant(end) - parse_instant(start)).total_seconds() if start else 0.0,
        cloud_frac=None if cloud is None else cloud / 100,
        attribution=facts["terrascope:attribution"],
        license=facts["terrascope:license"],
        notes=tuple(facts["terrascope:notes"]),
    )
    made = scene_from_item(item)
    assert made == expected
    kept = copy.deepcopy(made.item)
    assert kept["properties"].pop("terrascope:catalog") == "bundled"
    assert kept == item


def test_a_radar_scene_has_its_orbit_and_no_cloud():
    scene = scene_from_item(changed(GRD, eo__cloud_cover=20))
    assert (scene.sensor, scene.orbit, scene.cloud_frac) == ("sar", "ascending 59", None)
    assert scene_from_item(changed(S2)).orbit == ""
    assert scene_from_item(changed(GRD, sat__orbit_state=None)).orbit == "59"


def test_seconds_are_no_period_and_a_month_is():
    assert scene_from_item(GRD).period_s == 0
    month = changed(S2, start_datetime="2020-11-01T00:00:00Z", end_datetime="2020-12-01T00:00:00Z", datetime=None)
    scene = scene_from_item(month)
    assert scene.acquired == datetime(2020, 11, 16, tzinfo=UTC)
    assert scene.period_s == 30 * 86400
    day = changed(S2, start_datetime="2020-11-01T00:00:00Z", end_datetime="2020-11-02T00:00:00Z")
    assert scene_from_item(day).period_s == 0


def test_without_datetime_the_middle_counts():
    bare = changed(GRD, datetime=None)
    assert abs((scene_from_item(bare).acquired - scene_from_item(GRD).acquired).total_seconds()) < 1
    with pytest.raises(InputError, match="'datetime'"):
        scene_from_item(changed(GRD, datetime=None, start_datetime=None))


@pytest.mark.parametrize(("stated", "share"), [(51.5, 0.515), (0, 0.0), (100, 1.0), (-1, None), (None, None)])
def test_the_cloud_share(stated, share):
    assert scene_from_item(changed(S2, eo__cloud_cover=stated)).cloud_frac == share


@pytest.mark.parametrize(
    ("given_", "name"),
    [("LANDSAT_8", "landsat-8"), ("Sentinel-2A", "sentinel-2a"), ("sentinel-1a", "sentinel-1a"), (None, "")],
)
def test_a_platform_has_one_spelling(given_, name):
    assert scene_from_item(changed(S2, platform=given_)).platform == name


def test_credit_carries_the_year():
    assert scene_from_item(S2).attribution == "Contains modified Copernicus Sentinel data 2019"
    assert scene_from_item(GRD).attribution.endswith("2021")
    undated = changed(GRD, datetime=None)
    assert scene_from_item(undated).attribution.endswith("2021")


def test_heights_are_no_scene():
    heights = {
        "id": "dem", "collection": "cop-dem-glo-30", "bbox": [10, 46, 11, 47],
        "properties": {"datetime": "2021-04-22T00:00:00Z", "gsd": 30},
        "assets": {"data": {"href": "https://a.org/dem.tif", "roles": ["data"]}},
    }  # fmt: skip
    with pytest.raises(InputError, match="load_elevation"):
        scene_from_item(heights)


@pytest.mark.parametrize("field", ["terrascope:quantity", "gsd", "terrascope:license"])
def test_a_missing_field_of_an_own_item_is_named(field):
    item = copy.deepcopy(bundled_items()[0])
    del item["properties"][field]
    with pytest.raises(InputError, match=field):
        scene_from_item(item)


def test_the_catalogue_is_kept_and_the_item_left_alone():
    before = copy.deepcopy(S2)
    scene = scene_from_item(S2, catalog="https://stac.example.org")
    assert scene.item["properties"]["terrascope:catalog"] == "https://stac.example.org"
    assert before == S2
    assert "terrascope:catalog" not in S2["properties"]


def test_a_box_in_three_dimensions_or_none_at_all():
    assert item_bbox({"bbox": [1, 2, -5, 3, 4, 100]}) == (1, 2, 3, 4)
    ring = [[6, 54], [9, 53], [8, 51], [5, 52], [6, 54]]
    assert item_bbox({"geometry": {"type": "Polygon", "coordinates": [ring]}}) == (5, 51, 9, 54)
    with pytest.raises(InputError, match="neither 'bbox' nor 'geometry'"):
        item_bbox({"id": "a", "geometry": None})


# ----------------------------------------------------------------------------------------------------------- signatures

SECRET = "aGVsbG8hunter2"


@pytest.mark.parametrize(
    "query",
    [
        f"st=2026&se=2026&sp=rl&sv=2024&sig={SECRET}", f"X-Amz-Signature={SECRET}&X-Amz-Expires=60",
        f"x-amz-security-token={SECRET}", f"AWSAccessKeyId=A&Signature={SECRET}&Expires=1", f"token={SECRET}",
        f"a=1&SIG={SECRET}", f"X-Goog-Signature={SECRET}", f"access_token={SECRET}", f"Key-Pair-Id={SECRET}&Policy=p",
    ],
)  # fmt: skip
def test_no_signature_is_kept(query):
    bare = "https://host.org/path/a%20b.tif"
    assert without_signature(f"{bare}?{query}") in (bare, f"{bare}?a=1")
    link = f"{bare}?{query}"
    item = changed(S2)
    item["links"].append({"rel": "self", "href": link, "headers": {"Authorization": SECRET}})
    item["assets"]["blue"] |= {"href": link, "alternate": {"s3": {"href": link}, "other": {"href": "s3://b/k"}}}
    kept = str(scene_from_item(item).to_json())
    assert SECRET not in kept
    assert "s3://b/k" in kept


def test_a_name_in_a_link_is_not_kept():
    assert without_signature("https://me:hunter2@host.org/a.tif") == "https://host.org/a.tif"


@pytest.mark.parametrize(
    "href",
    ["https://host.org/tiles?collection=a&assets=visual", "./GRANULE/a@b.tif", "/data/what?.tif", "s3://bucket/key.tif",
     "https://host.org/a?design=2&base=3", "https://host.org/a.tif"],
)  # fmt: skip
def test_other_links_stay_as_they_are(href):
    assert without_signature(href) == href


@given(st.text(st.characters(codec="ascii", categories=["L", "N"]), min_size=8), st.text("abcdefgh", max_size=5))
def test_a_signature_is_found_wherever_it_stands(secret, key):
    for query in (f"sig={secret}x9", f"q{key}=1&sig={secret}x9", f"sig={secret}x9&q{key}=1"):
        assert f"{secret}x9" not in without_signature(f"https://host.org/a.tif?{query}")


def test_unsigning_twice_changes_nothing():
    once = unsigned_item(S2, catalog="a")
    assert unsigned_item(once, catalog="a") == once


# -------------------------------------------------------------------------------------------------- malformed documents


def _places(value, path=()):
    if path:
        yield path
    for key in value if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ():
        yield from _places(value[key], (*path, key))


@given(st.data())
def test_a_malformed_document_is_an_error_of_ours(data):
    item = copy.deepcopy(data.draw(st.sampled_from([S2, GRD, bundled_items()[0]])))
    path = data.draw(st.sampled_from(list(_places(item))))
    parent = item
    for key in path[:-1]:
        parent = parent[key]
    parent[path[-1]] = data.draw(st.sampled_from([None, "abc", [], {}, -1e9, float("nan"), True, [None]]))
    with contextlib.suppress(InputError):
        assert isinstance(scene_from_item(item), Scene)
