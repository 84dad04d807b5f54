"""Files: vectors or pixels by name, provenance inside, the same bytes each time, whole or not at all."""

import json
import os
import re
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from xml.etree import ElementTree

import pytest
from matplotlib.figure import Figure
from PIL import Image

import terrascope_sdk
from terrascope_sdk import measure, plot
from terrascope_sdk.errors import ExportError, InputError
from terrascope_sdk.plot.saving import answer_id
from terrascope_sdk.types import Answer, Provenance, ReasoningChain, Step
from tests.plot.made import lake

MASK = lake(300.0)
ROOT = Path(__file__).parents[2]


def answer():
    scene = {"id": "S2A_1", "attribution": "contains modified Copernicus data", "collection": "s2", "when": "2020"}
    return Answer(
        "How large is the lake?", "answered", "It is.", measurements=(measure.area(MASK),),
        chains=(ReasoningChain("q", (Step("ground", "s", MASK),)),), provenance=Provenance(scenes=(scene,)),
    )  # fmt: skip


def record_of(path):
    if path.suffix == ".png":
        with Image.open(path) as image:
            return json.loads(image.text["Source"])
    if path.suffix == ".svg":
        root = ElementTree.parse(path).getroot()
        return json.loads(next(e.text for e in root.iter("{http://purl.org/dc/elements/1.1/}source")))
    raw = re.search(rb"/Keywords \((.*?[^\\])\)", path.read_bytes(), re.DOTALL).group(1)
    return json.loads(re.sub(rb"\\(.)", rb"\1", raw.replace(b"\\\n", b"")))


@pytest.mark.parametrize("kind", ["pdf", "svg", "png"])
def test_the_file_says_where_it_came_from(tmp_path, kind):
    given = answer()
    path = plot.save(plot.area_bars(given), tmp_path / f"figure.{kind}")
    record = record_of(path)
    assert record["answer"] == answer_id(given)
    assert record["version"] == f"terrascope-sdk {terrascope_sdk.__version__}"
    assert record["measurements"] == [given.measurements[0].id]
    assert record["masks"] == [MASK.id]
    assert record["scenes"] == ["S2A_1"]
    assert record["credit"] == "contains modified Copernicus data"


@pytest.mark.parametrize("kind", ["pdf", "svg", "png"])
def test_the_same_figure_gives_the_same_bytes_and_no_date(tmp_path, kind):
    one, other = (
        plot.save(plot.area_bars(answer()), tmp_path / f"{name}.{kind}").read_bytes() for name in ("one", "other")
    )
    assert one == other
    assert str(datetime.now(UTC).year).encode() not in re.sub(rb"2020", b"", one) or kind == "png"


def test_the_bytes_do_not_depend_on_the_process(tmp_path):
    code = (
        "import sys; from tests.plot.made import lake; from terrascope_sdk import plot\n"
        "for k in ('pdf', 'svg', 'png'): plot.save(plot.contact_sheet([lake(300.0)] * 2), f'{sys.argv[1]}.{k}')"
    )
    seed = "1" if os.environ.get("PYTHONHASHSEED") != "1" else "2"
    env = os.environ | {"PYTHONHASHSEED": seed}
    subprocess.run([sys.executable, "-c", code, tmp_path / "there"], check=True, env=env, cwd=ROOT)
    for kind in ("pdf", "svg", "png"):
        here = plot.save(plot.contact_sheet([lake(300.0)] * 2), tmp_path / f"here.{kind}").read_bytes()
        assert here == (tmp_path / f"there.{kind}").read_bytes(), kind


def test_the_id_of_an_answer_depends_on_what_it_says_not_on_when_it_was_made():
    given = answer()
    assert answer_id(given) == answer_id(replace(given, created=datetime(2000, 1, 1, tzinfo=UTC)))
    assert answer_id(given) != answer_id(replace(given, text="It is not."))


def test_print_formats_are_vectors_of_the_width_asked_for(tmp_path):
    figure = plot.area_bars(answer(), width=120)
    pdf = plot.save(figure, tmp_path / "figure.pdf").read_bytes()
    box = [float(v) for v in re.search(rb"/MediaBox \[(.*?)\]", pdf).group(1).split()]
    assert box[2] / 72 * 25.4 == pytest.approx(120, abs=0.1)
    assert b"/Type3" not in pdf
    svg = ElementTree.parse(plot.save(figure, tmp_path / "figure.svg")).getroot()
    assert float(svg.get("width").removesuffix("pt")) / 72 * 25.4 == pytest.approx(120, abs=0.1)
    with Image.open(plot.save(figure, tmp_path / "figure.png", dpi=600)) as image:
        assert image.width == pytest.approx(120 / 25.4 * 600, abs=1)


def test_an_svg_has_its_alternative_text_where_readers_look_and_no_markup_from_outside(tmp_path):
    evil = replace(lake(300.0), label="<script>alert('x')</script>")
    figure = plot.contact_sheet([evil])
    path = plot.save(figure, tmp_path / "figure.svg")
    root = ElementTree.parse(path).getroot()
    spaces = {"svg": "http://www.w3.org/2000/svg"}
    assert root.find("svg:title", spaces).text == figure.title
    assert root.find("svg:desc", spaces).text == plot.describe(figure)
    assert b"<script" not in path.read_bytes()


def test_a_file_is_replaced_and_nothing_else_is_left(tmp_path):
    path = tmp_path / "figure.png"
    path.write_bytes(b"old")
    assert plot.save(plot.area_bars(answer()), str(path)) == path
    assert [p.name for p in tmp_path.iterdir()] == ["figure.png"]
    assert path.read_bytes().startswith(b"\x89PNG")


def test_what_cannot_be_written_is_a_typed_error(tmp_path):
    figure = plot.area_bars(answer())
    with pytest.raises(ExportError, match="cannot be written"):
        plot.save(figure, tmp_path / "missing" / "figure.pdf")
    with pytest.raises(InputError, match=r"figure\.jpg"):
        plot.save(figure, tmp_path / "figure.jpg")
    with pytest.raises(InputError, match="dpi lies in"):
        plot.save(figure, tmp_path / "figure.png", dpi=5)
    with pytest.raises(InputError, match="not a Figure"):
        plot.save(Figure(), tmp_path / "figure.png")
    assert not list(tmp_path.iterdir())
