"""Synthetic worlds give samples that follow from their masks, as fast as several visits of a scene allow."""

import json
import subprocess
import sys

import numpy as np
import pytest

from terrascope_sdk.train.cot.scene_sources import Visits, scenes_id
from terrascope_sdk.train.cot.terra_cot import TerraCotOptions, stream_samples
from terrascope_sdk.train.cot.verify import verify_sample
from terrascope_sdk.train.cot.world_scenes import WorldScenes

WORLDS = WorldScenes(64)


def test_the_same_generator_gives_the_same_scene_with_its_pictures():
    one, other, third = (WORLDS(np.random.default_rng(s)) for s in (3, 3, 4))
    np.testing.assert_array_equal(one.labels, other.labels)
    assert one.id == other.id != third.id
    kinds = set()
    for seed in range(12):
        scene = WORLDS(np.random.default_rng(seed))
        kinds.add(tuple(sorted(scene.images)))
        assert (scene.labels_after is not None) == ("post" in scene.images)
        assert all(picture.std() > 5 for picture in scene.images.values())
    assert kinds == {("optical", "sar"), ("post", "pre")}
    assert WorldScenes(64, pictures=False)(np.random.default_rng(3)).images == {}


def test_burned_ground_has_no_class():
    codes = [WORLDS(np.random.default_rng(s)).labels_after for s in (*range(8), 42, 51)]  # two of them burned
    shares = [float((c == -1).mean()) for c in codes if c is not None]
    assert sum(share > 0.05 for share in shares) == 2
    assert min(shares) == 0.0


def test_a_scene_is_visited_several_times_before_the_next_is_made():
    visits = Visits(WorldScenes(64, visits=3), seed=1)
    ids = [visits.scene(k).id for k in range(9)]
    assert ids[0] == ids[2] != ids[3] == ids[5] != ids[6]
    assert Visits(WorldScenes(64, visits=3), seed=1).scene(4).id == ids[4]  # whatever was seen before
    assert scenes_id(WorldScenes(64)) != scenes_id(WorldScenes(128))


def test_samples_of_worlds_follow_from_their_masks():
    stream = stream_samples(WorldScenes(96, visits=2), TerraCotOptions(n=1, seed=2, pool_visits=8))
    samples = [s for _, (_, found) in zip(range(40), stream, strict=False) for s in found]
    assert len(samples) > 30
    assert [fault for s in samples for fault in verify_sample(s)] == []
    assert any(s["task"].startswith("change") for s in samples)


def command(*options):
    code = "from terrascope_sdk.cli import main; main()"
    words = [sys.executable, "-c", code, "terra-cot", *options]
    return subprocess.run(words, capture_output=True, text=True, check=False)


def test_one_command_writes_samples_without_any_label_file(tmp_path):
    done = command("--worlds", "--window", "64", "--n", "40", "--out", str(tmp_path / "out"), "--verify")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["samples"] == 40
    assert list((tmp_path / "out").rglob("*.parquet"))
    assert list((tmp_path / "out" / "images").rglob("*.png"))


@pytest.mark.parametrize("options", [(), ("--worlds", "labels.tif")])
def test_labels_or_worlds_but_not_both(tmp_path, options):
    done = command("--out", str(tmp_path), *options)
    assert done.returncode == 2
    assert "or --worlds" in done.stderr
