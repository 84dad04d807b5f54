"""The one door for bytes, against a real server: retries, deadlines, redirects, limits, ranges, searches."""

import logging
import random
import socket
import threading
import time
import traceback

import pytest

from terrascope_sdk.errors import CatalogError, InputError, RasterError, TooLarge, UnsafeLink
from terrascope_sdk.stac.transport.breaker import Breaker
from terrascope_sdk.stac.transport.fetch import Fetcher, Timing, find_error
from tests.stac.range_server import RangeServer
from tests.stac.remote_rasters import at_once

pytestmark = pytest.mark.enable_socket

BODY = random.Random(1).randbytes(50_000)


@pytest.fixture
def server(tmp_path):
    (tmp_path / "a.bin").write_bytes(BODY)
    with RangeServer(tmp_path) as running:
        running.answer("/a.json", '{"a": 1}')
        yield running


@pytest.fixture
def fetcher(server):
    made = Fetcher(server.url, timeout_s=(1.0, 0.3), total_s=2.0, attempts=3, timing=at_once())
    yield made
    made.close()


def statuses(server):
    return [seen.status for seen in server.requests]


# -------------------------------------------------------------------------------------------------------- retries


@pytest.mark.parametrize("kind", ["408", "429", "500", "502", "503", "504", "reset", "drop", "hang"])
def test_failures_that_may_pass_are_tried_again(server, fetcher, kind):
    server.fail("/a.bin", kind, 2)
    assert fetcher.get(f"{server.url}/a.bin") == BODY
    assert len(server.requests) == 3


@pytest.mark.parametrize("kind", ["500", "reset", "drop"])
def test_attempts_end(server, fetcher, kind):
    server.fail("/a.bin", kind, 99)
    with pytest.raises(CatalogError, match="asked 3 times") as caught:
        fetcher.get(f"{server.url}/a.bin")
    assert caught.value.hint
    assert len(server.requests) == 3


@pytest.mark.parametrize(("status", "words"), [("404", "old"), ("403", "credentials"), ("401", "credentials")])
def test_refusals_are_final_and_say_what_to_do(server, fetcher, status, words):
    server.fail("/a.bin", status, 9)
    with pytest.raises(CatalogError, match=words):
        fetcher.get(f"{server.url}/a.bin")
    assert len(server.requests) == 1


def test_the_wait_that_a_server_asks_for_is_kept(server):
    waits = []
    fetcher = Fetcher(server.url, total_s=60, timing=Timing(sleep=waits.append, draw=lambda: 0.0))
    server.fail("/a.bin", "429", 1, retry_after="7")
    server.fail("/a.bin", "503", 1)
    assert fetcher.get(f"{server.url}/a.bin") == BODY
    assert waits == [7.0]  # and none after the 503, whose random share is 0


def test_a_wait_longer_than_the_time_left_is_told_at_once(server, fetcher):
    server.fail("/a.bin", "429", 1, retry_after="3600")
    with pytest.raises(CatalogError, match="asks to wait 3600 s"):
        fetcher.get(f"{server.url}/a.bin")
    assert statuses(server) == [429]


def test_a_host_that_keeps_failing_is_left_alone(server, fetcher):
    fetcher.breaker = Breaker(failures=4, pause_s=60)
    server.fail("/a.bin", "500", 99)
    for _ in range(3):
        with pytest.raises(CatalogError):
            fetcher.get(f"{server.url}/a.bin")
    assert len(server.requests) == 4
    with pytest.raises(CatalogError, match="left alone"):
        fetcher.get(f"{server.url}/a.json")


# ------------------------------------------------------------------------------------------------------ deadlines


@pytest.mark.parametrize("kind", ["drip", "hang"])
def test_no_request_outlasts_its_time(server, kind):
    fetcher = Fetcher(server.url, timeout_s=(1.0, 5.0), total_s=0.5, attempts=9, timing=at_once())
    server.fail("/a.bin", kind, 99)
    started = time.monotonic()
    with pytest.raises(CatalogError, match=r"0\.5 s"):
        fetcher.get(f"{server.url}/a.bin")
    assert time.monotonic() - started < 0.9


def test_headers_that_drip_outlast_nothing_either():
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()

        def drip():
            connection, _ = listening.accept()
            with connection:
                for byte in b"HTTP/1.1 200 OK\r\nX-Long: " + b"x" * 200:
                    try:
                        connection.send(bytes([byte]))
                    except OSError:
                        return
                    time.sleep(0.02)

        thread = threading.Thread(target=drip)
        thread.start()
        fetcher = Fetcher(f"http://127.0.0.1:{listening.getsockname()[1]}", timeout_s=(1, 5), total_s=0.4, attempts=1)
        started = time.monotonic()
        with pytest.raises(CatalogError):
            fetcher.get(f"{fetcher.catalog_url}/a")
        assert time.monotonic() - started < 0.8
        thread.join()


def test_a_name_server_that_hangs_outlasts_nothing_either(monkeypatch):
    monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **kwargs: time.sleep(1.0) or [])
    started = time.monotonic()
    with pytest.raises(CatalogError):
        Fetcher(total_s=0.2, attempts=1).get("http://example.org/a")
    assert time.monotonic() - started < 0.6


def test_a_cancelled_request_stops_between_pieces(server):
    stop = threading.Event()
    fetcher = Fetcher(server.url, total_s=20, cancelled=stop.is_set)
    server.fail("/a.bin", "drip", 1)
    threading.Timer(0.2, stop.set).start()
    started = time.monotonic()
    with pytest.raises(CatalogError, match="cancelled"):
        fetcher.get(f"{server.url}/a.bin")
    assert time.monotonic() - started < 2
    assert fetcher.breaker.wait_s("127.0.0.1") == 0


def test_an_interrupt_goes_through_untouched(server):
    def interrupt(seconds):
        raise KeyboardInterrupt

    server.fail("/a.bin", "500", 1)
    with pytest.raises(KeyboardInterrupt):
        Fetcher(server.url, timing=Timing(sleep=interrupt)).get(f"{server.url}/a.bin")


# ------------------------------------------------------------------------------------------ redirects and addresses


def test_redirects_are_followed(server, fetcher):
    server.fail("/old", "redirect", 1, location="/a.bin")
    assert fetcher.get(f"{server.url}/old") == BODY


def test_a_loop_ends(server, fetcher):
    server.fail("/a.bin", "loop", 99)
    with pytest.raises(CatalogError, match="more than 5 times"):
        fetcher.get(f"{server.url}/a.bin")
    assert len(server.requests) == 6


@pytest.mark.parametrize(
    "target",
    ["http://10.0.0.1/a", "http://[::1]/a", "http://2852039166/", "file:///etc/passwd", "/vsimem/a", "ftp://a/b"],
)
def test_redirects_to_private_addresses_and_other_schemes_are_refused(server, fetcher, target):
    server.fail("/a.bin", "redirect", 1, location=target if target != "/vsimem/a" else "gopher://example.org/")
    with pytest.raises(UnsafeLink):
        fetcher.get(f"{server.url}/a.bin")
    assert len(server.requests) == 1


def test_loopback_is_refused_unless_the_catalogue_is_there(server):
    for catalog in (None, "https://1.1.1.1/stac", "http://10.9.8.7/stac"):
        with pytest.raises(UnsafeLink, match="no public address"):
            Fetcher(catalog, timing=at_once()).get(f"{server.url}/a.bin")
    assert server.requests == []


def test_the_address_that_was_checked_is_the_one_connected_to(server):
    """A name that changes its address between check and use would pass a check made before connecting."""
    answers = iter([["1.1.1.1"], ["127.0.0.1"], ["127.0.0.1"]])
    fetcher = Fetcher("http://rebinds.example", timing=Timing(sleep=lambda s: None, resolve=lambda h, p: next(answers)))
    with pytest.raises(UnsafeLink, match=r"127\.0\.0\.1"):
        fetcher.get(server.url.replace("127.0.0.1", "rebinds.example") + "/a.bin")
    assert server.requests == []


def test_secrets_go_to_their_host_alone(server, tmp_path):
    with RangeServer(tmp_path) as other:
        elsewhere = other.url.replace("127.0.0.1", "other.example")
        here = server.url.replace("127.0.0.1", "catalog.example")
        timing = Timing(sleep=lambda s: None, resolve=lambda host, port: ["127.0.0.1"])
        fetcher = Fetcher(here, headers={"catalog.example": {"X-Api-Key": "secret1"}}, timing=timing)
        server.fail("/a.bin", "redirect", 1, location=f"{elsewhere}/a.bin")
        assert fetcher.get(f"{here}/a.bin", headers={"Authorization": "secret2", "Accept": "image/tiff"}) == BODY
        first, second = server.requests[0].headers, other.requests[0].headers
        assert (first["x-api-key"], first["authorization"]) == ("secret1", "secret2")
        assert "secret" not in str(second)
        assert second["accept"] == "image/tiff"


def test_passwords_of_a_netrc_file_are_not_sent(server, fetcher, tmp_path, monkeypatch):
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login me password secret\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    fetcher.get(f"{server.url}/a.json")
    fetcher.session().get(f"{server.url}/a.json")
    assert all("authorization" not in seen.headers for seen in server.requests)


def test_proxies_do_not_reach_private_addresses(server, monkeypatch):
    monkeypatch.setenv("http_proxy", server.url)
    monkeypatch.delenv("no_proxy", raising=False)
    server.answer("/a.bin", "by proxy")
    timing = Timing(
        sleep=lambda s: None, resolve=lambda h, p: {"one.example": ["1.1.1.1"], "nas": ["10.0.0.1"]}.get(h, [])
    )
    fetcher = Fetcher(attempts=1, timing=timing)
    for private in ("http://10.0.0.1/a.bin", "http://nas/a.bin"):
        with pytest.raises(UnsafeLink):
            fetcher.get(private)
    assert server.requests == []


# --------------------------------------------------------------------------------------------------------- limits


def test_large_documents_are_stopped_before_and_while_they_arrive(server, fetcher):
    with pytest.raises(TooLarge, match="50,000 bytes"):
        fetcher.get(f"{server.url}/a.bin", limit_bytes=10_000)
    server.fail("/a.json", "bomb", 1)
    with pytest.raises(TooLarge, match="1,000,000 bytes are allowed"):
        fetcher.get(f"{server.url}/a.json", limit_bytes=1_000_000)


# --------------------------------------------------------------------------------------------------------- ranges


def test_ranges_are_cut_exactly(server, fetcher):
    url = f"{server.url}/a.bin"
    assert fetcher.get_range(url, 10, 20) == BODY[10:20]
    assert fetcher.get_range(url, 49_990, 60_000) == BODY[49_990:]
    assert fetcher.size(url) == 50_000
    assert all(seen.headers["accept-encoding"] == "identity" for seen in server.requests)
    with pytest.raises(InputError):
        fetcher.get_range(url, 20, 20)


@pytest.mark.parametrize("kind", ["short", "wrong-range", "lying-range", "drop"])
def test_wrong_ranges_are_asked_for_again_and_never_returned(server, fetcher, kind):
    server.fail("/a.bin", kind, 1)
    assert fetcher.get_range(f"{server.url}/a.bin", 100, 300) == BODY[100:300]
    server.fail("/a.bin", kind, 99)
    with pytest.raises(CatalogError):
        fetcher.get_range(f"{server.url}/a.bin", 100, 300)


def test_a_server_without_ranges_is_sliced_when_small_and_refused_when_large(server, fetcher, monkeypatch):
    server.fail("/a.bin", "no-range", 99)
    assert fetcher.get_range(f"{server.url}/a.bin", 100, 300) == BODY[100:300]
    monkeypatch.setattr("terrascope_sdk.stac.transport.fetch._MOST_SLICED_BYTES", 20_000)
    with pytest.raises(TooLarge, match="ignores ranges"):
        fetcher.get_range(f"{server.url}/a.bin", 100, 300)


def test_a_file_that_changes_is_noticed_and_can_be_read_anew(server, fetcher):
    url = f"{server.url}/a.bin"
    fetcher.get_range(url, 0, 10)
    server.fail("/a.bin", "changed", 99)
    with pytest.raises(RasterError, match="changed on its server"):
        fetcher.get_range(url, 10, 20)
    fetcher.forget(url)
    assert fetcher.get_range(url, 10, 20) == BODY[10:20]


def test_a_range_behind_the_end_says_that_the_file_was_cut_short(server, fetcher):
    with pytest.raises(RasterError, match="ends before byte 60000"):
        fetcher.get_range(f"{server.url}/a.bin", 60_000, 60_001)


# -------------------------------------------------------------------------------------------------------- secrets


def test_nothing_signed_is_shown_or_logged(server, fetcher, caplog):
    caplog.set_level(logging.DEBUG)
    url = f"{server.url}/a.bin?sig=secret&se=1"
    fetcher.get_range(url, 0, 10)
    server.fail("/a.bin", "reset", 9)
    with pytest.raises(CatalogError) as caught:
        fetcher.get_range(url, 0, 10)
    assert caught.value.__context__ is None
    assert caplog.records
    assert "secret" not in "".join([caplog.text, repr(fetcher), *traceback.format_exception(caught.value)])


# ------------------------------------------------------------------------------------------- pystac-client's session


def test_searches_go_through_the_same_door(server, fetcher):
    from pystac_client.exceptions import APIError
    from pystac_client.stac_api_io import StacApiIO

    io = StacApiIO(max_retries=None)
    io.session = fetcher.session()
    server.answer("/search", '{"features": []}')
    server.fail("/search", "503", 1)
    assert io.request(f"{server.url}/search", "POST", parameters={"limit": 1}) == '{"features": []}'
    assert server.requests[-1].body == b'{"limit": 1}'
    assert statuses(server) == [503, 200]
    with pytest.raises(APIError) as caught:
        io.request("http://10.0.0.1/search")
    assert isinstance(find_error(caught.value), UnsafeLink)
    server.fail("/search", "404", 1)
    with pytest.raises(APIError):
        io.request(f"{server.url}/search")


def test_threads_share_a_fetcher(server, fetcher):
    errors = []

    def read(start):
        try:
            for step in range(20):
                at = start + step * 100
                assert fetcher.get_range(f"{server.url}/a.bin", at, at + 50) == BODY[at : at + 50]
        except BaseException as err:  # noqa: BLE001 - shown in the main thread
            errors.append(err)

    threads = [threading.Thread(target=read, args=(n * 3000,)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []


def test_timeouts_that_allow_nothing_are_refused():
    for wrong in ({"total_s": 0}, {"attempts": 0}, {"timeout_s": (0, 1)}):
        with pytest.raises(InputError):
            Fetcher(**wrong)
