import json

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from terrascope_sdk.errors import InputError, ParseError, WeightsNotFound
from terrascope_sdk.model.bands import bands_for, usable
from terrascope_sdk.model.chain_grammar import Find
from terrascope_sdk.model.checkpoint import load_compact, save_compact, weights_sha256
from terrascope_sdk.model.config import CompactConfig
from terrascope_sdk.model.language import Cache
from terrascope_sdk.model.mask_rule import decide
from terrascope_sdk.model.regions import pool_mask, thin_evenly
from terrascope_sdk.model.result_words import number_words, place_of, read_number, result_words
from terrascope_sdk.model.session import CompactSession
from terrascope_sdk.model.tokens import MASKS, PLACES, Tokenizer
from tests.model.tiny import TINY, random_fields, tiny_network

# ----------------------------------------------------------------------------------------------------- bands


def test_bands_are_known_by_sensor_and_name():
    landsat = bands_for(("blue", "nir"), platform="landsat-5")
    sentinel = bands_for(("blue", "nir"), platform="sentinel-2b")
    assert [b.centre_nm for b in landsat] == [485, 830]
    assert [b.centre_nm for b in sentinel] == [490, 842]
    assert bands_for(("rededge071", "swir22"))[0].centre_nm == 705


def test_bands_that_show_no_land_cover_are_left_out_and_named_when_nothing_is_left():
    assert usable(("nir09", "red", "cirrus", "thermal")) == ("red",)
    with pytest.raises(InputError, match="thermal, red"):
        bands_for(("thermal", "red"))


# ---------------------------------------------------------------------------------------------------- tokens


def test_words_of_the_chain_and_of_questions_are_different_tokens():
    tokenizer = Tokenizer(["share", "find", "water"])
    chain, question = tokenizer.chain_ids(["share"]), tokenizer.question_ids(["share"])
    assert chain != question
    assert tokenizer.text(chain[0]) == tokenizer.text(question[0]) == "share"
    assert tokenizer.question_ids(["zebra"]) == [tokenizer.id("<unk>")]
    assert tokenizer.question_ids(["{water}"]) != tokenizer.question_ids(["water"])
    with pytest.raises(InputError, match="no token"):
        tokenizer.id("zebra")
    with pytest.raises(ParseError, match="wrote token"):
        tokenizer.text(len(tokenizer))


def test_every_token_has_one_number():
    tokenizer = Tokenizer(["a", "b", "?", "a"])
    assert len(set(tokenizer.tokens)) == len(tokenizer)


# --------------------------------------------------------------------------------------------- numbers as words


@given(st.floats(-1e9, 1e9).filter(lambda v: v == 0 or abs(v) > 1e-3))
def test_a_number_survives_its_words_to_three_digits(value):
    assert read_number(number_words(value)) == pytest.approx(value, rel=0.005, abs=1e-9)


@pytest.mark.parametrize(
    ("kind", "value", "said"),
    [
        ("share", 0.1234, "12.3%"),
        ("area", 5_502_000.0, "550ha"),
        ("area", 420.0, "420m2"),
        ("area", 123_400_000.0, "123km2"),
        ("change", -73_200.0, "-7.32ha"),
        ("distance", 1234.0, "1230m"),
        ("count", 7.0, "7"),
        ("touches", True, "yes"),
        ("where", "south", "south"),
        ("order", (2, 1), "<m2><m1>"),
        ("distance", "no", "no"),
    ],
)
def test_results_are_said_in_fitting_units(kind, value, said):
    assert "".join(result_words(kind, value)) == said


def test_words_that_are_no_number_are_a_typed_error():
    with pytest.raises(ParseError, match="no number"):
        read_number(["yes"])


def test_places_are_thirds_of_the_frame():
    assert [place_of((c + 0.5) / 3, (r + 0.5) / 3) for r in range(3) for c in range(3)] == list(PLACES)


# ------------------------------------------------------------------------------------------------- mask or not


def test_specks_are_dropped_and_an_unsure_class_is_absent():
    probability = np.full((32, 32), 0.1, np.float32)
    probability[4:12, 4:12] = 0.9
    probability[20, 20] = 0.99
    everywhere = np.ones((32, 32), bool)
    kept = decide(probability, everywhere)
    assert kept.sum() == 64
    assert not kept[20, 20]
    assert decide(np.where(probability > 0.5, 0.55, 0.1).astype(np.float32), everywhere).sum() == 0
    assert decide(probability, np.zeros((32, 32), bool)).sum() == 0


def test_in_a_tiny_image_one_pixel_may_be_a_mask():
    assert decide(np.array([[0.9]], np.float32), np.ones((1, 1), bool)).sum() == 1


# ---------------------------------------------------------------------------------------------------- evidence


def test_pooled_masks_have_the_true_cover_centre_and_mean():
    coarse = torch.arange(16.0).reshape(1, 1, 4, 4)
    mask = torch.zeros(1, 32, 32)
    mask[:, :8, 24:] = 1  # the north-eastern sixteenth: one cell of stride 8
    pooled = pool_mask(coarse, mask, 4)
    assert float(pooled.cover[0, 3]) == 1
    assert float(pooled.cover[0, -1]) == pytest.approx(1 / 16)
    assert pooled.features[0, 3].item() == pooled.features[0, -1].item() == 3
    assert pooled.places[0, -1].tolist() == pytest.approx([0.75, -0.75])


def test_an_empty_mask_is_one_token_and_a_thin_one_keeps_its_best_cell():
    network = tiny_network()
    coarse = torch.randn(16, 8, 8)
    assert network.regions.evidence(coarse, torch.zeros(64, 64)).positions == ()
    speck = torch.zeros(64, 64)
    speck[40, 9] = 1
    evidence = network.regions.evidence(coarse, speck)
    assert evidence.positions == (8,)
    assert len(evidence.embeddings) == 2


def test_a_full_mask_is_thinned_evenly():
    network = tiny_network()
    evidence = network.regions.evidence(torch.randn(16, 8, 8), torch.ones(64, 64))
    assert len(evidence.positions) == TINY.max_region_tokens
    assert evidence.positions == tuple(thin_evenly(16, TINY.max_region_tokens))


def test_evidence_differs_with_the_place_of_the_same_ground():
    network = tiny_network()
    coarse = torch.ones(16, 8, 8)
    west, east = torch.zeros(64, 64), torch.zeros(64, 64)
    west[:, :16], east[:, 48:] = 1, 1
    a, b = (network.regions.evidence(coarse, m).embeddings[-1] for m in (west, east))
    assert float((a - b).detach().norm()) > 0.1 * float(a.detach().norm())


# ---------------------------------------------------------------------------------------------- language model


def test_the_cache_gives_what_one_pass_gives():
    network = tiny_network()
    x = torch.randn(2, 13, TINY.lm_width)
    with torch.inference_mode():
        whole = network.language(x)
        cache = Cache()
        parts = [network.language(x[:, a:b], cache) for a, b in ((0, 5), (5, 6), (6, 11), (11, 13))]
    assert cache.length == 13
    torch.testing.assert_close(torch.cat(parts, 1), whole, atol=1e-5, rtol=1e-4)


def test_later_tokens_change_nothing_before_them():
    network = tiny_network()
    x = torch.randn(1, 9, TINY.lm_width)
    other = x.clone()
    other[:, 6:] = 0
    with torch.inference_mode():
        a, b = network.language(x), network.language(other)
    torch.testing.assert_close(a[:, :6], b[:, :6])
    assert not torch.allclose(a[:, 6:], b[:, 6:])


# ----------------------------------------------------------------------------------------------------- session


def test_a_session_draws_masks_of_one_date_and_of_two():
    network = tiny_network()
    fields, observed = random_fields(network, 2)
    observed[1] = observed[1].copy()
    observed[1][:20] = False
    session = CompactSession(network, fields, observed, question=["how", "much", "{water}"])
    hidden = session.begin().hidden
    for find in (Find("water", "", (2,), 1), Find("tree", "loss", (1, 2), 2)):
        drawn = session.draw(hidden, find)
        assert drawn.pixels.shape == drawn.probability.shape == (64, 64)
        assert not drawn.pixels[:20].any()
        assert 0 <= drawn.probability.min() <= drawn.probability.max() <= 1


def test_the_stored_query_of_a_class_draws_where_that_class_leads():
    network = tiny_network()
    fields, observed = random_fields(network)
    session = CompactSession(network, fields, observed, question=[])
    logits = session._logits(network.grounder.single_queries[0].detach(), (1,))
    assert torch.equal(logits > 0, fields[0].margins[0] > 0)


# -------------------------------------------------------------------------------------------------- checkpoint


def test_saved_and_loaded_weights_are_the_same_network(tmp_path):
    network = tiny_network()
    save_compact(network, tmp_path / "a")
    loaded = load_compact(tmp_path / "a")
    save_compact(loaded, tmp_path / "b")
    assert weights_sha256(tmp_path / "a") == weights_sha256(tmp_path / "b")
    assert loaded.tokenizer.tokens == network.tokenizer.tokens
    assert loaded.config == TINY
    for (name, a), b in zip(network.state_dict().items(), loaded.state_dict().values(), strict=True):
        torch.testing.assert_close(a, b, atol=2e-3, rtol=2e-3, msg=name)


def test_missing_and_misfit_files_are_typed_errors(tmp_path):
    with pytest.raises(WeightsNotFound, match=r"compact\.safetensors"):
        load_compact(tmp_path)
    save_compact(tiny_network(), tmp_path)
    (tmp_path / "config.json").write_text(json.dumps(CompactConfig().to_json()))
    with pytest.raises(InputError, match="do not fit"):
        load_compact(tmp_path)
    (tmp_path / "config.json").write_text(json.dumps({"widths": [1]}))
    with pytest.raises(InputError, match="configuration"):
        load_compact(tmp_path)
    (tmp_path / "config.json").write_text(json.dumps(TINY.to_json()))
    (tmp_path / "compact.safetensors").write_bytes(b"no weights")
    with pytest.raises(InputError, match="do not fit"):
        load_compact(tmp_path)


def test_mask_names_cover_the_longest_order():
    assert len(MASKS) >= 3


def test_places_and_cover_refer_to_the_frame_without_padding():
    coarse = torch.ones(1, 1, 7, 7)
    mask = torch.zeros(1, 56, 56)
    mask[:, :50, :50] = 1  # a frame of 50 pixels, padded to 56
    pooled = pool_mask(coarse, mask, 4, frame=(50, 50))
    assert pooled.places[0, -1].tolist() == pytest.approx([0, 0], abs=0.03)
    assert float(pooled.cover[0, -1]) == pytest.approx(1, abs=0.01)
