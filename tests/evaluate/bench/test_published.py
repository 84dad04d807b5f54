import json

import pytest

from terrascope_sdk.errors import InputError, MissingDependency, ParseError
from terrascope_sdk.evaluate.bench.command import run_bench
from terrascope_sdk.evaluate.bench.official import extract_letter, normalise_key, parse_letter, response_text
from terrascope_sdk.evaluate.bench.picking import pick_published
from terrascope_sdk.evaluate.bench.published import read_published
from terrascope_sdk.evaluate.bench.published_bench import published_document
from terrascope_sdk.model.checkpoint import save_compact
from tests.evaluate.bench.hand_made import png, random_network

ODD = [  # response, what the official inference stores, what the official evaluation reads
    ("<think>x</think><answer>A</answer><|im_end|>", "A", "A"),
    ("<answer>C. 58%</answer>", "C", "C"),
    ("<answer>(D)</answer>", "(D)", "D"),
    ("<answer>58%</answer>", "58%", None),
    ("<answer>cropland</answer>", "C", None),
    ("<answer>The answer is B</answer>", "The answer is B", "B"),
    ("I think C is right", "I think C is right", None),
    ("b.", "B", None),
    ("", None, None),
    ("<answer>E</answer>", "E", None),
    ("ERROR", "ERROR", None),
]


@pytest.mark.parametrize(("response", "stored", "read"), ODD)
def test_letters_are_read_as_the_official_scripts_read_them(response, stored, read):
    assert extract_letter(response) == stored
    assert parse_letter(response) == read


def test_no_letter_is_no_right_answer():
    assert extract_letter(response_text(None)) == ""
    assert extract_letter(response_text("B", "there is water")) == "B"


@pytest.mark.parametrize(
    ("key", "normal"),
    [("b", "B"), ("C. 58%", "C"), ({"option_id": "d", "text": "x"}, "D"), ({"text": "B. water"}, "B"), ("Dry", "DRY")],
)
def test_answer_keys_are_normalised_as_officially(key, normal):
    assert normalise_key(key) == normal


@pytest.mark.parametrize(
    ("value", "kind", "options", "letter"),
    [
        (2.9e6, "area", {"A": "284,120 m²", "B": "2.84 km²", "C": "1420600 square meters"}, "B"),
        (52.0, "distance", {"A": "35 meters", "B": "50 meters"}, "B"),
        (50.0, "distance", {"A": "3 pixels", "B": "5 pixels"}, "B"),
        (0.26, "share", {"A": "0.25", "B": "0.5"}, "A"),
        (True, "touches", {"A": "They are not adjacent", "B": "They share a border"}, "B"),
        ("north-west", "where", {"A": "Northwest", "B": "North"}, "A"),
        (("water", "tree"), "order", {"A": "Forest", "B": "Water"}, "B"),
        (None, "share", {"A": "1 %"}, None),
    ],
)
def test_answers_pick_options_in_words(value, kind, options, letter):
    assert pick_published(value, kind, options, 10.0) == letter


@pytest.fixture
def file(tmp_path):
    from terrascope_sdk.train.cot.parquet_files import require_pyarrow

    pa, parquet = require_pyarrow()
    options = {"A": "10 %", "B": "30 %", "C": "50 %", "D": "70 %"}
    rows = [
        {
            "image": {"bytes": png((0, 0, 90)), "path": f"{i}.png"},
            "question": "What percentage of the image is covered by water?",
            "candidates": json.dumps(options),
            "answer": "B. 30 %" if i % 2 else "b",
            "task_type": "coverage_percentage" if i < 4 else "boundary_detection",
        }
        for i in range(6)
    ]
    path = tmp_path / "bench.parquet"
    parquet.write_table(pa.Table.from_pylist(rows), path)
    return path


def test_a_published_file_is_read_and_scored(file):
    questions = read_published(file)
    assert len(questions) == 6
    assert {q.key for q in questions} == {"B"}
    stack = questions[0].stack()
    assert stack.series("optical").quantity == "display"
    assert stack.grid.shape == (32, 32)
    assert abs(stack.grid.pixel_area_m2.mean() - 100) < 0.2
    made = published_document(questions, random_network())
    assert set(made["tasks"]) == {"coverage_percentage", "boundary_detection", "average"}
    assert made["tasks"]["average"]["micro"]["n"] == 6
    assert made["tasks"]["average"]["gsd_m"] == 10
    assert made["baselines"]["usual_rank"]["tasks"]["average"]["micro"]["value"] == 1  # a formula would be found out
    assert len(read_published(file, limit=2)) == 2


def test_the_command_takes_a_file(file, tmp_path):
    save_compact(random_network(), tmp_path / "weights")
    made = run_bench(str(file), n=3, weights=tmp_path / "weights")
    assert list(made) == ["suite", "seed", "n", "weights_sha256", "tasks", "masks", "baselines"]
    assert made["tasks"]["average"]["micro"]["n"] == 3


def test_wrong_files_are_refused(file, tmp_path):
    from terrascope_sdk.train.cot.parquet_files import require_pyarrow

    pa, parquet = require_pyarrow()
    with pytest.raises(InputError, match="no file"):
        read_published(tmp_path / "none.parquet")
    (tmp_path / "odd.parquet").write_text("no parquet")
    with pytest.raises(ParseError, match="cannot be read"):
        read_published(tmp_path / "odd.parquet")
    parquet.write_table(pa.table({"image": ["x"]}), tmp_path / "short.parquet")
    with pytest.raises(InputError, match="no column question, candidates"):
        read_published(tmp_path / "short.parquet")


def test_without_pyarrow_the_extra_is_named(file, monkeypatch):
    import sys

    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(MissingDependency, match="train"):
        read_published(file)
