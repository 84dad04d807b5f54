from dataclasses import replace

import numpy as np
import pytest

from terrascope_sdk.engine.indices import IndexReasoner
from terrascope_sdk.evaluate import score_file
from terrascope_sdk.testing import ScriptedReasoner, disc_mask, lake_stack, utm_grid
from terrascope_sdk.types import Mask, PixelGrid
from tests.evaluate.made import UTM, ask, halves, record, write_lines, write_tif

GRID = PixelGrid(*UTM, 20, 30)
YES = np.ones((20, 30), bool)


def strip(first, last, label):
    pixels = np.zeros((20, 30), bool)
    pixels[:, first:last] = True
    return Mask(pixels, YES, GRID, label)


SCRIPT = ScriptedReasoner(
    {"water": strip(0, 6, "water"), "vegetation": strip(6, 21, "vegetation"), "bare": strip(24, 27, "bare")}
)


@pytest.fixture
def scene(tmp_path):
    folder = tmp_path / "scene"
    write_tif(folder / "label.tif", halves())
    rng = np.random.default_rng(0)
    write_tif(folder / "photo.tif", rng.integers(0, 255, (3, 20, 30)).astype(np.uint8), names=["red", "green", "blue"])
    return folder


def see(scene, reasoner=SCRIPT, **fields):
    return ask(scene, reasoner=reasoner, **({"images": ["photo.tif"]} | fields))


@pytest.mark.parametrize(
    ("fields", "value"),
    [
        ({"question": "What percentage is water?"}, 20.0),
        ({"question": "What percentage is not vegetated (SCL 5)?"}, 50.0),
        ({"question": "What percentage is dry land?"}, 80.0),
        ({"question": "What percentage is water or bare land?", "label_values": [1, 2]}, 30.0),
        ({"task": "area", "question": "What is the total water area in square metres?"}, 12_000.0),
        ({"task": "ranking", "question": "Which is larger: water or vegetation?"}, "vegetation"),
        ({"task": "ranking", "question": "Which is larger: water or dry land?"}, "dry land"),
        ({"task": "ranking", "question": "Which is larger: everything else or vegetation?"}, None),  # a tie
        ({"task": "ranking", "question": "Which is larger: bare soil or everything else?"}, "everything else"),
        ({"task": "boundary", "question": "Is there a boundary between water and vegetation?"}, "yes"),
        ({"task": "boundary", "question": "Is there a boundary between water and bare land?"}, "no"),
        ({"task": "distance", "question": "What is the distance between water and bare land?"}, 190.0),
        ({"task": "count", "question": "How many patches of water?"}, 1),
    ],
)
def test_words_become_masks_and_masks_answers(scene, fields, value):
    given = see(scene, **fields)
    assert given.value == (pytest.approx(value) if isinstance(value, float) else value)
    assert given.outcome == ("refused" if value is None else "answered")


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"images": []}, "no picture"),
        ({"question": "What percentage is snow?"}, "no mask of snow"),
        ({"question": "What percentage is purple?"}, "nothing of the vocabulary"),
        ({"task": "boundary", "question": "Does building instance 3 touch building instance 4?"}, "Numbered instances"),
        ({"task": "boundary", "question": "Does the lake touch the river?"}, "one and the same"),
        ({"task": "boundary", "question": "Does water touch the quay?"}, "one and the same"),
        ({"task": "ranking", "question": "Which is larger: water or quays?"}, "not one thing"),
        ({"task": "change", "measure": "count_share"}, "arithmetic on labels"),
        ({"task": "change", "measure": "area_growth", "label": "label.tif + label.tif"}, "two dates"),
    ],
)
def test_what_cannot_be_seen_is_refused(scene, fields, reason):
    given = see(scene, **fields)
    assert given.outcome == "refused"
    assert reason in given.why


def test_the_label_says_what_is_valid_and_nothing_else(scene):
    codes = halves(split=12)
    codes[:, :3] = 0
    write_tif(scene / "lulc.tif", codes)
    assert see(scene, label="lulc.tif", question="What percentage is water?").value == pytest.approx(100 * 3 / 27)
    write_tif(scene / "lulc.tif", np.where(codes == 0, 0, 3 - codes).astype(np.uint8))
    assert see(scene, label="lulc.tif", question="What percentage is water?").value == pytest.approx(100 * 3 / 27)


def test_what_the_reasoner_did_not_see_is_not_counted(scene):
    hidden = replace(strip(0, 6, "water"), valid=~strip(0, 3, "").pixels)
    given = see(scene, ScriptedReasoner({"water": hidden}), question="What percentage is water?")
    assert given.value == pytest.approx(100 * 3 / 27)


def test_a_layout_that_is_not_known_is_a_failure(scene):
    write_tif(scene / "odd.tif", np.ones((5, 20, 30), np.float32))
    assert see(scene, images=["odd.tif"], question="What percentage is water?").outcome == "failed"


def sentinel_image(path, radius_m, day):
    stack = lake_stack((radius_m,), grid=utm_grid(size_px=64, pixel_m=20), sensors=("optical",))
    names = {"blue": "B02", "green": "B03", "red": "B04", "nir": "B08", "swir16": "B11", "swir22": "B12"}
    bands = np.stack([stack.optical.band(name) for name in names])
    write_tif(
        path, np.round(bands * 1e4).clip(1).astype(np.uint16), crs=stack.grid.crs, transform=stack.grid.transform,
        nodata=0, names=list(names.values()), tags={"level": "L2A reflectance", "datetime": f"{day}T10:00:00Z"},
    )  # fmt: skip
    return disc_mask(stack.grid, radius_m=radius_m)


def test_the_index_reasoner_measures_a_lake_of_known_size(tmp_path):
    scene = tmp_path / "lake"
    for year, radius in ((2019, 250.0), (2022, 400.0)):
        lake = sentinel_image(scene / f"s2_{year}.tif", radius, f"{year}-06-01")
        codes = lake.pixels.astype(np.uint8)
        write_tif(scene / f"lake_{year}.tif", codes, crs=lake.grid.crs, transform=lake.grid.transform)
    area = {"task": "area", "question": "What is the total water area in square metres?", "scene": "lake"}
    growth = {"task": "change", "measure": "area_growth", "scene": "lake", "label": "lake_2019.tif + lake_2022.tif"}
    growth |= {"question": "By how many square metres did the water grow?", "images": ["s2_2022.tif", "s2_2019.tif"]}
    truth = {r: np.pi * r**2 for r in (250, 400)}
    path = write_lines(
        tmp_path / "q.jsonl",
        record(id="a", images=["s2_2019.tif"], label="lake_2019.tif", answer=truth[250], **area),
        record(id="b", images=["s2_2022.tif"], label="lake_2022.tif", answer=truth[400], **area,
               options={"A": "12 ha", "B": "50 ha", "C": "1.3 km2"}, correct="B"),
        record(id="c", answer=truth[400] - truth[250], **growth),
        record(id="d", scene="lake", task="coverage", question="What percentage is forest?", images=["s2_2022.tif"],
               label="lake_2022.tif", answer=10.0),
    )  # fmt: skip
    seen = score_file(path, tmp_path, masks="model", reasoner=IndexReasoner()).to_json()
    assert (seen["total"], seen["correct"], seen["refused"]) == (4, 3, 1)
    assert seen["misses"][0]["id"] == seen["refusals"][0]["id"] == "d"
    assert "tree cover" in seen["misses"][0]["why"]
