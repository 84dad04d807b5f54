"""COCO run-length encoding of masks: columns first, runs of no and yes in turn, the first run being of no.

The uncompressed form lists the runs; the compressed form writes them as text, five bits a character, each run after
the third as its difference from the run two before it, as ``pycocotools`` does.

References:
    The COCO API, ``common/maskApi.c``, functions ``rleEncode``, ``rleToString`` and ``rleFrString``.
"""

from collections.abc import Iterable, Mapping
from typing import TypedDict

import numpy as np
from jaxtyping import Bool, Int64, Integer

from terrascope_sdk.errors import ParseError

__all__ = ["Rle", "RunMap", "decode_rle", "encode_rle", "rle_runs", "runs_from_text", "runs_to_text"]

_CHUNKS = 13  # characters of five bits that hold any 64-bit number


class Rle(TypedDict):
    """One mask, compressed."""

    size: list[int]
    """Rows, columns."""

    counts: str
    """The runs as text."""


def runs_to_text(runs: Iterable[int] | Int64[np.ndarray, " run"]) -> str:
    """Return runs in COCO's compressed form.

    Args:
        runs: Lengths of the runs in pixels, 0 or larger; the first is of pixels outside.

    >>> runs_to_text([6, 1, 40, 4, 5, 4, 5, 4, 21])
    '61X13mN000`0'
    """
    values = np.array(runs if isinstance(runs, np.ndarray) else list(runs), np.int64)
    values[3:] -= np.array(values[1:-2])
    chunks = np.zeros((len(values), _CHUNKS), np.uint8)
    used = np.zeros((len(values), _CHUNKS), bool)
    alive = np.ones(len(values), bool)
    for k in range(_CHUNKS):
        if not alive.any():
            break
        low = values & 31
        values = values >> 5
        more = np.where(low & 16, values != -1, values != 0)
        chunks[:, k] = (low | (more.astype(np.int64) << 5)) + 48
        used[:, k] = alive
        alive = alive & more
    return bytes(chunks[used]).decode("ascii")


def runs_from_text(text: str | bytes) -> Int64[np.ndarray, " run"]:
    """Return the runs that a compressed text stands for.

    Raises:
        ParseError: The text holds other characters, ends within a number, or gives a run below 0.
    """
    raw = text.encode("utf-8") if isinstance(text, str) else bytes(text)
    codes = np.frombuffer(raw, np.uint8).astype(np.int64) - 48
    if not len(codes):
        return np.zeros(0, np.int64)
    last = (codes & 32) == 0
    if codes.min() < 0 or codes.max() > 63 or not last[-1]:
        raise ParseError(f"{raw[:40]!r} is no compressed run-length code.", hint="COCO's characters are '0' to 'o'.")
    ends = np.flatnonzero(last)
    starts = np.concatenate([[0], ends[:-1] + 1])
    place = np.arange(len(codes)) - np.repeat(starts, ends - starts + 1)
    if place.max() >= _CHUNKS:
        raise ParseError(f"{raw[:40]!r} holds a number of more than 64 bits.")
    values = np.add.reduceat((codes & 31) << (5 * place), starts)
    negative = (codes[ends] & 16) != 0
    values[negative] -= np.int64(1) << (5 * (place[ends] + 1))[negative]
    values[1::2] = np.cumsum(values[1::2])
    values[2::2] = np.cumsum(values[2::2])
    if values.min() < 0:
        raise ParseError(f"{raw[:40]!r} gives a run of {int(values.min())} pixels.")
    return values


def _runs_of_flat(flat: Bool[np.ndarray, " pixel"]) -> Int64[np.ndarray, " run"]:
    edges = np.flatnonzero(flat[1:] != flat[:-1]) + 1
    bounds = np.concatenate([[0], edges, [len(flat)]])
    runs = np.diff(bounds)
    return np.concatenate([[0], runs]) if flat[0] else runs


def encode_rle(mask: Bool[np.ndarray, "y x"]) -> Rle:
    """Return a mask in the compressed form.

    >>> import numpy as np
    >>> encode_rle(np.eye(2, dtype=bool))
    {'size': [2, 2], 'counts': '0120'}
    """
    flat = np.asarray(mask, bool).ravel(order="F")
    runs = _runs_of_flat(flat) if len(flat) else np.zeros(0, np.int64)
    return {"size": [int(n) for n in mask.shape], "counts": runs_to_text(runs)}


def rle_runs(rle: Mapping[str, object]) -> Int64[np.ndarray, " run"]:
    """Return the runs of a mask in either form; they sum to rows times columns.

    Args:
        rle: ``size`` and ``counts``, the counts as text, bytes or a list of runs.

    Raises:
        ParseError: Size or counts are missing or of another kind, or do not fit each other.
    """
    size, counts = rle.get("size"), rle.get("counts")
    try:
        height, width = (int(n) for n in size)  # type: ignore[attr-defined]  # whatever a file holds; checked here
        runs = runs_from_text(counts) if isinstance(counts, (str, bytes)) else np.array(counts, np.int64).reshape(-1)
    except (TypeError, ValueError) as err:
        raise ParseError(f"A mask holds a size and counts, not {str(rle)[:80]}.", hint=str(err)) from err
    if (len(runs) and runs.min() < 0) or int(runs.sum()) != height * width:
        raise ParseError(f"The runs of a mask sum to {int(runs.sum())} pixels, not to {height} x {width}.")
    return runs


def decode_rle(rle: Mapping[str, object]) -> Bool[np.ndarray, "y x"]:
    """Return the pixels of a mask in either form.

    Args:
        rle: ``size`` and ``counts``, the counts as text, bytes or a list of runs.

    Raises:
        ParseError: It cannot be read.
    """
    runs = rle_runs(rle)
    height, width = (int(n) for n in rle["size"])  # type: ignore[attr-defined]  # checked by rle_runs
    inside = np.arange(len(runs)) % 2 == 1
    return np.ascontiguousarray(np.repeat(inside, runs).reshape(width, height).T)


class RunMap:
    """The runs of a map of codes, from which the mask of any code is encoded without another look at the pixels."""

    def __init__(self, codes: Integer[np.ndarray, "y x"]) -> None:
        """Find the runs.

        Args:
            codes: Class or instance at each pixel.
        """
        self.size = [int(n) for n in codes.shape]
        flat = codes.ravel(order="F")
        edges = np.flatnonzero(flat[1:] != flat[:-1]) + 1
        self._starts = np.concatenate([[0], edges])
        self._ends = np.concatenate([edges, [len(flat)]])
        self._codes = flat[self._starts]

    def encode(self, *codes: int) -> Rle:
        """Return the mask of the pixels that have one of some codes."""
        inside = self._codes == codes[0] if len(codes) == 1 else np.isin(self._codes, codes)
        return self._encoded(self._starts[inside], self._ends[inside])

    def encode_each(self, codes: Iterable[int]) -> list[Rle]:
        """Return one mask for each of some codes, in their order."""
        order = np.argsort(self._codes, kind="stable")
        ranked = self._codes[order]
        wanted = list(codes)
        left, right = np.searchsorted(ranked, wanted, "left"), np.searchsorted(ranked, wanted, "right")
        spans = (order[a:b] for a, b in zip(left, right, strict=True))
        return [self._encoded(self._starts[span], self._ends[span]) for span in spans]

    def _encoded(self, starts: np.ndarray, ends: np.ndarray) -> Rle:
        n = self.size[0] * self.size[1]
        apart = np.ones(len(starts), bool)
        apart[1:] = starts[1:] != ends[:-1]  # runs of two wanted codes that follow each other are one
        tail = np.append(apart[1:], True) if len(starts) else apart
        bounds = np.empty(2 * int(apart.sum()), np.int64)
        bounds[0::2], bounds[1::2] = starts[apart], ends[tail]
        runs = np.diff(np.concatenate([[0], bounds, [n]]))
        if runs[-1] == 0 and len(runs) > 1:
            runs = runs[:-1]
        return {"size": list(self.size), "counts": runs_to_text(runs)}
