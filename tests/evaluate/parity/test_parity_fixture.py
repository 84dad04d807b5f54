"""The released network agrees with the original code, number by number; a wrong one is found out."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from safetensors.torch import load_file, save_file

from terrascope_sdk.evaluate.parity import fixture as parity
from terrascope_sdk.evaluate.parity.stages import EXACT, STAGES

FIXTURE = Path("tests/data/parity")


def test_every_stage_and_case_agrees():
    found = parity.check_fixture(FIXTURE)
    assert found["passed"] is True
    assert set(found["stages"]) == {
        *(s.name for s in (*STAGES, *EXACT)), "masks", "units_tile_layout", "units_mask_to_tokens", "units_preprocess",
    }  # fmt: skip
    assert set(found["cases"]) == {
        "single_one_tile", "single_tiled", "pair", "single_empty_mask", "single_no_seg", "text_only",
    }  # fmt: skip
    assert all(c["ok"] and c["stages"] >= 4 for c in found["cases"].values())


@pytest.mark.parametrize(
    ("name", "stage"),
    [
        ("mlp1.1.bias", "visual_tokens"),
        ("grounding_encoder.sam2_model.sam_mask_decoder.iou_token.weight", "mask_quality"),
        ("text_hidden_fcs.2.bias", "seg_states"),
    ],
)
def test_one_wrong_tensor_is_found_in_its_stage(tmp_path, name, stage):
    folder = shutil.copytree(FIXTURE, tmp_path / "fixture")
    path = folder / "checkpoint" / "model.safetensors"
    tensors = load_file(path)
    save_file(tensors | {name: tensors[name] + 0.01}, path)
    found = parity.check_fixture(folder)
    assert found["passed"] is False
    assert found["stages"][stage]["ok"] is False
    assert not all(c["ok"] for c in found["cases"].values())


def test_the_tool_says_so_by_its_exit_status(tmp_path):
    run = [sys.executable, "tools/check_parity.py"]
    broken = subprocess.run([*run, str(tmp_path), "--json"], capture_output=True, text=True, check=False)
    assert broken.returncode == 1
    assert "Give the folder of a parity fixture" in broken.stderr
    assert json.loads(broken.stdout)["passed"] is False
