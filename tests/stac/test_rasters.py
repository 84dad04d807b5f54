import numpy as np
import pytest
import rasterio
from affine import Affine

from terrascope_sdk.errors import InputError, RasterError
from terrascope_sdk.stac.rasters import missing_codes, read_raster
from tests.evaluate.made import write_tif

CODES = np.random.default_rng(0).integers(1, 250, (3, 120, 130)).astype(np.uint8)


def test_codes_names_tags_and_place_come_as_they_are_stored(tmp_path):
    path = write_tif(tmp_path / "a.tif", CODES, nodata=7, names=["red", "", "blue"], tags={"level": "L1C"})
    with rasterio.open(path, "r+") as file:
        file.update_tags(2, DESCRIPTION="green")
    raster = read_raster(path)
    assert np.array_equal(raster.pixels, CODES)
    assert raster.names == ("red", "green", "blue")
    assert raster.nodata == (7, 7, 7)
    assert raster.tags["level"] == "L1C"
    assert raster.grid.crs == "EPSG:32632"
    assert raster.grid.shape == (120, 130)
    assert np.array_equal(raster.missing(), CODES == 7)
    some = read_raster(str(path), bands=[3, 1])
    assert some.numbers == (3, 1)
    assert np.array_equal(some.band(1), CODES[0])
    assert np.array_equal(some.pixels, CODES[[2, 0]])


@pytest.mark.parametrize(("crs", "transform"), [(None, None), ("EPSG:32632", Affine.identity())])
def test_a_file_without_a_georeference_has_no_crs(tmp_path, crs, transform):
    assert read_raster(write_tif(tmp_path / "a.tif", CODES, crs=crs, transform=transform)).grid.crs is None


def test_pictures_of_other_formats_are_rasters_too(tmp_path):
    from PIL import Image

    Image.fromarray(CODES[0]).save(tmp_path / "a.png")
    raster = read_raster(tmp_path / "a.png")
    assert raster.grid.crs is None
    assert np.array_equal(raster.band(1), CODES[0])


@pytest.mark.parametrize("compress", [None, "deflate", "lzw", "jpeg"])
def test_a_file_that_is_cut_off_raises_and_never_returns_garbage(tmp_path, compress):
    path = write_tif(tmp_path / "a.tif", CODES, compress=compress)
    whole = path.read_bytes()
    for share in np.linspace(0, 0.999, 13):
        path.write_bytes(whole[: int(len(whole) * share)])
        with pytest.raises(RasterError, match=r"a\.tif cannot be read"):
            read_raster(path)


def test_what_is_no_raster_is_said_so(tmp_path):
    with pytest.raises(RasterError, match="no file"):
        read_raster(tmp_path / "none.tif")
    with pytest.raises(RasterError, match="no file"):
        read_raster(tmp_path)
    (tmp_path / "text.tif").write_text("not a raster")
    with pytest.raises(RasterError, match="fetch it again"):
        read_raster(tmp_path / "text.tif")


def test_complex_pixels_absent_bands_and_giants_are_refused(tmp_path, monkeypatch):
    path = write_tif(tmp_path / "slc.tif", CODES.astype(np.complex64))
    with pytest.raises(InputError, match="abs\\(pixels\\)"):
        read_raster(path)
    path = write_tif(tmp_path / "a.tif", CODES)
    with pytest.raises(InputError, match=r"no band 4\. It has 3"):
        read_raster(path, bands=[1, 4])
    monkeypatch.setattr("terrascope_sdk.stac.rasters._MAX_BYTES", 10_000)
    with pytest.raises(InputError, match="fewer bands"):
        read_raster(path)


@pytest.mark.parametrize(
    ("codes", "nodata", "expected"),
    [
        (np.array([0, 255], np.uint8), 255, [False, True]),
        (np.array([0, 255], np.uint8), -1, [False, False]),
        (np.array([0, 255], np.uint8), 0.5, [False, False]),
        (np.array([0, 255], np.uint8), float("nan"), [False, False]),
        (np.array([np.nan, 1], np.float32), None, [True, False]),
        (np.array([-3.4e38, 1], np.float32), -3.4e38, [True, False]),
        (np.array([0, -9999], np.int16), -9999, [False, True]),
    ],
)
def test_missing_codes(codes, nodata, expected):
    assert missing_codes(codes, nodata).tolist() == expected
