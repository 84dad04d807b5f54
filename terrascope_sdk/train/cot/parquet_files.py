"""Samples as parquet: the columns that are written, and a reader that takes what published files have."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

from terrascope_sdk.errors import InputError, MissingDependency, ParseError
from terrascope_sdk.train.cot.rle import Rle, rle_runs, runs_to_text
from terrascope_sdk.train.cot.sample import Message, Sample

__all__ = ["read_terra_cot", "require_pyarrow", "write_samples"]

_TEXTS = (
    "id",
    "image",
    "pre_image",
    "post_image",
    "sar_image",
    "tier",
    "task",
    "kind",
    "rule",
    "answer",
    "source",
    "licence",
)
_NUMBERS = ("gsd_m", "pixel_area_m2")
_LISTS = ("labels", "modalities")


def require_pyarrow() -> tuple[ModuleType, ModuleType]:
    """Return ``pyarrow`` and ``pyarrow.parquet``.

    Raises:
        MissingDependency: It is not installed.
    """
    try:
        import pyarrow
        from pyarrow import parquet
    except ImportError as err:
        raise MissingDependency(
            "Terra-CoT files need pyarrow.", hint="Install it with: pip install 'terrascope-sdk[train]'"
        ) from err
    return pyarrow, parquet


def _schema(pa: Any) -> Any:  # a module and its schema: pyarrow has no types
    rle = pa.struct([("size", pa.list_(pa.int32())), ("counts", pa.string())])
    return pa.schema([
        *((name, pa.string()) for name in _TEXTS),
        ("conversations", pa.list_(pa.struct([("from", pa.string()), ("value", pa.string())]))),
        ("masks", pa.list_(pa.list_(rle))),
        *((name, pa.list_(pa.string())) for name in _LISTS),
        ("valid", rle),
        *((name, pa.float64()) for name in _NUMBERS),
    ])  # fmt: skip


def write_samples(samples: Sequence[Sample], path: Path) -> None:
    """Write samples into one file; it appears under its name only when it is whole.

    Args:
        samples: Of any tier.
        path: Name of the file; a file of that name is replaced.

    Raises:
        MissingDependency: pyarrow is not installed.
    """
    pa, parquet = require_pyarrow()
    unfinished = path.with_name(f".{path.name}.part")
    table = pa.Table.from_pylist(list(samples), schema=_schema(pa))
    parquet.write_table(table, unfinished, compression="zstd")
    unfinished.replace(path)


def read_terra_cot(path: Path | str) -> Iterator[Sample]:
    """Yield the samples of a Terra-CoT file or folder, one by one, this package's or published ones.

    Columns that are missing are left out of the samples; conversations and masks may be JSON text; a mask's counts may
    be text, bytes or a list of runs, and are given compressed. Embedded pictures come as ``pictures``, by field.

    Args:
        path: A parquet file, or a folder with some, which are read in the order of their names.

    Raises:
        MissingDependency: pyarrow is not installed.
        InputError: There is no such file, or no parquet file in the folder.
        ParseError: A file is no parquet, or a row is no sample; the message says which.
    """
    _, parquet = require_pyarrow()
    where = Path(path)
    files = sorted(where.rglob("*.parquet")) if where.is_dir() else [where]
    if not files or not files[0].is_file():
        raise InputError(f"There is no parquet file at {where}.", hint="Give a .parquet file or a folder with some.")
    for file in files:
        yield from _rows(parquet, file)


def _rows(parquet: Any, file: Path) -> Iterator[Sample]:  # a module: pyarrow has no types
    import pyarrow

    number = 0
    try:
        with parquet.ParquetFile(file) as opened:
            if "conversations" not in opened.schema_arrow.names:
                raise ParseError(f"{file} has no conversations.", hint="It is no Terra-CoT file.")
            for batch in opened.iter_batches(batch_size=256):
                for row in batch.to_pylist():
                    yield _read_row(row, f"Row {number} of {file}")
                    number += 1
    except (pyarrow.ArrowException, OSError) as err:
        raise ParseError(f"{file} cannot be read as parquet: {err}", hint="Is it cut off?") from err


def _read_row(row: Mapping[str, Any], where: str) -> Sample:  # whatever a file holds
    try:
        return _sample(row)
    except (KeyError, TypeError, ValueError, AttributeError) as err:
        raise ParseError(f"{where} is no sample: {err}") from err


def _decoded(value: object) -> Any:  # whatever a file holds; its user checks it
    return json.loads(value) if isinstance(value, (str, bytes)) else value


def _sample(row: Mapping[str, Any]) -> Sample:
    turns = [Message({"from": str(t["from"]), "value": str(t["value"])}) for t in _decoded(row["conversations"])]
    found: dict[str, Any] = {"conversations": turns}  # checked field by field, then a Sample
    masks = _decoded(row.get("masks"))
    if masks is not None:
        found["masks"] = [[_rle(m) for m in ([given] if isinstance(given, dict) else given)] for given in masks]
    if row.get("valid") is not None:
        found["valid"] = _rle(_decoded(row["valid"]))
    elif "valid" in row:
        found["valid"] = None
    found |= {name: float(row[name]) for name in _NUMBERS if row.get(name) is not None}
    found |= {name: [str(v) for v in _decoded(row[name])] for name in _LISTS if row.get(name) is not None}
    pictures = {}
    for name in _TEXTS:
        value = row.get(name)
        if isinstance(value, dict):  # a picture inside the file
            pictures[name] = value.get("bytes") or b""
            value = value.get("path")
        if value is not None:
            found[name] = str(value)
    if pictures:
        found["pictures"] = pictures
    sample: Sample = found  # type: ignore[assignment]  # every field was converted above
    return sample


def _rle(given: Mapping[str, object]) -> Rle:
    runs = rle_runs(given)
    size = [int(n) for n in given["size"]]  # type: ignore[attr-defined]  # checked by rle_runs
    return {"size": size, "counts": runs_to_text(runs)}
