"""Speed and memory of finding and loading imagery, beside plain odc-stac on the same files in the same run.

Writes cloud-optimised GeoTIFFs of made-up scenes, serves them on loopback with byte ranges, and measures

    load        ts.load against odc.stac.load of the same bands, area and grid, from disk and over HTTP
    cache       the same request again, from the store
    plan        de-duplication, passes, one scene a month and the clearest of 10 000 scenes
    memory      peak resident memory of a load, over the size of its result

Prints one JSON object; medians over repeats whose order alternates.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
from scipy import ndimage

import terrascope_sdk
from terrascope_sdk.stac.catalogs import Catalog, register_catalog

BANDS = ("blue", "green", "red", "nir")
PIXEL_M = 10.0


def made_codes(size: int, seed: int) -> np.ndarray:
    """Return codes that compress like a scene: smooth land with noise, and a border without data."""
    rng = np.random.default_rng(seed)
    land = ndimage.gaussian_filter(rng.normal(size=(size, size)), 4) * 9000 + 3000 + rng.normal(size=(size, size)) * 25
    codes = land.clip(1, 12000).astype(np.uint16)
    codes[: size // 50] = 0
    return codes


def write_scene(folder: Path, name: str, when: datetime, *, size: int, seed: int) -> dict:
    """Write one COG a band and return the STAC item, with paths as links."""
    import rasterio
    from affine import Affine

    transform = Affine(PIXEL_M, 0, 600_000, 0, -PIXEL_M, 5_000_040)
    assets = {}
    layers = {band: made_codes(size, seed * 10 + i) for i, band in enumerate(BANDS)}
    layers["scl"] = np.where(
        ndimage.gaussian_filter(np.random.default_rng(seed).normal(size=(size, size)), 30) > 0.02, 9, 4
    )
    for band, codes in layers.items():
        path = folder / name / f"{band}.tif"
        path.parent.mkdir(parents=True, exist_ok=True)
        kind = "uint8" if band == "scl" else "uint16"
        with rasterio.open(
            path, "w", driver="COG", height=size, width=size, count=1, dtype=kind, crs="EPSG:32632",
            transform=transform, nodata=0, compress="deflate", blocksize=512,
        ) as file:  # fmt: skip
            file.write(codes.astype(kind), 1)
        fields = {"data_type": kind, "nodata": 0} | ({} if band == "scl" else {"scale": 1e-4, "offset": -0.1})
        assets[band] = {"href": str(path), "roles": ["data"], "type": "image/tiff; application=geotiff",
                        "raster:bands": [fields], "eo:bands": [{"name": band, "common_name": band}]}  # fmt: skip
    from terrascope_sdk.types import PixelGrid

    west, south, east, north = PixelGrid("EPSG:32632", transform, size, size).bounds_lonlat
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {
        "type": "Feature", "stac_version": "1.0.0", "id": name, "collection": "sentinel-2-l2a", "links": [],
        "stac_extensions": [
            "https://stac-extensions.github.io/raster/v1.1.0/schema.json",
            "https://stac-extensions.github.io/eo/v1.1.0/schema.json",
            "https://stac-extensions.github.io/projection/v1.1.0/schema.json",
        ],
        "bbox": [west, south, east, north], "geometry": {"type": "Polygon", "coordinates": [ring]}, "assets": assets,
        "properties": {
            "datetime": when.isoformat().replace("+00:00", "Z"), "gsd": 10, "platform": "sentinel-2a",
            "eo:cloud_cover": 20.0, "proj:epsg": 32632, "proj:shape": [size, size],
            "proj:transform": list(transform)[:6],
            "s2:processing_baseline": "05.11",
        },
    }  # fmt: skip


def served(folder: Path) -> tuple[str, Callable[[], None]]:
    """Serve a folder on loopback with byte ranges; return its address and what stops it."""
    import socket

    import uvicorn
    from starlette.applications import Starlette
    from starlette.routing import Mount
    from starlette.staticfiles import StaticFiles

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    app = Starlette(routes=[Mount("/", StaticFiles(directory=folder))])
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=port, log_level="error"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)

    def stop() -> None:
        server.should_exit = True
        thread.join(timeout=5)

    return f"http://127.0.0.1:{port}", stop


def moved(items: list[dict], folder: Path, url: str) -> list[dict]:
    """Return items whose links lead to a server."""
    return json.loads(json.dumps(items).replace(str(folder), url))


def scenes_of(items: list[dict], catalog: str | None) -> list:
    """Return the scenes that items describe."""
    from terrascope_sdk.stac.items import scene_from_item

    return [scene_from_item(i, catalog=catalog) for i in items]


def plain(items: list[dict], pool: int | None) -> Callable[[], object]:
    """Return a load of the same bands by odc-stac alone: stored codes, no scale, no mask."""
    import odc.stac
    import pystac

    documents = [pystac.Item.from_dict(i) for i in items]
    odc.stac.configure_rio(cloud_defaults=True)
    return lambda: odc.stac.load(
        documents, bands=[*BANDS, "scl"], crs="EPSG:32632", resolution=PIXEL_M, groupby="id", pool=pool,
        resampling={"*": "bilinear", "scl": "nearest"},
    )  # fmt: skip


def alternating(ways: dict[str, Callable[[], object]], repeats: int) -> dict[str, float]:
    """Return the median seconds of each way; the order turns with every repeat, and each way runs once unmeasured."""
    times: dict[str, list[float]] = {name: [] for name in ways}
    for way in ways.values():
        way()
    names = list(ways)
    for turn in range(repeats):
        for name in names[turn % len(names) :] + names[: turn % len(names)]:
            start = time.perf_counter()
            ways[name]()
            times[name].append(time.perf_counter() - start)
    return {name: round(statistics.median(t), 4) for name, t in times.items()}


def load_times(items: list[dict], catalog: str | None, folder: Path, repeats: int) -> dict[str, float]:
    """Return seconds of plain odc-stac, of ts.load, and of ts.load from its store; and their ratios."""
    from terrascope_sdk.stac.access import access_of
    from terrascope_sdk.stac.load import load
    from terrascope_sdk.stac.store import Store
    from terrascope_sdk.stac.transport.ranges import memory_of

    scenes = scenes_of(items, catalog)
    store = Store(folder / "store")

    def fresh() -> object:
        if catalog is not None:  # nothing may be left of an earlier repeat: neither blocks in memory nor on disk
            memory_of(access_of(scenes[0]).fetcher).clear()
        return load(scenes, bands=list(BANDS), cache=None)

    load(scenes, bands=list(BANDS), cache=store)
    times = alternating(
        {
            "odc_stac_s": plain(items, None),
            "odc_stac_two_threads_s": plain(items, 2),
            "ts_load_s": fresh,
            "ts_load_cached_s": lambda: load(scenes, bands=list(BANDS), cache=store),
        },
        repeats,
    )
    ratio = times["ts_load_s"] / times["odc_stac_s"]
    return times | {
        "ts_over_odc": round(ratio, 3),
        "ts_over_odc_two_threads": round(times["ts_load_s"] / times["odc_stac_two_threads_s"], 3),
        "cached_over_odc": round(times["ts_load_cached_s"] / times["odc_stac_s"], 3),
    }


def planning(count: int, repeats: int) -> dict[str, float]:
    """Return the median seconds of choosing among many scenes."""
    from terrascope_sdk.stac.intervals import select_per_interval
    from terrascope_sdk.stac.items import scene_from_item
    from terrascope_sdk.stac.mosaic import group_solar_days
    from terrascope_sdk.stac.reprocessed import newest_processing
    from terrascope_sdk.stac.select import select_clearest

    rng = np.random.default_rng(0)
    start = datetime(2016, 1, 1, 10, tzinfo=UTC)
    scenes = []
    with tempfile.TemporaryDirectory() as folder:
        first = write_scene(Path(folder), "first", start, size=64, seed=0)
    for i in range(count):
        document = first | {"id": f"S2A_{i:06d}"}
        moment = start + timedelta(days=int(i // 4) * 1.25, seconds=int(i % 4) * 15)
        document["properties"] = first["properties"] | {
            "datetime": moment.isoformat().replace("+00:00", "Z"), "eo:cloud_cover": float(rng.uniform(0, 100)),
        }  # fmt: skip
        scenes.append(scene_from_item(document, catalog="earth-search"))
    times = []
    for _ in range(repeats):
        begun = time.perf_counter()
        kept = newest_processing(scenes)
        group_solar_days(kept)
        select_per_interval(kept, every="month")
        select_clearest(kept)
        times.append(time.perf_counter() - begun)
    return {"scenes": count, "seconds": round(statistics.median(times), 3)}


_CHILD = """
import json, sys
from terrascope_sdk.stac.items import scene_from_item
from terrascope_sdk.stac.load import load
items = json.loads(open(sys.argv[1]).read())
scenes = [scene_from_item(i) for i in items]
small = scenes[0].bbox
west, south = small[0] + 0.01, small[1] + 0.01
load(scenes[:1], aoi=(west, south, west + 0.002, south + 0.002), bands=["red"], cache=None)  # libraries are loaded now
def status(name):
    return next(int(l.split()[1]) * 1024 for l in open("/proc/self/status") if l.startswith(name))
open("/proc/self/clear_refs", "w").write("5")
before = status("VmRSS")
stack = load(scenes, bands=sys.argv[2].split(","), cache=None)
result = stack.optical.pixels.nbytes + stack.optical.valid.nbytes
print(json.dumps({"peak": status("VmHWM") - before, "result": result}))
"""


def memory(items: list[dict], folder: Path) -> dict[str, float]:
    """Return peak memory of a load in a process of its own, over the size of its result."""
    path = folder / "items.json"
    path.write_text(json.dumps(items))
    environment = os.environ | {"GDAL_CACHEMAX": "64"}
    run = subprocess.run(
        [sys.executable, "-c", _CHILD, str(path), ",".join(BANDS)],
        capture_output=True, text=True, check=True, env=environment,
    )  # fmt: skip
    found = json.loads(run.stdout)
    return {
        "result_mb": round(found["result"] / 1e6, 1),
        "peak_mb": round(found["peak"] / 1e6, 1),
        "peak_over_result": round(found["peak"] / found["result"], 3),
    }


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--size", type=int, default=2048, help="pixels along a side of a scene")
    parser.add_argument("--dates", type=int, default=2, help="scenes")
    parser.add_argument("--repeats", type=int, default=5, help="measured repeats")
    parser.add_argument("--json", type=Path, help="write the result into this file as well")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        files = folder / "files"
        start = datetime(2022, 6, 1, 10, tzinfo=UTC)
        items = [
            write_scene(files, f"scene-{i}", start + timedelta(days=20 * i), size=given.size, seed=i + 1)
            for i in range(given.dates)
        ]
        url, stop = served(files)
        register_catalog(Catalog("bench", "This tool's own server", url))
        try:
            remote = moved(items, files, url)
            found = {
                "environment": {
                    "terrascope_sdk": terrascope_sdk.__version__, "python": platform.python_version(),
                    "odc_stac": __import__("odc.stac").stac.__version__, "cores": os.cpu_count(),
                    "machine": platform.machine(),
                },
                "request": {"dates": given.dates, "bands": [*BANDS, "scl"], "pixels": [given.size, given.size]},
                "disk": load_times(items, None, folder / "a", given.repeats),
                "http": load_times(remote, "bench", folder / "b", given.repeats),
                "planning": planning(10_000, 3),
                "memory": memory(items, folder),
            }  # fmt: skip
        finally:
            stop()
    text = json.dumps(found, indent=1)
    print(text)
    if given.json:
        given.json.write_text(text + "\n")


if __name__ == "__main__":
    main()
