"""Say which share of strangers' questions a network understands, by task, as JSON; questions are never printed."""

import argparse
import json
from pathlib import Path

import torch

from terrascope_sdk.evaluate.bench.strangers import read_strangers, score_strangers
from terrascope_sdk.model.checkpoint import load_compact, weights_sha256

ROOT = Path(__file__).parents[1]


def main() -> None:
    """Read the files, ask the network, print the shares."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--weights", type=Path, help="folder of a network; the bundled one when left out")
    parser.add_argument(
        "--tsv", type=Path, nargs="+", default=[ROOT / f"tests/model/strangers_{n}.tsv" for n in ("first", "second")],
        help="files with the columns task, concepts, dates, question",
    )  # fmt: skip
    given = parser.parse_args()
    torch.set_num_threads(1)
    network = load_compact(given.weights)
    scores = {path.name: score_strangers(network, read_strangers(path)) for path in given.tsv}
    print(json.dumps({"weights_sha256": weights_sha256(given.weights), "files": scores}, indent=1))


if __name__ == "__main__":
    main()
