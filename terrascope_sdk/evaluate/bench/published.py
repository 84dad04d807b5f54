"""Published benchmark files: multiple choice about one picture each, answered and scored as the paper does.

The pictures are RGB without a place: they are taken as display values on a nominal grid of 10 m, as the questions say.
"""

import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from terrascope_sdk.errors import InputError, MissingDependency, ParseError
from terrascope_sdk.evaluate.bench.official import normalise_key
from terrascope_sdk.evaluate.bench.synthetic import nominal_grid
from terrascope_sdk.train.cot.parquet_files import require_pyarrow
from terrascope_sdk.types.encoding import JsonValue
from terrascope_sdk.types.series import ImageSeries
from terrascope_sdk.types.stack import ImageStack

__all__ = ["GSD_M", "PublishedQuestion", "read_published"]

GSD_M = 10.0
"""Assumed metres a pixel."""

_COLUMNS = ("image", "question", "candidates", "answer", "task_type")


@dataclass(frozen=True)
class PublishedQuestion:
    """One row of a published file."""

    number: int
    """Row, from 0."""

    picture: bytes
    """The picture as a file."""

    question: str
    """The question."""

    options: Mapping[str, str]
    """Text by letter."""

    key: str
    """The answer key as the official scorer compares it; a letter where it can be had."""

    task: str
    """Name of the task in the file."""

    def stack(self) -> ImageStack:
        """Return the picture as pixels.

        Raises:
            ParseError: It is no picture.
        """
        from PIL import Image, UnidentifiedImageError

        try:
            with Image.open(io.BytesIO(self.picture)) as opened:
                values = np.asarray(opened.convert("RGB"), np.float32) / np.float32(255)
        except (UnidentifiedImageError, OSError) as err:
            raise ParseError(f"The image of row {self.number} cannot be read: {err}") from err
        grid = nominal_grid((values.shape[0], values.shape[1]), GSD_M)
        pixels = np.ascontiguousarray(np.moveaxis(values, 2, 0))[None]
        series = ImageSeries(
            "optical", pixels, np.ones((1, *grid.shape), bool), ("red", "green", "blue"),
            (datetime(2000, 1, 1, tzinfo=UTC),), "display", grid,
        )  # fmt: skip
        return ImageStack(grid, series)


def _options(value: JsonValue) -> dict[str, str]:
    decoded = json.loads(value) if isinstance(value, (str, bytes)) else value
    if isinstance(decoded, Mapping):
        return {str(k).strip().upper(): str(v) for k, v in decoded.items() if v is not None}
    return {chr(65 + i): str(v) for i, v in enumerate(decoded)}


def _key(value: JsonValue, options: Mapping[str, str]) -> str:
    """Return the key's letter; a key that is the text of an option stands for its letter."""
    if isinstance(value, str) and value.strip().startswith("{"):
        value = json.loads(value)
    key = normalise_key(value)
    if key in options:
        return key
    return next((letter for letter, text in options.items() if text.strip().upper() == key.upper()), key)


def _row(number: int, row: Mapping[str, JsonValue]) -> PublishedQuestion:
    image = row["image"]
    picture = image["bytes"] if isinstance(image, Mapping) else image
    options = _options(row["candidates"])
    return PublishedQuestion(
        number, bytes(picture), str(row["question"]), options, _key(row["answer"], options), str(row["task_type"])
    )


def read_published(path: Path, limit: int | None = None) -> list[PublishedQuestion]:
    """Return the questions of a file.

    Args:
        path: A parquet file with the columns image, question, candidates, answer and task_type.
        limit: Most questions, evenly spread over the file; all when left out.

    Raises:
        MissingDependency: pyarrow is not installed.
        InputError: There is no such file, or a column is missing.
        ParseError: The file is no parquet, or a row is no question.
    """
    try:
        pa, parquet = require_pyarrow()
    except MissingDependency as err:
        raise MissingDependency("Published benchmark files need pyarrow.", hint=err.hint) from err
    if not path.is_file():
        raise InputError(f"There is no file {path}.", hint="Give a parquet file, or 'synthetic' or 'real'.")
    try:
        table = parquet.read_table(path)
    except (pa.ArrowException, OSError) as err:
        raise ParseError(f"{path} cannot be read as parquet: {err}", hint="Is it cut off?") from err
    missing = [c for c in _COLUMNS if c not in table.schema.names]
    if missing:
        raise InputError(f"{path} has no column {', '.join(missing)}.", hint=f"It needs {', '.join(_COLUMNS)}.")
    count = table.num_rows
    chosen = range(count) if limit is None or limit >= count else np.linspace(0, count - 1, limit).round().astype(int)
    return [_read(i, table.slice(int(i), 1).to_pylist()[0], path) for i in map(int, chosen)]


def _read(number: int, row: Mapping[str, JsonValue], path: Path) -> PublishedQuestion:
    try:
        return _row(number, row)
    except (KeyError, TypeError, ValueError, AttributeError) as err:
        raise ParseError(f"Row {number} of {path} is no question: {err}") from err


def tasks_in(questions: Sequence[PublishedQuestion]) -> list[str]:
    """Return the tasks of questions, in the order in which they come."""
    return list(dict.fromkeys(q.task for q in questions))
