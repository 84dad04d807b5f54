import json

import numpy as np
import pytest
import rasterio
import torch

from terrascope_sdk.errors import InputError
from terrascope_sdk.evaluate.masks import MaskNetwork, build_fitness, real_suite
from terrascope_sdk.evaluate.masks.place_dates import index_mask, label_file, load_place, rule_masks, see
from terrascope_sdk.evaluate.masks.real_cover import slovenia
from terrascope_sdk.evaluate.masks.real_rows import RowBook
from terrascope_sdk.evaluate.masks.real_water import spain
from terrascope_sdk.model.config import CompactConfig
from terrascope_sdk.model.encoder import Encoder
from terrascope_sdk.model.grounding import Grounder


@pytest.fixture(scope="module")
def network():
    torch.manual_seed(0)
    config = CompactConfig()
    return MaskNetwork(Encoder(config).eval(), Grounder(config).eval(), sha256="0" * 64)


def test_a_place_is_seen_as_a_user_gets_it(network):
    stack = load_place("slovenia")
    dates = see(network, stack, sensor="optical")
    assert [d.moment.when for d in dates] == ["2015-07-11", "2015-08-30", "2015-09-09"]  # two are clouded
    shape = stack.grid.shape
    logits = dates[0].logits("tree")
    assert logits.shape == shape == dates[0].logits("building").shape
    masks = dates[0].masks("tree")
    assert (masks["network"] == (logits > 0)).all()
    total = sum(dates[0].class_shares(np.ones(shape, bool)).values())
    assert total == pytest.approx(1)


def test_slovenia_is_scored_on_its_test_part_only(network):
    rows, shares = slovenia(network)
    tree = next(r for r in rows if r.concept == "tree" and r.method == "network")
    assert tree.dates == 3
    assert tree.counts.seen.sum() == 3 * 45 * 100
    assert tree.counts.truth.sum() == 3 * 3292
    assert set(shares) == {"2015-07-11", "2015-08-30", "2015-09-09"}
    train, _ = slovenia(network, part="train")
    assert train[0].counts.seen.sum() == 3 * (46 * 100 - 155)


def test_rules_and_indices_stand_beside():
    stack = load_place("slovenia")
    made = rule_masks(stack, "optical", 0, "vegetation")
    nir, red = (stack.series("optical").band(n, 0) for n in ("nir", "red"))
    assert (made["NDVI > 0.4"] == (nir - red > 0.4 * (nir + red))).mean() > 0.9999
    assert index_mask(stack, "optical", 0, "vegetation") is not None
    assert index_mask(stack, "optical", 0, "tree") is None


@pytest.fixture
def data(tmp_path):
    """A folder with a made-up water label on the grid of the Spain chip: its west half."""
    grid = load_place("spain").grid
    folder = tmp_path / "sen1floods11-spain"
    folder.mkdir()
    label = np.zeros((1, *grid.shape), np.int16)
    label[0, :, :256] = 1
    label[0, 0] = -1
    path = folder / "Spain_7370579_LabelHand.tif"
    kind = {"driver": "GTiff", "dtype": "int16", "count": 1, "height": grid.height, "width": grid.width}
    with rasterio.open(path, "w", crs=grid.crs, transform=grid.transform, **kind) as file:
        file.write(label)
    return tmp_path


def test_spain_is_scored_by_sensor_sets_and_on_sixteen_tiles(network, data):
    rows, tiles = spain(network, data)
    assert {r.sensors for r in rows} == {"optical+sar", "optical", "sar"}
    assert {r.counts.truth.sum() for r in rows} == {511 * 256}
    assert all(t["tiles"] == 16 for t in tiles.values())
    assert {"optical, NDWI > 0", "sar, network, decided", "optical+sar, network"} <= set(tiles)


def test_a_label_on_another_grid_is_refused(data):
    with pytest.raises(InputError, match="lies on"):
        label_file(data / "sen1floods11-spain" / "Spain_7370579_LabelHand.tif", load_place("slovenia"))


def test_no_data_folder_is_refused_by_name(network, tmp_path):
    with pytest.raises(InputError, match="no folder"):
        real_suite(network, tmp_path / "none")


def square(side):
    made = np.zeros((64, 64), bool)
    made[:side, :side] = True
    return made


def book(place, *, reference, gsd_m=10.0):
    return RowBook(place, gsd_m=gsd_m, reference=reference, block_px=16)


def test_the_fitness_file_pools_places_and_sets_algorithms_aside():
    everywhere = np.ones((64, 64), bool)
    hand, other, scl = (book(p, reference=r) for p, r in (("a", "register"), ("b", "register"), ("c", "algorithm")))
    hand.add(
        "water",
        "optical",
        {"network, decided": square(32), "index reasoner": square(16)},
        truth=square(32),
        seen=everywhere,
    )
    other.add(
        "water",
        "optical",
        {"network, decided": square(16), "index reasoner": square(32)},
        truth=square(32),
        seen=everywhere,
    )
    scl.add("water", "optical", {"network, decided": square(0)}, truth=square(32), seen=everywhere)
    scl.add("vegetation", "optical", {"network, decided": square(32)}, truth=square(32), seen=everywhere)
    fine = book("d", reference="drawn by hand", gsd_m=0.15)
    fine.add("building", "optical", {"network, decided": square(32)}, truth=square(64), seen=everywhere)
    made = build_fitness([r for b in (hand, other, scl, fine) for r in b.rows()], weights_sha256="abc")
    water = made["concepts"]["water"]["optical"]["3 to 25 m"]
    assert water["iou"] == pytest.approx((1024 + 256) / 2048, abs=1e-4)
    assert water["index_iou"] == pytest.approx((1024 + 256) / 2048, abs=1e-4)
    assert (water["places"], water["truth_px"], water["blocks"]) == (["a", "b"], 2048, 32)
    assert water["interval"][0] < water["iou"] < water["interval"][1]
    assert made["concepts"]["vegetation"]["optical"]["3 to 25 m"]["reference"] == "algorithm"
    assert made["concepts"]["vegetation"]["optical"]["3 to 25 m"]["index_iou"] is None
    assert made["concepts"]["building"]["optical"]["below 3 m"]["iou"] == 0.25
    json.dumps(made)
