"""Time the writing of Terra-CoT samples on one core: chains, files, pictures and checks apart. Writes JSON.

Scenes are random patches of 256 x 256 pixels and, where a label raster is given, its windows. Seconds are of processor
time, so that other work on the machine matters little; the wall clock stands beside them.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np
from scipy import ndimage

from terrascope_sdk.train.cot.crosswalks import get_crosswalk
from terrascope_sdk.train.cot.label_rasters import scene_from_raster
from terrascope_sdk.train.cot.labelled import LabelledScene
from terrascope_sdk.train.cot.sample import Sample
from terrascope_sdk.train.cot.terra_cot import TerraCotOptions, read_terra_cot, stream_samples, write_terra_cot
from terrascope_sdk.train.cot.verify import verify_sample

CLASSES = ("water", "tree", "shrub", "grass", "crop", "developed", "bare", "wetland")


def patches(count: int, size_px: int, *, pictures: bool = False) -> list[LabelledScene]:
    """Return scenes of three to seven classes in patches of several sizes, 10 m a pixel."""
    rng = np.random.default_rng(0)
    found = []
    for k in range(count):
        fields = []
        for _ in CLASSES[: int(rng.integers(3, 8))]:
            field = ndimage.gaussian_filter(rng.normal(size=(size_px, size_px)), rng.uniform(6, 20))
            fields.append(field / field.std())
        labels = np.argmax(fields, axis=0).astype(np.int8)
        shown = rng.integers(40, 200, (len(CLASSES), 3))[labels] + rng.normal(0, 6, (size_px, size_px, 3))
        images = {"optical": shown.clip(0, 255).astype(np.uint8)} if pictures else {}
        order = tuple(rng.permutation(CLASSES).tolist())
        found.append(LabelledScene(labels, order, 10.0, images=images, id=f"patches-{k}", source="made"))
    return found


def timed(work: Callable[[], object]) -> tuple[float, float]:
    """Return seconds of processor time and of the wall clock."""
    cpu, wall = time.process_time(), time.perf_counter()
    work()
    return time.process_time() - cpu, time.perf_counter() - wall


def rates(scenes: list[LabelledScene], n: int) -> dict[str, float]:
    """Return what one kind of scenes gives."""
    options = TerraCotOptions(n=n, seed=1, pool_visits=64)
    samples: list[Sample] = []

    def stream() -> None:
        for _, made in stream_samples(scenes, options):
            samples.extend(made)
            if len(samples) >= n:
                return

    chains = timed(stream)
    with tempfile.TemporaryDirectory() as folder:
        files = timed(lambda: write_terra_cot(scenes, folder, options))
        written = sum(p.stat().st_size for p in Path(folder).glob("*.parquet"))
        reading = timed(lambda: list(read_terra_cot(folder)))
    faults: list[str] = []
    checking = timed(lambda: [faults.extend(verify_sample(sample)) for sample in samples])
    texts = {json.dumps([s["conversations"], s["masks"]]) for s in samples}
    return {
        "samples": len(samples),
        "samples_per_scene": round(len(samples) / len({s["id"].split("-")[0] for s in samples}), 2),
        "chains_per_s": round(len(samples) / chains[0]),
        "chains_per_s_wall": round(len(samples) / chains[1]),
        "written_per_s": round(n / files[0]),
        "written_per_s_wall": round(n / files[1]),
        "read_per_s": round(n / reading[0]),
        "verified_per_s": round(len(samples) / checking[0]),
        "faults": len(faults),
        "distinct_frac": round(len(texts) / len(samples), 4),
        "bytes_per_sample": round(written / n),
    } | {f"share_of_{tier}": round(k / len(samples), 3) for tier, k in Counter(s["tier"] for s in samples).items()}


def with_pictures(n: int, size_px: int) -> dict[str, float]:
    """Return what the pictures cost, one for each scene visited."""
    scenes = patches(40, size_px, pictures=True)
    options = TerraCotOptions(n=n, seed=1, pool_visits=64)
    with tempfile.TemporaryDirectory() as folder:
        taken = timed(lambda: write_terra_cot(scenes, folder, options))
        pictures = list(Path(folder).rglob("*.png"))
        size = sum(p.stat().st_size for p in pictures) / len(pictures)
    with tempfile.TemporaryDirectory() as folder:
        bare = timed(lambda: write_terra_cot([replace(s, images={}) for s in scenes], folder, options))
    return {
        "written_per_s": round(n / taken[0]),
        "written_per_s_wall": round(n / taken[1]),
        "ms_a_picture": round(1000 * (taken[0] - bare[0]) / len(pictures), 2),
        "pictures": len(pictures),
        "bytes_a_picture": round(size),
    }


def main() -> int:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--n", type=int, default=3000, help="samples of each kind")
    parser.add_argument("--labels", type=Path, help="a label raster to cut windows from")
    parser.add_argument("--classes", default="worldcover", help="its legend, by name or as a JSON file")
    parser.add_argument("--out", type=Path, default=Path("tools/results/bench_terra_cot.json"), help="where to write")
    asked = parser.parse_args()
    result: dict[str, object] = {
        "patches_256": rates(patches(40, 256), asked.n),
        "patches_256_with_pictures": with_pictures(asked.n // 3, 256),
    }
    if asked.labels:
        scene = scene_from_raster(asked.labels, get_crosswalk(asked.classes))
        result[f"windows_256_of_{asked.labels.stem}"] = rates(scene.windows(256), asked.n)
    asked.out.parent.mkdir(parents=True, exist_ok=True)
    asked.out.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(result, indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main())
