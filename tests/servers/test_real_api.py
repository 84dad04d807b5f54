"""Search against a real STAC API: stac-fastapi with pgstac on PostgreSQL and PostGIS, as public catalogues run it."""

from datetime import timedelta

import pytest
import requests
import shapely

from terrascope_sdk.errors import CatalogError, InputError, NoScenesFound
from terrascope_sdk.stac import search
from terrascope_sdk.stac.finding.api_search import ApiSearch
from terrascope_sdk.stac.finding.query import make_query
from terrascope_sdk.stac.items import scene_from_item
from terrascope_sdk.stac.notices import MoreScenes, UnknownProperty
from tests.servers.made import FIRST, FOOTPRINTS, PLACE, items

pytestmark = [pytest.mark.servers, pytest.mark.allow_hosts(["127.0.0.1"])]
S2 = ["sentinel-2-l2a"]


def expected(collection=None, place=PLACE, keep=lambda p: True):
    """Ids of the made items over a place, in the order of a search."""
    there = [
        i for i in items()
        if collection in (None, i["collection"]) and shapely.box(*i["bbox"]).intersects(shapely.box(*place))
        and keep(i["properties"])
    ]  # fmt: skip
    return [i["id"] for i in sorted(there, key=lambda i: (i["properties"]["datetime"], i["id"]))]


def ids(scenes):
    return [s.id for s in scenes]


def test_everything_over_a_place_is_found_oldest_first(real_api):
    scenes = search(PLACE, catalog=real_api)
    assert [s.acquired for s in scenes] == sorted(s.acquired for s in scenes)
    assert sorted(ids(scenes)) == sorted(expected())
    assert {s.sensor for s in scenes} == {"optical", "sar"}


def test_collections_and_sensor(real_api):
    assert ids(search(PLACE, catalog=real_api, collections=["landsat-c2-l2"])) == expected("landsat-c2-l2")
    assert ids(search(PLACE, catalog=real_api, sensor="sar")) == expected("sentinel-1-rtc")


def test_bbox_and_outline(real_api):
    west, south, east, north = FOOTPRINTS["sentinel-2-l2a"]
    beside = (east + 0.1, south, east + 0.2, north)  # only the radar scenes reach there
    assert {s.collection for s in search(beside, catalog=real_api)} == {"sentinel-1-rtc"}
    around = shapely.box(9.5, 45.3, 13.5, 48) - shapely.box(west - 0.01, south - 0.01, east + 0.01, north + 0.01)
    hollow = {s.collection for s in search(around, catalog=real_api)}
    assert hollow == {"sentinel-1-rtc", "landsat-c2-l2"}  # a bbox alone would find Sentinel-2 as well


def test_a_day_ends_where_the_next_begins(real_api):
    assert ids(search(PLACE, catalog=real_api, time="2022-12-31")) == ["S2A_edge_last"]
    assert ids(search(PLACE, catalog=real_api, time="2023-01-01")) == ["S2A_edge_first"]
    first = FIRST.date()
    week = search(PLACE, catalog=real_api, time=f"{first}/{first + timedelta(days=6)}", collections=S2)
    assert len(week) == 7


def test_the_cloud_limit_is_the_servers_work_and_keeps_radar(real_api):
    scenes = search(PLACE, catalog=real_api, max_cloud_frac=0.2, time="2021")
    assert ids(s for s in scenes if s.collection == S2[0]) == expected(
        S2[0], keep=lambda p: p["eo:cloud_cover"] <= 20 and p["datetime"] < "2022"
    )
    assert sum(s.sensor == "sar" for s in scenes) == 40


@pytest.mark.parametrize(
    "query",
    [
        "platform = 'Sentinel-2A' AND \"eo:cloud_cover\" < 5",
        {
            "op": "and",
            "args": [
                {"op": "=", "args": [{"property": "platform"}, "Sentinel-2A"]},
                {"op": "<", "args": [{"property": "eo:cloud_cover"}, 5]},
            ],
        },
    ],
)
def test_cql2_as_text_and_as_json(real_api, query):
    wanted = expected(S2[0], keep=lambda p: p["platform"] == "Sentinel-2A" and p["eo:cloud_cover"] < 5)
    assert wanted
    assert ids(search(PLACE, catalog=real_api, query=query)) == wanted


def test_ids_by_cql2(real_api):
    (name,) = expected(S2[0])[100:101]
    assert ids(search(PLACE, catalog=real_api, query=f"id = '{name}'")) == [name]


def test_small_pages_and_one_page_are_the_same(real_api):
    query = make_query(PLACE, collections=S2, time="2021-01/2021-09")
    with requests.Session() as session:
        api = ApiSearch(real_api, session, read=scene_from_item)
        small, whole = (api.scenes(query, limit=1000, page_size=size) for size in (10, 1000))
    assert len(whole) == 250
    assert small == whole


def test_what_is_cut_off_is_counted(real_api):
    with pytest.warns(MoreScenes, match="of 252") as told:
        scenes = search(PLACE, catalog=real_api, collections=S2, limit=20)
    assert told[0].message.matched == 252
    assert ids(scenes) == expected(S2[0])[-20:]


def test_the_antimeridian(real_api):
    assert ids(search((178, -19, -178, -16), catalog=real_api)) == ["S2A_fiji_west", "S2A_fiji_east"]
    assert ids(search((178, -19, 180, -16), catalog=real_api)) == ["S2A_fiji_west"]


def test_a_property_that_nobody_has_is_named(real_api):
    with pytest.warns(UnknownProperty, match="cloudiness"), pytest.raises(NoScenesFound, match="Without query"):
        search(PLACE, catalog=real_api, query="cloudiness < 5")


def test_nothing_found_tells_which_limit_to_change(real_api):
    with pytest.raises(NoScenesFound) as told:
        search(
            PLACE, catalog=real_api, time="2021-01", max_cloud_frac=0.0, collections=["landsat-c2-l2"], query="gsd > 99"
        )
    message = str(told.value)
    assert all(part in message for part in ("time=2021-01", "max_cloud_frac=0.0", "landsat-c2-l2", "gsd > 99"))
    with pytest.raises(NoScenesFound, match=r"Without time there are scenes \(252, one of them of 2023-01-01\)"):
        search(PLACE, catalog=real_api, time="2019", collections=S2)
    with pytest.raises(NoScenesFound, match="Choose another area"):
        search((0, 0, 1, 1), catalog=real_api)


def test_what_is_no_cql2_never_reaches_the_server_and_what_it_refuses_is_typed(real_api):
    with pytest.raises(InputError, match="no CQL2"):
        search(PLACE, catalog=real_api, query="eo:cloud_cover <")
    with pytest.raises((InputError, CatalogError), match=r"refused the search|failed|answered 500"):
        search(PLACE, catalog=real_api, query={"op": "a_function_of_nobody", "args": [1]})


def test_what_is_no_api_is_said_so(real_api):
    with pytest.raises(CatalogError, match=r"404"):
        search(PLACE, catalog=f"{real_api}/nowhere")
    with pytest.raises(CatalogError, match="no STAC API"):
        search(PLACE, catalog=f"{real_api}/collections/sentinel-2-l2a")
