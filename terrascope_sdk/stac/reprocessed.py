"""Reprocessed scenes: of several products of one acquisition, the newest."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime

from terrascope_sdk.errors import InputError
from terrascope_sdk.types import Scene
from terrascope_sdk.types.encoding import JsonValue
from terrascope_sdk.types.instant import parse_instant

__all__ = ["datatake_of", "newest_processing"]

_SAME_ACQUISITION_S = 5.0
"""Products of one acquisition state times this close; neighbours in one pass lie farther apart or on another tile."""

_LOCAL_BASELINE = 99.0
"""Products made outside the ground segment state 99.99, which says nothing about their age."""

_STRIP = re.compile(r"_S(\d{8}T\d{6})_")


def _tile(scene: Scene, properties: JsonValue) -> str:
    """Return what places a scene on the ground: a tile of a grid, path and row, or its bounding box."""
    if properties.get("grid:code"):
        return str(properties["grid:code"])
    if properties.get("s2:mgrs_tile"):
        return f"MGRS-{properties['s2:mgrs_tile']}"
    if properties.get("mgrs:grid_square"):
        return "MGRS-" + "".join(
            str(properties.get(f"mgrs:{part}", "")) for part in ("utm_zone", "latitude_band", "grid_square")
        )
    if properties.get("landsat:wrs_path"):
        return f"WRS2-{properties['landsat:wrs_path']}{properties.get('landsat:wrs_row', '')}"
    return " ".join(f"{v:.2f}" for v in scene.bbox)


def datatake_of(scene: Scene) -> str:
    """Return the Sentinel-2 datatake without the processing baseline that its name ends in; empty for other scenes."""
    name = str((scene.item.get("properties") or {}).get("s2:datatake_id") or "")
    head, _, baseline = name.rpartition("_N")
    return head if baseline.replace(".", "").isdigit() else name


def _key_and_moment(scene: Scene) -> tuple[tuple[str, ...], float]:
    """Return what all products of one acquisition share, and when its strip of data began, in seconds."""
    properties = scene.item.get("properties") or {}
    strip = _STRIP.search(str(properties.get("s2:datastrip_id") or ""))
    moment = scene.acquired.timestamp()
    if strip is not None:
        moment = datetime.fromisoformat(strip[1]).replace(tzinfo=UTC).timestamp()
    return (scene.collection, scene.platform.casefold(), datatake_of(scene), _tile(scene, properties)), moment


def _instant(text: JsonValue) -> datetime:
    try:
        return parse_instant(str(text))
    except InputError:
        return datetime.min.replace(tzinfo=UTC)


def _newness(scene: Scene) -> tuple[float, datetime, datetime, str]:
    properties = scene.item.get("properties") or {}
    try:
        baseline = float(str(properties.get("s2:processing_baseline") or properties.get("processing:version") or 0))
    except ValueError:
        baseline = 0.0
    made = _instant(properties.get("s2:generation_time") or properties.get("s1:processing_datetime"))
    listed = max(_instant(properties.get("created")), _instant(properties.get("updated")))
    return (baseline if baseline < _LOCAL_BASELINE else 0.0, made, listed, scene.id)


def newest_processing(scenes: Sequence[Scene]) -> tuple[Scene, ...]:
    """Return the scenes without those that a newer product of the same acquisition replaces.

    Two products are of one acquisition when collection, platform, tile and datatake are the same and their strips of
    data began within 5 s. So the two halves of a tile that lies across two strips are both kept, and so are the
    products of one acquisition in two collections. The highest processing baseline wins, then the latest date of
    processing, then the latest entry in the catalogue, then the last identifier.

    Args:
        scenes: In any order.

    Returns:
        What is left, by time and identifier.
    """
    groups: dict[tuple[str, ...], list[tuple[float, Scene]]] = {}
    for scene in scenes:
        key, moment = _key_and_moment(scene)
        groups.setdefault(key, []).append((moment, scene))
    kept = []
    for group in groups.values():
        if len(group) == 1:
            kept.append(group[0][1])
            continue
        group.sort(key=lambda pair: (pair[0], pair[1].id))
        begins = [i for i, (t, _) in enumerate(group) if i == 0 or t - group[i - 1][0] > _SAME_ACQUISITION_S]
        for begin, end in zip(begins, [*begins[1:], len(group)], strict=True):
            kept.append(max((s for _, s in group[begin:end]), key=_newness))
    return tuple(sorted(kept, key=lambda s: (s.acquired, s.id)))
