"""Catalogues by name, by address and by path."""

from pathlib import Path

import pytest

from terrascope_sdk.errors import InputError
from terrascope_sdk.stac import catalogs
from terrascope_sdk.stac.catalogs import Catalog, catalog_of, find_catalog, known_catalogs, register_catalog


@pytest.fixture(autouse=True)
def _unchanged(monkeypatch):
    monkeypatch.setattr(catalogs, "_known", {c.name: c for c in catalogs._BUILT_IN})


def test_the_named_ones_are_there():
    urls = {c.name: c.url for c in known_catalogs()}
    assert urls["earth-search"] == "https://earth-search.aws.element84.com/v1"
    assert urls["planetary-computer"] == "https://planetarycomputer.microsoft.com/api/stac/v1"
    assert urls["copernicus"] == "https://stac.dataspace.copernicus.eu/v1"
    assert urls["landsatlook"] == "https://landsatlook.usgs.gov/stac-server"
    assert find_catalog("planetary-computer").signing == "planetary-computer"
    assert {c.name for c in known_catalogs() if c.verified} >= {"earth-search", "planetary-computer", "bundled"}
    assert not find_catalog("copernicus").verified
    assert not find_catalog("landsatlook").verified
    assert all(c.license and c.notes for c in known_catalogs())


def test_nothing_means_the_bundled_one():
    assert find_catalog(None).kind == "bundled"
    assert find_catalog(None) is find_catalog("Bundled ")


def test_an_address_is_an_api_and_a_known_address_has_its_name():
    made = find_catalog("HTTPS://Stac.Example.org/Api/v1/")
    assert (made.kind, made.url, made.name) == ("api", *["https://stac.example.org/Api/v1"] * 2)
    assert not made.verified
    assert find_catalog("http://127.0.0.1:8080").url == "http://127.0.0.1:8080"
    assert find_catalog("https://earth-search.aws.element84.com/v1/").name == "earth-search"
    assert find_catalog(made) is made


@pytest.mark.parametrize("address", ["s3://bucket/catalog.json", "file:///etc/passwd", "ftp://a.org", "https:///v1"])
def test_only_http_addresses(address):
    with pytest.raises(InputError, match="http or https"):
        find_catalog(address)


@pytest.mark.parametrize("address", ["https://me:hunter2@a.org/v1", "https://a.org/v1?token=hunter2"])
def test_secrets_in_an_address_are_refused_and_not_repeated(address):
    with pytest.raises(InputError) as caught:
        find_catalog(address)
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize(
    ("name", "kind"),
    [("catalog.json", "static"), ("collection.json", "static"), ("a.parquet", "parquet"), ("a.geoparquet", "parquet")],
)
def test_a_path_is_a_file(tmp_path, name, kind):
    path = tmp_path / name
    path.write_text("{}")
    for value in (path, str(path)):
        made = find_catalog(value)
        assert (made.kind, made.url) == (kind, str(path))


def test_paths_that_are_no_catalogue(tmp_path):
    with pytest.raises(InputError, match="no catalogue file"):
        find_catalog(tmp_path / "catalog.json")
    other = tmp_path / "scene.tif"
    other.write_bytes(b"")
    with pytest.raises(InputError, match=r"scene\.tif"):
        find_catalog(other)


def test_an_unknown_name_is_answered_with_the_closest():
    with pytest.raises(InputError, match=r"'erth-search' is no catalogue\..*Did you mean 'earth-search'"):
        find_catalog("erth-search")
    with pytest.raises(InputError, match="Known are earth-search, planetary-computer"):
        find_catalog("q")


def test_five_lines_add_a_catalogue():
    register_catalog(Catalog("Lab", "Ours", "https://stac.example.org/api/", license="CC-BY-4.0"))
    assert find_catalog("lab").url == "https://stac.example.org/api"
    assert find_catalog("https://stac.example.org/api").name == "Lab"
    register_catalog(Catalog("Lab", "Ours", "https://stac.example.org/v2"))
    assert find_catalog("lab").url.endswith("/v2")
    assert (
        catalog_of({"links": [{"rel": "self", "href": "https://stac.example.org/v2/collections/a/items/b"}]}) == "Lab"
    )


@pytest.mark.parametrize(
    ("catalog", "word"),
    [
        (Catalog("earth-search", url="https://a.org"), "taken"),
        (Catalog("Bundled", url="https://a.org"), "taken"),
        (Catalog("", url="https://a.org"), "cannot name"),
        (Catalog("a/b", url="https://a.org"), "cannot name"),
        (Catalog("a", url="https://a.org", kind="wms"), "kind"),
        (Catalog("a", url="https://a.org", signing="secret"), "signing"),
        (Catalog("a", url="gopher://a.org"), "gopher"),
    ],
)
def test_what_makes_no_sense_is_not_registered(catalog, word):
    with pytest.raises(InputError, match=word):
        register_catalog(catalog)


@pytest.mark.parametrize(
    ("item", "name"),
    [
        ({"properties": {"terrascope:catalog": "somewhere"}}, "somewhere"),
        ({"properties": {"terrascope:place": "bolzano"}}, "bundled"),
        (
            {"links": [{"rel": "self", "href": "https://earth-search.aws.element84.com/v1/collections/a"}]},
            "earth-search",
        ),
        (
            {"links": [{"rel": "root", "href": "https://planetarycomputer.microsoft.com/api/stac/v1"}]},
            "planetary-computer",
        ),
        ({"links": [{"rel": "self", "href": "https://earth-search.aws.element84.com.evil.org/v1/a"}]}, "unknown"),
        ({"links": [{"rel": "self", "href": "https://earth-search.aws.element84.com/v10/collections/a"}]}, "unknown"),
        ({"assets": {"a": {"href": "https://sentinel-cogs.s3.us-west-2.amazonaws.com/a.tif"}}}, "earth-search"),
        ({"assets": {"a": {"href": "https://naipeuwest.blob.core.windows.net/naip/a.tif"}}}, "planetary-computer"),
        ({"assets": {"a": {"href": "s3://eodata/Sentinel-2/a.jp2"}}}, "copernicus"),
        ({"assets": {"a": {"href": "./a.tif"}}}, "unknown"),
        ({}, "unknown"),
    ],
)
def test_where_an_item_comes_from(item, name):
    assert catalog_of(item) == name


def test_a_path_object_is_never_a_name():
    with pytest.raises(InputError, match="no catalogue file"):
        find_catalog(Path("bundled"))
