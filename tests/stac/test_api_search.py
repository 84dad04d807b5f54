"""Search of a STAC API against servers on loopback: scripted ones with every habit, and recorded public answers."""

import json
import warnings

import pytest
import requests

from terrascope_sdk.errors import CatalogError, InputError
from terrascope_sdk.stac.finding.api_io import answer_detail, bare
from terrascope_sdk.stac.finding.api_search import ApiSearch
from terrascope_sdk.stac.finding.query import make_query
from terrascope_sdk.stac.notices import MoreScenes, PagesRepeat, QueryIgnored, UnknownProperty, UnreadableItems
from tests.stac.made import scene
from tests.stac.stub_api import RecordedApi, StubApi
from tests.stac.test_query import BOX, item

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])


def plain(document):
    """A scene of any item, with no knowledge of collections: search is what is tested here."""
    properties = document["properties"]
    cloud = properties.get("eo:cloud_cover")
    sar = document["collection"].startswith("sentinel-1")
    made = scene(document["id"], properties["datetime"][:19], collection=document["collection"], item=document)
    kind = (
        {"sensor": "sar", "quantity": "gamma0_rtc"} if sar else {"cloud_frac": None if cloud is None else cloud / 100}
    )
    return type(made)(**{f: getattr(made, f) for f in made.__dataclass_fields__} | kind)


def found(api, *, limit=1000, page_size=100, aoi=BOX, **asked):
    with requests.Session() as session:
        session.trust_env = False
        opened = ApiSearch(api.url, session, read=plain, name="stub")
        return [s.id for s in opened.scenes(make_query(aoi, **asked), limit=limit, page_size=page_size)]


def paged(items, **fields):
    """Answers of a well-behaved server over these items, in pages of the size it is asked for."""

    def answer(body, number):
        at, size = body.get("token", 0), body["limit"]
        page = {"features": items[at : at + size], "numberMatched": len(items)} | fields
        if at + size < len(items):
            page["links"] = [{"rel": "next", "href": api_of[0].url + "/search", "method": "POST",
                              "body": body | {"token": at + size}}]  # fmt: skip
        return page

    api_of = []
    return answer, api_of


def serving(items, **fields):
    conforms = fields.pop("conforms", ())
    answer, api_of = paged(items)
    api = StubApi(answer=answer, conforms=conforms, **fields)
    api_of.append(api)
    return api


def days(count, **fields):
    return [item(f"2020-06-{1 + i:02}T10:00:00Z", name=f"n{i:02}", **fields) for i in range(count)]


# -------------------------------------------------------------------------------------------------------------- pages


@pytest.mark.parametrize("page_size", [1, 3, 100])
def test_pages_are_read_to_the_end_and_put_in_order(page_size):
    with serving(days(9)[::-1]) as api:
        assert found(api, page_size=page_size) == [f"n{i:02}" for i in range(9)]
        assert all("token" not in b or b["bbox"] == list(BOX) for b in api.bodies)


def test_a_limit_keeps_what_came_first_and_says_that_there_is_more():
    with serving(days(9)[::-1]) as api:
        with pytest.warns(MoreScenes, match="of 9 were looked at") as told:
            assert found(api, limit=4, page_size=2) == ["n05", "n06", "n07", "n08"]
        assert told[0].message.matched == 9
        assert len(api.bodies) <= 3
    with serving(days(4)) as api:
        assert len(found(api, limit=4, page_size=2)) == 4  # not one more, and no warning


def test_an_item_on_two_pages_counts_once():
    there = days(6)
    pages = [there[:3], there[2:5], there[4:]]

    def answer(_, number):
        links = [{"rel": "next", "href": f"{api.url}/search?page={number + 1}"}] if number < 2 else []
        return {"features": pages[number], "links": links}

    with StubApi(answer=answer) as api:
        assert found(api) == [f"n{i:02}" for i in range(6)]


def test_the_same_id_in_two_collections_is_two_scenes():
    twins = [item(name="n", collection="hls2-s30"), item(name="n", collection="hls2-l30")]
    with serving(twins) as api:
        assert len(found(api)) == 2


def test_next_links_that_go_round_end():
    def answer(_, number):
        return {"features": days(2), "links": [{"rel": "next", "href": f"{api.url}/search?page={number % 2}"}]}

    with StubApi(answer=answer) as api:
        with pytest.warns(PagesRepeat, match="lead back"):
            assert found(api) == ["n00", "n01"]
        assert len(api.bodies) == 3


def test_pages_that_never_bring_anything_new_end():
    def answer(_, number):
        return {"features": days(2), "links": [{"rel": "next", "href": f"{api.url}/search?page={number}"}]}

    with StubApi(answer=answer) as api:
        with pytest.warns(PagesRepeat, match="nothing new"):
            assert found(api) == ["n00", "n01"]
        assert len(api.bodies) == 4


def test_an_empty_page_in_the_middle_is_not_the_end():
    def answer(_, number):
        links = [{"rel": "next", "href": f"{api.url}/search?page={number + 1}"}] if number < 2 else []
        return {"features": [] if number == 1 else days(number + 1), "links": links}

    with StubApi(answer=answer) as api:
        assert found(api) == ["n00", "n01", "n02"]


# ------------------------------------------------------------------------------------------- what the server ignores


@pytest.mark.parametrize(
    ("part", "asked", "stranger"),
    [
        ("time", {"time": "2020-06"}, item("2020-07-01T00:00:00Z", name="x")),
        ("aoi", {}, item("2020-06-02T00:00:00Z", name="x", box=(0, 0, 1, 1))),
        ("collections", {"collections": ["sentinel-2-l2a"]}, item(name="x", collection="sentinel-2-l1c")),
        ("max_cloud_frac", {"max_cloud_frac": 0.5}, item(name="x", cloud=51)),
        ("query", {"query": "platform = 'a'"}, item(name="x", platform="b")),
    ],
)
def test_what_a_server_ignored_is_dropped_here_and_named(part, asked, stranger):
    with serving([*days(3, cloud=50, platform="a"), stranger], conforms=["FILTER"]) as api:
        with pytest.warns(QueryIgnored, match=f"stub ignored {part}: 1 of its 4 items") as told:
            assert found(api, **asked) == ["n00", "n01", "n02"]
        assert [w.message.part for w in told] == [part]


def test_a_server_without_filters_is_asked_for_none_and_they_are_applied_here():
    there = [item(name="a", cloud=10, platform="p"), item(name="b", cloud=90, platform="p"), item(name="c", cloud=10)]
    with serving(there) as api:
        with pytest.warns(QueryIgnored) as told:
            assert found(api, max_cloud_frac=0.2, query="platform = 'p'") == ["a"]
        assert {w.message.part for w in told} == {"max_cloud_frac", "query"}
        assert set(api.bodies[0]) == {"bbox", "limit"}


def test_the_sensor_is_decided_here_without_a_word():
    there = [item(name="a"), item(name="b", collection="sentinel-1-rtc")]
    with serving(there) as api:
        assert found(api, sensor="sar") == ["b"]
        assert found(api, sensor="optical") == ["a"]


def test_items_that_are_no_imagery_are_left_out_and_named():
    broken = item(name="x", collection="odd") | {"properties": {"datetime": "yesterday"}}
    with serving([*days(2), broken]) as api, pytest.warns(UnreadableItems, match="odd"):
        assert found(api, time="2020") == ["n00", "n01"]


def test_a_property_that_nobody_knows_is_named():
    with (
        serving([], conforms=["FILTER"], queryables={"queryables": ["id", "eo:cloud_cover"]}) as api,
        pytest.warns(UnknownProperty, match=r"'cloudiness'.*eo:cloud_cover"),
    ):
        assert found(api, query="cloudiness < 3") == []


def test_a_property_that_is_listed_or_that_items_have_is_not_named():
    known = {"queryables": ["id"], "collections/c/queryables": ["listed"]}
    with serving(days(1, platform="a"), conforms=["FILTER"], queryables=known) as api:
        assert found(api, query="platform = 'a'") == ["n00"]
        assert "/queryables" not in api.paths  # the items tell
    with serving([], conforms=["FILTER"], queryables=known) as api:
        assert found(api, query="listed = 1", collections=["c"]) == []


def test_both_sides_of_the_antimeridian_are_asked_for():
    def answer(body, _):
        west = body["bbox"][0] > 0
        return {"features": [item(name="w" if west else "e", box=(179, 0, 180, 1) if west else (-180, 0, -179, 1))]}

    with StubApi(answer=answer) as api:
        assert found(api, aoi=(178, 0, -178, 1)) == ["e", "w"]
        assert [b["bbox"] for b in api.bodies] == [[178, 0, 180, 1], [-180, 0, -178, 1]]


def test_a_server_that_takes_get_only_is_asked_by_get():
    with StubApi(answer=lambda *_: {"features": days(1)}, methods=["GET"], conforms=["FILTER"]) as api:
        assert found(api, max_cloud_frac=0.5, time="2020") == ["n00"]
        assert api.bodies[0]["bbox"] == "11.0,46.0,12.0,47.0"
        assert api.bodies[0]["filter-lang"] == "cql2-text"


# -------------------------------------------------------------------------------------------------------------- faults


@pytest.mark.parametrize(
    ("answer", "error", "message"),
    [
        ((400, json.dumps({"detail": "bad bbox"})), InputError, r"refused the search \(400\): bad bbox"),
        ((500, "<html><b>oops</b></html>"), CatalogError, r"failed \(500\): oops"),
        ((403, json.dumps({"message": "no https://u:p@a.b/c?sig=SECRET"})), CatalogError, r"https://a\.b/c\."),
        ((200, "<html>portal</html>"), CatalogError, "no JSON"),
        ({"features": None}, CatalogError, "no list of features"),
    ],
)
def test_an_error_answer_becomes_a_typed_error_with_the_servers_reason(answer, error, message):
    with StubApi(answer=lambda *_: answer) as api, pytest.raises(error, match=message) as told:
        found(api)
    assert "SECRET" not in str(told.value)


def test_what_is_no_stac_api_is_said_so():
    for landing, reason in (
        (
            {"type": "Catalog", "id": "x", "description": "", "stac_version": "1.0.0", "links": []},
            "no item search|item",
        ),
        ({"hello": "world"}, "no catalogue"),
        ("<html>", "no JSON|no catalogue"),
    ):
        with StubApi(answer=None, landing=landing) as api, pytest.raises(CatalogError, match=reason):
            found(api)


def test_a_server_that_is_away_is_said_so_without_the_links_query():
    with StubApi(answer=None) as api:
        pass
    api.url += "/?token=SECRET"
    with pytest.raises(CatalogError, match="stub cannot be reached: ConnectionError") as told:
        found(api)
    assert "SECRET" not in str(told.value)
    assert told.value.__cause__ is None


def test_a_next_link_to_a_file_is_refused(tmp_path):
    secret = tmp_path / "secret.json"
    secret.write_text(json.dumps({"features": days(1)}))
    for href in (str(secret), secret.as_uri()):
        page = {"features": days(1), "links": [{"rel": "next", "href": href}]}
        with StubApi(answer=lambda *_, p=page: p) as api, pytest.raises(CatalogError, match=r"no http\(s\) address"):
            found(api)


def test_details_are_short_and_bare():
    assert answer_detail(json.dumps({"detail": [{"msg": "x" * 1000}]})).__len__() == 300
    assert answer_detail("") == "no reason given"
    assert bare("see https://me:key@host/a?sig=1#x, or http://b/c?d") == "see https://host/a or http://b/c"


# ------------------------------------------------------------------------------------------------------------ recorded


def test_earth_search_ignored_a_cloud_limit_of_the_wrong_kind():
    """The recorded server takes no CQL2; its answer to one holds scenes over the limit."""
    with RecordedApi("earth-search") as api, warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        ids = found(api, aoi=(-180, -90, 180, 90), max_cloud_frac=0.4, limit=100)
    assert "S2B_24MUV_20250731_0_L2A" not in ids  # 57 % cloud
    assert "S2B_20EPT_20250731_0_L2A" in ids
    assert sum(i.startswith("S1A") for i in ids) == 3
    assert {w.message.part for w in told if isinstance(w.message, QueryIgnored)} == {"max_cloud_frac"}


def test_earth_search_finds_two_satellites_over_one_point():
    both = ["sentinel-2-l2a", "landsat-c2-l2"]
    with RecordedApi("earth-search") as api:
        ids = found(api, aoi=(-105.11, 40.16, -105.09, 40.17), time="2023-10-08", collections=both)
        assert ids == ["LC08_L2SP_033032_20231008_02_T1", "S2A_13TDE_20231008_0_L2A"]
        first, second = api.bodies
        assert first["datetime"] == "2023-10-08T00:00:00Z/2023-10-08T23:59:59.999999Z"
        assert first["collections"] == both
        assert second["next"].startswith("2023-10-08")


def test_planetary_computer_takes_cql2():
    with RecordedApi("planetary-computer") as api:
        with pytest.warns(QueryIgnored, match="ignored") as told:  # the replay does not read the limits
            ids = found(
                api, aoi=(-180, -90, 180, 90), time="2019-01-01", max_cloud_frac=0.5, collections=["sentinel-2-l2a"]
            )
        assert {w.message.part for w in told} == {"max_cloud_frac"}
        assert len(ids) == 2
        assert api.bodies[0]["filter"]["op"] == "or"
        assert api.bodies[0]["sortby"][0] == {"field": "properties.datetime", "direction": "desc"}
