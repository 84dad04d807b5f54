"""Time whole chains of the network: a chip of 128 x 128 with two masks, a scene of 1024 x 1024 with three. Prints JSON.

    python tools/bench_network.py --json tools/results/bench_network.json

Both are made worlds at 10 m with ten optical bands and SAR; nothing is kept from one run to the next. The memory is the
highest resident size of this process, less what it had before the scene was encoded; the scene itself is made
elsewhere. Beside them stands the plain reference: the same scene encoded in one piece, without chain and tiles.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import platform
import statistics
import threading
import time
import timeit
from pathlib import Path

os.environ.setdefault("OMP_WAIT_POLICY", "passive")

import torch

from terrascope_sdk.engine.moments import moments_of
from terrascope_sdk.engine.preparing import prepare
from terrascope_sdk.engine.terrascope import TerraScope
from terrascope_sdk.evaluate.bench.synthetic import stack_of
from terrascope_sdk.model.fields import encode_fields
from terrascope_sdk.types import ImageStack
from terrascope_sdk.worlds.scenes import WorldOptions, make_scenes

TWO = "Does the forest touch the water?"
THREE = "Which is the largest: water, forest or grassland?"


def made_stack(size: int, seed: int) -> ImageStack:
    """Return one date of a made world, optical and SAR."""
    options = WorldOptions(size=size, composed_frac=0.0, gsd_m=(10.0,), ten_bands=True)
    stack = stack_of(make_scenes(seed, 1, options), 0)
    return ImageStack(stack.grid, stack.series("optical").select([0]), stack.series("sar").select([0]))


def resident_bytes() -> int:
    """Return the memory that this process holds now."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


class PeakMemory:
    """The highest resident size while it is watched, looked at every ten milliseconds."""

    def __enter__(self) -> PeakMemory:
        gc.collect()
        self.start = self.peak = resident_bytes()
        self._done = threading.Event()
        self._watch = threading.Thread(target=self._look, daemon=True)
        self._watch.start()
        return self

    def _look(self) -> None:
        while not self._done.wait(0.01):
            self.peak = max(self.peak, resident_bytes())

    def __exit__(self, *_: object) -> None:
        self._done.set()
        self._watch.join()


def chain(model: TerraScope, stack: ImageStack, question: str) -> tuple[float, float, int]:
    """Return seconds to the first mask and to the answer, and how many masks were drawn."""
    fresh = TerraScope(model.network, version=model.version)  # has encoded nothing
    start = time.perf_counter()
    first, masks = 0.0, 0
    for step in fresh.stream(stack, question):
        if step.mask is not None:
            masks += 1
            first = first or time.perf_counter() - start
    return first, time.perf_counter() - start, masks


def encode_whole(model: TerraScope, stack: ImageStack) -> None:
    """Encode a scene in one piece."""
    views = prepare(stack, moments_of(stack)).views
    encode_fields(model.network.encoder, model.network.grounder, views, tile_px=stack.grid.height)


def measure(model: TerraScope, size: int, question: str, repeats: int, seed: int) -> dict[str, float | int]:
    """Return the figures of one size."""
    stack = made_stack(size, seed)
    chain(model, stack, question)  # kernels and caches
    runs = [chain(model, stack, question) for _ in range(repeats)]
    with PeakMemory() as memory:
        chain(model, stack, question)
    pieces = timeit.repeat(lambda: encode_whole(model, stack), number=1, repeat=max(1, repeats // 3))
    plain = statistics.median(pieces)
    whole = statistics.median(r[1] for r in runs)
    return {
        "size_px": size,
        "masks": runs[0][2],
        "first_mask_s": round(statistics.median(r[0] for r in runs), 3),
        "whole_chain_s": round(whole, 3),
        "encode_in_one_piece_s": round(plain, 3),
        "chain_over_encode": round(whole / plain, 2),
        "peak_more_mb": round((memory.peak - memory.start) / 1e6),
        "peak_mb": round(memory.peak / 1e6),
    }


def main() -> int:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--repeats", type=int, default=9, help="runs of which the median is taken")
    parser.add_argument("--seed", type=int, default=11)
    parser.add_argument("--json", type=Path, metavar="OUT", help="write the result here as well")
    asked = parser.parse_args()
    torch.set_num_threads(asked.threads)
    model = TerraScope.from_pretrained()
    result = {
        "weights": model.version,
        "threads": asked.threads,
        "machine": platform.machine(),
        "chip": measure(model, 128, TWO, asked.repeats, asked.seed),
        "scene": measure(model, 1024, THREE, max(1, asked.repeats // 3), asked.seed),
    }
    text = json.dumps(result, indent=1)
    print(text)
    if asked.json is not None:
        asked.json.write_text(text + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
