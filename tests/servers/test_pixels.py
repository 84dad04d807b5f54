"""From a search of a real STAC API to pixels over a real web server that answers byte ranges."""

import contextlib
import socket

import numpy as np
import pytest

from terrascope_sdk.stac import load, record, replay, search
from terrascope_sdk.stac.access import access_of
from terrascope_sdk.stac.estimate import estimate
from terrascope_sdk.stac.transport.ranges import memory_of
from tests.stac.made import GRID

pytestmark = [pytest.mark.servers, pytest.mark.allow_hosts(["127.0.0.1"])]
PLACE = tuple(GRID.bounds_lonlat)


def test_from_a_place_and_a_time_to_reflectance(real_api, pixels):
    scenes = search(PLACE, catalog=real_api, time="2020-07", max_cloud_frac=0.2)
    assert [s.id for s in scenes] == ["S2A_pixels_1", "S2A_pixels_3"]
    memory_of(access_of(scenes[0]).fetcher).clear()  # of what another test may have read
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


def test_a_run_is_recorded_and_replayed_to_the_bit_with_no_request(real_api, pixels, tmp_path):
    def run():
        scenes = search(PLACE, catalog=real_api, time="2020-07")
        return load(scenes, aoi=PLACE, bands=["red"])

    with record(tmp_path / "tape"):
        first = run()
    before = len(pixels[1].requests)
    with replay(tmp_path / "tape"), no_sockets():
        again = run()
    assert again.id == first.id
    assert len(pixels[1].requests) == before > 0


def test_a_server_that_fails_now_and_then_gives_the_same_pixels(real_api, pixels, tmp_path, monkeypatch):
    scenes = search(PLACE, catalog=real_api, time="2020-07")
    calm = load(scenes, aoi=PLACE, bands=["red"], cache=None).optical
    memory_of(access_of(scenes[0]).fetcher).clear()
    monkeypatch.setenv("TERRASCOPE_WORKSPACE", str(tmp_path / "empty"))  # nothing is left of the first load
    before = len(pixels[1].requests)
    for scene in scenes:
        path = scene.item["assets"]["B04"]["href"].removeprefix(pixels[1].url)
        pixels[1].fail(path, "503", times=1)
        pixels[1].fail(path, "drop", times=1)
    assert load(scenes, aoi=PLACE, bands=["red"], cache=None).optical == calm
    assert {r.status for r in pixels[1].requests[before:]} >= {206, 503}


@contextlib.contextmanager
def no_sockets():
    """No socket may be made at all."""
    made = socket.socket

    def refused(*args, **kwargs):
        raise AssertionError("a socket was opened")

    socket.socket = refused
    try:
        yield
    finally:
        socket.socket = made
