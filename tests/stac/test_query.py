"""The query as a value, and the check of an item against it: pure, no server."""

from datetime import UTC, datetime, timedelta

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import mapping

from terrascope_sdk.errors import InputError
from terrascope_sdk.stac.finding.api_search import request_for
from terrascope_sdk.stac.finding.filters import parse_filter
from terrascope_sdk.stac.finding.query import area_of, make_query
from terrascope_sdk.stac.finding.sift import Sieve
from terrascope_sdk.types import Aoi, TimeRange
from tests.stac.made import scene

BOX = (11.0, 46.0, 12.0, 47.0)


def item(when="2020-06-01T10:00:00Z", *, box=BOX, cloud=None, collection="sentinel-2-l2a", name="a", **properties):
    cover = {} if cloud is None else {"eo:cloud_cover": cloud}
    return {
        "type": "Feature",
        "id": name,
        "collection": collection,
        "bbox": list(box),
        "geometry": mapping(shapely.box(*box)),
        "properties": {"datetime": when} | cover | properties,
        "assets": {},
        "links": [],
    }


def server(*abilities):
    return lambda name: name in abilities


# --------------------------------------------------------------------------------------------------------------- time


def test_a_server_is_asked_for_a_closed_interval_that_ends_before_the_next_day():
    assert make_query(BOX, time="2020-05").interval == "2020-05-01T00:00:00Z/2020-05-31T23:59:59.999999Z"


@given(st.integers(-3, 3))
def test_only_instants_of_the_window_fit(microseconds):
    end = datetime(2020, 6, 1, tzinfo=UTC)
    query = make_query(BOX, time="2020-05")
    when = (end + timedelta(microseconds=microseconds)).isoformat()
    assert (query.misfit(item(when)) is None) == (microseconds < 0)


def test_a_composite_without_an_instant_fits_when_its_period_overlaps():
    june = make_query(BOX, time="2020-06")
    may = {"start_datetime": "2020-05-01T00:00:00Z", "end_datetime": "2020-05-31T23:59:59Z"}
    spring = may | {"end_datetime": "2020-06-02T00:00:00Z"}
    assert june.misfit(item(None, **may)) == "time"
    assert june.misfit(item(None, **spring)) is None
    assert june.misfit(item(None)) == "time"


# --------------------------------------------------------------------------------------------------------------- area


def test_an_area_across_the_antimeridian_is_two_boxes():
    query = make_query((178, -18, -179, -17))
    assert query.boxes == ((178, -18, 180, -17), (-180, -18, -179, -17))
    assert len(request_for(query, server()).bodies) == 2
    assert query.misfit(item(box=(-179.5, -18, -178, -17))) is None
    assert query.misfit(item(box=(0, -18, 1, -17))) == "aoi"
    assert make_query("178, -18, -179, -17").boxes == query.boxes


def test_the_whole_world_and_two_islands_are_not_across_the_antimeridian():
    assert make_query((-180, -90, 180, 90)).boxes == ((-180, -90, 180, 90),)
    islands = shapely.MultiPolygon([shapely.box(-10, 0, -9, 1), shapely.box(10, 0, 11, 1)])
    assert make_query(islands).boxes == ((-10, 0, 11, 1),)


def test_a_footprint_that_states_a_bbox_across_the_antimeridian_is_no_belt_around_the_world():
    across = item(box=(0, 0, 1, 1)) | {"geometry": None, "bbox": [179, -18, -179, -17]}
    assert make_query((178, -18, -178, -17)).misfit(across) is None
    assert make_query((0, -18, 1, -17)).misfit(across) == "aoi"


def test_a_box_with_its_east_before_its_west_elsewhere_is_still_refused():
    with pytest.raises(InputError, match="east"):
        area_of((12, 46, 11, 47))


def test_a_geodataframe_is_dissolved_and_reprojected():
    geopandas = pytest.importorskip("geopandas")
    parts = geopandas.GeoDataFrame(geometry=[shapely.box(11, 46, 11.5, 47), shapely.box(11.5, 46, 12, 47)], crs=4326)
    assert make_query(parts).boxes == (BOX,)
    assert make_query(parts.to_crs(3857)).boxes[0] == pytest.approx(BOX)
    assert make_query(parts).aoi.geometry.geom_type == "Polygon"


def test_footprint_counts_not_the_bbox():
    corner = shapely.Polygon([(11, 46), (12, 46), (11, 47)])
    slanted = item() | {"geometry": mapping(corner)}
    assert make_query((11.8, 46.8, 11.9, 46.9)).misfit(slanted) == "aoi"
    assert make_query((11.1, 46.1, 11.2, 46.2)).misfit(slanted) is None


def test_heights_and_crossed_outlines_are_no_obstacle():
    tall = item() | {"geometry": None, "bbox": [11, 46, 0, 12, 47, 900]}
    bow = item() | {
        "geometry": {"type": "Polygon", "coordinates": [[[11, 46], [12, 47], [12, 46], [11, 47], [11, 46]]]}
    }
    assert make_query(BOX).misfit(tall) is None
    assert make_query(BOX).misfit(bow) is None


# ------------------------------------------------------------------------------------------------------------- limits


def test_cloud_collection_and_filter_are_checked():
    query = make_query(BOX, collections="sentinel-2-l2a", max_cloud_frac=0.2, query="platform = 'sentinel-2a'")
    assert query.misfit(item(cloud=20, platform="sentinel-2a")) is None
    assert query.misfit(item(platform="sentinel-2a")) is None  # none stated
    assert query.misfit(item(cloud=20.1, platform="sentinel-2a")) == "max_cloud_frac"
    assert query.misfit(item(cloud=20, platform="sentinel-2b")) == "query"
    assert query.misfit(item(cloud=20, collection="landsat-c2-l2")) == "collections"


def test_a_filter_that_an_item_cannot_decide_is_left_to_the_server_that_applied_it():
    query = make_query(BOX, query="nonsense > 3")
    assert query.misfit(item()) == "query"
    assert query.misfit(item(), unknown_fits=True) is None


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ("cloud <", "no CQL2"),
        ("DROP TABLE items", "no CQL2"),
        ({"foo": 1}, "no CQL2"),
        ({"op": "lte", "args": [{"property": "eo:cloud_cover"}, 20]}, "Write '<='"),
    ],
)
def test_what_is_no_cql2_is_refused_before_a_server_sees_it(given, why):
    with pytest.raises(InputError, match=why):
        make_query(BOX, query=given)


def test_text_and_json_are_the_same_filter():
    text = parse_filter("\"eo:cloud_cover\" < 20 AND platform = 'a'")
    document = {
        "op": "and",
        "args": [
            {"op": "<", "args": [{"property": "eo:cloud_cover"}, 20]},
            {"op": "=", "args": [{"property": "platform"}, "a"]},
        ],
    }
    assert parse_filter(document).document == text.document
    assert text.properties == ("eo:cloud_cover", "platform")


@pytest.mark.parametrize(
    "bad",
    [{"sensor": "radar"}, {"max_cloud_frac": 20}, {"time": "someday"}, {"collections": []}, {"collections": [""]}],
)
def test_arguments_without_sense_are_refused(bad):
    with pytest.raises(InputError):
        make_query(BOX, **bad)


# ---------------------------------------------------------------------------------------------- what a server is asked


def test_a_server_with_cql2_gets_cloud_and_filter_in_one():
    query = make_query(BOX, max_cloud_frac=0.07, query="platform = 'a'", collections=["sentinel-2-l2a"])
    request = request_for(query, server("FILTER", "QUERY"))
    (body,) = request.bodies
    assert body["filter"]["op"] == "and"
    assert {"op": "<=", "args": [{"property": "eo:cloud_cover"}, 7.0]} in body["filter"]["args"][0]["args"]
    assert body["filter"]["args"][1] == query.filter.document
    assert request.sent == {"aoi", "max_cloud_frac", "query", "collections"}
    assert request.local == {}


def test_a_server_with_the_query_extension_gets_the_cloud_limit_where_no_scene_is_lost_by_it():
    request = request_for(make_query(BOX, max_cloud_frac=0.2, collections=["sentinel-2-l2a"]), server("QUERY"))
    assert request.bodies[0]["query"] == {"eo:cloud_cover": {"lte": 20.0}}
    both = request_for(make_query(BOX, max_cloud_frac=0.2, collections=["sentinel-2-l2a", "naip"]), server("QUERY"))
    assert "query" not in both.bodies[0]
    assert set(both.local) == {"max_cloud_frac"}


def test_a_server_without_either_is_not_sent_what_it_would_misread():
    request = request_for(make_query(BOX, max_cloud_frac=0.2, query="platform = 'a'"), server())
    assert request.bodies == ({"bbox": list(BOX)},)
    assert set(request.local) == {"max_cloud_frac", "query"}


def test_an_outline_is_asked_for_as_it_is_unless_it_is_huge():
    triangle = shapely.Polygon([(11, 46), (12, 46), (11, 47)])
    assert request_for(make_query(triangle), server()).bodies[0]["intersects"] == mapping(triangle)
    disc = shapely.Point(11, 46).buffer(1, quad_segs=1000)
    huge = request_for(make_query(disc), server())
    assert "bbox" in huge.bodies[0]
    assert "aoi" not in huge.sent


# ---------------------------------------------------------------------------------------------------------- the sieve


def plain(document):
    return scene(document["id"], document["properties"]["datetime"], collection=document["collection"])


@given(st.permutations(range(6)), st.lists(st.integers(0, 5), max_size=6))
def test_the_order_in_which_pages_come_and_repeats_change_nothing(order, repeats):
    there = [item(f"2020-06-0{1 + i // 2}T10:00:00Z", name=f"n{5 - i}") for i in range(6)]
    sieve = Sieve(make_query(Aoi.from_bbox(BOX), time=TimeRange.parse("2020-06")), plain)
    for number in [*order, *repeats]:
        sieve.add(there[number])
    assert [s.id for s in sieve.result(10)] == ["n4", "n5", "n2", "n3", "n0", "n1"]
    assert sieve.seen == 6
