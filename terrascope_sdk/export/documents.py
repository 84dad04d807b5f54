"""An answer as files: its document in JSON, its report as a page, and the way back."""

import json
from pathlib import Path

from terrascope_sdk import __version__
from terrascope_sdk.errors import ExportError, InputError, ParseError, TerraScopeError
from terrascope_sdk.export.names import mask_stems
from terrascope_sdk.export.raster import read_mask
from terrascope_sdk.export.writing import write_file
from terrascope_sdk.render.figure import Sheet
from terrascope_sdk.render.page import page
from terrascope_sdk.types import Answer, Mask
from terrascope_sdk.types.answer_html import answer_body
from terrascope_sdk.types.encoding import JsonValue

__all__ = ["answer_json", "answer_json_bytes", "mask_heads", "read_answer", "read_document", "report", "report_bytes"]

ANSWER_FILE = "answer.json"
REPORT_FILE = "report.html"


def answer_json_bytes(answer: Answer) -> bytes:
    """Return the file that :func:`answer_json` writes.

    Raises:
        ExportError: A value has no JSON form.
    """
    try:
        text = json.dumps(answer.to_json(), indent=2, ensure_ascii=False, allow_nan=False)
    except (TypeError, ValueError) as err:
        raise ExportError(f"The answer has no JSON form: {err}.") from err
    return f"{text}\n".encode()


def answer_json(answer: Answer, path: str | Path) -> Path:
    """Write the answer document (``docs/schema/answer.schema.json``); masks are named by id, pictures left out.

    Args:
        answer: What to write.
        path: Where; an existing file is replaced.

    Returns:
        The path.

    Raises:
        ExportError: It cannot be written.
    """
    return write_file(path, answer_json_bytes(answer))


def report_bytes(answer: Answer) -> bytes:
    """Return the file that :func:`report` writes."""
    sheet = Sheet()
    body = answer_body(answer, sheet)
    return page(answer.question, body, rules=sheet.rules, generator=f"terrascope-sdk {__version__}").encode()


def report(answer: Answer, path: str | Path) -> Path:
    """Write the answer as one HTML page that needs nothing else and loads nothing.

    Args:
        answer: What to show.
        path: Where; an existing file is replaced.

    Returns:
        The path.

    Raises:
        ExportError: It cannot be written.
    """
    return write_file(path, report_bytes(answer))


# ----------------------------------------------------------------------------------------------------------- back


def read_document(path: Path) -> dict[str, JsonValue]:
    """Return a JSON object from a file.

    Raises:
        InputError: There is no such file.
        ParseError: It holds no JSON object.
    """
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError) as err:
        raise InputError(f"There is no {path}.", hint="Give a folder that export() wrote.") from err
    except (OSError, ValueError, RecursionError) as err:
        raise ParseError(f"{path} cannot be read as JSON: {err}.", hint="Export the answer again.") from err
    if not isinstance(document, dict):
        raise ParseError(f"{path} holds no JSON object.", hint="Export the answer again.")
    return document


def mask_heads(document: dict[str, JsonValue]) -> list[dict[str, JsonValue]]:
    """Return id, label, date and sensor of the masks that an answer document names, without repeats."""
    masks = [step["mask"] for chain in document["chain"] for step in chain["steps"] if step["mask"] is not None]
    return list({mask["id"]: mask for mask in masks}.values())


def read_answer(folder: str | Path) -> Answer:
    """Read what ``export(answer, folder)`` wrote: the answer with its masks, without its pictures.

    Args:
        folder: The folder.

    Raises:
        InputError: There is no ``answer.json`` in it.
        ParseError: The document is damaged or of another version, or a mask was changed since it was written.
        RasterError: A mask's file is missing or cannot be read.
    """
    where = Path(folder)
    document = read_document(where / ANSWER_FILE)
    try:
        masks = _read_masks(where, mask_stems(mask_heads(document)))
        return Answer.from_json(document, masks)
    except TerraScopeError:
        raise
    except (KeyError, TypeError, ValueError, AttributeError) as err:
        raise ParseError(
            f"{where / ANSWER_FILE} is no answer document: {type(err).__name__} {err}.", hint="Export the answer again."
        ) from err


def _read_masks(folder: Path, stems: dict[str, str]) -> dict[str, Mask]:
    masks = {}
    for mask_id, stem in stems.items():
        path = folder / f"{stem}.tif"
        mask = read_mask(path)
        if mask.id != mask_id:
            raise ParseError(
                f"{path} was changed since it was written: it holds {mask.id}, the answer was measured on {mask_id}.",
                hint="Read it by itself with read_mask, and measure it again.",
            )
        masks[mask_id] = mask
    return masks
