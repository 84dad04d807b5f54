from datetime import UTC, datetime

import pytest

from terrascope_sdk.errors import InputError
from terrascope_sdk.plan.rules import CannotPlan, NeedsInput, plan_question
from terrascope_sdk.types import Aoi, TimeRange
from tests.plan.reading_of import TODAY, windows

PLACES = ("bolzano", "santa-barbara", "spain", "lake district")
SHRINK = "How much did the lake shrink?"


def ask(question, **given):
    return plan_question(question, today=TODAY, known_places=PLACES, **given)


# ---------------------------------------------------------------------------------------------------------- where


@pytest.mark.parametrize(
    ("question", "place"),
    [
        ("What share of Bolzano is water?", "bolzano"),
        ("In Santa Barbara, how big is the forest?", "santa-barbara"),
        ("In santa-barbara, how big is the forest?", "santa-barbara"),
        ("How much forest is there in the Lake District?", "lake district"),
        ("How much forest is there?", None),
    ],
)
def test_known_places_are_read_as_places_and_never_as_classes(question, place):
    plan = ask(question).plan
    assert plan.aoi == place
    assert len([s for s in plan.steps if s.op == "ground"]) == 1


def test_a_place_given_twice_must_be_the_same():
    assert ask("How big is the lake in Spain?", aoi="Spain").plan.aoi == "spain"
    outcome = ask("How big is the lake in Spain?", aoi="bolzano")
    assert isinstance(outcome, NeedsInput)
    assert "spain" in outcome.question_back
    assert "bolzano" in outcome.question_back
    assert isinstance(ask("Compare Bolzano and Spain by water area"), CannotPlan)


def test_an_area_travels_in_the_plan_and_wins_over_a_place_name_with_a_word():
    aoi = Aoi.from_bbox((11.2, 46.4, 11.4, 46.5))
    plan = ask("How big is the lake in Spain?", aoi=aoi).plan
    assert Aoi.from_json(plan.aoi) == aoi
    assert any("spain" in a for a in plan.assumptions)
    named = Aoi.from_bbox((11.2, 46.4, 11.4, 46.5), name="my plot")
    assert ask("How much water is in my plot?", aoi=named).plan.aoi["name"] == "my plot"


def test_an_unknown_place_is_asked_back():
    outcome = ask("How big is the lake in Atlantis?")
    assert isinstance(outcome, NeedsInput)
    assert "'Atlantis'" in outcome.reason


# ----------------------------------------------------------------------------------------------------------- when


@pytest.mark.parametrize(
    ("question", "time", "expected"),
    [
        ("How big is the lake?", "2020", "2020"),
        ("How big is the lake?", TimeRange.parse("2020-05/2020-06"), "2020-05/2020-06"),
        ("How big was the lake in 2019?", "2020", "2019"),
        (SHRINK, "2020/2021", "2020;2021"),
        (SHRINK, "2000/2021", "2000;2021"),
        (SHRINK, "2020", "2020-01;2020-12"),
        (SHRINK, "2020-05", "2020-05-01;2020-05-31"),
        ("How much did the lake shrink between 2003 and 2005?", "2020/2021", "2003;2005"),
        ("How big is the lake now?", None, "latest"),
        ("How much did the lake shrink between 14 May 2019 and May 20th, 2020?", None, "2019-05-14;2020-05-20"),
        ("How much did the lake shrink from 14.05.2019 to 20.05.2020?", None, "2019-05-14;2020-05-20"),
        ("How much did the lake shrink between April and June 2020?", None, "2020-04;2020-06"),
        ("How much did the lake shrink, 2019-2021?", None, "2019;2021"),
        ("How big was the lake between 2019 and 2021?", None, "2019/2021"),
    ],
)
def test_the_question_says_when_and_the_caller_when_it_does_not(question, time, expected):
    assert windows(ask(question, time=time).plan) == expected


@pytest.mark.parametrize(("question", "time"), [(SHRINK, "2020/2021"), ("How big was the lake in 2019?", "2020")])
def test_what_becomes_of_the_callers_time_is_said(question, time):
    assert any(time in a for a in ask(question, time=time).plan.assumptions)


def test_a_change_without_dates_is_asked_back():
    assert isinstance(ask(SHRINK), NeedsInput)


def test_a_change_within_one_day_is_asked_back():
    assert isinstance(ask(SHRINK, time="2020-05-01"), NeedsInput)


def test_a_change_between_unnamed_dates_takes_the_ends_of_what_there_is():
    days = [datetime(2020, 1, 1, tzinfo=UTC), datetime(2001, 5, 3, tzinfo=UTC), datetime(2010, 1, 1, tzinfo=UTC)]
    plan = ask(SHRINK, available=days).plan
    assert windows(plan) == "2001-05-03;2020-01-01"
    assert any("2001-05-03" in a and "2020-01-01" in a for a in plan.assumptions)
    for too_few in ([], days[:1], days[:1] * 2):
        assert isinstance(ask(SHRINK, available=too_few), NeedsInput)


# ------------------------------------------------------------------------------------------------------ with what


@pytest.mark.parametrize(
    ("question", "sensor", "expected"),
    [
        ("How big is the lake?", None, [("any", None)]),
        ("How big is the lake?", "sar", [("sar", "sar")]),
        ("How big is the lake, seen with radar?", None, [("sar", "sar")]),
        ("How big is the lake with Sentinel-1?", "sar", [("sar", "sar")]),
        ("How big is the lake in optical images?", None, [("optical", "optical")]),
        ("How big is the lake, using both?", None, [("optical", "optical"), ("sar", "sar")]),
        ("How big is the lake with SAR and Sentinel-2?", None, [("optical", "optical"), ("sar", "sar")]),
    ],
)
def test_the_sensor_is_found_and_looked_with(question, sensor, expected):
    plan = ask(question, sensor=sensor).plan
    finds = [s.sensor for s in plan.steps if s.op == "find"]
    assert list(zip(finds, [s.sensor for s in plan.steps if s.op == "ground"], strict=True)) == expected
    assert len(plan.answer) == len(expected)


def test_sensors_that_contradict_each_other_are_asked_back():
    assert isinstance(ask("How big is the lake with radar?", sensor="optical"), NeedsInput)
    assert isinstance(ask("How big is the lake without radar?"), NeedsInput)


# ------------------------------------------------------------------------------------------------- wrong arguments


@pytest.mark.parametrize(
    ("question", "given"),
    [
        ("water " * 400, {}),
        (None, {}),
        (7, {}),
        ("How big is the lake \ud800?", {}),
        ("How big is the lake?", {"time": "soon"}),
        ("How big is the lake?", {"time": "2021/2020"}),
        ("How big is the lake?", {"sensor": "lidar"}),
        ("How big is the lake?", {"aoi": ""}),
        ("How big is the lake?", {"aoi": "x" * 201}),
    ],
)
def test_wrong_arguments_are_errors(question, given):
    with pytest.raises(InputError):
        ask(question, **given)
