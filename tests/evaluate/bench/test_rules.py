import numpy as np

from terrascope_sdk.evaluate.bench import rules
from terrascope_sdk.evaluate.bench.candidates import candidates_of
from terrascope_sdk.evaluate.bench.scenes import see
from tests.evaluate.bench.hand_made import labels, scene


def found(*dates, **given):
    rng = np.random.default_rng(0)
    made = []
    for _ in range(6):  # which dates are shown, and which of many are kept, is drawn
        made += candidates_of(see(scene(*dates, **given)), rng)
    return made


def truths(candidates, task):
    return {c.subject: c.truth for c in candidates if c.task == task}


def test_sizes_are_those_of_the_labels():
    made = found(labels((0, 0, 32, 0, 32)))  # a quarter is water
    assert np.isclose(truths(made, "coverage")["water",], 0.25)
    assert np.isclose(truths(made, "area")["water",], 32 * 32 * 100, rtol=2e-3)
    assert truths(made, "ranking")["grass", "water"] == ("grass", "water")
    assert truths(made, "location")["water",] == "north-west"


def test_small_classes_and_near_ties_are_not_asked():
    made = found(labels((0, 0, 14, 0, 14)))  # 4.8 %
    assert ("water",) not in truths(made, "coverage")
    half = labels((0, 0, 31, 0, 64))  # 31 rows against 33: 6 % of the larger
    assert not truths(found(half), "ranking")


def test_orders_of_three_have_the_largest_first():
    made = found(labels((0, 0, 20, 0, 64), (1, 20, 30, 0, 64)))
    assert truths(made, "ranking_three")["grass", "tree", "water"] == ("grass", "water", "tree")


def test_contact_is_asked_of_few_large_regions():
    made = truths(found(labels((0, 0, 20, 0, 20), (1, 0, 20, 20, 40), (5, 40, 64, 40, 64))), "boundary")
    assert made["tree", "water"] is True
    assert made["developed", "water"] is False
    dotted = labels(*((0, y, y + 6, x, x + 6) for y in (0, 20, 40) for x in (0, 20, 40)))
    assert ("grass", "water") not in truths(found(dotted), "boundary")


def test_corners_touch():
    made = truths(found(labels((0, 0, 20, 0, 20), (1, 20, 40, 20, 40))), "boundary")
    assert made["tree", "water"] is True


def test_distances_are_between_outlines_and_long():
    made = truths(found(labels((0, 10, 20, 5, 15), (1, 10, 20, 35, 45))), "distance")
    assert np.isclose(made["tree", "water"], 200, rtol=2e-3)  # twenty pixels lie between
    assert ("tree", "water") not in truths(found(labels((0, 10, 20, 5, 15), (1, 10, 20, 24, 34))), "distance")


def test_specks_decide_no_distance():
    with_speck = labels((0, 10, 20, 5, 15), (1, 10, 20, 45, 55), (0, 15, 16, 30, 31))
    assert ("tree", "water") not in truths(found(with_speck), "distance")


def test_presence_is_clear_either_way():
    made = truths(found(labels((0, 0, 10, 0, 10), (1, 40, 43, 40, 43))), "presence")
    assert made["water",] is True
    assert made["developed",] is False
    assert ("tree",) not in made  # nine pixels are neither


def test_counts_pass_over_specks():
    blocks = [(0, 2, 10, 2 + 20 * i, 12 + 20 * i) for i in range(3)]
    assert truths(found(labels(*blocks, (0, 60, 61, 60, 61))), "count")["water",] == 3


def test_change_is_net_and_needs_two_points():
    before, after = labels((5, 0, 20, 0, 20)), labels((5, 0, 30, 0, 20))
    assert np.isclose(truths(found(before, after), "change")["developed",], 10 * 20 * 100, rtol=2e-3)
    assert not truths(found(before, labels((5, 0, 21, 0, 20))), "change")


def town(kept):
    boxes = [(y, x) for y in range(2, 60, 12) for x in range(2, 60, 12)]
    layers = np.zeros((2, 64, 64), bool)
    for i, (y, x) in enumerate(boxes):
        layers[0, y : y + 6, x : x + 6] = True
        layers[1, y : y + 6, x : x + 6] = i < kept
    return {"gsd_m": 0.5, "overlays": {"building": layers}}


def test_lost_buildings_are_a_share_of_the_first_date():
    made = found(labels(), labels(), **town(kept=15))
    assert np.isclose(truths(made, "building_loss")["building",], 10 / 25)
    assert np.isclose(truths(made, "building_change")["building",], -10 * 36 * 0.25, rtol=2e-3)
    assert not truths(found(labels(), labels(), **town(kept=23)), "building_loss")


def test_a_stack_of_two_dates_says_the_earlier_one():
    made = found(labels((0, 0, 32, 0, 32)), labels((0, 0, 32, 0, 64)))
    earlier = [c for c in made if c.task == "coverage" and c.intent.dates == (1,) and c.subject == ("water",)]
    assert {c.dates for c in earlier} == {(0, 1)}
    assert all(np.isclose(c.truth, 0.25) for c in earlier)


def test_unlabelled_pixels_are_left_out():
    made = truths(found(labels((0, 0, 32, 0, 32), (255, 32, 64, 0, 64))), "coverage")
    assert np.isclose(made["water",], 0.5)


def test_specks_are_removed_as_the_mask_rule_does():
    mask = np.zeros((8, 8), bool)
    mask[0, :5] = mask[4, :6] = True
    assert rules.without_specks(mask).sum() == 6
