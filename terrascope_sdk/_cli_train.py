"""``terrascope terra-cot``: samples with masks in their chains, from label rasters."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from terrascope_sdk.errors import InputError

if TYPE_CHECKING:
    from terrascope_sdk.train.cot.terra_cot import ShardDone

__all__ = ["terra_cot"]


def _show(shard: ShardDone) -> None:
    typer.echo(f"  {shard.file}: {shard.samples} samples", err=True)


def _named_files(pairs: list[str], stem: str) -> dict[str, Path]:
    """Return files by modality, from ``NAME=FILE`` with ``{stem}`` for the name of the labels."""
    found = {}
    for pair in pairs:
        name, equals, file = pair.partition("=")
        if not (name and equals and file):
            raise InputError(f"{pair!r} names no picture.", hint="Write --image optical=FILE.")
        found[name] = Path(file.replace("{stem}", stem))
    return found


def terra_cot(  # noqa: PLR0913 - a command line has as many options as there are
    out: Annotated[Path, typer.Option(help="Folder for shards, pictures and manifest; the same again goes on.")],
    labels: Annotated[list[Path] | None, typer.Argument(help="Label rasters, one band of codes each.")] = None,
    worlds: Annotated[bool, typer.Option("--worlds", help="Make synthetic scenes instead of reading labels.")] = False,
    pictures: Annotated[bool, typer.Option(help="Whether synthetic scenes come with pictures.")] = True,
    n: Annotated[int, typer.Option("--n", help="Number of samples.")] = 1000,
    seed: Annotated[int, typer.Option(help="The same seed gives the same files.")] = 0,
    classes: Annotated[
        str, typer.Option(help="worldcover, nlcd, corine, corine-grid, or a JSON file of code to key.")
    ] = "worldcover",
    tiers: Annotated[str, typer.Option(help="Any of cap, l1, l2, with commas.")] = "cap,l1,l2",
    window: Annotated[int, typer.Option(help="Rows and columns of a window, pixels.")] = 256,
    stride: Annotated[int, typer.Option(help="From one window to the next, pixels; 0: side by side.")] = 0,
    image: Annotated[list[str] | None, typer.Option(help="NAME=FILE on the same grid; {stem} is the labels'.")] = None,
    after: Annotated[str | None, typer.Option(help="Labels of a second date; {stem} is the first ones'.")] = None,
    gsd: Annotated[float | None, typer.Option(help="Metres a pixel, of labels without a georeference.")] = None,
    source: Annotated[str, typer.Option(help="Where the labels come from.")] = "",
    licence: Annotated[str, typer.Option(help="On which terms.")] = "",
    verify: Annotated[bool, typer.Option("--verify", help="Check every sample against its masks.")] = False,
) -> None:  # fmt: skip
    """Write Terra-CoT samples from label rasters or synthetic worlds; ended anyhow, the same command goes on."""
    from terrascope_sdk.train.cot.crosswalks import get_crosswalk
    from terrascope_sdk.train.cot.label_rasters import scene_from_raster
    from terrascope_sdk.train.cot.terra_cot import TerraCotOptions, write_terra_cot

    options = TerraCotOptions(n=n, seed=seed, tiers=tuple(tiers.split(",")), verify=verify)
    if worlds == bool(labels):
        raise InputError("Give label rasters, or --worlds to make scenes.")
    if worlds:
        from terrascope_sdk.train.cot.world_scenes import WorldScenes

        _report(write_terra_cot(WorldScenes(window, pictures=pictures), out, options, on_shard=_show))
        return
    legend = get_crosswalk(classes)
    windows = []
    for path in labels or []:
        scene = scene_from_raster(
            path, legend, images=_named_files(image or [], path.stem), gsd_m=gsd, source=source, licence=licence,
            after=after.replace("{stem}", path.stem) if after else None,
        )  # fmt: skip
        windows += scene.windows(window, stride_px=stride)
    _report(write_terra_cot(windows, out, options, on_shard=_show), windows=len(windows))


def _report(shards: list[ShardDone], **counts: int) -> None:
    tasks: Counter[str] = Counter()
    for shard in shards:
        tasks.update(shard.tasks)
    typer.echo(json.dumps({"samples": sum(tasks.values())} | counts | {"tasks": dict(sorted(tasks.items()))}, indent=1))
