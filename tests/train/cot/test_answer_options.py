"""Options must not give the answer away."""

import re

import numpy as np
import pytest

from terrascope_sdk.train.cot.terra_cot import TerraCotOptions, stream_samples
from tests.train.cot.label_scenes import rough_scene

CLOSED = re.compile(r"^([A-D])\. (-?[\d,.]+)(?:%| m2| m)?$", re.MULTILINE)


@pytest.fixture(scope="module")
def questions():
    """(numbers in the order of the letters, position of the right one) of questions for numbers."""
    found = []
    options = TerraCotOptions(n=1, seed=5, pool_visits=150, tiers=("l1", "l2"))
    for visit, samples in stream_samples(lambda rng: rough_scene(rng, size=64), options):
        for sample in samples:
            listed = CLOSED.findall(sample["conversations"][0]["value"])
            if len(listed) == 4:
                numbers = [float(text.replace(",", "")) for _, text in listed]
                letter = sample["conversations"][1]["value"][-len("X</answer>")]
                found.append((numbers, "ABCD".index(letter)))
        if visit >= 420:
            return found
    return found


def test_the_right_option_has_no_place(questions):
    assert len(questions) > 200
    letters = np.bincount([right for _, right in questions], minlength=4) / len(questions)
    assert letters == pytest.approx(0.25, abs=0.09)


def test_the_right_option_has_no_rank(questions):
    """Who always takes the smallest, a middle or the largest number does as badly as who guesses."""
    ranks = [sorted(numbers).index(numbers[right]) for numbers, right in questions]
    assert np.bincount(ranks, minlength=4) / len(questions) == pytest.approx(0.25, abs=0.09)


def test_the_right_option_is_not_the_one_the_others_are_multiples_of(questions):
    """In the published benchmark, options are the answer times 0.7, 1.2, 1.4: who divides finds it."""
    formulaic = 0
    for numbers, _ in questions:
        ratios = sorted(round(n / m, 3) for m in numbers if m for n in numbers if n != m)
        formulaic += {0.7, 1.2, 1.4} <= set(ratios) or {0.1, 0.5, 2.0} <= set(ratios)
    assert formulaic / len(questions) < 0.02


def test_numbers_are_open_questions_where_no_other_answers_are_known():
    options = TerraCotOptions(n=1, pool_visits=0, tiers=("l1",))
    for visit, samples in stream_samples(lambda rng: rough_scene(rng, size=48), options):
        for sample in samples:
            assert not CLOSED.findall(sample["conversations"][0]["value"])
        if visit > 30:
            break
