import json
import random
from pathlib import Path

import pytest

from terrascope_sdk.evaluate import AnswerKey, Question, answer_question, judge, score_file

DATA = Path(__file__).parents[1] / "data" / "questions"
FILES = [DATA / "questions.jsonl", DATA / "more_questions.jsonl"]


def records(path):
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.stem)
def test_every_question_is_right_on_the_reference_masks(path):
    tally = score_file(path, DATA, masks="reference").to_json()
    assert tally["misses"] == []
    assert tally["correct"] == tally["total"] == len(records(path))
    assert sum(row["total"] for row in tally["by_task"].values()) == tally["total"]


def test_the_files_hold_every_task_label_form_and_measure():
    lines = [r for path in FILES for r in records(path)]
    assert {r["task"] for r in lines} >= {"coverage", "area", "ranking", "boundary", "distance", "count", "change"}
    labels = " ".join(r["label"] for r in lines)
    assert all(form in labels for form in (".tif band 5", ".npz:", ".tif + ", ".TIF bit 3"))
    assert {r.get("measure") for r in lines} >= {"area_growth", "differing_area"}
    assert any(r["answer"] is None for r in lines)


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.stem)
def test_answers_do_not_depend_on_what_is_expected(path):
    rng = random.Random(0)
    for original in records(path):
        scrambled = original | {
            "answer": rng.choice([None, rng.random() * 1e6, "yes", "scrambled"]),
            "options": {"A": "1", "B": "scrambled", "C": "no"},
            "correct": rng.choice("ABC"),
            "unit": rng.choice(["m2", "%", "m", None]),
            "note": "scrambled",
            "regions_px": [1, 2],
        }
        assert Question.from_record(scrambled) == Question.from_record(original)
        bare = {k: v for k, v in original.items() if k in Question.__dataclass_fields__}
        assert Question.from_record(bare) == Question.from_record(original)


def test_a_question_has_no_field_for_what_is_expected():
    allowed = {"id", "scene", "task", "question", "images", "label", "label_values", "cloud", "measure"}
    assert set(Question.__dataclass_fields__) == allowed | {"removed_instances"}


@pytest.mark.parametrize("change", [1.006, 0.994, -1])
def test_a_wrong_answer_is_a_miss(change):
    original = next(r for r in records(FILES[0]) if r["id"] == "nlcd-zion-labels-04")
    given = answer_question(Question.from_record(original), DATA)
    assert judge(given, AnswerKey.from_record(original), masks="reference").correct
    wrong = original | {"answer": original["answer"] * change}
    assert not judge(given, AnswerKey.from_record(wrong), masks="reference").correct
