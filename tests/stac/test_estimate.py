"""What a load would cost, against sizes that can be worked out by hand."""

import time

import pytest
from affine import Affine

from terrascope_sdk.errors import InputError
from terrascope_sdk.stac import search
from terrascope_sdk.stac.estimate import estimate
from terrascope_sdk.stac.items import scene_from_item
from terrascope_sdk.types import Aoi, PixelGrid

TILE = PixelGrid("EPSG:32632", Affine(10, 0, 600_000, 0, -10, 5_200_020), 10980, 10980)
HEADER = 131_072


def area(columns, rows, *, at=(0, 0)):
    """The box of some pixels of the tile, a little inside so that no further pixel is touched."""
    column, row = at
    lon, lat = TILE.lonlat([row + 0.3, row + rows - 0.3], [column + 0.3, column + columns - 0.3])
    return Aoi.from_bbox((lon[0], lat[1], lon[1], lat[0]))


def scene(name="a", *, host="https://pixels.test", dtype="uint16", **grid):
    bands = {"red": "uint16", "nir": "uint16"}
    fields = {"raster:bands": [{"data_type": dtype}]} if dtype else {}
    proj = {"proj:code": TILE.crs, "proj:shape": list(TILE.shape), "proj:transform": list(TILE.transform[:6])} | grid
    west, south, east, north = TILE.bounds_lonlat
    return scene_from_item({
        "type": "Feature", "id": name, "collection": "made", "bbox": [west, south, east, north],
        "assets": {b: {"href": f"{host}/{name}/{b}.tif", "roles": ["data"]} | fields for b in bands},
        "properties": {
            "datetime": "2020-06-01T10:00:00Z", "gsd": 10, "terrascope:sensor": "optical",
            "terrascope:quantity": "surface_reflectance", "terrascope:attribution": "", "terrascope:license": "",
        } | {k: v for k, v in proj.items() if v is not None},
    })  # fmt: skip


def test_whole_tiles_of_the_file_are_counted():
    one = estimate([scene()], area(100, 100, at=(10, 10)), ["red"])
    assert one.scenes == 1
    assert one.bytes_download == int(512 * 512 * 2 * 0.6) + HEADER
    across = estimate([scene()], area(100, 100, at=(500, 10)), ["red"])  # over the edge of a tile
    assert across.bytes_download == int(1024 * 512 * 2 * 0.6) + HEADER


def test_bands_and_scenes_add_up():
    place = area(100, 100, at=(10, 10))
    one = estimate([scene()], place, ["red"])
    both = estimate([scene(), scene("b")], place)
    assert both.bytes_download == 4 * one.bytes_download
    assert both.seconds > one.seconds
    assert "2 scenes, 4 files" in both.text
    assert str(both) == both.text


def test_memory_is_the_loaded_series():
    box = area(100, 80, at=(10, 10))
    found = estimate([scene()], box)
    assert found.bytes_memory == pytest.approx(100 * 80 * (2 * 4 + 1), rel=0.1)


def test_a_coarser_grid_reads_overviews():
    whole = area(10980, 10980)
    fine, coarse = (estimate([scene()], whole, ["red"], gsd) for gsd in (10, 40))
    assert fine.bytes_download == pytest.approx(10980**2 * 2 * 0.6, rel=0.01)
    assert coarse.bytes_download == pytest.approx(fine.bytes_download / 16, rel=0.03)
    assert estimate([scene()], whole, ["red"], 39).bytes_download == pytest.approx(fine.bytes_download / 4, rel=0.03)


def test_outside_the_scene_nothing_is_read():
    assert estimate([scene()], (0, 10, 0.1, 10.1), ["red"], 10).bytes_download == 0


def test_files_on_this_machine_are_not_fetched():
    local = estimate(search("bolzano"), "bolzano")
    assert local.bytes_download == 0
    assert local.bytes_memory > 0


def test_what_the_metadata_do_not_state_is_said():
    vague = estimate([scene(**{"proj:shape": None})], area(100, 100), ["red"])
    assert "1 of 1 files do not state" in vague.text
    assert "do not state" not in estimate([scene()], area(100, 100), ["red"]).text
    assert vague.bytes_download == pytest.approx(100 * 100 * 2 * 0.6 + HEADER, rel=0.1)


def test_nothing_and_nonsense():
    assert estimate([], "bolzano").scenes == 0
    with pytest.raises(InputError, match="gsd_m"):
        estimate([scene()], "bolzano", ["red"], -10)
    with pytest.raises(InputError, match="no band"):
        estimate([scene()], "bolzano", ["rde"])


def test_thousands_of_scenes_are_planned_in_moments():
    many = [scene(f"n{i}") for i in range(2000)]
    start = time.perf_counter()
    assert estimate(many, area(500, 500)).scenes == 2000
    assert time.perf_counter() - start < 5  # far more than it takes, as machines are shared
