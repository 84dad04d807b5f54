import numpy as np
import pytest

from terrascope_sdk.errors import InputError
from terrascope_sdk.evaluate.masks.counts import Counts, Tally, count_blocks, count_units, joined
from terrascope_sdk.evaluate.masks.mask_scores import mean_gain, mean_score, score, share_error, share_hits
from terrascope_sdk.evaluate.masks.resampling import interval, resampled_weights


def square(size, top, left, side):
    made = np.zeros((size, size), bool)
    made[top : top + side, left : left + side] = True
    return made


def two_scenes(found, truth, names=("water",)):
    everywhere = np.ones((len(found), *found[0].shape), bool)
    return count_units(names, found=np.stack(found)[:, None], truth=np.stack(truth)[:, None], seen=everywhere)


def test_a_square_moved_by_half_its_side_overlaps_by_a_third():
    counts = two_scenes([square(16, 0, 4, 8)], [square(16, 0, 0, 8)])
    made = score(counts, "water")
    assert made.iou == pytest.approx(1 / 3)
    assert (made.precision, made.recall) == (0.5, 0.5)
    assert (made.share_bias, made.share_rmse, made.truth_px) == (0, 0, 64)


def test_overlap_is_pooled_not_averaged_over_scenes():
    counts = two_scenes([square(16, 0, 0, 8), square(16, 0, 0, 2)], [square(16, 0, 0, 8), square(16, 8, 8, 2)])
    assert score(counts, "water").iou == pytest.approx(64 / (64 + 8))


def test_bias_and_error_of_the_share_are_means_over_scenes():
    counts = two_scenes([square(10, 0, 0, 2), square(10, 0, 0, 4)], [square(10, 0, 0, 4), square(10, 0, 0, 2)])
    made = score(counts, "water")
    assert made.share_bias == pytest.approx(0)
    assert made.share_rmse == pytest.approx(0.12)
    assert share_error(counts, "water").value == pytest.approx(0.12)


def test_pixels_that_are_not_scored_do_not_count():
    seen = ~square(8, 0, 0, 4)[None]
    counts = count_units(
        ("water",), found=square(8, 0, 0, 8)[None, None], truth=square(8, 4, 4, 4)[None, None], seen=seen
    )
    assert counts.found[0, 0] == 48
    assert score(counts, "water").iou == pytest.approx(16 / 48)


def test_what_is_nowhere_has_no_overlap_and_json_says_null():
    made = score(two_scenes([np.zeros((8, 8), bool)], [np.zeros((8, 8), bool)]), "water")
    assert np.isnan(made.iou)
    assert made.to_json()["iou"] is None
    assert made.to_json()["interval"] == [None, None]


def test_blocks_add_up_to_the_whole_and_know_where_nothing_was_scored():
    found, truth = square(40, 3, 5, 20), square(40, 8, 8, 20)
    seen = np.ones((40, 40), bool)
    seen[:16, :16] = False
    blocks = count_blocks({"water": found}, {"water": truth}, seen, block_px=16)
    assert len(blocks.seen) == 9
    assert len(blocks.scored().seen) == 8
    whole = count_units(("water",), found=found[None, None], truth=truth[None, None], seen=seen[None])
    for field in ("both", "found", "truth", "seen"):
        assert getattr(blocks, field).sum() == getattr(whole, field).sum()


def test_the_mean_over_classes_and_the_gain_over_the_better_one():
    names = ("water", "tree")
    ones = np.ones(4)

    def made(water, tree):
        both = np.stack([ones * water, ones * tree], 1)
        return Counts(names, both, np.full((4, 2), 10.0), np.full((4, 2), 10.0), ones * 100)

    whole = made(10, 10)
    assert mean_score(whole, names).value == 1
    half = made(10, 0)
    assert mean_score(half, names).value == 0.5
    gain = mean_gain(whole, [half, made(0, 0)], names)
    assert gain.value == 0.5
    assert gain.interval == (0.5, 0.5)


def test_a_share_is_hit_within_points_or_relatively_and_absent_ones_do_not_count():
    truth = np.array([[50.0], [2.0], [2.0], [0.0]])
    found = np.array([[57.0], [3.5], [5.0], [40.0]])
    counts = Counts(("tree",), np.minimum(found, truth), found, truth, np.full(4, 100.0))
    assert share_hits(counts, "tree", points_frac=0.02, relative=0.15).value == pytest.approx(2 / 3)


def test_dates_are_added_and_batches_joined():
    one = two_scenes([square(8, 0, 0, 4)], [square(8, 0, 0, 4)])
    tally = Tally()
    tally.add({"a": one})
    tally.add({"a": one.plus(one)})
    assert tally.counts()["a"].truth[:, 0].tolist() == [16, 32]
    with pytest.raises(InputError, match="same concepts"):
        joined([one, Counts(("tree",), one.both, one.found, one.truth, one.seen)])
    with pytest.raises(InputError, match="no counts of 'tree'"):
        one.only("tree")


def test_resamples_keep_the_number_of_units_and_repeat_with_the_seed():
    weights = resampled_weights(7, draws=50, seed=3)
    assert (weights.sum(1) == 7).all()
    assert (weights == resampled_weights(7, draws=50, seed=3)).all()
    assert np.isnan(interval(np.array([np.nan]))).all()


def test_intervals_hold_the_true_overlap_about_nine_times_in_ten():
    rng = np.random.default_rng(5)
    hits = 0
    for trial in range(150):
        quality = rng.beta(6, 3, size=(60, 1))  # each scene has its own share of right pixels; the mean is 2/3
        right = rng.binomial(200, quality).astype(np.float64)
        full = np.full((60, 1), 200.0)
        low, high = score(Counts(("tree",), right, right, full, np.full(60, 400.0)), "tree", seed=trial).interval
        hits += low <= 2 / 3 <= high
    assert 0.8 <= hits / 150 <= 0.97
