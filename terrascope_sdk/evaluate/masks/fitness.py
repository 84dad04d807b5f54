"""The fitness file: how well each concept is mapped on real data, by sensors and ground sample distance."""

from collections.abc import Sequence

from terrascope_sdk.engine.fitness import gsd_class
from terrascope_sdk.evaluate.masks.counts import joined
from terrascope_sdk.evaluate.masks.mask_scores import MaskScore, score
from terrascope_sdk.evaluate.masks.real_rows import RealRow
from terrascope_sdk.evaluate.masks.resampling import INTERVAL_FRAC
from terrascope_sdk.types.encoding import JsonValue

__all__ = ["build_fitness"]

_MASKS = ("network, decided", "network, joint, decided")
_INDEX = "index reasoner"
_WEAK = "algorithm"
_CONCEPTS = frozenset({
    "water", "tree", "shrub", "grass", "crop", "developed", "bare", "wetland", "snow", "vegetation", "building", "road",
})  # fmt: skip


def _usable(rows: Sequence[RealRow]) -> list[RealRow]:
    """Return the rows to build on: those whose reference is no algorithm's output, where there are any."""
    strong = [r for r in rows if r.reference != _WEAK]
    return strong or list(rows)


def _scored(rows: Sequence[RealRow]) -> MaskScore:
    return score(joined([r.counts for r in rows]), rows[0].concept)


def _entry(made: Sequence[RealRow], index: Sequence[RealRow]) -> dict[str, JsonValue]:
    total = _scored(made)
    plain = total.to_json()
    beside = _scored(index).to_json() if index else None
    return {
        "iou": plain["iou"],
        "interval": plain["interval"],
        "truth_px": total.truth_px,
        "blocks": total.units,
        "places": [r.place for r in made],
        "reference": made[0].reference,
        "index_iou": None if beside is None else beside["iou"],
        "index_interval": None if beside is None else beside["interval"],
        "index_sensors": index[0].sensors if index else None,
    }


def _index_rows(rows: Sequence[RealRow], like: Sequence[RealRow]) -> list[RealRow]:
    """Return the index-based reasoner's rows on the same places; of two sensors, those of the better one."""
    places = {r.place for r in like}
    same = [r for r in rows if r.method == _INDEX and r.concept == like[0].concept and r.place in places]
    sensors = like[0].sensors.split("+")
    by_sensor = [[r for r in same if r.sensors == s] for s in sensors]
    complete = [group for group in by_sensor if {r.place for r in group} == places]
    return max(complete, key=lambda group: _scored(group).iou, default=[])


def build_fitness(rows: Sequence[RealRow], *, weights_sha256: str) -> dict[str, JsonValue]:
    """Return what the fitness file holds.

    A reference that is an algorithm's output (a scene classification) counts only where there is no other. Places of
    one kind are pooled. What was not tested is not there.

    Args:
        rows: Of the real suite.
        weights_sha256: Which weights made the masks.

    Returns:
        ``concepts`` by concept, sensor set (``optical``, ``sar``, ``optical+sar``) and class of ground sample distance
        (see :func:`~terrascope_sdk.engine.fitness.gsd_class`): ``iou``, its ``interval``, ``truth_px`` and ``blocks``
        (the sample size), ``places``,
        ``reference``, and ``index_iou`` of the index-based reasoner on the same pixels (null where it declines).
    """
    groups: dict[tuple[str, str, str], list[RealRow]] = {}
    for row in rows:
        if row.method in _MASKS and row.concept.removeprefix("gain:") in _CONCEPTS:
            groups.setdefault((row.concept, row.sensors, gsd_class(row.gsd_m)), []).append(row)
    concepts: dict[str, dict[str, dict[str, JsonValue]]] = {}
    for (concept, sensors, kind), group in groups.items():
        made = _usable(group)
        entry = _entry(made, _index_rows(rows, made))
        concepts.setdefault(concept, {}).setdefault(sensors, {})[kind] = entry
    return {"weights_sha256": weights_sha256, "interval_frac": INTERVAL_FRAC, "concepts": concepts}
