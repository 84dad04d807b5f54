"""The training loop: seeded by step, resumable after a kill to the same curve, logged as it goes."""

import csv
import json
import logging
import math
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Generic, TypeVar

import torch
from safetensors import safe_open
from safetensors.torch import save_file
from torch import Tensor, nn
from torch.utils.data import DataLoader, Dataset

from terrascope_sdk.errors import InputError

__all__ = ["LoopOptions", "StepReport", "averaged_weights", "run_loop"]

_log = logging.getLogger(__name__)
Batch = TypeVar("Batch")


@dataclass(frozen=True)
class LoopOptions:
    """How long and how fast to train."""

    steps: int
    """Optimiser steps in all."""

    seed: int = 0
    """Decides the batches and everything drawn in a step."""

    rate: float = 2e-3
    """Highest learning rate; rises over `warm_steps`, then falls as a cosine to a hundredth."""

    warm_steps: int = 100
    """Steps of rising rate."""

    weight_decay: float = 0.02
    """AdamW's decay, on matrices only."""

    clip: float = 2.0
    """Largest norm of the gradient."""

    average: float = 0.998
    """Decay of the moving average of the weights, which is what is kept."""

    save_every: int = 200
    """Steps between checkpoints."""

    workers: int = 1
    """Processes that make batches; 0 makes them in this one."""

    precision: str = "fp32"
    """``fp32``, or ``bf16`` for mixed precision."""


@dataclass(frozen=True)
class StepReport:
    """One step of training."""

    step: int
    """Counted from 1."""

    loss: float
    """Total loss of the batch."""

    parts: dict[str, float]
    """Its parts by name."""

    rate: float
    """Learning rate."""

    seconds: float
    """Time the step took."""


class _Steps(Dataset[Batch], Generic[Batch]):
    def __init__(self, make: Callable[[int], Batch], count: int) -> None:
        self.make, self.count = make, count

    def __len__(self) -> int:
        return self.count

    def __getitem__(self, step: int) -> Batch:
        return self.make(step)


def _prepare_worker(_: int) -> None:
    torch.set_num_threads(1)
    torch.set_flush_denormal(True)


def _rate(options: LoopOptions, step: int) -> float:
    if step < options.warm_steps:
        return options.rate * (step + 1) / options.warm_steps
    done = (step - options.warm_steps) / max(1, options.steps - options.warm_steps)
    return options.rate * (0.01 + 0.99 * 0.5 * (1 + math.cos(math.pi * min(1.0, done))))


def _average_of(module: nn.Module) -> dict[str, Tensor]:
    return {k: v.detach().clone() for k, v in module.state_dict().items()}


@torch.no_grad()
def _update_average(average: dict[str, Tensor], module: nn.Module, decay: float) -> None:
    for name, value in module.state_dict().items():
        if value.dtype.is_floating_point:
            average[name].lerp_(value, 1 - decay)
        else:
            average[name].copy_(value)


def _save(
    folder: Path, *, step: int, module: nn.Module, optimiser: torch.optim.Optimizer, average: dict[str, Tensor]
) -> None:
    tensors = {f"model/{k}": v for k, v in module.state_dict().items()}
    tensors |= {f"average/{k}": v for k, v in average.items()}
    for i, state in optimiser.state_dict()["state"].items():
        tensors |= {f"optimiser/{i}/{k}": v for k, v in state.items()}
    whole = {k: v.detach().contiguous().clone() for k, v in tensors.items()}
    new = folder / "checkpoint.new"
    save_file(whole, new, metadata={"step": str(step)})
    new.replace(folder / "checkpoint.safetensors")


def _restore(path: Path, module: nn.Module, optimiser: torch.optim.Optimizer) -> tuple[int, dict[str, Tensor]]:
    groups: dict[str, dict[str, Tensor]] = {"model": {}, "average": {}}
    states: dict[int, dict[str, Tensor]] = {}
    with safe_open(path, framework="pt") as file:
        step = int(file.metadata()["step"])
        for key in file.keys():  # noqa: SIM118  (not a mapping)
            kind, _, rest = key.partition("/")
            if kind == "optimiser":
                i, _, name = rest.partition("/")
                states.setdefault(int(i), {})[name] = file.get_tensor(key)
            else:
                groups[kind][rest] = file.get_tensor(key)
    module.load_state_dict(groups["model"])
    optimiser.load_state_dict(optimiser.state_dict() | {"state": states})
    return step, groups["average"]


def averaged_weights(folder: Path) -> dict[str, Tensor]:
    """Return the moving average of the weights of the newest checkpoint in a folder, by name."""
    with safe_open(folder / "checkpoint.safetensors", framework="pt") as file:
        return {k.partition("/")[2]: file.get_tensor(k) for k in file.keys() if k.startswith("average/")}  # noqa: SIM118


def _agree(folder: Path, options: LoopOptions) -> None:
    """Write down the options, or make sure that a resumed run has the same ones."""
    path = folder / "options.json"
    new = asdict(options) | {"save_every": 0, "workers": 0}
    if path.exists():
        old = json.loads(path.read_text())
        if old != new:
            odd = ", ".join(k for k in new if old.get(k) != new[k])
            raise InputError(f"{folder} holds a run with other options: {odd}.", hint="Give another folder.")
    path.write_text(json.dumps(new, indent=2))


def run_loop(
    module: nn.Module,
    *,
    make_batch: Callable[[int], Batch],
    loss_of: Callable[[Batch, int], tuple[Tensor, dict[str, float]]],
    options: LoopOptions,
    folder: Path,
) -> Iterator[StepReport]:
    """Train a module, yielding a report after each step; goes on from the folder's checkpoint where there is one.

    Args:
        module: What to train; parameters with ``requires_grad`` only.
        make_batch: Makes the batch of a step; must depend on the step alone.
        loss_of: Returns loss and parts for a batch and a step.
        options: How long and how fast.
        folder: Where checkpoint, options and log lie.

    Raises:
        InputError: The folder holds a run with other options.
    """
    folder.mkdir(parents=True, exist_ok=True)
    _agree(folder, options)
    trained = [p for p in module.parameters() if p.requires_grad]
    groups = [
        {"params": [p for p in trained if p.dim() > 1], "weight_decay": options.weight_decay},
        {"params": [p for p in trained if p.dim() <= 1], "weight_decay": 0.0},
    ]
    optimiser = torch.optim.AdamW(groups, lr=options.rate, betas=(0.9, 0.98))
    checkpoint = folder / "checkpoint.safetensors"
    first, average = 0, _average_of(module)
    if checkpoint.exists():
        first, average = _restore(checkpoint, module, optimiser)
        _log.info("Going on from step %d.", first)
    loader = DataLoader(
        _Steps(make_batch, options.steps), batch_size=None, sampler=range(first, options.steps),
        num_workers=options.workers, prefetch_factor=3 if options.workers else None,
        worker_init_fn=_prepare_worker,
    )  # fmt: skip
    device = next(module.parameters()).device.type
    with (folder / "log.csv").open("a", newline="") as file:
        writer = csv.writer(file)
        start = time.perf_counter()
        for step, batch in enumerate(loader, start=first):
            module.train()
            rate = _rate(options, step)
            for group in optimiser.param_groups:
                group["lr"] = rate
            with torch.autocast(device, torch.bfloat16, enabled=options.precision == "bf16"):
                loss, parts = loss_of(batch, step)
            optimiser.zero_grad(set_to_none=True)
            torch.autograd.backward(loss)
            nn.utils.clip_grad_norm_(trained, options.clip)
            optimiser.step()
            _update_average(average, module, min(options.average, (step + 1) / (step + 10)))
            now = time.perf_counter()
            report = StepReport(step + 1, float(loss.detach()), parts, rate, now - start)
            start = now
            if step == 0:
                writer.writerow(["step", "loss", *parts, "rate", "seconds"])
            writer.writerow(
                [
                    step + 1,
                    f"{report.loss:.5f}",
                    *(f"{v:.5f}" for v in parts.values()),
                    f"{rate:.6f}",
                    f"{report.seconds:.2f}",
                ]
            )
            if (step + 1) % options.save_every == 0 or step + 1 == options.steps:
                file.flush()
                _save(folder, step=step + 1, module=module, optimiser=optimiser, average=average)
            yield report
