"""What a plan gives besides masks and numbers: chains of the reasoner's own, and files in the workspace."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import terrascope_sdk
from terrascope_sdk.errors import ExportError, InputError
from terrascope_sdk.export import geojson, geotiff
from terrascope_sdk.export.writing import cannot_write, write_file
from terrascope_sdk.plan.language import Plan
from terrascope_sdk.plan.other_steps import Ask, Export
from terrascope_sdk.plan.workspace import Workspace
from terrascope_sdk.types import ImageStack, Mask, Measurement, Reasoner, ReasoningChain
from terrascope_sdk.types.encoding import JsonValue

__all__ = ["ask_plan", "export_plan"]

_COLUMNS = ("step", "name", "subject", "value", "unit", "low", "high", "interval", "observed_frac", "masks")


def ask_plan(
    plan: Plan, stack: ImageStack, *, reasoner: Reasoner, workspace: Workspace, computed: list[str] | None = None
) -> dict[str, ReasoningChain]:
    """Let the reasoner answer the questions of a plan, each by a chain of its own.

    Args:
        plan: What to ask.
        stack: The pixels.
        reasoner: Who answers.
        workspace: Where chains are kept, so that nothing is asked twice.
        computed: Gets the ids of the steps that were asked now.

    Returns:
        Chains by step id.

    Raises:
        GroundingError: The reasoner could not answer.
    """
    chains: dict[str, ReasoningChain] = {}
    for step in plan.steps:
        if not isinstance(step, Ask):
            continue
        recipe: JsonValue = {
            "do": "ask", "reasoner": reasoner.name, "stack": stack.id, "question": step.question,
            "version": terrascope_sdk.__version__,
        }  # fmt: skip
        known = workspace.recall(recipe)
        if known is None:
            known = workspace.remember(recipe, workspace.save(reasoner.reason(stack, step.question)))
            if computed is not None:
                computed.append(step.id)
        chains[step.id] = workspace.load_chain(str(known))
    return chains


def export_plan(
    plan: Plan, masks: Mapping[str, Mask], numbers: Mapping[str, Sequence[Measurement]], workspace: Workspace
) -> dict[str, list[str]]:
    """Write the files of a plan into the workspace's folder ``exports``, under the plan's id.

    Args:
        plan: What to write.
        masks: Mask by step id.
        numbers: Measurements by step id.
        workspace: Where to; a file's name is made of step ids only.

    Returns:
        Paths by step id.

    Raises:
        ExportError: A file cannot be written, or what it should hold was left out.
    """
    files: dict[str, list[str]] = {}
    for step in plan.steps:
        if not isinstance(step, Export):
            continue
        absent = [n for n in step.what if n not in masks and n not in numbers]
        if absent:
            raise ExportError(f"Step {step.id!r} cannot write {', '.join(absent)}: there is no result.")
        folder = workspace.folder / "exports" / plan.id
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as err:
            raise cannot_write(folder, err) from err
        files[step.id] = [str(p) for p in _written(step, masks, numbers, folder)]
    return files


def _written(
    step: Export, masks: Mapping[str, Mask], numbers: Mapping[str, Sequence[Measurement]], folder: Path
) -> list[Path]:
    if step.format == "geotiff":
        return [geotiff(masks[name], folder / f"{name}.tif") for name in step.what]
    if step.format == "geojson":
        return [geojson(masks[name], folder / f"{name}.geojson") for name in step.what]
    if step.format == "csv":
        return [write_file(folder / f"{step.id}.csv", _table({n: numbers[n] for n in step.what}).encode())]
    if step.format == "json":
        told = {n: masks[n].to_json_head() if n in masks else [m.to_json() for m in numbers[n]] for n in step.what}
        return [write_file(folder / f"{step.id}.json", json.dumps(told, ensure_ascii=False, indent=1).encode())]
    raise InputError(f"There is no format {step.format!r}.")  # the plan's own checks know every format


def _table(numbers: Mapping[str, Sequence[Measurement]]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(_COLUMNS)
    for name, measured in numbers.items():
        for m in measured:
            writer.writerow([name, m.name, m.subject, m.value, m.unit, m.low, m.high, m.interval, m.observed_frac,
                             " ".join(m.mask_ids)])  # fmt: skip
    return text.getvalue()
