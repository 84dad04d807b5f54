"""A window of many dates is written out as one step a date."""

from datetime import UTC, datetime

import pytest

from terrascope_sdk.errors import InputError
from terrascope_sdk.plan.language import Plan
from terrascope_sdk.plan.unroll import dated_windows, unrolled


def many(*more, answer=("t1",), windows=()):
    steps = [
        {"id": "f1", "op": "find", "sensor": "optical", "window": "all"},
        *({"id": f"f_{w['name']}", "op": "find", "sensor": "optical", "window": w["name"]} for w in windows),
        {"id": "i1", "op": "load", "scenes": ["f1", *(f"f_{w['name']}" for w in windows)]},
        {"id": "m1", "op": "ground", "stack": "i1", "concept": "water", "window": "all"},
        {"id": "b1", "op": "buffer", "mask": "m1", "distance_m": 100},
        {"id": "s1", "op": "share", "mask": "m1", "of": "b1"},
        {"id": "t1", "op": "trend", "values": ["s1"]},
        *more,
    ]
    return Plan.parse({
        "question": "q", "aoi": "pucallpa", "windows": [{"name": "all", "time": "2010/2014", "pick": "each"}, *windows],
        "steps": steps, "answer": [{"step": a} for a in answer],
    })  # fmt: skip


YEARS = [datetime(y, 7, 2, tzinfo=UTC) for y in (2012, 2010, 2011)]


def test_each_date_gets_its_steps_and_the_trend_takes_them_all():
    made = unrolled(many(answer=("t1", "m1")), {"all": YEARS})
    assert dated_windows(made) == ()
    assert [str(w) for w in made.windows] == ["2010-07-02", "2011-07-02", "2012-07-02"]
    assert made.step("i1").scenes == ("f1_2010", "f1_2011", "f1_2012")
    assert made.step("m1_2011").window == "all_2011"
    assert made.step("s1_2011").of == "b1_2011"
    assert made.step("t1").values == ("s1_2010", "s1_2011", "s1_2012")
    assert [a.step for a in made.answer] == ["t1", "m1_2010", "m1_2011", "m1_2012"]
    assert Plan.from_text(str(made)) == made


def test_a_plan_of_single_dates_stays_as_it_is():
    plan = unrolled(many(), {"all": YEARS})
    assert unrolled(plan, {}) is plan


def test_several_dates_a_year_are_told_apart_by_the_day():
    made = unrolled(many(), {"all": [*YEARS, datetime(2010, 8, 3, tzinfo=UTC)]})
    assert made.step("t1").values[:2] == ("s1_20100702", "s1_20100803")


def test_a_step_over_one_date_and_many_takes_the_one_each_time():
    base = {"name": "base", "time": "2009"}
    more = [
        {"id": "mb", "op": "ground", "stack": "i1", "concept": "water", "window": "base"},
        {"id": "d1", "op": "subtract", "a": "m1", "b": "mb"},
        {"id": "a1", "op": "area", "mask": "d1"},
        {"id": "t2", "op": "trend", "values": ["a1"]},
    ]
    made = unrolled(many(*more, windows=[base]), {"all": YEARS})
    assert made.step("d1_2012").b == "mb"
    assert made.step("t2").values == ("a1_2010", "a1_2011", "a1_2012")


def test_no_dates_two_dates_and_two_such_windows_are_refused():
    with pytest.raises(InputError, match="has 0 dates"):
        unrolled(many(), {})
    with pytest.raises(InputError, match="2 dates; a trend needs three"):
        unrolled(many(), {"all": YEARS[:2]})
    other = {"name": "also", "time": "2000/2004", "pick": "each"}
    more = [
        {"id": "m2", "op": "ground", "stack": "i1", "concept": "water", "window": "also"},
        {"id": "u", "op": "union", "masks": ["m1", "m2"]},
    ]
    with pytest.raises(InputError, match="'u' mixes dates of all and also"):
        unrolled(many(*more, windows=[other]), {"all": YEARS, "also": YEARS})
