import os
import shutil
import stat
import tempfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from affine import Affine

from terrascope_sdk import export
from terrascope_sdk.errors import ExportError
from terrascope_sdk.export import folder as folder_module
from terrascope_sdk.types import Mask, PixelGrid, ReasoningChain, Step
from tests.export.answers import EVIL, answered, lake, needs_input

NAMES = {"answer.json", "report.html", "mask_water_2020-06-01_optical.tif", "mask_water_2020-06-01_optical.geojson"}


def listing(path):
    return {p.name: p.read_bytes() for p in path.rglob("*") if p.is_file()}


def names(path):
    return {p.name for p in path.iterdir()}


def test_a_new_folder_holds_everything(tmp_path):
    written = export.export(answered(), tmp_path / "a" / "b")
    assert set(written) == NAMES == names(tmp_path / "a" / "b")
    assert all(path.is_file() for path in written.values())
    assert written.warnings == ()
    assert names(tmp_path / "a") == {"b"}


@pytest.mark.skipif(os.name == "nt", reason="file modes of POSIX")
def test_the_folder_is_as_open_as_any_other(tmp_path):
    export.export(needs_input(), tmp_path / "out")
    (tmp_path / "plain").mkdir()
    assert stat.S_IMODE((tmp_path / "out").stat().st_mode) == stat.S_IMODE((tmp_path / "plain").stat().st_mode)


def test_other_files_are_kept_and_earlier_ones_replaced(tmp_path):
    out = tmp_path / "out"
    export.export(answered(), out)
    (out / "notes.txt").write_text("mine")
    export.export(answered(lake("tree")), out)
    assert names(out) == {
        "notes.txt", "answer.json", "report.html", "mask_tree_2020-06-01_optical.tif",
        "mask_tree_2020-06-01_optical.geojson",
    }  # fmt: skip
    export.export(needs_input(), out)
    assert names(out) == {"notes.txt", "answer.json", "report.html"}


@pytest.mark.parametrize("name", ["answer.json", "report.html", "mask_water_2020-06-01_optical.tif"])
def test_files_of_others_are_never_overwritten(tmp_path, name):
    (tmp_path / name).write_text('{"mine": true}')
    with pytest.raises(ExportError, match="no earlier export wrote"):
        export.export(answered(), tmp_path)
    assert names(tmp_path) == {name}


def test_labels_cannot_leave_the_folder(tmp_path):
    out = tmp_path / "deep" / "out"
    masks = [lake("../../x"), lake("<b>"), lake("/etc/passwd"), lake("..\\..\\x"), lake(EVIL)]
    steps = tuple(Step("ground", "s", m) for m in masks)
    written = export.export(replace(answered(), chains=(ReasoningChain("q", steps),)), out)
    assert {p.parent for p in written.values()} == {out}
    assert names(tmp_path) == {"deep"}
    assert names(tmp_path / "deep") == {"out"}
    assert "mask_x_2020-06-01_optical_2.tif" in written
    assert [m.label for m in export.read_answer(out).masks] == [m.label for m in masks]


def test_a_mask_without_crs_has_no_geojson_and_the_result_says_so(tmp_path):
    grid = PixelGrid(None, Affine.identity(), 2, 2)
    bare = Mask(np.eye(2, dtype=bool), np.ones((2, 2), bool), grid, "spot")
    answer = replace(answered(), chains=(ReasoningChain("q", (Step("ground", "s", bare),)),), pictures=())
    written = export.export(answer, tmp_path / "out")
    assert set(written) == {"answer.json", "report.html", "mask_spot.tif"}
    (warning,) = written.warnings
    assert warning.startswith("mask_spot.geojson was not written")
    assert export.read_answer(tmp_path / "out").masks == (bare,)


def test_a_file_where_the_folder_should_be(tmp_path):
    (tmp_path / "file").write_text("x")
    for target in (tmp_path / "file", tmp_path / "file" / "out"):
        with pytest.raises(ExportError, match="cannot be written"):
            export.export(answered(), target)
    assert names(tmp_path) == {"file"}


@pytest.fixture
def locked_folder():
    """A folder that may be read and not written, as a user who is not root."""
    folder = Path(tempfile.mkdtemp())  # tmp_path lies below a folder that only its owner enters
    folder.chmod(0o555)
    user = os.geteuid()
    if user == 0:
        export.export(answered(), folder / "warm-up")  # as root: load everything that only root may read
        shutil.rmtree(folder / "warm-up")
        os.seteuid(65534)
    try:
        yield folder
    finally:
        os.seteuid(user)
        folder.chmod(0o755)
        shutil.rmtree(folder)


@pytest.mark.skipif(os.name == "nt", reason="file modes of POSIX")
@pytest.mark.parametrize("place", [".", "deeper/out"])
def test_an_unwritable_folder(locked_folder, place):
    with pytest.raises(ExportError, match="Permission denied"):
        export.export(answered(), locked_folder / place)
    assert names(locked_folder) == set()


class Breaks:
    """Makes the n-th call of a method of Path fail."""

    def __init__(self, monkeypatch, method, at):
        plain, self.calls = getattr(Path, method), 0

        def wrapped(path, *args, **kwargs):
            self.calls += 1
            if self.calls == at:
                raise OSError(28, "No space left on device")
            return plain(path, *args, **kwargs)

        monkeypatch.setattr(Path, method, wrapped)


@pytest.mark.parametrize(("method", "at"), [("write_bytes", 1), ("write_bytes", 3), ("rename", 1), ("mkdir", 1)])
def test_a_failure_half_way_leaves_no_new_folder(tmp_path, monkeypatch, method, at):
    broken = Breaks(monkeypatch, method, at)
    with pytest.raises(ExportError, match="No space left"):
        export.export(answered(), tmp_path / "a" / "b" / "out")
    assert broken.calls >= at
    assert names(tmp_path) == set()


@pytest.mark.parametrize(("method", "at"), [("write_bytes", 2), *(("rename", i) for i in range(1, 9))])
def test_a_failure_half_way_leaves_an_old_folder_as_it_was(tmp_path, monkeypatch, method, at):
    out = tmp_path / "out"
    export.export(answered(), out)
    (out / "notes.txt").write_text("mine")
    before = listing(out)
    broken = Breaks(monkeypatch, method, at)
    with pytest.raises(ExportError, match="No space left"):
        export.export(answered(lake("tree"), text="Another answer."), out)
    assert broken.calls >= at
    assert listing(out) == before
    assert names(tmp_path) == {"out"}


def test_a_failure_while_drawing_touches_nothing(tmp_path, monkeypatch):
    def broken(*_, **__):
        raise ExportError("GDAL cannot write it.")

    monkeypatch.setattr(folder_module, "geotiff_bytes", broken)
    with pytest.raises(ExportError, match="GDAL"):
        export.export(answered(), tmp_path / "out")
    assert names(tmp_path) == set()


def test_an_interrupt_leaves_nothing_either(tmp_path, monkeypatch):
    def interrupted(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr(Path, "rename", interrupted)
    with pytest.raises(KeyboardInterrupt):
        export.export(answered(), tmp_path / "out")
    assert names(tmp_path) == set()
