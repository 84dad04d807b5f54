import json

import numpy as np
import pytest

from terrascope_sdk.errors import ExportError, InputError, ParseError
from terrascope_sdk.plan.workspace import Workspace
from terrascope_sdk.testing import disc_mask, lake_stack, utm_grid
from terrascope_sdk.types import ReasoningChain, Step

GRID = utm_grid(size_px=16)


@pytest.fixture
def workspace(tmp_path):
    return Workspace(tmp_path / "deep" / "workspace")


def test_values_come_back_by_their_content_hash(workspace):
    stack = lake_stack((50.0,), grid=GRID)
    name = workspace.save(stack)
    assert name == stack.id
    assert Workspace(workspace.folder).load_stack(name) == stack
    picture = stack.picture()
    assert workspace.load_picture(workspace.save(picture)) == picture


def test_a_chain_brings_its_masks_along_and_stores_each_once(workspace):
    lake = disc_mask(GRID, radius_m=50)
    chain = ReasoningChain("?", (Step("ground", "one", lake), Step("ground", "again", lake)), "claim", "test")
    back = workspace.load_chain(workspace.save(chain))
    assert back == chain
    assert (back.masks[0].pixels == lake.pixels).all()
    assert len(list((workspace.folder / "mask").rglob("*.json"))) == 1


def test_saving_twice_writes_once(workspace):
    lake = disc_mask(GRID, radius_m=50)
    workspace.save(lake)
    (path,) = (workspace.folder / "mask").rglob("*.json")
    before = path.stat().st_mtime_ns
    workspace.save(lake)
    assert path.stat().st_mtime_ns == before


@pytest.mark.parametrize("name", ["../../etc/passwd", "mask-xyz", "mask-0123456789abcdef/../x", ""])
def test_only_ids_are_looked_up(workspace, name):
    with pytest.raises(InputError, match="not the id"):
        workspace.load_mask(name)


def test_absent_and_damaged_values_say_so(workspace):
    name = workspace.save(disc_mask(GRID, radius_m=50))
    (path,) = (workspace.folder / "mask").rglob("*.json")
    path.write_text(path.read_text()[:-20])
    with pytest.raises(ParseError, match="damaged"):
        workspace.load_mask(name)
    path.unlink()
    with pytest.raises(InputError, match="not in the workspace"):
        workspace.load_mask(name)


def test_a_folder_that_cannot_be_written_is_an_export_error(tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(ExportError, match="TERRASCOPE_WORKSPACE"):
        Workspace(tmp_path / "file" / "x").save(disc_mask(GRID, radius_m=50))


def test_nothing_half_written_stays_behind(workspace, monkeypatch):
    def fail(*_args, **_kwargs):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(json, "dump", fail)
    with pytest.raises(ExportError, match="No space"):
        workspace.save(disc_mask(GRID, radius_m=50))
    assert [p for p in workspace.folder.rglob("*") if p.is_file()] == []


def test_a_remembered_result_needs_its_values(workspace):
    lake = disc_mask(GRID, radius_m=50)
    recipe = {"op": "ground", "version": 1}
    assert workspace.recall(recipe) is None
    workspace.remember(recipe, {"mask": lake.id})
    assert workspace.recall(recipe) is None
    workspace.save(lake)
    assert workspace.recall(recipe) == {"mask": lake.id}
    assert workspace.recall(recipe | {"version": 2}) is None


def test_documents_have_no_nan(workspace):
    with pytest.raises(ValueError, match="JSON"):
        workspace.save_document("scenes", {"x": float("nan")})
    assert workspace.load_document(workspace.save_document("scenes", [1, "ü"])) == [1, "ü"]


def test_pixels_survive_exactly(workspace):
    stack = lake_stack((50.0,), grid=GRID, clouded_frac=0.5)
    back = workspace.load_stack(workspace.save(stack))
    assert np.array_equal(back.optical.pixels, stack.optical.pixels, equal_nan=True)
