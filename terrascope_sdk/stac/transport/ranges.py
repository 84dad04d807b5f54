"""A file object over a link, block by block; rasterio opens it, so GDAL itself never sees an address."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Protocol
from weakref import WeakKeyDictionary

from terrascope_sdk.errors import InputError, RasterError, TerraScopeError
from terrascope_sdk.stac.store import store_key
from terrascope_sdk.stac.transport.blocks import BlockKey, BlockMemory, coalesced
from terrascope_sdk.stac.transport.remote_files import FileFacts, Piece, same_file
from terrascope_sdk.stac.transport.signatures import link_key, without_signature

if TYPE_CHECKING:
    from terrascope_sdk.stac.transport.openers import RangeOpener

__all__ = ["BlockStore", "Pieces", "RangeFile", "memory_of", "open_raster", "opener_for"]

_AHEAD_BYTES = 4 * 2**20
"""Most bytes that are fetched beyond what is asked for, once a file is read from front to back."""

_RUN_BYTES = 2 * 2**20
"""Most bytes of one request; longer runs are fetched by several at once."""

_BLOCK_BYTES = 256 * 1024


class BlockStore(Protocol):
    """Keeps blocks for later runs; :class:`terrascope_sdk.stac.store.Store` is one."""

    def get(self, key: str) -> bytes | None:
        """Return what is kept under a key, or None."""

    def put(self, key: str, data: bytes) -> None:
        """Keep bytes, whole or not at all."""


class Pieces(Protocol):
    """Where the bytes of links come from; :class:`terrascope_sdk.stac.transport.fetch.Fetcher` is one."""

    def fetch_piece(self, url: str, start: int, stop: int) -> Piece:
        """Return the bytes from `start` up to `stop`, fewer at the file's end, and the facts of their file."""

    def facts(self, url: str) -> FileFacts | None:
        """Return what is known of a file without asking for it."""

    def forget(self, url: str) -> None:
        """Drop what is known of a file."""


_memories: WeakKeyDictionary[Pieces, BlockMemory] = WeakKeyDictionary()


def memory_of(pieces: Pieces) -> BlockMemory:
    """Return the blocks in memory that all files read through one fetcher share."""
    return _memories.setdefault(pieces, BlockMemory())


class RangeFile(io.RawIOBase):
    """A remote file, read-only; several may read one link at once and share its blocks.

    The version that the first answer names is the one that is read: when the file is replaced, reading ends with an
    error and never mixes two versions. Reading from front to back fetches ahead, in growing steps.

    Args:
        fetcher: Where bytes come from.
        url: The link, without a signature where the fetcher signs.
        block_bytes: Bytes a block; ranges start and end at multiples of it.
        store: Keeps blocks for later runs; used for servers that name the versions of their files.

    Raises:
        CatalogError: The server does not answer.
        RasterError: The file is empty, or changed.
    """

    def __init__(
        self, fetcher: Pieces, url: str, *, block_bytes: int = _BLOCK_BYTES, store: BlockStore | None = None
    ) -> None:
        super().__init__()
        if block_bytes < 1:
            raise InputError(f"Blocks of {block_bytes} bytes hold nothing.", hint="Give block_bytes above 0.")
        self._fetcher, self._url, self._step, self._store = fetcher, url, block_bytes, store
        self._name = link_key(url)
        self._memory = memory_of(fetcher)
        self._at = 0
        self._ended_at = 0  # where the last read ended: the next one goes on there, or jumps
        self._ahead_bytes = 0
        known = fetcher.facts(url)
        first = fetcher.fetch_piece(url, 0, block_bytes) if known is None else Piece(b"", known)
        self._facts, self._version = first.facts, first.facts.version
        if known is None:
            self._keep(0, first.data)

    def __repr__(self) -> str:
        return f"RangeFile({without_signature(self._url)!r}, size={self.size})"

    # -------------------------------------------------------------------------------------------- as a file object

    @property
    def size(self) -> int:
        """Bytes of the whole file."""
        return self._facts.size_bytes

    def readable(self) -> bool:
        """Return True."""
        return True

    def seekable(self) -> bool:
        """Return True."""
        return True

    def tell(self) -> int:
        """Return the position of the next read, in bytes."""
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Move to a position in bytes, which may lie beyond the end."""
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self.size}.get(whence)
        if base is None or base + offset < 0:
            raise InputError(f"A file has no position {offset} from {whence}.", hint="Positions start at 0.")
        self._at = base + offset
        return self._at

    def readinto(self, buffer: Any) -> int:  # Any: whatever has a writable buffer
        """Fill a buffer from the present position; returns the number of bytes, 0 at the end."""
        view = memoryview(buffer).cast("B")
        data = self.read(len(view))
        view[: len(data)] = data
        return len(data)

    def read(self, size: int | None = -1) -> bytes:
        """Return up to `size` bytes from the present position, fewer only at the end; all that is left for -1."""
        if self.closed:
            raise ValueError("I/O operation on closed file")
        wanted = self.size if size is None or size < 0 else size
        start, stop = self._at, min(self._at + wanted, self.size)
        if start >= stop:
            return b""
        if start == self._ended_at and start > 0:
            self._ahead_bytes = min(max(2 * self._ahead_bytes, 4 * self._step), _AHEAD_BYTES)
        elif not self._ended_at <= start < self._ended_at + self._step:
            self._ahead_bytes = 0
        data = self.read_spans([(start, stop)], ahead_bytes=self._ahead_bytes)[0]
        self._at = self._ended_at = stop
        return data

    # --------------------------------------------------------------------------------------------------- in blocks

    def read_spans(self, spans: Sequence[tuple[int, int]], *, ahead_bytes: int = 0) -> list[bytes]:
        """Return the bytes of several (start, stop) spans; what is missing of all of them is fetched at once.

        Args:
            spans: First byte and the byte behind the last, inside the file.
            ahead_bytes: How far to fetch beyond the last span when something has to be fetched.
        """
        needed = {n for start, stop in spans for n in range(start // self._step, -(-stop // self._step))}
        blocks = self._blocks(needed, ahead_bytes)
        return [self._cut(blocks, start, stop) for start, stop in spans]

    def _cut(self, blocks: dict[int, bytes], start: int, stop: int) -> bytes:
        first, last = start // self._step, (stop - 1) // self._step
        if first == last:
            return blocks[first][start - first * self._step : stop - first * self._step]
        middle = [blocks[n] for n in range(first + 1, last)]
        return b"".join(
            [blocks[first][start - first * self._step :], *middle, blocks[last][: stop - last * self._step]]
        )

    def _key(self, number: int) -> BlockKey:
        return (self._name, self._version, self._step, number)

    def _blocks(self, needed: set[int], ahead_bytes: int) -> dict[int, bytes]:
        found: dict[int, bytes] = {}
        while missing := needed - found.keys():
            for number in missing:
                block = self._memory.get(self._key(number))
                if block is not None:
                    found[number] = block
            missing -= found.keys()
            if not missing:
                break
            beyond = range(max(missing) + 1, min(max(missing) + 1 + ahead_bytes // self._step, self._end_block))
            mine, others = self._memory.claim(self._key(n) for n in sorted(missing | set(beyond)))
            error: TerraScopeError | None = None
            try:
                found.update(self._fetched([key[3] for key in mine]))
            except TerraScopeError as err:
                error = err
                raise
            finally:
                self._memory.settle(mine, error)
            for coming in others:
                coming.wait()
        return found

    @property
    def _end_block(self) -> int:
        return -(-self.size // self._step)

    def _fetched(self, numbers: list[int]) -> dict[int, bytes]:
        found = self._stored(numbers)
        runs = coalesced((n for n in numbers if n not in found), most=max(1, _RUN_BYTES // self._step))
        if len(runs) > 1:
            with ThreadPoolExecutor(min(4, len(runs)), thread_name_prefix="terrascope-ranges") as pool:
                parts = list(pool.map(self._run, runs))
        else:
            parts = [self._run(run) for run in runs]
        for part in parts:
            found.update(part)
        return found

    def _run(self, run: range) -> dict[int, bytes]:
        start, stop = run.start * self._step, min(run.stop * self._step, self.size)
        try:
            piece = self._fetcher.fetch_piece(self._url, start, stop)
            same_file(self._facts, piece.facts, shown=without_signature(self._url))
        except RasterError:
            self._fetcher.forget(self._url)
            raise
        whole = memoryview(piece.data)
        return {n: self._keep(n, bytes(whole[n * self._step - start :][: self._step])) for n in run}

    # ------------------------------------------------------------------------------------------------------- kept

    def _keep(self, number: int, block: bytes) -> bytes:
        self._memory.put(self._key(number), block)
        if self._store is not None and self._named:
            self._store.put(self._stored_key(number), block)
        return block

    @property
    def _named(self) -> bool:
        """Whether the server tells versions apart, so that a block of another day is known to be of this file."""
        return bool(self._facts.etag or self._facts.modified)

    def _stored_key(self, number: int) -> str:
        return store_key(["block", *self._key(number)])

    def _stored(self, numbers: Iterable[int]) -> dict[int, bytes]:
        found: dict[int, bytes] = {}
        if self._store is None or not self._named:
            return found
        for number in numbers:
            block = self._store.get(self._stored_key(number))
            if block is not None and len(block) == min(self._step, self.size - number * self._step):
                self._memory.put(self._key(number), block)
                found[number] = block
        return found


def opener_for(
    fetcher: Pieces, url: str | None = None, *, block_bytes: int = _BLOCK_BYTES, store: BlockStore | None = None
) -> RangeOpener:
    """Return what ``rasterio.open(url, opener=...)`` wants; make one for each file that is opened.

    GDAL also asks for files beside the link (.aux.xml, .ovr, .msk): they are not there, and nothing is requested.
    GDAL swallows what Python raises while it reads, and may go on with empty pixels: read inside ``opener.checked()``,
    or use :func:`open_raster`.

    Args:
        fetcher: Where bytes come from.
        url: The one link that is opened; None for the first that is asked for.
        block_bytes: Bytes a block.
        store: Keeps blocks for later runs.
    """
    from terrascope_sdk.stac.transport.openers import RangeOpener

    return RangeOpener(fetcher, url, block_bytes=block_bytes, store=store)


@contextmanager
def open_raster(
    fetcher: Pieces, url: str, *, store: BlockStore | None = None
) -> Iterator[Any]:  # Any: rasterio's dataset
    """Open the raster behind a link while the context lasts; only formats that name no other file are opened.

    Raises:
        TerraScopeError: What went wrong first while reading, also where GDAL said nothing: the pixels are then void.
    """
    import rasterio

    opener = opener_for(fetcher, url, store=store)
    with opener.checked(), rasterio.open(url, opener=opener) as raster:
        yield raster
