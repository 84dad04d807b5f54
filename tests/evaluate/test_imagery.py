from datetime import UTC, datetime

import numpy as np
import pytest
from affine import Affine

from terrascope_sdk.errors import InputError, RasterError
from terrascope_sdk.evaluate.imagery import read_stack
from tests.evaluate.made import write_tif

RNG = np.random.default_rng(0)
S2 = ["B1", "B2", "B3", "B4", "B5", "B6", "B7", "B8", "B8A", "B9", "B10", "B11", "B12"]
PIECE = "LC08_L2SP_008059_20191201_20200825_02_T1_"


def codes(count, dtype=np.uint16, shape=(6, 7)):
    return RNG.integers(1, 250, (count, *shape)).astype(dtype)


def test_thirteen_bands_of_whole_numbers_are_top_of_atmosphere(tmp_path):
    stored = codes(13, np.int16)
    stored[:, 0, 0], stored[3, 1, 1] = 0, 0  # no data; a dark pixel of one band
    write_tif(tmp_path / "X_S2Hand.tif", stored, names=S2, nodata=0)
    series = read_stack(["X_S2Hand.tif"], tmp_path).optical
    assert series.quantity == "toa_reflectance"
    assert series.bands[:3] == ("blue", "green", "red")
    assert series.band("red")[2, 2] == pytest.approx(stored[3, 2, 2] / 1e4)
    assert series.band("red")[1, 1] == 0
    assert series.valid[0].sum() == 41
    assert "the date is not known" in series.notes


def test_floats_stay_and_the_tag_gives_the_date(tmp_path):
    stored = codes(13).astype(np.float32) / 300
    tags = {"level": "L1C reflectance", "datetime": "2015-09-09T10:00:17Z"}
    write_tif(tmp_path / "s2.tif", stored, names=["B02", "B03", "B04", "B08", *["B10"] * 9], tags=tags)
    series = read_stack(["s2.tif"], tmp_path).optical
    assert (series.quantity, series.bands) == ("toa_reflectance", ("blue", "green", "red", "nir"))
    assert np.allclose(series.band("nir"), stored[3])
    assert series.acquired == (datetime(2015, 9, 9, 10, 0, 17, tzinfo=UTC),)


def test_names_may_be_tags_and_the_classes_hide_clouds(tmp_path):
    import rasterio

    stored = codes(5)
    stored[4] = 4
    stored[4, 0], stored[4, 1, 0] = 9, 0
    write_tif(tmp_path / "S2_L2A_sample.tif", stored)
    with rasterio.open(tmp_path / "S2_L2A_sample.tif", "r+") as file:
        for number, name in enumerate(["B04", "B03", "B02", "B08", "SCL"], start=1):
            file.update_tags(number, DESCRIPTION=name)
    series = read_stack(["S2_L2A_sample.tif"], tmp_path).optical
    assert (series.quantity, series.bands) == ("surface_reflectance", ("red", "green", "blue", "nir"))
    assert (~series.valid[0]).sum() == 8


def test_decibels_and_their_optical_partner_share_a_stack(tmp_path):
    write_tif(tmp_path / "X_S1Hand.tif", -codes(2).astype(np.float32) / 10, names=["VV", "VH"])
    write_tif(tmp_path / "X_S2Hand.tif", codes(13, np.int16), names=S2)
    stack = read_stack(["X_S1Hand.tif", "X_S2Hand.tif"], tmp_path)
    assert stack.sensors == ("optical", "sar")
    assert stack.sar.quantity == "sigma0_ellipsoid"
    assert stack.sar.bands == ("vv", "vh")


def test_eight_bits_are_display_values(tmp_path):
    photo = codes(3, np.uint8)
    write_tif(tmp_path / "drone.tif", photo, names=["red", "green", "blue"])
    mapper = ["TM1 blue", "TM2 green", "TM3 red", "TM4 nir", "TM5 swir1", "TM7 swir2"]
    write_tif(tmp_path / "tm_2000.tif", codes(6, np.uint8), names=mapper)
    write_tif(tmp_path / "1985.tif", codes(4, np.uint8), nodata=0)
    drone = read_stack(["drone.tif"], tmp_path).optical
    assert drone.quantity == "display"
    assert np.allclose(drone.band("green"), photo[1] / 255)
    assert read_stack(["tm_2000.tif"], tmp_path).optical.bands == ("blue", "green", "red", "nir", "swir16", "swir22")
    yearly = read_stack(["1985.tif"], tmp_path).optical
    assert (yearly.bands, yearly.acquired[0].year) == (("swir16", "nir", "red", "green"), 1985)


def test_channels_last_without_a_place(tmp_path):
    image = RNG.random((6, 7, 6)).astype(np.float32)
    np.savez(tmp_path / "landsat7.npz", img=image, other=image[..., :3])
    stack = read_stack(["landsat7.npz:img"], tmp_path)
    assert (stack.grid.crs, stack.optical.quantity) == (None, "toa_reflectance")
    assert np.allclose(stack.optical.band("swir22"), image[..., 5])
    with pytest.raises(InputError, match="channels"):
        read_stack(["landsat7.npz:other"], tmp_path)


def test_pieces_of_one_scene_are_joined_and_scaled(tmp_path):
    red, nir = codes(1), codes(1)
    red[0, 0, 0] = 0
    write_tif(tmp_path / f"{PIECE}SR_B4.TIF", red, nodata=0)
    write_tif(tmp_path / f"{PIECE}SR_B5.TIF", nir, nodata=0)
    flags = np.full((6, 7), 64, np.uint16)
    flags[5, 0], flags[5, 1], flags[5, 2] = 1, 8, 16
    write_tif(tmp_path / f"{PIECE}QA_PIXEL.TIF", flags)
    names = [f"{PIECE}SR_B5.TIF", f"{PIECE}SR_B4.TIF", f"{PIECE}QA_PIXEL.TIF"]
    series = read_stack(names, tmp_path).optical
    assert (series.quantity, series.bands) == ("surface_reflectance", ("nir", "red"))
    assert series.band("nir")[1, 1] == pytest.approx(nir[0, 1, 1] * 0.0000275 - 0.2)
    assert (~series.valid[0]).sum() == 4
    assert series.acquired == (datetime(2019, 12, 1, tzinfo=UTC),)


def test_dates_are_put_in_order(tmp_path):
    for day in ("2015-09-09", "2015-07-11"):
        write_tif(tmp_path / f"s2_l1c_{day}.tif", codes(13), names=S2)
    series = read_stack(["s2_l1c_2015-09-09.tif", "s2_l1c_2015-07-11.tif"], tmp_path).optical
    assert [t.month for t in series.acquired] == [7, 9]


@pytest.mark.parametrize(
    ("name", "stored", "names", "match"),
    [
        ("a.tif", codes(4, np.float32), None, "not known"),
        ("a.tif", codes(4, np.uint16), ["blue", "green", "red", "nir"], "unknown scale"),
        ("a.tif", codes(2, np.float32), ["VV", "VH"], "not in dB"),
        ("a.tif", -codes(2, np.float32), ["VV", "VH"], "gamma0 or sigma0"),
        ("a.tif", codes(3, np.uint16), ["B02", "B03", "B04"], "Level-1C or Level-2A"),
        ("a.tif", codes(1, np.complex64), ["VV"], "complex"),
    ],
)
def test_layouts_that_say_too_little_are_refused(tmp_path, name, stored, names, match):
    write_tif(tmp_path / name, stored, names=names)
    with pytest.raises(InputError, match=match):
        read_stack([name], tmp_path)


def test_images_that_do_not_fit_together_are_refused(tmp_path):
    write_tif(tmp_path / "a_L2A_B02.tif", codes(1))
    write_tif(tmp_path / "a_L2A_B11.tif", codes(1, shape=(3, 4)), transform=Affine(20, 0, 5e5, 0, -20, 5e6))
    with pytest.raises(InputError, match="different grids"):
        read_stack(["a_L2A_B02.tif", "a_L2A_B11.tif"], tmp_path)
    with pytest.raises(InputError, match="repeats"):
        read_stack(["a_L2A_B02.tif", "a_L2A_B02.tif"], tmp_path)
    write_tif(tmp_path / "b_L1C_B03.tif", codes(1))
    with pytest.raises(InputError, match="unlike quantities"):
        read_stack(["a_L2A_B02.tif", "b_L1C_B03.tif"], tmp_path)
    with pytest.raises(InputError, match="no image"):
        read_stack([], tmp_path)
    with pytest.raises(RasterError, match="no file"):
        read_stack(["none.tif"], tmp_path)
