"""Score the network's masks on synthetic or real scenes; print JSON, and write it and the fitness file where asked."""

from __future__ import annotations

import argparse
import json
import os
import time
from pathlib import Path

os.environ.setdefault("OMP_WAIT_POLICY", "passive")


def main() -> int:
    """Run one suite."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--weights", help="folder of weights or of a training run, or a checkpoint; bundled by default")
    parser.add_argument("--suite", choices=["synthetic", "real"], default="synthetic")
    parser.add_argument("--seed", type=int, default=1, help="of the synthetic scenes")
    parser.add_argument("--n", type=int, default=200, help="synthetic scenes a table")
    parser.add_argument("--data", type=Path, help="folder with the labels that are not bundled (real suite)")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--json", type=Path, metavar="OUT", help="write the result here as well")
    parser.add_argument("--fitness", type=Path, metavar="OUT", help="write the fitness file (real suite)")
    options = parser.parse_args()

    import torch

    from terrascope_sdk.evaluate.masks import build_fitness, load_mask_network, real_suite, synthetic_suite

    torch.set_num_threads(options.threads)
    torch.set_flush_denormal(True)
    if options.suite == "real" and options.data is None:
        parser.error("--suite real needs --data")
    network = load_mask_network(options.weights)
    start = time.perf_counter()
    if options.suite == "synthetic":
        tables = synthetic_suite(network, seed=options.seed, n=options.n)
        head = {"suite": "synthetic", "seed": options.seed, "n": options.n}
    else:
        result = real_suite(network, options.data)
        tables, head = result.to_json(), {"suite": "real"}
        if options.fitness is not None:
            made = build_fitness(result.rows, weights_sha256=network.sha256)
            options.fitness.write_text(json.dumps(made, indent=1) + "\n", encoding="utf-8")
    head |= {"weights_sha256": network.sha256, "step": network.step, "seconds": round(time.perf_counter() - start, 1)}
    text = json.dumps(head | {"tables": tables}, indent=1)
    if options.json is not None:
        options.json.write_text(text + "\n", encoding="utf-8")
    print(text)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
