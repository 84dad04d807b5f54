"""Constants of queries are set where masks overlap best, and move every logit by what they say."""

import torch

from terrascope_sdk.model.config import CLASS_KEYS, CompactConfig, change_keys
from terrascope_sdk.model.grounding import class_margins, mask_logits
from terrascope_sdk.train.masks_stage import MaskStage
from terrascope_sdk.train.thresholds import OFFSETS, best_offsets, shift_queries, tuning_scenes
from terrascope_sdk.worlds.seen import views_of

CLASSES = len(CLASS_KEYS) + 1


def stage():
    torch.manual_seed(3)
    made = MaskStage(CompactConfig(widths=(8, 16, 24, 32), free=8), landscapes=1, towns=1, size=64)
    return made.train(mode=False)


def building_logits(made, scenes):
    with torch.inference_mode():
        encoded = made.encoder(views_of(scenes, 0))
        margins = class_margins(made.grounder.classify(encoded.pixels))
        features = made.grounder.single(encoded, margins)
        return mask_logits(features, made.grounder.single_queries[CLASSES:])[:, 0]


def test_the_offset_is_the_one_with_the_largest_overlap():
    made = stage()
    batches = list(tuning_scenes(5, 3))
    assert {float(b.gsd_m[0]) < 3 for b in batches} == {True, False}
    overlays, changes = best_offsets(made.encoder, made.grounder, batches)
    assert overlays.shape == (3,)
    assert changes.shape == (len(change_keys()),)
    towns = batches[2]
    logits, truth = building_logits(made, towns), towns.marks[:, 0, 0]
    overlap = [float((truth & (logits + o > 0)).sum() / (truth | (logits + o > 0)).sum()) for o in OFFSETS]
    assert OFFSETS.index(float(overlays[0])) == max(range(len(OFFSETS)), key=overlap.__getitem__)


def test_what_hardly_occurs_is_left_alone():
    made = stage()
    scenes = next(tuning_scenes(5, 1))
    scenes.labels[:, 1] = scenes.labels[:, 0]  # nothing changes
    scenes.burned[:] = False
    _, changes = best_offsets(made.encoder, made.grounder, [scenes])
    assert not changes.any()


def test_queries_are_shifted_by_their_offsets_and_classes_are_not():
    made = stage()
    scenes = next(tuning_scenes(5, 1)).select(slice(0, 2))
    before = building_logits(made, scenes)
    classes = made.grounder.single_queries[:CLASSES].clone()
    shift_queries(made.grounder, torch.tensor([1.5, 0.0, 0.0]), torch.zeros(len(change_keys())))
    assert torch.allclose(building_logits(made, scenes), before + 1.5, atol=1e-4)
    assert torch.equal(made.grounder.single_queries[:CLASSES], classes)
