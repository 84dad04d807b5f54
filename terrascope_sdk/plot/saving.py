"""Figures as files for print and web, with where they came from in the file; the same figure gives the same bytes."""

import json
import secrets
from io import BytesIO
from pathlib import Path

import matplotlib
from matplotlib.figure import Figure

from terrascope_sdk import __version__
from terrascope_sdk.errors import ExportError, InputError
from terrascope_sdk.plot.drawing import Drawing
from terrascope_sdk.plot.style import styled
from terrascope_sdk.render.html import escape, printable
from terrascope_sdk.types import Answer
from terrascope_sdk.types.encoding import JsonValue, content_id

__all__ = ["answer_id", "save"]

_FORMATS = ("pdf", "svg", "png")
_LOWEST_DPI, _HIGHEST_DPI = 50, 1200


def answer_id(answer: Answer) -> str:
    """Return the content hash of an answer: of everything in its document but the time at which it was made."""
    return content_id("answer", {k: v for k, v in answer.to_json().items() if k != "created"})


def _provenance(figure: Drawing) -> dict[str, JsonValue]:
    sources = figure.sources
    facts: dict[str, JsonValue] = {
        "version": f"terrascope-sdk {__version__}",
        "drawn_with": f"matplotlib {matplotlib.__version__}",
        "masks": [m.id for m in sources.masks],
        "measurements": [m.id for m in sources.measurements],
        "credit": sources.credit,
    }
    if sources.answer is not None:
        source = sources.answer.provenance
        facts |= {
            "answer": answer_id(sources.answer),
            "question": sources.answer.question,
            "reasoner": source.reasoner,
            "scenes": [str(s.get("id", "")) for s in source.scenes],
            "ids": source.ids,
        }
    return facts


def _metadata(figure: Drawing, kind: str) -> dict[str, str | None]:
    record = json.dumps(_provenance(figure), sort_keys=True, ensure_ascii=True)
    title, told, credit = (printable(t) for t in (figure.title, figure.description, figure.sources.credit))
    software = f"terrascope-sdk {__version__}"
    if kind == "png":
        return {"Title": title, "Description": told, "Copyright": credit, "Source": record, "Software": software}
    if kind == "svg":
        known = {"Title": title, "Description": told, "Rights": credit, "Source": record, "Creator": software}
        return {k: v for k, v in known.items() if v} | {"Date": None}
    return {"Title": title, "Subject": told, "Keywords": record, "Creator": software, "CreationDate": None}


def _spoken(svg: bytes, figure: Drawing) -> bytes:
    """Return the SVG with title and description where browsers and screen readers look for them."""
    names = f"<title>{escape(figure.title)}</title>\n <desc>{escape(figure.description)}</desc>\n <metadata>"
    return svg.replace(b"<metadata>", names.encode(), 1)


def _content(figure: Drawing, kind: str, dpi: float) -> bytes:
    buffer = BytesIO()
    with styled():
        figure.savefig(buffer, format=kind, dpi=dpi, metadata=_metadata(figure, kind))
    return _spoken(buffer.getvalue(), figure) if kind == "svg" else buffer.getvalue()


def save(figure: Figure, path: str | Path, *, dpi: float = 300) -> Path:
    """Write a figure for print: PDF or SVG as vectors, PNG as pixels, by the ending of the name.

    Title, description, credit, software version and the ids of answer, masks and measurements are in the file's
    metadata; the time of writing is not, so the same figure always gives the same bytes. The file appears whole or not
    at all, and replaces one of the same name.

    Args:
        figure: Made by a function of this module.
        path: Where to; ends in ``.pdf``, ``.svg`` or ``.png``. Its folder must exist.
        dpi: Pixels an inch of a PNG, and of the rasters inside a PDF; 50 to 1200.

    Returns:
        The path.

    Raises:
        InputError: Another ending, another kind of figure, or a resolution out of range.
        ExportError: The file cannot be written.

    Examples:
        >>> import tempfile
        >>> from terrascope_sdk import measure, plot
        >>> from terrascope_sdk.testing import disc_mask, utm_grid
        >>> lake = measure.area(disc_mask(utm_grid(), radius_m=500.0))
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     plot.save(plot.area_bars([lake]), f"{folder}/lake.pdf").name
        'lake.pdf'
    """
    target = Path(path)
    kind = target.suffix.lower().removeprefix(".")
    if kind not in _FORMATS:
        raise InputError(
            f"A figure is saved as .pdf, .svg or .png, not as {target.name[:100]!r}.", hint="PDF suits most journals."
        )
    if not isinstance(figure, Drawing):
        raise InputError(
            f"Only figures of terrascope_sdk.plot know where they came from, not a {type(figure).__name__}.",
            hint="Save it with its own savefig.",
        )
    if not _LOWEST_DPI <= dpi <= _HIGHEST_DPI:
        raise InputError(
            f"dpi lies in {_LOWEST_DPI} to {_HIGHEST_DPI}, not {dpi}.", hint="Journals ask for 300 to 600."
        )
    content = _content(figure, kind, dpi)
    temporary = target.with_name(f".{target.name[:100]}.{secrets.token_hex(6)}.tmp")
    try:
        try:
            temporary.write_bytes(content)
            temporary.replace(target)
        finally:
            temporary.unlink(missing_ok=True)
    except OSError as err:
        raise ExportError(
            f"{target} cannot be written: {err.strerror or err}.",
            hint="Choose a folder that exists and that you may write.",
        ) from err
    return target
