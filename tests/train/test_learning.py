import csv

import numpy as np
import pytest
import torch
from torch import nn

from terrascope_sdk.errors import InputError
from terrascope_sdk.model.chain_grammar import ChainReader
from terrascope_sdk.model.compact import CompactNetwork
from terrascope_sdk.model.word_list import words
from terrascope_sdk.train.chains_stage import ChainStage
from terrascope_sdk.train.lesson_batch import LessonBatch, lay_out
from terrascope_sdk.train.lessons import LabelledPair, compose_lesson, true_mask
from terrascope_sdk.train.loop import LoopOptions, averaged_weights, run_loop
from terrascope_sdk.train.loss import change_targets, dice_loss
from terrascope_sdk.train.masks_stage import MaskStage
from terrascope_sdk.train.phrasing import Intent, PhraseBook
from terrascope_sdk.train.pixel_truth import centre_place, pixel_result
from terrascope_sdk.train.programs import program_of
from terrascope_sdk.train.scene_pool import label_pool
from terrascope_sdk.worlds.scenes import WorldOptions, make_scenes
from tests.model.tiny import TINY

THREE = [(c, "", (1,)) for c in ("tree", "snow", "bare")]


def half_plane_pair(size=64):
    labels = np.full((2, size, size), 3, np.uint8)
    labels[0, :, : size // 2] = 0
    labels[1, :, : size // 4] = 0
    return LabelledPair(labels, np.zeros((2, 3, size, size), bool), np.zeros((size, size), bool), 10.0)


# ------------------------------------------------------------------------------------------------- programs


@pytest.mark.parametrize(
    ("intent", "dates", "finds", "kind", "masks"),
    [
        (Intent("share", ("water",)), 3, [("water", "", (3,))], "share", (1,)),
        (Intent("area", ("tree",), (1,)), 3, [("tree", "", (1,))], "area", (1,)),
        (Intent("rank", ("tree", "snow", "bare")), 1, THREE, "order", (1, 2, 3)),
        (Intent("gain", ("developed",)), 4, [("developed", "gain", (1, 4))], "area", (1,)),
        (Intent("change", ("water",), (2, 3)), 4, [("water", "", (2,)), ("water", "", (3,))], "change", (1, 2)),
        (Intent("lost_part", ("building",)), 2, [("building", "", (1,)), ("building", "loss", (1, 2))], "part", (2, 1)),
        (Intent("area", ("burned",)), 2, [("burned", "", (1, 2))], "area", (1,)),
    ],
)  # fmt: skip
def test_an_intent_becomes_masks_and_a_measurement(intent, dates, finds, kind, masks):
    program = program_of(intent, dates)
    assert [(f.concept, f.way, f.dates) for f in program.finds] == finds
    assert (program.measure.kind, program.measure.masks) == (kind, masks)


def test_what_needs_two_dates_is_unclear_over_one():
    assert program_of(Intent("gain", ("water",)), 1).measure is None
    assert program_of(Intent("unclear"), 2).measure is None


# -------------------------------------------------------------------------------------------------- pixel truth


def test_pixel_results_of_rectangles():
    a, b = np.zeros((30, 30), bool), np.zeros((30, 30), bool)
    a[0:10, 0:10], b[0:5, 15:25] = True, True
    assert pixel_result("share", (1,), [a], 10) == pytest.approx(100 / 900)
    assert pixel_result("area", (1,), [a], 10) == 10_000
    assert pixel_result("distance", (1, 2), [a, b], 10) == 50
    assert pixel_result("touches", (1, 2), [a, b], 10) is False
    assert pixel_result("touches", (1, 2), [a, np.roll(b, -5, 1)], 10) is True
    assert pixel_result("order", (1, 2), [b, a], 10) == (2, 1)
    assert pixel_result("part", (2, 1), [b, a], 10) == 0.5
    assert pixel_result("change", (1, 2), [a, b], 10) == -5_000
    assert pixel_result("where", (1,), [a], 10) == centre_place(a) == "north-west"
    assert pixel_result("distance", (1, 2), [a, np.zeros_like(a)], 10) == "no"


def test_true_masks_of_change():
    pair = half_plane_pair()
    assert true_mask(pair, "water", "loss", (0, 1)).sum() == 64 * 16
    assert true_mask(pair, "grass", "gain", (0, 1)).sum() == 64 * 16
    assert true_mask(pair, "vegetation", "", (1,)).sum() == 64 * 48


# ------------------------------------------------------------------------------------------------------ lessons


def test_every_lesson_follows_the_grammar_and_says_what_its_masks_show():
    rng, book = np.random.default_rng(3), PhraseBook.load()
    pool = label_pool(1, 16, 8)
    for i in range(150):
        lesson = compose_lesson(pool.pairs[i % 16], book, rng)
        reader = ChainReader(len(lesson.dates))
        for piece in lesson.pieces:
            for word in piece.words:
                reader.read(word)
        reader.finish()
        assert list(lesson.finds) == reader.finds
        said = [
            reader.words[k + 1] if w == "seen" else None for k, w in enumerate(reader.words) if w in {"seen", "absent"}
        ]
        assert said == [centre_place(m) for m in lesson.masks]


def test_lessons_are_laid_out_so_that_targets_are_the_next_learned_words():
    torch.manual_seed(0)
    network = CompactNetwork(TINY, sorted(words()))
    pool = label_pool(1, 16, TINY.widths[3])
    rng = np.random.default_rng(5)
    lessons = [compose_lesson(pool.pairs[i], PhraseBook.load(), rng) for i in range(6)]
    laid = lay_out(network, LessonBatch(lessons, pool.coarse[:6], [True, False] * 3, list(range(6))))
    for row, lesson in zip(laid.targets, lessons, strict=True):
        learned = [w for p in lesson.pieces if p.learned for w in p.words]
        assert [network.tokenizer.text(int(t)) for t in row[row >= 0]] == learned
    assert len(laid.seg_at) == len(laid.queries) == sum(len(le.masks) for le in lessons)
    table = network.language.embed.weight
    for b, t in laid.seg_at.tolist():
        torch.testing.assert_close(laid.embeddings[b, t], table[network.tokenizer.id("[SEG]")])


def test_lessons_of_like_length_run_together_with_the_same_outcome():
    torch.manual_seed(0)
    network = CompactNetwork(TINY, sorted(words())).eval()
    stage = ChainStage(network, label_pool(1, 16, TINY.widths[3]), seed=3, lessons=40, seen_frac=0.9)
    laid = lay_out(network, stage.make_batch(0))
    assert laid.lengths.min() < 96 < laid.lengths.max()
    together, apart = network.language(laid.embeddings), stage.hidden(laid)
    own = torch.arange(together.shape[1])[None] < laid.lengths[:, None]
    torch.testing.assert_close(apart[own], together[own], atol=1e-5, rtol=1e-5)
    assert not apart[~own].any()
    assert own[laid.targets >= 0].all()


# ------------------------------------------------------------------------------------------------------- losses


def test_dice_is_zero_for_a_perfect_mask_and_near_one_for_a_disjoint_one():
    truth = torch.zeros(1, 1, 16, 16)
    truth[..., :8] = 1
    weight = torch.ones(1, 1, 16, 16)
    assert float(dice_loss(truth, truth, weight)) == pytest.approx(0, abs=1e-6)
    assert float(dice_loss(1 - truth, truth, weight)) > 0.99
    assert float(dice_loss(truth, truth * 0, weight)) == 0


def test_change_targets_agree_with_the_labels():
    scenes = make_scenes(9, 8, WorldOptions(size=64))
    targets, known = change_targets(scenes)
    assert torch.equal(targets[:, -1], scenes.burned)
    gained = (scenes.labels[:, 1] == 5) & (scenes.labels[:, 0] != 5)
    assert torch.equal(targets[:, 5] & known[:, 5], gained & known[:, 5])


# --------------------------------------------------------------------------------------------------------- loop


class Line(nn.Module):
    """Fits y = 3x with fresh points each step."""

    def __init__(self):
        super().__init__()
        torch.manual_seed(0)
        self.weight = nn.Parameter(torch.randn(1, 1))

    def make_batch(self, step):
        return torch.randn(8, 1, generator=torch.Generator().manual_seed(step))

    def loss(self, batch, step):
        loss = ((batch @ self.weight - 3 * batch) ** 2).mean()
        return loss, {"fit": float(loss.detach())}


def fit(folder, *, stop=None, **changes):
    line = Line()
    options = LoopOptions(**({"steps": 40, "rate": 0.1, "warm_steps": 2, "save_every": 5, "workers": 0} | changes))
    losses = []
    for report in run_loop(line, make_batch=line.make_batch, loss_of=line.loss, options=options, folder=folder):
        losses.append(report.loss)
        if report.step == stop:
            break
    return losses, line


def test_a_run_that_was_killed_goes_on_to_the_same_curve(tmp_path):
    whole, line = fit(tmp_path / "whole")
    first, _ = fit(tmp_path / "cut", stop=17)
    rest, again = fit(tmp_path / "cut")
    assert first[:15] + rest == pytest.approx(whole, rel=1e-6)
    torch.testing.assert_close(line.weight, again.weight)
    assert whole[-1] < 0.05 * whole[0]
    a, b = (averaged_weights(tmp_path / f)["weight"] for f in ("whole", "cut"))
    torch.testing.assert_close(a, b)
    with (tmp_path / "whole" / "log.csv").open() as file:
        assert len(list(csv.DictReader(file))) == 40


def test_a_folder_with_other_options_is_refused(tmp_path):
    fit(tmp_path, stop=5)
    with pytest.raises(InputError, match="rate"):
        fit(tmp_path, rate=0.2)


def test_both_stages_learn_a_little_in_a_few_steps(tmp_path):
    torch.manual_seed(0)
    stage = MaskStage(TINY, seed=1, landscapes=2, towns=1, size=32)
    options = LoopOptions(steps=12, rate=8e-3, warm_steps=2, workers=0)
    losses = [
        r.loss
        for r in run_loop(stage, make_batch=stage.make_batch, loss_of=stage.loss, options=options, folder=tmp_path)
    ]
    assert np.mean(losses[-3:]) < 0.97 * np.mean(losses[:3])
    network = CompactNetwork(TINY, sorted(words()))
    lessons = ChainStage(network, label_pool(2, 16, TINY.widths[3]), seed=1, lessons=8)
    run = run_loop(
        lessons, make_batch=lessons.make_batch, loss_of=lessons.loss, options=options, folder=tmp_path / "chains"
    )
    said = [r.parts["words"] for r in run]
    assert said[-1] < 0.8 * said[0]
    assert all(p.grad is None for p in network.encoder.parameters())
