"""The bundled catalogue as it lies in the package: complete, valid, small, and free of what must not be inside."""

import json
from functools import cache
from pathlib import Path, PurePosixPath

import numpy as np
import pystac
import pytest
import rasterio
import rustac
from pystac.stac_object import STACObjectType
from pystac.validation.stac_validator import JsonSchemaSTACValidator

import terrascope_sdk.stac
from terrascope_sdk.stac.quality import quality_bands
from terrascope_sdk.stac.radiometry import sar_encodings
from terrascope_sdk.types.instant import parse_instant
from terrascope_sdk.types.scene import optical_quantities, sar_quantities

DATA = Path(terrascope_sdk.stac.__file__).parent / "data"
ITEMS = {i["id"]: i for i in json.loads(json.dumps(rustac.read_sync(str(DATA / "items.parquet"))["features"]))}
PLACES = {p["name"]: p for p in json.loads((DATA / "places.json").read_text(encoding="utf-8"))}
NAMES = ["bolzano", "slovenia", "pucallpa", "belgium", "santa-barbara", "spain", "taizhou", "kampala"]
TEXTS = ["NOTICE", "places.json", "items.parquet", *(f"collections/{p.name}" for p in (DATA / "collections").iterdir())]

each_item = pytest.mark.parametrize("item", ITEMS.values(), ids=list(ITEMS))


@cache
def pixels(item_id, asset):
    with rasterio.open(DATA / ITEMS[item_id]["assets"][asset]["href"]) as file:
        return file.read(1)


def of_place(name):
    return [i for i in ITEMS.values() if i["properties"]["terrascope:place"] == name]


def test_it_is_small_enough_to_ship():
    assert sum(p.stat().st_size for p in DATA.rglob("*") if p.is_file()) < 25_000_000


def test_every_place_has_its_scenes():
    assert list(PLACES) == NAMES
    counts = {name: len(of_place(name)) for name in NAMES}
    assert counts == {
        "bolzano": 1, "slovenia": 5, "pucallpa": 5, "belgium": 22, "santa-barbara": 21, "spain": 2, "taizhou": 2,
        "kampala": 1,
    }  # fmt: skip
    assert len(ITEMS) == sum(counts.values())


@each_item
def test_an_item_is_valid_stac(item):
    read = pystac.Item.from_dict(item)
    assert read.datetime is not None
    assert read.bbox == pytest.approx(item["bbox"])
    JsonSchemaSTACValidator().validate_core(item, STACObjectType.ITEM, item["stac_version"])
    collection = DATA / next(link["href"] for link in item["links"] if link["rel"] == "collection")
    assert json.loads(collection.read_text())["id"] == item["collection"]


@pytest.mark.parametrize("path", sorted((DATA / "collections").iterdir()), ids=lambda p: p.stem)
def test_a_collection_is_valid_stac(path):
    document = json.loads(path.read_text(encoding="utf-8"))
    pystac.Collection.from_dict(document)
    JsonSchemaSTACValidator().validate_core(document, STACObjectType.COLLECTION, document["stac_version"])
    assert document["id"] == path.stem in {i["collection"] for i in ITEMS.values()}


@each_item
def test_links_are_relative_and_stay_inside(item):
    for link in [*item["assets"].values(), *item["links"]]:
        href = PurePosixPath(link["href"])
        assert not href.is_absolute()
        assert ":" not in link["href"]
        assert ".." not in href.parts
        assert (DATA / href).is_file()


@each_item
def test_every_file_is_what_its_item_says(item):
    facts = item["properties"]
    for name, asset in item["assets"].items():
        (band,) = asset["raster:bands"]
        with rasterio.open(DATA / asset["href"]) as file:
            assert file.tags(ns="IMAGE_STRUCTURE")["LAYOUT"] == "COG", name
            assert file.compression.name == "deflate"
            assert file.count == 1
            assert list(file.shape) == facts["proj:shape"]
            assert list(file.transform[:6]) == facts["proj:transform"]
            assert f"EPSG:{file.crs.to_epsg()}" == facts["proj:code"]
            assert file.dtypes[0] == band["data_type"]
            missing = None if file.nodata is None or np.isnan(file.nodata) else file.nodata
            assert missing == band.get("nodata"), name
            assert bool(file.overviews(1)) == (max(file.shape) >= 1024)


@each_item
def test_its_own_properties_are_there_and_known(item):
    facts = item["properties"]
    place = PLACES[facts["terrascope:place"]]
    sensor, quantity = facts["terrascope:sensor"], facts["terrascope:quantity"]
    assert quantity in {"optical": optical_quantities, "sar": sar_quantities}[sensor]
    assert sensor in place["sensors"]
    assert quantity in place["quantity"]
    assert facts["terrascope:attribution"] == place["attribution"]
    assert facts["terrascope:license"] == place["license"]
    assert len(facts["terrascope:source"].partition("@")[2]) == 40
    assert facts["terrascope:notes"]
    assert set(facts["terrascope:notes"]) <= set(place["traps"])
    assert facts["gsd"] > 0
    if sensor == "sar":
        assert facts["terrascope:encoding"] in sar_encodings
        assert "dB" in facts["terrascope:formula"]
        assert set(item["assets"]) == {"vv", "vh"}
        assert facts["sar:frequency_band"] == "C"


@each_item
def test_a_time_is_inside_its_period(item):
    facts = item["properties"]
    start, end = facts.get("start_datetime"), facts.get("end_datetime")
    assert (start is None) == (end is None)
    if start:
        assert parse_instant(start) <= parse_instant(facts["datetime"]) <= parse_instant(end)
        assert any(word in " ".join(facts["terrascope:notes"]) for word in ("unknown", "composite", "only"))


@each_item
def test_optical_bands_are_described_for_readers_of_spectra(item):
    data = {n: a for n, a in item["assets"].items() if a["roles"] == ["data"]}
    assert data
    if item["properties"]["terrascope:sensor"] == "optical":
        for name, asset in data.items():
            (band,) = asset["eo:bands"]
            assert 0.4 < band["center_wavelength"] < 2.5, name
            assert 0 < band["full_width_half_max"] < 0.3
            assert name.startswith(band["common_name"])
            has_scale = "scale" in asset["raster:bands"][0]
            assert has_scale == (item["properties"]["terrascope:quantity"] != "display")


@each_item
def test_other_assets_are_quality_or_reference(item):
    for name, asset in item["assets"].items():
        if asset["roles"] == ["reference"]:
            assert (item["properties"]["terrascope:place"], name) in {
                ("slovenia", "lulc"), ("taizhou", "change_reference"),
            }  # fmt: skip
            assert asset["terrascope:attribution"]
        elif "cloud" in asset["roles"]:
            assert name in quality_bands
        else:
            assert asset["roles"] == ["data"]
            continue
        codes = {c["value"] for c in asset["classification:classes"]}
        assert set(np.unique(pixels(item["id"], name)).tolist()) <= codes


@each_item
def test_cloud_cover_is_what_the_quality_band_says(item):
    hidden = {"scl": (8, 9, 10), "cloud": (1,)}
    name = next((n for n in hidden if n in item["assets"]), None)
    stated = item["properties"].get("eo:cloud_cover")
    if name is None:
        assert stated is None
    else:
        assert stated == pytest.approx(100 * np.isin(pixels(item["id"], name), hidden[name]).mean(), abs=1e-3)


def test_every_file_belongs_to_an_item():
    used = {a["href"] for i in ITEMS.values() for a in i["assets"].values()}
    there = {p.relative_to(DATA).as_posix() for p in DATA.rglob("*") if p.is_file()}
    assert there == used | set(TEXTS)


def test_labels_of_unclear_licence_are_not_inside():
    for path in DATA.rglob("*"):
        assert not any(word in path.name.lower() for word in ("label", "building", "geojson", "npz", ".nc"))
    assert {n for i in of_place("spain") for n in i["assets"]} & {"label", "water", "reference"} == set()
    assert set(ITEMS["kampala-drone"]["assets"]) == {"red", "green", "blue"}


@pytest.mark.parametrize("name", TEXTS)
def test_no_machine_path_is_inside(name):
    content = (DATA / name).read_bytes()
    assert not any(text in content for text in (b"/home/", b"/tmp/", b"/root/", b"/Users/", b"file://"))


def test_the_notice_gives_credit_for_every_place():
    notice = (DATA / "NOTICE").read_text(encoding="utf-8")
    for name, place in PLACES.items():
        assert f"== {name}:" in notice
        assert place["attribution"] in notice
        assert place["license"] in notice
        source, _, commit = of_place(name)[0]["properties"]["terrascope:source"].partition("@")
        assert source in notice
        assert commit in notice
    assert "Permission is hereby granted" in notice  # MIT asks for its text in every copy
    assert "Ministry of Agriculture, Forestry and Food of Slovenia" in notice


@pytest.mark.parametrize("name", NAMES)
def test_a_place_says_what_its_items_hold(name):
    place, items = PLACES[name], of_place(name)
    west, south, east, north = place["bbox"]
    for item in items:
        w, s, e, n = item["bbox"]
        assert west <= w < e <= east
        assert south <= s < n <= north
        for x, y in item["geometry"]["coordinates"][0]:
            assert w - 1e-7 <= x <= e + 1e-7
            assert s - 1e-7 <= y <= n + 1e-7
    assert place["dates"] == sorted(set(place["dates"]))
    for field in ("title", "description", "country", "good_for", "traps"):
        assert place[field]


def test_months_without_optical_data_have_no_optical_item():
    months = {i["id"][-7:] for i in of_place("belgium") if i["properties"]["terrascope:sensor"] == "optical"}
    radar = {i["id"][-7:] for i in of_place("belgium") if i["properties"]["terrascope:sensor"] == "sar"}
    assert radar - months == {"2020-12", "2021-01"}


# Counts that the reference files of the raw scenes state.
def test_class_maps_hold_the_counts_their_sources_state():
    scl = pixels("bolzano-s2-2022-06-12", "scl")
    assert [int((scl == c).sum()) for c in (2, 4, 5, 6, 7)] == [1648, 543274, 110425, 2280, 1548]
    assert int((pixels("slovenia-s2-2015-07-11", "lulc") != 0).sum()) == 9945
    assert int((pixels("taizhou-landsat-2003", "change_reference") != 0).sum()) == 21390


@pytest.mark.parametrize(
    ("item", "asset", "values"), [("bolzano-s2-2022-06-12", "scl", 4), ("slovenia-s2-2015-08-30", "lulc", 2)]
)
def test_vegetation_is_green_and_bright_in_the_near_infrared(item, asset, values):
    where = pixels(item, asset) == values
    red, green, nir = (float(np.median(pixels(item, b)[where])) for b in ("red", "green", "nir"))
    assert red < green < nir
    assert nir > 3 * red


def test_backscatter_is_in_the_range_of_its_encoding():
    power = pixels("santa-barbara-s1-2021-11-19", "vv")
    assert power.min() > 0
    assert -10 < 10 * np.log10(power.mean()) < -4
    assert -20 < pixels("spain-s1-2019-09-17", "vv").mean() < -5
    code = pixels("belgium-s1-2021-06", "vv").astype(float)
    assert -20 < (20 * np.log10(code) - 83).mean() < -5
    for item in ITEMS.values():
        if item["properties"]["terrascope:sensor"] == "sar":
            assert pixels(item["id"], "vh").mean() < pixels(item["id"], "vv").mean()
