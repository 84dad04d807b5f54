"""Write Terra-CoT: any number of samples from labelled scenes, in shards, resumable, the same for the same seed."""

from __future__ import annotations

import io
import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path

import numpy as np

from terrascope_sdk.errors import InputError, ParseError
from terrascope_sdk.train.cot.answer_options import AnswerPool
from terrascope_sdk.train.cot.chain_rules import ChainRules
from terrascope_sdk.train.cot.chains import make_drafts, make_samples, require_tiers
from terrascope_sdk.train.cot.labelled import LabelledScene
from terrascope_sdk.train.cot.parquet_files import read_terra_cot, require_pyarrow, write_samples
from terrascope_sdk.train.cot.sample import Sample
from terrascope_sdk.train.cot.scene_sources import SceneSource, Visits, scenes_id
from terrascope_sdk.train.cot.tasks import TIERS
from terrascope_sdk.train.cot.verify import verify_sample
from terrascope_sdk.types.encoding import JsonValue

__all__ = ["ShardDone", "TerraCotOptions", "read_terra_cot", "stream_samples", "write_terra_cot"]

MANIFEST = "manifest.json"
_POOL, _SAMPLES = 21, 22  # streams of randomness, apart from each other
_BARREN = 1000  # scenes in a row without a sample before we give up


@dataclass(frozen=True)
class TerraCotOptions:
    """What to write."""

    n: int
    """Number of samples."""

    seed: int = 0
    """The same seed, source and options give the same files."""

    tiers: tuple[str, ...] = tuple(TIERS)
    """Short names of the tiers that are wanted."""

    shard_samples: int = 2000
    """Samples in a file."""

    pool_visits: int = 128
    """Scenes whose answers are collected first, to draw wrong options from."""

    verify: bool = False
    """Check every sample against its masks, and stop at the first that fails."""

    rules: ChainRules = field(default_factory=ChainRules)
    """What may be asked."""

    def __post_init__(self) -> None:
        require_tiers(self.tiers)
        if self.n < 1 or self.shard_samples < 1 or self.pool_visits < 0:
            raise InputError(f"{self.n} samples in shards of {self.shard_samples} cannot be written.")


@dataclass(frozen=True)
class ShardDone:
    """What a finished shard holds."""

    file: str
    """Name of the file."""

    samples: int
    """How many."""

    next_visit: int
    """Number of the visit that the next shard starts with."""

    tasks: Mapping[str, int]
    """Samples by task."""


def _turned(visits: Visits, options: TerraCotOptions, visit: int) -> tuple[LabelledScene, np.random.Generator] | None:
    """Return the scene of a visit, rotated or mirrored, and the generator that its samples are drawn with."""
    scene = visits.scene(visit)
    if scene is None:
        return None
    rng = np.random.default_rng([options.seed, _SAMPLES, visit])
    return scene.turned(int(rng.integers(8))), rng


def _filled_pool(visits: Visits, options: TerraCotOptions) -> AnswerPool:
    pool = AnswerPool()
    visits.keep(options.pool_visits)
    for visit in range(options.pool_visits if set(options.tiers) != {"cap"} else 0):
        scene = visits.scene(visit)
        if scene is None:
            break
        rng = np.random.default_rng([options.seed, _POOL, visit])
        for draft in make_drafts(scene, rng, rules=options.rules, tiers=options.tiers):
            pool.add(draft)
    return pool


def stream_samples(
    source: SceneSource,
    options: TerraCotOptions,
    *,
    first_visit: int = 0,
    files_of: Callable[[int, LabelledScene], Mapping[str, str]] | None = None,
) -> Iterator[tuple[int, list[Sample]]]:
    """Yield the number of each visit with its samples, without end.

    Args:
        source: Scenes.
        options: What is wanted; `n` and `shard_samples` do not matter here.
        first_visit: Where to start.
        files_of: Is given each visit and its scene, stores the pictures, and returns their files by modality.

    Raises:
        InputError: The source has no more scenes, or scenes that nothing can be asked about.
        ParseError: A sample does not follow from its masks (with `verify`).
    """
    visits = Visits(source, options.seed)
    pool = _filled_pool(visits, options)
    barren, visit = 0, first_visit
    while barren < _BARREN:
        found = _turned(visits, options, visit)
        if found is None:
            raise InputError(f"The stream of scenes ended after {visit}.", hint="Ask for fewer samples.")
        scene, rng = found
        files = files_of(visit, scene) if files_of else {}
        samples = make_samples(scene, rng, rules=options.rules, tiers=options.tiers, pool=pool, files=files)
        for i, sample in enumerate(samples):
            sample["id"] = f"{visit:08d}-{i}"
            if options.verify:
                _require_true(sample)
        barren = 0 if samples else barren + 1
        yield visit, samples
        visit += 1
    raise InputError(f"{_BARREN} scenes in a row gave no sample.", hint="Do the labels have the classes expected?")


def _require_true(sample: Sample) -> None:
    faults = verify_sample(sample)
    if faults:
        raise ParseError(f"Sample {sample['id']} ({sample['task']}) does not follow from its masks: {faults[0]}.")


def write_terra_cot(
    source: SceneSource,
    out: Path | str,
    options: TerraCotOptions,
    *,
    on_shard: Callable[[ShardDone], None] | None = None,
) -> list[ShardDone]:
    """Write samples as parquet shards, with the pictures beside them and a manifest.

    A run that was ended anyhow goes on where it stopped when it is called again, and writes the same bytes. A shard and
    a picture appear under their names only when they are whole.

    Args:
        source: Scenes.
        out: A folder, new or of the same run.
        options: What to write.
        on_shard: Called after each shard that was written now.

    Returns:
        All shards, also those of earlier calls.

    Raises:
        MissingDependency: pyarrow is not installed.
        InputError: The folder holds another run, or the source has too few scenes.
        ParseError: A sample does not follow from its masks (with `verify`).
    """
    require_pyarrow()
    folder = Path(out)
    folder.mkdir(parents=True, exist_ok=True)
    arguments: dict[str, JsonValue] = json.loads(json.dumps(asdict(options))) | {"source": scenes_id(source)}
    done = _resumed(folder, arguments)
    for shard in done:
        if not (folder / shard.file).is_file():
            raise InputError(f"{folder / shard.file} is gone.", hint="Write into a new folder.")
    left = options.n - sum(shard.samples for shard in done)
    if left <= 0:
        return done
    number = len(done)
    stream = stream_samples(
        source,
        options,
        first_visit=done[-1].next_visit if done else 0,
        files_of=lambda visit, scene: _stored(folder, number, visit, scene),
    )
    while left > 0:
        rows, visit = _gathered(stream, min(left, options.shard_samples))
        name = f"shard-{number:05d}.parquet"
        write_samples(rows, folder / name)
        tasks = dict(sorted(Counter(row["task"] for row in rows).items()))
        done.append(ShardDone(name, len(rows), visit + 1, tasks))
        _write_manifest(folder, arguments, done)
        left -= len(rows)
        number += 1
        if on_shard:
            on_shard(done[-1])
    return done


def _gathered(stream: Iterator[tuple[int, list[Sample]]], wanted: int) -> tuple[list[Sample], int]:
    """Return so many samples and the last visit; what that visit has beyond them is dropped."""
    rows: list[Sample] = []
    while True:
        visit, samples = next(stream)
        rows += samples
        if len(rows) >= wanted:
            return rows[:wanted], visit


def _stored(folder: Path, shard: int, visit: int, scene: LabelledScene) -> dict[str, str]:
    """Write the pictures of a visit; return their names within the folder."""
    from PIL import Image

    files = {}
    for modality, pixels in scene.images.items():
        name = f"images/{shard:05d}/{visit:08d}-{modality}.png"
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        buffer = io.BytesIO()
        Image.fromarray(np.ascontiguousarray(pixels)).save(buffer, "PNG", compress_level=1)
        unfinished = path.with_name(f".{path.name}.part")
        unfinished.write_bytes(buffer.getvalue())
        unfinished.replace(path)
        files[modality] = name
    return files


def _resumed(folder: Path, arguments: Mapping[str, JsonValue]) -> list[ShardDone]:
    path = folder / MANIFEST
    if not path.is_file():
        return []
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
        given, shards = document["arguments"], [ShardDone(**shard) for shard in document["shards"]]
    except (ValueError, KeyError, TypeError) as err:
        raise InputError(f"{path} is no manifest of a run: {err}.", hint="Write into a new folder.") from err
    differing = sorted(key for key in {*given, *arguments} if given.get(key) != arguments.get(key))
    if differing:
        raise InputError(f"{folder} holds a run with another {differing[0]}.", hint="Write into a new folder.")
    return shards


def _write_manifest(folder: Path, arguments: Mapping[str, JsonValue], shards: list[ShardDone]) -> None:
    document = {"format": "terra-cot", "arguments": arguments, "shards": [asdict(shard) for shard in shards]}
    unfinished = folder / f".{MANIFEST}.part"
    unfinished.write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")
    unfinished.replace(folder / MANIFEST)
