import json
from functools import cache

import numpy as np
import pytest
from jsonschema import validate
from typer.testing import CliRunner

from terrascope_sdk.cli import app
from terrascope_sdk.errors import InputError
from terrascope_sdk.evaluate.bench import command
from terrascope_sdk.evaluate.bench.bench import some_of_each
from terrascope_sdk.evaluate.bench.building import build_questions
from terrascope_sdk.evaluate.bench.candidates import candidates_of
from terrascope_sdk.evaluate.bench.crop import crop_stack
from terrascope_sdk.evaluate.bench.modes import bench_modes
from terrascope_sdk.evaluate.bench.scenes import see
from terrascope_sdk.evaluate.bench.strangers import read_strangers, score_strangers
from terrascope_sdk.evaluate.bench.suite import suite_of
from terrascope_sdk.evaluate.bench.synthetic import landscapes, towns
from terrascope_sdk.evaluate.masks.splits import Window
from terrascope_sdk.model.checkpoint import save_compact, weights_sha256
from tests.evaluate.bench.hand_made import labels, random_network, scene

RATE = {
    "type": "object",
    "required": ["value", "interval", "n"],
    "properties": {
        "value": {"type": ["number", "null"]},
        "interval": {"type": "array", "minItems": 2, "maxItems": 2, "items": {"type": ["number", "null"]}},
        "n": {"type": "integer"},
    },
}
TASK = {
    "type": "object",
    "required": [
        "code", "options", "tolerance", "n", "accuracy", "hit", "answered", "understood", "mean_iou",
        "right_with_right_masks", "answer_is_measurement",
    ],
    "properties": {
        "accuracy": RATE, "hit": RATE, "mean_iou": RATE, "answer_is_measurement": RATE,
        "understood": {"type": "object", "required": ["known", "new"]},
    },
}  # fmt: skip
SCHEMA = {
    "type": "object",
    "required": ["suite", "seed", "n", "weights_sha256", "tasks", "masks", "baselines"],
    "additionalProperties": False,
    "properties": {
        "suite": {"type": "string"},
        "seed": {"type": "integer"},
        "n": {"type": "integer"},
        "weights_sha256": {"type": "string", "pattern": "^[0-9a-f]{64}$"},
        "tasks": {
            "type": "object",
            "properties": {"average": {"type": "object", "required": ["macro", "micro", "chance", "seconds_a_chain"]}},
            "additionalProperties": TASK,
        },
        "masks": {"type": "object", "required": ["mean_iou", "by_concept", "location"]},
        "baselines": {
            "type": "object",
            "additionalProperties": {"type": "object", "required": ["told", "n", "tasks", "average"]},
        },
    },
}


@cache
def small_suite():
    """A few scenes by hand, so that no world has to be made."""
    rng = np.random.default_rng(0)
    scenes = []
    for i in range(10):
        side = 16 + 3 * i
        codes = labels((i % 2, 0, side, 0, 32), (1 - i % 2, 48, 64, 40 - i, 64))  # the larger one by turns
        scenes.append(scene(codes, codes[::-1].copy(), name=f"s{i}"))
    candidates = [c for s in scenes for c in candidates_of(see(s), rng)]
    return suite_of("synthetic", scenes, build_questions(candidates, 4, 0))


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    where = tmp_path_factory.mktemp("weights")
    save_compact(random_network(), where)
    return where


def test_the_command_prints_the_document(folder, monkeypatch):
    monkeypatch.setattr(command, "synthetic_suite", lambda seed, n: small_suite())
    modes = ["--modes", "measured,new_phrasings,zeroed,direct", "--others", "2"]
    done = CliRunner().invoke(app, ["bench", "--seed", "5", "--n", "4", "--json", "--weights", str(folder), *modes])
    assert done.exit_code == 0, done.output
    document = json.loads(done.stdout)
    validate(document, SCHEMA)
    assert document["seed"] == 5
    assert document["weights_sha256"] == weights_sha256(folder)
    assert {"coverage", "area", "ranking"} <= set(document["tasks"])
    expected = {"no_image", "most_frequent", "index_rules", "perfect_masks", "zeroed", "direct", "new_phrasings"}
    assert expected <= set(document["baselines"])
    perfect = document["baselines"]["perfect_masks"]["tasks"]
    assert all(entry["accuracy"]["value"] == entry["hit"]["value"] == 1 for entry in perfect.values())
    again = CliRunner().invoke(app, ["bench", "--n", "4", "--weights", str(folder), "--modes", "measured"])
    assert "perfect_masks      macro 1.000" in again.stdout


def test_wrong_arguments_are_refused(folder):
    with pytest.raises(InputError, match="no suite"):
        command.run_bench("synthetik", weights=folder)
    with pytest.raises(InputError, match="no mode"):
        command.run_bench("real", weights=folder, modes=("odd",))
    with pytest.raises(InputError, match="at least one"):
        command.run_bench("real", weights=folder, n=0)
    assert next(iter(bench_modes)) == "measured"


def test_whole_groups_are_kept_for_the_other_modes():
    suite = small_suite()
    few = some_of_each(suite.questions, 2)
    assert {q.asked.task for q in few} == {q.asked.task for q in suite.questions}
    groups = {q.group for q in few}
    assert sorted(q.id for q in few) == sorted(q.id for q in suite.questions if q.group in groups)


def test_fresh_worlds_are_what_the_suite_says():
    world, town = next(landscapes(0)), next(towns(0))
    stack = world.load()
    assert stack.sensors == ("optical", "sar")
    assert len(stack.series("optical").bands) == 10
    assert abs(stack.grid.pixel_area_m2.mean() - 100) < 0.2
    assert world.truth.dates == len(see(world).moments) == 2
    assert 0.35 <= town.gsd_m <= 0.71
    assert town.load().sensors == ("optical",)
    assert abs(max(town.grid.pixel_size_m) - town.gsd_m) < 0.01
    assert next(landscapes(1)).name != world.name


def test_windows_lie_where_they_are_cut():
    whole = scene(labels((0, 0, 32, 0, 32))).load()
    part = crop_stack(whole, Window(16, 48, 8, 40))
    assert np.array_equal(part.series("optical").pixels, whole.series("optical").pixels[..., 16:48, 8:40])
    assert np.allclose(part.grid.xy(0, 0), whole.grid.xy(16, 8))


def test_strangers_are_scored_and_never_quoted(tmp_path):
    file = tmp_path / "few.tsv"
    file.write_text(
        "task\tconcepts\tdates\tquestion\nshare\twater\t\tHow much zorbish water is there?\nunclear\t\t\tWho are you?\n"
        "change\ttree\t1,2\tHow did the forest change?\n"
    )
    questions = read_strangers(file)
    assert questions[2].intent.dates == (1, 2)
    made = score_strangers(random_network(), questions)
    assert made["n"] == 3
    assert set(made["tasks"]) == {"share", "unclear", "change"}
    assert made["unknown_word"] == 0.5
    assert "forest" not in json.dumps(made)
