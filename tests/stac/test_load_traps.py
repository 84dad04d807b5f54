"""Traps that other loaders' users have met; each is the story of an issue thread of theirs."""

import numpy as np
import pytest
import scipy.io
from affine import Affine

from terrascope_sdk.stac import load, load_lazy
from terrascope_sdk.stac.items import scene_from_item
from terrascope_sdk.types import Aoi, PixelGrid
from tests.stac.made import GRID, item, ramp, scene_on_disk


def east_of(grid):
    """Codes that say how far east a pixel lies: its longitude."""
    lon, _ = grid.lonlat(*(np.mgrid[0 : grid.height, 0 : grid.width] + 0.5))
    return np.round((lon - 11) * 10_000).astype(np.uint16)


def test_an_area_in_two_zones_is_covered_by_both_and_in_place(tmp_path):
    """stackstac#150 returned an empty array, openEO resampled silently."""
    zones = {
        "west": PixelGrid("EPSG:32632", Affine(20, 0, 724_000, 0, -20, 5_106_000), 400, 500),
        "east": PixelGrid("EPSG:32633", Affine(20, 0, 266_000, 0, -20, 5_106_000), 400, 500),
    }
    scenes = [
        scene_on_disk(tmp_path, name, grid=grid, bands={"red": (east_of(grid), {"nodata": 0})})
        for name, grid in zones.items()
    ]
    aoi = Aoi.from_bbox((11.96, 46.02, 12.04, 46.05))
    series = load(scenes, aoi=aoi).optical
    assert series.scene_ids == (("east", "west"),)
    assert series.grid.crs in ("EPSG:32632", "EPSG:32633")
    assert series.observed_frac() > 0.99
    expected = east_of(series.grid)
    seen = series.valid[0]
    assert series.band("red")[seen] == pytest.approx(expected[seen].astype(float), abs=3)  # a pixel is 2.6 of these


def test_grids_that_differ_in_the_fourth_digit_load_as_one(tmp_path):
    t = GRID.transform
    nearly = PixelGrid(GRID.crs, Affine(10, 0, t.c + 0.0004, 0, -10, t.f - 0.0003), GRID.height, GRID.width)
    scenes = [
        scene_on_disk(tmp_path, "a", bands={"red": ramp()}),
        scene_on_disk(tmp_path, "b", grid=nearly, when="2021-06-01T10:00:00Z", bands={"red": ramp()}),
    ]
    series = load(scenes).optical
    assert series.grid.same_as(GRID)
    assert np.array_equal(series.pixels[0], series.pixels[1])


def test_unsigned_bytes_of_netcdf_are_not_negative(tmp_path):
    """NetCDF 3 has no unsigned types: an attribute says that the sign bit is a value."""
    path = tmp_path / "scene.nc"
    codes = (np.arange(GRID.height * GRID.width) % 250).reshape(GRID.shape).astype(np.uint8)
    with scipy.io.netcdf_file(path, "w") as file:
        file.createDimension("y", GRID.height)
        file.createDimension("x", GRID.width)
        t = GRID.transform
        for name, values in (
            ("y", t.f + t.e * (np.arange(GRID.height) + 0.5)), ("x", t.c + t.a * (np.arange(GRID.width) + 0.5)),
        ):  # fmt: skip
            file.createVariable(name, "f8", (name,))[:] = values
        red = file.createVariable("red", "i1", ("y", "x"))
        red[:] = codes.view(np.int8)
        red._Unsigned = b"true"
        red.grid_mapping = b"crs"
        placed = file.createVariable("crs", "i4", ())
        placed.grid_mapping_name = b"transverse_mercator"
        placed.spatial_ref = GRID.projection.to_wkt("WKT1_GDAL").encode()
        placed.GeoTransform = f"{t.c} {t.a} 0 {t.f} 0 {t.e}".encode()
    document = item(tmp_path, "scene", bands={"red": codes})
    document["assets"]["red"]["href"] = str(path)
    document["assets"]["red"]["raster:bands"] = [{"data_type": "uint8"}]
    series = load([scene_from_item(document)]).optical
    assert np.array_equal(series.band("red"), codes.astype(np.float32))


def test_all_clouds_is_a_stack_with_nothing_in_it_and_no_crash(tmp_path):
    classes = np.full(GRID.shape, 9, np.uint8)
    series = load([scene_on_disk(tmp_path, bands={"red": ramp(), "scl": classes})]).optical
    assert series.observed_frac() == 0
    assert np.isnan(series.pixels).all()
    assert series.clouded.all()


def test_speckle_is_averaged_as_power_not_as_decibels(tmp_path):
    power = np.random.default_rng(0).exponential(0.1, GRID.shape).astype(np.float32)
    radar = scene_on_disk(
        tmp_path, "s", sensor="sar", bands={"vv": (power, {"nodata": 0})}, **{"terrascope:encoding": "linear_power"}
    )
    mean_db = float(np.mean(load([radar], gsd_m=100).sar.band("vv")[1:-1, 1:-1]))
    of_power = 10 * np.log10(power.mean())
    of_decibels = float(np.mean(10 * np.log10(power)))
    assert of_power - of_decibels == pytest.approx(2.5, abs=0.3)  # the bias of averaging decibels of one look
    assert abs(mean_db - of_power) < 0.5


def unplaced(document):
    """The item without a word of where its pixels lie and which code is missing."""
    properties = {k: v for k, v in document["properties"].items() if not k.startswith("proj:")}
    for asset in document["assets"].values():
        asset["raster:bands"] = [{"data_type": "uint16"}]
    return document | {"properties": properties}


@pytest.mark.parametrize("stated", [0, None])
def test_what_the_metadata_do_not_state_the_file_does(tmp_path, stated):
    """A missing code that stands in the file alone, and pixels beyond a file whose place the item does not give."""
    document = unplaced(item(tmp_path, "scene", bands={"red": (ramp(), {"nodata": stated})}))
    t = GRID.transform
    wider = PixelGrid(GRID.crs, Affine(10, 0, t.c - 100, 0, -10, t.f + 50), GRID.height + 10, GRID.width + 20)
    tilted = PixelGrid("EPSG:32633", Affine(10, 0, 18_000, 0, -10, 5_040_000), 60, 80)
    series = load([scene_from_item(document)], grid=wider).optical
    assert series.valid[0].sum() == GRID.height * GRID.width - (0 if stated is None else 1)
    lazy = load_lazy([scene_from_item(document)], grid=wider, chunk_px=32).to_xarray().compute()
    assert np.array_equal(lazy["valid"].values, series.valid)
    assert not load([scene_from_item(document)], grid=tilted).optical.valid.all()
