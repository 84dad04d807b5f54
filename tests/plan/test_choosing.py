"""Which scenes a plan gets; the catalogue is a list of made scenes."""

import pytest

from terrascope_sdk.errors import NoScenesFound
from terrascope_sdk.plan import finding
from terrascope_sdk.plan.choosing import Chosen, choose_scenes
from terrascope_sdk.plan.language import Plan
from terrascope_sdk.types import Aoi
from tests.stac.made import scene

AOI = Aoi.from_bbox((0, 0, 1, 1))


def radar(name, when, **fields):
    return scene(name, when, **({"sensor": "sar", "quantity": "gamma0_rtc", "orbit": "descending 1"} | fields))


@pytest.fixture
def catalogue(monkeypatch):
    def install(*scenes):
        def search(_aoi, *, time, sensor, catalog=None):
            found = [s for s in scenes if (time is None or time.contains(s.acquired)) and sensor in (None, s.sensor)]
            if not found:
                raise NoScenesFound("nothing")
            return found

        monkeypatch.setattr(finding, "search", search)

    return install


def one_look(sensor="any", time=None, pick="clearest"):
    return Plan.parse(
        {
            "question": "?",
            "windows": [{"name": "only", "time": time, "pick": pick}],
            "steps": [
                {"op": "find", "id": "f", "sensor": sensor, "window": "only"},
                {"op": "load", "id": "s", "scenes": ["f"]},
                {"op": "ground", "id": "m", "stack": "s", "concept": "water", "window": "only"},
                {"op": "area", "id": "a", "mask": "m"},
            ],
            "answer": [{"step": "a"}],
        }
    )


def comparison(before="2019", after="2023", picks=("clearest", "clearest"), sensor="any"):
    return Plan.parse(
        {
            "question": "?",
            "windows": [
                {"name": "before", "time": before, "pick": picks[0]},
                {"name": "after", "time": after, "pick": picks[1]},
            ],
            "steps": [
                {"op": "find", "id": "f1", "sensor": sensor, "window": "before"},
                {"op": "find", "id": "f2", "sensor": sensor, "window": "after"},
                {"op": "load", "id": "s", "scenes": ["f1", "f2"]},
                {"op": "ground", "id": "m1", "stack": "s", "concept": "water", "window": "before"},
                {"op": "ground", "id": "m2", "stack": "s", "concept": "water", "window": "after"},
                {"op": "change", "id": "c", "before": "m1", "after": "m2", "what": "net"},
            ],
            "answer": [{"step": "c"}],
        }
    )


def test_the_clearest_image_and_the_radar_pass_beside_it(catalogue):
    catalogue(
        scene("hazy", "2020-06-01", cloud_frac=0.3),
        scene("clear", "2020-07-01", cloud_frac=0.0),
        radar("far", "2020-06-01"),
        radar("near", "2020-07-03"),
    )
    chosen = choose_scenes(one_look(), AOI)
    assert chosen.by_window == {"only": {"optical": "clear", "sar": "near"}}
    assert "clearest of 2" in chosen.reasons[0]
    assert "2 days later" in chosen.reasons[1]
    assert chosen.refusal == ""


def test_a_radar_pass_that_is_too_far_stays_out(catalogue):
    catalogue(scene("clear", "2020-07-01"), radar("far", "2020-09-01"))
    assert choose_scenes(one_look(), AOI).by_window == {"only": {"optical": "clear"}}


def test_one_sensor_when_one_is_asked_for(catalogue):
    catalogue(scene("clear", "2020-07-01"), radar("near", "2020-07-02"))
    assert choose_scenes(one_look("sar"), AOI).by_window == {"only": {"sar": "near"}}
    assert choose_scenes(one_look("optical"), AOI).by_window == {"only": {"optical": "clear"}}


def test_clouds_everywhere_are_a_refusal_that_names_the_dates(catalogue):
    catalogue(scene("a", "2015-07-31", cloud_frac=1.0), scene("b", "2015-08-20", cloud_frac=0.99))
    chosen = choose_scenes(one_look(), AOI)
    assert "2015-07-31 (100% cloud)" in chosen.refusal
    assert "2015-08-20" in chosen.refusal


def test_radar_stands_in_for_clouds_and_says_so(catalogue):
    catalogue(scene("a", "2015-07-31", cloud_frac=1.0), radar("r", "2015-08-02"))
    chosen = choose_scenes(one_look(), AOI)
    assert chosen.by_window == {"only": {"sar": "r"}}
    assert any("radar stands in" in w for w in chosen.warnings)


def test_a_comparison_gets_one_season_for_each_sensor(catalogue):
    catalogue(
        scene("winter", "2019-01-10"), scene("summer", "2019-07-10", cloud_frac=0.05), scene("later", "2023-07-20"),
        radar("r1", "2019-07-11"), radar("r2", "2023-07-19"),
    )  # fmt: skip
    chosen = choose_scenes(comparison(), AOI)
    assert chosen.by_window == {
        "before": {"optical": "summer", "sar": "r1"},
        "after": {"optical": "later", "sar": "r2"},
    }


def test_the_first_and_the_last_when_no_time_is_said(catalogue):
    catalogue(scene("a", "1985-07-01"), scene("b", "1995-07-01"), scene("c", "2020-07-01"))
    chosen = choose_scenes(comparison(None, None, ("earliest", "latest")), AOI)
    assert chosen.by_window == {"before": {"optical": "a"}, "after": {"optical": "c"}}


def test_one_date_cannot_be_compared_with_itself(catalogue):
    catalogue(scene("a", "1985-07-01"))
    with pytest.raises(NoScenesFound, match="two dates of one sensor"):
        choose_scenes(comparison(None, None, ("earliest", "latest")), AOI)


def test_unlike_sensors_are_not_compared(catalogue):
    catalogue(scene("a", "2019-07-01"), radar("r", "2023-07-01"))
    with pytest.raises(NoScenesFound, match="two dates of one sensor"):
        choose_scenes(comparison(), AOI)


def test_seasons_that_differ_are_a_warning(catalogue):
    catalogue(scene("a", "2019-01-10"), scene("b", "2023-07-20"))
    assert any("days apart in the year" in w for w in choose_scenes(comparison(), AOI).warnings)


def test_the_choice_comes_back_from_json(catalogue):
    catalogue(scene("a", "2019-01-10"), scene("b", "2023-07-20"))
    chosen = choose_scenes(comparison(), AOI)
    assert Chosen.from_json(chosen.to_json()) == chosen


# --------------------------------------------------------------------------------- passes, catalogues, looser filters

WIDE = Aoi.from_bbox((0.2, 0.2, 1.8, 0.8))


def tile(name, when, west, cloud, **fields):
    return scene(name, when, cloud_frac=cloud, bbox=(west, 0, west + 1.05, 1), platform="sentinel-2a", **fields)


def test_a_pass_of_several_tiles_is_chosen_whole(catalogue):
    catalogue(
        tile("west1", "2020-06-01", 0, 0.1),
        tile("east1", "2020-06-01", 1, 0.2),
        tile("west2", "2020-06-06", 0, 0.0),  # the clearest tile, but half of the area
        tile("west3", "2020-06-11", 0, 0.5),
        tile("east3", "2020-06-11", 1, 0.4),
    )
    chosen = choose_scenes(one_look(), WIDE)
    assert {s.id for s in chosen.scenes} == {"west1", "east1"}
    assert chosen.by_window["only"]["optical"] in {"west1", "east1"}
    assert "2 tiles of one pass" in chosen.reasons[0]
    assert chosen.warnings == ()


def test_a_comparison_gets_a_whole_pass_on_both_sides(catalogue):
    catalogue(*(tile(f"{w}{y}", f"{y}-06-0{d}", w, 0.1) for y, d in ((2019, 1), (2023, 3)) for w in (0, 1)))
    chosen = choose_scenes(comparison(), WIDE)
    assert {s.id for s in chosen.scenes} == {"02019", "12019", "02023", "12023"}
    assert len(chosen.by_window["before"]) == len(chosen.by_window["after"]) == 1


def test_what_a_pass_leaves_out_is_a_warning(catalogue):
    catalogue(tile("west", "2020-06-01", 0, 0.1))
    assert any("lies outside the optical pass of 2020-06-01" in w for w in choose_scenes(one_look(), WIDE).warnings)


def test_another_catalogue_is_asked_and_one_collection_is_kept(monkeypatch):
    asked = []
    found = [
        tile("s2", "2020-06-01", 0, 0.3, collection="sentinel-2-l2a"),
        tile("l1c", "2020-06-01", 0, 0.0, collection="sentinel-2-l1c", quantity="toa_reflectance"),
        scene("landsat", "2020-06-02", collection="landsat-c2-l2", gsd_m=30.0, cloud_frac=0.0),
    ]
    monkeypatch.setattr(finding, "search", lambda aoi, *, time, sensor, catalog: asked.append(catalog) or found)
    chosen = choose_scenes(one_look(), AOI, catalog="somewhere")
    assert asked == ["somewhere"]
    assert [s.id for s in chosen.scenes] == ["s2"]


def test_a_limit_of_clouds_is_kept_and_lifted_only_aloud(catalogue):
    catalogue(scene("a", "2020-06-01", cloud_frac=0.3), scene("b", "2020-06-11", cloud_frac=0.5))
    limited = one_look()
    for most, warned in ((0.4, False), (0.1, True)):
        steps = [s | ({"cloud_max_frac": most} if s["op"] == "find" else {}) for s in limited.to_json()["steps"]]
        heard = []
        chosen = choose_scenes(Plan.parse(limited.to_json() | {"steps": steps}), AOI, say=heard.append)
        assert [s.id for s in chosen.scenes] == ["a"]
        assert bool(heard) is warned
        assert heard == [w for w in chosen.warnings if "at most 10% cloud" in w]


def test_a_day_without_a_scene_is_looked_for_around_it_aloud(catalogue):
    catalogue(scene("near", "2020-06-04"), scene("far", "2020-06-20"))
    heard = []
    chosen = choose_scenes(one_look(time="2020-06-01"), AOI, say=heard.append)
    assert [s.id for s in chosen.scenes] == ["near"]
    assert "No scene was taken in 2020-06-01; looking 5 days before and after." in chosen.warnings
    assert heard == list(chosen.warnings)
    with pytest.raises(NoScenesFound):
        choose_scenes(one_look(time="2020-07"), AOI)
    with pytest.raises(NoScenesFound):  # windows that are compared stay as they are
        choose_scenes(comparison("2020-06-01", "2020-06-20"), AOI)


def test_radar_beside_a_flood_lies_within_three_days(catalogue):
    catalogue(scene("clear", "2020-07-01"), radar("r", "2020-07-06"))
    flood = Plan.parse(one_look().to_json() | {"question": "How much is flooded?"})
    assert choose_scenes(flood, AOI).by_window == {"only": {"optical": "clear"}}
    assert choose_scenes(one_look(), AOI).by_window == {"only": {"optical": "clear", "sar": "r"}}
