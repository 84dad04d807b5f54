import json
import re
from dataclasses import replace

import pytest

from terrascope_sdk import export
from terrascope_sdk.errors import ExportError, InputError, ParseError, RasterError
from terrascope_sdk.types import Answer
from tests.export.answers import EVIL, answered, every_status, lake


@pytest.mark.parametrize("status", ["answered", "needs_input", "cannot_answer", "failed"])
def test_answers_of_every_status_come_back(status, tmp_path):
    answer = every_status()[status]
    export.export(answer, tmp_path / "out")
    back = export.read_answer(tmp_path / "out")
    assert back == replace(answer, pictures=())
    assert back.masks == answer.masks


@pytest.mark.parametrize("status", ["answered", "needs_input", "cannot_answer", "failed"])
def test_a_report_loads_nothing(status, tmp_path):
    shown = export.report(every_status()[status], tmp_path / "r.html").read_text()
    for source in re.findall(r"""(?:src|href|action|data|poster)\s*=\s*["']([^"']*)""", shown):
        assert source.startswith("data:image/png;base64,")
    for address in re.findall(r"url\(([^)]*)\)", shown):
        assert address.startswith("data:image/png;base64,")
    for word in ("<script", "<link", "<iframe", "@import", "javascript:", "<object", "<base"):
        assert word not in shown
    assert "Content-Security-Policy" in shown


def test_a_report_embeds_each_picture_once(tmp_path):
    answer = answered()
    shown = export.report(answer, tmp_path / "r.html").read_text()
    assert shown.count("background-image:url(") == len(answer.pictures) == 2
    assert shown.count("<img") == len(answer.masks) == 1


def test_hostile_text_stays_text_in_the_report(tmp_path):
    answer = answered(lake(EVIL), text=EVIL)
    answer = replace(answer, question=EVIL, warnings=(EVIL,), plan={EVIL: EVIL})
    shown = export.report(answer, tmp_path / "r.html").read_text()
    assert "<script" not in shown
    assert "<img src=https" not in shown
    assert shown.count("&lt;script&gt;") > 8


def test_the_same_answer_gives_the_same_bytes(tmp_path):
    for name in ("a", "b"):
        export.export(answered(), tmp_path / name)
    for path in (tmp_path / "a").iterdir():
        assert path.read_bytes() == (tmp_path / "b" / path.name).read_bytes()


def test_single_documents(tmp_path):
    answer = answered()
    document = json.loads(export.answer_json(answer, tmp_path / "a.json").read_text())
    assert document == answer.to_json()
    assert Answer.from_json(document).measurements == answer.measurements


def test_values_without_json_form_are_refused(tmp_path):
    with pytest.raises(ExportError, match="no JSON form"):
        export.answer_json(replace(answered(), plan={"x": float("nan")}), tmp_path / "a.json")
    assert list(tmp_path.iterdir()) == []


def test_a_changed_mask_is_noticed(tmp_path):
    written = export.export(answered(), tmp_path / "out")
    name = "mask_water_2020-06-01_optical.tif"
    export.geotiff(lake(radius_m=140.0), written[name])
    with pytest.raises(ParseError, match="was changed since it was written"):
        export.read_answer(tmp_path / "out")
    written[name].unlink()
    with pytest.raises(RasterError, match="cannot be read"):
        export.read_answer(tmp_path / "out")


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", "{}", '{"schema": "terrascope-answer/1", "chain": 3}', '{"schema": "terrascope-answer/1"}',
     '{"schema": "other/9", "chain": []}', "[" * 100_000],
)  # fmt: skip
def test_damaged_documents_are_named(text, tmp_path):
    (tmp_path / "answer.json").write_text(text)
    with pytest.raises(ParseError):
        export.read_answer(tmp_path)


def test_a_missing_document_is_named(tmp_path):
    with pytest.raises(InputError, match=r"There is no .*answer\.json"):
        export.read_answer(tmp_path / "nowhere")
