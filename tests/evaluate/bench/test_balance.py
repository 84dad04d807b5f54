from collections import Counter

import numpy as np
import pytest

from terrascope_sdk.evaluate.bench.balance import far_enough, select_groups
from terrascope_sdk.evaluate.bench.blind import middle_option, prior_answers
from terrascope_sdk.evaluate.bench.building import build_questions
from terrascope_sdk.evaluate.bench.question import Candidate
from terrascope_sdk.evaluate.bench.same_program import same_program
from terrascope_sdk.evaluate.bench.tasks import bench_tasks
from terrascope_sdk.model.tokens import PLACES
from terrascope_sdk.train.intents import Intent

SIZES = {"water": -3.0, "tree": -1.0, "grass": -1.5, "snow": -2.2}  # water is mostly little, trees are mostly much


def drawn_candidates(count=160):
    """Candidates with strong priors by concept, as the world has them."""
    rng = np.random.default_rng(1)
    made = []
    for i in range(count):
        for concept, middle in SIZES.items():
            share = float(np.clip(np.exp(rng.normal(middle, 0.8)), 0.05, 0.95))
            for task, intent, truth in (
                ("coverage", "share", share), ("area", "area", share * 4e5),
                ("count", "count", float(rng.integers(1, 20))), ("location", "where", PLACES[rng.integers(9)]),
                ("presence", "present", bool(rng.random() < 0.8)),
            ):  # fmt: skip
                made.append(Candidate(task, f"s{i}-{concept}", (0,), Intent(intent, (concept,)), truth, 4e5))
        pair = ("tree", "water") if rng.random() < 0.85 else ("water", "tree")
        made.append(Candidate("ranking", f"s{i}", (0,), Intent("compare", pair), pair, 4e5))
        yes = bool(rng.random() < 0.9)
        made.append(Candidate("boundary", f"s{i}", (0,), Intent("touch", pair), yes, 4e5))
        far = float(rng.lognormal(5, 0.5))
        made.append(Candidate("distance", f"s{i}", (0,), Intent("distance", pair), far, 4e5))
        change = float(rng.normal(2e4, 2e4))
        made.append(Candidate("change", f"s{i}", (0, 1), Intent("change", ("developed",)), change, 4e5))
    return made


@pytest.fixture(scope="module")
def questions():
    return build_questions(drawn_candidates(), 40, seed=3)


def of(questions, task):
    return [q for q in questions if q.asked.task == task]


TASKS = ("coverage", "area", "count", "location", "presence", "ranking", "boundary", "distance", "change")


@pytest.mark.parametrize("task", [t for t in TASKS if t not in {"ranking", "boundary"}])
def test_there_are_as_many_as_asked_for(questions, task):
    assert len(of(questions, task)) == 40


@pytest.mark.parametrize("task", TASKS)
def test_right_letters_are_balanced(questions, task):
    own = of(questions, task)
    letters = Counter(q.letter for q in own)
    assert len(own) >= 20
    assert set(letters.values()) == {len(own) // len(own[0].values)}
    assert all(q.choose(q.asked.truth) == q.letter for q in own)


@pytest.mark.parametrize("task", TASKS)
@pytest.mark.parametrize("how", ["by subject", "by task", "middle"])
def test_without_the_image_nobody_beats_chance(questions, task, how):
    own = of(questions, task)
    guesses = middle_option(own) if how == "middle" else prior_answers(own, by_subject=how == "by subject")
    right = sum(q.choose(o.value) == q.letter for q, o in zip(own, guesses, strict=True))
    assert right == len(own) / len(own[0].values)  # exactly: each option is right once in its group


def test_formulaic_distractors_would_be_found_out(questions):
    rigged = []
    for q in of(questions, "area"):
        truth = q.asked.truth
        rigged.append(type(q)(q.id, q.asked, q.wordings, (0.1 * truth, truth, 1.2 * truth, 1.3 * truth), 1, q.group))
    guesses = middle_option(rigged)
    assert sum(q.choose(o.value) == q.letter for q, o in zip(rigged, guesses, strict=True)) == len(rigged)


def test_distractors_are_true_answers_of_others_and_lie_apart(questions):
    for task in ("coverage", "area", "distance", "change"):
        truths = {c.truth for c in drawn_candidates() if c.task == task}
        for q in of(questions, task):
            assert set(q.values) <= truths
            others = [v for v in q.values if v != q.asked.truth]
            assert len(others) == 3
            assert all(far_enough(task, q.asked.truth, v) for v in others)


def test_gains_and_losses_do_not_stand_side_by_side(questions):
    for q in of(questions, "change"):
        assert len({v > 0 for v in q.values}) == 1


def test_both_wordings_mean_what_is_asked(questions):
    for q in questions[:: max(1, len(questions) // 60)]:
        for wording in q.wordings:
            assert same_program(q.program(wording), q.asked.program)


def test_the_same_seed_gives_the_same_questions():
    some = drawn_candidates(20)
    assert build_questions(some, 8, seed=3) == build_questions(some, 8, seed=3)
    assert build_questions(some, 8, seed=3) != build_questions(some, 8, seed=4)


def test_orders_of_three_come_with_their_reverse():
    rng = np.random.default_rng(0)
    orders = [tuple(rng.permutation(["water", "tree", "grass"]).tolist()) for _ in range(40)]
    made = [
        Candidate("ranking_three", f"s{i}", (0,), Intent("rank", order), order, 4e5) for i, order in enumerate(orders)
    ]
    groups = select_groups("ranking_three", made, 20, rng)
    assert groups
    assert all(a.truth == b.truth[::-1] for a, b in groups)
    assert bench_tasks["ranking_three"].options == 6
