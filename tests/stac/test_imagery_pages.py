"""The pages on imagery print what they say, and their figures are those of the benchmark's record."""

import contextlib
import io
import json
import re
from pathlib import Path

import pytest

from terrascope_sdk.stac import load, replay, search

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "docs" / name for name in ("choosing-scenes.md", "imagery.md")]


def runs(text):
    """Return what every block of code says it prints, and what it prints."""
    names = {}
    for code, said in re.findall(r"```python\n(.*?)```\n\n```text\n(.*?)```", text, re.DOTALL):
        out = io.StringIO()
        with contextlib.redirect_stdout(out):
            exec(compile(code, "page", "exec"), names)  # our own page
        yield said, out.getvalue()


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.name)
def test_the_page_prints_what_it_says(page):
    text = page.read_text()
    done = list(runs(text))
    assert len(done) == text.count("```python")
    for said, printed in done:
        assert printed == said


def test_the_speeds_are_those_of_the_record():
    text = PAGES[1].read_text()
    record = json.loads((ROOT / "tools" / "results" / "bench_stac.json").read_text())
    shown = [float(v) for v in re.findall(r"^\| [^|]+ \| ([0-9.]+) \|", text, re.MULTILINE)]
    disk, http = record["disk"], record["http"]
    assert shown == [
        disk["ts_over_odc"], disk["cached_over_odc"], http["ts_over_odc"], http["cached_over_odc"],
        disk["ts_over_odc_two_threads"], record["planning"]["seconds"], record["memory"]["peak_over_result"],
    ]  # fmt: skip
    assert disk["ts_over_odc"] <= 1.10
    assert http["ts_over_odc"] <= 1.10
    assert disk["cached_over_odc"] <= 0.1
    assert record["planning"]["seconds"] < 1
    assert record["memory"]["peak_over_result"] <= 1.5


def test_the_recording_of_the_tutorial_gives_the_pixels_of_the_package():
    bundled = load(search("slovenia", time="2015-07/2015-09", sensor="optical"), aoi="slovenia").optical
    with replay(ROOT / "notebooks" / "recordings" / "slovenia"):
        found = search(
            "slovenia", catalog="http://localhost:8765/catalog.json", time="2015-07/2015-09", sensor="optical"
        )
        recorded = load(found, aoi="slovenia").optical
    assert recorded.pixels.tobytes() == bundled.pixels.tobytes()
    assert recorded.acquired == bundled.acquired
