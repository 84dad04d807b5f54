"""Runs every case and unit table of a parity fixture and says how far each stage is off."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from terrascope_sdk.errors import InputError
from terrascope_sdk.evaluate.parity.recorder import Recorded, record_chain
from terrascope_sdk.evaluate.parity.stages import EXACT, FLIPPED_FRAC, STAGES
from terrascope_sdk.evaluate.parity.units import unit_misses
from terrascope_sdk.model.released.loading import Released, load_released
from terrascope_sdk.model.released.prompt import CONTEXT
from terrascope_sdk.model.released.sizes import sam2_sizes
from terrascope_sdk.types.encoding import JsonValue

__all__ = ["check_fixture"]


@dataclass
class _Worst:
    """Largest difference of a stage over all cases."""

    tolerance: float
    max_abs: float = 0.0
    ok: bool = True
    seen: int = 0

    def add(self, off: float) -> None:
        self.seen += 1
        self.max_abs = max(self.max_abs, off)
        self.ok = self.ok and off <= self.tolerance

    def to_json(self) -> dict[str, JsonValue]:
        return {"max_abs": self.max_abs, "tolerance": self.tolerance, "ok": self.ok, "compared": self.seen}


def check_fixture(folder: Path) -> dict[str, JsonValue]:
    """Return whether a fixture is met, with the difference of each stage and the verdict of each case.

    Args:
        folder: Holds ``checkpoint/``, ``cases.json`` and ``cases.npz``; ``units.json`` with ``units.npz`` and
            ``sam2_sizes.json`` where they are needed.

    Raises:
        WeightsNotFound: There is no checkpoint.
        InputError: There are no cases, or the checkpoint does not fit.
    """
    released = _load(folder)
    cases = _document(folder / "cases.json")
    arrays = np.load(folder / "cases.npz", allow_pickle=False)
    stages = {s.name: _Worst(s.tolerance) for s in (*STAGES, *EXACT)} | {"masks": _Worst(FLIPPED_FRAC)}
    verdicts: dict[str, JsonValue] = {}
    for name, case in cases.items():
        kept = {k.removeprefix(f"{name}/"): arrays[k] for k in arrays.files if k.startswith(f"{name}/")}
        images = [Image.fromarray(kept[f"image{i}"]) for i in range(case["n_images"])]
        made = record_chain(released, case["user_text"], images)
        offs = _compared(made, case, kept)
        for stage, off in offs.items():
            stages[stage].add(off)
        failed: list[JsonValue] = [s for s, off in offs.items() if off > stages[s].tolerance]
        verdicts[name] = {"ok": not failed, "failed": failed, "stages": len(offs)}
    for table, (misses, count) in unit_misses(folder).items():
        worst = stages[f"units_{table}"] = _Worst(0)
        worst.add(misses)
        worst.seen = count
    told = {k: v.to_json() for k, v in stages.items() if v.seen}
    return {"passed": all(v.ok for v in stages.values()) and bool(told), "stages": dict(told), "cases": verdicts}


def _load(folder: Path) -> Released:
    path = folder / "sam2_sizes.json"
    sizes = sam2_sizes(_document(path)["this_checkpoint"]) if path.is_file() else None
    return load_released(folder / "checkpoint", sam2=sizes)


def _document(path: Path) -> Mapping[str, dict[str, Any]]:
    try:
        document: Mapping[str, dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as err:
        raise InputError(f"{path} cannot be read: {err}", hint="Give the folder of a parity fixture.") from err
    return document


def _compared(made: Recorded, case: Mapping[str, object], kept: Mapping[str, np.ndarray]) -> dict[str, float]:
    """Return the difference of each stage that a case has values for."""
    offs: dict[str, float] = {}
    for stage in STAGES:
        found = [_off(made.arrays.get(f), kept[f]) for f in stage.fields if f in kept]
        if found:
            offs[stage.name] = max(found)
    for stage in EXACT:
        pairs = [(made.exact.get(f), kept[f].tolist() if f in kept else case[f]) for f in stage.fields
                 if f in kept or f in case]  # fmt: skip
        if pairs:
            offs[stage.name] = float(sum(_plain(a) != _plain(b) for a, b in pairs))
    if "masks" in kept:
        own = made.arrays.get("masks")
        same_shape = own is not None and own.shape == kept["masks"].shape
        offs["masks"] = float((own != kept["masks"]).mean()) if own is not None and same_shape else 1.0
    return offs


def _off(own: np.ndarray | None, truth: np.ndarray) -> float:
    if own is None or own.shape != truth.shape:
        return float("inf")
    return float(np.abs(own.astype(np.float64) - truth.astype(np.float64)).max(initial=0.0))


def _plain(value: object) -> object:
    """Return a text with its runs of context tokens shortened as the fixture does, anything else as it is."""
    if not isinstance(value, str):
        return value
    return value.replace(CONTEXT * 256, f"{{256*{CONTEXT}}}")
