"""A sample whose text was changed anywhere must be found out."""

import copy
import re

import numpy as np
import pytest

from terrascope_sdk.train.cot.answer_options import AnswerPool
from terrascope_sdk.train.cot.chain_rules import ChainRules
from terrascope_sdk.train.cot.chains import make_drafts, make_samples
from terrascope_sdk.train.cot.frame_places import DIRECTIONS, PLACES
from terrascope_sdk.train.cot.rle import decode_rle, encode_rle
from terrascope_sdk.train.cot.tasks import TASKS
from terrascope_sdk.train.cot.verify import verify_sample
from tests.train.cot.label_scenes import objects_scene, rough_scene, town


@pytest.fixture(scope="module")
def samples():
    """One or more samples of nearly every task, open and with options."""
    rng = np.random.default_rng(2)
    scenes = [rough_scene(rng) for _ in range(60)] + [town(rng)] * 8 + [objects_scene(rng) for _ in range(12)]
    pool = AnswerPool()
    for scene in scenes:
        for draft in make_drafts(scene, rng, rules=ChainRules()):
            pool.add(draft)
    found = {}
    for scene in scenes:
        for sample in make_samples(scene, rng, pool=pool):
            found.setdefault((sample["task"], "\nA. " in sample["conversations"][0]["value"]), sample)
    return list(found.values())


def with_text(sample, text, turn=1):
    changed = copy.deepcopy(sample)
    changed["conversations"][turn]["value"] = text
    return changed


def bumped(number):
    """The number with its last digit changed by two."""
    return number[:-1] + str((int(number[-1]) + 2) % 10)


def test_nearly_every_task_is_among_them(samples):
    assert {s["task"] for s in samples} >= set(TASKS) - {"riparian", "change_gain", "change_loss", "change_net"}
    assert all(verify_sample(s) == [] for s in samples)


def test_any_number_that_is_changed_is_found(samples):
    tried = 0
    for sample in samples:
        text = sample["conversations"][1]["value"]
        for match in re.finditer(r"\d+(?:,\d{3})*(?:\.\d+)?", text):
            changed = text[: match.start()] + bumped(match[0]) + text[match.end() :]
            assert verify_sample(with_text(sample, changed)), changed[max(0, match.start() - 60) : match.end() + 30]
            tried += 1
    assert tried > 300


def test_any_place_or_verdict_that_is_changed_is_found(samples):
    swaps = [("is not contained", "is contained"), ("does not lie", "lies"), ("is not fragmented", "is fragmented")]
    words = [(a, b) for group in (PLACES, DIRECTIONS) for a, b in zip(group, (*group[1:], group[0]), strict=True)]
    tried = 0
    for sample in samples:
        text = sample["conversations"][1]["value"]
        for old, new in [*swaps, *words, ("<answer>yes", "<answer>no"), ("<answer>no", "<answer>yes")]:
            for match in re.finditer(
                rf"(?<=in the ){old}(?= of the image)|(?<=lies in the ){old}(?=\.)|{old}(?=</answer>)", text
            ):
                changed = text[: match.start()] + new + text[match.end() :]
                assert verify_sample(with_text(sample, changed)), (old, new, text)
                tried += 1
            if (old, new) in swaps and old in text:
                assert verify_sample(with_text(sample, text.replace(old, new)))
                tried += 1
    assert tried > 10


def test_changed_options_answers_and_questions_are_found(samples):
    closed = [s for s in samples if "\nA. " in s["conversations"][0]["value"]]
    assert len(closed) > 8
    for sample in closed:
        text = sample["conversations"][1]["value"]
        letter = text[-len("X</answer>")]
        other = "B" if letter == "A" else "A"
        assert verify_sample(with_text(sample, text.replace(f"option {letter}", f"option {other}")))
        assert verify_sample(with_text(sample, text.replace(f">{letter}</answer>", f">{other}</answer>")))
        both = text.replace(f"option {letter}", f"option {other}").replace(f">{letter}</answer>", f">{other}</answer>")
        assert verify_sample(with_text(sample, both))
    for sample in samples:
        question = sample["conversations"][0]["value"]
        match = re.search(r"\d+(?:\.\d+)?(?= m\b| pixels)", question.split("\nA. ")[0])
        if match:
            changed = question[: match.start()] + bumped(match[0]) + question[match.end() :]
            assert verify_sample(with_text(sample, changed, turn=0)), question


def test_changed_masks_are_found(samples):
    for sample in samples:
        for i, masks in enumerate(sample["masks"]):
            pixels = decode_rle(masks[0])
            row, column = np.argwhere(pixels)[0] if pixels.any() else (0, 0)
            pixels[row, column] ^= True
            changed = copy.deepcopy(sample)
            changed["masks"][i] = [encode_rle(pixels), *masks[1:]]
            assert verify_sample(changed), (sample["task"], i)
        fewer = copy.deepcopy(sample)
        fewer["masks"], fewer["labels"] = fewer["masks"][:-1], fewer["labels"][:-1]
        assert verify_sample(fewer)


def test_what_is_no_sample_is_told_so(samples):
    sample = samples[0]
    assert "cannot be read" in verify_sample(with_text(sample, "Yes."))[0]
    assert "cannot be read" in verify_sample({"conversations": []})[0]
    broken = copy.deepcopy(sample)
    broken["masks"][0][0]["counts"] = "~"
    assert "cannot be read" in verify_sample(broken)[0]
    text = sample["conversations"][1]["value"].replace("<think>", "<think>It is 7 o'clock. ")
    assert "no known sentence" in verify_sample(with_text(sample, text))[0]
