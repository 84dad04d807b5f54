"""How a scene is read from its fields alone: unknown collections, both versions of STAC, own items."""

import copy

import pytest

from terrascope_sdk.errors import InputError
from terrascope_sdk.stac.bundled import bundled_items
from terrascope_sdk.stac.describe import Band, Quality, describe_item
from terrascope_sdk.stac.profile_fields import BandFields, band_fields, band_name, band_names
from tests.stac.recorded import eo, item, named

# -------------------------------------------------------------------------------------------------------- unknown ones


def test_an_unknown_collection_is_read_by_its_fields():
    reading = describe_item(
        item(
            {
                "B1": eo("B1", "blue", scale=0.01, offset=-0.5, nodata=9, data_type="int16", spatial_resolution=5),
                "B2": eo("B2", "red", scale=0.01, data_type="int16"),
                "SCL": {},
                "visual": eo("x", "green", scale=1, data_type="uint8"),
                "thumb": {"type": "image/png", "roles": ["thumbnail"]},
            },
            processing__level="L2A",
        )
    )
    assert reading.bands == (
        Band("blue", "B1", 1, 0.01, -0.5, 9, "int16", 5.0, "reflectance"),
        Band("red", "B2", 1, 0.01, 0.0, None, "int16", None, "reflectance"),
    )
    assert reading.quantity == "surface_reflectance"
    assert reading.quality == Quality("SCL", "scl")
    assert not reading.verified


@pytest.mark.parametrize(
    ("properties", "collection", "quantity", "assumed"),
    [
        ({"processing__level": "L1C"}, "lab", "toa_reflectance", False),
        ({"processing__level": "L2"}, "lab", "surface_reflectance", False),
        ({}, "mission-l1c", "toa_reflectance", False),
        ({}, "lab", "surface_reflectance", True),
    ],
)
def test_the_level_of_reflectance(properties, collection, quantity, assumed):
    reading = describe_item(item({"B": eo("B", "red", scale=1e-4)}, collection, **properties))
    assert reading.quantity == quantity
    assert any("does not say" in n for n in reading.notes) == assumed


def test_version_1_1_of_stac():
    asset = {
        "data_type": "uint16", "nodata": 0, "gsd": 10, "raster:scale": 1e-4, "raster:offset": -0.1,
        "bands": [{"name": "B04", "eo:common_name": "red", "eo:center_wavelength": 0.665}],
    }  # fmt: skip
    two = {
        "data_type": "uint16",
        "bands": [
            {"name": "a", "eo:common_name": "green", "raster:scale": 0.5, "nodata": "nan"},
            {"name": "b", "eo:common_name": "nir", "raster:scale": 0.25, "data_type": "uint8"},
        ],
    }
    reading = describe_item(item({"red": asset, "pair": two}, processing__level="L2A"))
    assert reading.band("red") == Band("red", "red", 1, 1e-4, -0.1, 0.0, "uint16", 10.0)
    assert reading.band("nir").index == 2
    assert (reading.band("nir").scale, reading.band("nir").dtype) == (0.25, "uint8")
    assert str(reading.band("green").nodata) == "nan"


def test_pictures_of_an_unknown_collection_are_display_values():
    bands = [{"common_name": c} for c in ("red", "green", "blue")]
    asset = {"eo:bands": bands, "raster:bands": [{"data_type": "uint8"}] * 3}
    reading = describe_item(item({"image": asset}))
    assert (reading.quantity, [b.index for b in reading.bands]) == ("display", [1, 2, 3])
    assert {b.scale for b in reading.bands} == {1 / 255}
    assert {b.encoding for b in reading.bands} == {"display"}


@pytest.mark.parametrize(
    ("assets", "properties", "words"),
    [
        ({"B1": {}}, {}, ("'B1'", "common_name")),
        ({"B1": eo("B1", "pan", scale=1)}, {}, ("'B1'", "'pan'")),
        ({"B1": eo("B1", "red")}, {}, ("'B1'", "no data_type and no scale")),
        ({"B1": eo("B1", "red", data_type="uint16")}, {}, ("'B1'", "data_type uint16 but no scale")),
        ({}, {}, ("no asset with pixels",)),
        ({"vv": {}}, {}, ("sar:product_type", "'vv'")),
        ({"vv": {}}, {"sar__product_type": "RTC"}, ("'vv'", "no data_type")),
        ({"vv": {"raster:bands": [{"data_type": "uint16"}]}}, {"sar__product_type": "RTC"}, ("uint16 without a unit",)),
        ({"B1": eo("B1", "red", scale=1e-4)}, {"gsd": None}, ("no pixel size", "gsd")),
    ],
)
def test_the_missing_field_is_named_with_its_asset(assets, properties, words):
    with pytest.raises(InputError) as caught:
        describe_item(item(assets, **properties))
    for word in words:
        assert word in str(caught.value)
    assert "rofile" in caught.value.hint or "Describe" in caught.value.hint or not assets


@pytest.mark.parametrize(
    ("properties", "asset", "quantity", "encoding"),
    [
        ({"sar__product_type": "GRD"}, {"raster:bands": [{"data_type": "uint16"}]}, "sigma0_ellipsoid", "amplitude_dn"),
        ({"sar__product_type": "SLC"}, {}, "sigma0_ellipsoid", "complex"),
        ({"sar__product_type": "X"}, {"raster:bands": [{"data_type": "complex64"}]}, "sigma0_ellipsoid", "complex"),
        ({"sar__product_type": "RTC"}, {"raster:bands": [{"data_type": "float32"}]}, "gamma0_rtc", "linear_power"),
        ({"sar__product_type": "RTC"}, {"raster:bands": [{"data_type": "float32", "unit": "dB"}]}, "gamma0_rtc", "db"),
        (
            {},
            {"roles": ["data", "sigma0"], "raster:bands": [{"data_type": "float32"}]},
            "sigma0_ellipsoid",
            "linear_power",
        ),
    ],
)
def test_radar_of_an_unknown_collection(properties, asset, quantity, encoding):
    reading = describe_item(item({"vv": asset}, **properties))
    assert (reading.sensor, reading.quantity) == ("sar", quantity)
    assert reading.bands == (Band("vv", "vv", 1, 1.0, 0.0, None, reading.bands[0].dtype, None, encoding),)


def test_heights_of_an_unknown_collection():
    reading = describe_item(item({"dem": {"raster:bands": [{"data_type": "float32", "unit": "m"}]}}, gsd=12))
    assert (reading.sensor, reading.quantity, reading.gsd_m) == ("elevation", "elevation", 12)
    assert named(reading) == {"elevation": "dem"}


def test_the_pixel_size_comes_from_the_transform_where_nothing_states_it():
    red = eo("B", "red", scale=1e-4)
    assert describe_item(item({"B": red | {"proj:transform": [3, 0, 0, 0, -3, 0]}}, gsd=None)).gsd_m == 3
    degrees = describe_item(item({"B": red}, gsd=None, proj__transform=[1e-4, 0, 0, 0, -1e-4, 0]))
    assert degrees.gsd_m == pytest.approx(11.132)


# --------------------------------------------------------------------------------------------------------------- names


@pytest.mark.parametrize(
    ("asset", "fields", "name"),
    [
        ("x", BandFields("B05", "rededge"), "rededge1"),
        ("x", BandFields("B06", "rededge"), "rededge2"),
        ("x", BandFields("B07", "rededge"), "rededge3"),
        ("x", BandFields("B8A", "rededge"), "nir08"),
        ("B05_20m", BandFields("", "rededge"), "rededge1"),
        ("rededge3", BandFields("rededge3", "rededge"), "rededge3"),
        ("x", BandFields("x", "rededge", 0.74), "rededge2"),
        ("x", BandFields("x", "rededge", 0.865), "nir08"),
        ("x", BandFields("x", "rededge"), None),
        ("x", BandFields("x", "rededge071"), "rededge1"),
        ("x", BandFields("x", "rededge078"), "rededge3"),
        ("B5", BandFields("B5", "nir08"), "nir08"),
        ("B09", BandFields("B09", "", 0.945), "nir09"),
        ("gamma0_vv", BandFields(), "vv"),
        ("x", BandFields("VH"), "vh"),
        ("schema-noise-vv", BandFields(), None),
        ("blue_20m", BandFields(), "blue"),
        ("lwir11", BandFields("B10", "lwir11", 10.9), None),
        ("scl", BandFields(), None),
    ],
)
def test_a_band_has_one_name(asset, fields, name):
    assert band_name(asset, fields) == name
    assert name is None or name in band_names


def test_of_copies_in_several_sizes_the_finest_is_read_and_a_link_before_a_bucket():
    size = {"scale": 1e-4, "data_type": "uint16"}
    reading = describe_item(
        item(
            {
                "blue_60m": eo("B02", "blue", spatial_resolution=60, **size),
                "blue_20m": eo("B02", "blue", **size),
                "blue-jp2": eo("B02", "blue", spatial_resolution=10, **size)
                | {"href": "s3://b/k.jp2", "type": "image/jp2"},
                "blue": eo("B02", "blue", spatial_resolution=10, **size),
            },
            processing__level="L2A",
        )
    )
    assert named(reading) == {"blue": "blue"}
    assert reading.gsd_m == 10


def test_a_band_that_is_not_there_is_answered_with_the_closest():
    reading = describe_item(item({"B1": eo("B1", "green", scale=1), "B2": eo("B2", "red", scale=1)}))
    with pytest.raises(InputError, match=r"no band 'gren'.*Did you mean 'green'.*It has green, red"):
        reading.band("gren")


def test_fields_of_all_three_lists_are_merged_in_file_order():
    asset = {
        "gsd": 3, "eo:bands": [{"common_name": "red"}, {"common_name": "nir"}],
        "raster:bands": [{"data_type": "uint8"}, {"data_type": "uint16", "scale": 2}],
    }  # fmt: skip
    first, second = band_fields(asset)
    assert (first.common_name, first.dtype, first.scale, first.gsd_m) == ("red", "uint8", None, 3)
    assert (second.common_name, second.dtype, second.scale) == ("nir", "uint16", 2)
    assert band_fields({}) == (BandFields(),)


# ---------------------------------------------------------------------------------------------------------- own items


@pytest.mark.parametrize("document", bundled_items(), ids=lambda i: i["id"])
def test_bundled_items_are_read_as_they_always_were(document):
    reading, facts = describe_item(document), document["properties"]
    assert (reading.sensor, reading.quantity) == (facts["terrascope:sensor"], facts["terrascope:quantity"])
    data = {k: a for k, a in document["assets"].items() if a["roles"] == ["data"]}
    assert named(reading) == {k: k for k in data}
    for band in reading.bands:
        (raster,) = data[band.asset]["raster:bands"]
        plain = 1.0 if reading.quantity != "display" else 1 / 255
        assert band.scale == raster.get("scale", plain)
        assert (band.offset, band.nodata) == (raster.get("offset", 0.0), raster.get("nodata"))
        assert band.dtype == raster["data_type"]
        if reading.sensor == "sar":
            assert band.encoding == facts["terrascope:encoding"]
    rule = next((n for n in ("scl", "cloud") if n in document["assets"]), None)
    assert reading.quality == (rule and Quality(rule, rule))
    assert reading.notes == tuple(facts["terrascope:notes"])
    assert reading.verified


def test_an_own_radar_item_without_encoding_is_in_decibels():
    document = copy.deepcopy(next(i for i in bundled_items() if i["properties"]["terrascope:sensor"] == "sar"))
    del document["properties"]["terrascope:encoding"]
    assert {b.encoding for b in describe_item(document).bands} == {"db"}
