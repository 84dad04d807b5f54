"""A lesson tells nothing before the attempt, scores it, keeps it; every message to the browser is looked at."""

import json
from datetime import UTC, datetime

import comm
import numpy as np
import pytest
from comm.base_comm import BaseComm

import terrascope_sdk as ts
from terrascope_sdk.errors import InputError
from terrascope_sdk.notebook.teach import Lesson, read_results, teach
from terrascope_sdk.notebook.teach_state import attempt_png
from terrascope_sdk.notebook.wire import drawn_picture
from terrascope_sdk.testing import disc_mask, utm_grid
from terrascope_sdk.types import Answer, Mask, Measurement, ReasoningChain, Step

DATE = datetime(2020, 5, 1, tzinfo=UTC)


@pytest.fixture
def messages(monkeypatch):
    """Everything that is sent to the browser, as one list of (plain values, buffers)."""
    sent = []

    class Recorder(BaseComm):
        def publish_msg(self, msg_type, data=None, metadata=None, buffers=None, **keys):
            sent.append((data, [bytes(b) for b in buffers or ()]))

    monkeypatch.setattr(comm, "create_comm", Recorder)
    return sent


def told(messages):
    return json.dumps([data for data, _ in messages], ensure_ascii=False)


def pictures(messages):
    return {b for _, buffers in messages for b in buffers if b}


def disc(radius_m=300, *, label="water", sensor="optical", date=DATE):
    mask = disc_mask(utm_grid(), radius_m=radius_m)
    return Mask(mask.pixels, mask.valid, mask.grid, label, date, sensor)


def area(mask, value=500_000.0, **more):
    return Measurement("area", "water, 2020-05-01, optical", value, "m2", mask_ids=(mask.id,), **more)


def made(*steps, measurements=()):
    chain = ReasoningChain("How much water?", tuple(steps))
    return Answer("How much water?", "answered", "It is 50.00 ha.", tuple(measurements), chains=(chain,))


@pytest.fixture
def lesson():
    mask = disc()
    number = area(mask, low=400_000.0, high=600_000.0, interval="edge_sensitivity")
    steps = [
        Step("text", "Look at the image."),
        Step("ground", "Water is 31 % of the pixels.", mask, method="MNDWI > 0"),
        Step("measure", str(number), measurements=(number,)),
        Step("answer", "It is 50.00 ha."),
    ]
    return Lesson(made(*steps, measurements=[number]), results=None)


def send(lesson, **message):
    lesson._heard(lesson, message, [])


def do_all(lesson):
    while not lesson.finished:
        lesson.submit(1, nothing=True)
        lesson.continue_lesson()


# ------------------------------------------------------------------------------------------------------ secrets


@pytest.mark.parametrize("reasoner", [ts.IndexReasoner(), None], ids=["index rules", "default"])
def test_no_message_no_trait_and_no_output_tells_a_solution_before_it_was_given(messages, tmp_path, reasoner):
    agent = ts.Agent(reasoner=reasoner, workspace=tmp_path)
    answer = agent.ask("How many hectares of water?", aoi="spain")
    lesson = Lesson(answer, results=None)
    exercises = lesson._lines.exercises
    assert [e.kind for e in exercises] == ["mask", "mask", "number"]

    def everything():
        bundle = lesson._repr_mimebundle_()
        return told(messages) + json.dumps(bundle) + repr(lesson) + str(lesson)

    number = answer.measurements[0]
    numbers = (number.text, number.bounds_text.split()[0], str(number.value), answer.text)
    for i, exercise in enumerate(exercises[:2]):
        assert not [s for s in (*numbers, *(m.id for m in answer.masks)) if s in everything()], i
        assert not [s.text for s in answer.chains[0] if s.kind in ("ground", "answer") and s.text in everything()]
        messages.clear()
        assert not lesson._reviewing
        expected = answer.picture_for(exercise.mask)
        allowed = {drawn_picture(expected.rgb, expected.valid).png}
        allowed.add(attempt_png(np.zeros(exercise.mask.grid.shape, bool), exercise.mask))
        lesson.send_state()
        assert pictures(messages) == allowed
        lesson.submit(nothing=True)
        lesson.continue_lesson()
    lesson.send_state()
    assert not [s for s in numbers if s in everything()]
    assert "% of the observed pixels" not in everything()
    lesson.submit(600)
    assert number.text in everything()
    lesson.continue_lesson()
    assert answer.text in told(messages)


def test_the_answer_is_refused_until_everything_was_given(lesson):
    with pytest.raises(InputError, match="2 of the exercises"):
        _ = lesson.answer
    do_all(lesson)
    assert lesson.answer.text == "It is 50.00 ha."
    assert "50.00 ha" in lesson._repr_mimebundle_()[0]["text/html"]


# -------------------------------------------------------------------------------------------------------- scores


def test_a_perfect_mask_and_number_score_fully(lesson):
    truth = lesson._lines.exercises[0].mask
    middle = [(truth.grid.height / 2, truth.grid.width / 2)]
    lesson.paint(middle, radius_px=30)
    first = lesson.submit()
    assert first.iou_model_frac == pytest.approx(1, abs=0.03)
    with pytest.raises(InputError, match="Nothing is asked"):
        lesson.submit()
    lesson.continue_lesson()
    assert lesson.task == "Predict the area of water, 2020-05-01, optical. In ha."
    second = lesson.submit("50")
    assert (second.given, second.relative_error, second.within_bounds) == (500_000, 0, True)
    assert lesson.results() == (first, second)


def test_a_reference_is_scored_beside_the_model(tmp_path):
    mask, reference = disc(300), disc(200)
    lesson = Lesson(made(Step("ground", "x", mask)), references=[reference], results=tmp_path / "r.jsonl")
    lesson.paint([(mask.grid.height / 2, mask.grid.width / 2)], radius_px=20)
    given = lesson.submit()
    assert given.iou_reference_frac == pytest.approx(1, abs=0.05)
    assert given.iou_model_frac == pytest.approx(4 / 9, abs=0.03)
    assert given.model_reference_frac == pytest.approx(4 / 9, abs=0.03)
    assert {"reference", "against-reference"} <= set(lesson.images)


def test_a_reference_that_fits_nothing_is_refused_with_what_is_asked():
    with pytest.raises(InputError, match="water, 2020-05-01, optical"):
        Lesson(made(Step("ground", "x", disc())), references=[disc(label="tree")], results=None)


def test_an_empty_mask_is_an_attempt_only_when_it_is_said(lesson):
    send(lesson, kind="submit")
    assert "Nothing is painted yet" in lesson.problem
    assert lesson.results() == ()
    send(lesson, kind="submit", nothing=True)
    assert lesson.results()[0].iou_model_frac == 0


@pytest.mark.parametrize("value", ["", "lots", "nan", "inf", "1e400", None, [], {}])
def test_what_is_no_number_is_told_and_reveals_nothing(lesson, messages, value):
    lesson.submit(nothing=True)
    lesson.continue_lesson()
    send(lesson, kind="submit", value=value)
    assert "no number" in lesson.problem
    assert len(lesson.results()) == 1
    assert "50.00 ha" not in told(messages)


# ------------------------------------------------------------------------------------------------ from the browser


def test_messages_of_the_browser_paint_undo_and_name(lesson):
    stroke = {"kind": "stroke", "points": [[20, 20]], "radius_px": 4, "erase": False, "fill": False}
    send(lesson, **stroke)
    assert lesson.painting["pixels"] > 40
    send(lesson, **stroke | {"points": [[1, 1], [1, 9], [9, 9], [9, 1]], "fill": True})
    assert lesson.painting["changes"] == 2
    for kind in ("undo", "invert", "clear", "undo"):
        send(lesson, kind=kind)
    send(lesson, kind="name", name="  A\nda\u202e " + "x" * 200)
    assert lesson.document["student"].startswith("A da")
    assert len(lesson.document["student"]) == 80
    for nonsense in (
        {},
        {"kind": "answer"},
        {"kind": "stroke"},
        stroke | {"points": "x"},
        stroke | {"radius_px": "nan"},
    ):
        send(lesson, **nonsense)
    assert lesson.results() == ()


def test_a_results_file_that_cannot_be_written_keeps_the_step_hidden(tmp_path):
    lesson = Lesson(made(Step("ground", "x", disc())), results=tmp_path / "none" / "r.jsonl")
    send(lesson, kind="submit", nothing=True)
    assert "cannot be written" in lesson.problem
    assert not lesson.finished
    assert "model" not in lesson.images


# ---------------------------------------------------------------------------------------------------------- teach


def test_teach_asks_and_keeps_results_without_paths(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    agent = ts.Agent(reasoner=ts.IndexReasoner(), workspace=tmp_path / "w")
    lesson = teach("How many hectares of water?", aoi="spain", agent=agent, student="Ada")
    do_all(lesson)
    text = (tmp_path / "lesson-results.jsonl").read_text()
    assert str(tmp_path) not in text
    kept = read_results("lesson-results.jsonl")
    assert kept == lesson.results()
    assert {a.student for a in kept} == {"Ada"}
    assert all(json.loads(line)["at"].endswith("Z") for line in text.splitlines())
    assert kept[2].given == 10_000


def test_a_question_without_an_answer_is_no_lesson(tmp_path):
    agent = ts.Agent(reasoner=ts.IndexReasoner(), workspace=tmp_path)
    with pytest.raises(InputError, match="needs_input"):
        teach("How many hectares of water?", agent=agent, results=None)
