"""A store of bytes and arrays on disk: found by the hash of what made them, limited in size, never half-written."""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path
from typing import IO

import numpy as np

from terrascope_sdk.config import default_workspace
from terrascope_sdk.errors import InputError
from terrascope_sdk.types.encoding import JsonValue

__all__ = ["Store", "default_store", "store_key"]

_CHECK_EVERY_BYTES = 64_000_000
"""How much is written between two looks at the size of the whole store."""


def store_key(recipe: JsonValue) -> str:
    """Return the key of what a recipe makes: the SHA-256 of its canonical JSON, 64 hexadecimal digits."""
    text = json.dumps(recipe, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return hashlib.sha256(text.encode()).hexdigest()


def default_store() -> Store:
    """Return the user's store: the folder ``imagery`` of :func:`~terrascope_sdk.config.default_workspace`."""
    return Store(default_workspace() / "imagery")


class Store:
    """Values by key in a folder, safe to share between threads and processes.

    A value is written under a temporary name and renamed, so that it is whole or not there. When the store has grown
    past its limit, the values that were not read for the longest time go first.
    """

    def __init__(self, folder: str | Path, *, limit_bytes: int = 4_000_000_000) -> None:
        if limit_bytes <= 0:
            raise InputError(f"A store of {limit_bytes} bytes holds nothing.", hint="Give limit_bytes above 0.")
        self.folder = Path(folder)
        self.limit_bytes = limit_bytes
        self._unchecked = _CHECK_EVERY_BYTES  # the first write looks at what earlier runs left
        self._lock = threading.Lock()

    def __repr__(self) -> str:
        return f"Store({str(self.folder)!r}, limit_bytes={self.limit_bytes})"

    def _path(self, key: str, suffix: str) -> Path:
        if len(key) != 64 or not all(c in "0123456789abcdef" for c in key):
            raise InputError(f"{key[:80]!r} is no key of a store.", hint="Make keys with store_key().")
        return self.folder / key[:2] / f"{key}{suffix}"

    # -------------------------------------------------------------------------------------------------- in and out

    def get(self, key: str) -> bytes | None:
        """Return stored bytes, or None."""
        path = self._path(key, ".bin")
        try:
            data = path.read_bytes()
            os.utime(path)
        except OSError:
            return None
        return data

    def put(self, key: str, data: bytes) -> None:
        """Store bytes. A disk that is full or read-only is no failure of a load: the value is then not kept."""
        self._write(self._path(key, ".bin"), lambda file: file.write(data))

    def get_arrays(self, key: str) -> dict[str, np.ndarray] | None:
        """Return stored arrays by name, mapped into memory and read-only, or None when one is not there."""
        try:
            names = json.loads(self._path(key, ".json").read_text(encoding="utf-8"))
            arrays = {}
            for name in names:
                path = self._path(key, f".{name}.npy")
                arrays[name] = np.load(path, mmap_mode="r", allow_pickle=False)
                os.utime(path)
        except (OSError, ValueError, json.JSONDecodeError):
            return None
        return arrays

    def put_arrays(self, key: str, arrays: dict[str, np.ndarray]) -> None:
        """Store arrays by name; the list of names comes last, so that a set is whole or not there."""
        for name, array in arrays.items():
            if not name.isidentifier():
                raise InputError(f"{name!r} cannot name an array of a store.", hint="Use a plain word.")
            self._write(self._path(key, f".{name}.npy"), _saving(array))
        names = json.dumps(sorted(arrays)).encode()
        self._write(self._path(key, ".json"), lambda file: file.write(names))

    def _write(self, path: Path, fill: Callable[[IO[bytes]], object]) -> None:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            handle, temporary = tempfile.mkstemp(dir=path.parent, suffix=".tmp")
        except OSError:
            return
        try:
            with os.fdopen(handle, "wb") as file:
                fill(file)
            size = Path(temporary).stat().st_size
            Path(temporary).replace(path)
        except OSError:
            Path(temporary).unlink(missing_ok=True)
            return
        except BaseException:  # an interrupted write leaves nothing behind, and goes on its way
            Path(temporary).unlink(missing_ok=True)
            raise
        self._grown(size)

    # ------------------------------------------------------------------------------------------------------- limit

    def _grown(self, size: int) -> None:
        with self._lock:
            self._unchecked += size
            if self._unchecked < min(_CHECK_EVERY_BYTES, self.limit_bytes // 8):
                return
            self._unchecked = 0
            self._evict()

    def size_bytes(self) -> int:
        """Return how many bytes the store holds on disk."""
        return sum(size for _, size, _ in self._files())

    def clear(self) -> None:
        """Delete every value."""
        for _, _, path in self._files():
            path.unlink(missing_ok=True)

    def _files(self) -> list[tuple[float, int, Path]]:
        found = []
        for path in self.folder.glob("??/*"):
            try:
                state = path.stat()
            except OSError:
                continue  # another process has just evicted it
            found.append((state.st_mtime, state.st_size, path))
        return found

    def _evict(self) -> None:
        files = sorted(self._files())
        total = sum(size for _, size, _ in files)
        for _, size, path in files:
            if total <= self.limit_bytes:
                return
            path.unlink(missing_ok=True)
            total -= size


def _saving(array: np.ndarray) -> Callable[[IO[bytes]], object]:
    return lambda file: np.save(file, array, allow_pickle=False)
