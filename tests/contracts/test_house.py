"""Rules of the house that no linter knows."""

import ast
import dataclasses
import importlib
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "terrascope_sdk"
SOURCES = sorted(PACKAGE.rglob("*.py"))


def in_a_fresh_process(code: str) -> str:
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    return done.stdout.strip()


def test_importing_loads_nothing_heavy():
    heavy = ["torch", "transformers", "langgraph", "langchain_core", "rasterio", "odc", "ipywidgets", "numpy", "xarray"]
    code = f"import sys, terrascope_sdk; print([m for m in {heavy} if m in sys.modules])"
    assert in_a_fresh_process(code) == "[]"


def test_importing_is_quick():
    code = "import time; t = time.perf_counter(); import terrascope_sdk; print(time.perf_counter() - t)"
    assert min(float(in_a_fresh_process(code)) for _ in range(3)) < 0.3


def test_importing_reads_no_environment_opens_no_socket_and_touches_no_file():
    code = """
import importlib, sys
import terrascope_sdk.errors
seen = []
def hook(event, args):
    if event.startswith("socket.") or (event == "open" and not str(args[0]).endswith((".py", ".pyc"))):
        seen.append((event, str(args[0])))
for name in [n for n in sys.modules if n.startswith("terrascope_sdk")]:
    del sys.modules[name]
sys.addaudithook(hook)
import os
class Watch(dict):
    def __getitem__(self, key):
        seen.append(("environ", key)); return super().__getitem__(key)
os.environ._data = Watch(os.environ._data)
import terrascope_sdk
print(seen)
"""
    assert in_a_fresh_process(code) == "[]"


def test_every_public_name_exists_and_is_listed():
    import terrascope_sdk as ts

    for name in ts.__all__:
        assert getattr(ts, name) is not None
    assert set(ts.__all__) <= set(dir(ts))
    with pytest.raises(AttributeError, match="Did you mean 'ask'"):
        _ = ts.aks


def test_lazy_functions_do_not_share_a_submodules_name():
    import terrascope_sdk as ts

    submodules = {p.stem for p in PACKAGE.glob("*.py")} | {p.name for p in PACKAGE.iterdir() if p.is_dir()}
    functions = {n for n in ts.__all__ if callable(getattr(ts, n)) and not isinstance(getattr(ts, n), type)}
    assert not functions & submodules


@pytest.mark.parametrize("path", SOURCES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_one_concept_a_file(path):
    assert len(path.read_text().splitlines()) <= 300
    assert path.stem not in {"utils", "helpers", "common", "core", "manager", "misc"}


def dataclasses_with_fields():
    for path in sorted((PACKAGE / "types").glob("*.py")):
        for node in ast.parse(path.read_text()).body:
            if isinstance(node, ast.ClassDef) and any("dataclass" in ast.dump(d) for d in node.decorator_list):
                yield pytest.param(node, id=f"{path.stem}.{node.name}")


@pytest.mark.parametrize("node", list(dataclasses_with_fields()))
def test_every_field_of_a_value_is_documented(node):
    body = node.body
    for field, after in zip(body, [*body[1:], None], strict=True):
        if isinstance(field, ast.AnnAssign):
            documented = isinstance(after, ast.Expr) and isinstance(after.value, ast.Constant)
            assert documented, f"{node.name}.{ast.unparse(field.target)} has no docstring"


def test_values_are_frozen():
    types = importlib.import_module("terrascope_sdk.types")
    for name in types.__all__:
        value = getattr(types, name)
        if dataclasses.is_dataclass(value):
            assert value.__dataclass_params__.frozen, name


def test_no_package_code_prints_or_unpickles():
    for path in SOURCES:
        text = path.read_text()
        assert not re.search(r"\bpickle\b(?!d)|\beval\(|\bexec\(", text.replace("unpickled", "")), path
        if path.stem != "cli":
            assert not re.search(r"^\s*print\(", text, re.MULTILINE), path


def test_errors_are_also_the_builtin_that_fits():
    from terrascope_sdk import errors

    for name in errors.__all__:
        kind = getattr(errors, name)
        if issubclass(kind, errors.TerraScopeError) and kind is not errors.TerraScopeError:
            others = [
                b for b in kind.__mro__ if b.__module__ == "builtins" and b not in (Exception, BaseException, object)
            ]
            assert others, name
            assert "do this" in str(kind("what happened.", hint="do this"))
