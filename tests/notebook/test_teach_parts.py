"""The parts of a lesson: its order, what is held back, scores, painting, the results file."""

import json
from datetime import UTC, datetime

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from terrascope_sdk.errors import InputError, ParseError
from terrascope_sdk.notebook.teach_exercises import exercise_lines
from terrascope_sdk.notebook.teach_paint import MAX_UNDO, Painting, outline_pixels
from terrascope_sdk.notebook.teach_record import append_attempt, read_results
from terrascope_sdk.notebook.teach_scores import Attempt, overlap, relative_error, within_bounds
from terrascope_sdk.testing import disc_mask, utm_grid
from terrascope_sdk.types import Answer, Mask, Measurement, ReasoningChain, Step

DATE = datetime(2020, 5, 1, tzinfo=UTC)
GRID = disc_mask(utm_grid(), radius_m=100).grid


def mask(radius_m=300, *, label="water", sensor="optical"):
    one = disc_mask(utm_grid(), radius_m=radius_m)
    return Mask(one.pixels, one.valid, one.grid, label, DATE, sensor)


def attempt(**more):
    base = {"question": "q", "student": "Ada", "session": "ab", "exercise": 1, "kind": "mask", "subject": "water"}
    return Attempt(**base | {"at": DATE, "spent_s": 1.5} | more)


def number(value, unit="m2", **more):
    return Measurement("area", "water", value, unit, **more)


# ---------------------------------------------------------------------------------------------------------- order


def lines_of(*steps, measurements=()):
    return exercise_lines(Answer("q", "answered", "a", tuple(measurements), chains=(ReasoningChain("q", steps),)))


def test_masks_of_the_same_thing_are_one_exercise_judged_by_the_one_that_is_measured():
    compared, counted, radar = mask(100), mask(200), mask(150, sensor="sar")
    steps = [Step("ground", "a", compared), Step("ground", "b", radar), Step("ground", "c", counted)]
    lines = lines_of(*steps, measurements=[number(1.0, mask_ids=(counted.id,))])
    assert [e.mask for e in lines.exercises] == [counted, radar, None]
    assert [s.text for s, _ in lines.steps(0)] == []
    assert [s.text for s, _ in lines.steps(1)] == ["a"]
    assert [s.text for s, _ in lines.steps(2)] == ["a", "b", "c"]
    last = lines_of(*steps)
    assert last.exercises[0].mask == counted


def test_numbers_come_in_the_order_of_their_masks_not_of_their_size():
    water, tree = mask(100), mask(300, label="tree")
    large, small = number(9.0, mask_ids=(tree.id,)), number(1.0, mask_ids=(water.id,))
    steps = [Step("measure", "l", measurements=(large,)), Step("measure", "s", measurements=(small,))]
    lines = lines_of(Step("ground", "w", water), Step("ground", "t", tree), *steps, measurements=[large, small])
    assert [e.measurement for e in lines.exercises[2:]] == [small, large]


def test_texts_that_tell_are_held_back_until_the_numbers_were_given():
    one = mask()
    share = number(0.31, "1", mask_ids=(one.id,))
    steps = [
        Step("text", "A thought."), Step("text", f"About {share.text} is water."), Step("text", "50% or so."),
        Step("ground", "Water covers a third.", one), Step("answer", "It is 31 %."),
    ]  # fmt: skip
    lines = lines_of(*steps, measurements=[share])
    assert [t for _, t in lines.steps(0)] == ["A thought.", None, None]
    assert [t for _, t in lines.steps(1)] == ["A thought.", None, None, None]
    texts = [t for _, t in lines.steps(2)]
    assert None not in texts
    assert texts[-1] == "It is 31 %."


def test_the_unit_does_not_depend_on_the_number():
    one = mask()
    for value in (10.0, 1e5, 1e8):
        lines = lines_of(Step("ground", "", one), measurements=[number(value, mask_ids=(one.id,))])
        assert (lines.exercises[1].unit, lines.exercises[1].scale) == ("ha", 1e4)
    asked = lines_of(Step("ground", "", one), measurements=[number(1.0, mask_ids=(one.id,), prefer="km2")])
    assert asked.exercises[1].unit == "km²"
    assert lines_of(measurements=[number(0.5, "1")]).exercises[0].unit == "%"
    assert lines_of(measurements=[number(5.0, "m2 year-1")]).exercises[0].unit == "ha a year"
    assert lines_of(measurements=[number(True, "1")]).exercises[0].kind == "yes_no"


def test_prompts_say_what_a_number_means():
    net, touch = Measurement("net", "water", -1.0, "m2"), Measurement("touches", "water and tree", True, "1")
    first, second = lines_of(measurements=[net, touch]).exercises
    assert first.prompt == "Predict the net change (later minus earlier) of water."
    assert second.prompt == "Do these touch: water and tree?"


def test_an_answer_without_anything_to_give_is_refused():
    with pytest.raises(InputError, match="no mask to paint"):
        lines_of(Step("text", "x"))
    with pytest.raises(InputError, match="cannot_answer"):
        exercise_lines(Answer("q", "cannot_answer", "too cloudy"))


# --------------------------------------------------------------------------------------------------------- scores


def test_overlap_by_hand():
    pixels = np.array([[True, True], [False, True]])
    model = Mask(np.array([[True, False], [True, False]]), np.array([[True, True], [True, False]]), utm_grid(size_px=2))
    found = overlap(pixels, model)
    assert (found.iou, found.precision, found.recall) == (1 / 3, 1 / 2, 1 / 2)


@given(st.integers(0, 2**16 - 1), st.integers(0, 2**16 - 1))
def test_overlap_is_one_only_for_the_same_pixels_and_symmetric(a, b):
    grid = utm_grid(size_px=4)
    one, two = (np.array([(v >> i) & 1 for i in range(16)], bool).reshape(4, 4) for v in (a, b))
    seen = np.ones((4, 4), bool)
    forth, back = overlap(one, Mask(two, seen, grid)), overlap(two, Mask(one, seen, grid))
    assert forth.iou == back.iou
    assert forth.precision == back.recall
    assert (forth.iou == 1) == (a == b)


def test_numbers_are_scored_by_error_and_bounds():
    bounded = number(100.0, low=80.0, high=120.0, interval="edge_sensitivity")
    assert relative_error(90, bounded) == pytest.approx(-0.1)
    assert relative_error(-50, number(-100.0)) == pytest.approx(0.5)
    assert [within_bounds(v, bounded) for v in (80, 120, 121)] == [True, True, False]
    assert (relative_error(5, number(0.0)), within_bounds(5, number(5.0))) == (None, None)
    assert [within_bounds(v, number(3, "count")) for v in (3, 4)] == [True, False]
    assert (relative_error(1, number(True, "1")), within_bounds(0, number(True, "1"))) == (None, False)


# ------------------------------------------------------------------------------------------------------- painting


def test_a_filled_outline_holds_the_pixels_whose_middle_is_inside():
    square = outline_pixels([(1, 2), (1, 5), (4, 5), (4, 2)], shape=(6, 8))
    assert square.sum() == 9
    assert square[1:4, 2:5].all()
    assert outline_pixels([(-9, -9), (-9, 99), (99, 99), (99, -9)], shape=(6, 8)).all()
    assert not outline_pixels([(0.6, 0), (0.9, 9), (0.6, 9)], shape=(6, 8)).any()
    circle = [(50 + 40 * np.sin(t), 50 + 40 * np.cos(t)) for t in np.linspace(0, 2 * np.pi, 200)]
    assert outline_pixels(circle, shape=(100, 100)).sum() == pytest.approx(np.pi * 1600, rel=0.01)


@pytest.mark.parametrize("points", [[], [(0, 0), (1, 1)], [(0, 0), (1, 1), (np.nan, 0)], [(0,), (1,), (2,)], "abc"])
def test_what_is_no_outline_is_refused(points):
    with pytest.raises(InputError):
        outline_pixels(points, shape=(4, 4))


def test_unobserved_ground_is_never_painted_and_undo_takes_back():
    valid = np.ones((8, 8), bool)
    valid[:, 4:] = False
    painting = Painting(valid)
    painting.outline([(0, 0), (0, 8), (8, 8), (8, 0)])
    assert np.array_equal(painting.pixels, valid)
    painting.stroke([(0.5, 0.5)], radius_px=0, erase=True)
    assert not painting.pixels[0, 0]
    painting.invert()
    assert painting.pixels.sum() == 1
    painting.clear()
    for expected in (1, 31, 32, 0, 0):
        painting.undo()
        assert painting.pixels.sum() == expected
    assert not painting.can_undo
    for _ in range(MAX_UNDO + 5):
        painting.invert()
    for _ in range(MAX_UNDO):
        assert painting.can_undo
        painting.undo()
    assert not painting.can_undo


# -------------------------------------------------------------------------------------------------------- results


@given(st.text(max_size=30), st.floats(0, 1), st.one_of(st.none(), st.booleans()))
def test_an_attempt_survives_its_line(name, iou, within):
    one = attempt(student=name, iou_model_frac=iou, within_bounds=within)
    line = json.dumps(one.to_json(), ensure_ascii=True)
    assert Attempt.from_json(json.loads(line)) == one


def test_results_of_several_students_are_read_by_time(tmp_path):
    for day, student in ((3, "Ada\u2028Lovelace"), (1, "Grace"), (2, "Ada\u2028Lovelace")):
        path = tmp_path / f"{student[:3]}.jsonl"
        append_attempt(path, attempt(student=student, at=DATE.replace(day=day)))
    found = read_results(sorted(tmp_path.iterdir()))
    assert [a.at.day for a in found] == [1, 2, 3]
    assert found[1].student == "Ada\u2028Lovelace"


def test_a_line_that_is_no_attempt_is_named(tmp_path):
    path = tmp_path / "one.jsonl"
    append_attempt(path, attempt())
    for line in ('{"schema": "other"}', "not json", "[]", '{"schema": "terrascope-lesson/1"}'):
        broken = tmp_path / "broken.jsonl"
        broken.write_text(path.read_text() + line + "\n")
        with pytest.raises(ParseError, match=r"broken\.jsonl, line 2"):
            read_results(broken)
    with pytest.raises(InputError, match=r"none\.jsonl"):
        read_results(tmp_path / "none.jsonl")
