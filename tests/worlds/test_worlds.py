import torch

from terrascope_sdk.worlds.draws import Draws
from terrascope_sdk.worlds.scenes import UNLABELLED, WorldOptions, make_scenes, make_towns
from terrascope_sdk.worlds.spectra import CLASSES, MATERIALS, NODES_NM, band_reflectance, materials_of

TEN = WorldOptions(size=64, ten_bands=True, gsd_m=(10.0,))


def iou(found, truth):
    return float((found & truth).sum() / (found | truth).sum())


def ratio(a, b):
    return (a - b) / (a + b).clamp_min(1e-3)


def test_the_same_seed_gives_the_same_scenes_and_another_seed_others():
    first, again, other = make_scenes(5, 3, TEN), make_scenes(5, 3, TEN), make_scenes(6, 3, TEN)
    for name, value in vars(first).items():
        assert torch.equal(value, getattr(again, name)), name
    assert not torch.equal(first.labels, other.labels)
    assert torch.equal(make_towns(5, 2, size=64).labels, make_towns(5, 2, size=64).labels)


def test_values_are_finite_and_in_the_range_of_real_ones():
    scenes = make_scenes(11, 12, WorldOptions(size=64))
    assert bool(torch.isfinite(scenes.optical).all())
    assert bool(torch.isfinite(scenes.sar).all())
    seen = scenes.optical[scenes.present[:, None].expand(-1, 2, -1)]
    assert float(seen.quantile(0.001) if seen.numel() < 1e6 else seen.flatten()[::97].quantile(0.001)) > -0.05
    assert float(seen.max()) < 2.5
    assert -36 < float(scenes.sar.mean()) < -5
    assert float(scenes.optical[~scenes.present[:, None].expand(-1, 2, -1)].abs().max()) == 0


def test_all_classes_occur_and_burned_ground_has_no_class():
    scenes = make_scenes(3, 48, WorldOptions(size=64))
    assert set(scenes.labels.unique().tolist()) <= {*range(len(CLASSES)), UNLABELLED}
    assert set(range(len(CLASSES))) <= set(scenes.labels.unique().tolist())
    assert torch.equal(scenes.burned, scenes.labels[:, 1] == UNLABELLED)
    assert bool(scenes.burned.any())


def test_something_happens_in_most_scenes_and_fields_keep_their_class():
    scenes = make_scenes(4, 40, WorldOptions(size=64))
    changed = (scenes.labels[:, 0] != scenes.labels[:, 1]).flatten(1).float().mean(1)
    assert 0.4 < float((changed > 0).float().mean()) < 0.95
    assert float(changed.mean()) < 0.35


def test_the_worlds_stay_hard_for_plain_rules():
    scenes = make_scenes(977, 48, TEN)
    green, red, nir, swir = (scenes.optical[:, :, i] for i in (1, 2, 6, 8))
    assert iou(ratio(green, nir) > 0, scenes.labels == CLASSES.index("water")) <= 0.70
    assert iou(ratio(swir, nir) > 0, scenes.labels == CLASSES.index("developed")) <= 0.25
    assert red.shape == nir.shape


def test_a_composed_scene_has_touching_and_separate_pairs():
    scenes = make_scenes(8, 60, WorldOptions(size=64, composed_frac=1.0))
    touching = []
    for labels in scenes.labels[:, 0]:
        kinds = labels.unique().tolist()
        for a in kinds:
            for b in kinds:
                if a < b:
                    grown = torch.nn.functional.max_pool2d((labels == a)[None, None].float(), 3, 1, 1)[0, 0] > 0
                    touching.append(bool((grown & (labels == b)).any()))
    assert 0.3 < sum(touching) / len(touching) < 0.97


def test_towns_have_buildings_that_come_and_go_and_are_built_up_land():
    towns = make_towns(2, 24, size=64)
    building, road = towns.marks[:, :, 0], towns.marks[:, :, 1]
    assert bool((towns.labels[building] == CLASSES.index("developed")).all())
    assert not bool((building & road).any())
    lost, gained = building[:, 0] & ~building[:, 1], building[:, 1] & ~building[:, 0]
    assert bool(lost.any())
    assert bool(gained.any())
    assert not bool(towns.has_sar.any())
    display = towns.optical[towns.quantity == 2]
    assert float(display.min()) >= 0
    assert float(display.max()) <= 1


def test_narrow_bands_at_the_nodes_see_the_tables_values():
    seen = band_reflectance(torch.tensor([float(n) for n in NODES_NM[:-1]]), torch.full((len(NODES_NM) - 1,), 0.1))
    table = torch.tensor([m.reflectance[:-1] for m in MATERIALS]).T
    torch.testing.assert_close(seen, table, atol=2e-4, rtol=0)
    assert all(materials_of(c) for c in CLASSES)


def test_fractal_fields_have_mean_zero_and_variance_one_and_smoothness_as_asked():
    draws = Draws(0)
    rough = draws.fractal(6, size=64, roughness=(1.0, 1.0))
    smooth = draws.fractal(6, size=64, roughness=(4.0, 4.0))
    for field in (rough, smooth):
        torch.testing.assert_close(field.mean((1, 2)), torch.zeros(6), atol=1e-4, rtol=0)
        torch.testing.assert_close(field.std((1, 2)), torch.ones(6), atol=1e-3, rtol=0)
    step = [float((f[:, 1:] - f[:, :-1]).pow(2).mean()) for f in (rough, smooth)]
    assert step[0] > 10 * step[1]
