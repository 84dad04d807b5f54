from pathlib import Path

import pytest

from terrascope_sdk.plan.rules import CannotPlan, NeedsInput, Planned
from terrascope_sdk.types.concepts import vocabulary
from tests.plan.reading_of import read, reading_of, table


def _rows():
    lines = (Path(__file__).parent / "adversarial.tsv").read_text(encoding="utf-8").splitlines()
    return [tuple(line.split("\t", 1)) for line in lines if line and not line.startswith("#")]


ROWS = _rows()


@pytest.mark.parametrize(("want", "question"), ROWS)
def test_what_is_not_understood_is_never_answered(want, question):
    outcome = read(question)
    assert not isinstance(outcome, Planned), str(outcome.plan)
    assert isinstance(outcome, NeedsInput) == (want == "ask"), outcome
    assert len(outcome.reason) > 10
    assert outcome.reason[-1] in ".?"


def test_there_are_many_of_them():
    assert len(ROWS) >= 60


@pytest.mark.parametrize("question", ["", "   ", "\n\t", "?", "...", "12", "\u202e", "\x00"])
def test_no_question_is_asked_for(question):
    assert isinstance(read(question), NeedsInput)


@pytest.mark.parametrize(
    ("question", "hint"),
    [
        ("How many hectares of rice are there?", "cropland"),
        ("How big is the swamp?", "herbaceous wetland"),
        ("How many hectares of lithium?", "water, tree"),
    ],
)
def test_the_question_back_names_what_is_near(question, hint):
    outcome = read(question)
    assert isinstance(outcome, NeedsInput)
    assert hint in outcome.question_back


def test_a_slip_of_one_letter_is_forgiven_and_said():
    plan = read("What is the forrest area?").plan
    assert any("'forrest'" in a for a in plan.assumptions)


def test_single_trees_are_refused_and_patches_offered():
    outcome = read("How many trees are there?")
    assert isinstance(outcome, CannotPlan)
    assert "patches of tree cover" in outcome.reason


def test_the_unknown_word_is_named_and_shown_safely():
    assert "'lithium'" in read("How many hectares of lithium?").reason
    long = read("How many hectares of " + "x" * 1500 + "?")
    assert len(long.question_back) < 300
    assert "\x1b" not in read("What share is \x1b[31mwater?").question_back


def test_a_known_word_of_something_else_gets_its_own_reason():
    outcome = read("What is the NDVI of the forest?")
    assert isinstance(outcome, CannotPlan)
    assert "NDVI" in outcome.reason
    assert "indices" in outcome.reason


@pytest.mark.parametrize(("_kind", "question", "expected"), table("phrasings.tsv")[::3])
@pytest.mark.parametrize("word", ["lithium", "zzz", "ownership", "<b>", "17"])
def test_one_word_too_many_spoils_any_question(_kind, question, expected, word):
    head, _, rest = question.partition(" ")
    assert reading_of(f"{head} {word} {rest}")[0] in {"ASK", "NO"}


@pytest.mark.parametrize("key", [k for k, c in vocabulary.items() if c.dates == 1 and k != "cloud"])
def test_every_concept_can_be_asked_for_by_its_key(key):
    assert reading_of(f"What share of the scene is {key}?") == (f"share({key})", "")


def test_a_class_is_never_set_against_itself():
    outcome = read("Which is larger, the river or the lake?")
    assert isinstance(outcome, NeedsInput)
    assert "'river'" in outcome.question_back
    assert "'lake'" in outcome.question_back
