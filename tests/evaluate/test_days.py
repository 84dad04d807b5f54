from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from terrascope_sdk.evaluate import Question
from terrascope_sdk.evaluate.days import Day, asked_days, find_days
from tests.evaluate.made import record


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("the valid image of 2015-08-20", [Day(2015, 8, 20)]),
        ("on 20 August 2015?", [Day(2015, 8, 20)]),
        ("on the 2nd of Sept. 2015", [Day(2015, 9, 2)]),
        ("August 20, 2015", [Day(2015, 8, 20)]),
        ("s2_l1c_20150820T100008.tif", [Day(2015, 8, 20)]),
        ("between May 2016 and 2019", [Day(2016, 5), Day(2019)]),
        ("S1_2016_05.tif", [Day(2016, 5)]),
        ("1985.tif", [Day(1985)]),
        ("Spain_7370579_S2Hand.tif", []),
        ("area of 5000 m2 in EPSG:32633", []),
        ("2015-02-30", [Day(2015, 2)]),
        ("in 2019 and again in 2019", [Day(2019)]),
    ],
)
def test_dates_in_texts(text, expected):
    assert list(find_days(text)) == expected


@given(st.dates(date(1950, 1, 1), date(2099, 12, 31)), st.sampled_from(["%Y-%m-%d", "%Y%m%d", "%d %B %Y", "%B %d, %Y"]))
def test_every_day_is_found_in_every_spelling(day, spelling):
    assert find_days(f"x_{day:{spelling}}_y" if " " not in spelling else f"on {day:{spelling}}.") == (
        Day(day.year, day.month, day.day),
    )


def test_agreement_is_about_what_both_say():
    assert Day(2015).agrees(Day(2015, 8, 20))
    assert Day(2015, 8, 20).agrees(Day(2015, 8))
    assert not Day(2015, 8, 20).agrees(Day(2015, 8, 21))


def asked(question, *images):
    return asked_days(Question.from_record(record(question=question, images=list(images))))


def test_words_come_before_file_names_and_file_names_before_nothing():
    assert asked("on 2015-08-20?", "s2_2015-07-11.tif") == (Day(2015, 8, 20),)
    assert asked("What is it?", "LC08_008059_20191201_20200825_B4.TIF") == (Day(2019, 12, 1),)
    assert asked("In 2015?", "s2_2015-07-11.tif") == (Day(2015, 7, 11),)
    assert asked("What is it?") == ()
