import pytest

from terrascope_sdk.errors import CatalogError
from terrascope_sdk.stac.store import Store
from terrascope_sdk.stac.transport.exchange import Ask
from terrascope_sdk.stac.transport.kept_answers import KEPT_S, KeepingFetcher
from tests.stac.range_server import RangeServer

pytestmark = pytest.mark.enable_socket


class Clock:
    def __init__(self):
        self.at = 1_000_000.0

    def __call__(self):
        return self.at


@pytest.fixture
def door(tmp_path):
    clock = Clock()
    with RangeServer(tmp_path) as server:
        server.answer("/search", '{"features": []}')
        yield server, KeepingFetcher(server.url, store=lambda: Store(tmp_path / "store"), now=clock), clock


def ask(server, body=b'{"limit": 1}', **headers):
    return Ask(f"{server.url}/search", method="POST", headers=headers, body=body)


def test_the_same_question_is_asked_once_while_it_is_fresh(door):
    server, fetcher, clock = door
    first = fetcher.exchange(ask(server))
    again = fetcher.exchange(ask(server))
    assert (again.status, again.body) == (first.status, first.body)
    assert again.headers["content-type"] == "application/json"
    assert len(server.requests) == 1
    clock.at += KEPT_S + 1
    fetcher.exchange(ask(server))
    assert len(server.requests) == 2
    clock.at -= 2 * KEPT_S  # a clock that was set back makes nothing fresh
    fetcher.exchange(ask(server))
    assert len(server.requests) == 3


def test_another_question_and_secrets_are_asked_anew(door):
    server, fetcher, _ = door
    fetcher.exchange(ask(server))
    fetcher.exchange(ask(server, b'{"limit": 2}'))
    assert len(server.requests) == 2
    for _ in range(2):
        fetcher.exchange(ask(server, Authorization="Bearer x"))
    assert len(server.requests) == 4


def test_failures_and_pieces_of_files_are_not_kept(door, tmp_path):
    server, fetcher, _ = door
    (tmp_path / "a.bin").write_bytes(bytes(100))
    for _ in range(2):
        assert fetcher.get_range(f"{server.url}/a.bin", 10, 20) == bytes(10)
    assert len(server.requests) == 2
    for _ in range(2):
        with pytest.raises(CatalogError):
            fetcher.get(f"{server.url}/nothing")
    assert len(server.requests) == 4
