"""Runs every case and unit table of a parity fixture and says how far each stage is off."""

import json
import sys
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

from terrascope_sdk.errors import InputError, TerraScopeError
from terrascope_sdk.evaluate.parity.comparing import Compared, compare_case
from terrascope_sdk.evaluate.parity.recorder import record_chain
from terrascope_sdk.evaluate.parity.stages import EXACT, FLIPPED_FRAC, STAGES
from terrascope_sdk.evaluate.parity.units import unit_misses
from terrascope_sdk.model.released.loading import Released, load_released
from terrascope_sdk.model.released.options import ReleasedOptions
from terrascope_sdk.model.released.sizes import sam2_sizes
from terrascope_sdk.types.encoding import JsonValue

__all__ = ["check_fixture"]

_HINT = "Give the folder of a parity fixture."
_SEVERAL = ("pair", "list", "multi")
"""Kinds of calls that cut no image into tiles, however many there are."""


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
        told = min(self.max_abs, sys.float_info.max)  # JSON knows no infinity
        return {"max_abs": told, "tolerance": self.tolerance, "ok": self.ok, "compared": self.seen}


def check_fixture(folder: Path) -> dict[str, JsonValue]:
    """Return whether a fixture is met, with the difference of each stage and the verdict of each case.

    Args:
        folder: Holds ``checkpoint/``, ``cases.json`` and ``cases.npz``; ``units.json`` with ``units.npz`` and
            ``sam2_sizes.json`` where they are needed.

    Raises:
        WeightsNotFound: There is no checkpoint.
        InputError: There are no cases, or the checkpoint does not fit.
    """
    cases, arrays = _document(folder / "cases.json"), _arrays(folder / "cases.npz")
    released = _load(folder)
    stages = {s.name: _Worst(s.tolerance) for s in (*STAGES, *EXACT)} | {"masks": _Worst(FLIPPED_FRAC)}
    verdicts: dict[str, JsonValue] = {}
    left: set[str] = set()
    for name, case in cases.items():
        kept = {k.removeprefix(f"{name}/"): v for k, v in arrays.items() if k.startswith(f"{name}/")}
        try:
            found = _run(released, name, case, kept)
        except TerraScopeError as err:
            verdicts[name] = {"ok": False, "failed": ["run"], "stages": 0, "why": [str(err)]}
            continue
        for stage, off in found.offs.items():
            stages[stage].add(off)
        left.update(found.left)
        failed: list[JsonValue] = [s for s, off in found.offs.items() if off > stages[s].tolerance]
        fine = not failed and bool(found.offs)
        verdicts[name] = {"ok": fine, "failed": failed, "stages": len(found.offs), "why": list(found.why[:8])}
    for table, (misses, count) in unit_misses(folder).items():
        worst = stages[f"units_{table}"] = _Worst(0)
        worst.add(misses)
        worst.seen = count
    told: dict[str, JsonValue] = {k: v.to_json() for k, v in stages.items() if v.seen}
    fine = bool(verdicts) and all(isinstance(v, dict) and v["ok"] is True for v in verdicts.values())
    return {
        "passed": fine and all(v.ok for v in stages.values()), "stages": told, "cases": verdicts,
        "not_compared": sorted(left),
    }  # fmt: skip


def _load(folder: Path) -> Released:
    path = folder / "sam2_sizes.json"
    sizes = None
    if path.is_file():
        document = _document(path)
        own = document.get("this_checkpoint", document)
        if not isinstance(own, Mapping):
            raise InputError(f"{path} holds no sizes under this_checkpoint.", hint=_HINT)
        sizes = sam2_sizes(own)
    return load_released(folder / "checkpoint", sam2=sizes)


def _document(path: Path) -> Mapping[str, object]:
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as err:
        raise InputError(f"{path} cannot be read: {err}", hint=_HINT) from err
    if not isinstance(document, dict):
        raise InputError(f"{path} holds no JSON object.", hint=_HINT)
    return document


def _arrays(path: Path) -> dict[str, np.ndarray]:
    try:
        with np.load(path, allow_pickle=False) as file:
            return {k: file[k] for k in file.files}
    except (OSError, ValueError, zipfile.BadZipFile, AttributeError) as err:
        raise InputError(f"{path} cannot be read: {err}", hint=_HINT) from err


def _run(released: Released, name: str, case: object, kept: Mapping[str, np.ndarray]) -> Compared:
    """Run a case and compare it."""
    if not isinstance(case, Mapping) or not isinstance(case.get("user_text"), str):
        raise InputError(f"The case {name} has no user_text.")
    count = case.get("n_images", sum(f"image{i}" in kept for i in range(len(kept))))
    images = []
    for i in range(count if isinstance(count, int) else 0):
        pixels = kept.get(f"image{i}")
        if pixels is None or pixels.dtype != np.uint8 or pixels.ndim != 3 or pixels.shape[2] != 3:
            raise InputError(f"The case {name} has no image{i} of bytes [y, x, 3].")
        images.append(Image.fromarray(pixels))
    limit = case.get("max_iterations")
    made = record_chain(
        released, case["user_text"], images, tiled=len(images) == 1 and case.get("kind") not in _SEVERAL,
        before=str(case.get("past_text") or ""),
        options=ReleasedOptions(max_masks=limit) if isinstance(limit, int) else None,
    )  # fmt: skip
    return compare_case(made, case, kept)
