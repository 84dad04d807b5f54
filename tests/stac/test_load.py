import numpy as np
import pytest
import shapely
from affine import Affine

from terrascope_sdk.errors import InputError, NoScenesFound, RasterError, TooLarge
from terrascope_sdk.stac import load, load_lazy
from terrascope_sdk.types import Aoi, PixelGrid
from tests.stac.made import GRID, ramp, scene_on_disk

SCALED = {"scale": 1e-4, "offset": -0.1, "nodata": 0}


def test_pixels_arrive_unresampled_with_scale_and_offset_applied_once(tmp_path):
    codes = ramp()
    stack = load([scene_on_disk(tmp_path, bands={"red": (codes, SCALED), "nir": (codes, SCALED)})])
    assert stack.grid.same_as(GRID)
    expected = np.where(codes == 0, np.nan, codes.astype(float) * 1e-4 - 0.1)
    assert np.allclose(stack.optical.band("red"), expected, atol=1e-7, equal_nan=True)
    assert not stack.optical.valid[0, 0, 0]
    assert stack.optical.quantity == "surface_reflectance"
    assert stack.optical.attribution == "made for a test"


def test_an_area_cuts_out_its_pixels_and_no_more(tmp_path):
    scene = scene_on_disk(tmp_path, bands={"red": ramp()})
    corner = GRID.crop(row=10, column=20, height=5, width=8)
    lon, lat = corner.lonlat([0.5, 4.5, 0.5, 4.5], [0.5, 7.5, 7.5, 0.5])
    aoi = Aoi.from_bbox((lon.min(), lat.min(), lon.max(), lat.max()))
    stack = load([scene], aoi=aoi)
    assert stack.grid.same_as(corner)
    assert np.array_equal(stack.optical.band("red"), ramp()[10:15, 20:28].astype(np.float32))


def test_dates_are_sorted_and_keep_their_scenes(tmp_path):
    scenes = [
        scene_on_disk(tmp_path, "late", when="2021-01-01T00:00:00Z", bands={"red": ramp(factor=2)}),
        scene_on_disk(tmp_path, "early", when="2020-01-01T00:00:00Z", bands={"red": ramp()}),
    ]
    series = load(scenes).optical
    assert series.scene_ids == (("early",), ("late",))
    assert series.pixels[1, 0, 1, 1] == 2 * series.pixels[0, 0, 1, 1]


def test_both_sensors_share_one_grid(tmp_path):
    optical = scene_on_disk(tmp_path, "o", bands={"red": ramp()})
    power = np.full(GRID.shape, 0.01, np.float32)
    radar = scene_on_disk(
        tmp_path, "s", sensor="sar", bands={"vv": power}, when="2020-06-02T00:00:00Z",
        **{"terrascope:encoding": "linear_power", "sat:orbit_state": "descending", "sat:relative_orbit": 110},
    )  # fmt: skip
    stack = load([optical, radar])
    assert stack.sensors == ("optical", "sar")
    assert stack.sar.band("vv") == pytest.approx(np.full(GRID.shape, -20.0), abs=1e-4)
    assert stack.sar.orbits == ("descending 110",)


def test_clouds_hide_the_ground_unless_asked_otherwise(tmp_path):
    classes = np.full(GRID.shape, 4, np.uint8)
    classes[:10] = 9
    classes[10] = 0
    scene = scene_on_disk(tmp_path, bands={"red": ramp(), "scl": classes})
    masked, open_sky = load([scene]).optical, load([scene], mask_clouds=False).optical
    assert masked.valid[0].sum() == 26 * 50  # four rows lie within 40 m of a cloud, and one of them has no data
    assert masked.clouded[0].sum() == 13 * 50
    assert open_sky.valid[0].sum() == 39 * 50
    assert "scl" not in masked.bands
    assert any("scl" in n for n in masked.notes)


def test_scenes_on_unlike_grids_meet_in_utm_at_the_finest_pixel(tmp_path):
    coarse = PixelGrid("EPSG:32632", Affine(20, 0, 500_000, 0, -20, 5_000_000), 20, 25)
    fine, blurred = np.full(GRID.shape, 500, np.uint16), np.full(coarse.shape, 700, np.uint16)
    stack = load(
        [
            scene_on_disk(tmp_path, "fine", bands={"red": fine}),
            scene_on_disk(tmp_path, "coarse", grid=coarse, when="2021-01-01T00:00:00Z", bands={"red": blurred}),
        ]
    )
    assert stack.grid.crs == "EPSG:32632"
    assert stack.grid.transform.a == 10
    inner = stack.optical.pixels[:, 0, 5:-5, 5:-5]
    assert (inner[0] == 500).all()
    assert (inner[1] == 700).all()


def test_a_longitude_latitude_grid_stays_what_it_is(tmp_path):
    grid = PixelGrid("EPSG:4326", Affine(8.983e-5, 0, -0.78, 0, -8.983e-5, 38.13), 32, 32)
    stack = load([scene_on_disk(tmp_path, grid=grid, bands={"red": ramp(grid=grid)})])
    assert stack.grid.same_as(grid)
    assert np.array_equal(stack.optical.band("red"), ramp(grid=grid).astype(np.float32))


@pytest.mark.parametrize("keep", [0, 100, 900])
def test_a_truncated_file_is_a_raster_error_that_names_the_scene(tmp_path, keep):
    scene = scene_on_disk(
        tmp_path, "broken", bands={"red": np.random.default_rng(0).integers(1, 9999, GRID.shape, np.uint16)}
    )
    path = tmp_path / "broken" / "red.tif"
    path.write_bytes(path.read_bytes()[:keep])
    with pytest.raises(RasterError, match="broken"):
        load([scene])


def test_a_missing_file_is_a_raster_error(tmp_path):
    scene = scene_on_disk(tmp_path, "gone", bands={"red": ramp()})
    (tmp_path / "gone" / "red.tif").unlink()
    with pytest.raises(RasterError, match="gone"):
        load([scene])


def test_nothing_but_nodata_is_a_stack_with_nothing_observed(tmp_path):
    blank = np.full(GRID.shape, np.nan, np.float32)
    stack = load([scene_on_disk(tmp_path, bands={"red": (blank, {"nodata": None})})])
    assert stack.optical.observed_frac() == 0


def test_bands_that_are_not_there_are_named(tmp_path):
    with pytest.raises(InputError, match=r"no band swir16.*red"):
        load([scene_on_disk(tmp_path, bands={"red": ramp()})], bands=["swir16"])


def test_unlike_quantities_do_not_mix(tmp_path):
    one = scene_on_disk(tmp_path, "a", bands={"red": ramp()})
    other = scene_on_disk(tmp_path, "b", bands={"red": ramp()}, **{"terrascope:quantity": "toa_reflectance"})
    with pytest.raises(InputError, match="unlike quantities"):
        load([one, other])


def test_too_much_and_nothing_are_refused(tmp_path):
    with pytest.raises(InputError, match="nothing to load"):
        load([])
    scene = scene_on_disk(tmp_path, bands={"red": ramp()})
    huge = PixelGrid("EPSG:32632", Affine(0.1, 0, 500_000, 0, -0.1, 5_000_000), 40_000, 40_000)
    with pytest.raises(TooLarge, match="at most 1,000,000"):
        load_lazy([scene], grid=huge, chunk_px=10)


def test_an_area_beside_the_pixels_is_no_scene(tmp_path):
    scene = scene_on_disk(tmp_path, bands={"red": ramp()})
    with pytest.raises(NoScenesFound, match="No pixel"):
        load([scene], aoi=Aoi.from_bbox((20, 45, 21, 46)))


def test_a_polygon_cuts_its_bounding_box(tmp_path):
    scene = scene_on_disk(tmp_path, bands={"red": ramp()})
    lon, lat = GRID.lonlat([10.0, 20.0, 20.0], [10.0, 10.0, 30.0])
    triangle = Aoi.from_geometry(shapely.Polygon(zip(lon, lat, strict=True)))
    stack = load([scene], aoi=triangle)
    assert 10 <= stack.grid.height <= 12
    assert 20 <= stack.grid.width <= 22


def test_pixels_beyond_a_scene_are_unobserved_whatever_fills_them(tmp_path):
    scene = scene_on_disk(tmp_path, bands={"red": np.full(GRID.shape, 7, np.uint8)})
    t = GRID.transform
    wider = PixelGrid(GRID.crs, Affine(10, 0, t.c - 100, 0, -10, t.f + 50), GRID.height + 10, GRID.width + 20)
    series = load([scene], grid=wider).optical
    assert series.valid[0].sum() == GRID.height * GRID.width
    assert series.valid[0, 5:45, 10:60].all()
    half = PixelGrid(GRID.crs, Affine(10, 0, t.c - 5, 0, -10, t.f + 5), GRID.height, GRID.width)
    assert load([scene], grid=half).optical.valid[0].sum() >= (GRID.height - 1) * (GRID.width - 1)
