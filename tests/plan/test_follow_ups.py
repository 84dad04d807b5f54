import pytest

from terrascope_sdk.plan.digest import digest_plan
from terrascope_sdk.plan.questions.plans_read import requests_of
from terrascope_sdk.plan.rules import NeedsInput, Planned, plan_question
from tests.plan.reading_of import TODAY, read


def after(*questions):
    plan = None
    for question in questions:
        outcome = plan_question(question, aoi="bolzano", today=TODAY, previous=plan)
        assert isinstance(outcome, Planned), (question, outcome)
        plan = outcome.plan
    return digest_plan(plan)


AREA = "How many hectares of forest were there in 2020?"


@pytest.mark.parametrize(
    ("question", "masks", "windows"),
    [
        ("and in 2021?", ["tree"], [["2021-01-01", "2022-01-01"]]),
        ("und 2021?", ["tree"], [["2021-01-01", "2022-01-01"]]),
        ("And cropland?", ["crop"], [["2020-01-01", "2021-01-01"]]),
        ("What about cropland?", ["crop"], [["2020-01-01", "2021-01-01"]]),
        ("only within 200 m of the river", ["(buffer(water,200) & tree)"], [["2020-01-01", "2021-01-01"]]),
        ("nur im Umkreis von 200 m um den Fluss", ["(buffer(water,200) & tree)"], [["2020-01-01", "2021-01-01"]]),
        ("and farther than 1 km from the town?", ["(tree - buffer(developed,1000))"], [["2020-01-01", "2021-01-01"]]),
    ],
)
def test_a_follow_up_changes_one_thing(question, masks, windows):
    found = after(AREA, question)
    assert (found["quantities"], found["masks"], found["windows"]) == (["area"], masks, windows)


def test_it_is_what_the_zone_before_was_around():
    found = after(AREA, "only within 200 m of the river", "only within 100 m of it")
    assert found["masks"] == ["(buffer(water,100) & tree)"]


def test_another_measurement_of_the_same():
    assert after(AREA, "What share of the area is that?")["of"] == ["aoi"]
    assert after(AREA, "Show it on a map")["quantities"] == ["mask"]
    assert after(AREA, "Only patches larger than 2 ha.")["params"] == {"min_area_m2": 20000}


def test_a_change_keeps_two_dates():
    shrink = "How much did the lake shrink between 2019 and 2023?"
    assert after(shrink, "and between 2015 and 2019?")["windows"][0] == ["2015-01-01", "2016-01-01"]
    assert after(shrink, "what about the forest?")["masks"] == ["tree@0", "tree@1"]
    outcome = plan_question("and in 2021?", aoi="bolzano", today=TODAY, previous=read(shrink).plan)
    assert isinstance(outcome, NeedsInput)


def test_a_whole_question_starts_anew():
    assert after(AREA, "What share of the scene is water?")["masks"] == ["water"]


@pytest.mark.parametrize("question", ["and in 2021?", "only within 200 m of it", "And cropland?"])
def test_a_follow_up_needs_a_question_before(question):
    assert isinstance(read(question), NeedsInput)


@pytest.mark.parametrize(
    "question",
    [
        AREA,
        "What share of the cropland was flooded on 17 September 2019?",
        "How far is the forest from the river?",
        "Which is larger, forest or cropland?",
        "How much did the lake shrink between 2019 and 2023?",
        "How many forest patches of at least 2 ha lie within 100 m of water?",
        "How many hectares of forest burned between June 2022 and September 2022?",
    ],
)
def test_a_plan_reads_back_as_what_it_asks_for(question):
    plan = read(question).plan
    assert [r.kind for r in requests_of(plan)] == [type(plan.step(a.step)).__name__.lower() for a in plan.answer]
