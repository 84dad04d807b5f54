"""The results of lessons as a file of JSON lines: written by students' notebooks, collected by an instructor."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

from terrascope_sdk.errors import InputError, ParseError
from terrascope_sdk.export.writing import cannot_write
from terrascope_sdk.notebook.teach_scores import Attempt

__all__ = ["append_attempt", "read_results"]


def append_attempt(path: str | Path, attempt: Attempt) -> None:
    """Add one attempt to the end of a results file; the file is made when it is not there.

    Raises:
        ExportError: It cannot be written.
    """
    line = json.dumps(attempt.to_json(), ensure_ascii=False, allow_nan=False) + "\n"
    try:
        with Path(path).open("ab") as file:
            file.write(line.encode())
    except OSError as err:
        raise cannot_write(Path(path), err) from err


def read_results(paths: str | Path | Iterable[str | Path]) -> tuple[Attempt, ...]:
    """Return the attempts of one results file or of several, by time.

    Args:
        paths: A file, or files, as students handed them in.

    Raises:
        InputError: A file cannot be read.
        ParseError: A line is no attempt; the message names file and line.
    """
    named = [paths] if isinstance(paths, str | Path) else list(paths)
    found = [attempt for path in named for attempt in _attempts(Path(path))]
    return tuple(sorted(found, key=lambda a: a.at))


def _attempts(path: Path) -> list[Attempt]:
    try:
        lines = path.read_text(encoding="utf-8").split("\n")  # a name may hold other line separators
    except (OSError, UnicodeDecodeError) as err:
        raise InputError(
            f"{path.name} cannot be read as results.", hint="Give the .jsonl files of the students."
        ) from err
    made = []
    for number, line in enumerate(lines, 1):
        if line.strip():
            try:
                made.append(Attempt.from_json(json.loads(line)))
            except (ValueError, AttributeError) as err:
                raise ParseError(f"{path.name}, line {number} is no attempt: {err}") from err
    return made
