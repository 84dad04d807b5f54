"""From a search of a real STAC API to pixels over a real web server that answers byte ranges."""

import numpy as np
import pytest

from terrascope_sdk.stac import load, search
from terrascope_sdk.stac.estimate import estimate
from tests.stac.made import GRID

pytestmark = [pytest.mark.servers, pytest.mark.allow_hosts(["127.0.0.1"])]
PLACE = tuple(GRID.bounds_lonlat)


def test_from_a_place_and_a_time_to_reflectance(real_api, pixels):
    scenes = search(PLACE, catalog=real_api, time="2020-07", max_cloud_frac=0.2)
    assert [s.id for s in scenes] == ["S2A_pixels_1", "S2A_pixels_3"]
    before = len(pixels[1].requests)
    cost = estimate(scenes, PLACE, ["red"])
    assert cost.bytes_download > 0
    assert len(pixels[1].requests) == before  # nothing was fetched for it
    series = load(scenes, aoi=PLACE, bands=["red"], cache=None).optical
    assert series.scene_ids == (("S2A_pixels_1",), ("S2A_pixels_3",))
    assert series.quantity == "surface_reflectance"
    for date, reflectance in enumerate((0.1, 0.3)):
        assert series.observed_frac(date) > 0.9
        np.testing.assert_allclose(series.pixels[date, 0][series.valid[date]], reflectance, atol=1e-6)
    fetched = {r.path.rsplit("/", 1)[-1] for r in pixels[1].requests[before:]}
    assert fetched == {"B04.tif", "SCL.tif"}
