"""A real web server on loopback for tests: serves a folder with byte ranges, and fails the way it is told to.

    with RangeServer(tmp_path) as server:
        server.fail("/scene.tif", "503", times=2)     # the next two requests of that path are answered with 503
        read(f"{server.url}/scene.tif")
        assert [r.status for r in server.requests] == [503, 503, 206]

`kind` of a fault is a status ("404", "429", ...), or one of:

    hang          accepts, and never answers              reset         closes before any answer
    drop          closes half-way through the body        drip          sends one byte after the other, slowly
    short         says it sends less, and sends less      no-range      answers a range with 200 and the whole file
    wrong-range   sends another range and says so         lying-range   sends too few bytes under the right range
    changed       the file is another one from here on    truncated     the file ends half-way
    redirect      to `location`                           loop          redirect to itself
    bomb          200 and 64 MB of gzipped zeros

`server.answer(path, body)` serves a document that is no file; `server.gate` may refuse a request with a status.
Needs the marker `enable_socket`.
"""

from __future__ import annotations

import functools
import gzip
import hashlib
import re
import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import unquote, urlsplit

__all__ = ["Fault", "RangeServer", "Seen"]


@dataclass(frozen=True)
class Seen:
    """A request that arrived, and how it was answered."""

    method: str
    path: str
    query: str
    headers: dict[str, str]
    body: bytes
    status: int
    fault: str

    @property
    def span(self) -> tuple[int, int] | None:
        """First byte and the byte behind the last one that a Range header asked for."""
        found = re.fullmatch(r"bytes=(\d+)-(\d+)", self.headers.get("range", ""))
        return (int(found[1]), int(found[2]) + 1) if found else None


@dataclass
class Fault:
    """One scripted failure of one path."""

    kind: str
    times: int = 1
    after: int = 0  # how many requests are answered well first
    retry_after: str = ""
    location: str = ""


@dataclass
class Answer:
    """What is sent: a document that is no file, or a file's bytes."""

    body: bytes
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)


class RangeServer:
    """Serves a folder on 127.0.0.1 while the context lasts; see the module's documentation."""

    def __init__(self, folder: str | Path = ".") -> None:
        self.folder = Path(folder).resolve()
        self.requests: list[Seen] = []
        self.gate: Callable[[str, dict[str, str]], int | None] | None = None
        """Called with the path and query and the headers (names in lower case); a status refuses the request."""
        self._faults: dict[str, list[Fault]] = {}
        self._answers: dict[str, Answer] = {}
        self._lock = threading.Lock()
        self.closing = threading.Event()
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.owner = self
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)

    @property
    def url(self) -> str:
        """Address without a slash at its end."""
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def fail(
        self, path: str, kind: str, times: int = 1, *, after: int = 0, retry_after: str = "", location: str = ""
    ) -> None:
        """Fail the next `times` requests of a path, once `after` requests were answered well."""
        with self._lock:
            self._faults.setdefault(path, []).append(Fault(kind, times, after, retry_after, location))

    def answer(self, path: str, body: bytes | str, *, status: int = 200, headers: dict[str, str] | None = None) -> None:
        """Serve a document that is no file, to GET and POST."""
        data = body.encode() if isinstance(body, str) else body
        self._answers[path] = Answer(data, status, {"Content-Type": "application/json"} | (headers or {}))

    def clear(self) -> None:
        """Forget the requests and the faults so far."""
        with self._lock:
            self.requests.clear()
            self._faults.clear()

    def next_fault(self, path: str) -> Fault | None:
        with self._lock:
            for fault in self._faults.get(path, []):
                if fault.times > 0:
                    if fault.after > 0:
                        fault.after -= 1
                        return None
                    fault.times -= 1
                    return fault
        return None

    def find(self, path: str) -> Answer | None:
        if path in self._answers:
            return self._answers[path]
        file = (self.folder / unquote(path).lstrip("/")).resolve()
        if not file.is_relative_to(self.folder) or not file.is_file():
            return None
        return _file_answer(str(file), file.stat().st_mtime_ns, file.stat().st_size)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.closing.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 64
    owner: RangeServer

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that went away is no failure of a test."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: _Server

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Tests look at `requests`."""

    def do_GET(self) -> None:
        owner, parts = self.server.owner, urlsplit(self.path)
        headers = {name.lower(): value for name, value in self.headers.items()}
        sent = self.rfile.read(int(headers.get("content-length", 0)))
        fault = owner.next_fault(parts.path)
        refused = owner.gate(self.path, headers) if owner.gate else None
        status, answer = self._decide(owner.find(parts.path), fault, refused, headers.get("range", ""))
        with owner._lock:
            owner.requests.append(
                Seen(self.command, parts.path, parts.query, headers, sent, status, fault.kind if fault else "")
            )
        self._send(status, answer, fault)

    def do_HEAD(self) -> None:
        self.do_GET()

    def do_POST(self) -> None:
        self.do_GET()

    # ------------------------------------------------------------------------------------------------ what is said

    def _decide(self, answer: Answer | None, fault: Fault | None, refused: int | None, span: str) -> tuple[int, Answer]:
        kind = fault.kind if fault else ""
        if refused is not None:
            return refused, Answer(b"refused")
        if kind.isdigit():
            return int(kind), Answer(b"fault", headers={"Retry-After": fault.retry_after} if fault.retry_after else {})
        if kind in ("redirect", "loop"):
            return 302, Answer(b"", headers={"Location": fault.location if kind == "redirect" else self.path})
        if kind == "bomb":
            return 200, Answer(gzip.compress(bytes(64_000_000), 1), headers={"Content-Encoding": "gzip"})
        if answer is None:
            return 404, Answer(b"no such file")
        return self._ranged(_altered(answer, kind), kind, span)

    def _ranged(self, answer: Answer, kind: str, span: str) -> tuple[int, Answer]:
        found = re.fullmatch(r"bytes=(\d+)-(\d*)", span)
        total = len(answer.body)
        if not found or kind == "no-range" or answer.status != 200:
            return answer.status, answer
        start, stop = int(found[1]), min(int(found[2] or total - 1) + 1, total)
        if start >= total:
            return 416, Answer(b"", headers={"Content-Range": f"bytes */{total}"})
        if kind == "wrong-range":
            start, stop = start + 1, min(stop + 1, total)
        body = answer.body[start:stop]
        said = start + max(len(body) // 2, 1) if kind == "short" else stop
        body = body[: len(body) // 2] if kind == "lying-range" else body[: said - start]
        return 206, Answer(body, headers=answer.headers | {"Content-Range": f"bytes {start}-{said - 1}/{total}"})

    # ------------------------------------------------------------------------------------------------ how it is sent

    def _send(self, status: int, answer: Answer, fault: Fault | None) -> None:
        kind = fault.kind if fault else ""
        if kind == "hang":
            self.server.owner.closing.wait(30)
        if kind in ("hang", "reset"):
            self.close_connection = True
            self.connection.shutdown(socket.SHUT_RDWR)
            return
        self.send_response(status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        if self.command == "HEAD":
            return
        if kind == "drop":
            self.wfile.write(answer.body[: len(answer.body) // 2])
            self.close_connection = True
            self.connection.shutdown(socket.SHUT_RDWR)
        elif kind == "drip":
            for index in range(len(answer.body)):
                self.wfile.write(answer.body[index : index + 1])
                if self.server.owner.closing.wait(0.02):
                    return
        else:
            self.wfile.write(answer.body)


@functools.lru_cache(maxsize=8)
def _file_answer(path: str, _changed_ns: int, _size: int) -> Answer:
    body = Path(path).read_bytes()
    return Answer(body, 200, {"ETag": f'"{hashlib.sha256(body).hexdigest()[:16]}"', "Accept-Ranges": "bytes"})


def _altered(answer: Answer, kind: str) -> Answer:
    if kind == "changed":
        body = bytes(answer.body[:-1]) + bytes([answer.body[-1] ^ 255])
        return Answer(body, answer.status, answer.headers | {"ETag": '"another-file"'})
    if kind == "truncated":
        return Answer(answer.body[: len(answer.body) // 2], answer.status, answer.headers)
    return answer
