"""Documents that are made from the code must be what the code makes now."""

import json
import re
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def test_the_page_of_places_is_up_to_date():
    done = subprocess.run(
        [sys.executable, "tools/make_places_page.py", "--check"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("tool", sorted((ROOT / "tools").glob("*.py")), ids=lambda p: p.name)
def test_every_tool_explains_itself(tool):
    done = subprocess.run([sys.executable, tool, "--help"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0
    assert "usage" in done.stdout.lower()


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


@pytest.mark.parametrize(
    "page",
    [
        "README.md",
        "docs/index.md",
        "docs/measuring.md",
        "docs/plans.md",
        "docs/agent.md",
        "docs/chain-queries.md",
        "docs/your-own-agent.md",
        "docs/mcp.md",
        "docs/teaching.md",
    ],
)
def test_the_code_on_a_page_runs(page, tmp_path, monkeypatch):
    import terrascope_sdk as ts
    from terrascope_sdk.testing import disc_mask, utm_grid

    blocks = re.findall(r"^( *)```python\n(.*?)^ *```", (ROOT / page).read_text(), re.MULTILINE | re.DOTALL)
    assert blocks
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TERRASCOPE_WORKSPACE", str(tmp_path / "workspace"))
    names = {"ts": ts, "water": disc_mask(utm_grid(), radius_m=300)}
    for _, block in blocks:
        exec(compile(textwrap.dedent(block), page, "exec"), names)  # our own pages


def test_the_page_of_the_released_network_tells_the_measured_speed():
    found = json.loads((ROOT / "tools/results/bench_released_cpu.json").read_text())
    page = " ".join((ROOT / "docs/released.md").read_text().split())
    assert (
        f"{found['plain_loop_s']:.1f} s, this package {found['chain_s']:.2f} s: {found['times_faster']:.1f} times"
        in page
    )
    assert all(f"{v:.0f} with" in page or f"{v:.0f} tokens" in page for v in found["batched_tokens_per_s"].values())
