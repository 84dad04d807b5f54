"""Writing and reading: the same bytes for the same seed, whatever happened in between."""

import json
import os
import signal
import subprocess
import sys
import time
from collections import deque
from itertools import islice
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from pyarrow import parquet

from terrascope_sdk.errors import InputError, MissingDependency, ParseError
from terrascope_sdk.train.cot.rle import encode_rle
from terrascope_sdk.train.cot.scene_sources import Visits
from terrascope_sdk.train.cot.terra_cot import TerraCotOptions, read_terra_cot, stream_samples, write_terra_cot
from terrascope_sdk.train.cot.verify import verify_sample
from tests.train.cot.label_scenes import ground, rough_scene, scene_of, town

LULC = Path(__file__).parents[3] / "terrascope_sdk/stac/data/slovenia/reference/lulc.tif"


def scenes(count=6):
    rng = np.random.default_rng(1)
    made = [rough_scene(rng, size=48) for _ in range(count - 1)]
    return [*made, town(rng)]


def files_of(folder):
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def test_a_run_ended_between_shards_goes_on_with_the_same_bytes(tmp_path):
    options = TerraCotOptions(n=100, seed=7, shard_samples=30, pool_visits=10)
    write_terra_cot(scenes(), tmp_path / "whole", options)

    def stop(shard):
        if shard.file == "shard-00001.parquet":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_terra_cot(scenes(), tmp_path / "parts", options, on_shard=stop)
    assert not (tmp_path / "parts" / "shard-00002.parquet").exists()
    kept = (tmp_path / "parts" / "shard-00000.parquet").stat().st_mtime_ns
    done = write_terra_cot(scenes(), tmp_path / "parts", options)
    assert [shard.samples for shard in done] == [30, 30, 30, 10]
    assert (tmp_path / "parts" / "shard-00000.parquet").stat().st_mtime_ns == kept
    assert files_of(tmp_path / "whole") == files_of(tmp_path / "parts")
    assert write_terra_cot(scenes(), tmp_path / "parts", options) == done


def test_a_killed_command_goes_on_with_the_same_bytes(tmp_path):
    (tmp_path / "legend.json").write_text('{"1": "crop", "2": "tree", "3": "grass", "4": "shrub", "8": "developed"}')
    code = (
        "import sys\nfrom terrascope_sdk.train.cot import terra_cot as t\n"
        "from terrascope_sdk.train.cot.label_rasters import scene_from_raster\n"
        "from terrascope_sdk.train.cot.crosswalks import get_crosswalk\n"
        f"scene = scene_from_raster({str(LULC)!r}, get_crosswalk({str(tmp_path / 'legend.json')!r}))\n"
        "options = t.TerraCotOptions(n=900, shard_samples=100, pool_visits=8)\n"
        "t.write_terra_cot(scene.windows(64), sys.argv[1], options)\n"
    )
    environment = os.environ | {"OMP_NUM_THREADS": "1"}
    process = subprocess.Popen([sys.executable, "-c", code, str(tmp_path / "killed")], env=environment)
    deadline = time.monotonic() + 60
    while not (tmp_path / "killed" / "shard-00001.parquet").exists() and time.monotonic() < deadline:
        time.sleep(0.01)
    process.send_signal(signal.SIGKILL)
    process.wait()
    before = {p.name for p in (tmp_path / "killed").glob("shard-*")}
    assert 2 <= len(before) < 9
    for name in ("killed", "whole"):
        subprocess.run([sys.executable, "-c", code, str(tmp_path / name)], check=True, env=environment)
    killed, whole = (files_of(tmp_path / name) for name in ("killed", "whole"))
    assert {k: v for k, v in killed.items() if not k.startswith(".")} == whole


def test_what_is_written_reads_back_true(tmp_path):
    options = TerraCotOptions(n=60, seed=2, shard_samples=40, pool_visits=10, verify=True)
    write_terra_cot(scenes(), tmp_path, options)
    samples = list(read_terra_cot(tmp_path))
    assert len(samples) == 60
    assert len({s["id"] for s in samples}) == 60
    for sample in samples:
        assert verify_sample(sample) == []
        for field in ("image", "pre_image", "post_image"):
            if field in sample:
                assert (tmp_path / sample[field]).read_bytes().startswith(b"\x89PNG")
    assert any("pre_image" in s for s in samples)


def test_other_seeds_give_other_samples_and_other_runs_are_refused(tmp_path):
    for seed in (1, 2):
        write_terra_cot(scenes(), tmp_path / str(seed), TerraCotOptions(n=20, seed=seed, pool_visits=5))
    one, two = (next(iter(read_terra_cot(tmp_path / str(seed)))) for seed in (1, 2))
    assert one["conversations"] != two["conversations"]
    with pytest.raises(InputError, match="another seed"):
        write_terra_cot(scenes(), tmp_path / "1", TerraCotOptions(n=20, seed=2, pool_visits=5))
    with pytest.raises(InputError, match="another source"):
        write_terra_cot(scenes(5), tmp_path / "1", TerraCotOptions(n=20, seed=1, pool_visits=5))
    (tmp_path / "1" / "shard-00000.parquet").unlink()
    with pytest.raises(InputError, match="is gone"):
        write_terra_cot(scenes(), tmp_path / "1", TerraCotOptions(n=20, seed=1, pool_visits=5))
    (tmp_path / "2" / "manifest.json").write_text("{}")
    with pytest.raises(InputError, match="no manifest"):
        write_terra_cot(scenes(), tmp_path / "2", TerraCotOptions(n=20, seed=2, pool_visits=5))


def test_a_list_a_function_and_a_stream_are_sources(tmp_path):
    options = TerraCotOptions(n=30, pool_visits=3)
    made = write_terra_cot(lambda rng: rough_scene(rng, size=48), tmp_path / "made", options)
    assert made[0].samples == 30
    stream = (rough_scene(np.random.default_rng(k), size=48) for k in range(40))
    assert write_terra_cot(stream, tmp_path / "stream", options)[0].samples == 30
    with pytest.raises(InputError, match="ended after 2"):
        write_terra_cot(iter(scenes()[:2]), tmp_path / "short", options)
    with pytest.raises(InputError, match="no scene"):
        write_terra_cot([], tmp_path / "none", options)
    with pytest.raises(InputError, match="gave no sample"):
        write_terra_cot([scene_of(ground(-1))], tmp_path / "blank", options)


def test_every_scene_of_a_list_is_visited_once_a_round():
    listed = scenes(7)
    visits = Visits(listed, seed=3)
    rounds = [[listed.index(visits.scene(visit)) for visit in range(7 * k, 7 * k + 7)] for k in range(2)]
    assert [sorted(r) for r in rounds] == [list(range(7))] * 2
    assert rounds[0] != rounds[1]
    assert Visits(listed, seed=3).scene(12) is visits.scene(12)


def test_verify_stops_at_a_sample_that_is_not_true(monkeypatch):
    from terrascope_sdk.train.cot import captions

    monkeypatch.setattr(captions, "place_of", lambda *_: "upper left")
    stream = stream_samples(scenes(), TerraCotOptions(n=5, tiers=("cap",), verify=True))
    with pytest.raises(ParseError, match="does not follow"):
        deque(islice(stream, 20))


@pytest.mark.parametrize("fields", [{"n": 0}, {"n": 5, "shard_samples": 0}, {"n": 5, "tiers": ()}])
def test_options_that_make_no_sense_are_refused(fields):
    with pytest.raises(InputError):
        TerraCotOptions(**fields)


def test_without_pyarrow_the_extra_is_named(monkeypatch, tmp_path):
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(MissingDependency, match=r"terrascope-sdk\[train\]"):
        write_terra_cot(scenes(), tmp_path / "x", TerraCotOptions(n=5))
    with pytest.raises(MissingDependency):
        list(read_terra_cot(tmp_path))


# ------------------------------------------------------------------------------------------------ published files


def test_published_files_are_read_whatever_columns_they_have(tmp_path):
    rle = encode_rle(np.eye(4, dtype=bool))
    turns = [{"from": "human", "value": "<image>\nHow much?"}, {"from": "gpt", "value": "<think>a [SEG]</think>"}]
    listed = {"size": [4, 4], "counts": rle["counts"]}
    table = pa.table({
        "image": [{"bytes": b"\x89PNG", "path": "a.png"}, None],
        "conversations": [turns, turns],
        "masks": [[[listed]], None],
        "extra": [1, 2],
    })  # fmt: skip
    parquet.write_table(table, tmp_path / "a.parquet")
    plain = pa.table({
        "conversations": [json.dumps(turns)],
        "masks": [json.dumps([{"size": [4, 4], "counts": [0, 1, 4, 1, 4, 1, 4, 1]}])],
    })  # fmt: skip
    parquet.write_table(plain, tmp_path / "b.parquet")
    first, second, third = read_terra_cot(tmp_path)
    assert first["pictures"] == {"image": b"\x89PNG"}
    assert first["image"] == "a.png"
    assert first["masks"] == third["masks"] == [[rle]]
    assert "masks" not in second
    assert third["conversations"] == turns
    assert verify_sample(first)  # texts of others are not ours, and are not taken for it


def test_what_is_no_terra_cot_is_told_so(tmp_path):
    with pytest.raises(InputError, match="no parquet"):
        list(read_terra_cot(tmp_path))
    bad = tmp_path / "bad.parquet"
    bad.write_bytes(b"PAR1 and so on")
    with pytest.raises(ParseError, match="cannot be read"):
        list(read_terra_cot(bad))
    parquet.write_table(pa.table({"question": ["a"]}), bad)
    with pytest.raises(ParseError, match="no conversations"):
        list(read_terra_cot(bad))
    turns = [{"from": "human", "value": "a"}]
    parquet.write_table(pa.table({"conversations": [turns, turns], "masks": ["[]", '[{"size": [1, 1]}]']}), bad)
    with pytest.raises(ParseError, match="Row 1"):
        list(read_terra_cot(bad))


# ------------------------------------------------------------------------------------------------ the command


def test_the_command_writes_verified_samples(tmp_path):
    legend = tmp_path / "legend.json"
    legend.write_text('{"1": "crop", "2": "tree", "3": "grass", "4": "shrub", "8": "developed"}')
    program = Path(sys.executable).parent / "terrascope"
    called = [program, "terra-cot", str(LULC), "--classes", str(legend), "--n", "25", "--verify", "--window", "64"]
    done = subprocess.run(
        [*called, "--out", str(tmp_path / "out"), "--image", f"optical={LULC}"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["samples"] == 25
    assert all("image" in sample for sample in read_terra_cot(tmp_path / "out"))
    wrong = subprocess.run(
        [*called, "--out", str(tmp_path / "o"), "--tiers", "l9"], capture_output=True, text=True, check=False
    )
    assert wrong.returncode == 2
    assert "l9" in wrong.stderr
    assert "Traceback" not in wrong.stderr
