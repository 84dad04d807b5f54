"""Blocks of remote files in memory, shared by all who read them: each is fetched once, neighbours in one request."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterable

from terrascope_sdk.errors import TerraScopeError

__all__ = ["BlockKey", "BlockMemory", "coalesced"]

BlockKey = tuple[str, str, int, int]
"""The link without its signature, the version of its file, bytes a block, number of the block."""


def coalesced(numbers: Iterable[int], *, gap: int = 0, most: int = 64) -> list[range]:
    """Return the fewest runs of consecutive numbers that hold all the given ones.

    Args:
        numbers: Numbers of blocks, in any order.
        gap: Missing numbers between two given ones that are bridged.
        most: Longest run.

    Returns:
        Runs in ascending order that do not overlap.
    """
    runs: list[range] = []
    for number in sorted(set(numbers)):
        if runs and number <= runs[-1].stop + gap and number - runs[-1].start < most:
            runs[-1] = range(runs[-1].start, number + 1)
        else:
            runs.append(range(number, number + 1))
    return runs


class _Coming:
    """Blocks on their way: those who wait share the error of the one who fetches."""

    def __init__(self) -> None:
        self._done = threading.Event()
        self.error: TerraScopeError | None = None

    def end(self, error: TerraScopeError | None) -> None:
        self.error = error
        self._done.set()

    def wait(self) -> None:
        """Wait for the end; raise the error that ended it."""
        self._done.wait()
        if self.error is not None:
            raise self.error


class BlockMemory:
    """The blocks that were used last, up to a number of bytes; and which blocks are on their way."""

    def __init__(self, *, limit_bytes: int = 64 * 2**20) -> None:
        self.limit_bytes = limit_bytes
        self._blocks: OrderedDict[BlockKey, bytes] = OrderedDict()
        self._coming: dict[BlockKey, _Coming] = {}
        self._held_bytes = 0
        self._lock = threading.Lock()

    @property
    def held_bytes(self) -> int:
        """How many bytes are held now."""
        return self._held_bytes

    def get(self, key: BlockKey) -> bytes | None:
        """Return a block that is held; None when it is not."""
        with self._lock:
            block = self._blocks.get(key)
            if block is not None:
                self._blocks.move_to_end(key)
            return block

    def claim(self, keys: Iterable[BlockKey]) -> tuple[list[BlockKey], list[_Coming]]:
        """Divide blocks that are not held into those to fetch now and those that another thread is fetching.

        Returns:
            The blocks that the caller has to fetch and then to :meth:`settle`; and what to wait for.
        """
        mine, others = [], []
        with self._lock:
            for key in keys:
                if key in self._blocks:
                    continue
                if key in self._coming:
                    others.append(self._coming[key])
                else:
                    self._coming[key] = _Coming()
                    mine.append(key)
        return mine, others

    def put(self, key: BlockKey, block: bytes) -> None:
        """Hold a block, and let go of those unused for the longest time when there are too many."""
        with self._lock:
            self._held_bytes += len(block) - len(self._blocks.pop(key, b""))
            self._blocks[key] = block
            while self._held_bytes > self.limit_bytes:
                _, oldest = self._blocks.popitem(last=False)
                self._held_bytes -= len(oldest)

    def clear(self) -> None:
        """Let go of every block."""
        with self._lock:
            self._blocks.clear()
            self._held_bytes = 0

    def settle(self, keys: Iterable[BlockKey], error: TerraScopeError | None = None) -> None:
        """End the claim on blocks, fetched or not, and wake those who wait for them; they meet the same error."""
        with self._lock:
            for key in keys:
                coming = self._coming.pop(key, None)
                if coming is not None:
                    coming.end(error)
