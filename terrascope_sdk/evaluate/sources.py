"""Where a label or a cloud flag is: the five forms in which question files name it.

``file.tif`` (band 1), ``file.tif band N``, ``file.npz:array``, ``file_1.tif + file_2.tif`` (first date, second date)
and ``file.tif bit N`` (one bit of a bit field). Forms combine where that makes sense: ``a.tif band 2 + b.tif band 2``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import PurePosixPath

from terrascope_sdk.errors import ParseError

__all__ = ["Source", "parse_sources"]

_SUFFIX = re.compile(r"^(?P<file>.+?)\s+(?P<kind>band|bit)\s+(?P<number>\d+)$", re.IGNORECASE)
_ARRAY = re.compile(r"^(?P<file>.+\.npz):(?P<array>[^:]+)$", re.IGNORECASE)


@dataclass(frozen=True)
class Source:
    """One layer of one file."""

    file: str
    """Path inside the scene's folder."""

    band: int = 1
    """Band of a raster file, from 1."""

    array: str | None = None
    """Name of the array in an NPZ file; None for raster files."""

    bit: int | None = None
    """Bit of a bit field, from 0, the least significant; None for a map of values."""

    def __str__(self) -> str:
        inside = f":{self.array}" if self.array else f" band {self.band}" if self.band != 1 else ""
        return f"{self.file}{inside}" + (f" bit {self.bit}" if self.bit is not None else "")


def _parse_one(text: str) -> Source:
    rest, numbers = text.strip(), dict[str, int]()
    while match := _SUFFIX.match(rest):
        kind = match["kind"].lower()
        if kind in numbers:
            raise ParseError(f"{text!r} names two of the same: {kind}.")
        numbers[kind], rest = int(match["number"]), match["file"]
    array = _ARRAY.match(rest)
    file = array["file"] if array else rest
    path = PurePosixPath(file)
    if not file or path.is_absolute() or ".." in path.parts:
        raise ParseError(f"{text!r} does not name a file of the scene's folder.")
    if (array and "band" in numbers) or numbers.get("band", 1) < 1:
        raise ParseError(f"{text!r}: bands are those of a raster file and count from 1.")
    if path.suffix.lower() == ".npz" and not array:
        raise ParseError(f"{text!r} does not say which array.", hint="Write file.npz:array.")
    return Source(file, numbers.get("band", 1), array["array"].strip() if array else None, numbers.get("bit"))


def parse_sources(text: str) -> tuple[Source, ...]:
    """Read one of the five forms.

    Returns:
        One source, or two for the first and the second date.

    Raises:
        ParseError: The text has another form.

    >>> parse_sources("S2_L2A_sample.tif band 5")
    (Source(file='S2_L2A_sample.tif', band=5, array=None, bit=None),)
    >>> [str(s) for s in parse_sources("a.npz:msk + QA_PIXEL.TIF bit 3")]
    ['a.npz:msk', 'QA_PIXEL.TIF bit 3']
    """
    parts = re.split(r"\s+\+\s*|\s*\+\s+", text)
    if len(parts) > 2:
        raise ParseError(f"{text!r} names {len(parts)} layers.", hint="At most two: first date + second date.")
    return tuple(_parse_one(part) for part in parts)
