"""Fixtures of the same form at other sizes: nothing of one is built into the tool, and a wrong table is found."""

import json
import runpy
import shutil
import sys

import numpy as np
import pytest
import torch

from tests.evaluate.parity.other_fixture import write_fixture

NAMES = ("list_of_one", "list_of_three", "single_tall", "text")


@pytest.fixture(scope="module")
def other(tmp_path_factory):
    return write_fixture(tmp_path_factory.mktemp("other") / "fixture", dtype=torch.bfloat16)


@pytest.fixture
def short(other, tmp_path):
    """A copy with its shortest case only."""
    folder = shutil.copytree(other, tmp_path / "fixture")
    rewrite(folder, keep=("text",))
    return folder


def rewrite(folder, keep=NAMES, case=None, arrays=None):
    cases = {k: v for k, v in json.loads((folder / "cases.json").read_text()).items() if k in keep}
    for name in cases:
        cases[name] |= case or {}
    (folder / "cases.json").write_text(json.dumps(cases))
    with np.load(folder / "cases.npz") as file:
        kept = {k: file[k] for k in file.files}
    np.savez(folder / "cases.npz", **(kept | (arrays(kept) if arrays else {})))


def run(folder, monkeypatch, capsys, *flags):
    monkeypatch.setattr(sys, "argv", ["check_parity.py", str(folder), "--json", *flags])
    with pytest.raises(SystemExit) as left:
        runpy.run_path("tools/check_parity.py", run_name="__main__")
    text = capsys.readouterr().out
    return left.value.code, json.loads(text, parse_constant=lambda c: pytest.fail(f"{c} is no JSON")) if text else {}


def test_a_fixture_of_other_sizes_passes_whole(other, monkeypatch, capsys):
    status, found = run(other, monkeypatch, capsys)
    assert [c for c, v in found["cases"].items() if not v["ok"]] == []
    assert (status, found["passed"]) == (0, True)
    assert tuple(sorted(found["cases"])) == NAMES
    assert found["not_compared"] == []
    assert all(s["compared"] for s in found["stages"].values())
    assert {"injection", "masks", "mask_logits_half", "segmenter_encoder"} <= found["stages"].keys()
    told = json.loads((other / "cases.json").read_text())
    assert told["single_tall"]["n_tiles"] == 4
    assert told["single_tall"]["n_seg"] == 1
    assert told["list_of_one"]["n_tiles"] == 1
    assert max(max(told["single_tall"]["selected_token_indices"])) < 3 * 64


@pytest.mark.parametrize(
    ("field", "stage"),
    [("sam_iou", "mask_quality"), ("fed_token_positions", "generated"), ("image_features", "visual_tokens")],
)
def test_one_wrong_table_is_named_and_the_status_is_one(other, tmp_path, monkeypatch, capsys, field, stage):
    folder = shutil.copytree(other, tmp_path / "fixture")
    if field == "fed_token_positions":
        rewrite(folder, keep=("text",), case={field: [1, 2, 3]})
    else:
        worse = lambda kept: {f"list_of_one/{field}": kept[f"list_of_one/{field}"] + 1e-3}  # noqa: E731
        rewrite(folder, keep=("list_of_one",), arrays=worse)
    status, found = run(folder, monkeypatch, capsys)
    assert (status, found["passed"]) == (1, False)
    assert found["stages"][stage]["ok"] is False
    assert [s for s, v in found["stages"].items() if not v["ok"]] == [stage]
    assert all(v["failed"] == [stage] for v in found["cases"].values())


@pytest.mark.parametrize(
    "truth", [np.full((3, 401), np.nan, np.float32), np.zeros((2, 2), np.float32), np.zeros((0, 401), np.float32)]
)
def test_what_is_not_finite_or_of_another_shape_never_passes(short, monkeypatch, capsys, truth):
    rewrite(short, keep=("text",), arrays=lambda kept: {"text/step_logits": truth})
    status, found = run(short, monkeypatch, capsys)
    assert (status, found["stages"]["decoding"]["ok"]) == (1, False)
    assert found["stages"]["decoding"]["max_abs"] > 1e300
    assert "step_logits" in found["cases"]["text"]["why"][0]


def test_fields_that_no_stage_knows_are_named(short, monkeypatch, capsys):
    rewrite(short, keep=("text",), case={"secret": 1, "counts": {}})
    status, found = run(short, monkeypatch, capsys)
    assert (status, found["not_compared"]) == (0, ["secret"])


@pytest.mark.parametrize(
    ("spoil", "match"),
    [
        (lambda f: (f / "cases.npz").write_bytes(b"PK nothing"), "cases.npz cannot be read"),
        (lambda f: (f / "cases.json").write_text("[]"), "no JSON object"),
        (lambda f: (f / "units.json").write_text('{"mask_to_tokens": [{}]}'), "unit tables"),
        (lambda f: (f / "sam2_sizes.json").write_text('{"this_checkpoint": {"d_model": 3}}'), "lack hiera_embed_dim"),
        (lambda f: (f / "sam2_sizes.json").write_text('{"this_checkpoint": {"image_size": 512}}'), "image_size 512"),
    ],
)
def test_a_broken_fixture_is_told_in_json(short, monkeypatch, capsys, spoil, match):
    spoil(short)
    status, found = run(short, monkeypatch, capsys)
    assert status != 0
    assert found["passed"] is False
    assert match in found["error"]


@pytest.mark.parametrize("case", [{"user_text": None}, {"n_images": 1}, {"user_text": "<image>", "n_images": 2}])
def test_a_case_that_cannot_be_run_fails_and_the_others_still_run(short, monkeypatch, capsys, case):
    cases = json.loads((short / "cases.json").read_text())
    (short / "cases.json").write_text(json.dumps({"odd": cases["text"] | case, **cases}))
    status, found = run(short, monkeypatch, capsys)
    assert status == 1
    assert (found["cases"]["odd"]["ok"], found["cases"]["text"]["ok"]) == (False, True)


def test_no_case_is_no_agreement(short, monkeypatch, capsys):
    (short / "cases.json").write_text("{}")
    assert run(short, monkeypatch, capsys)[0] == 1
    (short / "cases.json").write_text('{"x": {"user_text": "Name."}}')
    assert run(short, monkeypatch, capsys)[0] == 1
