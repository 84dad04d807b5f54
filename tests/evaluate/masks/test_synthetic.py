import numpy as np
import pytest
import torch

from terrascope_sdk.errors import WeightsNotFound
from terrascope_sdk.evaluate.masks import MaskNetwork, load_mask_network, synthetic_suite
from terrascope_sdk.evaluate.masks.fresh_scenes import (
    BAND_SETS,
    CLOUDED,
    SENSOR_SETS,
    fresh_scenes,
    fresh_towns,
    held,
    look_twice,
    with_bands,
)
from terrascope_sdk.evaluate.masks.network import CLASSES, decided
from terrascope_sdk.evaluate.masks.plain_rules import FIXED_RULES, OTSU_RULES, otsu_threshold
from terrascope_sdk.evaluate.masks.synthetic_classes import bands_of, class_counts, rule_counts, truth_of
from terrascope_sdk.model.bands import band_table
from terrascope_sdk.model.config import CompactConfig
from terrascope_sdk.model.encoder import Encoder
from terrascope_sdk.model.grounding import Grounder
from terrascope_sdk.worlds.scenes import UNLABELLED


@pytest.fixture(scope="module")
def network():
    torch.manual_seed(0)
    config = CompactConfig()
    return MaskNetwork(Encoder(config).eval(), Grounder(config).eval(), sha256="0" * 64)


@pytest.fixture(scope="module")
def scenes():
    return next(fresh_scenes(3, 2))


def test_rules_on_a_scene_are_what_a_plain_computation_gives(scenes):
    counts = rule_counts(scenes)
    table = band_table["sentinel-2"]

    def band(name, when):
        at = int(torch.nonzero(scenes.centres_nm[0] == table[name].centre_nm)[0, 0])
        return scenes.optical[0, when, at].double().numpy()

    water = ndwi = both = 0
    for when in (0, 1):
        labels = scenes.labels[0, when].numpy()
        known = labels != UNLABELLED
        green, nir = band("green", when), band("nir", when)
        found = (green > nir) & (green + nir > 1e-4) & known
        truth = (labels == 0) & known
        water, ndwi, both = water + truth.sum(), ndwi + found.sum(), both + (found & truth).sum()
    row = counts["NDWI > 0"]
    assert [row.truth[0, 0], row.found[0, 0], row.both[0, 0]] == pytest.approx([water, ndwi, both], abs=2)
    dark = sum(((scenes.sar[1, w, 0] < -15) & (scenes.labels[1, w] == 0)).sum().item() for w in (0, 1))
    assert counts["VV < -15 dB"].both[1, 0] == dark


def test_every_rule_names_bands_that_scenes_have(scenes):
    bands = bands_of(scenes, 0)
    for rule in FIXED_RULES:
        assert rule.fits(bands)
        assert rule.apply(bands).shape == (2, 128, 128)
    one = {k: v[0] for k, v in bands.items()}
    for rule in OTSU_RULES:
        assert rule.apply(one).dtype == bool


def test_otsu_lies_between_two_modes_and_nowhere_in_one_value():
    values = np.concatenate([np.random.default_rng(0).normal(m, 0.1, 500) for m in (-1, 1)])
    assert -0.7 < otsu_threshold(values) < 0.7
    assert otsu_threshold(np.ones(10)) is None


def test_scenes_repeat_with_the_seed_and_differ_from_training():
    first, again = next(fresh_scenes(3, 2)), next(fresh_scenes(3, 1))
    assert torch.equal(first.labels[:1], again.labels)
    assert sum(len(b) for b in fresh_scenes(3, 12)) == 12
    other = next(fresh_scenes(4, 2))
    assert not torch.equal(first.sar, other.sar)


def test_clouded_scenes_are_about_sixty_percent_clouded():
    marks = next(fresh_scenes(5, 10, CLOUDED)).marks[:, :, 2].float().mean()
    assert 0.5 < marks < 0.9  # with shadows and soft edges


def test_towns_are_of_about_half_a_metre():
    towns = list(fresh_towns(1, 3))
    sizes = torch.cat([t.gsd_m for t in towns])
    assert len(sizes) == 3
    assert 0.35 <= sizes.min() <= sizes.max() <= 0.7


def test_sensor_sets_hide_what_they_should(scenes):
    for name, (optical, sar) in SENSOR_SETS.items():
        views = held(scenes, 0, name)
        assert bool(views.optical_valid.any()) == optical
        assert bool(views.sar_valid.any()) == sar


def test_band_sets_keep_the_bands_they_name(scenes):
    views = held(scenes, 0, "optical")
    for names in BAND_SETS.values():
        kept = with_bands(views, names)
        expected = {band_table["sentinel-2"][n].centre_nm for n in names}
        assert set(kept.centres_nm[0][kept.present[0]].tolist()) == expected


def test_true_masks_are_exclusive_and_vegetation_is_their_union():
    labels = np.array([[[0, 1, 2, 3, 4, 5, 8, 255]]])
    truth = truth_of(labels)[0]
    assert truth[:9].sum(0).tolist() == [[1, 1, 1, 1, 1, 1, 1, 0]]
    assert truth[CLASSES.index("vegetation")].tolist() == [[False, True, True, True, True, False, False, False]]


def test_masks_of_margins_are_exclusive_and_cover_every_pixel(network, scenes):
    pairs = {"sar": look_twice(network, scenes, "sar")}
    counts = class_counts(scenes, pairs)
    exclusive = counts["sar"].found[:, :9].sum(1)
    assert exclusive == pytest.approx(counts["sar"].seen, abs=0)
    ruled = counts["sar, decided"]
    assert (ruled.found <= counts["sar"].found).all()


def test_the_mask_rule_drops_stray_pixels_and_what_was_not_seen():
    logits = np.full((2, 32, 32), -5.0, np.float32)
    logits[:, 2:10, 2:10] = 5
    logits[:, 20, 20] = 5
    seen = np.ones((2, 32, 32), bool)
    seen[1] = False
    made = decided(logits, seen)
    assert made.sum((1, 2)).tolist() == [64, 0]


def test_the_suite_runs_with_any_network(network):
    tables = synthetic_suite(network, seed=2, n=1)
    for kind in ("35_percent_cloudy", "clear_sky", "60_percent_cloud"):
        assert set(tables[kind]["classes"]) >= {*SENSOR_SETS, "gain of both"}
        assert set(tables[kind]["band_sets"]) == set(BAND_SETS)
        assert tables[kind]["rules"]["NDBI > 0"]["developed"]["units"] == 1
    assert "gain, joint" in tables["buildings_half_metre"]


def test_missing_weights_are_named(tmp_path):
    with pytest.raises(WeightsNotFound, match="nothing at"):
        load_mask_network(tmp_path / "none")
    with pytest.raises(WeightsNotFound, match="compact"):
        load_mask_network(tmp_path)


def test_a_checkpoint_of_a_training_run_is_read(network, tmp_path, scenes):
    from safetensors.torch import save_file

    tensors = {f"average/encoder.{k}": v for k, v in network.encoder.state_dict().items()}
    tensors |= {f"average/grounder.{k}": v for k, v in network.grounder.state_dict().items()}
    save_file({k: v.clone() for k, v in tensors.items()}, tmp_path / "checkpoint.safetensors", metadata={"step": "7"})
    for path in (tmp_path, tmp_path / "checkpoint.safetensors"):
        read = load_mask_network(path)
        assert read.step == 7
        view = held(scenes, 0, "optical")
        assert torch.equal(read.look(view).margins, network.look(view).margins)
