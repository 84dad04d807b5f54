import json
import subprocess
import sys
from pathlib import Path

import pytest

from terrascope_sdk.plan.digest import digest_outcome, digest_plan
from terrascope_sdk.plan.language import Plan
from terrascope_sdk.plan.rules import NeedsInput, Planned
from tests.plan.reading_of import read

ROOT = Path(__file__).parents[2]


def keys(question):
    return digest_outcome(read(question))


def test_every_key_is_derived_from_the_steps_whoever_wrote_them():
    plan = read("What share of the forest of 1985 had become cropland by 2020?").plan
    by_hand = Plan.from_text(str(plan)).model_copy(update={"question": "", "planner": "hand"})
    assert digest_plan(by_hand) == digest_plan(plan) == {
        "status": "plan",
        "quantities": ["share"],
        "masks": ["(crop@1 & tree@0)"],
        "of": ["tree@0"],
        "windows": [["1985-01-01", "1986-01-01"], ["2020-01-01", "2021-01-01"]],
        "params": {},
    }  # fmt: skip


@pytest.mark.parametrize(
    ("question", "params"),
    [
        ("Count the lakes larger than 2 ha.", {"min_area_m2": 20000}),
        ("How many hectares of forest patches of at least 0.5 ha are there?", {"min_area_m2": 5000}),
        ("With at most 10% cloud, how many hectares of forest were there in 2020?", {"cloud_max_frac": 0.1}),
        ("How much did the lake shrink between 2019 and 2023?", {"direction": "loss"}),
        ("How much did the lake change between 2019 and 2023?", {"direction": "net"}),
        ("How many hectares of forest are there?", {}),
    ],
)
def test_parameters_stand_beside_the_masks(question, params):
    found = keys(question)
    assert found["params"] == params
    assert not any("patches" in mask for mask in found["masks"])


def test_a_comparison_and_a_trend_stand_beside_what_they_are_made_of():
    assert keys("Compare the share of forest in 2000 and 2020.")["quantities"] == ["compare", "share"]
    assert keys("How did the forest develop from 2015 to 2020?")["quantities"] == ["trend"]
    assert keys("What was the yearly share of forest from 2015 to 2020?")["quantities"] == ["share", "trend"]
    assert keys("Export the forest mask as GeoTIFF.")["quantities"] == ["mask"]


def test_what_shares_are_of_is_parallel_to_the_masks():
    found = keys("What share of the area is forest, and what share of the forest lies within 300 m of built-up land?")
    assert found["masks"] == ["(buffer(developed,300) & tree)", "tree"]
    assert found["of"] == ["tree", "aoi"]


def test_a_plan_without_an_area_has_to_ask_for_one():
    plan = read("How many hectares of forest are there?").plan.model_copy(update={"aoi": None})
    assert digest_outcome(Planned(plan))["status"] == "needs_input"
    assert digest_outcome(NeedsInput("Where?", "No area."))["masks"] == []


def test_the_questions_of_this_project_are_planned_as_they_are_meant():
    path = ROOT / "tests/data/plans/questions.jsonl"
    command = [sys.executable, str(ROOT / "tools/bench_agent.py"), "--plans", str(path), "--json"]
    found = json.loads(subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT).stdout)
    assert found["total"] >= 240
    assert found["correct"] >= 0.95 * found["total"], found["misses"]
    assert found["refusals"]["correct"] >= 0.95 * found["refusals"]["total"], found["misses"]
