"""Record and replay: every answer of a run kept in a folder, and the same run again with the network off.

What is kept are the answers to requests, below everything else: search, selection, reading and measuring run the same
code both times, and come to the same bits.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from terrascope_sdk.errors import CatalogError, ExportError, InputError
from terrascope_sdk.stac.transport.exchange import Ask, Reply
from terrascope_sdk.stac.transport.signatures import link_key, without_signature
from terrascope_sdk.types.encoding import JsonValue

if TYPE_CHECKING:
    from terrascope_sdk.stac.access import Access

__all__ = ["Tape", "record", "replay", "running_tape"]

_KEPT_HEADERS = ("content-type", "content-range", "etag", "last-modified", "accept-ranges")
"""Headers of an answer that are kept: what reading needs, and nothing that could hold a secret."""

_RANGE = re.compile(r"bytes=(\d+)-(\d+)")
_TOTAL = re.compile(r"bytes \d+-\d+/(\d+)")

_current: Tape | None = None
_lock = threading.Lock()


class Tape:
    """Answers by request, in a folder.

    A request is known by its method, its link without signature and the hash of its body; so a tape recorded with
    signed links replays without any key. Pieces of files are known by their place in the file: a replay may ask for
    them in other portions.
    """

    def __init__(self, folder: str | Path, mode: Literal["record", "replay"]) -> None:
        self.folder = Path(folder)
        self.mode = mode
        self._shared: dict[str, Access] = {}
        self._lock = threading.Lock()
        if mode == "replay" and not (self.folder / "tape.json").is_file():
            raise InputError(f"{self.folder} holds no recording.", hint="Record one first: with ts.record(folder): …")
        if mode == "record":
            self._write("tape.json", json.dumps({"format": 1}).encode())

    def __repr__(self) -> str:
        return f"Tape({str(self.folder)!r}, {self.mode!r})"

    def share(self, name: str, make: Callable[[], Access]) -> Access:
        """Return what was made under a name during this recording or replay, making it the first time."""
        with self._lock:
            if name not in self._shared:
                self._shared[name] = make()
            return self._shared[name]

    # ---------------------------------------------------------------------------------------------------- in and out

    def keep(self, ask: Ask, reply: Reply) -> None:
        """Keep an answer. Failures are not kept, but for what is not there.

        Raises:
            ExportError: The folder cannot be written.
        """
        span, name = _span(ask), _name(ask)
        if reply.status >= 400 and reply.status != 404:
            return
        head = {
            "method": ask.method,
            "url": without_signature(ask.url),
            "status": reply.status,
            "headers": {k: v for k, v in sorted(reply.headers.items()) if k in _KEPT_HEADERS},
        }
        if span is not None and reply.status == 206:
            name = f"{name}-{span[0]:012d}-{span[0] + len(reply.body):012d}"
        self._write(f"{name}.bin", reply.body)
        self._write(f"{name}.json", json.dumps(head, indent=1).encode())

    def recall(self, ask: Ask) -> Reply:
        """Return the kept answer to a request.

        Raises:
            CatalogError: The recording does not hold it.
        """
        span, name = _span(ask), _name(ask)
        found = None if span is None else self._pieced(name, *span)
        if found is None:
            found = self._whole(name)
        if found is None:
            part = "" if span is None else f", bytes {span[0]} to {span[1]}"
            raise CatalogError(
                f"The recording {self.folder} has no answer to {ask.method} {without_signature(ask.url)}{part}.",
                hint="A replay asks what was asked when it was recorded; record again after changing the run.",
            )
        return found

    def _whole(self, name: str) -> Reply | None:
        try:
            head = json.loads((self.folder / f"{name}.json").read_bytes())
            return Reply(int(head["status"]), dict(head["headers"]), (self.folder / f"{name}.bin").read_bytes())
        except OSError:
            return None

    def _pieced(self, name: str, start: int, stop: int) -> Reply | None:
        """Return bytes of a file put together from the pieces that were recorded of it."""
        pieces = sorted(self.folder.glob(f"{name}-*.bin"))
        if not pieces:
            return None
        head = json.loads(pieces[0].with_suffix(".json").read_bytes())
        total = _TOTAL.fullmatch(head["headers"].get("content-range", ""))
        stop = min(stop, int(total[1])) if total else stop
        body = bytearray()
        for piece in pieces:
            first, last = (int(v) for v in piece.stem.split("-")[-2:])
            at = start + len(body)
            if first <= at < last and at < stop:
                body += piece.read_bytes()[at - first : stop - first]
        if start + len(body) < stop or not body:
            return None
        headers = head["headers"] | {"content-range": f"bytes {start}-{stop - 1}/{total[1] if total else '*'}"}
        return Reply(206, headers, bytes(body))

    def _write(self, name: str, data: bytes) -> None:
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            handle, temporary = tempfile.mkstemp(dir=self.folder, suffix=".tmp")
            try:
                with os.fdopen(handle, "wb") as file:
                    file.write(data)
                Path(temporary).replace(self.folder / name)
            except BaseException:
                Path(temporary).unlink(missing_ok=True)
                raise
        except OSError as err:
            raise ExportError(f"The recording {self.folder} cannot be written: {err.strerror or err}.") from err


def _name(ask: Ask) -> str:
    recipe: JsonValue = [ask.method, link_key(ask.url), hashlib.sha256(ask.body or b"").hexdigest()]
    return hashlib.sha256(json.dumps(recipe).encode()).hexdigest()[:32]


def _span(ask: Ask) -> tuple[int, int] | None:
    """Return the bytes that a request asks for, from the first up to, not including, the last."""
    given = next((v for k, v in ask.headers.items() if k.lower() == "range"), "")
    found = _RANGE.fullmatch(given)
    return (int(found[1]), int(found[2]) + 1) if found else None


def running_tape() -> Tape | None:
    """Return the tape that is recorded to or replayed from, or None."""
    return _current


@contextmanager
def _running(tape: Tape) -> Iterator[Tape]:
    global _current
    with _lock:
        if _current is not None:
            raise InputError(f"{_current!r} is running.", hint="Recordings do not nest: end the first one.")
        _current = tape
    try:
        yield tape
    finally:
        _current = None


@contextmanager
def record(folder: str | Path) -> Iterator[Tape]:
    """Keep every answer to a search and every piece of a file in a folder, as long as the context lasts.

    Stores are left aside meanwhile, so that the recording is complete.

    >>> import terrascope_sdk as ts
    >>> with ts.record("lake"):  # doctest: +SKIP
    ...     stack = ts.load(ts.search(aoi, catalog="earth-search"), aoi=aoi)

    Args:
        folder: Where to; made when it is not there.

    Raises:
        InputError: Another recording or replay runs.
        ExportError: The folder cannot be written.
    """
    with _running(Tape(folder, "record")) as tape:
        yield tape


@contextmanager
def replay(folder: str | Path) -> Iterator[Tape]:
    """Answer every request from a recording, with the network off, as long as the context lasts.

    Args:
        folder: What :func:`record` wrote.

    Raises:
        InputError: The folder holds no recording, or another recording or replay runs.
        CatalogError: Something is asked that was not recorded.
    """
    with _running(Tape(folder, "replay")) as tape:
        yield tape
