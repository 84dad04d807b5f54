"""Documents that are made from the code must be what the code makes now."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def test_the_page_of_places_is_up_to_date():
    done = subprocess.run(
        [sys.executable, "tools/make_places_page.py", "--check"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout


def test_every_tool_explains_itself():
    for tool in sorted((ROOT / "tools").glob("*.py")):
        done = subprocess.run([sys.executable, tool, "--help"], cwd=ROOT, capture_output=True, text=True, check=False)
        assert done.returncode == 0, tool
        assert "usage" in done.stdout.lower(), tool


def test_the_readme_names_every_room():
    readme = (ROOT / "README.md").read_text()
    for room in sorted((ROOT / "terrascope_sdk").iterdir()):
        if room.name.startswith("__") or room.suffix not in {"", ".py"}:
            continue
        assert room.name in readme, f"{room.name} is not in the README's tree"


@pytest.mark.parametrize("page", sorted((ROOT / "docs").rglob("*.md")), ids=lambda p: p.name)
def test_links_between_pages_lead_somewhere(page):
    for target in re.findall(r"\]\((?!https?:|#)([^)#]+)", page.read_text()):
        assert (page.parent / target).exists(), target


def test_every_pinned_package_is_the_one_installed():
    import importlib.metadata

    for line in (ROOT / "constraints.txt").read_text().splitlines():
        if "==" in line:
            name, version = line.split("==")
            installed = importlib.metadata.version(name)
            assert installed.split("+")[0] == version, name


def test_torchvision_stays_out():
    import importlib.util

    assert importlib.util.find_spec("torchvision") is None
