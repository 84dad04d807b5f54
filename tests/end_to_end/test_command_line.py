"""The command line as a user calls it, in a process of its own."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

QUESTION = "What share of the scene is water, and how many hectares is that?"


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    workspace = tmp_path_factory.mktemp("workspace")
    program = Path(sys.executable).parent / "terrascope"

    def called(*arguments):
        environment = os.environ | {"TERRASCOPE_WORKSPACE": str(workspace)}
        return subprocess.run([program, *arguments], capture_output=True, text=True, check=False, env=environment)

    return called


def test_the_main_job_prints_the_chain_and_writes_everything(run, tmp_path):
    done = run("ask", QUESTION, "--aoi", "spain", "--steps", "--out", str(tmp_path / "demo"))
    assert done.returncode == 0, done.stderr
    assert "MNDWI" in done.stdout
    assert " ha" in done.stdout
    assert "measurement" in done.stderr
    check = Path(__file__).parents[2] / "tools" / "check_demo.py"
    verdict = subprocess.run([sys.executable, check, tmp_path / "demo"], capture_output=True, text=True, check=False)
    assert verdict.returncode == 0, verdict.stdout


def test_two_runs_on_two_workspaces_write_the_same_bytes_apart_from_the_time(tmp_path):
    program = Path(sys.executable).parent / "terrascope"
    for name, seed in (("one", "1"), ("two", "2")):
        environment = os.environ | {"TERRASCOPE_WORKSPACE": str(tmp_path / f"ws-{name}"), "PYTHONHASHSEED": seed}
        out = str(tmp_path / name)
        subprocess.run(
            [program, "ask", QUESTION, "--aoi", "spain", "--out", out], check=True, capture_output=True, env=environment
        )
    created = re.compile(rb'"created": "[^"]*"|\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?( UTC|Z)')
    files = {p.name for p in (tmp_path / "one").iterdir()}
    assert files == {p.name for p in (tmp_path / "two").iterdir()}
    for name in files:
        one, two = (created.sub(b"", (tmp_path / side / name).read_bytes()) for side in ("one", "two"))
        assert one == two, name


def test_json_is_the_answer_document(run):
    done = run("ask", "How many hectares of water are there?", "--aoi", "spain", "--json")
    assert json.loads(done.stdout)["status"] == "answered"


def test_exit_codes_tell_a_question_back_from_a_refusal_from_an_error(run):
    assert run("ask", "How much water is there?").returncode == 3
    assert run("ask", "How many people live here?", "--aoi", "spain").returncode == 4
    wrong = run("ask", "How much water is there?", "--aoi", "atlantis")
    assert wrong.returncode == 2
    assert wrong.stderr.startswith("InputError: ")
    assert "Traceback" not in wrong.stderr


def test_an_error_in_json_mode_is_json(run):
    done = run("ask", "How much water is there?", "--aoi", "3,2,1,0", "--json")
    assert done.returncode == 2
    assert json.loads(done.stdout)["error"] == "InputError"


def test_a_geojson_file_and_a_bbox_are_areas(run, tmp_path):
    ring = [[-0.77, 38.09], [-0.75, 38.09], [-0.75, 38.11], [-0.77, 38.11], [-0.77, 38.09]]
    file = tmp_path / "field.geojson"
    file.write_text(json.dumps({"type": "Polygon", "coordinates": [ring]}))
    by_file = run("ask", "How many hectares of water are there?", "--aoi", str(file), "--json")
    by_box = run("ask", "How many hectares of water are there?", "--aoi=-0.77,38.09,-0.75,38.11", "--json")
    areas = [json.loads(done.stdout)["measurements"][0]["value"] for done in (by_file, by_box)]
    assert areas[0] == pytest.approx(areas[1])


def test_an_output_folder_that_cannot_be_written_is_an_error_and_leaves_nothing(run, tmp_path):
    (tmp_path / "file").write_text("in the way")
    done = run("ask", QUESTION, "--aoi", "spain", "--out", str(tmp_path / "file" / "demo"))
    assert done.returncode == 2
    assert "ExportError" in done.stderr
    assert [p.name for p in tmp_path.iterdir()] == ["file"]


def test_places_and_doctor(run):
    places = json.loads(run("places", "--json").stdout)
    assert {p["name"] for p in places} >= {"bolzano", "spain", "kampala"}
    assert "bolzano" in run("places").stdout
    report = run("doctor", "--json")
    assert report.returncode == 0
    assert json.loads(report.stdout)["terrascope-sdk"]
