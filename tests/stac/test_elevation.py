import numpy as np
import pytest
from affine import Affine

from terrascope_sdk.errors import InputError, NoScenesFound, TooLarge
from terrascope_sdk.stac import load_elevation
from terrascope_sdk.types import PixelGrid
from tests.stac.made import GRID, item, ramp, write_band
from tests.stac.range_server import RangeServer
from tests.stac.stub_api import StubApi

TILE = PixelGrid("EPSG:4326", Affine(1 / 3600, 0, 8.99, 0, -1 / 3600, 45.16), 60, 80)


def plane(grid):
    """Heights that rise with longitude and latitude, so that each pixel says where it is."""
    lon, lat = grid.lonlat(*(np.mgrid[0 : grid.height, 0 : grid.width] + 0.5))
    return (1000 + 2e4 * (lon - 9.0) + 3e4 * (lat - 45.15)).astype(np.float32)


def tile(folder, name="dem", *, heights=None, grid=TILE):
    """A tile as Earth Search describes it."""
    path = write_band(folder / f"{name}.tif", plane(grid) if heights is None else heights, grid=grid)
    west, south, east, north = grid.bounds_lonlat
    return {
        "type": "Feature", "stac_version": "1.0.0", "id": name, "collection": "cop-dem-glo-30", "links": [],
        "bbox": [west, south, east, north], "geometry": None,
        "properties": {
            "datetime": "2021-04-22T00:00:00Z", "gsd": 30, "proj:epsg": 4326, "proj:shape": list(grid.shape),
            "proj:transform": list(grid.transform)[:6], "platform": "tandem-x",
        },
        "assets": {
            "data": {"href": str(path), "roles": ["data"], "raster:bands": [{"data_type": "float32", "unit": "meter"}]}
        },
    }  # fmt: skip


def test_heights_lie_under_the_pixels_of_a_stack(tmp_path):
    found = load_elevation([tile(tmp_path)], grid=GRID)
    assert found.shape == GRID.shape
    assert found.attrs["units"] == "m"
    assert found.values == pytest.approx(plane(GRID), abs=0.5)
    assert found.x[0] == GRID.transform.c + 5
    assert found.y[0] == GRID.transform.f - 5


def test_where_there_is_no_tile_there_is_no_height(tmp_path):
    half = PixelGrid(TILE.crs, TILE.transform, 60, 38)
    west = load_elevation([tile(tmp_path, grid=half)], grid=GRID).values
    assert np.isnan(west).any()
    assert np.isfinite(west).any()
    both = load_elevation([tile(tmp_path, grid=half), tile(tmp_path, "all")], grid=GRID).values
    assert both == pytest.approx(plane(GRID), abs=1)  # at the edge of a tile, half a pixel is its last height


def test_an_area_alone_gets_a_grid_of_its_own(tmp_path):
    found = load_elevation([tile(tmp_path)], aoi=(8.995, 45.148, 9.005, 45.155))
    assert found.attrs["crs"] in ("EPSG:32632", "EPSG:32631")
    assert np.isfinite(found.values).mean() > 0.9


def test_what_is_no_elevation_is_refused(tmp_path):
    with pytest.raises(InputError, match="no elevation model to load"):
        load_elevation([], grid=GRID)
    with pytest.raises(InputError, match="area or a grid"):
        load_elevation([tile(tmp_path)])
    with pytest.raises(InputError, match="scene is no elevation model"):
        load_elevation([item(tmp_path, bands={"red": ramp()})], grid=GRID)
    huge = PixelGrid("EPSG:32632", Affine(0.1, 0, 500_000, 0, -0.1, 5_000_000), 40_000, 40_000)
    with pytest.raises(TooLarge):
        load_elevation([tile(tmp_path)], grid=huge)


@pytest.mark.enable_socket
def test_tiles_are_found_in_a_catalogue_and_read_over_http(tmp_path):
    found = tile(tmp_path)
    with RangeServer(tmp_path) as files:
        found["assets"]["data"]["href"] = f"{files.url}/dem.tif"
        pages = {"features": [found, found], "type": "FeatureCollection"}
        with StubApi(answer=lambda body, number: pages) as api:
            heights = load_elevation(grid=GRID, catalog=api.url)
            assert api.bodies[0]["collections"] == ["cop-dem-glo-30"]
    assert heights.values == pytest.approx(plane(GRID), abs=0.5)


@pytest.mark.enable_socket
def test_no_tile_and_no_catalogue_are_said_so():
    with StubApi(answer=lambda body, number: {"features": []}) as api, pytest.raises(NoScenesFound, match="no tile"):
        load_elevation(grid=GRID, catalog=api.url)
    with pytest.raises(InputError, match="catalogue"):
        load_elevation(grid=GRID)


def test_the_code_of_a_missing_height_is_never_mixed_into_others(tmp_path):
    heights = plane(TILE)
    heights[25:35] = -32767
    found = tile(tmp_path, heights=heights)
    found["assets"]["data"]["raster:bands"] = [{"data_type": "float32", "nodata": -32767}]
    seen = load_elevation([found], grid=GRID).values
    known = np.isfinite(seen)
    assert known.any()
    assert not known.all()
    assert seen[known] == pytest.approx(plane(GRID)[known], abs=12)  # half a pixel beside a gap is its last height
