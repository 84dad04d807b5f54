"""Train the compact network: stage 1 masks, stage 2 chains, then pack the weights. See docs/training-log.md.

    python tools/train_compact.py masks  --folder runs/masks  --steps 2800 --seed 1
    python tools/train_compact.py thresholds --masks runs/masks --folder runs/set --steps 36 --seed 197
    python tools/train_compact.py chains --folder runs/chains --masks runs/set --steps 3000 --seed 1
    python tools/train_compact.py pack   --chains runs/chains --out terrascope_sdk/weights
    python tools/train_compact.py smoke  --folder runs/smoke      # a toy in two minutes; fails unless it learns

A run that was killed goes on from its checkpoint when the same command is given again. Logs are CSV, curves PNG.
"""

import argparse
import csv
import json
import os
import sys
import time
from pathlib import Path

os.environ.setdefault("OMP_WAIT_POLICY", "passive")

import torch
from safetensors.torch import save_file
from torch import nn

from terrascope_sdk.evaluate.masks.training_parts import training_parts
from terrascope_sdk.model.checkpoint import load_compact, save_compact
from terrascope_sdk.model.compact import CompactNetwork
from terrascope_sdk.model.config import CLASS_KEYS, CompactConfig, change_keys, single_keys
from terrascope_sdk.model.word_list import words
from terrascope_sdk.train.chains_stage import ChainStage
from terrascope_sdk.train.loop import LoopOptions, averaged_weights, run_loop
from terrascope_sdk.train.masks_stage import MaskStage
from terrascope_sdk.train.scene_pool import encode_pool, label_pool
from terrascope_sdk.train.thresholds import best_offsets, shift_queries, tuning_scenes
from terrascope_sdk.worlds.scenes import UNLABELLED, WorldOptions, make_scenes
from terrascope_sdk.worlds.seen import views_of

TOY = CompactConfig(widths=(8, 16, 24, 32), free=8, lm_width=48, lm_layers=2, lm_heads=4, lm_kv_heads=2, lm_hidden=96)


def draw_curve(folder: Path) -> None:
    """Draw the log of a run as curve.png."""
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    with (folder / "log.csv").open() as file:
        rows = list(csv.DictReader(file))
    steps = [int(r["step"]) for r in rows]
    figure, axes = plt.subplots(figsize=(7, 4), layout="constrained")
    for name in (k for k in rows[0] if k not in {"step", "rate", "seconds"}):
        values = [float(r[name]) for r in rows]
        width = max(1, len(values) // 60)
        smooth = [
            sum(values[max(0, i - width) : i + 1]) / len(values[max(0, i - width) : i + 1]) for i in range(len(values))
        ]
        axes.plot(steps, smooth, label=name)
    axes.set(xlabel="step", ylabel="loss (running mean)", yscale="log")
    axes.legend()
    figure.savefig(folder / "curve.png", dpi=110)


def train(stage: nn.Module, folder: Path, options: LoopOptions) -> None:
    """Run a stage to its end with a progress line."""
    start = time.time()
    for report in run_loop(stage, make_batch=stage.make_batch, loss_of=stage.loss, options=options, folder=folder):
        if report.step % 20 == 0 or report.step == options.steps:
            parts = " ".join(f"{k} {v:.3f}" for k, v in report.parts.items())
            print(f"step {report.step}/{options.steps}  loss {report.loss:.3f}  {parts}  {report.seconds:.2f} s  "
                  f"{(time.time() - start) / 60:.1f} min", flush=True)  # fmt: skip
    draw_curve(folder)


@torch.inference_mode()
def class_iou(stage: MaskStage, seed: int, count: int = 16) -> float:
    """Return the mean IoU of the classes on fresh scenes, both sensors."""
    stage.eval()
    scenes = make_scenes(seed, count, WorldOptions(size=stage.size))
    drawn = stage.grounder.classify(stage.encoder(views_of(scenes, 0)).pixels).argmax(1)
    truth = scenes.labels[:, 0].long()
    known = truth != UNLABELLED
    found = []
    for i in range(len(CLASS_KEYS)):
        both, either = ((drawn == i) & (truth == i) & known).sum(), (((drawn == i) | (truth == i)) & known).sum()
        if either:
            found.append(float(both / either))
    return sum(found) / len(found)


def load_masks(folder: Path, network: CompactNetwork) -> None:
    """Put the averaged weights of stage 1 into a network."""
    state = averaged_weights(folder)
    for part in ("encoder", "grounder"):
        module = getattr(network, part)
        module.load_state_dict({k.removeprefix(f"{part}."): v for k, v in state.items() if k.startswith(f"{part}.")})


def with_listed_words(network: CompactNetwork) -> CompactNetwork:
    """Return a network that knows the words listed today; what is new to it starts at random."""
    made = CompactNetwork(network.config, sorted(words()))
    old = {token: i for i, token in enumerate(network.tokenizer.tokens)}
    kept = [(i, old[token]) for i, token in enumerate(made.tokenizer.tokens) if token in old]
    new_rows, old_rows = (torch.tensor(rows) for rows in zip(*kept, strict=True))
    state, fresh = network.state_dict(), made.state_dict()
    for name, value in fresh.items():
        if value.dim() and value.shape[0] == len(made.tokenizer) and state[name].shape[0] == len(network.tokenizer):
            value[new_rows] = state[name][old_rows]
            state[name] = value
    made.load_state_dict(state)
    return made


def masks(args: argparse.Namespace) -> None:
    """Stage 1."""
    torch.manual_seed(args.seed)
    real = training_parts(args.real) if args.real else ()
    stage = MaskStage(CompactConfig(), seed=args.seed, landscapes=args.landscapes, towns=args.towns, real=real,
                      real_patches=args.real_patches)  # fmt: skip
    if args.warm:
        warm = load_compact(args.warm)
        stage.encoder.load_state_dict(warm.encoder.state_dict())
        stage.grounder.load_state_dict(warm.grounder.state_dict())
    stage = stage.to(memory_format=torch.channels_last)
    options = LoopOptions(steps=args.steps, seed=args.seed, rate=args.rate, warm_steps=150, precision=args.precision,
                          save_every=100)  # fmt: skip
    train(stage, args.folder, options)


def thresholds(args: argparse.Namespace) -> None:
    """Between the stages: set the constants of overlay and change queries on fresh scenes; written as a new folder."""
    network = CompactNetwork(CompactConfig(), sorted(words()))
    load_masks(args.masks, network)
    network.train(mode=False)
    found = best_offsets(network.encoder, network.grounder, tuning_scenes(args.seed, args.steps))
    shift_queries(network.grounder, *found)
    kept = {f"average/{part}.{k}": v.clone() for part in ("encoder", "grounder")
            for k, v in getattr(network, part).state_dict().items()}  # fmt: skip
    args.folder.mkdir(parents=True, exist_ok=True)
    save_file(kept, args.folder / "checkpoint.safetensors", metadata={"step": "0"})
    names = [*single_keys()[len(CLASS_KEYS) + 1 :], *change_keys()]
    offsets = dict(zip(names, torch.cat(found).tolist(), strict=True))
    (args.folder / "offsets.json").write_text(json.dumps(offsets, indent=1) + "\n")
    print(json.dumps(offsets))


def chains(args: argparse.Namespace) -> None:
    """Stage 2."""
    torch.manual_seed(args.seed)
    network = CompactNetwork(CompactConfig(), sorted(words()))
    if args.warm:
        network = with_listed_words(load_compact(args.warm))
    if args.masks:
        load_masks(args.masks, network)
        pool = encode_pool(network.encoder, network.grounder, 10_000_019 * args.seed, args.scenes)
    else:
        pool = label_pool(10_000_019 * args.seed, args.scenes, network.config.widths[3])
    stage = ChainStage(network, pool, seed=args.seed, lessons=args.lessons, seen_frac=args.seen)
    options = LoopOptions(steps=args.steps, seed=args.seed, rate=args.rate, warm_steps=100, precision=args.precision,
                          save_every=200, workers=0)  # fmt: skip
    train(stage, args.folder, options)


def pack(args: argparse.Namespace) -> None:
    """Join both stages' averaged weights into a folder that from_pretrained reads."""
    network = CompactNetwork(CompactConfig(), sorted(words()))
    state = averaged_weights(args.chains)
    network.load_state_dict({k.removeprefix("network."): v for k, v in state.items() if k.startswith("network.")})
    if args.masks:
        load_masks(args.masks, network)
    save_compact(network, args.out)
    size = (args.out / "compact.safetensors").stat().st_size
    print(json.dumps({"parameters": sum(p.numel() for p in network.parameters()), "bytes": size}))


def smoke(args: argparse.Namespace) -> None:
    """Train a toy and fail unless it learns: class IoU up by 0.06, loss of the chain's words halved."""
    torch.manual_seed(args.seed)
    stage = MaskStage(TOY, seed=args.seed, landscapes=4, towns=1, size=64).to(memory_format=torch.channels_last)
    before = class_iou(stage, 4_242)
    train(stage, args.folder / "masks", LoopOptions(steps=120, seed=args.seed, rate=6e-3, warm_steps=10, average=0.95))
    stage.load_state_dict(averaged_weights(args.folder / "masks"))
    after = class_iou(stage, 4_242)
    network = CompactNetwork(TOY, sorted(words()))
    load_masks(args.folder / "masks", network)
    lessons = ChainStage(network, encode_pool(network.encoder, network.grounder, 7, 32), seed=args.seed, lessons=16)
    options = LoopOptions(steps=60, seed=args.seed, rate=6e-3, warm_steps=10, average=0.9, workers=0)
    train(lessons, args.folder / "chains", options)
    with (args.folder / "chains" / "log.csv").open() as file:
        said = [float(r["words"]) for r in csv.DictReader(file)]
    scores = {"iou_before": before, "iou_after": after, "words_first": said[0], "words_last": sum(said[-5:]) / 5}
    print(json.dumps(scores))
    if after < before + 0.06 or scores["words_last"] > 0.5 * said[0]:
        sys.exit("The toy did not learn.")


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(required=True)
    for job in (masks, thresholds, chains, pack, smoke):
        command = commands.add_parser(job.__name__, help=job.__doc__)
        command.set_defaults(job=job)
        command.add_argument("--seed", type=int, default=1)
        command.add_argument("--threads", type=int, default=2)
        command.add_argument("--masks", type=Path, help="folder of stage 1")
        if job is not pack:
            command.add_argument("--folder", type=Path, required=True, help="where checkpoint and log lie")
            command.add_argument("--steps", type=int, default=2800)
            command.add_argument("--rate", type=float, default=3e-3)
            command.add_argument("--precision", choices=("fp32", "bf16"), default="bf16")
            command.add_argument("--warm", type=Path, help="weights to begin with")
        if job is masks:
            command.add_argument("--landscapes", type=int, default=7, help="scenes at 10 to 30 m a batch")
            command.add_argument("--towns", type=int, default=2, help="towns at 0.1 to 2 m a batch")
            command.add_argument("--real", type=Path, help="data folder: some patches a batch from real training parts")
            command.add_argument("--real-patches", type=int, default=1, help="how many")
        if job is chains:
            command.add_argument("--scenes", type=int, default=800, help="scenes in the pool")
            command.add_argument("--lessons", type=int, default=32, help="chains a batch")
            command.add_argument("--seen", type=float, default=0.3, help="share of prompts with their visual tokens")
        if job is pack:
            command.add_argument("--chains", type=Path, required=True, help="folder of stage 2")
            command.add_argument("--out", type=Path, required=True, help="where the weights go")
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    torch.set_flush_denormal(True)
    args.job(args)


if __name__ == "__main__":
    main()
