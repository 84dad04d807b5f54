from dataclasses import replace

import numpy as np
import pytest
import torch

from terrascope_sdk.evaluate.bench.given_masks import index_masks, label_masks, outcome_of_masks
from terrascope_sdk.evaluate.bench.modes import bench_modes, network_sessions
from terrascope_sdk.evaluate.bench.running import run_question
from terrascope_sdk.evaluate.bench.scenes import see
from terrascope_sdk.evaluate.bench.session_kinds import mirrored
from terrascope_sdk.model.chain_grammar import Find
from terrascope_sdk.model.session import CompactSession
from tests.evaluate.bench.hand_made import (
    PerfectSession,
    labels,
    perfect_sessions,
    question,
    random_network,
    scene,
)

FIRST = labels((0, 0, 32, 0, 32), (1, 44, 64, 44, 64))
SECOND = labels((0, 0, 32, 0, 32), (1, 44, 64, 44, 64), (5, 40, 60, 0, 20))

ASKED = {
    "coverage": question("coverage", ("water",), 0.25, intent="share", text="what share is water?"),
    "ranking": question(
        "ranking", ("tree", "water"), ("water", "tree"), intent="compare", text="is there more tree or water?",
        values=("tree", "water"), right=1,
    ),
    "boundary": question(
        "boundary", ("water", "tree"), False, intent="touch", text="do water and trees touch?", values=(True, False),
        right=1,
    ),
    "change": question(
        "change", ("developed",), 40_000.0, intent="change", text="how much did built-up land change?", dates=(0, 1)
    ),
    "location": question("location", ("water",), "north-west", intent="where", text="where is the water?"),
}  # fmt: skip


@pytest.fixture(scope="module")
def seen():
    return see(scene(FIRST, SECOND))


@pytest.fixture(scope="module")
def encoded():
    network = random_network()
    return network, see(scene(FIRST, SECOND), network)


@pytest.mark.parametrize("task", ASKED)
def test_a_perfect_network_is_right_in_everything(seen, task):
    asked = ASKED[task]
    made = run_question(seen, asked, perfect_sessions())
    assert made.problem == ""
    assert made.understood
    assert asked.choose(made.value) == asked.letter
    assert asked.within(made.value)
    assert made.masks_right
    assert set(made.overlaps) <= {1.0, None}
    assert made.agrees is True
    assert all(p.said == (p.shown or "absent") for p in made.places)


def test_an_answer_in_its_own_words_is_read_with_its_unit(seen):
    right = run_question(seen, ASKED["coverage"], perfect_sessions(direct=["2", "5", "%"]), direct=True)
    assert right.value == 0.25
    assert right.agrees is True
    assert right.understood
    off = run_question(seen, ASKED["coverage"], perfect_sessions(direct=["3", "1", "%"]), direct=True)
    assert off.value == 0.31
    assert off.agrees is False
    assert run_question(seen, ASKED["coverage"], perfect_sessions(direct=["3", "1", "ha"]), direct=True).value is None


def test_a_chain_that_measures_something_else_is_not_understood_and_wrong(seen):
    asked = ASKED["coverage"]

    def make(seen, asked, words):
        session = PerfectSession(seen, asked)
        session.script[session.script.index("share")] = "area"
        return session

    made = run_question(seen, asked, make)
    assert not made.understood
    assert made.value is None
    assert made.masks_right


def exchanging(word, other):
    """What makes sessions that say everything right but for one word."""

    def make(seen, asked, words):
        session = PerfectSession(seen, asked)
        session.script[session.script.index(word)] = other
        return session

    return make


def test_a_chain_about_something_else_is_ended_without_an_answer(seen):
    asked = ASKED["coverage"]

    made = run_question(seen, asked, exchanging("{water}", "{tree}"))
    assert "does not name" in made.problem
    assert made.value is None
    assert made.overlaps == (0.0,)
    assert made.places == ()


def test_a_chain_that_breaks_off_after_its_mask_named_no_place(seen):
    asked = ASKED["coverage"]

    made = run_question(seen, asked, exchanging("seen", "yes"))
    assert "grammar" in made.problem
    assert [p.said for p in made.places] == [""]


def test_a_forged_result_is_noticed(seen, monkeypatch):
    from terrascope_sdk.engine.scribe import Scribe

    honest, calls = Scribe.__call__, []

    def forged(self, kind, numbers, masks):
        words = honest(self, kind, numbers, masks)
        if not calls:
            calls.append(kind)
            self.results[-1] = replace(self.results[-1], words=("9", "9", "%"))
            return "9", "9", "%"
        return words

    monkeypatch.setattr(Scribe, "__call__", forged)
    assert run_question(seen, ASKED["coverage"], perfect_sessions()).agrees is False


def test_masks_of_the_labels_answer_everything(seen):
    for asked in ASKED.values():
        made = outcome_of_masks(seen, asked, label_masks)
        assert asked.within(made.value), asked.id
    assert outcome_of_masks(seen, ASKED["change"], index_masks).value is None  # indices cannot tell built-up land


def evidence_of(mode, network, seen, pixels, find):
    kind = bench_modes[mode].session
    session = kind(network, seen.fields[:1], seen.observed[:1], question=["water", "?"])
    return session.evidence(pixels, find).embeddings


def test_altered_evidence_is_altered(encoded):
    network, seen = encoded
    pixels, find = FIRST == 0, Find("water", "", (1,), 1)
    own = evidence_of("measured", network, seen, pixels, find)
    assert torch.equal(evidence_of("zeroed", network, seen, pixels, find), torch.zeros_like(own))
    turned = evidence_of("mirrored", network, seen, pixels, find)
    assert torch.allclose(turned, evidence_of("measured", network, seen, mirrored(pixels), find))
    assert not torch.allclose(turned, own)
    for mode in ("wrong_mask", "random_mask"):
        other = evidence_of(mode, network, seen, pixels, find)
        assert other.shape != own.shape or not torch.allclose(other, own), mode
        assert torch.equal(other, evidence_of(mode, network, seen, pixels, find)), mode
    assert torch.allclose(evidence_of("true_masks", network, seen, pixels, find), own)


def test_a_random_region_is_as_large(encoded, monkeypatch):
    network, seen = encoded
    shown = []
    monkeypatch.setattr(CompactSession, "evidence", lambda self, pixels, find: shown.append(pixels))
    session = bench_modes["random_mask"].session(network, seen.fields[:1], seen.observed[:1], question=["?"])
    session.evidence(FIRST == 0, Find("water", "", (1,), 1))
    assert shown[0].sum() == (FIRST == 0).sum()


def test_nothing_is_fed_when_injection_is_off(encoded):
    network, seen = encoded
    session = bench_modes["injection_off"].session(network, seen.fields[:1], seen.observed[:1], question=["water"])
    session.begin()
    before = session.feed(["find"])
    evidence = session.evidence(FIRST == 0, Find("water", "", (1,), 1))
    assert session.feed_evidence(evidence) is before
    plain = CompactSession(network, seen.fields[:1], seen.observed[:1], question=["water"])
    plain.begin()
    plain.feed(["find"])
    assert torch.allclose(session.feed(["as"]).scores, plain.feed(["as"]).scores, atol=1e-5)


def test_true_masks_take_the_place_of_the_networks_own(encoded):
    network, seen = encoded
    make = network_sessions(network, bench_modes["true_masks"])
    session = make(seen, ASKED["coverage"], ["water"])
    drawn = session.draw(torch.zeros(network.config.lm_width), Find("water", "", (1,), 1))
    assert np.array_equal(drawn.pixels, FIRST == 0)


def test_every_mode_runs_with_a_random_network(encoded):
    network, seen = encoded
    for name, mode in bench_modes.items():
        make = network_sessions(network, mode)
        made = run_question(seen, ASKED["coverage"], make, wording=mode.wording, direct=mode.direct)
        assert made.value is None or made.understood is not None, name
        assert made.seconds > 0
