"""``terrascope bench``: how good the network's chains are, beside what needs no network."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from terrascope_sdk.types.encoding import JsonValue

__all__ = ["bench"]


def _show(done: int, count: int) -> None:
    if done % 20 == 0 or done == count:
        typer.echo(f"  {done} of {count}", err=True)


def _number(entry: JsonValue) -> str:
    if not isinstance(entry, dict) or entry.get("value") is None:
        return "      -      "
    low, high = entry["interval"]
    return f"{entry['value']:.3f} [{low:.2f} {high:.2f}]"


def _table(document: JsonValue) -> str:
    """Return the tasks as lines of text."""
    lines = [f"{document['suite']}, seed {document['seed']}, weights {document['weights_sha256'][:12]}"]
    lines.append(f"{'task':<18} {'n':>5}  {'multiple choice':<19} {'near enough':<19} {'mask overlap':<19}")
    for task, entry in document["tasks"].items():
        if task != "average":
            cells = (_number(entry.get(k)) for k in ("accuracy", "hit", "mean_iou"))
            lines.append(f"{task:<18} {entry.get('n', ''):>5}  " + " ".join(f"{c:<19}" for c in cells))
    average = document["tasks"]["average"]
    lines.append(f"macro {_number(average['macro'])}, micro {_number(average['micro'])}, chance {average['chance']}")
    for name, entry in document["baselines"].items():
        own = entry.get("average") or entry["tasks"]["average"]
        lines.append(f"{name:<18} macro {_number(own['macro'])}")
    return "\n".join(lines)


def bench(
    suite: Annotated[str, typer.Option(help="synthetic, real, or a published parquet file.")] = "synthetic",
    seed: Annotated[int, typer.Option(help="The same seed gives the same scenes and questions.")] = 0,
    n: Annotated[int, typer.Option("--n", help="Questions a task; of a file, most questions in all.")] = 200,
    as_json: Annotated[bool, typer.Option("--json", help="Print the whole document.")] = False,
    weights: Annotated[Path | None, typer.Option(help="Folder of a network; the bundled one when left out.")] = None,
    data: Annotated[Path | None, typer.Option(help="Folder with further labels of the real scenes.")] = None,
    modes: Annotated[str, typer.Option(help="Ways to run the network, with commas; all when left out.")] = "",
    others: Annotated[int, typer.Option(help="Questions a task for all ways but the usual one.")] = 60,
) -> None:
    """Score the network's chains on questions whose answers are known."""
    from terrascope_sdk.evaluate.bench.command import run_bench
    from terrascope_sdk.evaluate.bench.modes import bench_modes

    document = run_bench(
        suite, seed=seed, n=n, weights=weights, data=data, others=others, on_step=_show,
        modes=tuple(m for m in modes.split(",") if m) or tuple(bench_modes),
    )  # fmt: skip
    typer.echo(json.dumps(document, indent=1) if as_json else _table(document))
