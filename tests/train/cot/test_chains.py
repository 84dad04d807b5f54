"""Answers of chains against scenes whose truth is known by formula."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import ndimage

from terrascope_sdk.errors import InputError
from terrascope_sdk.train.cot.chain_rules import ChainRules
from terrascope_sdk.train.cot.chains import make_drafts, make_samples
from terrascope_sdk.train.cot.change_chains import ScenePair, changed_area, destroyed
from terrascope_sdk.train.cot.contact_chains import boundary, distance
from terrascope_sdk.train.cot.labelled import LabelledScene
from terrascope_sdk.train.cot.nearness import opened, within_px
from terrascope_sdk.train.cot.plain_chains import area, counting, existence, localisation
from terrascope_sdk.train.cot.rle import decode_rle
from terrascope_sdk.train.cot.scene_view import ALL_BUILT, SceneView
from terrascope_sdk.train.cot.semantic_chains import exposure, fragmentation, heat, riparian
from terrascope_sdk.train.cot.spatial_chains import between, containment, direction, nearest
from terrascope_sdk.train.cot.verify import verify_sample
from tests.train.cot.label_scenes import BARE, DEVELOPED, GRASS, WATER, ground, rough_scene, scene_of, town

RULES = ChainRules()


def answers(maker, labels, *, draws=60, **fields):
    """Return the different (task, question's first words or all, answer) of many draws."""
    view = SceneView(scene_of(labels, **fields))
    found = set()
    for seed in range(draws):
        draft = maker(view, np.random.default_rng(seed), RULES)
        if draft is not None:
            found.add((draft.task, tuple(draft.labels), draft.answer))
    return found


def strip():
    """Water in the first 10 columns, then 3 of grass, then bare land; 100 x 100 pixels of 10 m."""
    labels = ground(BARE)
    labels[:, :10], labels[:, 10:13] = WATER, GRASS
    return labels


def test_areas():
    found = answers(area, strip())
    assert ("area_percent", ("open water",), "10.0%") in found
    assert ("area_absolute", ("open water",), "100,000 m2") in found
    assert {a for t, _, a in found if t == "area_ranking"} == {"bare land"}
    assert not any("grassland" in labels for _, labels, _ in found)  # 3 % is below the rule's 5 %


def test_equal_classes_are_not_ranked():
    labels = ground(BARE)
    labels[:, :50] = WATER
    assert not any(task == "area_ranking" for task, _, _ in answers(area, labels))


def test_existence_of_what_is_not_there_is_shown_by_what_is():
    found = answers(existence, strip())
    assert {labels for _, labels, answer in found if answer == "no"} == {("bare land", "open water", "grassland")}
    assert {labels for _, labels, answer in found if answer == "yes"} == {
        ("bare land",),
        ("open water",),
        ("grassland",),
    }


def test_counts():
    labels = ground()
    for k in range(4):
        labels[5 + 20 * k : 10 + 20 * k, 5:10] = WATER
    labels[0:3, 50:53] = WATER  # nine pixels: below the ten that count
    labels[10, 10] = WATER  # touches the first one by a corner only: a single pixel
    found = answers(counting, labels)
    assert {answer for _, names, answer in found if names == ("open water",)} == {"4"}


def test_places():
    labels = ground()
    labels[70:95, 60:95] = WATER
    labels[0:4, 0:4] = WATER
    found = answers(localisation, labels)
    assert ("locate_most", ("open water",), "lower right") in found
    assert ("locate_largest", ("the largest region of open water",), "lower right") in found
    assert ("locate_largest", ("the largest region of tree cover",), "centre") in found


def test_boundaries():
    labels = ground(BARE)
    labels[:, :20], labels[:, 80:] = WATER, GRASS
    found = {(frozenset(names), answer) for _, names, answer in answers(boundary, labels)}
    assert found == {
        (frozenset({"open water", "grassland"}), "no"),
        (frozenset({"open water", "bare land"}), "yes"),
        (frozenset({"grassland", "bare land"}), "yes"),
    }


def test_a_corner_is_a_boundary_for_a_3_by_3_dilation():
    labels = ground(BARE)
    labels[10:40, 10:40], labels[40:70, 40:70] = WATER, GRASS
    assert (("open water", "grassland"), "yes") in {(n, a) for _, n, a in answers(boundary, labels)}


def test_distances_are_between_pixel_centres_after_opening():
    labels = ground(BARE)
    labels[40:60, 10:30], labels[40:60, 60:80] = WATER, GRASS  # columns 29 and 60: 31 pixels
    labels[50, 30:55] = WATER  # a ditch one pixel wide is left out
    found = {answer for _, names, answer in answers(distance, labels) if "grassland without narrow parts" in names}
    assert found == {"310.0 m"}
    labels[:] = BARE
    labels[10:30, 10:30], labels[42:62, 45:65] = WATER, GRASS  # rows 29 and 42, columns 29 and 45: 13 and 16
    found = {answer for _, names, answer in answers(distance, labels) if "grassland without narrow parts" in names}
    assert found == {f"{10 * np.hypot(13, 16):.1f} m"}


def test_containment():
    labels = ground(GRASS)
    rows, columns = np.mgrid[:100, :100]
    labels[np.hypot(rows - 50, columns - 40) < 12] = WATER
    found = {(names, answer) for _, names, answer in answers(containment, labels)}
    assert found == {
        (("the largest region of open water", "grassland"), "yes"),
        (("the largest region of grassland", "open water"), "no"),
    }


def test_between():
    labels = ground()
    labels[45:55, 5:15], labels[45:55, 45:55], labels[45:55, 85:95] = WATER, DEVELOPED, GRASS
    found = {(names, answer) for _, names, answer in answers(between, labels, draws=200) if "tree cover" not in names}
    assert (("open water", "grassland", "built-up land"), "yes") in found
    assert {answer for names, answer in found if names[2] != "built-up land"} == {"no"}


def test_nearest():
    labels = ground(BARE)
    labels[45:55, 5:15], labels[45:55, 40:50], labels[45:55, 85:95] = WATER, DEVELOPED, GRASS
    found = {
        (names[0], answer)
        for _, names, answer in answers(nearest, labels, draws=200)
        if not any("bare" in name for name in names)
    }
    assert found == {
        ("open water without narrow parts", "built-up land"),
        ("grassland without narrow parts", "built-up land"),
        ("built-up land without narrow parts", "open water"),
    }


def test_directions():
    labels = ground()
    labels[10:20, 10:20], labels[10:20, 80:90] = WATER, GRASS
    found = {(names, answer) for _, names, answer in answers(direction, labels)}
    assert (("open water", "grassland"), "right") in found
    assert (("grassland", "open water"), "left") in found


def test_riparian_buffer():
    # land within 50 m of the strip of water: five columns, three of them grass
    assert answers(riparian, strip()) == {("riparian", ("open water", "vegetation"), "60.0%")}


def test_heat_and_exposure():
    labels = ground(DEVELOPED)
    labels[:, :10], labels[:, 90:] = WATER, GRASS
    # 80 columns of built-up land, five of them within 50 m of grass, ten within 100 m of water
    assert answers(heat, labels) == {("heat", ("built-up land", "vegetation"), "93.8%")}
    assert answers(exposure, labels) == {("exposure", ("built-up land", "open water"), "12.5%")}


@pytest.mark.parametrize(("width", "answer"), [(30, "no"), (10, "yes")])
def test_fragmentation(width, answer):
    labels = ground(BARE)
    for k, columns in enumerate((width, 10, 8)):
        labels[10 + 30 * k : 20 + 30 * k, 10 : 10 + columns] = GRASS
    names = ("grassland", "the largest region of grassland")
    assert answers(fragmentation, labels, draws=3) <= {("fragmentation", names, answer)}


def test_change():
    after = strip()
    after[:, 8:10], after[:50, 10:13] = GRASS, WATER
    pair = ScenePair(scene_of(strip(), labels_after=after))
    found = {}
    for seed in range(200):
        draft = changed_area(pair, np.random.default_rng(seed), RULES)
        found.setdefault((draft.task, draft.labels[0]), set()).add(draft.answer)
    assert found["change_gain", "open water before"] == {"15,000 m2"}
    assert found["change_loss", "open water before"] == {"20,000 m2"}
    assert found["change_net", "open water before"] == {"-5,000 m2"}
    assert ("change_net", "bare land before") not in found  # nothing of it changed


def test_destroyed_buildings():
    scene = town(np.random.default_rng(0))
    pair = ScenePair(scene)
    found = {}
    for seed in range(20):
        draft = destroyed(pair, np.random.default_rng(seed), RULES)
        found[draft.task] = draft.answer
        assert [len(masks) for masks in draft.masks] == [20, 7]
    assert found == {"destroyed_count": "7", "destroyed_share": "35.0%"}


def test_buildings_are_counted_one_by_one():
    scene = town(np.random.default_rng(0))
    counts = {
        draft.answer
        for seed in range(20)
        if (draft := counting(SceneView(scene), np.random.default_rng(seed), RULES)).task == "count_buildings"
    }
    assert counts == {"20"}


def test_samples_have_the_published_form():
    scene = town(np.random.default_rng(0))
    files = {"pre": "a.png", "post": "b.png"}
    samples = make_samples(scene, np.random.default_rng(1), files=files)
    pairs = [s for s in samples if s["kind"] == "change"]
    assert pairs
    for sample in samples:
        human, gpt = sample["conversations"]
        assert (human["from"], gpt["from"]) == ("human", "gpt")
        assert human["value"].startswith("<image>\n")
        assert gpt["value"].count("[SEG]") == len(sample["masks"]) == len(sample["labels"])
        assert all(decode_rle(rle).shape == scene.shape for masks in sample["masks"] for rle in masks)
        if sample in pairs:
            assert (sample["pre_image"], sample["post_image"]) == ("a.png", "b.png")
            assert len(sample["masks"]) == 2  # the first half is before, as the released loader wants it
            assert "Image: t1." in gpt["value"]
        else:
            assert sample["image"] == "a.png"
            assert sample["modalities"] == ["pre"]
        assert verify_sample(sample) == []


@given(st.integers(0, 10**6))
def test_every_sample_follows_from_its_masks(seed):
    rng = np.random.default_rng(seed)
    scene = rough_scene(rng, unlabelled=bool(seed % 2))
    if seed % 3 == 0:
        later = rough_scene(rng)
        after = np.where(later.labels >= len(scene.classes), 0, later.labels).astype(np.int8)
        scene = scene_of(scene.labels, gsd_m=scene.gsd_m, labels_after=after)
    samples = make_samples(scene, rng)
    assert samples
    for sample in samples:
        assert verify_sample(sample) == [], sample["task"]


@given(st.integers(0, 10**6))
def test_neighbourhoods_are_those_of_the_plain_way(seed):
    rng = np.random.default_rng(seed)
    mask = rough_scene(rng, size=int(rng.integers(8, 50))).labels == 0
    assert (opened(mask) == ndimage.binary_opening(mask, np.ones((3, 3)))).all()
    away = ndimage.distance_transform_edt(~mask) if mask.any() else np.full(mask.shape, np.inf)
    for radius in (0, 1, 1.5, 5, 11.9, 20):
        assert (within_px(mask, radius) == (away <= radius + 1e-9)).all()


def test_a_class_beside_its_narrower_ones_means_the_rest_and_rules_take_all():
    labels = np.zeros((60, 60), np.int8)
    labels[:, 20:], labels[:, 40:] = 1, 2
    scene = LabelledScene(labels, ("developed", "building", "tree", "vegetation"), 1.0)
    view = SceneView(scene)
    assert (view.name("developed"), view.name("building")) == ("other built-up land", "buildings")
    assert (view.count("developed"), view.count(ALL_BUILT)) == (1200, 2400)
    assert view.name(ALL_BUILT) == "built-up land"
    # at 1 m a pixel, no column of built-up land is farther than 40 m from the trees
    draft = heat(view, np.random.default_rng(0), RULES)
    assert (draft.labels, draft.answer) == (["built-up land", "vegetation"], "0.0%")
    for seed in range(40):
        for sample in make_samples(scene, np.random.default_rng(seed)):
            assert verify_sample(sample) == []


def test_tiers_and_kinds_are_as_many_as_stated():
    rng = np.random.default_rng(5)
    for _ in range(40):
        drafts = list(make_drafts(rough_scene(rng), rng, rules=RULES))
        tiers = [d.task for d in drafts]
        assert tiers.count("caption") == 1
        only = list(make_drafts(rough_scene(rng), rng, rules=RULES, tiers=["l1"]))
        assert 1 <= len(only) <= 4
    with pytest.raises(InputError, match="l3"):
        make_samples(rough_scene(rng), rng, tiers=["l3"])


def test_a_scene_without_labels_gives_nothing():
    assert make_samples(scene_of(ground(-1)), np.random.default_rng(0)) == []
