"""A reasoner over HTTP: a real server on the loopback, the same answers, typed errors, tokens, limits."""

import json
import socket
import threading
import time
from datetime import UTC, datetime

import httpx
import numpy as np
import pytest
import uvicorn
from affine import Affine

from terrascope_sdk.engine.indices import IndexReasoner
from terrascope_sdk.errors import InputError, NotVisible, ServiceError
from terrascope_sdk.serve.client import RemoteReasoner
from terrascope_sdk.serve.server import ReasonerService
from terrascope_sdk.types.chain import ReasoningChain, Step
from terrascope_sdk.types.grid import PixelGrid
from terrascope_sdk.types.protocols import GroundRequest, Reasoner
from terrascope_sdk.types.series import ImageSeries
from terrascope_sdk.types.stack import ImageStack

pytestmark = pytest.mark.enable_socket

TOKEN = "a-token-that-is-long-enough"
WATER = GroundRequest("water", "optical")


def pond(level=0.02):
    grid = PixelGrid("EPSG:32632", Affine(10, 0, 600_000, 0, -10, 5_000_000), 40, 40)
    pixels = np.full((1, 4, 40, 40), 0.3, np.float32)
    pixels[:, :, 10:30, 10:30] = [[[level + 0.04]], [[level + 0.05]], [[level + 0.02]], [[level]]]
    series = ImageSeries(
        "optical", pixels, np.ones((1, 40, 40), bool), ("blue", "green", "red", "nir"),
        (datetime(2022, 7, 1, tzinfo=UTC),), "surface_reflectance", grid,
    )  # fmt: skip
    return ImageStack(grid, series)


class Slow(IndexReasoner):
    """Says a step, then fails in a way that is its own fault, or takes its time."""

    def reason(self, stack, question):
        if question == "burst":
            raise KeyError("secret detail")
        if question == "blind":
            raise NotVisible("Nothing to see.", hint="Look elsewhere.")
        return ReasoningChain(question, (Step("answer", "yes"),), claim="yes", reasoner=self.name, stack_id=stack.id)


@pytest.fixture(scope="module")
def address():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    service = ReasonerService(Slow(), token=TOKEN, max_bytes=2_000_000, max_stacks=2)
    server = uvicorn.Server(uvicorn.Config(service.app(), port=port, log_level="error"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    for _ in range(200):
        if server.started:
            break
        time.sleep(0.05)
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join(5)


@pytest.fixture
def remote(address):
    return RemoteReasoner(address, token=TOKEN)


def test_a_remote_reasoner_answers_as_the_local_one(remote):
    stack, local = pond(), Slow()
    assert isinstance(remote, Reasoner)
    assert remote.name == local.name
    assert remote.unseen(stack, WATER) is None
    assert remote.unseen(stack, GroundRequest("water", "sar")) == local.unseen(stack, GroundRequest("water", "sar"))
    assert list(remote.ground(stack, WATER)) == list(local.ground(stack, WATER))
    assert remote.reason(stack, "Is there water?") == local.reason(stack, "Is there water?")


def test_a_stack_travels_once(address, monkeypatch):
    remote, sent = RemoteReasoner(address, token=TOKEN), []
    real = RemoteReasoner._send
    monkeypatch.setattr(RemoteReasoner, "_send", lambda self, s: sent.append(s.id) or real(self, s))
    stack = pond(0.011)
    for _ in range(3):
        list(remote.ground(stack, WATER))
    assert sent == [stack.id]
    for level in (0.012, 0.013):  # the server keeps two
        list(remote.ground(pond(level), WATER))
    list(remote.ground(stack, WATER))
    assert sent.count(stack.id) == 2


def test_errors_come_back_as_what_they_are(remote):
    stack = pond()
    with pytest.raises(InputError, match="date 7"):
        remote.unseen(stack, GroundRequest("water", "optical", 7))
    with pytest.raises(NotVisible, match=r"Nothing to see\. Look elsewhere"):
        remote.reason(stack, "blind")
    with pytest.raises(NotVisible):
        list(remote.ground(stack, GroundRequest("water", "sar")))


def test_a_failure_of_the_server_tells_nothing_of_its_inside(remote):
    with pytest.raises(ServiceError, match="The server failed") as caught:
        remote.reason(pond(), "burst")
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize("token", ["wrong", TOKEN + "x"])
def test_without_the_token_nothing_is_answered(address, token):
    with pytest.raises(InputError, match="token is missing or wrong"):
        _ = RemoteReasoner(address, token=token).name


@pytest.mark.parametrize("body", [b"{", b"[]", b'{"stack": 3}', b'{"grid": 1, "optical": null, "sar": null}'])
@pytest.mark.parametrize("path", ["stacks", "unseen", "ground", "reason"])
def test_unreadable_requests_are_refused(address, path, body):
    answer = httpx.post(f"{address}/v1/{path}", content=body, headers={"Authorization": f"Bearer {TOKEN}"})
    assert answer.status_code in (400, 404)
    assert answer.json()["error"]["type"] in ("InputError", "ParseError", "UnknownStack")


def test_a_body_that_is_too_large_is_refused(address):
    answer = httpx.post(f"{address}/v1/stacks", content=b"x" * 2_000_001, headers={"Authorization": f"Bearer {TOKEN}"})
    assert answer.status_code == 413


def test_nobody_there_and_no_address():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    gone = RemoteReasoner(f"http://127.0.0.1:{port}", token=TOKEN)
    with pytest.raises(ServiceError, match="did not answer"):
        _ = gone.name
    with pytest.raises(ServiceError, match="broke off"):
        list(gone.ground(pond(), WATER))
    for url in ("ftp://host", "file:///etc/passwd", "host:80", ""):
        with pytest.raises(InputError, match="no http"):
            RemoteReasoner(url, token=TOKEN)
    with pytest.raises(InputError, match="token is needed"):
        RemoteReasoner("http://127.0.0.1:1", token=" ")
    assert TOKEN not in repr(gone)


def test_an_answer_that_breaks_off_is_no_answer(monkeypatch, remote):
    lines = [json.dumps({"step": Step("text", "so far").to_json()})]
    monkeypatch.setattr(httpx.Response, "iter_lines", lambda self: iter(lines))
    with pytest.raises(ServiceError, match="before the answer was complete"):
        remote.reason(pond(), "Is there water?")


def test_a_client_that_goes_away_leaves_the_reasoner_free(remote):
    stack = pond()
    for _ in range(3):
        first = next(iter(remote.ground(stack, WATER)))
        assert first.kind == "text"
    assert len(list(remote.ground(stack, WATER))) == 3


def test_a_short_token_is_refused():
    with pytest.raises(InputError, match="at least 16"):
        ReasonerService(Slow(), token="short")
