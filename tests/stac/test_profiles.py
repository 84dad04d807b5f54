"""Collections without a recorded item, by the fields their providers describe, and collections of one's own."""

import pytest

from terrascope_sdk.errors import InputError
from terrascope_sdk.stac import profiles
from terrascope_sdk.stac.describe import Quality, describe_item
from terrascope_sdk.stac.profiles import CollectionProfile, collection_profiles, register_collection
from tests.stac.recorded import eo, item, named


@pytest.fixture(autouse=True)
def _unchanged(monkeypatch):
    monkeypatch.setattr(profiles, "_registered", {})


def test_naip_is_one_file_of_four_bands():
    stated = {"eo:bands": [{"name": n, "common_name": n.lower()} for n in ("Red", "Green", "Blue", "NIR")]}
    for asset in (stated, {}):
        reading = describe_item(item({"image": asset}, "naip", gsd=0.6), catalog="planetary-computer")
        assert [(b.name, b.index) for b in reading.bands] == [("red", 1), ("green", 2), ("blue", 3), ("nir", 4)]
        assert {(b.scale, b.dtype, b.encoding) for b in reading.bands} == {(1 / 255, "uint8", "display")}
        assert (reading.quantity, reading.gsd_m, reading.verified) == ("display", 0.6, False)
    three = {"eo:bands": stated["eo:bands"][:3]}
    assert "nir" not in named(describe_item(item({"image": three}, "naip"), catalog="earth-search"))


@pytest.mark.parametrize(("collection", "gsd"), [("cop-dem-glo-30", 30), ("cop-dem-glo-90", 90)])
def test_the_elevation_model(collection, gsd):
    asset = {"raster:bands": [{"data_type": "float32", "unit": "meter", "spatial_resolution": 30}]}
    reading = describe_item(item({"data": asset}, collection), catalog="earth-search")
    assert (reading.sensor, reading.gsd_m, reading.quality, reading.verified) == ("elevation", gsd, None, False)
    assert (reading.bands[0].name, reading.bands[0].scale, reading.bands[0].encoding) == ("elevation", 1, "elevation")


@pytest.mark.parametrize(
    ("collection", "nir", "nir08", "swir16"),
    [("hls2-s30", "B08", "B8A", "B11"), ("HLSS30_2.0", "B08", "B8A", "B11"), ("hls2-l30", None, "B05", "B06")],
)
def test_hls(collection, nir, nir08, swir16):
    numbers = [
        "B01",
        "B02",
        "B03",
        "B04",
        "B05",
        "B06",
        "B07",
        "B08",
        "B8A",
        "B09",
        "B10",
        "B11",
        "B12",
        "Fmask",
        "SZA",
    ]
    there = numbers if nir else [n for n in numbers if n not in ("B08", "B8A", "B12")]
    catalog = "planetary-computer" if collection.startswith("hls2") else "https://cmr.example"
    reading = describe_item(item({n: {} for n in there}, collection, gsd=30), catalog=catalog)
    assert {(b.scale, b.offset, b.nodata) for b in reading.bands} == {(1e-4, 0.0, -9999.0)}
    found = named(reading)
    assert (found.get("nir"), found["nir08"], found["swir16"]) == (nir, nir08, swir16)
    assert "B10" not in found.values()
    assert reading.quality == Quality("Fmask", "fmask")
    assert not reading.verified


def test_terrain_corrected_radar_of_the_planetary_computer():
    asset = {"raster:bands": [{"nodata": -32768, "data_type": "float32"}]}
    for given in (asset, {}):
        reading = describe_item(item({"vv": given, "vh": given}, "sentinel-1-rtc"), catalog="planetary-computer")
        assert {(b.nodata, b.encoding) for b in reading.bands} == {(-32768.0, "linear_power")}
        assert reading.quantity == "gamma0_rtc"


def test_the_copernicus_data_space():
    def band(number, common):
        return {
            "data_type": "uint16", "nodata": 0, "raster:scale": 1e-4, "raster:offset": -0.1,
            "href": "s3://eodata/a.jp2", "bands": [{"name": number, "eo:common_name": common}],
        }  # fmt: skip

    assets = {
        "B02_10m": band("B02", "blue"), "B02_20m": band("B02", "blue"), "B05_20m": band("B05", "rededge"),
        "B8A_20m": band("B8A", "nir08"), "SCL_20m": {}, "TCI_10m": {},
    }  # fmt: skip
    document = item(assets, "sentinel-2-l2a", processing__version="05.11", product__type="S2MSI2A")
    for catalog, verified in ((None, False), ("copernicus", False), ("https://mirror.example", False)):
        reading = describe_item(document, catalog=catalog)
        assert named(reading) == {"blue": "B02_10m", "rededge1": "B05_20m", "nir08": "B8A_20m"}
        assert {(b.scale, b.offset) for b in reading.bands} == {(1e-4, -0.1)}
        assert reading.quality == Quality("SCL_20m", "scl")
        assert reading.verified == verified


def test_a_provider_that_renames_its_assets_is_read_by_their_fields():
    renamed = item(
        {"blau": eo("B02", "blue", scale=1e-4, data_type="uint16")}, "sentinel-2-l2a", processing__version="03.00"
    )
    assert named(describe_item(renamed, catalog="earth-search")) == {"blue": "blau"}
    with pytest.raises(InputError, match="none of the assets"):
        describe_item(item({"x": {}}, "sentinel-2-l2a"), catalog="earth-search")


# ------------------------------------------------------------------------------------------------------- registration


def test_five_lines_add_a_collection():
    document = item({"B1": {}, "B2": {}, "mask": {}}, "mosaics", datetime="2024-03-01T00:00:00Z")
    register_collection(
        CollectionProfile(
            "my-lab", ("mosaics",), "optical", "surface_reflectance", "hls", bands={"B1": "blue", "B2": "green"},
            quality={"mask": "cloud"}, gsd_m=3.0, attribution="Lab {year}", license="CC-BY-4.0",
        )
    )  # fmt: skip
    reading = describe_item(document, catalog="my-lab")
    assert named(reading) == {"blue": "B1", "green": "B2"}
    assert (reading.quality, reading.attribution, reading.license) == (
        Quality("mask", "cloud"),
        "Lab 2024",
        "CC-BY-4.0",
    )
    assert collection_profiles()[0].catalog == "my-lab"


def test_a_registered_profile_wins_over_one_of_the_package():
    document = item(
        {"blue": eo("B02", "blue", scale=1e-4, offset=0)}, "sentinel-2-l2a", s2__processing_baseline="05.00"
    )
    assert describe_item(document, catalog="earth-search").band("blue").offset == -0.1
    register_collection(CollectionProfile("*", ("sentinel-2-l2a",), "optical", "surface_reflectance", "stated"))
    assert describe_item(document, catalog="earth-search").band("blue").offset == 0


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"sensor": "lidar"}, "sensor"), ({"quantity": "gamma0_rtc"}, "quantity"), ({"scaling": "by date"}, "rule"),
        ({"encoding": "runes"}, "encoding"), ({"bands": {"B1": "purple"}}, "'purple'"),
        ({"collections": ()}, "collection"),
    ],
)  # fmt: skip
def test_a_profile_without_sense_is_refused(change, word):
    given = {
        "catalog": "a", "collections": ("b",), "sensor": "optical", "quantity": "display", "scaling": "display",
    }  # fmt: skip
    with pytest.raises(InputError, match=word):
        register_collection(CollectionProfile(**(given | change)))
