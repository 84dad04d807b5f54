"""What one case computed beside what its fixture holds: the difference of each stage."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from terrascope_sdk.evaluate.parity.recorder import Recorded
from terrascope_sdk.evaluate.parity.stages import EXACT, INFORMATION, STAGES, View, view_of
from terrascope_sdk.model.released.prompt import CONTEXT

__all__ = ["Compared", "compare_case"]

_RUN = re.compile(r"\{(\d{1,5})\*" + re.escape(CONTEXT) + r"\}")
_HALF = "_f16"


@dataclass
class Compared:
    """How far a case is off."""

    offs: dict[str, float] = field(default_factory=dict)
    """Largest difference of each stage; infinite where something is not there, not finite, or of another shape."""

    why: list[str] = field(default_factory=list)
    """What was of another shape, not there, or not equal."""

    left: list[str] = field(default_factory=list)
    """Fields of the fixture that no stage knows."""


def compare_case(made: Recorded, case: Mapping[str, object], kept: Mapping[str, np.ndarray]) -> Compared:
    """Return the difference of each stage that a case has values for.

    Args:
        made: What was computed.
        case: The case's texts, lists and summaries of arrays.
        kept: Its arrays by their names.
    """
    found = Compared()
    of_field = {name: stage.name for stage in STAGES for name in stage.fields}
    exact = {name: stage.name for stage in EXACT for name in stage.fields}
    for name, truth in (*case.items(), *kept.items()):
        if name in exact:
            _add(found, exact[name], name, 0.0 if _plain(made.exact.get(name)) == _plain(truth) else 1.0, "not equal")
        elif name == "masks" and isinstance(truth, np.ndarray):
            _masks(found, made, truth)
        elif (stage := of_field.get(view_of(name).base)) is not None and isinstance(truth, np.ndarray | Mapping):
            own = _part(made.arrays, view_of(name))
            off, why = _off(own, truth) if isinstance(truth, np.ndarray) else _summary_off(own, truth)
            _add(found, stage, name, off, why)
        elif INFORMATION.fullmatch(name) is None:
            found.left.append(name)
    return found


def _add(found: Compared, stage: str, name: str, off: float, why: str) -> None:
    found.offs[stage] = max(found.offs.get(stage, 0.0), off)
    if why and off:
        found.why.append(f"{name}: {why}")


def _masks(found: Compared, made: Recorded, truth: np.ndarray) -> None:
    own = made.arrays.get("masks")
    if own is None or own.shape != truth.shape:
        _add(found, "masks", "masks", 1.0, f"{list(truth.shape)} expected, {_shape(own)} made")
        return
    _add(found, "masks", "masks", float((own.astype(bool) != truth.astype(bool)).mean()) if truth.size else 0.0, "")


def _part(arrays: Mapping[str, np.ndarray], view: View) -> np.ndarray | None:
    """Return the part of an own array that a field keeps."""
    whole = arrays.get(view.base.removesuffix(_HALF))
    if whole is None:
        return None
    if view.how == "slice":
        return whole[..., :: view.number, :: view.number]
    if view.how == "every":
        return whole[:: view.number]
    if view.how == "tile":
        return whole[view.number] if view.number < len(whole) else None
    return whole


def _shape(own: np.ndarray | None) -> str:
    return "nothing" if own is None else str(list(own.shape))


def _off(own: np.ndarray | None, truth: np.ndarray) -> tuple[float, str]:
    if own is None or own.shape != truth.shape:
        return float("inf"), f"{list(truth.shape)} expected, {_shape(own)} made"
    off = float(np.abs(own.astype(np.float64) - truth.astype(np.float64)).max(initial=0.0))
    return (off, "") if np.isfinite(off) else (float("inf"), "not finite")


def _summary_off(own: np.ndarray | None, truth: Mapping[str, object]) -> tuple[float, str]:
    """Return how far mean, deviation, least and greatest value of a whole array are off."""
    if own is None or list(own.shape) != truth.get("shape", list(own.shape)):
        return float("inf"), f"{truth.get('shape')} expected, {_shape(own)} made"
    exactly = own.astype(np.float64)
    told = {
        "mean": exactly.mean(),
        "std": exactly.std(ddof=min(1, exactly.size - 1)),
        "min": exactly.min(),
        "max": exactly.max(),
    }
    offs = [abs(float(v) - float(str(truth[k]))) for k, v in told.items() if k in truth]
    off = float(np.max(offs, initial=0.0))
    return (off, "") if np.isfinite(off) else (float("inf"), "not finite")


def _plain(value: object) -> object:
    """Return a list for an array, and a text with the runs that a fixture shortens written out."""
    if isinstance(value, np.ndarray):
        return value.tolist()
    if isinstance(value, str):
        return _RUN.sub(lambda found: CONTEXT * int(found[1]), value)
    return value
