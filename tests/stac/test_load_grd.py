"""Ground-range radar through search's scene to decibels on a grid."""

import json
from pathlib import Path

import numpy as np
import pytest

from terrascope_sdk.errors import InputError, NoScenesFound
from terrascope_sdk.stac import load, load_lazy, scene_from_item
from tests.stac.grd_made import COLUMNS, LINES, annotation, write_measurement
from tests.stac.test_grd import utm_grid

RECORDED = next((Path(__file__).parents[1] / "data" / "stac").rglob("sentinel-1-grd_iw*.json"))


def grd_scene(folder, *, annotated=True, heights=lambda row, column: 0.0 * row):
    """The recorded item of a real product, its files replaced by made ones."""
    document = json.loads(RECORDED.read_text())
    for name, level in (("vv", 0.1), ("vh", 0.02)):
        write_measurement(folder / f"{name}.tiff", np.full((LINES, COLUMNS), level) * 100, heights=heights)
        document["assets"][name]["href"] = str(folder / f"{name}.tiff")
        (folder / f"{name}.xml").write_bytes(annotation())
        document["assets"][f"schema-calibration-{name}"]["href"] = str(folder / f"{name}.xml")
        if not annotated:
            del document["assets"][f"schema-calibration-{name}"]
    document["properties"].pop("terrascope:catalog", None)
    document["links"] = []
    return scene_from_item(document, catalog="unknown")


def test_grd_is_calibrated_and_says_that_slopes_are_not(tmp_path):
    stack = load([grd_scene(tmp_path)], grid=utm_grid(60, 60, height=80, width=90))
    assert stack.sar.quantity == "sigma0_ellipsoid"
    assert stack.sar.valid.all()
    assert stack.sar.band("vv") == pytest.approx(np.full((80, 90), 10.0), abs=0.05)
    assert stack.sar.band("vh") == pytest.approx(np.full((80, 90), 10 * np.log10(2)), abs=0.05)
    notes = " ".join(stack.sar.notes)
    assert "not corrected for terrain" in notes
    assert "warning" not in notes


def test_grd_is_read_lazily_by_whole_dates(tmp_path):
    scene, grid = grd_scene(tmp_path), utm_grid(60, 60, height=80, width=90)
    lazy = load_lazy([scene], grid=grid, chunk_px=16)
    assert lazy.sar["vv"].chunks == ((1,), (80,), (90,))
    assert lazy.sar.compute().identical(load([scene], grid=grid).to_xarray())


def test_relief_is_a_warning(tmp_path):
    scene = grd_scene(tmp_path, heights=lambda row, column: 4 * row)
    stack = load([scene], grid=utm_grid(60, 60, height=40, width=40))
    assert any("use a terrain-corrected product" in n for n in stack.sar.notes)


def test_without_its_annotation_it_is_refused_naming_the_other_collection(tmp_path):
    with pytest.raises(InputError, match="sentinel-1-rtc"):
        load([grd_scene(tmp_path, annotated=False)], grid=utm_grid(60, 60, height=9, width=9))


def test_an_area_beside_the_swath_is_no_scene(tmp_path):
    with pytest.raises(NoScenesFound):
        load([grd_scene(tmp_path)], aoi=(30.0, 10.0, 30.1, 10.1))
