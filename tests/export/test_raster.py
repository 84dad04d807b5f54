import warnings
from dataclasses import replace

import numpy as np
import pytest
import rasterio
from affine import Affine
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from terrascope_sdk import export
from terrascope_sdk.errors import ExportError, InputError, ParseError, RasterError
from terrascope_sdk.export.raster import geotiff_bytes
from terrascope_sdk.render.palette import UNOBSERVED, colour_of
from terrascope_sdk.types import Mask, PixelGrid
from tests.export.answers import EVIL, SEEN, lake

UTM = PixelGrid("EPSG:32632", Affine(10, 0, 500_000, 0, -10, 5_000_000), 5, 7)
CUSTOM = "+proj=laea +lat_0=46 +lon_0=11 +x_0=3 +y_0=5 +ellps=WGS84 +units=m"
GRIDS = {
    "utm": UTM,
    "degrees": PixelGrid("EPSG:4326", Affine(8.983152841195215e-05, 0, -0.78, 0, -8.98e-05, 38.1), 5, 7),
    "custom": PixelGrid(CUSTOM, Affine(10, 0, 0, 0, -10, 100), 5, 7),
    "rotated": PixelGrid("EPSG:32632", Affine(8, 3, 500_000, 3, -8, 5_000_000), 5, 7),
    "south up": PixelGrid("EPSG:32632", Affine(10, 0, 500_000, 0, 10, 4_999_000), 5, 7),
    "no crs": PixelGrid(None, Affine(2, 0, 0, 0, -2, 0), 5, 7),
    "nothing": PixelGrid(None, Affine.identity(), 5, 7),
}
CODES = np.random.default_rng(0).choice(np.array([0, 1, 255], np.uint8), (5, 7))


def mask(name, **fields):
    return replace(Mask.from_uint8(CODES, GRIDS[name], label="water", date=SEEN), sensor="optical", **fields)


@pytest.mark.parametrize("name", GRIDS)
def test_a_mask_comes_back_as_it_was(name, tmp_path):
    written = mask(name, score=0.5, period_s=86400.0)
    assert export.geotiff(written, tmp_path / "m.tif") == tmp_path / "m.tif"
    assert export.read_mask(tmp_path / "m.tif") == written
    assert [p.name for p in tmp_path.iterdir()] == ["m.tif"]


@settings(max_examples=20)
@given(hnp.arrays(np.uint8, (5, 7), elements=st.sampled_from([0, 1, 255])), st.text(max_size=40))
def test_any_pixels_and_any_label_come_back(tmp_path_factory, codes, label):
    written = Mask.from_uint8(codes, UTM, label=label)
    path = tmp_path_factory.mktemp("m") / "m.tif"
    assert export.read_mask(export.geotiff(written, path)) == written


def test_the_file_is_a_cloud_optimized_geotiff(tmp_path):
    path = export.geotiff(lake(), tmp_path / "m.tif", attribution="ESA & <us>")
    with rasterio.open(path) as dataset:
        assert dataset.tags(ns="IMAGE_STRUCTURE") == {
            "LAYOUT": "COG", "COMPRESSION": "DEFLATE", "INTERLEAVE": "BAND",
        }  # fmt: skip
        assert dataset.dtypes == ("uint8",)
        assert dataset.nodata == 255
        assert dataset.descriptions == ("water",)
        assert dataset.crs.to_epsg() == 32632
        colours = dataset.colormap(1)
        assert colours[1] == (*colour_of("water"), 255)
        assert colours[0] == (255, 255, 255, 255)
        assert colours[255][:3] == UNOBSERVED
        tags = dataset.tags()
    assert tags["label"] == "water"
    assert tags["date"] == "2020-06-01T10:30:00Z"
    assert tags["id"] == lake().id
    assert tags["attribution"] == "ESA & <us>"


def test_large_masks_have_overviews_and_small_ones_none(tmp_path):
    grid = PixelGrid("EPSG:32632", Affine(10, 0, 500_000, 0, -10, 5_000_000), 700, 1100)
    pixels = np.zeros(grid.shape, bool)
    pixels[:350] = True
    large = Mask(pixels, np.ones(grid.shape, bool), grid)
    with rasterio.open(export.geotiff(large, tmp_path / "large.tif")) as dataset:
        assert dataset.overviews(1)[0] == 2
    with rasterio.open(export.geotiff(lake(), tmp_path / "small.tif")) as dataset:
        assert dataset.overviews(1) == []


def test_the_same_mask_gives_the_same_bytes():
    assert geotiff_bytes(lake()) == geotiff_bytes(lake())
    assert geotiff_bytes(lake()) != geotiff_bytes(lake(radius_m=100))


def test_hostile_labels_do_no_harm(tmp_path):
    for label in (EVIL, "../../x", "a\x00b\x1b[31m", "水" * 300):
        written = lake(label)
        assert export.read_mask(export.geotiff(written, tmp_path / "m.tif")).label == label


def test_a_file_moved_on_the_ground_is_read_where_it_is(tmp_path):
    path = export.geotiff(mask("utm"), tmp_path / "m.tif")
    with rasterio.open(path, "r+", IGNORE_COG_LAYOUT_BREAK="YES") as dataset:
        dataset.transform = Affine(10, 0, 500_100, 0, -10, 5_000_000)
    moved = export.read_mask(path)
    assert moved.grid.transform.c == 500_100
    assert moved.grid.crs == "EPSG:32632"
    assert moved.label == "water"


def written_by_others(path, values, **fields):
    profile = {
        "driver": "GTiff",
        "count": 1,
        "height": values.shape[0],
        "width": values.shape[1],
        "dtype": values.dtype,
    }
    place = {"crs": "EPSG:32632", "transform": UTM.transform}
    with rasterio.open(path, "w", **(profile | place | fields)) as dataset:
        dataset.write(np.broadcast_to(values, (dataset.count, *values.shape)))
        dataset.set_band_description(1, "flood")
    return path


@pytest.mark.parametrize(
    ("dtype", "hole", "nodata"), [("int16", -1, -1), ("float32", np.nan, None), ("uint8", 255, None), ("uint8", 9, 9)]
)
def test_masks_of_others(tmp_path, dtype, hole, nodata):
    values = np.array([[0, 1, hole], [1, 1, 0]], dtype)
    found = export.read_mask(written_by_others(tmp_path / "m.tif", values, nodata=nodata))
    assert found.to_uint8().tolist() == [[0, 1, 255], [1, 1, 0]]
    assert (found.label, found.date, found.grid.crs) == ("flood", None, "EPSG:32632")


def test_what_is_no_mask_is_refused(tmp_path):
    with pytest.raises(InputError, match=r"no mask: .*\[3\]"):
        export.read_mask(written_by_others(tmp_path / "m.tif", np.array([[0, 3]], np.uint8)))
    with pytest.raises(InputError, match="2 bands"):
        export.read_mask(written_by_others(tmp_path / "two.tif", np.array([[0, 1]], np.uint8), count=2))
    with pytest.raises(RasterError, match="cannot be read"):
        export.read_mask(tmp_path / "missing.tif")
    (tmp_path / "text.tif").write_text("no raster")
    with pytest.raises(RasterError, match="Check the path"):
        export.read_mask(tmp_path / "text.tif")


@pytest.mark.parametrize("tag", ["{", "[]", '{"grid": {}}', '{"grid": null, "label": "x"}'])
def test_a_damaged_tag_is_named(tmp_path, tag):
    path = written_by_others(tmp_path / "m.tif", np.array([[0, 1]], np.uint8))
    with rasterio.open(path, "r+") as dataset:
        dataset.update_tags(terrascope_mask=tag)
    with pytest.raises(ParseError, match="damaged terrascope_mask tag"):
        export.read_mask(path)


def test_where_nothing_can_be_written_nothing_is(tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(ExportError, match="cannot be written"):
        export.geotiff(lake(), tmp_path / "file" / "m.tif")
    with pytest.raises(ExportError, match="Choose a folder"):
        export.geotiff(lake(), tmp_path / "no such folder" / "m.tif")
    assert [p.name for p in tmp_path.iterdir()] == ["file"]


def test_rioxarray_finds_crs_place_and_nodata():
    import rioxarray  # noqa: F401  (registers .rio)

    for name in ("utm", "degrees", "custom"):
        array = mask(name).to_xarray()
        assert array.rio.crs is not None
        assert PixelGrid(array.rio.crs.to_wkt(), Affine(*array.rio.transform()[:6]), 5, 7).same_as(
            PixelGrid(array.rio.crs.to_wkt(), GRIDS[name].transform, 5, 7)
        )
        assert array.rio.nodata == 255
    assert mask("utm").to_xarray().rio.crs.to_epsg() == 32632


def test_rioxarray_reads_the_exported_file(tmp_path):
    import rioxarray

    path = export.geotiff(mask("utm"), tmp_path / "m.tif")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        array = rioxarray.open_rasterio(path)
        assert array.rio.crs.to_epsg() == 32632
        assert (array.values[0] == CODES).all()
        array.close()
