"""Tools that measure, combine and write masks."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from terrascope_sdk import export, measure
from terrascope_sdk.errors import ExportError, InputError
from terrascope_sdk.export.writing import write_file
from terrascope_sdk.plan.mask_algebra import combined
from terrascope_sdk.plan.mask_steps import Buffer, Complement, Components, Intersect, Select, Subtract, Union
from terrascope_sdk.plan.step import StepBase
from terrascope_sdk.plan.tool_arguments import CombineMasks, ExportResult, MeasureMask
from terrascope_sdk.plan.tool_digest import ToolResult, digest, mask_line, number_line
from terrascope_sdk.plan.tool_imagery import mask_entry
from terrascope_sdk.plan.tool_workshop import ToolCall, Workshop
from terrascope_sdk.stac.shown_text import shown
from terrascope_sdk.types import Aoi, Event, Mask, Measurement

__all__ = ["EXPORTS", "combine_masks", "export_result", "measure_mask"]

EXPORTS = "exports"
"""Folder inside the workspace into which files are written; nothing is written anywhere else."""


def measure_mask(shop: Workshop, wanted: MeasureMask, call: ToolCall) -> ToolResult:
    """Return one quantity of masks, with unit, bounds and the share that was observed.

    Args:
        shop: Where to work.
        wanted: Quantity and masks.
        call: The running call.

    Raises:
        InputError: A second mask is missing or too much, or the grids differ.
        UndefinedMeasurement: The number has no meaning here.
    """
    mask = shop.mask(wanted.mask)
    pair = wanted.quantity in {"distance", "touches", "change"}
    if pair and wanted.other is None:
        raise InputError(f"{wanted.quantity} needs a second mask.", hint="Pass other=, the id of a mask.")
    if not pair and wanted.quantity != "share" and wanted.other is not None:
        raise InputError(f"{wanted.quantity} takes one mask only.", hint="Leave out other.")
    other = None if wanted.other is None else shop.mask(wanted.other)
    aoi = shop.area_of(wanted.aoi, [m for m in (wanted.mask, wanted.other) if m is not None])
    call.go_on()
    numbers = [replace(n, prefer=wanted.unit) if n.unit == "m2" else n for n in _measured(wanted, mask, other, aoi)]
    for number in numbers:
        call.emit(Event("measurement", str(number), number.to_json()))
    notes = [f"Note: {shown(n, 160)}" for n in dict.fromkeys(note for m in numbers for note in m.notes)]
    where = "the area of interest" if aoi is not None else "all that was loaded"
    first, *more = map(number_line, numbers)
    return ToolResult(
        digest(first, [*more, f"Measured over {where}.", *notes]),
        {"measurements": [n.to_json() for n in numbers], "masks": [mask_entry(m) for m in (mask, other) if m]},
    )


def _measured(wanted: MeasureMask, mask: Mask, other: Mask | None, aoi: Aoi | None) -> list[Measurement]:
    if other is not None:
        return _of_two(wanted.quantity, mask, other, aoi)
    single: dict[str, Callable[[], Measurement]] = {
        "area": lambda: measure.area(mask, aoi=aoi),
        "share": lambda: measure.share(mask, aoi=aoi),
        "count": lambda: measure.count(mask, aoi=aoi),
        "length": lambda: measure.edge_length(mask, aoi=aoi),
    }
    return [single[wanted.quantity]()]


def _of_two(quantity: str, mask: Mask, other: Mask, aoi: Aoi | None) -> list[Measurement]:
    if quantity == "distance":
        return [measure.distance(mask, other, aoi=aoi)]
    if quantity == "touches":
        return [measure.touches(mask, other, aoi=aoi), measure.shared_edge_length(mask, other, aoi=aoi)]
    if quantity == "share":
        inside = measure.share(mask.intersect(other).observed_within(other.pixels), aoi=aoi)
        return [replace(inside, subject=f"{mask.label} within {other.label}", mask_ids=(mask.id, other.id))]
    found = measure.change(mask, other, aoi=aoi)
    return [found.net, found.gain, found.loss]


def combine_masks(shop: Workshop, wanted: CombineMasks, call: ToolCall) -> ToolResult:
    """Return a mask made of others.

    Args:
        shop: Where to work.
        wanted: Operation, masks and what the operation needs.
        call: The running call.

    Raises:
        InputError: Masks or numbers are missing or too many, or the grids differ.
        UndefinedMeasurement: A distance on a grid without a coordinate reference system.
    """
    step = _step(wanted)
    names = [f"m{i}" for i in range(len(wanted.masks))]
    masks = {name: shop.mask(i) for name, i in zip(names, wanted.masks, strict=True)}
    call.go_on()
    made = combined(step, masks, workspace=shop.workspace)
    shop.note_area([made.mask.id], shop.area_of(None, wanted.masks))
    call.emit(Event("step", f"{made.mask.label}: {made.how}", {"mask": made.mask.id}))
    return ToolResult(
        digest(mask_line(made.mask), [f"{made.how[:1].upper()}{made.how[1:]}. Inputs: {len(masks)}."]),
        {"mask": made.mask.id, "masks": [mask_entry(made.mask)], "step": step.model_dump(mode="json"),
         "inputs": list(wanted.masks)},
    )  # fmt: skip


def _step(wanted: CombineMasks) -> StepBase:
    """Return the step of the plan language that does what is wanted, or say what does not fit."""
    count, op = len(wanted.masks), wanted.operation
    names = tuple(f"m{i}" for i in range(count))
    takes = {"union": (2, 16), "intersect": (2, 16), "subtract": (2, 2), "select": (2, 2)}.get(op, (1, 1))
    if not takes[0] <= count <= takes[1]:
        many = str(takes[0]) if takes[0] == takes[1] else f"{takes[0]} to {takes[1]}"
        raise InputError(f"{op} takes {many} mask{'s' * (takes[1] > 1)}, not {count}.")
    if wanted.distance_m is not None and op not in {"buffer", "select"}:
        raise InputError(f"{op} takes no distance.", hint="Leave out distance_m.")
    if wanted.min_area_m2 is not None and op != "components":
        raise InputError(f"{op} takes no smallest area.", hint="Leave out min_area_m2.")
    if op == "buffer" and not wanted.distance_m:
        raise InputError("buffer needs distance_m, more than 0.", hint="State the distance in metres.")
    if op == "components" and wanted.min_area_m2 is None:
        raise InputError("components needs min_area_m2.", hint="State the smallest area in square metres.")
    makers: dict[str, Callable[[], StepBase]] = {
        "union": lambda: Union(id="made", masks=names),
        "intersect": lambda: Intersect(id="made", masks=names),
        "subtract": lambda: Subtract(id="made", a=names[0], b=names[1]),
        "complement": lambda: Complement(id="made", mask=names[0]),
        "buffer": lambda: Buffer(id="made", mask=names[0], distance_m=wanted.distance_m or 1.0),
        "components": lambda: Components(id="made", mask=names[0], min_area_m2=wanted.min_area_m2 or 1.0),
        "select": lambda: Select(id="made", mask=names[0], other=names[1], distance_m=wanted.distance_m or 0.0),
    }
    return makers[op]()


def export_result(shop: Workshop, wanted: ExportResult, call: ToolCall) -> ToolResult:
    """Write results as files into the export folder of the workspace; names are made here, never by the caller.

    Args:
        shop: Where to work.
        wanted: Ids and format.
        call: The running call.

    Raises:
        InputError: An id and the format do not fit.
        ExportError: A file cannot be written, or the folder leads elsewhere.
    """
    folder = export_folder(shop)
    files = []
    for name in dict.fromkeys(wanted.what):
        call.go_on()
        files.append(_write(shop, name, wanted.format, folder))
    told = [f"{EXPORTS}/{p.name}, {p.stat().st_size} bytes" for p in files]
    return ToolResult(
        digest(f"Wrote {len(files)} file{'s' * (len(files) != 1)} into the workspace.", told),
        {"files": [f"{EXPORTS}/{p.name}" for p in files], "what": list(wanted.what)},
    )


def export_folder(shop: Workshop) -> Path:
    """Return the export folder, made where it is missing.

    Raises:
        ExportError: It cannot be made, or is a link to another place.
    """
    folder = shop.workspace.folder / EXPORTS
    try:
        folder.mkdir(parents=True, exist_ok=True)
        inside = folder.resolve() == shop.workspace.folder.resolve() / EXPORTS
    except OSError as err:
        raise ExportError(f"The export folder cannot be made: {err.strerror or err}.") from err
    if not inside:
        raise ExportError("The export folder leads out of the workspace.", hint="Remove the link.")
    return folder


def _write(shop: Workshop, name: str, kind: str, folder: Path) -> Path:
    is_mask = name.startswith("mask-")
    if kind == "html" and is_mask:
        raise InputError(f"{name} is a mask; html is for answers.", hint="Use geotiff, geojson or json.")
    if kind in {"geotiff", "geojson"} and not is_mask:
        raise InputError(f"{name} is an answer; {kind} is for masks.", hint="Use html or json.")
    ending = {"geotiff": "tif", "geojson": "geojson", "json": "json", "html": "html"}[kind]
    path = folder / f"{name}.{ending}"
    if not is_mask:
        shop.document(name)
        answer = shop.stages.read_answer(name)
        return export.report(answer, path) if kind == "html" else export.answer_json(answer, path)
    mask = shop.mask(name)
    if kind == "geotiff":
        return export.geotiff(mask, path)
    if kind == "geojson":
        return export.geojson(mask, path)
    return write_file(path, json.dumps(mask.to_json_head(), ensure_ascii=False, indent=1).encode())
