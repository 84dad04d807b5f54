"""Masks and answers of a workspace as resources: pictures, rasters, outlines, reports. No paths, only ids."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass

import terrascope_sdk
from terrascope_sdk.errors import InputError
from terrascope_sdk.export.documents import answer_json_bytes
from terrascope_sdk.export.raster import geotiff_bytes
from terrascope_sdk.export.vector import geojson_text
from terrascope_sdk.plan.stages import Stages
from terrascope_sdk.render.figure import Sheet
from terrascope_sdk.render.overlay import overlay_png
from terrascope_sdk.render.page import page
from terrascope_sdk.render.palette import colour_of
from terrascope_sdk.types import Answer, Mask
from terrascope_sdk.types.answer_html import answer_body

__all__ = ["FORMS", "Form", "names_of", "read_value", "uri_of"]

_REPORT_BYTES = 700_000
"""Largest report, bytes, where coarser pictures can help: clients refuse messages of more than a mebibyte."""

_REPORT_PX = (1200, 600, 300, 150)
"""Longest side of the pictures of a report, pixels; the first that is small enough."""

MAX_LISTED = 200
"""Most values of a kind that are listed; any other can still be read by its id."""


@dataclass(frozen=True)
class Form:
    """One way in which a kind of value can be read."""

    kind: str
    """``mask`` or ``answer``."""

    ending: str
    """Last part of the address."""

    mime_type: str
    """What comes."""

    binary: bool
    """Whether it is bytes and not text."""

    title: str
    """What it is, in a few words."""


FORMS = (
    Form("mask", "png", "image/png", True, "picture of a mask, one pixel a cell or coarser"),
    Form(
        "mask", "tif", "image/tiff; application=geotiff", True, "mask as GeoTIFF: 0 outside, 1 inside, 255 not observed"
    ),
    Form("mask", "geojson", "application/geo+json", False, "outlines of a mask, EPSG:4326"),
    Form("mask", "json", "application/json", False, "what a mask is: label, date, sensor, grid"),
    Form("answer", "html", "text/html", False, "report of an answer"),
    Form("answer", "json", "application/json", False, "an answer with its numbers, checks and plan"),
)
"""All forms, the one that is listed first for each kind."""

_URI = re.compile(r"^terrascope://(mask|answer)/((?:mask|answer)-[0-9a-f]{16})\.(png|tif|geojson|json|html)$")


def uri_of(name: str, ending: str) -> str:
    """Return the address of a value in a form."""
    return f"terrascope://{name.partition('-')[0]}/{name}.{ending}"


def names_of(stages: Stages, kind: str) -> list[str]:
    """Return the ids of the values of a kind in the workspace, newest first.

    Args:
        stages: Over the workspace.
        kind: ``mask`` or ``answer``.
    """
    files = [f for f in (stages.workspace.folder / kind).glob("*/*.json") if re.fullmatch(r"[0-9a-f]{16}", f.stem)]
    files.sort(key=lambda f: (-f.stat().st_mtime, f.stem))
    return [f"{kind}-{f.stem}" for f in files[:MAX_LISTED]]


def read_value(stages: Stages, uri: str) -> tuple[Form, bytes]:
    """Return a value of the workspace in the form that an address names.

    Args:
        stages: Over the workspace.
        uri: Such as ``terrascope://mask/mask-0123456789abcdef.tif``.

    Raises:
        InputError: The address is none of ours, or there is no such value.
        ExportError: The value has no such form, such as outlines of a mask without CRS.
    """
    match = _URI.match(uri)
    form = next((f for f in FORMS if match and (f.kind, f.ending) == (match[1], match[3])), None)
    if match is None or form is None or not match[2].startswith(f"{form.kind}-"):
        forms = ", ".join(f"terrascope://{f.kind}/ID.{f.ending}" for f in FORMS)
        raise InputError("This is no address of a value.", hint=f"Addresses are {forms}.")
    if match[2] not in stages.workspace:
        raise InputError(f"There is no {match[2]}.", hint="Use an id that a tool gave.")
    if form.kind == "answer":
        answer = stages.read_answer(match[2])
        return form, _report(answer) if form.ending == "html" else answer_json_bytes(answer)
    return form, _MASK_BYTES[form.ending](stages.workspace.load_mask(match[2]))


def _report(answer: Answer) -> bytes:
    """Return the report, with pictures as fine as a message may carry; a file that export_result writes is full."""
    content = b""
    for limit_px in _REPORT_PX:
        sheet = Sheet(limit_px)
        body = answer_body(answer, sheet)
        generator = f"terrascope-sdk {terrascope_sdk.__version__}"
        content = page(answer.question, body, rules=sheet.rules, generator=generator).encode()
        if len(content) <= _REPORT_BYTES:
            break
    return content


def _picture(mask: Mask) -> bytes:
    codes = mask.to_uint8()
    return overlay_png(codes, colour_of(mask.label))


def _head(mask: Mask) -> bytes:
    return json.dumps({"id": mask.id} | mask.to_json_head(), ensure_ascii=False).encode()


_MASK_BYTES: dict[str, Callable[[Mask], bytes]] = {
    "png": _picture, "tif": geotiff_bytes, "geojson": lambda mask: geojson_text(mask).encode(), "json": _head,
}  # fmt: skip
