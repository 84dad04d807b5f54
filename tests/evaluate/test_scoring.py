import pytest
from hypothesis import given
from hypothesis import strategies as st

from terrascope_sdk.errors import ParseError
from terrascope_sdk.evaluate import AnswerKey, GivenAnswer, judge


def key(answer, task="area", options=None, correct=None):
    return AnswerKey(task, answer, options, correct)


def number(value, unit="m2", pixel_m=None):
    return GivenAnswer("q", "answered", value, unit, pixel_m=pixel_m)


REFUSED, FAILED = GivenAnswer("q", "refused", why="no CRS"), GivenAnswer("q", "failed", why="no file")


@pytest.mark.parametrize("masks", ["reference", "model"])
def test_only_a_refusal_is_right_where_there_is_no_answer(masks):
    assert judge(REFUSED, key(None), masks=masks).correct
    assert not judge(FAILED, key(None), masks=masks).correct
    assert not judge(number(5.0), key(None), masks=masks).correct
    assert not judge(REFUSED, key(5.0), masks=masks).correct
    assert not judge(FAILED, key(5.0), masks=masks).correct


@given(st.floats(-1e9, 1e9).filter(lambda v: abs(v) > 1e-3), st.floats(-0.02, 0.02))
def test_numbers_may_differ_by_half_a_percent_of_the_answer(answer, off):
    if abs(abs(off) - 0.005) > 1e-6:
        verdict = judge(number(answer * (1 + off)), key(answer), masks="reference")
        assert verdict.correct == (abs(off) < 0.005)


def test_zero_is_exact():
    assert judge(number(0.0), key(0), masks="reference").correct
    assert not judge(number(0.001), key(0), masks="reference").correct
    assert not judge(number(0.001), key(0), masks="model").correct


def test_distances_may_differ_by_one_and_a_half_pixels():
    for value, right in ((114.9, True), (85.1, True), (115.1, False), (84.9, False)):
        assert judge(number(value, "m", 10.0), key(100.0, "distance"), masks="reference").correct is right
    assert not judge(number(102.0, "m"), key(100.0, "distance"), masks="reference").correct


def test_counts_and_words_are_exact():
    assert judge(number(108, "count"), key(108, "count"), masks="reference").correct
    assert not judge(number(1001, "count"), key(1000, "count"), masks="reference").correct
    word = GivenAnswer("q", "answered", "Dry land")
    assert judge(word, key("dry land", "ranking"), masks="reference").correct
    assert not judge(word, key("land", "ranking"), masks="reference").correct
    assert not judge(word, key(5.0, "ranking"), masks="reference").correct
    assert not judge(number(5.0), key("water"), masks="reference").correct


OPTIONS = {"A": "12.0%", "B": "26.7%", "C": "21.4%"}


def test_segmented_answers_pick_an_option_or_may_be_a_tenth_off():
    with_options = key(26.73, "coverage", OPTIONS, "B")
    assert judge(number(40.0, "%"), with_options, masks="model").correct
    assert not judge(number(23.0, "%"), with_options, masks="model").correct
    assert judge(number(109.0), key(100.0), masks="model").correct
    assert not judge(number(111.0), key(100.0), masks="model").correct
    assert judge(number(95, "count"), key(100, "count"), masks="model").correct
    yes = GivenAnswer("q", "answered", "yes")
    assert judge(yes, key("yes", "boundary", {"A": "no", "B": "yes"}, "B"), masks="model").correct
    assert judge(yes, key("yes", "boundary"), masks="model").correct
    assert not judge(yes, key("yes", "boundary", {"A": "no"}, "A"), masks="model").correct


def test_options_mean_nothing_on_reference_masks():
    assert not judge(number(40.0, "%"), key(26.73, "coverage", OPTIONS, "B"), masks="reference").correct


def test_reading_the_key():
    read = AnswerKey.from_record({"task": "Boundary", "answer": True, "options": {"A": "yes"}, "correct": "A"})
    assert (read.task, read.answer) == ("boundary", "yes")
    assert AnswerKey.from_record({"task": "area", "answer": None}).answer is None
    for broken in (
        {"task": "area"},
        {"answer": [1]},
        {"answer": float("nan")},
    ):
        with pytest.raises(ParseError):
            AnswerKey.from_record(broken)


@pytest.mark.parametrize(
    "odd",
    [
        {"options": {"A": "1"}},
        {"options": ["1"], "correct": "A"},
        {"options": {"A": "1"}, "correct": "B"},
        {"correct": "B"},
    ],
)
def test_odd_options_spoil_multiple_choice_and_nothing_else(odd):
    read = AnswerKey.from_record({"task": "area", "answer": 1} | odd)
    assert judge(number(1.0), read, masks="reference").correct
    verdict = judge(number(1.0), read, masks="model")
    assert not verdict.correct
    assert "do not belong together" in verdict.why
    assert judge(REFUSED, AnswerKey.from_record({"task": "area", "answer": None} | odd), masks="model").correct
