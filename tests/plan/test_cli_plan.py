import json

import pytest
from typer.testing import CliRunner

from terrascope_sdk.cli import app

QUESTION = "What share of the cropland was flooded on 17 September 2019?"


def run(*words):
    return CliRunner().invoke(app, ["plan", *words])


def test_the_keys_and_the_steps_are_printed_as_json():
    result = run(QUESTION, "--aoi", "spain", "--today", "2026-11-23", "--json")
    found = json.loads(result.stdout)
    assert result.exit_code == 0
    assert found["status"] == "plan"
    assert found["masks"] == ["(crop & water)"]
    assert {s["op"] for s in found["steps"]} == {"find", "load", "ground", "intersect", "share"}
    assert found["planner"].startswith("rules/")


def test_the_text_form_without_json():
    assert "share" in run(QUESTION, "--aoi", "spain").stdout


@pytest.mark.parametrize(
    ("words", "status", "code"),
    [
        ((QUESTION,), "needs_input", 3),
        (("Which is larger?", "--aoi", "spain"), "needs_input", 3),
        (("How many people live here?", "--aoi", "spain"), "cannot_answer", 4),
        (("Wie viel Wald gab es 2023?", "--aoi", "spain", "--today", "2022-01-01"), "cannot_answer", 4),
    ],
)
def test_the_status_is_the_exit_code(words, status, code):
    result = run(*words, "--json")
    assert json.loads(result.stdout)["status"] == status
    assert result.exit_code == code


def test_a_follow_up_goes_on_from_the_question_before():
    result = run(
        "and in 2021?", "--previous", "How many hectares of forest were there in 2020?", "--aoi", "spain", "--json"
    )
    assert json.loads(result.stdout)["windows"] == [["2021-01-01", "2022-01-01"]]
