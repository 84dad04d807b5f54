"""The page of plots runs, its pictures exist, and their alternative texts are what the figures say of themselves."""

import importlib.util
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture
def tool():
    spec = importlib.util.spec_from_file_location("make_plot_figures", ROOT / "tools" / "make_plot_figures.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_page_says_what_its_figures_show(tool, tmp_path, monkeypatch):
    monkeypatch.setenv("TERRASCOPE_WORKSPACE", str(tmp_path / "workspace"))
    page = tool.PAGE.read_text(encoding="utf-8")
    tool.run(page, tmp_path)
    assert tool.described(page, tmp_path) == page, "run python tools/make_plot_figures.py"
    pictures = tool.PICTURE.findall(page)
    assert len(pictures) == len(set(pictures)) == 5
    assert all((tool.IMAGES / picture).exists() for picture in pictures)


def test_every_public_function_is_on_the_page():
    from terrascope_sdk import plot

    page = (ROOT / "docs" / "plots.md").read_text(encoding="utf-8")
    for name in plot.__all__:
        assert f"ts.plot.{name}(" in page
