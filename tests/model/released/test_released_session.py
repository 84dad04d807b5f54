"""Chains of a tiny random network of the released layout: cache, injection, masks, limits."""

import pytest
import torch
from transformers import DynamicCache

from terrascope_sdk.errors import InputError
from terrascope_sdk.model.released.chain import ReleasedChain, released_events
from terrascope_sdk.model.released.options import ReleasedOptions
from terrascope_sdk.model.released.session import ReleasedSession
from tests.model.released.released_tiny import random_image, tiny_released, told_session

END = "<|im_end|>"
NETWORK = tiny_released()


def run(session):
    chain = ReleasedChain()
    with torch.inference_mode():
        for _ in released_events(session, chain):
            pass
    return chain


@pytest.mark.parametrize(
    ("images", "words"),
    [
        (1, [END]),
        (1, ["a", "[SEG]", "b", END]),
        (1, ["[SEG]", END]),
        (2, ["a", "[SEG]", "b", "[SEG]", "c", "[SEG]", END]),
        (0, ["a", "b", END]),
    ],
)
def test_stepwise_decoding_equals_one_pass_over_the_same_tokens(images, words):
    session = told_session(NETWORK, [random_image(200, 150, seed=i) for i in range(images)], words)
    chain = run(session)
    assert len(chain.masks) == words.count("[SEG]")
    assert chain.stopped == "ended"
    with torch.inference_mode():
        whole = NETWORK.read(torch.cat(session.read_so_far), DynamicCache(config=NETWORK.language.config))
        cache = DynamicCache(config=NETWORK.language.config)
        stepped = [NETWORK.read(embeddings, cache) for embeddings in session.read_so_far]
        logits = [NETWORK.head(states) for states in (whole, torch.cat(stepped))]
    torch.testing.assert_close(*logits, atol=1e-4, rtol=1e-4)


def test_what_is_fed_back_is_a_copy_of_the_tokens_it_claims():
    session = told_session(NETWORK, [random_image(500, 300), random_image(200, 200, seed=1)], ["[SEG]", "[SEG]", END])
    chain = run(session)
    every = torch.cat(session.seen.tokens)
    for mask, which in zip(chain.masks, (0, 1), strict=True):
        positions = mask.drawn.evidence.positions
        assert all(which * 256 <= p < (which + 1) * 256 for p in positions)
        torch.testing.assert_close(mask.drawn.evidence.embeddings, every[list(positions)])
        cells = session.evidence(mask.drawn.pixels, which).positions
        assert cells == positions
    region = session.tokenizer.convert_tokens_to_ids("<REGION>")
    assert chain.ids.count(region) == sum(len(m.drawn.evidence.positions) for m in chain.masks)


def test_every_mask_has_the_size_of_the_first_picture():
    session = told_session(NETWORK, [random_image(90, 60), random_image(50, 70, seed=1)], ["[SEG]", "[SEG]", END])
    assert [m.drawn.pixels.shape for m in run(session).masks] == [(60, 90), (60, 90)]


def test_an_empty_mask_may_feed_back_nothing():
    session = told_session(NETWORK, [random_image(60, 60)], ["[SEG]", END], ReleasedOptions(when_empty="none"))
    session.begin()
    before = session.feed(["[SEG]"])
    nothing = session.evidence(torch.zeros(60, 60, dtype=torch.bool).numpy(), 0)
    assert nothing.positions == ()
    assert session.feed_evidence(nothing) is before


def test_masks_of_one_picture_cost_one_encoding(monkeypatch):
    calls = []
    encoder = NETWORK.segmenter.vision_encoder
    real = encoder.forward
    monkeypatch.setattr(encoder, "forward", lambda v: calls.append(len(v)) or real(v))
    run(told_session(NETWORK, [random_image(60, 60)], ["[SEG]", "[SEG]", "[SEG]", END]))
    run(told_session(NETWORK, [random_image(60, 60)], ["a", END]))
    assert calls == [1]


def test_a_chain_that_does_not_end_stops_at_its_length():
    session = told_session(NETWORK, [], ["a"] * 50, ReleasedOptions(max_tokens=7))
    chain = run(session)
    assert chain.stopped == "length"
    assert len(chain.ids) == 7


def test_a_chain_stops_after_its_last_mask_without_the_next_word():
    session = told_session(NETWORK, [random_image(60, 60)], ["[SEG]", "x", END], ReleasedOptions(max_masks=1))
    chain = run(session)
    assert chain.stopped == "masks"
    assert "x" not in chain.text(session.tokenizer)


@pytest.mark.parametrize("fusion", ["paired", "selected"])
def test_a_pair_of_sensors_is_fused_place_by_place(fusion):
    session = told_session(
        NETWORK, [random_image(80, 80), random_image(80, 80, seed=1)], ["[SEG]", END], ReleasedOptions(fusion=fusion)
    )
    positions = run(session).masks[0].drawn.evidence.positions
    cells = {p % 256 for p in positions}
    if fusion == "paired":
        assert [p + 256 for p in positions[::2]] == list(positions[1::2])
    else:
        assert len(cells) == len(positions)


def test_a_prompt_with_too_few_places_is_refused():
    session = told_session(NETWORK, [random_image(60, 60)], [END])
    with pytest.raises(InputError, match="0 places for 256"):
        ReleasedSession(session.seen, session.tokenizer, session.tokenizer.encode("no image at all"))


@pytest.mark.parametrize(("width", "height"), [(1, 1), (3, 700), (4000, 20)])
def test_odd_sizes_make_masks_of_their_own_size(width, height):
    chain = run(told_session(NETWORK, [random_image(width, height)], ["[SEG]", END]))
    assert chain.masks[0].drawn.pixels.shape == (height, width)
