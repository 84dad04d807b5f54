"""Catalogues that are files: folders of JSON, one document, stac-geoparquet."""

import json

import pytest
import rustac

from terrascope_sdk.errors import CatalogError, InputError, NoScenesFound, UnsafeLink
from terrascope_sdk.stac import search
from terrascope_sdk.stac.finding.file_catalogs import read_items
from terrascope_sdk.stac.notices import MoreScenes, UnreadableItems
from tests.stac import made
from tests.stac.range_server import RangeServer

BOX = tuple(made.GRID.bounds_lonlat)


def collection(name, *links):
    return {
        "type": "Collection", "stac_version": "1.0.0", "id": name, "description": "d", "license": "CC0-1.0",
        "extent": {"spatial": {"bbox": [[-180, -90, 180, 90]]}, "temporal": {"interval": [[None, None]]}},
        "links": list(links),
    }  # fmt: skip


def link(rel, href):
    return {"rel": rel, "href": href, "type": "application/json"}


def documents(folder):
    """Three scenes in one collection below a catalogue, all links relative, some going back up."""
    items = []
    for day in (1, 2, 3):
        item = made.item(folder / "pixels", f"s{day}", when=f"2020-06-0{day}T10:00:00Z", bands={"red": made.ramp()},
                         **{"eo:cloud_cover": day * 10})  # fmt: skip
        item["assets"]["red"]["href"] = f"../pixels/s{day}/red.tif"
        item["links"] = [link("parent", "collection.json"), link("root", "../catalog.json")]
        items.append(item)
    return items


@pytest.fixture
def catalogue(tmp_path):
    folder = tmp_path / "mine"
    (folder / "c").mkdir(parents=True)
    root = {"type": "Catalog", "stac_version": "1.0.0", "id": "root", "description": "d"}
    root["links"] = [link("self", "https://elsewhere.test/catalog.json"), link("child", "./c/collection.json")]
    items = documents(folder)
    back = [link("parent", "../catalog.json"), link("child", "../catalog.json"), link("root", "../catalog.json")]
    (folder / "catalog.json").write_text(json.dumps(root))
    below = [link("item", f"./{i['id']}.json") for i in items]
    (folder / "c" / "collection.json").write_text(json.dumps(collection("synthetic", *back, *below)))
    for item in items:
        (folder / "c" / f"{item['id']}.json").write_text(json.dumps(item))
    return folder / "catalog.json"


def test_a_folder_of_documents_is_searched_like_any_catalogue(catalogue):
    scenes = search(BOX, catalog=catalogue)
    assert [s.id for s in scenes] == ["s1", "s2", "s3"]
    assert [s.id for s in search(BOX, catalog=str(catalogue), time="2020-06-02/2020-06-03", max_cloud_frac=0.2)] == [
        "s2"
    ]
    assert [s.id for s in search(BOX, catalog=catalogue, query='"eo:cloud_cover" > 25')] == ["s3"]
    href = scenes[0].item["assets"]["red"]["href"]
    assert href == str(catalogue.parent / "pixels" / "s1" / "red.tif")


def test_one_document_of_items_and_one_item(catalogue, tmp_path):
    items = documents(tmp_path / "mine")
    whole = tmp_path / "mine" / "c" / "all.json"
    whole.write_text(json.dumps({"type": "FeatureCollection", "features": items}))
    assert len(search(BOX, catalog=whole)) == 3
    assert [s.id for s in search(BOX, catalog=catalogue.parent / "c" / "s2.json")] == ["s2"]


def test_stac_geoparquet(tmp_path):
    items = documents(tmp_path / "mine")
    file = tmp_path / "mine" / "c" / "items.parquet"
    file.parent.mkdir()
    rustac.write_sync(str(file), items)
    scenes = search(BOX, catalog=file)
    assert [s.id for s in scenes] == ["s1", "s2", "s3"]
    assert scenes[0].item["assets"]["red"]["href"].endswith("/mine/c/../pixels/s1/red.tif")


def test_a_limit_and_an_empty_answer(catalogue):
    with pytest.warns(MoreScenes) as told:
        assert [s.id for s in search(BOX, catalog=catalogue, limit=2)] == ["s2", "s3"]
    assert told[0].filename == __file__  # the line of the caller, not one of ours
    with pytest.raises(
        NoScenesFound, match=r"without time there are scenes \(3, the newest of 2020-06-03\)|Without time"
    ):
        search(BOX, catalog=catalogue, time="2019")


def test_items_that_are_no_scenes_are_left_out_and_named(catalogue):
    item = json.loads((catalogue.parent / "c" / "s2.json").read_text())
    del item["properties"]["terrascope:quantity"]
    (catalogue.parent / "c" / "s2.json").write_text(json.dumps(item))
    with pytest.warns(UnreadableItems, match="terrascope:quantity"):
        assert [s.id for s in search(BOX, catalog=catalogue)] == ["s1", "s3"]


def test_other_collections_are_not_even_opened(catalogue):
    (catalogue.parent / "c" / "s2.json").write_text("broken")
    assert read_items(catalogue, collections=["another"]) == []


@pytest.mark.parametrize(
    "place", ["../secret.json", "file:///etc/hostname", "https://other.test/item.json", "up/secret.json"]
)
def test_a_link_out_of_the_folder_is_refused(catalogue, place):
    secret = catalogue.parent.parent / "secret.json"
    secret.write_text("{}")
    (catalogue.parent / "up").symlink_to(catalogue.parent.parent)
    root = json.loads(catalogue.read_text())
    root["links"].append(link("item", place))
    catalogue.write_text(json.dumps(root))
    with pytest.raises(UnsafeLink, match="outside its folder"):
        search(BOX, catalog=catalogue)


@pytest.mark.parametrize(
    ("text", "reason"),
    [("{", "no JSON"), ('{"type": "Something"}', "no STAC document"), ("[]", "no STAC document")],
)
def test_what_is_no_catalogue_is_said_so(tmp_path, text, reason):
    file = tmp_path / "catalog.json"
    file.write_text(text)
    with pytest.raises(CatalogError, match=reason):
        search(BOX, catalog=file)


def test_a_missing_document_and_a_file_that_is_no_parquet(catalogue, tmp_path):
    (catalogue.parent / "c" / "s2.json").unlink()
    with pytest.raises(CatalogError, match=r"s2\.json, which is not there"):
        search(BOX, catalog=catalogue)
    (tmp_path / "a.parquet").write_bytes(b"PAR0")
    with pytest.raises(CatalogError, match="no stac-geoparquet"):
        search(BOX, catalog=tmp_path / "a.parquet")
    with pytest.raises(InputError):
        search(BOX, catalog=tmp_path / "absent.json")


@pytest.mark.enable_socket
@pytest.mark.parametrize("file", ["catalog.json", "c/items.parquet"])
def test_the_same_files_at_an_address(catalogue, file):
    folder = catalogue.parent
    rustac.write_sync(str(folder / "c" / "items.parquet"), documents(folder))
    with RangeServer(folder) as server:
        scenes = search(BOX, catalog=f"{server.url}/{file}")
    assert [s.id for s in scenes] == ["s1", "s2", "s3"]
    assert scenes[0].item["assets"]["red"]["href"] == f"{server.url}/pixels/s1/red.tif"


@pytest.mark.enable_socket
def test_a_remote_catalogue_cannot_point_at_files_of_this_machine(catalogue):
    root = json.loads(catalogue.read_text())
    root["links"].append(link("item", "file:///etc/hostname"))
    catalogue.write_text(json.dumps(root))
    with RangeServer(catalogue.parent) as server, pytest.raises(UnsafeLink):
        search(BOX, catalog=f"{server.url}/catalog.json")
