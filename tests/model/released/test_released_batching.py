"""Several chains of the released network at once: each is what it would be by itself."""

import threading
import time

import pytest
import torch
from transformers import DynamicCache

from terrascope_sdk.model.released import batching
from terrascope_sdk.model.released.batching import ChainJob, run_batch
from terrascope_sdk.model.released.caches import copied, joined, of_rows
from terrascope_sdk.model.released.chain import ReleasedChain, released_events
from terrascope_sdk.model.released.options import ReleasedOptions
from terrascope_sdk.model.released.pictures import prepare_pictures
from terrascope_sdk.model.released.prompt import templated, user_text
from terrascope_sdk.model.released.session import ReleasedSession, SeenPictures
from tests.model.released.released_tiny import random_image, tiny_released, tokenizer

NETWORK, KIT = tiny_released(3), tokenizer()
SHORT = ReleasedOptions(max_tokens=24, max_masks=3)


def jobs_of(count):
    seen = [
        SeenPictures(NETWORK, prepare_pictures([random_image(90 + 40 * i, 80, seed=i)], tiled=True)) for i in (0, 1)
    ]
    questions = ["Where is water?", "How much forest is there in this picture?", "Snow?"]
    made = []
    for i in range(count):
        of = seen[i % 2]
        text = templated(user_text(questions[i % 3]), [len(t) for t in of.tokens])
        made.append(ChainJob(of, KIT.encode(text), SHORT))
    return made


def alone(job):
    chain = ReleasedChain()
    with torch.inference_mode():
        for _ in released_events(ReleasedSession(job.seen, KIT, job.ids, job.options), chain):
            pass
    return chain


@pytest.mark.parametrize("rows", [1, 2, 5])
def test_a_batch_gives_the_chains_that_single_runs_give(rows):
    jobs = jobs_of(5)
    together = run_batch(NETWORK, KIT, jobs, rows=rows)
    for job, chain in zip(jobs, together, strict=True):
        single = alone(job)
        assert chain.ids == single.ids
        assert chain.stopped == single.stopped == "length"
        assert [m.drawn.evidence.positions for m in chain.masks] == [m.drawn.evidence.positions for m in single.masks]


def test_an_error_in_one_chain_reaches_the_caller(monkeypatch):
    def burst(self, hidden, find):
        raise ValueError("no mask today")

    monkeypatch.setattr(ReleasedSession, "draw", burst)
    monkeypatch.setattr(ReleasedSession, "word", lambda self, i: "[SEG]")
    with pytest.raises((ValueError, RuntimeError), match=r"no mask today|Another chain"):
        run_batch(NETWORK, KIT, jobs_of(3), rows=3)


def test_a_failure_of_the_batch_itself_ends_its_chains(monkeypatch):
    def burst(*args, **changes):
        raise torch.OutOfMemoryError("too much")

    jobs = jobs_of(3)
    before = threading.active_count()
    monkeypatch.setattr(batching._Batch, "_step", burst)
    with pytest.raises(torch.OutOfMemoryError, match="too much"):
        run_batch(NETWORK, KIT, jobs, rows=3)
    for _ in range(100):
        if threading.active_count() == before:
            break
        time.sleep(0.05)
    assert threading.active_count() == before


def test_no_jobs_are_no_chains():
    assert run_batch(NETWORK, KIT, []) == []


def test_one_pass_serves_a_token_of_every_chain(monkeypatch):
    sizes = []
    real = NETWORK.language.forward

    def counted(*args, **changes):
        sizes.append(tuple(changes["inputs_embeds"].shape[:2]))
        return real(*args, **changes)

    monkeypatch.setattr(NETWORK.language, "forward", counted)
    run_batch(NETWORK, KIT, jobs_of(4), rows=4)
    assert max(rows for rows, count in sizes if count == 1) == 4


def random_cache(length, rows=1):
    cache = DynamicCache(config=NETWORK.language.config)
    for i in range(2):
        cache.update(torch.randn(rows, 2, length, 8), torch.randn(rows, 2, length, 8), i)
    return cache, torch.ones(rows, length, dtype=torch.bool)


def test_joined_caches_are_padded_on_the_left_and_taken_apart_again():
    torch.manual_seed(0)
    config = NETWORK.language.config
    (one, seen_one), (two, seen_two) = random_cache(3), random_cache(5)
    both, seen = joined([one, two], [seen_one, seen_two], config)
    assert seen.tolist() == [[False, False, True, True, True], [True] * 5]
    torch.testing.assert_close(both.layers[1].keys[0, :, 2:], one.layers[1].keys[0])
    first, kept = of_rows(both, seen, torch.tensor([0]), config)
    assert kept.tolist() == [[True] * 3]
    torch.testing.assert_close(first.layers[0].values, one.layers[0].values)


def test_a_copied_cache_grows_by_itself():
    cache, _ = random_cache(3)
    other = copied(cache, NETWORK.language.config)
    other.update(torch.zeros(1, 2, 1, 8), torch.zeros(1, 2, 1, 8), 0)
    assert (other.layers[0].keys.shape[2], cache.layers[0].keys.shape[2]) == (4, 3)


def test_questions_about_a_picture_share_its_prefix(monkeypatch):
    read = []
    real = NETWORK.read
    monkeypatch.setattr(NETWORK, "read", lambda e, c: read.append(len(e)) or real(e, c))
    first, _, second = jobs_of(3)
    assert first.seen is second.seen
    states = [ReleasedSession(j.seen, KIT, j.ids).begin().hidden for j in (first, second)]
    long = [n for n in read if n > 256]
    assert len(long) == 1
    monkeypatch.undo()
    for job, state in zip((first, second), states, strict=True):
        with torch.inference_mode():
            session = ReleasedSession(job.seen, KIT, job.ids)
            whole = NETWORK.read(session.prompt_embeddings(), DynamicCache(config=NETWORK.language.config))
        torch.testing.assert_close(state, whole[-1], atol=1e-4, rtol=1e-4)
