"""The tasks of the benchmark: what each asks for, how near an answer must come, and the paper's code."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

__all__ = ["CODES", "BenchTask", "Value", "bench_tasks"]

Value = float | bool | str | tuple[str, ...]
"""An answer: a number, yes or no, a place in the frame, or concepts with the largest first."""

CODES = ("CA", "AQ", "CR", "BRD", "DM", "BCE")
"""The six tasks of TerraScope-Bench."""


@dataclass(frozen=True)
class BenchTask:
    """One task."""

    intent: str
    """Task of the phrasing grammar."""

    kind: str
    """What a chain measures for it."""

    unit: str
    """Unit of its numbers; empty where the answer is no number."""

    options: int
    """How many options a question has."""

    tolerance: Callable[[float, float], float] | None
    """Largest error that counts as right, of the true number and the area of the frame in m2; None: must be equal."""

    told: str
    """The tolerance in words."""

    code: str = ""
    """Code in the paper; empty for ours."""


def _share(truth: float, frame_m2: float) -> float:
    return max(0.02, 0.15 * abs(truth))


def _area(truth: float, frame_m2: float) -> float:
    return 0.2 * abs(truth)


def _distance(truth: float, frame_m2: float) -> float:
    return max(20.0, 0.2 * abs(truth))


def _change(truth: float, frame_m2: float) -> float:
    return max(0.01 * frame_m2, 0.25 * abs(truth))


def _part(truth: float, frame_m2: float) -> float:
    return max(0.01, 0.25 * abs(truth))


def _count(truth: float, frame_m2: float) -> float:
    return max(1.0, 0.2 * abs(truth))


_CHANGE = "larger of 1 point of the frame and 25 %"

bench_tasks: Mapping[str, BenchTask] = MappingProxyType(
    {
        "coverage": BenchTask("share", "share", "1", 4, _share, "larger of 2 points and 15 %", "CA"),
        "area": BenchTask("area", "area", "m2", 4, _area, "20 %", "AQ"),
        "ranking": BenchTask("compare", "order", "", 2, None, "the larger one", "CR"),
        "boundary": BenchTask("touch", "touches", "", 2, None, "yes or no", "BRD"),
        "distance": BenchTask("distance", "distance", "m", 4, _distance, "larger of 20 m and 20 %", "DM"),
        "change": BenchTask("change", "change", "m2", 4, _change, _CHANGE, "BCE"),
        "building_change": BenchTask("change", "change", "m2", 4, _change, _CHANGE, "BCE"),
        "building_loss": BenchTask("lost_part", "part", "1", 4, _part, "larger of 1 point and 25 %", "BCE"),
        "ranking_three": BenchTask("rank", "order", "", 6, None, "whole order"),
        "presence": BenchTask("present", "present", "", 2, None, "yes or no"),
        "location": BenchTask("where", "where", "", 4, None, "the place"),
        "count": BenchTask("count", "count", "count", 4, _count, "larger of 1 and 20 %"),
    }
)
"""The tasks by name: the paper's six, the harder ranking, and three more of ours."""
