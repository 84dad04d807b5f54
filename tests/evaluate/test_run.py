import importlib.util
import json
import subprocess
import sys
from pathlib import Path

import pytest

from terrascope_sdk.errors import InputError
from terrascope_sdk.evaluate import score_file
from tests.evaluate.made import halves, record, write_lines, write_tif

TOOL = Path(__file__).parents[2] / "tools" / "score_questions.py"


@pytest.fixture
def data(tmp_path):
    write_tif(tmp_path / "here" / "label.tif", halves(split=6))
    return tmp_path


GOOD = record(id="good", answer=20.0, unit="%")


def test_broken_lines_are_misses_with_their_reason(data):
    broken = {
        "{": "no JSON",
        "[1, 2]": "no JSON object",
        '"text"': "no JSON object",
        "null": "no JSON object",
        "[" * 100_000: "no JSON",
        json.dumps({"id": "empty"}): "field 'scene'",
        json.dumps(GOOD | {"id": "no-key"} | {"answer": [1]}): "answer key",
        json.dumps({k: v for k, v in GOOD.items() if k != "answer"} | {"id": "no-answer"}): "no 'answer'",
        json.dumps(GOOD | {"id": "values", "label_values": ["water"]}): "not a list of numbers",
        json.dumps(GOOD | {"id": "true", "label_values": [True]}): "not a list of numbers",
        json.dumps(GOOD | {"id": "away", "scene": "../elsewhere"}): "leads out",
        json.dumps(GOOD | {"id": "root", "scene": "/etc"}): "leads out",
        json.dumps(GOOD | {"id": "images", "images": "a.tif"}): "list of file names",
        json.dumps(GOOD | {"id": "nowhere", "scene": "nowhere"}): "no folder",
        json.dumps(GOOD | {"id": "missing", "label": "missing.tif"}): "no file",
        json.dumps(GOOD | {"id": "wrong", "answer": 21.0}): "lies 1 from 21",
        json.dumps(GOOD | {"id": "null", "answer": None}): "cannot be answered",
    }
    path = write_lines(data / "q.jsonl", GOOD, "", *broken, "   ", GOOD)
    tally = score_file(path, data, masks="reference").to_json()
    assert (tally["total"], tally["correct"]) == (len(broken) + 2, 2)
    assert len(tally["misses"]) == len(broken)
    for miss, reason in zip(tally["misses"], broken.values(), strict=True):
        assert reason in miss["why"], (miss, reason)
    json.dumps(tally, allow_nan=False)


def test_a_line_of_other_bytes_is_one_miss(data):
    path = data / "q.jsonl"
    path.write_bytes(b"\xef\xbb\xbf" + json.dumps(GOOD).encode() + b"\r\n\xff\xfe\r\n" + json.dumps(GOOD).encode())
    tally = score_file(path, data, masks="reference").to_json()
    assert (tally["total"], tally["correct"]) == (3, 2)


def test_labels_that_cannot_be_read_do_not_end_a_run(data):
    label = data / "here" / "label.tif"
    whole = label.read_bytes()
    path = write_lines(data / "q.jsonl", GOOD, GOOD)
    for content in (b"", b"no raster", whole[: len(whole) // 2]):
        label.write_bytes(content)
        tally = score_file(path, data, masks="reference").to_json()
        assert (tally["total"], tally["correct"], tally["failed"]) == (2, 0, 2)


def test_what_nobody_foresaw_is_a_miss_too(data, monkeypatch, caplog):
    monkeypatch.setattr("terrascope_sdk.evaluate.answering.reference_masks", lambda *_: 1 / 0)
    tally = score_file(write_lines(data / "q.jsonl", GOOD), data, masks="reference").to_json()
    assert "ZeroDivisionError" in tally["misses"][0]["why"]
    assert "could not be answered" in caplog.text


def test_counts_by_task_and_scene_and_names_for_the_nameless(data):
    nameless = {k: v for k, v in GOOD.items() if k != "id"}
    numbered = GOOD | {"id": 7, "task": "area", "answer": 1.0}
    tally = score_file(write_lines(data / "q.jsonl", nameless, numbered, "{"), data, masks="reference").to_json()
    assert tally["by_task"] == {
        "area": {"total": 1, "correct": 0},
        "coverage": {"total": 1, "correct": 1},
        "unreadable": {"total": 1, "correct": 0},
    }
    assert tally["by_scene"]["here"] == {"total": 2, "correct": 1}
    assert [miss["id"] for miss in tally["misses"]] == ["7", "line 3"]
    assert (tally["answered"], tally["refused"], tally["failed"]) == (2, 0, 1)


def test_the_whole_file_can_be_wrong(data):
    with pytest.raises(InputError, match="cannot be read"):
        score_file(data / "none.jsonl", data, masks="reference")
    with pytest.raises(InputError, match="cannot be read"):
        score_file(data, data, masks="reference")
    for content in (b"", b"\n \n", b"II*\0\0\0"):
        (data / "q.jsonl").write_bytes(content)
        with pytest.raises(InputError, match="no questions"):
            score_file(data / "q.jsonl", data, masks="reference")
    path = write_lines(data / "q.jsonl", GOOD)
    with pytest.raises(InputError, match="no folder"):
        score_file(path, data / "none", masks="reference")
    with pytest.raises(InputError, match="reasoner"):
        score_file(path, data, masks="model")


@pytest.fixture
def tool(capsys):
    spec = importlib.util.spec_from_file_location("score_questions", TOOL)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)

    def run(*arguments):
        code = module.main([str(a) for a in arguments])
        out, err = capsys.readouterr()
        return code, out, err

    return run


def test_the_tool_is_a_program(data):
    path = write_lines(data / "q.jsonl", GOOD)
    command = [sys.executable, TOOL, path, "--data", data, "--masks", "reference", "--json"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert json.loads(done.stdout)["correct"] == 1


def test_the_tool_prints_json_or_a_table_and_exits_zero_when_it_ran(data, tool):
    path = write_lines(data / "q.jsonl", GOOD, GOOD | {"id": "wrong", "answer": 3})
    code, out, err = tool(path, "--data", data, "--json")
    assert (code, err) == (0, "")
    document = json.loads(out)
    assert {"total": 2, "correct": 1, "by_task": {"coverage": {"total": 2, "correct": 1}}}.items() <= document.items()
    assert document["answers"] == {"good": 20.0, "wrong": 20.0}
    assert set(document["misses"][0]) >= {"id", "task", "answered", "expected", "why"}
    code, out, _ = tool(path, "--data", data, "--masks", "reference")
    assert code == 0
    assert "1 of 2" in out
    assert "missed wrong" in out


def test_the_tool_segments(data, tool):
    path = write_lines(data / "q.jsonl", GOOD)
    document = json.loads(tool(path, "--data", data, "--masks", "model", "--json")[1])
    assert (document["masks"], document["refused"]) == ("model", 1)
    assert document["refusals"][0]["why"].startswith("refused: There is no picture")


def test_the_tool_says_what_is_wrong_with_a_whole_file(data, tool):
    code, out, err = tool(data / "none.jsonl", "--data", data, "--json")
    assert code == 2
    assert "cannot be read" in err
    assert json.loads(out)["error"] == "InputError"
