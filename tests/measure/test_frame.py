import numpy as np
import pytest
import shapely
from affine import Affine

from terrascope_sdk.errors import InputError, UndefinedMeasurement
from terrascope_sdk.measure import area, share
from terrascope_sdk.measure.frame import frame_of
from terrascope_sdk.types import Aoi, PixelGrid
from tests.measure.discs import SMALL_GRIDS, grid_at, mask_of, small_grid


@pytest.mark.parametrize("crs", ["EPSG:32632", "EPSG:4326", "EPSG:3857", "EPSG:3035"])
def test_a_box_around_the_image_holds_every_pixel(crs):
    grid = grid_at(6.1, 60, crs, size=200)
    frame = frame_of(mask_of(np.ones((200, 200), bool), grid), aoi=Aoi.from_bbox(grid.bounds_lonlat))
    assert frame.inside.all()


def test_a_box_through_the_outermost_pixel_centres_keeps_them():
    for name in ("lonlat at 60 N", "mercator"):
        grid = small_grid((7, 9), *SMALL_GRIDS[name])
        lon, lat = grid.lonlat([0.5, 6.5], [0.5, 8.5])
        through_metres = [float(np.round(v, 12)) for v in (lon[0], lat[1], lon[1], lat[0])]
        assert frame_of(mask_of(np.ones((7, 9), bool), grid), aoi=Aoi.from_bbox(through_metres)).inside.all()


def test_ground_beside_the_image_counts_as_not_observed():
    grid = small_grid((10, 10), *SMALL_GRIDS["lonlat at 60 N"])
    west, south, east, north = grid.bounds_lonlat
    twice = Aoi.from_bbox((west, south, east + (east - west), north))
    found = share(mask_of(np.ones((10, 10), bool), grid), aoi=twice)
    assert found.value == 1
    assert found.observed_frac == pytest.approx(0.5, rel=1e-6)
    assert any("50.0% of the area of interest lies outside the image" in n for n in found.notes)


def test_clouds_and_missing_ground_multiply():
    valid = np.ones((10, 10), bool)
    valid[:, ::2] = False
    grid = small_grid((10, 10), *SMALL_GRIDS["lonlat at 60 N"])
    west, south, east, north = grid.bounds_lonlat
    twice = Aoi.from_bbox((west, south, east + (east - west), north))
    assert area(mask_of(valid, grid, valid=valid), aoi=twice).observed_frac == pytest.approx(0.25, rel=1e-6)


def test_an_area_elsewhere_or_between_pixel_centres_is_undefined():
    mask = mask_of(np.ones((4, 4), bool))
    with pytest.raises(UndefinedMeasurement, match="No pixel of the image has its centre inside"):
        area(mask, aoi=Aoi.from_bbox((100, 10, 101, 11)))
    lon, lat = mask.grid.lonlat(2.0, 2.0)
    between = Aoi(shapely.Point(float(lon), float(lat)).buffer(1e-6))
    with pytest.raises(UndefinedMeasurement, match="pixels are 10 m wide"):
        area(mask, aoi=between)


def test_holes_and_several_parts():
    grid = grid_at(9, 45, "EPSG:32632", size=60)
    a, b = shapely.Point(9, 45).buffer(0.002), shapely.Point(9.003, 45.001).buffer(0.0005)
    ring = shapely.union(a.difference(shapely.Point(9, 45).buffer(0.001)), b)
    rows, columns = np.mgrid[0:60, 0:60] + 0.5
    lon, lat = grid.lonlat(rows, columns)
    frame = frame_of(mask_of(np.ones((60, 60), bool), grid), aoi=Aoi(ring))
    np.testing.assert_array_equal(frame.inside, shapely.contains_xy(ring, lon, lat))


def test_blocks_of_rows_do_not_show(monkeypatch):
    grid = grid_at(9.01, 45, "EPSG:32632", size=50)
    mask, aoi = mask_of(np.ones((50, 50), bool), grid), Aoi(shapely.Point(9.01, 45).buffer(0.002))
    whole = frame_of(mask, aoi=aoi).inside
    from terrascope_sdk.measure import frame

    frame._look.cache_clear()
    monkeypatch.setattr(frame, "_BLOCK_PX", 137)
    np.testing.assert_array_equal(frame_of(mask, aoi=aoi).inside, whole)


def test_the_inside_of_an_area_is_worked_out_once(monkeypatch):
    grid = grid_at(9.02, 45, "EPSG:32632", size=30)
    mask, aoi = mask_of(np.ones((30, 30), bool), grid), Aoi(shapely.Point(9.02, 45).buffer(0.001))
    first = area(mask, aoi=aoi)
    monkeypatch.setattr(PixelGrid, "contains", lambda *_: pytest.fail("asked again"))
    assert area(mask_of(mask.pixels, PixelGrid(grid.crs, grid.transform, 30, 30)), aoi=aoi).value == first.value


def test_different_grids_are_refused():
    a = mask_of(np.ones((3, 3), bool))
    b = mask_of(np.ones((3, 3), bool), small_grid((3, 3), transform=Affine(10, 0, 500_005, 0, -10, 5_000_000)))
    with pytest.raises(InputError, match="different grids"):
        frame_of(a, b)


def test_across_the_antimeridian():
    grid = small_grid((20, 20), *SMALL_GRIDS["across the antimeridian"])
    lon, _ = grid.lonlat([10, 10], [0.5, 19.5])
    assert lon[0] > 0 > lon[1]
    frame = frame_of(mask_of(np.ones((20, 20), bool), grid), aoi=Aoi.from_bbox((179, -1, 180, 1)))
    assert 0 < frame.inside.sum() < 400
    assert frame.observed_frac == 1.0
