import numpy as np
import pytest
import torch

from terrascope_sdk.model.encoder import REACH_PX, Encoder
from terrascope_sdk.model.fields import encode_fields
from terrascope_sdk.model.grounding import class_margins, mask_logits
from terrascope_sdk.model.views import Views
from tests.model.tiny import TINY, random_views, tiny_network


def changed(views: Views, **fields) -> Views:
    return Views(**(vars(views) | fields))


def outputs(encoder: Encoder, views: Views):
    with torch.inference_mode():
        made = encoder(views)
    return made.pixels, made.halves, made.coarse


def test_tiled_equals_whole():
    network = tiny_network()
    views = random_views(2, height=328, width=264)
    whole = encode_fields(network.encoder, network.grounder, views, tile_px=1024)
    tiled = encode_fields(network.encoder, network.grounder, views, tile_px=64)
    for a, b in zip(whole, tiled, strict=True):
        for name in ("free", "margins", "halves", "coarse", "optical_weight"):
            torch.testing.assert_close(getattr(a, name), getattr(b, name), atol=1e-4, rtol=1e-4)


def test_a_pixel_farther_than_the_reach_changes_nothing():
    encoder = tiny_network().encoder
    views = random_views(1, height=256, width=256)
    other = views.optical.clone()
    other[..., 8, 8] = 0.9
    sar = views.sar.clone()
    sar[..., 8, 8] = 5.0
    before, after = outputs(encoder, views), outputs(encoder, changed(views, optical=other, sar=sar))
    moved = (before[0] != after[0]).any(1)[0]
    rows, columns = torch.nonzero(moved, as_tuple=True)
    assert len(rows) > 0
    assert max(int(rows.max()), int(columns.max())) - 8 <= REACH_PX


def test_batch_equals_single():
    network = tiny_network()
    views = random_views(3, height=40, width=48)
    together = encode_fields(network.encoder, network.grounder, views)
    for i, whole in enumerate(together):
        alone = encode_fields(network.encoder, network.grounder, views.select(slice(i, i + 1)))[0]
        torch.testing.assert_close(whole.margins, alone.margins, atol=1e-4, rtol=1e-4)


def test_absent_bands_do_not_count():
    encoder = tiny_network().encoder
    views = random_views(1)
    other = views.optical.clone()
    other[:, 4:] = 0.77  # bands that are not present
    for a, b in zip(outputs(encoder, views), outputs(encoder, changed(views, optical=other)), strict=True):
        torch.testing.assert_close(a, b, atol=1e-6, rtol=1e-5)


def test_the_order_of_bands_does_not_matter():
    encoder = tiny_network().encoder
    views = random_views(1)
    turn = [2, 0, 3, 1, *range(4, 11)]
    turned = changed(
        views, optical=views.optical[:, turn], centres_nm=views.centres_nm[:, turn],
        widths_nm=views.widths_nm[:, turn], present=views.present[:, turn],
    )  # fmt: skip
    for a, b in zip(outputs(encoder, views), outputs(encoder, turned), strict=True):
        torch.testing.assert_close(a, b, atol=1e-5, rtol=1e-4)


@pytest.mark.parametrize("hidden", ["optical", "sar"])
def test_a_missing_sensor_is_not_imputed(hidden):
    encoder = tiny_network().encoder
    views = random_views(1)
    none = torch.zeros_like(views.optical_valid)
    without = changed(views, **{f"{hidden}_valid": none})
    values = views.optical if hidden == "optical" else views.sar
    rubbish = changed(without, **{hidden: values * 0 + 0.3})
    for a, b in zip(outputs(encoder, without), outputs(encoder, rubbish), strict=True):
        torch.testing.assert_close(a, b, atol=1e-6, rtol=1e-5)
    with torch.inference_mode():
        weight = encoder(without).optical_weight
    assert torch.equal(weight, torch.full_like(weight, 0.0 if hidden == "optical" else 1.0))


def test_margins_are_positive_exactly_for_the_likeliest_class():
    scores = torch.randn(2, 9, 16, 16, generator=torch.Generator().manual_seed(3))
    margins = class_margins(scores)
    assert torch.equal((margins[:, :9] > 0).sum(1), torch.ones(2, 16, 16, dtype=torch.int64))
    assert torch.equal(margins[:, :9].argmax(1), scores.argmax(1))
    green = scores.softmax(1)[:, 1:5].sum(1)
    torch.testing.assert_close(margins[:, 9], torch.logit(green).clamp(-12, 12), atol=1e-3, rtol=1e-3)


def test_mask_logits_are_dot_products():
    features = torch.randn(2, 5, 4, 6, generator=torch.Generator().manual_seed(0))
    queries = torch.randn(3, 5, generator=torch.Generator().manual_seed(1))
    by_hand = torch.einsum("nfyx,qf->nqyx", features, queries)
    torch.testing.assert_close(mask_logits(features, queries), by_hand)
    torch.testing.assert_close(mask_logits(features, queries.expand(2, 3, 5)), by_hand)


def test_one_pixel_and_odd_sizes_are_encoded():
    network = tiny_network()
    for height, width in ((1, 1), (7, 9), (33, 130)):
        made = encode_fields(network.encoder, network.grounder, random_views(1, height=height, width=width))[0]
        assert made.margins.shape[0] == 10
        assert made.margins.shape[1] >= height
        assert bool(torch.isfinite(made.margins).all())
    assert TINY.grid == 4
    assert np.isfinite(made.free.numpy()).all()
