"""Loaded series in a store, by everything that made them: the same request again costs no reading and no network."""

from __future__ import annotations

import importlib
import json
from collections.abc import Sequence
from dataclasses import asdict

from terrascope_sdk.stac.passes import Wanted, series_of
from terrascope_sdk.stac.store import Store, store_key
from terrascope_sdk.types import ImageSeries, PixelGrid
from terrascope_sdk.types.encoding import JsonValue

__all__ = ["keep_series", "kept_series", "series_recipe"]


def series_recipe(passes: Sequence[Sequence[Wanted]], grid: PixelGrid, *, mask_clouds: bool) -> JsonValue:
    """Return what decides the pixels of a series: code, grid, and of every scene its links, bands and their meaning."""
    return {
        "do": "load series",
        "version": importlib.import_module("terrascope_sdk").__version__,
        "grid": grid.to_json(),
        "mask_clouds": mask_clouds,
        "passes": [[_scene_recipe(w) for w in scenes] for scenes in passes],
    }


def _scene_recipe(wanted: Wanted) -> JsonValue:
    item = wanted.scene.item
    quality = wanted.reading.quality
    assets = {b.asset for b in wanted.bands} | ({quality.asset} if quality else set())
    return {
        "id": item.get("id"),
        "collection": item.get("collection"),
        "catalog": item["properties"].get("terrascope:catalog"),
        "updated": item["properties"].get("updated"),
        "links": {name: item["assets"][name]["href"] for name in sorted(assets) if name in item["assets"]},
        "bands": [asdict(b) for b in wanted.bands],
        "quality": asdict(quality) if quality else None,
    }


def kept_series(
    store: Store, passes: Sequence[Sequence[Wanted]], grid: PixelGrid, *, mask_clouds: bool
) -> ImageSeries | None:
    """Return the series that the same request made before, its pixels mapped into memory, or None."""
    key = store_key(series_recipe(passes, grid, mask_clouds=mask_clouds))
    head, arrays = store.get(key), store.get_arrays(key)
    if head is None or arrays is None:
        return None
    told = json.loads(head)
    return series_of(
        passes, told["bands"], grid, pixels=arrays["pixels"], valid=arrays["valid"], clouded=arrays.get("clouded"),
        notes=told["notes"],
    )  # fmt: skip


def keep_series(store: Store, series: ImageSeries, passes: Sequence[Sequence[Wanted]], *, mask_clouds: bool) -> None:
    """Keep a series that was loaded whole."""
    key = store_key(series_recipe(passes, series.grid, mask_clouds=mask_clouds))
    arrays = {"pixels": series.pixels, "valid": series.valid}
    if series.clouded is not None:
        arrays["clouded"] = series.clouded
    store.put_arrays(key, arrays)
    store.put(key, json.dumps({"bands": list(series.bands), "notes": list(series.notes)}).encode())
