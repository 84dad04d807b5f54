"""Servers that are started once and stopped at the end; where they are absent the tests say so, or fail in CI."""

import os

import pytest

from tests.servers import made, running
from tests.stac.range_server import RangeServer


@pytest.fixture(autouse=True)
def _own_workspace(tmp_path, monkeypatch):
    monkeypatch.setenv("TERRASCOPE_WORKSPACE", str(tmp_path / "workspace"))


@pytest.fixture(scope="session")
def pixels(tmp_path_factory):
    """A folder, and the server that shows its files with byte ranges."""
    folder = tmp_path_factory.mktemp("pixels")
    with RangeServer(folder) as server:
        yield folder, server


@pytest.fixture(scope="session")
def real_api(tmp_path_factory, pixels):
    """Address of stac-fastapi over pgstac and PostgreSQL, holding :func:`made.items` and two scenes with pixels."""
    lacks = running.missing()
    if lacks:
        tell = pytest.fail if os.environ.get("TERRASCOPE_REQUIRE_SERVERS") else pytest.skip
        tell(f"The real STAC API needs {' and '.join(lacks)}.")
    folder = tmp_path_factory.mktemp("stac-api")
    items = [*made.items(), *made.with_pixels(pixels[0], pixels[1].url)]
    with running.stac_api(folder, collections=made.collections(), items=items) as url:
        yield url


@pytest.fixture(scope="session")
def plain_api(tmp_path_factory):
    """Address of `rustac serve`, which takes no filter and says so, holding the same items."""
    with running.rustac_api(tmp_path_factory.mktemp("rustac"), items=made.items()) as url:
        yield url
