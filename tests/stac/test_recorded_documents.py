"""Every recorded public document: it is read, its bands have their names, and its codes their meaning."""

import copy
import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pystac
import pytest

from terrascope_sdk.stac.catalogs import catalog_of, find_catalog
from terrascope_sdk.stac.describe import Quality, describe_item
from terrascope_sdk.stac.items import scene_from_item
from terrascope_sdk.stac.profile_fields import band_fields, band_name
from terrascope_sdk.stac.profile_table import built_in_profiles
from terrascope_sdk.stac.radiometry import to_reflectance
from terrascope_sdk.stac.scaling import processing_baseline
from tests.stac.recorded import FOLDER, document, recorded_items

ROOT = Path(__file__).parents[2]
ITEMS = recorded_items()

S2 = [
    "coastal",
    "blue",
    "green",
    "red",
    "rededge1",
    "rededge2",
    "rededge3",
    "nir",
    "nir08",
    "nir09",
    "swir16",
    "swir22",
]
S2_NUMBERS = ["B01", "B02", "B03", "B04", "B05", "B06", "B07", "B08", "B8A", "B09", "B11", "B12"]
S2_GSD = [60, 10, 10, 10, 20, 20, 20, 10, 20, 60, 20, 20]
LANDSAT = ["coastal", "blue", "green", "red", "nir08", "swir16", "swir22"]

# (catalogue, collection, baseline): assets, (scale, offset, nodata, dtype, encoding), quantity, quality, gsd
OPTICAL, TOA = "surface_reflectance", "toa_reflectance"
SCL, QA = Quality("scl", "scl"), Quality("qa_pixel", "qa_pixel")
S2_PLAIN = (1e-4, 0.0, 0.0, "uint16", "reflectance")
S2_SHIFTED = (1e-4, -0.1, 0.0, "uint16", "reflectance")
LANDSAT_CODES = (2.75e-5, -0.2, 0.0, "uint16", "reflectance")
GRD_CODES = (1.0, 0.0, 0.0, "uint16", "amplitude_dn")
NAMED = dict(zip(S2, S2, strict=True))
EXPECTED = {
    ("unknown", None, (2, 12)): (NAMED, S2_PLAIN, OPTICAL, SCL, 10),
    ("unknown", None, (4, 0)): (NAMED, S2_SHIFTED, OPTICAL, SCL, 10),
    ("unknown", "landsat-c2-l2", None): ({n: n for n in LANDSAT}, LANDSAT_CODES, OPTICAL, QA, 30),
    ("unknown", "sentinel1-grd", None): ({"vv": "vv", "vh": "vh"}, GRD_CODES, "sigma0_ellipsoid", None, 10),
    ("unknown", "sentinel1-rtc-aws", None): (
        {"vv": "gamma0_vv", "vh": "gamma0_vh"}, (1.0, 0.0, 0.0, "float32", "linear_power"), "gamma0_rtc", None, 20,
    ),
    ("earth-search", "sentinel-2-l2a", (5, 9)): (NAMED, S2_PLAIN, OPTICAL, SCL, 10),
    ("earth-search", "sentinel-2-l2a", (5, 11)): (NAMED, S2_PLAIN, OPTICAL, SCL, 10),
    ("earth-search", "sentinel-2-c1-l2a", (5, 11)): (NAMED, S2_SHIFTED, OPTICAL, SCL, 10),
    ("earth-search", "sentinel-2-l1c", (5, 11)): (NAMED | {"cirrus": "cirrus"}, S2_SHIFTED, TOA, None, 10),
    ("earth-search", "landsat-c2-l2", None): ({n: n for n in LANDSAT}, LANDSAT_CODES, OPTICAL, QA, 30),
    ("earth-search", "sentinel-1-grd", None): ({"hh": "hh"}, GRD_CODES, "sigma0_ellipsoid", None, 10),
    ("planetary-computer", "sentinel-2-l2a", (2, 12)): (
        dict(zip(S2, S2_NUMBERS, strict=True)), S2_PLAIN, OPTICAL, Quality("SCL", "scl"), 10,
    ),
    ("planetary-computer", "landsat-8-c2-l2", None): (
        {n: f"SR_B{i}" for i, n in enumerate(LANDSAT, 1)}, LANDSAT_CODES, OPTICAL, Quality("QA_PIXEL", "qa_pixel"), 30,
    ),
    ("landsatlook", "landsat-c2l2-sr", None): ({n: n for n in LANDSAT}, LANDSAT_CODES, OPTICAL, QA, 30),
}  # fmt: skip

each_item = pytest.mark.parametrize("name", list(ITEMS))


def kind(item):
    return catalog_of(item), item.get("collection"), processing_baseline(item)


@each_item
def test_it_is_read_as_written_down_by_hand(name):
    item = ITEMS[name]
    assets, codes, quantity, quality, gsd = EXPECTED[kind(item)]
    before = copy.deepcopy(item)
    reading = describe_item(item)
    assert item == before
    assert {b.name: b.asset for b in reading.bands} == assets
    assert {(b.scale, b.offset, b.nodata, b.dtype, b.encoding) for b in reading.bands} == {codes}
    assert {b.index for b in reading.bands} == {1}
    assert (reading.quantity, reading.quality, reading.gsd_m) == (quantity, quality, gsd)
    assert reading.sensor == ("sar" if "sentinel1" in name or "sentinel-1" in name or "S1A" in name else "optical")
    assert reading.verified
    assert reading.license
    assert reading.attribution


@each_item
def test_it_becomes_a_scene(name):
    item = ITEMS[name]
    scene = scene_from_item(item)
    assert scene.id == item["id"]
    assert scene.period_s == 0
    assert scene.platform in {"sentinel-1a", "sentinel-2a", "sentinel-2b", "landsat-8", "landsat-9"}
    assert scene.item["properties"]["terrascope:catalog"] == catalog_of(item)
    west, south, east, north = scene.bbox
    assert -180 <= west < east <= 180
    assert -90 <= south < north <= 90
    assert pystac.Item.from_dict(scene.item | {"bbox": list(scene.bbox)}, migrate=False).id == scene.id
    assert describe_item(scene.item) == describe_item(item)


def test_every_kind_is_there_and_no_other():
    assert {kind(i) for i in ITEMS.values()} == set(EXPECTED)
    assert len(ITEMS) == 33


def test_pixel_sizes_of_the_bands():
    for name in ("items/sentinel-2-l2a_baseline-02.12_T07HFE_20190212.json",
                 "items/sentinel-2-l2a_planetary-computer_T06VVN_20190629_raster-ext.json"):  # fmt: skip
        sizes = {b.name: b.gsd_m for b in describe_item(ITEMS[name]).bands}
        assert sizes == dict(zip(S2, S2_GSD, strict=True))


def test_temperatures_and_pictures_are_no_bands():
    for item in ITEMS.values():
        assets = {b.asset for b in describe_item(item).bands}
        assert not assets & {"lwir11", "ST_B10", "visual", "TCI", "aot", "wvp", "AOT", "WVP", "atran", "qa", "preview"}


def test_how_the_offset_was_decided_is_said():
    notes = {kind(i): " ".join(describe_item(i).notes) for i in ITEMS.values()}
    assert "02.12" in notes["unknown", None, (2, 12)]
    assert "fields still say -0.1" in notes["earth-search", "sentinel-2-l2a", (5, 9)]
    assert "offset -0.1 by processing baseline 05.11" in notes["earth-search", "sentinel-2-c1-l2a", (5, 11)]
    assert "Collection 2" in notes["landsatlook", "landsat-c2l2-sr", None]


def edited(name, **properties):
    item = copy.deepcopy(ITEMS[name])
    item["properties"].update({k.replace("__", ":"): v for k, v in properties.items()})
    return item


EARTH, LATER = "api/earth-search_search_cloud-lte-40_page1.json", "05.09"
PC = "items/sentinel-2-l2a_planetary-computer_T06VVN_20190629_raster-ext.json"


@pytest.mark.parametrize("code", [1, 873, 10_000])
@pytest.mark.parametrize("band", ["blue", "rededge2", "nir08"])
def test_one_surface_has_one_reflectance_from_every_provider(code, band):
    doors = [
        (ITEMS["items/sentinel-2-l2a_baseline-02.12_T07HFE_20190212.json"], 0),
        (ITEMS["items/sentinel-2-l2a_baseline-04.00_T34LBP_20220401.json"], 1000),
        (ITEMS[f"{EARTH}/S2B_20EPT_20250731_0_L2A"], 0),
        (ITEMS[f"{EARTH}/S2B_T20EPT_20250731T131905_L2A"], 1000),
        (ITEMS[PC], 0),
        (edited(PC, s2__processing_baseline=LATER), 1000),
    ]
    seen = []
    for item, shift in doors:
        read = describe_item(item).band(band)
        codes = np.array([code + shift], read.dtype)
        seen.append(to_reflectance(codes, nodata=read.nodata, scale=read.scale, offset=read.offset)[0])
    assert np.ptp(seen) < 1e-4 / 2
    assert seen == pytest.approx([code * 1e-4] * 6, abs=1e-6)


def test_a_baseline_that_was_not_recorded_is_not_called_verified():
    assert describe_item(ITEMS[PC]).verified
    later = describe_item(edited(PC, s2__processing_baseline=LATER))
    assert not later.verified
    assert later.band("red").offset == -0.1
    assert not describe_item(ITEMS[f"{EARTH}/S2B_20EPT_20250731_0_L2A"], catalog="https://a.example").verified


# ------------------------------------------------------------------------------------------ descriptions of collections


@pytest.mark.parametrize(
    ("name", "catalog", "collection"),
    [
        *(("earth-search_collections", "earth-search", c) for c in (
            "sentinel-2-l2a", "sentinel-2-c1-l2a", "sentinel-2-pre-c1-l2a", "sentinel-2-l1c", "landsat-c2-l2", "naip",
            "sentinel-1-grd", "cop-dem-glo-30", "cop-dem-glo-90")),
        ("planetary-computer_collection_landsat-c2-l2", "planetary-computer", "landsat-c2-l2"),
        ("planetary-computer_collection_sentinel-2-l2a", "planetary-computer", "sentinel-2-l2a"),
    ],
)  # fmt: skip
def test_a_profile_fits_the_recorded_description_of_its_collection(name, catalog, collection):
    recorded = document(f"api/{name}.json")
    (described,) = [c for c in recorded.get("collections", [recorded]) if c["id"] == collection]
    (profile,) = [p for p in built_in_profiles() if p.catalog == catalog and collection in p.collections]
    assets = described["item_assets"]
    assert set(profile.bands) <= set(assets)
    assert not profile.quality or set(profile.quality) & set(assets)
    for asset, named in profile.bands.items():
        fields = band_fields(assets[asset])
        names = (named,) if isinstance(named, str) else named
        assert len(fields) == len(names)
        if profile.sensor == "optical" and "eo:bands" in assets[asset]:
            assert tuple(band_name(asset, f) for f in fields) == names
        stated = {(f.dtype, f.nodata) for f in fields if f.dtype}
        assert stated <= {(profile.dtype, profile.nodata)}


@pytest.mark.parametrize("name", ["earth-search", "planetary-computer"])
def test_a_catalogue_lies_where_its_recorded_landing_page_says(name):
    links = {link["rel"]: link["href"].rstrip("/") for link in document(f"api/{name}_root.json")["links"]}
    assert find_catalog(name).url == links["self"]
    assert {e["url"] for e in document("api/index.json")} & {find_catalog(name).url, find_catalog(name).url + "/"}


def test_what_has_no_recorded_item_is_unverified():
    recorded = {(c, collection or "S2MSI2A") for c, collection, _ in EXPECTED}
    recorded |= {("unknown", "landsat-c2-l2 by properties"), ("unknown", "sentinel-1 GRD")}
    for profile in built_in_profiles():
        where = "unknown" if profile.catalog == "*" else profile.catalog
        assert profile.verified == any((where, c) in recorded for c in profile.collections), profile.collections


# ----------------------------------------------------------------------------------------------------- files and page


def test_the_recorded_documents_are_small_and_say_where_they_come_from():
    assert sum(p.stat().st_size for p in FOLDER.rglob("*")) < 2_000_000
    for folder in ("items", "api"):
        readme = (FOLDER / folder / "README.md").read_text(encoding="utf-8")
        assert "Apache-2.0" in readme
        assert "github.com/" in readme
    items = (FOLDER / "items" / "README.md").read_text(encoding="utf-8")
    assert all(p.name in items for p in FOLDER.glob("items/*.json"))
    index = {e["file"] for e in document("api/index.json")}
    assert {p.name for p in FOLDER.glob("api/*.json")} - {"index.json"} == index


def test_no_recorded_link_is_signed():
    for path in FOLDER.rglob("*.json"):
        text = path.read_text(encoding="utf-8").lower()
        assert "sig=" not in text
        assert "x-amz-" not in text


def test_the_page_of_catalogues_is_up_to_date():
    done = subprocess.run(
        [sys.executable, "tools/make_catalogs_page.py", "--check"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert json.loads(done.stdout)["up_to_date"]


def test_the_page_has_a_row_for_every_kind():
    rows = [line.split(" | ") for line in (ROOT / "docs/catalogs.md").read_text(encoding="utf-8").splitlines()]
    checked = {(r[0].removeprefix("| "), r[1], r[2]) for r in rows if r[-1] == "yes |" and len(r) == 9}
    names = {
        (c if c != "unknown" else "(none)", n or "(none)", f"{b[0]:02d}.{b[1]:02d}" if b else "")
        for c, n, b in EXPECTED
    }
    assert checked == names
