"""Every test has a store of its own: nothing that another one loaded or asked is found there."""

import pytest


@pytest.fixture(autouse=True)
def _own_workspace(tmp_path, monkeypatch):
    monkeypatch.setenv("TERRASCOPE_WORKSPACE", str(tmp_path / "workspace"))
