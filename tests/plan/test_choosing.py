"""Which scenes a plan gets; the catalogue is a list of made scenes."""

import pytest

from terrascope_sdk.errors import NoScenesFound
from terrascope_sdk.plan import choosing
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
        def search(_aoi, *, time, sensor):
            found = [s for s in scenes if (time is None or time.contains(s.acquired)) and sensor in (None, s.sensor)]
            if not found:
                raise NoScenesFound("nothing")
            return found

        monkeypatch.setattr(choosing, "search", search)

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
