"""Patches of real scenes keep pixels and labels together, and add nothing that was not seen."""

import numpy as np
import pytest
import torch

from terrascope_sdk.model.config import CompactConfig
from terrascope_sdk.model.views import Views
from terrascope_sdk.train.loss import mask_stage_loss
from terrascope_sdk.train.masks_stage import MaskStage
from terrascope_sdk.train.real_patches import RealScene, cut_patches
from terrascope_sdk.worlds.draws import Draws

BANDS = 11


def scene(height=60, width=90, *, gsd_m=10.0, quantity=0, buildings=False):
    """A scene whose first band says the label of each pixel; the last columns were not observed."""
    rng = np.random.default_rng(0)
    labels = rng.integers(1, 9, (height // 6, width // 6)).repeat(6, 0).repeat(6, 1).astype(np.uint8)
    optical = torch.zeros(2, BANDS, height, width)
    optical[:, 0] = torch.from_numpy(labels / 10)
    valid = torch.ones(2, height, width, dtype=torch.bool)
    valid[:, :, -6:] = False
    views = Views(
        optical, valid, torch.zeros(2, 2, height, width), torch.zeros(2, height, width, dtype=torch.bool),
        torch.full((2, BANDS), 500.0), torch.full((2, BANDS), 50.0), torch.arange(BANDS).expand(2, BANDS) < 3,
        torch.full((2,), gsd_m), torch.full((2,), quantity),
    )  # fmt: skip
    built = labels == 5 if buildings else None
    return RealScene(views, labels, built)


def test_a_small_scene_is_turned_with_its_labels_and_surrounded_by_what_was_not_observed():
    for seed in range(12):
        made = cut_patches([scene()], seed, 1, size=96)
        known = made.labels[0, 0] != 255
        assert int(known.sum()) == 60 * 90
        assert int(made.optical_valid[0, 0].sum()) == 60 * 84
        assert not (made.optical_valid[0, 0] & ~known).any()
        shown = made.optical[0, 0, 0][known] / (made.labels[0, 0][known].float() / 10)
        assert float(shown.std()) < 1e-4  # one gain for all pixels: nothing has moved against its label
        assert float(shown.mean()) == pytest.approx(1.0, abs=0.5)
        assert (made.optical[0, :, 3:] == 0).all()
        assert not made.told.any()
        assert not made.has_sar.any()


def test_windows_of_a_large_scene_lie_inside_it_and_differ():
    whole = scene(300, 300)
    patches = cut_patches([whole], 1, 8, size=64)
    assert (patches.labels != 255).all()
    assert len({p.tobytes() for p in patches.labels[:, 0].numpy()}) == 8
    again = cut_patches([whole], 1, 8, size=64)
    assert torch.equal(patches.optical, again.optical)


def test_towns_are_also_seen_from_farther_away():
    fine = scene(300, 300, gsd_m=0.15, quantity=2, buildings=True)
    seen = cut_patches([fine], 3, 24, size=64)
    assert {round(float(g), 2) for g in seen.gsd_m} == {0.15, 0.3, 0.45, 0.6}
    assert seen.told[:, 0].all()
    assert not seen.told[:, 1:].any()
    at_first = seen.gsd_m < 0.2
    built = seen.marks[at_first, 0, 0]
    assert torch.equal(built, seen.labels[at_first, 0] == 5)
    assert 0.03 < float(seen.marks[~at_first, 0, 0].float().mean()) < 0.25
    assert float(seen.optical.max()) <= 1.0


def test_what_is_not_labelled_does_not_count_in_the_loss():
    stage = MaskStage(CompactConfig(widths=(8, 16, 24, 32), free=8), landscapes=1, towns=0, size=64, real=[scene()])
    batch = stage.make_batch(0)
    assert len(batch) == 2
    real = batch.select(slice(1, 2))
    _, first = mask_stage_loss(stage.encoder, stage.grounder, real, Draws(1))
    real.marks[:] = True  # buildings, roads, clouds everywhere: nobody was told
    _, second = mask_stage_loss(stage.encoder, stage.grounder, real, Draws(1))
    assert first["overlays"] == second["overlays"] == 0
    assert first["classes"] > 0
