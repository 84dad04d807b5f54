"""What is known of a file on a server, and whether two answers were cut from the same file."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from terrascope_sdk.errors import RasterError
from terrascope_sdk.stac.transport.exchange import Reply, Trouble

__all__ = ["FileFacts", "Piece", "facts_of", "misfit", "same_file", "span_of"]


@dataclass(frozen=True)
class FileFacts:
    """Which version of a file a server holds."""

    size_bytes: int
    """Size of the whole file."""

    etag: str = ""
    """The server's name of this version; empty when it has none."""

    modified: str = ""
    """The header Last-Modified; empty without one."""

    @property
    def version(self) -> str:
        """A text that differs between two versions as far as the server tells them apart."""
        return f"{self.etag or self.modified}/{self.size_bytes}"


@dataclass(frozen=True)
class Piece:
    """Bytes of a file, and the file they were cut from."""

    data: bytes = field(repr=False)
    """The bytes asked for; fewer at the end of the file."""

    facts: FileFacts
    """The file."""


def span_of(headers: Mapping[str, str]) -> tuple[int, int, int] | None:
    """Return first byte, the byte behind the last, and the file's size from a Content-Range; None without one."""
    found = re.fullmatch(r"\s*bytes\s+(\d{1,18})-(\d{1,18})/(\d{1,18})\s*", headers.get("content-range", ""))
    if not found:
        return None
    first, last, size = int(found[1]), int(found[2]), int(found[3])
    return (first, last + 1, size) if first <= last < size else None


def misfit(reply: Reply, start: int, stop: int) -> Trouble | None:
    """Return what is wrong with an answer to a request for the bytes from `start` up to `stop`; None when it fits.

    The whole file (200) fits, and so does a refusal: the caller slices the one and judges the other.
    """
    if reply.status != 206:
        return None
    if reply.headers.get("content-encoding", "identity").lower() not in ("", "identity"):
        return Trouble("sent pixels in another encoding than asked for")
    span = span_of(reply.headers)
    if span is None:
        return Trouble("sent a range without saying which")
    if span[0] != start or span[1] != min(stop, span[2]):
        return Trouble(f"sent bytes {span[0]}-{span[1] - 1} where {start}-{stop - 1} were asked for")
    if len(reply.body) != span[1] - span[0]:
        return Trouble(f"sent {len(reply.body)} bytes where it announced {span[1] - span[0]}")
    return None


def facts_of(reply: Reply) -> FileFacts:
    """Return what an answer with bytes says about its file."""
    span = span_of(reply.headers)
    size = span[2] if reply.status == 206 and span else len(reply.body)
    return FileFacts(size, reply.headers.get("etag", ""), reply.headers.get("last-modified", ""))


def same_file(known: FileFacts, seen: FileFacts, *, shown: str) -> None:
    """Check that two answers were cut from one file.

    Args:
        known: What earlier answers said.
        seen: What the newest answer says.
        shown: The link, for the message.

    Raises:
        RasterError: The file was replaced in between.
    """
    tags = known.etag and seen.etag
    other = known.etag != seen.etag if tags else (known.modified != seen.modified and known.modified and seen.modified)
    if other or known.size_bytes != seen.size_bytes:
        raise RasterError(
            f"{shown} changed on its server while it was read"
            f" ({known.size_bytes:,} bytes before, {seen.size_bytes:,} bytes now).",
            hint="Load again: the new version is then read from its start.",
        )
