"""Imports point down only, siblings never import each other, heavy packages stay in their rooms."""

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[2] / "terrascope_sdk"

LAYERS = [  # ground first; rooms in one row are siblings
    {"errors", "config"},
    {"render"},
    {"types"},
    {"stac", "model", "measure", "export", "plot"},
    {"engine", "worlds"},
    {"plan", "train", "serve"},
    {"evaluate"},
    {"agent", "mcp"},
    {"notebook"},
    {
        "__init__",
        "_ask",
        "_cli_bench",
        "_cli_mcp",
        "_cli_plan",
        "_cli_serve",
        "_cli_train",
        "_doctor",
        "cli",
        "testing",
    },
]
LEVEL = {room: level for level, rooms in enumerate(LAYERS) for room in rooms}

ROOMS_OF = {  # third-party package -> the rooms that may import it
    "torch": {"model", "worlds", "train", "engine", "serve", "evaluate"},
    "transformers": {"model", "train", "engine", "serve"},
    "langgraph": {"agent"},
    "langchain_core": {"agent"},
    "langchain": {"agent"},
    "mcp": {"mcp"},
    "mcp_types": {"mcp"},
    "pystac_client": {"stac"},
    "pystac": {"stac"},
    "requests": {"stac"},
    "urllib3": {"stac"},
    "planetary_computer": {"stac"},
    "dask": {"stac"},
    "odc": {"stac"},
    "rasterio": {"stac", "export", "types.outlines"},
    "rustac": {"stac"},
    "cql2": {"stac"},
    "ipywidgets": {"notebook"},
    "ipyleaflet": {"notebook"},
    "anywidget": {"notebook"},
    "matplotlib": {"plot"},
    "pyarrow": {"train"},
    "peft": {"train"},
    "torchao": {"model"},
    "typer": {"cli", "_cli_bench", "_cli_mcp", "_cli_plan", "_cli_serve", "_cli_train"},
    "starlette": {"serve", "mcp"},
    "uvicorn": {"serve", "mcp"},
    "anyio": {"serve", "mcp"},
    "httpx": {"serve"},
    "huggingface_hub": {"model"},
    "rich": {"cli"},
}


def modules():
    for path in sorted(PACKAGE.rglob("*.py")):
        parts = path.relative_to(PACKAGE).with_suffix("").parts
        yield path, parts


def imported(path):
    """Names imported at run time anywhere in a module; what only type checkers see does not count."""
    tree = ast.parse(path.read_text())
    typing_only = {
        id(node)
        for block in ast.walk(tree)
        if isinstance(block, ast.If) and "TYPE_CHECKING" in ast.dump(block.test)
        for child in block.body
        for node in ast.walk(child)
    }
    for node in ast.walk(tree):
        if id(node) in typing_only:
            continue
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


@pytest.mark.parametrize(("path", "parts"), list(modules()), ids=lambda v: "/".join(v) if isinstance(v, tuple) else "")
def test_imports_point_down(path, parts):
    room = parts[0]
    assert room in LEVEL, f"{room} has no place in the layers"
    for name in imported(path):
        top, _, rest = name.partition(".")
        if top == "terrascope_sdk":
            other = rest.split(".")[0]
            if other in LEVEL and other != room:
                assert LEVEL[other] < LEVEL[room] or LEVEL[room] == len(LAYERS) - 1, f"{path} imports {name}"
        elif top in ROOMS_OF:
            allowed = ROOMS_OF[top]
            assert room in allowed or ".".join(parts) in allowed, f"{path} imports {name}"


def test_the_rule_itself_can_fail(tmp_path):
    bad = tmp_path / "bad.py"
    bad.write_text("def f():\n    from terrascope_sdk.agent import x\n")
    assert list(imported(bad)) == ["terrascope_sdk.agent.x"]
