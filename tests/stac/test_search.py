"""Search over the bundled catalogue, as a user calls it."""

import random
import sys

import pytest
import shapely

from terrascope_sdk.errors import InputError, NoScenesFound
from terrascope_sdk.stac import load, places, resolve_aoi, search
from terrascope_sdk.stac.notices import MoreScenes
from terrascope_sdk.types import Aoi


def test_every_place_has_scenes_with_credit_and_terms():
    for place in places():
        scenes = search(place.name)
        assert {s.sensor for s in scenes} == set(place.sensors)
        assert all(s.attribution and s.license for s in scenes)
        assert [s.acquired for s in scenes] == sorted(s.acquired for s in scenes)


def test_time_sensor_and_cloud_narrow_the_result():
    assert len(search("belgium")) == 22
    assert len(search("belgium", sensor="optical")) == 10
    assert len(search("belgium", time="2021", sensor="sar")) == 10
    assert [f"{s.acquired:%m-%d}" for s in search("slovenia", max_cloud_frac=0.5)] == ["07-11", "08-30", "09-09"]
    assert len(search("slovenia", query='"eo:cloud_cover" > 90')) == 2
    assert search("spain", collections=["sentinel-1-grd"])[0].sensor == "sar"


def test_nothing_found_names_what_there_is():
    with pytest.raises(NoScenesFound, match=r"2022-06-12 \(optical\)"):
        search("bolzano", time="2019")
    with pytest.raises(NoScenesFound, match="query="):
        search("bolzano", query="nonsense = 3")
    with pytest.raises(NoScenesFound, match="It covers bolzano"):
        search((0, 0, 1, 1))


@pytest.mark.parametrize(
    "bad",
    [{"sensor": "radar"}, {"max_cloud_frac": 20}, {"time": "someday"}, {"query": "cloud <"}],
)
def test_arguments_without_sense_are_refused(bad):
    with pytest.raises(InputError):
        search("bolzano", **bad)


def test_an_unknown_place_is_answered_with_the_closest():
    with pytest.raises(InputError, match="Did you mean 'bolzano'"):
        resolve_aoi("bolsano")
    with pytest.raises(InputError, match="No area"):
        resolve_aoi(None)


@pytest.mark.parametrize(
    "given",
    [
        "Bolzano",
        (11.30, 46.47, 11.35, 46.50),
        "11.30, 46.47, 11.35, 46.50",
        shapely.box(11.30, 46.47, 11.35, 46.50),
        {
            "type": "Polygon",
            "coordinates": [[[11.3, 46.47], [11.35, 46.47], [11.35, 46.5], [11.3, 46.5], [11.3, 46.47]]],
        },
        Aoi.from_bbox((11.30, 46.47, 11.35, 46.50)),
    ],
)
def test_an_area_can_be_said_in_many_ways(given):
    assert search(given)[0].id == "bolzano-s2-2022-06-12"


def test_a_place_is_exactly_its_pixels():
    for name in ("bolzano", "slovenia", "spain", "kampala"):
        area, stack = resolve_aoi(name), load(search(name)[:1], aoi=name)
        assert stack.grid.contains(area).all()
        assert stack.grid.height * stack.grid.width == pytest.approx(
            {"bolzano": 705 * 935, "slovenia": 101 * 100, "spain": 512 * 512, "kampala": 1024 * 1536}[name]
        )


def test_a_pixel_of_the_flood_chip_is_not_100_m2():
    grid = load(search("spain", sensor="optical"), aoi="spain").grid
    assert grid.pixel_area_m2.mean() == pytest.approx(78.6, abs=0.05)


def test_scenes_do_not_depend_on_the_order_of_the_items(monkeypatch):
    module = sys.modules["terrascope_sdk.stac.search"]
    items = list(module.bundled_items())
    random.Random(1).shuffle(items)
    expected = [s.id for s in search("belgium")]
    monkeypatch.setattr(module, "bundled_items", lambda: tuple(items))
    assert [s.id for s in search("belgium")] == expected


def test_the_bundled_catalogue_has_a_name_and_a_limit():
    whole = [s.id for s in search("belgium")]
    assert [s.id for s in search("belgium", catalog="bundled")] == whole
    with pytest.warns(MoreScenes, match="limit=3"):
        assert [s.id for s in search("belgium", limit=3)] == whole[-3:]
    with pytest.raises(InputError, match="limit"):
        search("belgium", limit=0)


def test_a_filter_may_be_json():
    document = {"op": ">", "args": [{"property": "eo:cloud_cover"}, 90]}
    assert search("slovenia", query=document) == search("slovenia", query='"eo:cloud_cover" > 90')


def test_an_unknown_catalogue_is_answered_with_the_closest():
    with pytest.raises(InputError, match="Did you mean 'earth-search'"):
        search("bolzano", catalog="earth-serach")
