"""Fine-tune a released checkpoint on Terra-CoT samples: the paper's two stages, resumable, then written in our layout.

    python tools/finetune_released.py CHECKPOINT SAMPLES --stage masks  --folder runs/a --steps 2000 --out tuned-a
    python tools/finetune_released.py tuned-a    SAMPLES --stage chains --folder runs/b --steps 8000 --out tuned-b

SAMPLES is a folder of parquet files, as ``terrascope terra-cot`` writes them or as they were published. A run that was
killed goes on when the same command is given again.
"""

import argparse
import json
import sys
from functools import partial
from pathlib import Path

import torch

from terrascope_sdk.errors import TerraScopeError
from terrascope_sdk.model.released.loading import load_released, save_released
from terrascope_sdk.model.released.sizes import sam2_sizes
from terrascope_sdk.train.cot.parquet_files import read_terra_cot
from terrascope_sdk.train.loop import LoopOptions, run_loop
from terrascope_sdk.train.released.samples import read_taught
from terrascope_sdk.train.released.stage import PAPER_WEIGHTS, RELEASE_WEIGHTS, FineTuning


def tuned(args: argparse.Namespace) -> dict[str, object]:
    """Train and write; return what there is to say of it."""
    sam2 = sam2_sizes(json.loads(args.sam2.read_text(encoding="utf-8"))) if args.sam2 else None
    released = load_released(args.checkpoint, device=args.device, sam2=sam2)
    where = args.samples if args.samples.is_dir() else args.samples.parent
    chains = [partial(read_taught, sample, where) for sample in read_terra_cot(args.samples)]
    weights = RELEASE_WEIGHTS if args.loss == "release" else PAPER_WEIGHTS
    torch.manual_seed(args.seed)
    stage = FineTuning(released, chains, args.stage, weights=weights, rank=args.rank, seed=args.seed)
    precision = "bf16" if args.device.startswith("cuda") else "fp32"
    options = LoopOptions(steps=args.steps, seed=args.seed, rate=args.rate, warm_steps=max(1, args.steps // 20),
                          weight_decay=0.05, clip=1.0, save_every=args.save_every, workers=0,
                          precision=precision)  # fmt: skip
    first = last = 0.0
    for report in run_loop(stage, make_batch=stage.make_batch, loss_of=stage.loss, options=options, folder=args.folder):
        first, last = first or report.loss, report.loss
        if report.step % 20 == 0 or report.step == args.steps:
            parts = " ".join(f"{k} {v:.3f}" for k, v in report.parts.items())
            print(f"step {report.step}/{args.steps}  loss {report.loss:.3f}  {parts}", file=sys.stderr, flush=True)
    trained = sum(p.numel() for p in stage.parameters())
    save_released(stage.finish(), args.out)
    return {
        "stage": args.stage,
        "samples": len(chains),
        "trained_parameters": trained,
        "first_loss": first,
        "last_loss": last,
    }


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("checkpoint", help="a folder, or owner/name on the hub")
    parser.add_argument("samples", type=Path, help="parquet file, or folder with some, pictures beside them")
    parser.add_argument("--stage", choices=("masks", "chains"), required=True)
    parser.add_argument("--folder", type=Path, required=True, help="where checkpoint and log of the run lie")
    parser.add_argument("--out", type=Path, required=True, help="folder for the tuned network")
    parser.add_argument("--steps", type=int, default=2000)
    parser.add_argument("--rate", type=float, default=4e-5, help="highest learning rate; the release's when left out")
    parser.add_argument("--rank", type=int, default=128, help="of the adapters; the release's when left out")
    parser.add_argument("--loss", choices=("paper", "release"), default="paper", help="weights of its parts")
    parser.add_argument("--save-every", type=int, default=200)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--sam2", type=Path, help="JSON with the sizes of SAM 2, where they are none of the published")
    args = parser.parse_args()
    try:
        print(json.dumps(tuned(args)))
    except (TerraScopeError, OSError) as err:
        sys.exit(str(err))


if __name__ == "__main__":
    main()
